"""The boxes that AVIF and MP4 files are made of.

Follows ISO/IEC 14496-12 (ISO base media file format), section 4.2.
"""

import struct
from collections.abc import Iterator

__all__ = ["Path", "contents"]

Path = tuple[bytes, ...]
"""Kinds of boxes, each in the one before."""


def contents(file: bytes | bytearray, path: Path) -> Iterator[slice]:
    """Yield where the content of each box at *path* is."""
    yield from _contents(file, path, 0, len(file))


def _contents(file: bytes | bytearray, path: Path, start: int, end: int) -> Iterator[slice]:
    while start < end:
        size, kind = struct.unpack_from(">I4s", file, start)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", file, start + 8)
            head = 16
        stop = start + size if size else end
        if kind == path[0]:
            if len(path) == 1:
                yield slice(start + head, stop)
            else:
                yield from _contents(file, path[1:], start + head, stop)
        start = stop
