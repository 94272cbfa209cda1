"""GIF: only what changed, in colours that last."""

import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from renderer.encoding.difference import Box, Difference, around, difference, packed
from renderer.encoding.gif import blocks as gif_blocks
from renderer.encoding.gif.median_cut import Colors
from renderer.encoding.gif.pictures import CLEAR, NOTHING, OPAQUE, PictureMaker
from renderer.encoding.timing import Slot, Slots
from renderer.errors import FormatError, TimingWarning
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

__all__ = ["GROUP", "SHORTEST", "GifEncoder"]

GROUP = 64
"""Frames after which the palette starts anew and a picture is written in any case.

The bytes of a group depend on its own frames, the one before it and the time it starts; where pixels turn
transparent, on the one after it too. The first group also makes the table of the file.
"""

SHORTEST = 2
"""Hundredths of a second. Browsers show shorter pictures for a tenth of a second (Chromium, Firefox, WebKit)."""

_HUNDREDTHS = 100


class _Shown(NamedTuple):
    """A frame as it is to be seen: opaque colours, or `CLEAR`."""

    pixels: Colors
    opaque: bool
    """Whether no pixel is `CLEAR`."""
    group: int
    slot: Slot
    change: Difference | None = None
    """From the frame shown before."""


class GifEncoder:
    """Writes a GIF as the frames come, one frame behind.

    Colours are exact while 255 are enough. If not, none is off by more than 16 levels on any channel. Where no table
    holds a frame that well, as with noise or a grainy photograph, none is off by more than 21: a bound of 16 on
    colours that fill the cube takes 512 of them, thus two or three tables and pictures a frame, which would be a
    quarter to a half larger than one picture is, and seen one after the other.

    A pixel is either opaque or transparent: one with an alpha below 128 turns transparent, any other is laid on
    white.

    Equal neighbors are joined. A frame that would be shown for less than 0.02 seconds is left out, unless it is the
    last one.

    Parameters
    ----------
    options : RenderOptions
        Options of the render.
    size : Size
        Width and height of every frame, at most 65535.

    Raises
    ------
    FormatError
        The size does not fit.
    """

    media_type = "image/gif"
    transparency = True
    options_used = frozenset({"colors", "dither", "max_bytes"})

    def __init__(self, options: RenderOptions, size: Size) -> None:
        if max(size) > gif_blocks.LONGEST_SIDE:
            raise FormatError(
                f"a GIF is at most {gif_blocks.LONGEST_SIDE} pixels wide and high, not {size.width} x {size.height}; "
                "lower the dpi"
            )
        self._options = options
        self._size = size
        self._maker = PictureMaker(size, min(options.colors or 255, 255), dither=options.dither)
        self._slots = Slots(_HUNDREDTHS, SHORTEST)
        self._count = 0
        self._left_out: _Shown | None = None
        self._shown: _Shown | None = None
        self._screen = np.full((size.height, size.width), CLEAR)
        self._begun = False
        self._cleared = False
        self._first: Colors | None = None  # while it has been looked up and not drawn
        self._group = 0
        self._warned = False

    def add(self, frame: Frame) -> bytes:
        """Take the next frame; give the ones before, as far as their times are known."""
        pixels, opaque = _binary_alpha(frame.pixels)
        head = self._head(pixels, opaque=opaque) if self._count == 0 else b""
        group = self._count // GROUP
        self._count += 1
        slot = self._slot(frame)
        if slot is None:
            self._left_out = _Shown(pixels, opaque, group, self._slots.last())
            return head
        self._left_out = None
        return head + self._show(_Shown(pixels, opaque, group, slot))

    def finish(self) -> bytes:
        """Give the last picture and the end of the file."""
        rest = b"" if self._left_out is None else self._show(self._left_out)
        if self._shown is None:
            raise FormatError("a GIF needs a frame; the animation has none")
        return rest + self._draw(self._shown, None) + gif_blocks.TRAILER

    def _slot(self, frame: Frame) -> Slot | None:
        if round(frame.duration * _HUNDREDTHS) > gif_blocks.LONGEST:
            longest = gif_blocks.LONGEST / _HUNDREDTHS
            raise FormatError(
                f"frame {frame.index} is shown for {frame.duration:g} seconds; a GIF can show it for {longest}"
            )
        slot = self._slots.add(frame.duration)
        if slot is None and not self._warned:
            self._warned = True
            warnings.warn(
                f"frame {frame.index} is shown for {frame.duration:g} seconds, and browsers slow a GIF down if that is "
                "less than 0.02: such frames are left out; use at most 50 fps, or another format",
                TimingWarning,
                stacklevel=2,
            )
        return slot

    def _head(self, pixels: Colors, *, opaque: bool) -> bytes:
        self._first = pixels
        header = gif_blocks.header(self._size, self._maker.file_table(pixels, opaque=opaque))
        return header + gif_blocks.loop(self._options.plays) + gif_blocks.comment(self._options.metadata)

    def _show(self, after: _Shown) -> bytes:
        before = self._shown
        if before is None:
            self._shown = after
            return b""
        change = difference(before.pixels, after.pixels)
        if change is None and before.group == after.group:
            self._shown = before._replace(slot=Slot(before.slot.start, after.slot.end))
            return b""
        self._shown = after._replace(change=change)
        return self._draw(before, self._shown)

    def _draw(self, shown: _Shown, after: _Shown | None) -> bytes:
        """Draw a frame, so that *after* can be drawn next."""
        if shown.group != self._group:
            self._group = shown.group
            self._maker.start_anew()
        vanishing = None if after is None or after.opaque else _vanishing(shown.pixels, after.pixels)
        change = self._change(shown, vanishing)
        hundredths = shown.slot.end - shown.slot.start
        picture = NOTHING
        if change is not None:
            pixels = shown.pixels[change.box.slices]
            if shown.pixels is not self._first:
                self._maker.look_up(change, pixels, opaque=shown.opaque)
            picture = self._maker.picture(
                change,
                pixels,
                # Pillow and FFmpeg clear a picture only if it has that, and Pillow only if the first one has it too.
                transparency=vanishing is not None or not self._begun,
            )
        self._begun, self._first = True, None
        self._screen = shown.pixels
        self._cleared = vanishing is not None and change is not None
        disposal = gif_blocks.KEEP
        if vanishing is not None and change is not None:
            disposal = gif_blocks.CLEAR
            self._screen = shown.pixels.copy()
            self._screen[change.box.slices] = CLEAR
        *others, last = _parts(hundredths)
        blocks = [gif_blocks.picture(picture, part, disposal=gif_blocks.KEEP) for part in others]
        return b"".join((*blocks, gif_blocks.picture(picture, last, disposal=disposal)))

    def _change(self, shown: _Shown, vanishing: Box | None) -> Difference | None:
        """Give the part of the screen to draw, if there is any, and which of its pixels are not there yet."""
        if not self._begun:
            return Difference(Box(0, 0, *self._size), shown.pixels != CLEAR)
        change = shown.change
        if self._cleared:
            change = difference(self._screen, shown.pixels)
        if vanishing is None:
            return change
        box = vanishing if change is None else around(change.box, vanishing)
        return Difference(box, shown.pixels[box.slices] != self._screen[box.slices])


