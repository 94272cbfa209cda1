"""From colours to the pictures of a GIF: which indices, which table, which pixels are left alone."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.encoding.difference import Box, Difference
from renderer.encoding.gif.blocks import TRANSPARENT, Picture, Table, compressed
from renderer.encoding.gif.dither import Dither
from renderer.encoding.gif.median_cut import Channels, Colors, joined
from renderer.encoding.gif.palette import Indices, Palette
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
_FEW = 4  # one of so many
_TALL = 64  # rows; of larger pictures, some show what the rest takes
_SOME = 5  # one of so many rows; no pattern of a dither or a dash repeats as often
_ROWS = 16  # one of so many shows what a picture is like

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
        self._file_colors: Channels = np.zeros((0, 3), np.int32)

    def file_table(self, pixels: Colors, *, opaque: bool) -> Table:
        """Learn the colours of the first frame; give the table for the whole file."""
        height, width = pixels.shape
        self.look_up(Difference(Box(0, 0, width, height), pixels != CLEAR), pixels, opaque=opaque)
        self._file_colors = self._palette.colors
        return _table(self._file_colors)

    def start_anew(self) -> None:
        """Forget all colours, those of the file too."""
        self._forget()
        self._file_colors = self._palette.colors

    def look_up(self, change: Difference, pixels: Colors, *, opaque: bool) -> None:
        """Learn what a part of the screen is to show; before `picture`, with the same change and pixels.

        *opaque* tells that no pixel of the frame is `CLEAR`.
        """
        indices = self._indices[change.box.slices].copy()
        new = change.mask
        if indices.min() == TRANSPARENT:
            new = new | (indices == TRANSPARENT)
        colored: Places = slice(None)
        if not opaque:
            there = pixels != CLEAR
            new = new & there
            indices *= there
            colored = np.flatnonzero(there)
        # To pick pixels takes longer than to look them up: only few are picked.
        places = np.flatnonzero(new) if _FEW * np.count_nonzero(new) < new.size else colored
        colors = (pixels & ~OPAQUE).ravel()
        found = self._palette.find(colors[places])
        if found is None:
            self._indices[:] = TRANSPARENT
            places = colored
            found = self._palette.make_anew(colors[places])
        indices.reshape(-1)[places] = found
        self._indices[change.box.slices] = indices

    def picture(self, change: Difference, pixels: Colors, *, transparency: bool) -> Picture:
        """Give the picture that brings a part of the screen up to date.

        Parameters
        ----------
        change : Difference
            A part of the screen, and which of its pixels are not there yet.
        pixels : ndarray of uint32, shape (box.height, box.width)
            What it is to show.
        transparency : bool
            Whether the picture has a transparent index in any case.
        """
        box, changed = change
        indices = self._indices[box.slices]
        if self._dither is not None:
            indices = self._dithered(indices, pixels, box)
        drawn = [indices] if changed.all() else [indices * changed, indices]
        ways = [_Way(way, self._new_colors(way), transparency) for way in drawn]
        ways.sort(key=lambda way: way.cost)
        # Where costs are close they do not tell which way is smaller. In large pictures they hardly ever are.
        close = min(_LARGE, _CLOSE * ways[0].cost)
        tried = [ways[0], *(way for way in ways[1:] if way.cost < close)]
        picture = min((way.picture(box) for way in tried), key=lambda picture: picture.size)
        if self._palette.strained:
            self._forget()  # the next frames may need less
        return picture

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
        palette = self._palette.colors
        if palette is self._file_colors:
            return None
        used = int(indices.max())
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
        self._transparency = transparency or bool(indices.min() == TRANSPARENT)
        rows = indices[::_SOME] if len(indices) > _TALL else indices
        changes = np.count_nonzero(rows[:, 1:] != rows[:, :-1])
        self.cost = 2 * changes * len(indices) // len(rows)
        """Bytes, roughly: LZW takes some two for each change along a row."""
        if colors is not None and self.cost < _LARGE:  # where it is large, a table does not matter
            self.cost += 3 << _bits(self._used)

    @cached_property
    def _used(self) -> NDArray[np.intp]:
        return self._used_of(self._indices)

    def _used_of(self, indices: Indices) -> NDArray[np.intp]:
        height, width = indices.shape
        image = Image.frombuffer("L", (width, height), np.ascontiguousarray(indices), "raw", "L", 0, 1)
        counts = np.array(image.histogram())
        counts[TRANSPARENT] = self._transparency
        return np.flatnonzero(counts)

    def picture(self, box: Box) -> Picture:
        """Give the picture, with a table of its own if it needs one, and what it does not use left out of that."""
        indices, table = self._indices, None
        if self._colors is not None:
            table = _table(self._colors)
            # Often a few rows show that all of it is needed.
            if _bits(self._used_of(indices[::_ROWS])) < _bits(table) and _bits(self._used) < _bits(table):
                places = np.zeros(256, np.uint8)
                places[self._used] = np.arange(len(self._used))
                indices, table = places.take(indices), table[self._used]
        return Picture(box, compressed(indices), table, transparency=self._transparency)


def _table(colors: Channels) -> Table:
    return np.concatenate([_WHITE, colors])


def _bits(table: NDArray[np.generic]) -> int:
    return (len(table) - 1).bit_length()
