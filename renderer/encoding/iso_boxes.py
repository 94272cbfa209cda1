"""The boxes of AVIF and MP4 files.

Follows ISO/IEC 14496-12 (ISO base media file format), section 4.2.
"""

import struct
from collections.abc import Iterator

import numpy as np

Path = tuple[bytes, ...]
"""Kinds of boxes, each inside the one before."""

_LARGEST_OFFSET = 2**32 - 1
_CHUNK_OFFSETS: Path = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stco")


def contents(file: bytes | bytearray, path: Path, start: int = 0, end: int | None = None) -> Iterator[slice]:
    """Yield where the content of each box at *path* is, of the boxes from *start* to *end*."""
    end = len(file) if end is None else end
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
                yield from contents(file, path[1:], start + head, stop)
        start = stop


def index_first(data: bytes) -> bytes:
    """Move the index before the media, so that a player needs no second request.

    Offsets grow by the size of the index. (FFmpeg's option for it, *faststart*, opens the file by its name.)
    """
    (kind,) = contents(data, (b"ftyp",))
    (body,) = contents(data, (b"moov",))
    index = bytearray(data[body.start - 8 : body.stop])
    if len(data) + len(index) > _LARGEST_OFFSET:
        return data
    for box in contents(index, _CHUNK_OFFSETS):
        (count,) = struct.unpack_from(">I", index, box.start + 4)
        np.frombuffer(index, ">u4", count, box.start + 8)[:] += len(index)
    return data[: kind.stop] + index + data[kind.stop : body.start - 8] + data[body.stop :]
