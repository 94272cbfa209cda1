"""From indices to the smallest picture that draws them."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.encoding.difference import Box
from renderer.encoding.gif.blocks import TRANSPARENT, Picture, Table, compressed
from renderer.encoding.gif.colors import Channels, Indices
from renderer.encoding.gif.indices import Indexed
from renderer.lazy import lazy

NOTHING = Picture(Box(0, 0, 1, 1), compressed(np.full((1, 1), TRANSPARENT, np.uint8)), None, transparency=True)
"""A picture that leaves the screen as it is."""

_WHITE = np.full((1, 3), 255, np.int32)  # at the transparent index, for viewers that ignore transparency
_CLOSE = 1.25
_LARGE = 1 << 14  # bytes
_TALL = 64  # rows; the cost of a taller picture is estimated from a sample of its rows
_SAMPLE = 5  # one of so many rows; no pattern of a dither or a dash repeats as often
_ROWS = 16  # one of so many rows is searched for the indices in use, before all of them are


def smallest_picture(indexed: Indexed, *, transparency: bool) -> Picture:
    """Return the picture that brings its box up to date in the fewest bytes.

    Either every pixel of the box is drawn, or unchanged pixels are transparent.

    Parameters
    ----------
    indexed : Indexed
        What to draw.
    transparency : bool
        Whether the picture has a transparent index in any case.
    """
    (box, changed), indices, palette, file_colors = indexed
    masked = indices * changed.view(np.uint8)
    drawn = [indices] if np.array_equal(masked, indices) else [masked, indices]
    candidates = [_Candidate(each, _local_colors(each, palette, file_colors), transparency) for each in drawn]
    candidates.sort(key=lambda candidate: candidate.cost)
    # If costs are close, they do not decide which candidate is smaller. In large pictures they are hardly ever close.
    close = min(_LARGE, _CLOSE * candidates[0].cost)
    best = [candidates[0], *(candidate for candidate in candidates[1:] if candidate.cost < close)]
    return min((candidate.picture(box) for candidate in best), key=lambda picture: picture.size)


def table_of(colors: Channels) -> Table:
    """Return the table for colors of the indices from 1."""
    return np.concatenate([_WHITE, colors])


def _local_colors(indices: Indices, palette: Channels, file_colors: Channels) -> Channels | None:
    """Return the palette, or None if the table of the file has all colors in use."""
    if palette is file_colors:
        return None
    used = int(indices.max())
    if used <= len(file_colors) and np.array_equal(palette[:used], file_colors[:used]):
        return None
    return palette


class _Candidate:
    """One of the pictures that could be written.

    Parameters
    ----------
    indices : ndarray of uint8, shape (height, width)
        0 is transparent.
    colors : ndarray or None
        Colors of the indices from 1; None if the table of the file has them.
    transparency : bool
        Whether there is a transparent index in any case.
    """

    def __init__(self, indices: Indices, colors: Channels | None, transparency: bool) -> None:
        self._indices = indices
        self._colors = colors
        self._transparency = transparency or bool(indices.min() == TRANSPARENT)
        rows = indices[::_SAMPLE] if len(indices) > _TALL else indices
        changes = np.count_nonzero(rows[:, 1:] != rows[:, :-1])
        self.cost = 2 * changes * len(indices) // len(rows)
        """Bytes, roughly: LZW takes some two for each change along a row."""
        if colors is not None and self.cost < _LARGE:  # where it is large, a table does not matter
            self.cost += 3 << _bits(self._used)

    @lazy
    def _used(self) -> NDArray[np.intp]:
        return self._used_of(self._indices)

    def _used_of(self, indices: Indices) -> NDArray[np.intp]:
        height, width = indices.shape
        image = Image.frombuffer("L", (width, height), np.ascontiguousarray(indices), "raw", "L", 0, 1)
        counts = np.array(image.histogram())
        counts[TRANSPARENT] = self._transparency
        return np.flatnonzero(counts)

    def picture(self, box: Box) -> Picture:
        """Return the picture, with a table of its own if it needs one, reduced to the colors in use."""
        indices, table = self._indices, None
        if self._colors is not None:
            table = table_of(self._colors)
            # Often a few rows show that all of it is needed.
            if _bits(self._used_of(indices[::_ROWS])) < _bits(table) and _bits(self._used) < _bits(table):
                places = np.zeros(256, np.uint8)
                places[self._used] = np.arange(len(self._used))
                indices, table = places.take(indices), table[self._used]
        return Picture(box, compressed(indices), table, transparency=self._transparency)


def _bits(table: NDArray[np.generic]) -> int:
    return (len(table) - 1).bit_length()
