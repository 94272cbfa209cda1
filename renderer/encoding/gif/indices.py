"""From changes to indices on a palette that serves for as many shots as it can."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from renderer.encoding.difference import Box, Difference, Packed
from renderer.encoding.gif.blocks import TRANSPARENT
from renderer.encoding.gif.changes import CLEAR, OPAQUE, Change
from renderer.encoding.gif.colors import Channels, Indices, joined
from renderer.encoding.gif.dither import Dither
from renderer.encoding.gif.palette import Palette
from renderer.types import Size

GROUP = 64
"""Frames after which the palette starts anew and a picture is written in any case.

The bytes of a group depend on its frames, the frame before it and the time it starts; if pixels turn transparent, on
the frame after it too. The table of the file comes from the first group.
"""

_FEW = 4  # one of so many pixels of a box


class Indexed(NamedTuple):
    """A change on a palette.

    Attributes
    ----------
    difference : Difference
        The box to draw, and which of its pixels the screen lacks.
    indices : ndarray of uint8, shape (box.height, box.width)
        Index of every pixel, changed or not; `TRANSPARENT` where the shot is clear.
    palette : ndarray of int32, shape (n, 3)
        Red, green and blue of the indices 1 to n.
    file_colors : ndarray of int32, shape (m, 3)
        The same of the file's table; empty after the first group, whose palette it is.
    """

    difference: Difference
    indices: Indices
    palette: Channels
    file_colors: Channels


class Indexer:
    """Finds the indices of changes, with one palette for as long as it serves.

    Parameters
    ----------
    size : Size
        Width and height of the screen.
    colors : int
        Colors on the palette, at most 255: one index is for transparent pixels.
    dither : bool
        Whether colors that the palette lacks are mixed from others.
    """

    def __init__(self, size: Size, colors: int, *, dither: bool) -> None:
        self._palette = Palette(colors)
        # Of the last shot, on the present palette: pixels that do not change need not be looked up again.
        self._screen: Indices = np.full((size.height, size.width), TRANSPARENT, np.uint8)
        self._dither: Dither | None = Dither(self._palette.colors) if dither else None
        self._group = 0
        self._file_colors = self._palette.colors
        self._first: Indices | None = None

    def learn(self, colors: Packed, *, opaque: bool) -> Channels:
        """Choose the palette for the first frame, and return it for the table of the file.

        Parameters
        ----------
        colors : ndarray, shape (height, width)
            Opaque colors or `CLEAR`.
        opaque : bool
            Whether all are opaque.
        """
        height, width = colors.shape
        whole = Difference(Box(0, 0, width, height), colors != CLEAR)
        self._first = self._look_up(whole, colors, opaque=opaque)
        self._file_colors = self._palette.colors
        return self._file_colors

    def add(self, change: Change) -> Indexed | None:
        """Return the indices of a change, or None if it has nothing to draw."""
        shot, difference = change.shot, change.difference
        group = shot.number // GROUP
        if group != self._group:
            self._group = group
            self._forget()
            self._file_colors = self._palette.colors
        if difference is None:
            return None
        indices, self._first = self._first, None
        pixels = shot.colors[difference.box.slices]
        if indices is None or shot.number > 0:
            indices = self._look_up(difference, shot.colors, opaque=shot.opaque)
        palette = self._palette.colors
        if self._dither is not None and len(palette):
            indices = self._dithered(self._dither, indices, pixels, difference.box)
        if self._palette.strained:
            self._forget()  # the next shots may need fewer colors
        return Indexed(difference, indices, palette, self._file_colors)

    def _look_up(self, difference: Difference, frame: Packed, *, opaque: bool) -> Indices:
        pixels = frame[difference.box.slices]
        indices: Indices = self._screen[difference.box.slices].copy()
        new = difference.mask
        if indices.min() == TRANSPARENT:
            new = new | (indices == TRANSPARENT)
        drawn = None if opaque else pixels != CLEAR
        if drawn is not None:
            new = new & drawn
            indices *= drawn.view(np.uint8)
        # Picking a pixel takes longer than looking it up, so pixels are picked only if they are few.
        few = _FEW * np.count_nonzero(new) < new.size
        places = np.flatnonzero(new) if few else _colored(drawn)
        colors = (pixels & ~OPAQUE).ravel()
        new_indices = self._palette.find(colors[places])
        if new_indices is None:
            self._screen[:] = TRANSPARENT
            places = _colored(drawn)
            whole = None if self._palette.bounded else frame[frame != CLEAR] & ~OPAQUE
            new_indices = self._palette.replace(colors[places], whole)
        indices.reshape(-1)[places] = new_indices
        self._screen[difference.box.slices] = indices
        return indices

    def _forget(self) -> None:
        self._palette.clear()
        self._screen[:] = TRANSPARENT

    def _dithered(self, dither: Dither, indices: Indices, pixels: Packed, box: Box) -> Indices:
        palette = self._palette.colors
        if dither.palette is not palette:
            dither = self._dither = Dither(palette)
        colors = pixels & ~OPAQUE
        exact = np.concatenate([[CLEAR], joined(palette)])[indices] == colors
        return np.where(exact, indices, dither.places(colors, box) + 1)


def _colored(drawn: NDArray[np.bool_] | None) -> slice | NDArray[np.intp]:
    """Return the places of the pixels that are drawn; None stands for all pixels."""
    return slice(None) if drawn is None else np.flatnonzero(drawn)
