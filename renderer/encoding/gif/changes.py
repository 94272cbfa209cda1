"""From shots to changes: what each picture has to draw, and whether its box is cleared afterwards."""

from typing import NamedTuple

import numpy as np

from renderer.encoding.difference import Box, Difference, Packed, difference, enclosing, moved, packed, true_box
from renderer.encoding.timeline import Shot
from renderer.pixels import on_white
from renderer.types import Pixels

OPAQUE = np.uint32(0xFF000000)
"""Alpha of a pixel that is drawn."""
CLEAR = np.uint32(0)
"""A pixel that is transparent."""


def binary_alpha(pixels: Pixels) -> tuple[Pixels, bool]:
    """Make each pixel opaque or `CLEAR`; return the pixels, and whether all are opaque.

    A pixel is clear if its alpha is below 128, and laid on white otherwise.
    """
    colors = packed(pixels)
    if colors.min() >= OPAQUE:
        return pixels, True
    # Read as a signed number, a color is negative if its alpha is at least 128, and the less the lower that alpha is.
    signed = colors.view("<i4")
    drawn = signed >> 31
    result = colors & drawn.view("<u4")
    soft = np.flatnonzero(result.view("<i4") < OPAQUE.view(np.int32))
    if len(soft):
        result.reshape(-1)[soft] = packed(on_white(pixels.reshape(-1, 4)[soft]))
    return result.view(np.uint8).reshape(pixels.shape), bool(drawn.max() < 0)


class Change(NamedTuple):
    """A shot, and how it differs from what is on the screen before it.

    Attributes
    ----------
    shot : Shot
        What is to be on the screen. Its colors are opaque or `CLEAR`.
    difference : Difference or None
        The box to draw, and which of its pixels the screen lacks; None if there is nothing to draw.
    first : bool
        Whether nothing was drawn before.
    clears : bool
        Whether the box turns transparent when the time of the shot is over.
    """

    shot: Shot
    difference: Difference | None
    first: bool
    clears: bool


class Screen:
    """What a viewer shows while it plays the file."""

    def __init__(self) -> None:
        self._colors: Packed | None = None
        self._cleared: Box | None = None

    def add(self, shot: Shot) -> Change:
        """Return what has to be drawn for a shot, so that the next shot can be drawn on top of it.

        No picture can turn pixels of the screen transparent. So the box of the picture before is extended to hold such
        pixels, and it is cleared when the time of that picture is over.
        """
        vanishing = _vanishing(shot)
        change = Change(shot, self._difference(shot, vanishing), self._colors is None, vanishing is not None)
        self._colors = shot.colors
        self._cleared = None
        if change.clears and change.difference is not None:
            self._cleared = change.difference.box
            self._colors = shot.colors.copy()
            self._colors[self._cleared.slices] = CLEAR
        return change

    def _difference(self, shot: Shot, vanishing: Box | None) -> Difference | None:
        screen = self._colors
        if screen is None:
            height, width = shot.colors.shape
            return Difference(Box(0, 0, width, height), shot.colors != CLEAR)
        change = shot.change
        if self._cleared is not None:
            region = self._cleared if change is None else enclosing(self._cleared, change.box)
            change = difference(screen, shot.colors, region)
        if vanishing is None:
            return change
        box = vanishing if change is None else enclosing(change.box, vanishing)
        if change is not None and box == change.box:
            return change
        return Difference(box, shot.colors[box.slices] != screen[box.slices])


def _vanishing(shot: Shot) -> Box | None:
    """Return the box of the pixels that turn transparent after a shot."""
    after = shot.after
    if after is None or after.opaque or after.change is None:
        return None
    region, changed = after.change
    vanishing = true_box(changed & (after.colors[region.slices] == CLEAR))
    return vanishing and moved(vanishing, region)
