"""From colours to the pictures of a GIF: which indices, which table, which pixels not to draw."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.difference import Box
from renderer.encoders.gif_blocks import TRANSPARENT, Picture, Table
from renderer.palette import Indices, Palette
from renderer.quantize import Channels, Colors

__all__ = ["CLEAR", "OPAQUE", "PictureMaker"]

OPAQUE = np.uint32(0xFF000000)
"""Added to the 24 bits of a colour that is drawn."""
CLEAR = np.uint32(0)
"""A pixel that is transparent."""

_NO_COLOR = (255, 255, 255)


class PictureMaker:
    """Turns parts of frames into pictures that share a palette as long as it serves.

    Parameters
    ----------
    capacity : int
        Colours on the palette, at most 255: one index is for transparent pixels.
    """

    def __init__(self, capacity: int) -> None:
        self._palette = Palette(capacity)
        self._file_colors: Channels = np.zeros((0, 3), np.int32)

    def file_table(self, pixels: Colors) -> Table:
        """Learn the colours of the first frame; give the table for the whole file."""
        self._palette.indices(_colors(pixels))
        self._file_colors = self._palette.colors
        return self._table()

    def start_anew(self) -> None:
        """Forget the palette."""
        self._palette.clear()

    def nothing(self) -> Picture:
        """Give a picture that leaves the screen as it is."""
        return Picture(Box(0, 0, 1, 1), np.full((1, 1), TRANSPARENT, np.uint8), None, transparency=True)

    def picture(self, box: Box, pixels: Colors, changed: NDArray[np.bool_] | None, *, transparency: bool) -> Picture:
        """Give the picture that brings a box up to date.

        Parameters
        ----------
        box : Box
            Part of the screen.
        pixels : ndarray of uint32, shape (box.height, box.width)
            What it is to show.
        changed : ndarray of bool or None
            Which pixels are not on the screen yet; None if all.
        transparency : bool
            Whether the picture has a transparent index in any case.
        """
        indices = self._palette.indices(_colors(pixels))
        opaque = pixels != CLEAR
        if not opaque.all():
            indices = indices * opaque
        if changed is not None:
            # Long runs compress well, be they of pixels left alone or of colours.
            indices = min(indices * changed, indices, key=_changes_along_rows)
        return self._compact(box, indices, _used(indices, transparency=transparency))

    def _compact(self, box: Box, indices: Indices, used: NDArray[np.intp]) -> Picture:
        transparency = bool(used[0] == TRANSPARENT)
        if self._serves(used):
            return Picture(box, indices, None, transparency)
        table = self._table()
        if _bits(len(used)) < _bits(len(table)):
            places = np.zeros(256, np.uint8)
            places[used] = np.arange(len(used))
            indices, table = places.take(indices), table[used]
        return Picture(box, indices, table, transparency)

    def _serves(self, used: NDArray[np.intp]) -> bool:
        """Tell whether the file's table has all the colours used."""
        colors = len(self._file_colors)
        return used[-1] <= colors and np.array_equal(self._palette.colors[: used[-1]], self._file_colors[: used[-1]])

    def _table(self) -> Table:
        return np.concatenate([[_NO_COLOR], self._palette.colors])


def _colors(pixels: Colors) -> Colors:
    return pixels & ~OPAQUE


def _bits(count: int) -> int:
    return (count - 1).bit_length()


def _used(indices: Indices, *, transparency: bool) -> NDArray[np.intp]:
    height, width = indices.shape
    image = Image.frombuffer("L", (width, height), np.ascontiguousarray(indices), "raw", "L", 0, 1)
    counts = np.array(image.histogram())
    counts[TRANSPARENT] += transparency
    return np.flatnonzero(counts)


def _changes_along_rows(indices: Indices) -> int:
    return int(np.count_nonzero(indices[:, 1:] != indices[:, :-1]))
