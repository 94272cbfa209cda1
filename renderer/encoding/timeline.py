"""From frames to the pictures of a file: equal neighbors joined, times rounded."""

import warnings
from typing import NamedTuple

import numpy as np

from renderer.encoding.difference import packed
from renderer.encoding.timing import Ticks
from renderer.errors import TimingWarning
from renderer.types import Frame, Pixels

__all__ = ["Shown", "Timeline"]

MILLISECONDS = 1000
CLAMPED = 10
"""Browsers show a picture of at most this many milliseconds for a tenth of a second (Chromium, Firefox, WebKit)."""


class Shown(NamedTuple):
    """A picture, and the milliseconds that it is shown."""

    pixels: Pixels
    milliseconds: int


class Timeline:
    """Joins equal neighbors, and rounds times to milliseconds without drift.

    A picture is held back until it is known how long it is shown. One whose time rounds to nothing is left out.
    """

    def __init__(self) -> None:
        self._clock = Ticks(MILLISECONDS)
        self._pixels: Pixels | None = None
        self._milliseconds = 0
        self._warned = False

    def add(self, frame: Frame) -> Shown | None:
        """Take the next frame; give the picture before it, once that is over."""
        before = None
        if self._pixels is None or not np.array_equal(packed(self._pixels), packed(frame.pixels)):
            before = self._take()
            self._pixels = frame.pixels
        self._milliseconds += self._clock.advance(frame.duration)
        return before

    def finish(self) -> Shown | None:
        """Give the last picture, which is shown for a millisecond at least."""
        self._milliseconds = max(1, self._milliseconds)
        return self._take()

    def _take(self) -> Shown | None:
        if self._pixels is None or self._milliseconds == 0:
            return None
        shown = Shown(self._pixels, self._milliseconds)
        self._milliseconds = 0
        if shown.milliseconds <= CLAMPED and not self._warned:
            self._warned = True
            warnings.warn(
                f"browsers show a picture of {CLAMPED} ms or less for 100 ms; use a lower fps, or mp4 or webm",
                TimingWarning,
                stacklevel=2,
            )
        return shown
