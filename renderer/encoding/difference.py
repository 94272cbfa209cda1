"""Where two frames differ."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.types import Pixels

Packed = NDArray[np.uint32]
"""One number a pixel, as `packed` returns them."""


class Box(NamedTuple):
    """A part of a frame, in pixels from its top left corner."""

    left: int
    top: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the part in an array of shape (height, width, ...)."""
        return (slice(self.top, self.top + self.height), slice(self.left, self.left + self.width))


def enclosing(*boxes: Box) -> Box:
    """Return the smallest box that holds all of *boxes*."""
    left = min(box.left for box in boxes)
    top = min(box.top for box in boxes)
    right = max(box.left + box.width for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


class Difference(NamedTuple):
    """The smallest box that holds every changed pixel, and which of its pixels changed.

    Attributes
    ----------
    box : Box
        Part of the frame.
    mask : ndarray of bool, shape (box.height, box.width)
        True where the pixel changed. It may be a view of a larger array.
    """

    box: Box
    mask: NDArray[np.bool_]


def packed(pixels: Pixels) -> Packed:
    """View pixels as one number each, shape (height, width); equal pixels are equal numbers.

    Red is in the lowest byte, alpha in the highest.
    """
    return np.ascontiguousarray(pixels).view("<u4")[..., 0]


def difference(before: NDArray[np.generic], after: NDArray[np.generic], within: Box | None = None) -> Difference | None:
    """Compare two pictures of the same shape (height, width); return None if they are equal.

    Parameters
    ----------
    before, after : ndarray, shape (height, width)
        Packed pixels (see `packed`) or palette indices.
    within : Box, optional
        The part that is compared; by default all of it.
    """
    if within is None:
        return _changes(before != after)
    change = _changes(before[within.slices] != after[within.slices])
    return change and change._replace(box=moved(change.box, within))


def true_box(mask: NDArray[np.bool_]) -> Box | None:
    """Return the smallest box that holds all that is true in an array of shape (height, width); None if nothing is."""
    height, width = mask.shape
    edges = Image.frombuffer("L", (width, height), mask, "raw", "L", 0, 1).getbbox()
    if edges is None:
        return None
    left, top, right, bottom = edges
    return Box(left, top, right - left, bottom - top)


def moved(box: Box, part: Box) -> Box:
    """Return a box of a part of a frame as a box of the frame."""
    return box._replace(left=part.left + box.left, top=part.top + box.top)


def _changes(mask: NDArray[np.bool_]) -> Difference | None:
    box = true_box(mask)
    return box and Difference(box, mask[box.slices])
