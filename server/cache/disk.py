"""Finished answers in a folder. Everything here blocks."""

import hashlib
import os
import weakref
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import BinaryIO
from uuid import uuid4

_DIGEST = hashlib.sha256().digest_size
_PIECE = 1 << 20


class StoredFile:
    """An answer on disk: bytes, as far as their length and slices of them go.

    It can be read while this object lives, even after the file was removed from the folder.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    OSError
        It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        self._size = os.fstat(self._descriptor).st_size - _DIGEST

    def __len__(self) -> int:
        return max(self._size, 0)

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(len(self))
        data = os.pread(self._descriptor, stop - start, _DIGEST + start)
        if len(data) != stop - start:
            raise OSError("a stored answer was cut while it was read")
        return data

    def intact(self, key: str) -> bool:
        """Whether these are the bytes that were stored under a key."""
        digest = hashlib.sha256(key.encode())
        for start in range(0, len(self), _PIECE):
            digest.update(self[start : start + _PIECE])
        return len(self) > 0 and os.pread(self._descriptor, _DIGEST, 0) == digest.digest()


class Draft:
    """An unfinished file, which appears whole or not at all. Its methods may be called from any thread.

    Parameters
    ----------
    path : Path
        Where the file appears.
    key : str
        Names the answer.
    on_keep : callable
        Called with the size when the file has appeared.
    """

    def __init__(self, path: Path, key: str, on_keep: Callable[[int], None]) -> None:
        self._path = path
        self._digest = hashlib.sha256(key.encode())
        self._on_keep = on_keep
        self._file: BinaryIO | None = None
        self._name = Path()
        self._over = False
        self._lock = Lock()

    def write(self, data: bytes) -> None:
        """Add bytes, unless the draft is kept or closed.

        Raises
        ------
        OSError
            They cannot be written.
        """
        with self._lock:
            if self._over:
                return
            file = self._file or self._open()
            self._digest.update(data)
            file.write(data)
            file.flush()

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes that were written, until the draft is closed.

        Raises
        ------
        OSError
            They cannot be read.
        """
        with self._lock:
            if self._file is None or self._file.closed:
                raise OSError("the draft is closed")
            return os.pread(self._file.fileno(), stop - start, _DIGEST + start)

    def keep(self) -> None:
        """Let the file appear, unless the draft was closed.

        Raises
        ------
        OSError
            It cannot be written.
        """
        with self._lock:
            if self._over or self._file is None:
                return
            size = self._file.tell()
            self._file.seek(0)
            self._file.write(self._digest.digest())
            self._file.flush()
            self._name.replace(self._path)
            self._over = True
        self._on_keep(size)

    def close(self) -> None:
        """Remove the file, unless it has appeared."""
        with self._lock:
            if self._file is not None:
                with suppress(OSError):
                    self._file.close()
                if not self._over:
                    with suppress(OSError):
                        self._name.unlink()
            self._over = True

    def _open(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._name = self._path.with_name(f"{uuid4().hex}.part")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._file = os.fdopen(os.open(self._name, flags, 0o666), "wb")  # the umask says who else may read it
        self._file.write(bytes(_DIGEST))
        return self._file


class DiskStore:
    """Answers in a folder, one file each: the SHA-256 digest of the key and the bytes, then the bytes.

    Several servers can share a folder, those of other users and those that may only read it too: files and folders get
    the rights that the umask gives.

    Parameters
    ----------
    folder : Path
        Is created if it is missing.
    capacity : int
        Bytes to hold at most; beyond, the files that were read least recently are removed.
    """

    def __init__(self, folder: Path, capacity: int) -> None:
        self._folder = folder
        self._capacity = capacity
        self._written = 0

    def get(self, key: str) -> StoredFile | None:
        """Return an answer, or None. A damaged file is removed.

        Raises
        ------
        OSError
            The file cannot be read.
        """
        path = self._path(key)
        try:
            file = StoredFile(path)
        except FileNotFoundError:
            return None
        intact = file.intact(key)
        with suppress(OSError):  # the file may be another user's, or the folder one that is only read
            os.utime(path) if intact else path.unlink()
        return file if intact else None

    def draft(self, key: str) -> Draft:
        """Return a draft for an answer."""
        return Draft(self._path(key), key, self._count)

    def put(self, key: str, data: bytes) -> None:
        """Write an answer.

        Raises
        ------
        OSError
            It cannot be written.
        """
        with closing(self.draft(key)) as draft:
            draft.write(data)
            draft.keep()

    def trim(self) -> None:
        """Remove the files that were read least recently, until the rest fits."""
        files = []
        for path in self._folder.glob("??/*"):
            with suppress(FileNotFoundError):
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        excess = sum(size for _, size, _ in files) - self._capacity
        for _, size, path in sorted(files):
            if excess <= 0:
                break
            with suppress(OSError):
                path.unlink()
                excess -= size

    def _count(self, size: int) -> None:
        self._written += size
        if self._written > self._capacity // 10:
            self._written = 0
            self.trim()

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key
