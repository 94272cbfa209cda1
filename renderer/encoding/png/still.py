"""Still PNG, and the parts that APNG shares with it: chunks, filtered rows, texts.

Follows the PNG Specification, Third Edition (W3C, 2025), which includes APNG.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from renderer.errors import FormatError, OptionError
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

try:
    from isal.isal_zlib import compress as _compress

    _LEVEL = 2
except ImportError:
    from zlib import compress as _compress

    _LEVEL = 1

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_FILTER_NONE, _FILTER_UP = 0, 2
_RGBA_8_BIT = (8, 6, 0, 0, 0)


class PngEncoder:
    """Writes one frame as a PNG, lossless."""

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self.size = size
        self._head = SIGNATURE + header(size) + b"".join(texts(options.metadata))

    def add(self, frame: Frame) -> bytes:
        """Return the picture; there can be only one."""
        if not self._head:
            raise FormatError("a PNG holds one picture; give frame=, or format 'apng'")
        head, self._head = self._head, b""
        return head + chunk(b"IDAT", deflated(rows_minus_above(frame.pixels)))

    def finish(self) -> bytes:
        """Return the end of the file."""
        return chunk(b"IEND")


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """Return a chunk: length, kind, body, and a checksum of the two."""
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(body)), kind, body, struct.pack(">I", checksum)))


def header(size: Size) -> bytes:
    """Return the IHDR chunk of an RGBA picture."""
    return chunk(b"IHDR", struct.pack(">II5B", *size, *_RGBA_8_BIT))


def texts(metadata: Mapping[str, str]) -> Iterator[bytes]:
    """Return a tEXt chunk for each Latin-1 text, an iTXt chunk for each other text.

    Raises
    ------
    OptionError
        The format cannot hold a text of this name.
    """
    for keyword, text in metadata.items():
        key = _keyword(keyword)
        try:
            yield chunk(b"tEXt", key + b"\0" + text.encode("latin-1"))
        except UnicodeEncodeError:
            yield chunk(b"iTXt", key + b"\0\0\0\0\0" + text.encode())


def _keyword(keyword: str) -> bytes:
    key = keyword.encode("latin-1", "ignore")
    is_latin = key.decode("latin-1") == keyword
    if not (is_latin and 1 <= len(key) <= 79 and keyword.isprintable() and keyword == " ".join(keyword.split())):
        raise OptionError(
            "metadata",
            f"{keyword!r} cannot name a text in a PNG; a name has 1 to 79 printable Latin-1 characters "
            "and single spaces only between words",
        )
    return key


def rows_as_is(pixels: Pixels) -> NDArray[np.uint8]:
    """Return the rows of a picture for `deflated`, unfiltered. Best where most pixels are zero."""
    rows = _empty_rows(pixels, _FILTER_NONE)
    rows[:, 1:] = pixels.reshape(len(pixels), -1)
    return rows


def rows_minus_above(pixels: Pixels) -> NDArray[np.uint8]:
    """Return the rows of a picture for `deflated`, each as its difference to the one above (filter Up)."""
    rows = _empty_rows(pixels, _FILTER_UP)
    flat = pixels.reshape(len(pixels), -1)
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    return rows


def _empty_rows(pixels: Pixels, row_filter: int) -> NDArray[np.uint8]:
    rows = np.empty((len(pixels), 1 + 4 * pixels.shape[1]), np.uint8)
    rows[:, 0] = row_filter
    return rows


def deflated(rows: NDArray[np.uint8]) -> bytes:
    """Compress filtered rows, fast.

    The bytes depend on whether isal is installed; the picture does not.
    """
    return bytes(_compress(rows, _LEVEL))
