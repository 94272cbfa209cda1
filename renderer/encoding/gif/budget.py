"""A GIF of at most so many bytes.

Fewer colours cost the least quality for what they save, then fewer frames, then a smaller picture. Leaving alone what
is nearly right, from frame to frame or along a row, was tried and is no step of its own: with few colours it saves
nothing, with many it costs more than taking some of them away.
"""

import zlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, NamedTuple

import numpy as np
from PIL import Image

from renderer.encoding.difference import Box, difference, packed
from renderer.encoding.gif.encoder import GifEncoder
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

__all__ = ["LADDER", "BudgetGifEncoder", "Quality"]

MOST_KEPT = 512 << 20
"""Bytes of compressed frames that are kept until the last one is there."""


class Quality(NamedTuple):
    """What a GIF may cost.

    Attributes
    ----------
    colors : int
        Colours on a palette.
    every : int
        Frames of which one is shown.
    scale : float
        Factor on width and height.
    """

    colors: int
    every: int = 1
    scale: float = 1.0

    def __str__(self) -> str:
        return f"{self.colors} colours, one of {self.every} frames, {self.scale:.0%} of the size"


LADDER = (
    *(Quality(colors) for colors in (256, 192, 128, 96, 64, 48, 32, 24, 16)),
    *(Quality(16, every) for every in (2, 3, 4)),
    *(Quality(16, 4, scale) for scale in (0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)),
)
"""Qualities from the best to the worst."""


class BudgetGifEncoder:
    """Writes a GIF of at most `RenderOptions.max_bytes` bytes, at the best quality of `LADDER` that fits.

    The frames are kept, compressed without loss, and encoded some five times once the last one is there.

    Parameters
    ----------
    options : RenderOptions
        Options of the render; *max_bytes* is set.
    size : Size
        Width and height of every frame.

    Attributes
    ----------
    size : Size
        Width and height of the file, once it is finished.

    """

    media_type: ClassVar = GifEncoder.media_type
    transparency: ClassVar = GifEncoder.transparency
    options_used: ClassVar = GifEncoder.options_used

    def __init__(self, options: RenderOptions, size: Size) -> None:
        GifEncoder(options, size)  # refuses a size that does not fit
        self._options = options
        self._most = options.max_bytes or 0
        self._frames = _Frames(size)
        self._data = b""
        self.size = size

    def add(self, frame: Frame) -> bytes:
        """Keep the frame; give nothing yet.

        Raises
        ------
        FormatError
            There is no room for more.
        """
        self._frames.add(frame)
        return b""

    def finish(self) -> bytes:
        """Give the file.

        Raises
        ------
        FormatError
            The budget is too small.
        """
        found = bisect_left(LADDER, True, key=self._fits)
        if found == len(LADDER):
            least = sum(map(len, self._encoded(LADDER[-1])))
            raise FormatError(
                f"the animation does not fit into max_bytes={self._most}; the least is {least} bytes ({LADDER[-1]})"
            )
        return self._data

    def _fits(self, quality: Quality) -> bool:
        parts = []
        left = self._most
        for part in self._encoded(quality):
            parts.append(part)
            left -= len(part)
            if left < 0:
                return False
        self._data = b"".join(parts)
        self.size = _scaled_size(self._frames.size, quality.scale)
        return True

    def _encoded(self, quality: Quality) -> Iterator[bytes]:
        options = replace(self._options, colors=min(quality.colors, self._options.colors or 256), max_bytes=None)
        size = _scaled_size(self._frames.size, quality.scale)
        encoder = GifEncoder(options, size)
        for frame in _one_of(self._frames, quality.every):
            yield encoder.add(replace(frame, pixels=_scaled(frame.pixels, size)))
        yield encoder.finish()


class _Kept(NamedTuple):
    number: int
    duration: float
    box: Box
    data: bytes


class _Frames:
    """Frames, kept as what changed since the one before."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._kept: list[_Kept] = []
        self._bytes = 0
        self._last = np.zeros((size.height, size.width, 4), np.uint8)

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, frame: Frame) -> None:
        change = difference(packed(self._last), packed(frame.pixels))
        box = change.box if change else Box(0, 0, 0, 0)
        data = zlib.compress(frame.pixels[box.slices].tobytes(), 1)
        self._bytes += len(data)
        if self._bytes > MOST_KEPT:
            raise FormatError(
                f"max_bytes keeps all frames until the last one is there, and frame {frame.index} passes "
                f"{MOST_KEPT >> 20} MiB; render fewer frames, lower the dpi, or leave max_bytes out"
            )
        self._kept.append(_Kept(frame.index, frame.duration, box, data))
        self._last = frame.pixels

    def __iter__(self) -> Iterator[Frame]:
        pixels = np.zeros((self.size.height, self.size.width, 4), np.uint8)
        for number, duration, box, data in self._kept:
            pixels = pixels.copy()
            part = pixels[box.slices]
            part[:] = np.frombuffer(zlib.decompress(data), np.uint8).reshape(part.shape)
            yield Frame(number, pixels, duration)


def _one_of(frames: _Frames, every: int) -> Iterator[Frame]:
    """Show the first of each few frames for the time of all, but the last frame of the animation."""
    shown: Frame | None = None
    duration = 0.0
    for number, frame in enumerate(frames):
        if shown is not None and number % every == 0:
            yield replace(shown, duration=duration)
            duration = 0.0
        if number % every == 0 or number == len(frames) - 1:
            shown = frame
        duration += frame.duration
    if shown is not None:
        yield replace(shown, duration=duration)


def _scaled_size(size: Size, scale: float) -> Size:
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def _scaled(pixels: Pixels, size: Size) -> Pixels:
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
