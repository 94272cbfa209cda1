"""APNG, lossless.

Follows the PNG Specification, Third Edition (W3C, 2025), sections 11.3.6 and 12.
"""

import struct
from collections.abc import Iterator

import numpy as np

from renderer.encoding.difference import Box, difference, packed
from renderer.encoding.png.still import SIGNATURE, chunk, deflated, header, rows_as_is, rows_minus_above, texts
from renderer.encoding.timeline import Shown, Timeline
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

__all__ = ["ApngEncoder"]

FEW = 0.25
"""Share of changed pixels in the box up to which the others are left out."""

_DISPOSE_NONE = 0
_SOURCE, _OVER = 0, 1
_LONGEST = 0xFFFF


class ApngEncoder:
    """Writes an APNG, lossless; alpha is exact.

    Each picture is the box of what changed. The number of pictures stands in front, so all bytes come at the end;
    until then only compressed ones are kept.
    """

    media_type = "image/apng"
    transparency = True
    options_used: frozenset[str] = frozenset()

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self._plays = options.plays
        self._head = SIGNATURE + header(size)
        self._texts = list(texts(options.metadata))
        self._timeline = Timeline()
        self._last: Pixels | None = None
        self._chunks: list[bytes] = []
        self._pictures = 0
        self._sequence = 0

    def add(self, frame: Frame) -> bytes:
        """Compress what changed; give nothing yet."""
        self._write(self._timeline.add(frame))
        return b""

    def finish(self) -> bytes:
        """Give the file."""
        self._write(self._timeline.finish())
        control = chunk(b"acTL", struct.pack(">II", self._pictures, self._plays))
        return b"".join((self._head, control, *self._texts, *self._chunks, chunk(b"IEND")))

    def _write(self, shown: Shown | None) -> None:
        if shown is None:
            return
        box, blend, data = self._changed(shown.pixels)
        self._last = shown.pixels
        for milliseconds in _delays(shown.milliseconds):
            self._write_picture(box, milliseconds, blend, data)
            box, blend, data = _NOTHING_NEW

    def _changed(self, pixels: Pixels) -> tuple[Box, int, bytes]:
        """Give the box that changed, how to blend it in, and its data."""
        if self._last is None:
            height, width = pixels.shape[:2]
            return Box(0, 0, width, height), _SOURCE, deflated(rows_minus_above(pixels))
        new = packed(pixels)
        change = difference(packed(self._last), new)
        if change is None:
            return _NOTHING_NEW
        box, mask = change
        if np.count_nonzero(mask) <= FEW * mask.size:
            part = (new[box.slices] * mask).view(np.uint8).reshape(*mask.shape, 4)
            if np.array_equal(part[..., 3] == 255, mask):
                return box, _OVER, deflated(rows_as_is(part))
        return box, _SOURCE, deflated(rows_minus_above(pixels[box.slices]))

    def _write_picture(self, box: Box, milliseconds: int, blend: int, data: bytes) -> None:
        first = self._pictures == 0
        self._pictures += 1
        self._chunks.append(
            chunk(
                b"fcTL",
                struct.pack(
                    ">5I2H2B",
                    self._next(),
                    box.width,
                    box.height,
                    box.left,
                    box.top,
                    milliseconds,
                    1000,
                    _DISPOSE_NONE,
                    blend,
                ),
            )
        )
        self._chunks.append(chunk(b"IDAT", data) if first else chunk(b"fdAT", struct.pack(">I", self._next()) + data))

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence - 1


_NOTHING_NEW = Box(0, 0, 1, 1), _OVER, deflated(rows_as_is(np.zeros((1, 1, 4), np.uint8)))
"""A picture of one transparent pixel, which leaves the one before as it is."""


def _delays(milliseconds: int) -> Iterator[int]:
    """Split a time into parts that fit the format."""
    while milliseconds > _LONGEST:
        yield _LONGEST
        milliseconds -= _LONGEST
    yield milliseconds