def _parts(hundredths: int) -> Iterator[int]:
    """Share out a time that is longer than one picture can be shown: drawn again, it changes nothing on the screen."""
    while hundredths > gif_blocks.LONGEST:
        part = gif_blocks.LONGEST - SHORTEST
        yield part
        hundredths -= part
    yield hundredths


def _vanishing(before: Colors, after: Colors) -> Box | None:
    """Give the box of the pixels that turn transparent."""
    change = difference((before != CLEAR) & (after == CLEAR), np.zeros_like(before, bool))
    return change and change.box


def _binary_alpha(pixels: Pixels) -> tuple[Colors, bool]:
    """Make every pixel opaque or `CLEAR`; tell whether all are opaque."""
    colors = packed(pixels)
    if colors.min() >= OPAQUE:
        return colors, True
    alpha = colors >> 24
    result = np.where(alpha == 255, colors, CLEAR)
    soft = (alpha >= 128) & (alpha < 255)
    rgba = pixels[soft].astype(np.uint16)
    rgba[:, :3] = (rgba[:, :3] * rgba[:, 3:] + 255 * (255 - rgba[:, 3:]) + 127) // 255
    rgba[:, 3] = 255
    result[soft] = packed(rgba.astype(np.uint8))
    return result, bool(result.min() >= OPAQUE)
