"""Finished answers, in memory and on disk.

Both are bounded by bytes, and drop the answers that were read least recently. The cache fails open: after an
error, an answer is rendered again, and a wrong byte is never served.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from server.cache.disk import DiskStore, Draft, StoredFile
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
        Called with the result of each lookup: ``"memory"``, ``"disk"``, ``"miss"`` or ``"error"``.
    """

    def __init__(
        self, memory: MemoryStore, disk: DiskStore | None, large: int, observe: Callable[[str], object]
    ) -> None:
        self._memory = memory
        self._disk = disk
        self._large = large
        self._observe = observe
        self._writes: set[asyncio.Task[bool]] = set()

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

    async def recorded(self, key: str, chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        """Yield the pieces of an answer as they come, and store the whole once it is complete."""
        held: list[bytes] = []
        size = 0
        async with aclosing(chunks):
            async for chunk in chunks:
                held.append(chunk)
                size += len(chunk)
                yield chunk
                if size > self._large:
                    break
            else:
                self.put(key, b"".join(held))
                return
            rest = chunks if self._disk is None else self._drafted(self._disk.draft(key), held, chunks)
            del held
            async with aclosing(rest):
                async for chunk in rest:
                    yield chunk

    def put(self, key: str, data: bytes) -> None:
        """Store an answer; the disk is written in the background."""
        self._memory.put(key, data)
        if self._disk is not None:
            task = asyncio.create_task(self._written(self._disk.put, key, data))
            self._writes.add(task)
            task.add_done_callback(self._writes.discard)

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

    async def _drafted(
        self, draft: Draft, start: list[bytes], rest: AsyncGenerator[bytes, None]
    ) -> AsyncGenerator[bytes, None]:
        """Yield the rest of a large answer, and write all of it to the disk as it comes."""
        good = await self._written(draft.write, b"".join(start))
        start.clear()
        try:
            async for chunk in rest:
                good = good and await self._written(draft.write, chunk)
                yield chunk
            if good:
                await self._written(draft.keep)
        finally:
            await asyncio.to_thread(draft.close)

    async def _written(self, write: Callable[..., None], *what: str | bytes) -> bool:
        try:
            await asyncio.to_thread(write, *what)
        except OSError as error:
            self._fail("write", error)
            return False
        return True

    def _fail(self, doing: str, error: OSError) -> None:
        self._observe("error")
        log.warning("disk cache failed", doing=doing, error=str(error))
