"""Ordered dithering: a color that the palette lacks is mixed from two of its colors.

Each color lies near the line between two colors of the palette. Its position along the line is compared with the
threshold of the pixel, which selects one of the two. The thresholds are those of Bayer [1]_ and belong to positions on
the screen, so areas that do not change in the animation do not change in the dither either.

References
----------
.. [1] B. Bayer, "An optimum method for two-level rendition of continuous-tone pictures", ICC 1973.
"""

import numpy as np
from numpy.typing import NDArray

from renderer.encoding.difference import Box
from renderer.encoding.gif.colors import CELLS, Cells, Channels, Colors, Indices, cell_centers, cells, channels

_CONTRAST = 0.2  # cost of a pair's distance: an inexact mix of near colors looks better than an exact one of far colors
_LEAST = 0.1
_PIXELS = 1 << 15  # mixed at once, to bound the memory
_BATCH = 64  # cells compared with all pairs at once


def _bayer(levels: int) -> NDArray[np.float32]:
    matrix = np.zeros((1, 1))
    for _ in range(levels):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    return ((matrix + 0.5) / matrix.size).astype(np.float32)


_THRESHOLDS = _bayer(3)


class Dither:
    """Mixes colors from the colors of one palette.

    Parameters
    ----------
    palette : ndarray, shape (n, 3)
        Red, green and blue of the places 0 to n - 1.
    """

    def __init__(self, palette: Channels) -> None:
        self.palette = palette
        self._pairs = np.zeros((CELLS, 2), np.uint8)
        self._learned = np.zeros(CELLS, bool)

    def places(self, colors: Colors, box: Box) -> Indices:
        """Return a place on the palette for each pixel.

        Parameters
        ----------
        colors : ndarray, shape (box.height, box.width)
            24-bit colors.
        box : Box
            Where on the screen they are.
        """
        places = np.empty(colors.shape, np.uint8)
        columns = np.arange(box.left, box.left + box.width) % len(_THRESHOLDS)
        band = max(1, _PIXELS // box.width)
        for start in range(0, box.height, band):
            part = colors[start : start + band]
            rows = np.arange(box.top + start, box.top + start + len(part)) % len(_THRESHOLDS)
            places[start : start + band] = self._mixed(part, _THRESHOLDS[np.ix_(rows, columns)])
        return places

    def _mixed(self, colors: Colors, thresholds: NDArray[np.float32]) -> Indices:
        cell = cells(colors.ravel())
        self._learn(np.unique(cell[~self._learned[cell]]))
        near, far = self._pairs[cell].T
        start = self.palette[near]
        way = self.palette[far] - start
        along = ((channels(colors.ravel()) - start) * way).sum(axis=1)
        share = along / np.maximum((way**2).sum(axis=1), 1)
        places: Indices = np.where(share > thresholds.ravel(), far, near)
        return places.reshape(colors.shape)

    def _learn(self, cell: Cells) -> None:
        """Find the pair of colors on whose line each cell lies."""
        self._learned[cell] = True
        palette = self.palette.astype(np.float32)
        for start in range(0, len(cell), _BATCH):
            part = cell[start : start + _BATCH]
            center = cell_centers(part).astype(np.float32)
            near = ((center[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1)
            way = palette - palette[near][:, None]
            offset = center - palette[near]
            length = (way**2).sum(axis=2)
            share = np.clip((way * offset[:, None]).sum(axis=2) / np.maximum(length, 1), 0, 1)
            missed = ((way * share[..., None] - offset[:, None]) ** 2).sum(axis=2)
            # A share of zero has a cost too, because other colors of the cell need some of the far color.
            contrast = np.maximum(share * (1 - share), _LEAST) * length
            contrast[np.arange(len(part)), near] = np.inf
            far = (missed + _CONTRAST * contrast).argmin(axis=1)
            self._pairs[part] = np.stack([near, far], axis=1)
