"""How large a frame may be."""

from renderer.errors import SourceError
from renderer.types import Size

_MOST_PIXELS = 2**23
"""Agg draws fewer pixels a side."""


def check_drawable(size: Size) -> None:
    """Check that Agg can draw a figure of this size.

    Raises
    ------
    SourceError
        It has no pixels, or too many.
    """
    if not all(0 < side < _MOST_PIXELS for side in size):
        text = f"a frame of {size.width} x {size.height} pixels cannot be drawn"
        raise SourceError(f"{text}; change dpi= or the figure's size, so that a side has 1 to {_MOST_PIXELS - 1}")
