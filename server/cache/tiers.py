"""Finished answers, in memory and on disk.

Both are bounded by bytes, and drop the answers that were read least recently. The cache fails open: after an
error, an answer is rendered again, and a wrong byte is never served.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from server.cache.disk import DiskStore, StoredFile
from server.cache.recording import Recording
from server.telemetry.logs import get_logger

log = get_logger("cache")


class MemoryStore:
    """Answers in memory.

    Parameters
    ----------
    capacity : int
        Bytes to hold at most.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._items: OrderedDict[str, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: str) -> bytes | None:
        """Return an answer, or None."""
        data = self._items.get(key)
        if data is not None:
            self._items.move_to_end(key)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Store an answer."""
        if len(data) > self._capacity:
            return
        self.size += len(data) - len(self._items.pop(key, b""))
        self._items[key] = data
        while self.size > self._capacity:
            _, oldest = self._items.popitem(last=False)
            self.size -= len(oldest)


class Cache:
    """Memory first, then disk. Large answers are on disk alone, and are sent from there.

    Parameters
    ----------
    memory : MemoryStore
        Holds small answers.
    disk : DiskStore, optional
        Holds all answers.
    large : int
        Size in bytes above which an answer is large.
    observe : callable
        Called with the result of each lookup: ``"memory"``, ``"disk"`` or ``"miss"``.
    fail : callable
        Called with what has failed on the disk: ``"read"`` or ``"write"``.
    """

    def __init__(
        self,
        memory: MemoryStore,
        disk: DiskStore | None,
        large: int,
        observe: Callable[[str], object],
        fail: Callable[[str], object],
    ) -> None:
        self._memory = memory
        self._disk = disk
        self._large = large
        self._observe = observe
        self._count = fail
        self._writes: set[asyncio.Task[object]] = set()

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return self._memory.size

    async def get(self, key: str) -> bytes | StoredFile | None:
        """Return an answer, or None."""
        data: bytes | StoredFile | None = self._memory.get(key)
        if data is not None:
            self._observe("memory")
            return data
        if self._disk is not None:
            data = await self._from_disk(self._disk, key)
        self._observe("miss" if data is None else "disk")
        return data

    def recording(self, key: str, *, store: bool = True) -> Recording:
        """Return a recording of an answer, which is stored once it is complete.

        Parameters
        ----------
        key : str
            Names the answer.
        store : bool
            Whether to store it.
        """
        draft = self._disk.draft(key) if self._disk is not None and store else None
        put = partial(self.put, key) if store else None
        return Recording(
            self._large, draft, put, self._written, lambda draft: self._spawn(asyncio.to_thread(draft.close))
        )

    def put(self, key: str, data: bytes) -> None:
        """Store an answer; the disk is written in the background."""
        self._memory.put(key, data)
        if self._disk is not None:
            self._spawn(self._written(self._disk.put, key, data))

    async def close(self) -> None:
        """Wait until all writes are done."""
        await asyncio.gather(*self._writes)

    async def _from_disk(self, disk: DiskStore, key: str) -> bytes | StoredFile | None:
        try:
            file = await asyncio.to_thread(disk.get, key)
            if file is None or len(file) > self._large:
                return file
            data = await asyncio.to_thread(file.__getitem__, slice(None))
        except OSError as error:
            self._fail("read", error)
            return None
        self._memory.put(key, data)
        return data

    def _spawn(self, write: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(write)
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)

    async def _written(self, write: Callable[..., None], *what: str | bytes) -> bool:
        try:
            await asyncio.to_thread(write, *what)
        except OSError as error:
            self._fail("write", error)
            return False
        return True

    def _fail(self, doing: str, error: OSError) -> None:
        self._count(doing)
        log.warning("disk cache failed", doing=doing, error=str(error))
