"""Median cut: few colors that stand for many, with a bound on the error.

Boxes in color space are cut in two, as in Heckbert's median cut [1]_: first in the middle of their longest side, until
every color is within 16 levels on each channel of the color that stands for it; then at the mean of the axis with the
largest variance, as in Wu's quantizer [2]_. The first rule alone ends in at most 8 x 8 x 8 boxes, since three halvings
reduce 256 levels to 32. If there is no room for as many boxes, the cuts start from 6 x 6 x 6 boxes, which keep every
color within 21 levels.

References
----------
.. [1] P. Heckbert, "Color image quantization for frame buffer display", SIGGRAPH 1982.
.. [2] X. Wu, "Efficient statistical computations for optimal color quantization", Graphics Gems II, 1991.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from renderer.encoding.gif.colors import CELLS, Channels, Colors, Counts, cells, channels, joined

BOUND = 16
"""The largest error on any channel, if there are enough boxes."""

GRID = 6
"""Levels of each channel that cover all colors with an error of `STRAINED`; the 216 fit in a table of 256."""
STRAINED = 21

_LARGE = 1024  # colors; more are gathered by their cells before they are cut
_FLAT = 1 / 256  # of all pixels: a color that fills as much stays apart from the others in its cell


def outermost(colors: Colors) -> Colors:
    """Reduce many colors to two a cell: the lowest and the highest value of each channel in it."""
    if len(colors) <= _LARGE:
        return colors
    points, _ = _Points.of(channels(colors), np.ones(len(colors))).gather_any(cells(colors))
    return np.concatenate([joined(points.low.T), joined(points.high.T)])


class Reduction(NamedTuple):
    """Few colors that stand for many.

    Attributes
    ----------
    centers : ndarray of int32, shape (m, 3)
        The few colors.
    places : ndarray, shape (n,)
        For each of the many colors, the place among the centers of the color that stands for it.
    error : int
        The largest difference between the two on any channel.
    """

    centers: Channels
    places: NDArray[np.intp]
    error: int


def median_cut(
    colors: Colors, counts: Counts, capacity: int, *, bound: int | None = BOUND, start: NDArray[np.intp] | None = None
) -> Reduction:
    """Find at most *capacity* colors that stand for others.

    Parameters
    ----------
    colors, counts : ndarray, shape (n,)
        Colors, and how often each occurs. The counts of a color that is listed twice are added.
    capacity : int
        At least 1.
    bound : int or None
        Largest error, which is reached before the mean error is reduced. It needs a capacity of some 200 colors.
    start : ndarray, shape (n,), optional
        Number of the box that each color starts in. By default all start in one box.
    """
    points = _Points.of(channels(colors), counts)
    point_of_color = np.arange(len(colors))
    if start is None and len(colors) > _LARGE:
        apart = counts > _FLAT * counts.sum()
        groups = np.where(apart, CELLS + np.arange(len(colors)), cells(colors))
        points, point_of_color = points.gather_any(groups)
    labels = np.zeros(len(points.weights), np.intp) if start is None else _without_gaps(start)
    boxes = points.gather(labels, int(labels.max()) + 1)
    while cut := _choose(points, boxes, labels, capacity - len(boxes.weights), bound):
        count = len(boxes.weights)
        fresh = np.zeros(count, np.intp)
        fresh[cut.boxes] = count + np.arange(len(cut.boxes))
        axis = cut.axes[labels]
        upper = cut.positions[axis, np.arange(len(labels))] > cut.levels[axis, labels]
        upper &= fresh[labels] > 0
        labels[upper] = fresh[labels[upper]]
        boxes = points.gather(labels, count + len(cut.boxes))
    centers = _centers(boxes, bound)
    error = int(np.maximum(boxes.high - centers, centers - boxes.low).max())
    return Reduction(centers.T, labels[point_of_color], error)


def grid(colors: Colors) -> NDArray[np.intp]:
    """Return the place of each color on a grid of `GRID` levels a channel, whose boxes are at most 42 levels wide."""
    red, green, blue = channels(colors).T * GRID >> 8
    places: NDArray[np.intp] = (red * GRID + green) * GRID + blue
    return places


class _Points(NamedTuple):
    """Groups of colors: a group is one color, a cell or a box. All arrays but weights have shape (3, n)."""

    weights: NDArray[np.float64]
    sums: NDArray[np.float64]
    low: Channels
    high: Channels

    @classmethod
    def of(cls, rgb: Channels, counts: NDArray[np.number]) -> "_Points":
        """Make each color a group; *rgb* has shape (n, 3)."""
        return cls(counts.astype(np.float64), (rgb.T * counts).astype(np.float64), rgb.T, rgb.T)

    @property
    def means(self) -> NDArray[np.float64]:
        return self.sums / self.weights

    @property
    def middles(self) -> NDArray[np.float64]:
        return (self.low + self.high) / 2

    def gather(self, labels: NDArray[np.integer], count: int) -> "_Points":
        """Make one group of all that share a label, in the order of the labels, which are below *count*."""
        low, high = np.full((3, count), 255, np.int32), np.zeros((3, count), np.int32)
        for axis in range(3):
            np.minimum.at(low[axis], labels, self.low[axis])
            np.maximum.at(high[axis], labels, self.high[axis])
        weights, *sums = (np.bincount(labels, each, count).astype(np.float64) for each in (self.weights, *self.sums))
        return _Points(weights, np.stack(sums), low, high)

    def gather_any(self, labels: NDArray[np.integer]) -> "tuple[_Points, NDArray[np.intp]]":
        """Make one group of all that share a label; return the groups, and the group of each.

        The labels may be any numbers.
        """
        groups = _without_gaps(labels)
        return self.gather(groups, int(groups.max()) + 1), groups


def _without_gaps(labels: NDArray[np.integer]) -> NDArray[np.intp]:
    """Renumber labels in their order, without gaps."""
    numbers = np.cumsum(np.bincount(labels) > 0) - 1
    return numbers.take(labels)


class _Cut(NamedTuple):
    """Boxes to cut: on which axis and at which level, and the positions of the points that are compared with it."""

    boxes: NDArray[np.intp]
    axes: NDArray[np.intp]  # one for every box
    levels: NDArray[np.float64]  # (3, boxes)
    positions: NDArray[np.float64]  # (3, points)


def _choose(points: _Points, boxes: _Points, labels: NDArray[np.intp], room: int, bound: int | None) -> _Cut | None:
    if room <= 0:
        return None
    sides = boxes.high - boxes.low
    if bound is not None:
        wide = np.flatnonzero(sides.max(axis=0) > 2 * bound)
        if len(wide):
            # Cells are narrow, so a cut through the middle of a wide box has middles of cells on both sides.
            return _Cut(wide[:room], sides.argmax(axis=0), boxes.middles, points.middles)
    positions, levels = points.means, boxes.means
    squares = points.weights * (positions - levels.take(labels, axis=1)) ** 2
    spread = np.stack([np.bincount(labels, axis, len(boxes.weights)) for axis in squares])
    total = spread.sum(axis=0)
    # Half the boxes are cut at a time. The room may be better used by the new boxes than by the other half.
    worst = np.argsort(-total, kind="stable")[: min(room, len(total) // 2 + 1)]
    worst = worst[total[worst] > 0]
    return _Cut(worst, spread.argmax(axis=0), levels, positions) if len(worst) else None


def _centers(boxes: _Points, bound: int | None) -> Channels:
    """Round the mean of each box, and move it as far as the bound requires."""
    means = np.rint(boxes.means)
    if bound is None:
        return means.astype(np.int32)
    low, high = boxes.high - bound, boxes.low + bound
    return np.where(low <= high, np.clip(means, low, high), means).astype(np.int32)
