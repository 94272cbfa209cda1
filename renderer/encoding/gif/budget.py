"""A GIF of at most so many bytes.

Per byte saved, fewer colors cost the least quality, then fewer frames, then a smaller picture. Keeping pixels that are
nearly right, from frame to frame or along a row, was tried and is not a step of the ladder: with few colors it saves
nothing, and with many colors it costs more quality than removing some of them.
"""

import zlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image

from renderer.encoding.difference import Box, difference, packed
from renderer.encoding.gif.encoder import GifEncoder
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

LARGEST_STORE = 512 << 20
"""Bytes of compressed frames that are held until the last one is there."""


class Quality(NamedTuple):
    """A quality of a GIF.

    Attributes
    ----------
    colors : int
        Colors on a palette.
    every : int
        One of so many frames is shown.
    scale : float
        Factor on width and height.
    """

    colors: int
    every: int = 1
    scale: float = 1.0

    def __str__(self) -> str:
        return f"{self.colors} colors, one of {self.every} frames, {self.scale:.0%} of the size"


LADDER = (
    *(Quality(colors) for colors in (256, 192, 128, 96, 64, 48, 32, 24, 16)),
    *(Quality(16, every) for every in (2, 3, 4)),
    *(Quality(16, 4, scale) for scale in (0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)),
)
"""Qualities from the best to the worst."""


class BudgetGifEncoder:
    """Writes a GIF of at most `RenderOptions.max_bytes` bytes, at the best quality of `LADDER` that fits.

    The frames are held, compressed without loss, and encoded some five times once the last one is there.

    Parameters
    ----------
    options : RenderOptions
        Options of the render; *max_bytes* is set.
    size : Size
        Width and height of every frame.

    Attributes
    ----------
    size : Size
        Width and height of the file; those of the frames until it is finished.

    """

    def __init__(self, options: RenderOptions, size: Size) -> None:
        GifEncoder(options, size)  # refuses a size that does not fit
        self._options = options
        self._budget = options.max_bytes or 0
        self._frames = _Store(size)
        self.size = size

    def add(self, frame: Frame) -> bytes:
        """Store the frame; return nothing yet.

        Raises
        ------
        FormatError
            There is no room for more.
        """
        self._frames.add(frame)
        return b""

    def finish(self) -> bytes:
        """Return the file.

        Raises
        ------
        FormatError
            The budget is too small.
        """
        fitting = cache(self._fitting)
        best = bisect_left(LADDER, True, key=lambda quality: fitting(quality) is not None)
        if best == len(LADDER):
            least = sum(map(len, self._encoded(LADDER[-1])))
            raise FormatError(
                f"the animation does not fit into max_bytes={self._budget}; the least is {least} bytes ({LADDER[-1]})"
            )
        self.size = _scaled_size(self._frames.size, LADDER[best].scale)
        return fitting(LADDER[best]) or b""

    def _fitting(self, quality: Quality) -> bytes | None:
        """Return the file at a quality, or None if it is larger than the budget."""
        file = bytearray()
        for part in self._encoded(quality):
            file += part
            if len(file) > self._budget:
                return None
        return bytes(file)

    def _encoded(self, quality: Quality) -> Iterator[bytes]:
        options = replace(self._options, colors=min(quality.colors, self._options.colors or 256), max_bytes=None)
        size = _scaled_size(self._frames.size, quality.scale)
        encoder = GifEncoder(options, size)
        for frame in _thinned(self._frames, quality.every):
            yield encoder.add(replace(frame, pixels=_scaled(frame.pixels, size)))
        yield encoder.finish()


class _Store:
    """Frames, each held as the box that differs from the one before."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._stored: list[tuple[int, float, Box, bytes]] = []
        self._bytes = 0
        self._last = np.zeros((size.height, size.width, 4), np.uint8)

    def __len__(self) -> int:
        return len(self._stored)

    def add(self, frame: Frame) -> None:
        change = difference(packed(self._last), packed(frame.pixels))
        box = change.box if change else Box(0, 0, 0, 0)
        data = zlib.compress(frame.pixels[box.slices].tobytes(), 1)
        self._bytes += len(data)
        if self._bytes > LARGEST_STORE:
            raise FormatError(
                f"max_bytes keeps all frames until the last one is there, and frame {frame.index} passes "
                f"{LARGEST_STORE >> 20} MiB; render fewer frames, lower the dpi, or leave max_bytes out"
            )
        self._stored.append((frame.index, frame.duration, box, data))
        self._last = frame.pixels

    def __iter__(self) -> Iterator[Frame]:
        pixels = np.zeros((self.size.height, self.size.width, 4), np.uint8)
        for number, duration, box, data in self._stored:
            pixels = pixels.copy()
            part = pixels[box.slices]
            part[:] = np.frombuffer(zlib.decompress(data), np.uint8).reshape(part.shape)
            yield Frame(number, pixels, duration)


def _thinned(frames: _Store, every: int) -> Iterator[Frame]:
    """Yield the first frame of each *every* frames, with the duration of them all.

    The last frame of the animation replaces the first one of its few.
    """
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
