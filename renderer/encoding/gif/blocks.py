"""The blocks of a GIF.

Follows "Graphics Interchange Format, Version 89a" (CompuServe, 1990), and the looping extension of Netscape
Navigator 2.0.
"""

import struct
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.encoding.difference import Box
from renderer.types import Size

TRANSPARENT = 0
"""Index of the pixels that a picture does not draw, if it has such pixels."""
TRAILER = b";"

_KEEP, _CLEAR = 1, 2  # disposal: when its time is over, a picture stays, or its box turns transparent
_EXTENSION, _COMMENT, _APPLICATION, _CONTROL = b"!", b"\xfe", b"\xff", b"\xf9"
_HAS_TABLE, _EIGHT_BITS = 0x80, 0x70

Table = NDArray[np.int32]
"""Red, green and blue of up to 256 colors, shape (n, 3)."""


class Picture(NamedTuple):
    """A picture to draw.

    Attributes
    ----------
    box : Box
        Where it is drawn.
    data : bytes
        Indices into the table, as `compressed` returns them.
    table : ndarray or None
        The picture's local table; None for the table of the file.
    transparency : bool
        Whether pixels of index `TRANSPARENT` are left as they are on the screen.
    """

    box: Box
    data: bytes
    table: Table | None
    transparency: bool

    @property
    def size(self) -> int:
        """Bytes of data and table. The other blocks of a picture always have the same size."""
        return len(self.data) + (0 if self.table is None else len(_table(self.table)))


def header(size: Size, table: Table) -> bytes:
    """Begin a file, with the table for the pictures that have no local table."""
    flags = _HAS_TABLE | _EIGHT_BITS | _table_bits(table) - 1
    return struct.pack("<6s2H3B", b"GIF89a", *size, flags, TRANSPARENT, 0) + _table(table)


def loop(plays: int) -> bytes:
    """Say how many times a file plays, 0 for forever.

    A file without the block plays once. A file with a number plays once, and then that many times again.
    """
    if plays == 1:
        return b""
    again = struct.pack("<BH", 1, max(0, plays - 1))
    return _EXTENSION + _APPLICATION + _sub_blocks(b"NETSCAPE2.0") + _sub_blocks(again) + b"\0"


def comment(texts: Mapping[str, str]) -> bytes:
    """Store texts in a file: ``key: value`` lines, in UTF-8."""
    data = "\n".join(f"{key}: {value}" for key, value in texts.items()).encode()
    if not data:
        return b""
    return _EXTENSION + _COMMENT + _sub_blocks(data) + b"\0"


def picture_blocks(picture: Picture, hundredths: int, *, clears: bool) -> bytes:
    """Draw a picture.

    Parameters
    ----------
    picture : Picture
        What to draw.
    hundredths : int
        Hundredths of a second that it is shown.
    clears : bool
        Whether its box turns transparent when the time is over.
    """
    table = b"" if picture.table is None else _table(picture.table)
    flags = 0 if picture.table is None else _HAS_TABLE | _table_bits(picture.table) - 1
    disposal = _CLEAR if clears else _KEEP
    control = struct.pack("<2BHB", 4, disposal << 2 | picture.transparency, hundredths, TRANSPARENT)
    drawn = struct.pack("<c4HB", b",", *picture.box, flags) + table + picture.data
    return _EXTENSION + _CONTROL + control + b"\0" + drawn


def _sub_blocks(data: bytes) -> bytes:
    parts = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join(bytes([len(part)]) + part for part in parts)


def _table_bits(table: Table) -> int:
    return max(1, (len(table) - 1).bit_length())


def _table(table: Table) -> bytes:
    return table.astype(np.uint8).tobytes().ljust(3 << _table_bits(table), b"\0")


def compressed(indices: NDArray[np.uint8]) -> bytes:
    """Compress indices of shape (height, width) with LZW; return the size of the codes, and sub-blocks."""
    code_bits = max(2, int(indices.max()).bit_length())
    height, width = indices.shape
    image = Image.frombuffer("L", (width, height), np.ascontiguousarray(indices), "raw", "L", 0, 1)
    interlaced = 0
    data = image.tobytes("gif", "L", code_bits, interlaced)
    if len(data) * 8 > (code_bits + 1.1) * indices.size:
        data = min(data, _uncompressed(indices, code_bits), key=len)
    return bytes([code_bits]) + data + b"\0"


def _uncompressed(indices: NDArray[np.uint8], code_bits: int) -> bytes:
    """Write each index as one code. Of noise that is smaller than LZW, whose codes are long and repeat little.

    A clear code resets the decoder whenever its codes are about to grow by a bit.
    """
    clear = 1 << code_bits
    end, together = clear + 1, clear - 2
    groups = -(-indices.size // together)
    rows = np.full((groups, 1 + together), clear, np.uint16)
    rows[:, 1:].flat[: indices.size] = indices.ravel()
    codes = np.append(rows.ravel()[: groups + indices.size], np.uint16(end))
    bits = np.stack([codes >> place & 1 for place in range(code_bits + 1)], axis=1).astype(np.uint8)
    return _sub_blocks(np.packbits(bits, bitorder="little").tobytes())
