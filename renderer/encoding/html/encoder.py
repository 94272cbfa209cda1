"""HTML: a page that plays an animation, lossless, with nothing loaded from elsewhere."""

from io import BytesIO
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderer.encoding.difference import Box, Difference, Packed, difference, packed
from renderer.encoding.formats import FORMATS
from renderer.encoding.html.page import end, head, sheet_element
from renderer.encoding.timing import MILLISECONDS, Ticks
from renderer.options import RenderOptions
from renderer.types import Frame, Size

_PICTURES = 4  # pictures in a sheet: they share tables and repeats, but wait for each other
_ROWS = FORMATS["webp"].longest_side  # of a sheet
_FRAMES = 64  # frames in a sheet, if nothing changes
_AREA = 1 << 21  # pixels in a sheet of several pictures
_TILE = 16  # pixels; a square of a picture in which nothing changed is transparent
_LOSSLESS = {"lossless": True, "quality": 30, "method": 1, "exact": True}
"""From a quality of 30 on libwebp searches for repeats. Higher values take longer and gain nothing on plots."""


class _Picture(NamedTuple):
    """What a frame changes.

    Attributes
    ----------
    box : Box
        Where.
    colors : ndarray of uint32, shape (box.height, box.width)
        The new pixels; those that are transparent leave the old ones, unless the picture replaces the box.
    replaces : bool
        Whether the box is cleared before.
    """

    box: Box
    colors: Packed
    replaces: bool


class HtmlEncoder:
    """Writes a page with a player.

    Each frame is the box of what changed. The boxes of some frames stand above each other in one picture, a sheet. The
    first frame has a sheet of its own, so that it can be shown at once.
    """

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self.size = size
        self._head = head(size, options.plays, options.metadata)
        self._clock = Ticks(MILLISECONDS.per_second)
        self._before: Packed | None = None
        self._frame_count = 0
        self._pictures: list[_Picture] = []
        self._entries: list[str] = []

    def add(self, frame: Frame) -> bytes:
        """Encode a frame; return the sheets that are complete."""
        picture = self._picture(packed(frame.pixels))
        done = b"" if picture is None or self._has_room(picture) else self._sheet()
        self._entries.append(self._entry(self._clock.advance(frame.duration), picture))
        if picture is not None:
            self._pictures.append(picture)
        self._frame_count += 1
        if self._frame_count == 1:
            done, self._head = self._head, b""
            return done + self._sheet()
        return done + (self._sheet() if len(self._entries) == _FRAMES else b"")

    def finish(self) -> bytes:
        """Return the last sheet, and the end of the page."""
        return (self._sheet() if self._entries else b"") + end(self._frame_count)

    def _picture(self, colors: Packed) -> _Picture | None:
        before, self._before = self._before, colors
        if before is None:
            change: Difference | None = Difference(Box(0, 0, *self.size), np.ones(colors.shape, np.bool_))
        else:
            change = difference(before, colors)
        if change is None:
            return None
        part = colors[change.box.slices]
        opaque = bool((part.view(np.uint8)[..., 3::4] == 255).all())
        return _Picture(change.box, part * _tiles(change.mask) if opaque else part, replaces=not opaque)

    def _has_room(self, picture: _Picture) -> bool:
        """Whether the sheet has room for another picture."""
        boxes = [each.box for each in (*self._pictures, picture)]
        rows = sum(box.height for box in boxes)
        area = rows * max(box.width for box in boxes)
        return not self._pictures or (len(boxes) <= _PICTURES and rows <= _ROWS and area <= _AREA)

    def _entry(self, milliseconds: int, picture: _Picture | None) -> str:
        if picture is None:
            return str(milliseconds)
        row = sum(each.box.height for each in self._pictures)
        return " ".join(map(str, (milliseconds, *picture.box, row, int(picture.replaces))))

    def _sheet(self) -> bytes:
        """Return the element of the pictures and frames so far, and begin a new sheet."""
        pictures, self._pictures = self._pictures, []
        entries, self._entries = self._entries, []
        sheet = _stacked([picture.colors for picture in pictures])
        return sheet_element(_webp(sheet) if pictures else b"", sheet.size, ";".join(entries))


def _tiles(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which pixels are in a tile with a changed pixel; shape (height, width), as the mask.

    Single transparent pixels among others take more bytes than the pixels do.
    """
    height, width = mask.shape
    rows, columns = -(-height // _TILE), -(-width // _TILE)
    padded = np.zeros((rows * _TILE, columns * _TILE), np.bool_)
    padded[:height, :width] = mask
    changed = padded.reshape(rows, _TILE, columns, _TILE).any(axis=(1, 3))
    return changed.repeat(_TILE, axis=0).repeat(_TILE, axis=1)[:height, :width]


def _stacked(pictures: list[Packed]) -> Packed:
    """Return pictures above each other, shape (sum of the heights, largest width)."""
    width = max((picture.shape[1] for picture in pictures), default=0)
    sheet = np.zeros((sum(map(len, pictures)), width), np.uint32)
    row = 0
    for picture in pictures:
        sheet[row : row + len(picture), : picture.shape[1]] = picture
        row += len(picture)
    return sheet


def _webp(colors: Packed) -> bytes:
    height, width = colors.shape
    file = BytesIO()
    Image.frombuffer("RGBA", (width, height), colors, "raw", "RGBA", 0, 1).save(file, "WEBP", **_LOSSLESS)
    return file.getvalue()
