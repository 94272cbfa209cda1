"""From frames to shots: equal neighbors joined, times rounded, frames that are too short left out."""

from typing import NamedTuple, Optional

import numpy as np

from renderer.encoding.difference import Difference, Packed, difference, packed
from renderer.encoding.timing import SLOWED, Ticks, TimeScale
from renderer.errors import TimingWarning
from renderer.tracebacks import warn
from renderer.types import Frame, Pixels


class Shot(NamedTuple):
    """What is on the screen for some time.

    Attributes
    ----------
    colors : ndarray of uint32, shape (height, width)
        Packed pixels (see `packed`).
    ticks : int
        How long it is shown.
    number : int
        Position of its first frame in the animation, from 0.
    opaque : bool
        Whether all pixels are known to be opaque.
    change : Difference or None
        Difference to the shot before; None for the first shot, and if the two are equal.
    after : Shot or None
        The shot that begins when this one ends; None at the end. Its time is not final: a shot whose time stays zero is
        left out in the end.
    """

    colors: Packed
    ticks: int
    number: int
    opaque: bool = False
    change: Difference | None = None
    after: Optional["Shot"] = None

    @property
    def pixels(self) -> Pixels:
        """RGBA, shape (height, width, 4)."""
        return self.colors.view(np.uint8).reshape(*self.colors.shape, 4)


class Timeline:
    """Turns frames into shots.

    Which frames are left out because of `TimeScale.shortest` follows from the times alone, before neighbors are
    compared. Then equal neighbors are joined, and a shot whose time still rounds to nothing is left out. The last
    picture is shown in any case.

    Parameters
    ----------
    scale : TimeScale
        Ticks of the format.
    group : int, optional
        Number of frames in a group. Neighbors of two groups are not joined.

    Attributes
    ----------
    left_out : int
        Frames so far that are shorter than `TimeScale.shortest`, and are not shown.
    """

    def __init__(self, scale: TimeScale, group: int | None = None) -> None:
        self._scale = scale
        self._group = group
        self._clock = Ticks(scale.per_second)
        self._start = 0
        self._count = 0
        self._too_short: Shot | None = None
        self._any_too_short = False
        self.left_out = 0
        self._shown: Packed | None = None
        self._shot: Shot | None = None
        self._warned = False

    def add(self, frame: Frame, *, opaque: bool = False) -> tuple[Shot, ...]:
        """Add a frame; return the shot before it if that is over.

        *opaque* says that all pixels of the frame are.
        """
        self._clock.advance(frame.duration)
        shot = Shot(packed(frame.pixels), self._clock.now - self._start, self._count, opaque)
        self._count += 1
        if shot.ticks < self._scale.shortest:
            self._too_short = shot._replace(ticks=self._scale.shortest)
            self._any_too_short = True
            self.left_out += 1
            return ()
        self._too_short = None
        self._start = self._clock.now
        return self._join(shot)

    def finish(self) -> tuple[Shot, ...]:
        """Return the last shots, if there was a frame."""
        before: tuple[Shot, ...] = ()
        if self._too_short is not None:
            self.left_out -= 1
            before = self._join(self._too_short)
        if self._any_too_short:
            self._warn(
                "browsers slow a GIF down whose frames last less than 0.02 seconds: "
                f"{self.left_out} of {self._count} frames are left out; use at most 50 fps, or another format"
            )
        if self._shot is None:
            return ()
        return (*before, self._checked(self._shot._replace(ticks=max(1, self._shot.ticks))))

    def _join(self, shot: Shot) -> tuple[Shot, ...]:
        before, self._shot = self._shot, shot
        if before is None:
            return ()
        change = difference(before.colors, shot.colors)
        if change is None and (not self._group or before.number // self._group == shot.number // self._group):
            self._shot = before._replace(ticks=before.ticks + shot.ticks)
            return ()
        if before.ticks == 0:
            change = None if self._shown is None else difference(self._shown, shot.colors)
            self._shot = shot._replace(change=change)
            return ()
        self._shown = before.colors
        self._shot = shot._replace(change=change)
        return (self._checked(before._replace(after=self._shot)),)

    def _checked(self, shot: Shot) -> Shot:
        """Warn if browsers show the shot for longer than its time; return it."""
        if shot.ticks <= SLOWED * self._scale.per_second:
            self._warn(
                f"browsers show a picture of {1000 * SLOWED:g} ms or less for 100 ms; use a lower fps, or mp4 or webm"
            )
        return shot

    def _warn(self, message: str) -> None:
        if not self._warned:
            self._warned = True
            warn(message, TimingWarning)
