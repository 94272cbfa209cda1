"""A frame, and what goes with it: pixels, sizes, names of formats, and what can be written to."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGBA with straight alpha, shape (height, width, 4), C order."""


FormatName: TypeAlias = Literal["gif", "apng", "webp", "avif", "mp4", "webm", "html", "png"]
FORMAT_NAMES: tuple[str, ...] = get_args(FormatName)


class Sink(Protocol):
    """A binary file, a socket's file, a response: what can be written to."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame of an animation. Frames compare by identity.

    Attributes
    ----------
    index : int
        Position in the animation, from 0.
    pixels : ndarray of uint8, shape (height, width, 4)
        RGBA with straight (not premultiplied) alpha; the frame's own copy.
    duration : float
        How long the frame is shown, in seconds.
    """

    index: int
    pixels: Pixels = field(repr=False)
    duration: float

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        height, width = self.pixels.shape[:2]
        return Size(width, height)
