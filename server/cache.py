"""Finished answers, in memory and on disk.

Both are bounded by bytes and drop what was not asked for the longest. The cache fails open: whatever is wrong with it,
an answer is rendered again, and a wrong byte is never served.
"""

import asyncio
import hashlib
import os
import tempfile
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import structlog

__all__ = ["Cache", "DiskStore", "MemoryStore"]

log = structlog.get_logger("figreel.cache")


class Observer(Protocol):
    """Counts what becomes of lookups."""

    def __call__(self, result: str) -> None: ...


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
        """Give an answer, or None."""
        data = self._items.get(key)
        if data is not None:
            self._items.move_to_end(key)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep an answer."""
        if len(data) > self._capacity:
            return
        self.size += len(data) - len(self._items.pop(key, b""))
        self._items[key] = data
        while self.size > self._capacity:
            _, oldest = self._items.popitem(last=False)
            self.size -= len(oldest)


class DiskStore:
    """Answers in a folder, one file each: a SHA-256 digest, then the bytes it is of.

    Files appear whole or not at all, and several servers can share a folder. The methods block.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    capacity : int
        Bytes to hold at most, beyond which the files that were not read the longest go.
    """

    _DIGEST = hashlib.sha256().digest_size

    def __init__(self, folder: Path, capacity: int) -> None:
        self._folder = folder
        self._capacity = capacity
        self._written = 0

    def get(self, key: str) -> bytes | None:
        """Give an answer, or None. A damaged file is removed.

        Raises
        ------
        OSError
            The file cannot be read.
        """
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        digest, data = content[: self._DIGEST], content[self._DIGEST :]
        if not data or hashlib.sha256(key.encode() + data).digest() != digest:
            path.unlink(missing_ok=True)
            return None
        os.utime(path)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Write an answer.

        Raises
        ------
        OSError
            It cannot be written.
        """
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(key.encode() + data).digest())
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._written += len(data)
        if self._written > self._capacity // 10:
            self._written = 0
            self.trim()

    def trim(self) -> None:
        """Remove the files that were not read the longest, until the rest fits."""
        files = []
        for path in self._folder.glob("??/*"):
            with suppress(FileNotFoundError):
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        excess = sum(size for _, size, _ in files) - self._capacity
        for _, size, path in sorted(files):
            if excess <= 0:
                break
            path.unlink(missing_ok=True)
            excess -= size

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


class Cache:
    """Memory first, then disk.

    Parameters
    ----------
    memory : MemoryStore
        Where every answer is kept.
    disk : DiskStore, optional
        Where it is kept as well.
    observe : callable
        Called with ``"memory"``, ``"disk"``, ``"miss"`` or ``"error"`` for each lookup that ended so.
    """

    def __init__(self, memory: MemoryStore, disk: DiskStore | None, observe: Observer) -> None:
        self._memory = memory
        self._disk = disk
        self._observe = observe
        self._writes: set[asyncio.Task[None]] = set()

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return self._memory.size

    async def get(self, key: str) -> bytes | None:
        """Give an answer, or None."""
        data = self._memory.get(key)
        if data is not None:
            self._observe("memory")
            return data
        if self._disk is not None:
            data = await self._from_disk(self._disk, key)
        self._observe("miss" if data is None else "disk")
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep an answer; the disk is written in the background."""
        self._memory.put(key, data)
        if self._disk is not None:
            task = asyncio.create_task(self._to_disk(self._disk, key, data))
            self._writes.add(task)
            task.add_done_callback(self._writes.discard)

    async def close(self) -> None:
        """Wait for the writes that are under way."""
        await asyncio.gather(*self._writes)

    async def _from_disk(self, disk: DiskStore, key: str) -> bytes | None:
        try:
            data = await asyncio.to_thread(disk.get, key)
        except OSError as error:
            self._fail("read", error)
            return None
        if data is not None:
            self._memory.put(key, data)
        return data

    async def _to_disk(self, disk: DiskStore, key: str, data: bytes) -> None:
        try:
            await asyncio.to_thread(disk.put, key, data)
        except OSError as error:
            self._fail("write", error)

    def _fail(self, doing: str, error: OSError) -> None:
        self._observe("error")
        log.warning("disk cache failed", doing=doing, error=str(error))
