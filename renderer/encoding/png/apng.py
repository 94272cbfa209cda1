"""APNG, lossless.

Follows the PNG Specification, Third Edition (W3C, 2025), sections 11.3.6 and 12.
"""

import struct
from itertools import count
from typing import NamedTuple

import numpy as np

from renderer.encoding import timing
from renderer.encoding.difference import Box
from renderer.encoding.png.still import SIGNATURE, chunk, deflated, header, rows_as_is, rows_minus_above, texts
from renderer.encoding.timeline import Shot, Timeline
from renderer.options import RenderOptions
from renderer.types import Frame, Size

SPARSE = 0.25
"""Share of changed pixels in the box up to which the other pixels are written as transparent."""

_DISPOSE_NONE = 0
_SOURCE, _OVER = 0, 1


class _Picture(NamedTuple):
    box: Box
    blend: int
    data: bytes


class ApngEncoder:
    """Writes an APNG, lossless; alpha is exact.

    Each picture is the box of what changed. The number of pictures stands in front, so all bytes come at the end;
    until then only compressed pictures are held.
    """

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self.size = size
        self._plays = options.plays
        self._head = SIGNATURE + header(size)
        self._texts = list(texts(options.metadata))
        self._timeline = Timeline(timing.APNG)
        self._chunks: list[bytes] = []
        self._pictures = 0
        self._sequence = count()

    def add(self, frame: Frame) -> bytes:
        """Compress what changed; return nothing yet."""
        self._write(self._timeline.add(frame))
        return b""

    def finish(self) -> bytes:
        """Return the file."""
        self._write(self._timeline.finish())
        control = chunk(b"acTL", struct.pack(">II", self._pictures, self._plays))
        return b"".join((self._head, control, *self._texts, *self._chunks, chunk(b"IEND")))

    def _write(self, shots: tuple[Shot, ...]) -> None:
        for shot in shots:
            picture = self._picture(shot)
            for milliseconds in timing.APNG.parts(shot.ticks):
                self._write_picture(picture, milliseconds)
                picture = _NOTHING_NEW

    def _picture(self, shot: Shot) -> _Picture:
        if self._pictures == 0:
            return _Picture(Box(0, 0, *self.size), _SOURCE, deflated(rows_minus_above(shot.pixels)))
        if shot.change is None:
            return _NOTHING_NEW
        box, mask = shot.change
        if np.count_nonzero(mask) <= SPARSE * mask.size:
            part = (shot.colors[box.slices] * mask).view(np.uint8).reshape(*mask.shape, 4)
            if np.array_equal(part[..., 3] == 255, mask):
                return _Picture(box, _OVER, deflated(rows_as_is(part)))
        return _Picture(box, _SOURCE, deflated(rows_minus_above(shot.pixels[box.slices])))

    def _write_picture(self, picture: _Picture, milliseconds: int) -> None:
        left, top, width, height = picture.box
        place = (next(self._sequence), width, height, left, top)
        time = (milliseconds, timing.APNG.per_second)
        control = struct.pack(">5I2H2B", *place, *time, _DISPOSE_NONE, picture.blend)
        first = self._pictures == 0
        self._pictures += 1
        self._chunks.append(chunk(b"fcTL", control))
        number = b"" if first else struct.pack(">I", next(self._sequence))
        self._chunks.append(chunk(b"IDAT" if first else b"fdAT", number + picture.data))


_NOTHING_NEW = _Picture(Box(0, 0, 1, 1), _OVER, deflated(rows_as_is(np.zeros((1, 1, 4), np.uint8))))
"""A picture of one transparent pixel, which leaves the one before as it is."""
