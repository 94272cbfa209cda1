"""A GIF of at most so many bytes.

Fewer colors come first, then fewer frames, then a smaller picture. Keeping pixels that are nearly right, from frame to
frame or along a row, was tried and is not a step of the ladder: with few colors it saves nothing, and with many colors
it costs more quality than removing some of them.
"""

from dataclasses import replace
from math import ceil, inf
from typing import NamedTuple

import numpy as np
from PIL import Image

from renderer.encoding.gif.encoder import GifEncoder
from renderer.encoding.gif.frame_store import FrameStore
from renderer.errors import BudgetWarning, FormatError
from renderer.options import RenderOptions
from renderer.tracebacks import warn
from renderer.types import Frame, Pixels, Size

COLORS = (256, 192, 128, 96, 64, 48, 32, 24, 16, 12, 10, 8)
"""Colors on a palette.

With 8, frames of the demo's animations have a PSNR of 25 dB (a smooth image) to 41 dB (bars). With 4 it is 20 to 35 dB.
The frame before, shown in place of one that is left out, has 18 to 22 dB.
"""

SCALES = (0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""Factors on width and height."""


class Quality(NamedTuple):
    """A quality of a GIF.

    Attributes
    ----------
    colors : int
        Colors on a palette.
    pictures : int
        Pictures that are kept. Equal neighbors share one.
    scale : float
        Factor on width and height.
    """

    colors: int
    pictures: int
    scale: float = 1.0

    def __str__(self) -> str:
        return f"{self.colors} colors, {self.pictures} pictures, {self.scale:.0%} of the size"


def ladder(pictures: int, most_colors: int = 256) -> list[Quality]:
    """Return the qualities from the best to the worst. A quarter of the pictures is kept, and at least two.

    Parameters
    ----------
    pictures : int
        Pictures in the animation.
    most_colors : int, default: 256
        Colors on the palette of the best quality.
    """
    colors = sorted({min(each, most_colors) for each in COLORS}, reverse=True)
    fewest = max(min(2, pictures), ceil(pictures / 4))
    return [
        *(Quality(each, pictures) for each in colors),
        *(Quality(colors[-1], each) for each in range(pictures - 1, fewest - 1, -1)),
        *(Quality(colors[-1], fewest, scale) for scale in SCALES),
    ]


class _Attempt(NamedTuple):
    """A file at some quality.

    Attributes
    ----------
    data : bytes
        The file.
    shown : int
        Frames of the animation that were given to the encoder.
    left_out : int
        Frames of the animation that the file does not show.
    """

    data: bytes
    shown: int
    left_out: int


class BudgetGifEncoder:
    """Writes a GIF of at most `RenderOptions.max_bytes` bytes, at the best quality of the `ladder` that fits.

    The frames are held, compressed without loss, and encoded when the last one is there: once if the best quality fits,
    else once for each step of a binary search, some seven times for 40 frames and eleven times for a thousand.

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
    left_out : int
        Frames that the file does not show, once it is finished.
    """

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self._options = options
        self._budget = options.max_bytes or 0
        self._frames = FrameStore(size)
        self.size = size
        self.left_out = 0

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
        """Return the file. A `BudgetWarning` says whether frames are left out or the picture is smaller.

        Raises
        ------
        FormatError
            The budget is too small.
        """
        qualities = ladder(self._frames.pictures, self._options.colors or 256)
        best: _Attempt | None = None
        low, middle, high = 0, 0, len(qualities)  # the best quality is tried first
        while low < high:
            attempt = self._encoded(qualities[middle], self._budget)
            if attempt is None:
                low = middle + 1
            else:
                best, high = attempt, middle
            middle = (low + high) // 2
        if best is None:
            raise FormatError(
                f"the animation does not fit into max_bytes={self._budget}; "
                f"the least is {self._bytes_at(qualities[-1])} bytes ({qualities[-1]})"
            )
        self.left_out = best.left_out
        self.size = _scaled_size(self._frames.size, qualities[high].scale)
        self._warn(qualities[high], best.shown)
        return best.data

    def _warn(self, quality: Quality, shown: int) -> None:
        """Warn if fewer colors were not enough."""
        whole = Quality(quality.colors, self._frames.pictures)
        if quality == whole:
            return
        count = len(self._frames)
        losses = [f"leaves out {count - shown} of {count} frames"] if shown < count else []
        if quality.scale != 1:
            losses.append("makes the picture {} x {} pixels".format(*self.size))
        needed = self._bytes_at(whole)
        warn(
            f"max_bytes={self._budget} {' and '.join(losses)}, because {quality.colors} colors alone do not make the "
            f"GIF small enough; give max_bytes={needed} to keep all frames, or a lower dpi",
            BudgetWarning,
        )

    def _bytes_at(self, quality: Quality) -> int:
        attempt = self._encoded(quality)
        return len(attempt.data) if attempt else 0

    def _encoded(self, quality: Quality, most: float = inf) -> _Attempt | None:
        """Return the file at a quality, or None if it has more than *most* bytes."""
        size = _scaled_size(self._frames.size, quality.scale)
        encoder = GifEncoder(replace(self._options, colors=quality.colors, max_bytes=None), size)
        data, shown = bytearray(), 0
        for frame in self._frames.thinned(quality.pictures):
            data += encoder.add(replace(frame, pixels=_scaled(frame.pixels, size)))
            shown += 1
            if len(data) > most:
                return None
        data += encoder.finish()
        left_out = len(self._frames) - shown + encoder.left_out
        return None if len(data) > most else _Attempt(bytes(data), shown, left_out)


def _scaled_size(size: Size, scale: float) -> Size:
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def _scaled(pixels: Pixels, size: Size) -> Pixels:
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
