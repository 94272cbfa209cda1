"""A palette that lasts from frame to frame, with a bounded error.

While all colors so far fit on the palette, each is exact. After that the palette holds the few colors that `median_cut`
finds. A new color is then shown as the nearest one if that is within the error of the palette, or gets a free place;
the palette is replaced only when no place is left. The index of each color is stored in a table of 2^24 entries, so a
color keeps its place as long as the palette lasts, and areas that do not change do not flicker. If the whole cell of a
new color, 8 x 8 x 8 levels, is near one color of the palette, all colors of the cell are entered, because clouds of
colors bring others of the same cell with every frame.
"""

import numpy as np
from numpy.typing import NDArray

from renderer.encoding.gif.colors import (
    CELLS,
    Cells,
    Channels,
    Colors,
    Counts,
    Indices,
    cell_centers,
    cells,
    channels,
    distinct,
    joined,
)
from renderer.encoding.gif.index_table import IndexTable
from renderer.encoding.gif.median_cut import BOUND, GRID, STRAINED, Reduction, grid, median_cut, outermost

Places = NDArray[np.intp]
Errors = NDArray[np.int32]
"""Largest difference on any channel."""

_RESERVE = 1 / 8  # share of a new palette that is left free for the colors of later frames
_LARGE_RESERVE = 3 / 16  # the same for more than `_SEARCHED` colors, as then later frames bring more
_AREA = 64  # pixels: from so many on a color is an area, and not the edge of one
_TOLERANCE = 4  # levels: the least error on any channel that a palette allows once it is not exact
_SEARCHED = 1024  # this number of colors, the most frequent ones, are searched one by one, the others by their cell
_BATCH = 128  # colors compared with the palette at once: the distances stay in the cache, and BLAS wakes no threads


