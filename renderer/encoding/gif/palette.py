"""A palette that lasts from frame to frame, with a bounded error.

While all colours seen fit on the palette, each is kept exactly. After that the palette holds the few colours that
`median_cut` finds. A new colour then takes the nearest one if that is within the error the palette
already has, or a free place; only when there is none left is the palette made anew. What a colour became is
remembered in a table of 2^24 entries, so the same colour keeps its place as long as the palette lasts, and areas that
do not change do not flicker. Where a new colour's whole cell of 8 x 8 x 8 levels is near one on the palette, all of it
is entered, for clouds of colours bring others of the same cell with every frame.
"""

import numpy as np
from numpy.typing import NDArray

from renderer.encoding.gif.median_cut import (
    BOUND,
    CELLS,
    GRID,
    STRAINED,
    Cells,
    Channels,
    Colors,
    Counts,
    Reduction,
    cell_centers,
    cells,
    channels,
    grid,
    joined,
    median_cut,
    outermost,
)

__all__ = ["Indices", "Palette"]

Indices = NDArray[np.uint8]
Places = NDArray[np.intp]

_RESERVE = 1 / 8  # of a new palette is left free for the colours of later frames
_LARGE_RESERVE = 3 / 16  # where there are many colours now, and so many more will come
_TOLERANCE = 4  # on any channel, that new colours are given at least once the palette is not exact
_MANY = 1024  # colours get a search each; the others are placed by their cell where that is good enough
_FEW = 1 << 20  # colours that are forgotten one by one; if there are more, the whole table is emptied
_BATCH = 128  # colours compared with the palette at once: the distances stay in the cache, and BLAS wakes no threads


