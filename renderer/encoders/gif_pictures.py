"""From colours to the pictures of a GIF: which indices, which table, which pixels are left alone."""

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.difference import Box, Difference
from renderer.dither import Dither
from renderer.encoders.gif_blocks import TRANSPARENT, Picture, Table, compressed
from renderer.palette import Indices, Palette
from renderer.quantize import BOUND, GRID, Channels, Colors, Reduction, joined, median_cut
from renderer.types import Size

__all__ = ["CLEAR", "NOTHING", "OPAQUE", "PictureMaker"]

OPAQUE = np.uint32(0xFF000000)
"""Added to the 24 bits of a colour that is drawn."""
CLEAR = np.uint32(0)
"""A pixel that is transparent."""

NOTHING = Picture(Box(0, 0, 1, 1), compressed(np.full((1, 1), TRANSPARENT, np.uint8)), None, transparency=True)
"""A picture that leaves the screen as it is."""

_WHITE = np.full((1, 3), 255, np.int32)  # where the table has the transparent index, for viewers that ignore it
_CLOSE = 1.25
_LARGE = 1 << 14  # bytes
_FULL = 255  # colours in a table with a transparent index
_FEW = 4  # one of so many

Places = slice | NDArray[np.intp]


class PictureMaker:
    """Turns parts of frames into pictures, with one palette for as long as it serves.

    Parameters
    ----------
    size : Size
        Width and height of the screen.
    colors : int
        Colours on the palette, at most 255: one index is for transparent pixels.
    dither : bool
        Whether colours that the palette lacks are mixed from others.
    """

    def __init__(self, size: Size, colors: int, *, dither: bool) -> None:
        self._palette = Palette(colors)
        # Of what was shown, on the present palette: what does not change need not be looked up again.
        self._indices: Indices = np.full((size.height, size.width), TRANSPARENT, np.uint8)
        self._dither: Dither | None = Dither(self._palette.colors) if dither else None
        self._bounded = colors >= math.prod(GRID)
        self._file_colors: Channels = np.zeros((0, 3), np.int32)

    def file_table(self, pixels: Colors) -> Table:
        """Learn the colours of the first frame; give the table for the whole file."""
        height, width = pixels.shape
        self.look_up(Difference(Box(0, 0, width, height), pixels != CLEAR), pixels)
        self._file_colors = self._palette.colors
        return _table(self._file_colors)

    def start_anew(self) -> None:
        """Forget all colours, those of the file too."""
        self._forget()
        self._file_colors = self._palette.colors

    def look_up(self, change: Difference, pixels: Colors) -> None:
        """Learn what a part of the screen is to show; before `pictures`, with the same arguments."""
        indices = self._indices[change.box.slices].copy()
        new = change.mask | (indices == TRANSPARENT)
        colored: Places = slice(None)
        if pixels.min() == CLEAR:
            opaque = pixels != CLEAR
            new &= opaque
            indices *= opaque
            colored = np.flatnonzero(opaque)
        # To pick pixels takes longer than to look them up: only few are picked.
        places = np.flatnonzero(new) if _FEW * np.count_nonzero(new) < new.size else colored
        colors = pixels.ravel()
        found = self._palette.find(colors[places] & ~OPAQUE)
        if found is None:
            self._indices[:] = TRANSPARENT
            places = colored
            found = self._palette.make_anew(colors[places] & ~OPAQUE)
        indices.reshape(-1)[places] = found
        self._indices[change.box.slices] = indices

    def pictures(
        self,
        change: Difference,
        pixels: Colors,
        *,
        most: int,
        transparency: bool,
    ) -> list[Picture]:
        """Give the picture that brings a box up to date, or several to draw one after the other.

        There are several only where no table holds the colours with an error of at most `BOUND`: the first one is near,
        the others draw again what is not near enough.

        Parameters
        ----------
        change : Difference
            A part of the screen, and which of its pixels are not there yet.
        pixels : ndarray of uint32, shape (box.height, box.width)
            What it is to show.
        most : int
            How many pictures there is time for.
        transparency : bool
            Whether the pictures have a transparent index in any case.
        """
        box, changed = change
        indices = self._indices[box.slices]
        if self._bounded and self._palette.error > BOUND:
            layers = _layers(pixels & ~OPAQUE, changed & (pixels != CLEAR), most)
            layers = layers or [(indices * changed, self._palette.colors)]
            # The next frames may need less than everything.
            self._forget()
            return [_Way(*layer, transparency).picture(box) for layer in layers]
        if self._dither is not None:
            indices = self._dithered(indices, pixels, box)
        sparse = indices * changed
        some = np.count_nonzero(sparse) < np.count_nonzero(indices)
        ways = [_Way(way, self._new_colors(way), transparency) for way in (sparse, indices)[: 1 + some]]
        ways.sort(key=lambda way: way.cost)
        # Where costs are close they do not tell which way is smaller. In large pictures they hardly ever are.
        close = min(_LARGE, _CLOSE * ways[0].cost)
        tried = [ways[0], *(way for way in ways[1:] if way.cost < close)]
        return [min((way.picture(box) for way in tried), key=lambda picture: picture.size)]

    def _forget(self) -> None:
        self._palette.clear()
        self._indices[:] = TRANSPARENT

    def _dithered(self, indices: Indices, pixels: Colors, box: Box) -> Indices:
        palette = self._palette.colors
        if self._dither is None or self._dither.palette is not palette:
            self._dither = Dither(palette)
        colors = pixels & ~OPAQUE
        exact = np.concatenate([[CLEAR], joined(palette)])[indices] == colors
        return np.where(exact, indices, self._dither.places(colors, box) + 1)

    def _new_colors(self, indices: Indices) -> Channels | None:
        """Give the palette, or None if the table of the file has all that is used of it."""
        palette, used = self._palette.colors, int(indices.max())
        if used <= len(self._file_colors) and np.array_equal(palette[:used], self._file_colors[:used]):
            return None
        return palette


