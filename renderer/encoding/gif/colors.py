"""Colors as numbers, as channels, and by the cell of color space that they are in."""

import numpy as np
from numpy.typing import NDArray

Colors = NDArray[np.uint32]
"""Colors as numbers of 24 bits, red in the lowest byte."""
Channels = NDArray[np.int32]
"""Colors as red, green and blue, shape (n, 3). Large arrays are stored channel by channel (Fortran order), where numpy
computes ten times faster."""
Counts = NDArray[np.intp]
"""How often each color occurs."""
Cells = NDArray[np.uint16]
"""Numbers of cells of 8 x 8 x 8 levels, below `CELLS`."""
Indices = NDArray[np.uint8]
"""Indices of colors in a table."""

CELLS = 1 << 15
"""The number of cells."""


_RUN = 4
"""Pixels that a run must have on average for counting by runs to pay."""


def distinct(colors: Colors) -> tuple[Colors, Counts]:
    """Return each color once, in ascending order, and how often it occurs.

    Runs of equal pixels are counted as one, because a plot has few of them, and sorting all pixels takes longer.
    """
    starts = np.flatnonzero(np.concatenate([[True], colors[1:] != colors[:-1]])[: len(colors)])
    if _RUN * len(starts) > len(colors):
        return np.unique(colors, return_counts=True)
    lengths = np.diff(starts, append=len(colors))
    seen, places = np.unique(colors.take(starts), return_inverse=True)
    return seen, np.bincount(places, lengths).astype(np.intp)


def channels(colors: Colors) -> Channels:
    """Split colors of shape (n,) into red, green and blue, shape (n, 3)."""
    return np.stack([colors & 255, colors >> 8 & 255, colors >> 16]).astype(np.int32).T


def joined(rgb: Channels) -> Colors:
    """Join red, green and blue, shape (n, 3), into colors."""
    return (rgb[:, 0] | rgb[:, 1] << 8 | rgb[:, 2] << 16).astype(np.uint32)


def cells(colors: Colors) -> Cells:
    """Return the number of each color's cell."""
    red, green, blue = colors >> 3, colors >> 6, colors >> 9
    return ((red & 0x1F) | (green & 0x3E0) | (blue & 0x7C00)).astype(np.uint16)


def cell_centers(numbers: Cells) -> Channels:
    """Return the colors in the middle of cells."""
    return np.stack([numbers & 0x1F, numbers >> 5 & 0x1F, numbers >> 10]).astype(np.int32).T * 8 + 4