class Palette:
    """Colors, and the index of every other color that is shown as one of them.

    Index 0 is never a color: it is free for transparent pixels.

    Parameters
    ----------
    capacity : int
        Colors that fit, 1 to 255.

    Attributes
    ----------
    colors : ndarray of int32, shape (n, 3)
        Red, green and blue of the indices 1 to n.
    error : int
        The largest error on any channel that the palette allows.
    bounded : bool
        Whether there are colors enough to keep the error within `BOUND`, or within `STRAINED`.
    """

    def __init__(self, capacity: int = 255) -> None:
        self._table = IndexTable()
        self._capacity = capacity
        self.bounded = capacity >= GRID**3
        self._bound = BOUND if self.bounded else None
        self.clear()

    @property
    def strained(self) -> bool:
        """Whether errors are larger than `BOUND`, because there are too many colors for the palette."""
        return self._bound is not None and self.error > self._bound

    def clear(self) -> None:
        """Forget all colors."""
        self._table.clear()
        self._nearest_of_cell: Indices = np.zeros(CELLS, np.uint8)
        self._index_of_cell: Indices = np.zeros(CELLS, np.uint8)
        self.colors: Channels = np.zeros((0, 3), np.int32)
        self.error = 0
        self._past = np.zeros(0, np.uint32)

    def find(self, colors: Colors) -> Indices | None:
        """Return the index of each color, after adding new ones; None if there is no room for those.

        Parameters
        ----------
        colors : ndarray of uint32, shape (n,)
            24-bit colors.
        """
        if len(self.colors) == 0:
            return self._table.take(colors) if self._learn(colors) else None
        indices = self._table.take(colors)
        unknown = np.flatnonzero(indices == 0)
        if len(unknown):
            new = colors.take(unknown)
            if not self._learn(new):
                return None
            indices[unknown] = self._table.take(new)
        return indices

    def replace(self, colors: Colors, whole: Colors | None = None) -> Indices:
        """Replace the palette by one for these colors; return the index of each.

        Parameters
        ----------
        colors : ndarray of uint32, shape (n,)
            24-bit colors, as often as they occur.
        whole : ndarray of uint32, shape (m,), optional
            All colors of the frame, which count instead. Without a bound, a color that is left out may come out wrong.
        """
        present = distinct(colors if whole is None else whole)
        seen, counts = present
        capacity = round(self._capacity * (1 - (_LARGE_RESERVE if len(seen) > _SEARCHED else _RESERVE)))
        if len(seen) > capacity:
            # Earlier colors count too, so that the palette serves when they come again.
            past = outermost(self._past)
            seen, counts = np.concatenate([past, seen]), np.concatenate([np.ones(len(past), np.intp), counts])
        reduction = median_cut(seen, counts, capacity, bound=self._bound)
        if self._bound and reduction.error > self._bound:
            seen, counts = present
            reduction = median_cut(seen, counts, self._capacity, bound=self._bound)
            if reduction.error > self._bound:
                reduction = median_cut(seen, counts, self._capacity, bound=STRAINED, start=grid(seen))
        self.clear()
        self._past = seen
        # Without a bound, an earlier color may be far from the palette, which it should not be when it fills an area.
        known = slice(0 if self.bounded else -len(present[0]), None)
        self._adopt(seen[known], reduction._replace(places=reduction.places[known]))
        self.error = max(reduction.error, _TOLERANCE)
        self._write_near(seen[known], *self._search(seen[known], counts[known]))
        return self._table.take(colors)

    def _learn(self, new: Colors) -> bool:
        """Find an index for new colors; return whether there was one for each."""
        if self.error > BOUND and not self.bounded and self._lacks_area(new):
            return False
        new, counts = self._place(new) if self.error else distinct(new)
        if not len(new):
            return True
        room = self._capacity - len(self.colors)
        if len(new) <= room:
            self._adopt(new, Reduction(channels(new), np.arange(len(new)), 0))
            return True
        if self.error and room:
            reduction = median_cut(new, counts, room, bound=self._bound)
            if reduction.error <= self.error:
                self._adopt(new, reduction)
                return True
        return False

    def _lacks_area(self, new: Colors) -> bool:
        """Whether a color that fills an area is far from the palette. With few colors, nearly all are near enough."""
        seen, counts = distinct(new)
        areas = seen[counts >= max(_AREA, len(new) // 256)]
        return len(areas) > 0 and int(self._nearest(channels(areas))[1].max()) > BOUND

    def _adopt(self, new: Colors, reduction: Reduction) -> None:
        start = len(self.colors) + 1
        self.colors = np.concatenate([self.colors, reduction.centers])
        self._table.write(new, start + reduction.places)
        self._table.write(joined(reduction.centers), np.arange(start, start + len(reduction.centers)))

    def _place(self, new: Colors) -> tuple[Colors, Counts]:
        """Set the index of colors that are near the palette; return the others, and how often each occurs."""
        new = self._place_by_cell(new)
        few = len(new) <= _SEARCHED
        if few:
            new = new[self._write_near(new, *self._nearest(channels(new)))]
        if not len(new):
            return new, np.zeros(0, np.intp)
        new, counts = distinct(new)
        if not few:
            far = self._write_near(new, *self._search(new, counts))
            new, counts = new[far], counts[far]
        far = self._write_near(new, *self._least_error(new))
        return new[far], counts[far]

    def _write_near(self, colors: Colors, places: Places, errors: Errors) -> Places:
        """Set the index of colors whose error is allowed; return where it is not."""
        near = np.flatnonzero(errors <= self.error)
        self._table.write(colors[near], places[near] + 1)
        return np.flatnonzero(errors > self.error)

    def _place_by_cell(self, new: Colors) -> Colors:
        """Fill each cell that is near one color of the palette as a whole; return the colors of other cells."""
        cell = cells(new)
        indices = self._index_of_cell.take(cell)
        near = np.flatnonzero(indices)
        if not len(near):
            return new
        near_cells = np.flatnonzero(np.bincount(cell.take(near))).astype(np.uint16)
        self._table.fill(near_cells, self._index_of_cell[near_cells])
        return new.take(np.flatnonzero(indices == 0))

    def _search(self, new: Colors, counts: Counts) -> tuple[Places, Errors]:
        """Return a near place for each color, the nearest for the frequent ones, and errors."""
        if len(new) <= _SEARCHED:
            return self._nearest(channels(new))
        cell = cells(new)
        occupied = np.bincount(cell, minlength=CELLS) > 0
        self._learn_cells(np.flatnonzero(occupied & (self._nearest_of_cell == 0)).astype(np.uint16))
        places = self._nearest_of_cell.take(cell).astype(np.intp) - 1
        errors = self._errors(channels(new), places)
        frequent = np.flatnonzero(counts > np.partition(counts, -_SEARCHED)[-_SEARCHED])
        places[frequent], errors[frequent] = self._nearest(channels(new[frequent]))
        return places, errors

    def _learn_cells(self, cell: Cells) -> None:
        places, errors = self._nearest(cell_centers(cell))
        self._nearest_of_cell[cell] = places + 1
        self._index_of_cell[cell] = np.where(errors + 4 <= self.error, places + 1, 0)

    def _nearest(self, rgb: Channels) -> tuple[Places, Errors]:
        """Return the place of the nearest color on the palette, and its largest error on any channel."""
        # |c - p|^2 is least where 2 c p - |p|^2 is largest. All numbers are whole and below 2^24: no float is rounded.
        palette = np.concatenate([2 * self.colors.T, -(self.colors**2).sum(axis=1)[None]]).astype(np.float32)
        colors = np.ones((len(rgb), 4), np.float32)
        colors[:, :3] = rgb
        places = np.empty(len(rgb), np.intp)
        for start in range(0, len(rgb), _BATCH):
            part = slice(start, start + _BATCH)
            places[part] = (colors[part] @ palette).argmax(axis=1)
        return places, self._errors(rgb, places)

    def _least_error(self, new: Colors) -> tuple[Places, Errors]:
        """Return the place with the least error on any channel for each color, and errors."""
        rgb = channels(new).astype(np.int16)
        palette = self.colors.astype(np.int16)
        places = np.empty(len(rgb), np.intp)
        for start in range(0, len(rgb), _BATCH):
            part = slice(start, start + _BATCH)
            red, green, blue = (np.abs(rgb[part, axis, None] - palette[:, axis]) for axis in range(3))
            places[part] = np.maximum(np.maximum(red, green), blue).argmin(axis=1)
        return places, self._errors(rgb, places)

    def _errors(self, rgb: NDArray[np.integer], places: Places) -> Errors:
        errors: Errors = np.abs(rgb.T - self.colors.T.take(places, axis=1)).max(axis=0, initial=0)
        return errors