class Palette:
    """Colours, and what other colours have become on them.

    Index 0 is never a colour: it is free for pixels that are left transparent.

    Parameters
    ----------
    capacity : int
        Colours that fit, 1 to 255.

    Attributes
    ----------
    colors : ndarray of int32, shape (n, 3)
        Red, green and blue of the indices 1 to n.
    error : int
        The largest error on any channel that the palette allows itself.
    """

    def __init__(self, capacity: int = 255) -> None:
        # The system gives zeroed memory page by page as it is first touched: a plot uses some hundred KiB.
        self._table: Indices = np.zeros(1 << 24, np.uint8)
        # A cell is 8 x 8 numbers of it: one for each blue and green, a byte for each red.
        self._blocks = self._table.view(np.uint64).reshape(32, 8, 32, 8, 32)
        self._filled: list[Cells] = []
        self._written: list[Colors] = []
        self._written_count = 0
        self._capacity = capacity
        self._bound = BOUND if capacity >= GRID**3 else None
        self.clear()

    @property
    def strained(self) -> bool:
        """Whether colours are further off than `BOUND`, because there are too many for the palette."""
        return self._bound is not None and self.error > self._bound

    def clear(self) -> None:
        """Forget all colours."""
        if self._written_count > _FEW:
            self._table[:] = 0
        for colors in self._written:
            self._table[colors] = 0
        for numbers in self._filled:
            blue, green, red = _axes(numbers)
            self._blocks[blue, :, green, :, red] = 0
        self._filled = []
        self._written = []
        self._written_count = 0
        self._nearest_of_cell: Indices = np.zeros(1 << 15, np.uint8)
        self._index_of_cell: Indices = np.zeros(1 << 15, np.uint8)
        self.colors: Channels = np.zeros((0, 3), np.int32)
        self.error = 0
        self._past = np.zeros(0, np.uint32)

    def find(self, colors: Colors) -> Indices | None:
        """Give the index of each colour, and a place to new ones; None if there is no room for those.

        Parameters
        ----------
        colors : ndarray of uint32, shape (n,)
            24-bit colours.
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

    def make_anew(self, colors: Colors) -> Indices:
        """Choose new colours for the palette, after `find` found no room; give the index of each.

        Parameters
        ----------
        colors : ndarray of uint32, shape (n,)
            What is to be shown on it: 24-bit colours, as often as they occur.
        """
        present = np.unique(colors, return_counts=True)
        seen, counts = present
        capacity = round(self._capacity * (1 - (_LARGE_RESERVE if len(seen) > _MANY else _RESERVE)))
        if len(seen) > capacity:
            # What came before counts too, so that the palette serves when it comes again.
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
        self._adopt(seen, reduction)
        self.error = max(reduction.error, _TOLERANCE)
        self._write_near(seen, *self._search(seen, counts))
        return self._table.take(colors)

    def _learn(self, new: Colors) -> bool:
        """Find an index for new colours; tell whether there was one for each."""
        new, counts = self._place(new) if self.error else np.unique(new, return_counts=True)
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

    def _adopt(self, new: Colors, reduction: Reduction) -> None:
        start = len(self.colors) + 1
        self.colors = np.concatenate([self.colors, reduction.centers])
        self._write(new, start + reduction.places)
        self._write(joined(reduction.centers), np.arange(start, start + len(reduction.centers)))

    def _write(self, colors: Colors, indices: NDArray[np.integer]) -> None:
        self._table[colors] = indices
        self._written.append(colors)
        self._written_count += len(colors)
        if self._written_count > _FEW:
            self._written = []

    def _place(self, new: Colors) -> tuple[Colors, Counts]:
        """Give the colours that are near one on the palette its index; return the others, and how often each occurs."""
        new = self._place_by_cell(new)
        few = len(new) <= _MANY
        if few:
            new = new[self._write_near(new, *self._nearest(channels(new)))]
        if not len(new):
            return new, np.zeros(0, np.intp)
        new, counts = np.unique(new, return_counts=True)
        if not few:
            far = self._write_near(new, *self._search(new, counts))
            new, counts = new[far], counts[far]
        far = self._write_near(new, *self._least_error(new))
        return new[far], counts[far]

    def _write_near(self, colors: Colors, places: Places, errors: NDArray[np.int32]) -> Places:
        """Give colours an index where the error allows it; tell where it does not."""
        near = np.flatnonzero(errors <= self.error)
        self._write(colors[near], places[near] + 1)
        return np.flatnonzero(errors > self.error)

    def _place_by_cell(self, new: Colors) -> Colors:
        """Fill the cells that are as a whole near one on the palette; return the colours that are in no such cell."""
        cell = cells(new)
        indices = self._index_of_cell.take(cell)
        near = np.flatnonzero(indices)
        if not len(near):
            return new
        self._fill(np.flatnonzero(np.bincount(cell.take(near))).astype(np.uint16))
        return new.take(np.flatnonzero(indices == 0))

    def _fill(self, cell: Cells) -> None:
        """Give an index to all colours of cells, so that those that come later are found at once."""
        blue, green, red = _axes(cell)
        blocks = self._blocks[blue, :, green, :, red]
        indices = blocks.view(np.uint8)
        indices += (indices == 0) * self._index_of_cell[cell][:, None, None]
        self._blocks[blue, :, green, :, red] = blocks
        self._filled.append(cell)

    def _search(self, new: Colors, counts: Counts) -> tuple[Places, NDArray[np.int32]]:
        """Find a near place for each colour, the nearest for the frequent ones; give errors too."""
        if len(new) <= _MANY:
            return self._nearest(channels(new))
        cell = cells(new)
        taken = np.bincount(cell, minlength=CELLS) > 0
        self._learn_cells(np.flatnonzero(taken & (self._nearest_of_cell == 0)).astype(np.uint16))
        places = self._nearest_of_cell.take(cell).astype(np.intp) - 1
        errors = self._errors(channels(new), places)
        frequent = np.flatnonzero(counts > np.partition(counts, -_MANY)[-_MANY])
        places[frequent], errors[frequent] = self._nearest(channels(new[frequent]))
        return places, errors

    def _learn_cells(self, cell: Cells) -> None:
        places, errors = self._nearest(cell_centers(cell))
        self._nearest_of_cell[cell] = places + 1
        self._index_of_cell[cell] = np.where(errors + 4 <= self.error, places + 1, 0)

    def _nearest(self, rgb: Channels) -> tuple[Places, NDArray[np.int32]]:
        """Give the place of the nearest colour on the palette, and its largest error on any channel."""
        # |c - p|^2 is least where 2 c p - |p|^2 is largest. All numbers are whole and below 2^24: no float is rounded.
        palette = np.concatenate([2 * self.colors.T, -(self.colors**2).sum(axis=1)[None]]).astype(np.float32)
        colors = np.ones((len(rgb), 4), np.float32)
        colors[:, :3] = rgb
        places = np.empty(len(rgb), np.intp)
        for start in range(0, len(rgb), _BATCH):
            part = slice(start, start + _BATCH)
            places[part] = (colors[part] @ palette).argmax(axis=1)
        return places, self._errors(rgb, places)

    def _least_error(self, new: Colors) -> tuple[Places, NDArray[np.int32]]:
        """Find the place with the least error on any channel for each colour; give errors too."""
        rgb = channels(new).astype(np.int16)
        palette = self.colors.astype(np.int16)
        places = np.empty(len(rgb), np.intp)
        for start in range(0, len(rgb), _BATCH):
            part = slice(start, start + _BATCH)
            red, green, blue = (np.abs(rgb[part, axis, None] - palette[:, axis]) for axis in range(3))
            places[part] = np.maximum(np.maximum(red, green), blue).argmin(axis=1)
        return places, self._errors(rgb, places)

    def _errors(self, rgb: NDArray[np.integer], places: Places) -> NDArray[np.int32]:
        errors: NDArray[np.int32] = np.abs(rgb.T - self.colors.T.take(places, axis=1)).max(axis=0, initial=0)
        return errors


def _axes(cell: Cells) -> tuple[NDArray[np.integer], ...]:
    """Give blue, green and red of cells, the order of the table."""
    return cell >> 10, cell >> 5 & 0x1F, cell & 0x1F