class _Way:
    """One way to write a picture.

    Parameters
    ----------
    indices : ndarray of uint8, shape (height, width)
        0 is transparent.
    colors : ndarray or None
        Colours of the indices from 1; None if the table of the file has them.
    transparency : bool
        Whether there is a transparent index in any case.
    """

    def __init__(self, indices: Indices, colors: Channels | None, transparency: bool) -> None:
        self._indices = indices
        self._colors = colors
        self._transparency = transparency or not indices.all()
        self.cost = 2 * int(np.count_nonzero(indices[:, 1:] != indices[:, :-1]))
        """Bytes, roughly: LZW takes some two for each change along a row."""
        if colors is not None and self.cost < _LARGE:  # where it is large, a table does not matter
            self.cost += 3 << _bits(self._used)

    @cached_property
    def _used(self) -> NDArray[np.intp]:
        height, width = self._indices.shape
        image = Image.frombuffer("L", (width, height), np.ascontiguousarray(self._indices), "raw", "L", 0, 1)
        counts = np.array(image.histogram())
        counts[TRANSPARENT] = self._transparency
        return np.flatnonzero(counts)

    def picture(self, box: Box) -> Picture:
        """Give the picture, with a table of its own if it needs one, and what it does not use left out of that."""
        indices, table = self._indices, None
        if self._colors is not None:
            used, table = self._used, _table(self._colors)
            if _bits(used) < _bits(table):
                places = np.zeros(256, np.uint8)
                places[used] = np.arange(len(used))
                indices, table = places.take(indices), table[used]
        return Picture(box, compressed(indices), table, transparency=self._transparency)


def _layers(colors: Colors, drawn: NDArray[np.bool_], most: int) -> list[tuple[Indices, Channels]]:
    """Share colours out to several tables, the frequent ones in the first; give none if that cannot hold the bound."""
    seen, inverse, counts = np.unique(colors[drawn], return_inverse=True, return_counts=True)
    for count in range(2, most + 1):
        reduction = median_cut(seen, counts, count * _FULL)
        if reduction.error <= BOUND:
            centers, places = _by_frequency(reduction, counts)
            return [_layer(centers, places[inverse], drawn, number) for number in range(count)]
    return []


def _by_frequency(reduction: Reduction, counts: NDArray[np.intp]) -> tuple[Channels, NDArray[np.intp]]:
    order = np.argsort(-np.bincount(reduction.places, counts), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return reduction.centers[order], rank[reduction.places]


def _layer(
    centers: Channels, places: NDArray[np.intp], drawn: NDArray[np.bool_], number: int
) -> tuple[Indices, Channels]:
    table = centers[number * _FULL : (number + 1) * _FULL]
    own = np.arange(len(centers)) // _FULL == number
    index = np.where(own, np.arange(len(centers)) % _FULL + 1, TRANSPARENT)
    if number == 0:
        others = centers[~own]
        index[~own] = ((others[:, None] - table) ** 2).sum(axis=2).argmin(axis=1) + 1
    indices = np.full(drawn.shape, TRANSPARENT, np.uint8)
    indices[drawn] = index[places]
    return indices, table


def _table(colors: Channels) -> Table:
    return np.concatenate([_WHITE, colors])


def _bits(table: NDArray[np.generic]) -> int:
    return (len(table) - 1).bit_length()
