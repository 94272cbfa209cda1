"""From seconds to the ticks of a format, without drift."""

from typing import NamedTuple

__all__ = ["Slot", "Slots", "Ticks"]


class Ticks:
    """Rounds a running total of seconds, so that errors never add up.

    Parameters
    ----------
    per_second : int
        Ticks of the format in a second: 100 for GIF, 1000 for WebP.
    """

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._seconds = 0.0
        self.now = 0
        """Ticks that have passed, rounded."""

    def advance(self, seconds: float) -> int:
        """Let *seconds* pass; give the ticks that this takes on the rounded scale."""
        before = self.now
        self._seconds += seconds
        self.now = round(self._seconds * self._per_second)
        return self.now - before


class Slot(NamedTuple):
    """When a frame is shown, in ticks."""

    start: int
    end: int


class Slots:
    """Gives each frame its time, of a length that viewers keep to.

    A frame whose time would be too short gets none: the next one takes its place. Which frames those are
    follows from the times alone.

    Parameters
    ----------
    per_second : int
        Ticks in a second.
    shortest : int
        Ticks that a frame is shown at least.
    """

    def __init__(self, per_second: int, shortest: int) -> None:
        self._ticks = Ticks(per_second)
        self._shortest = shortest
        self._start = 0

    def add(self, seconds: float) -> Slot | None:
        """Give the time of the next frame, or None if it is left out."""
        self._ticks.advance(seconds)
        slot = Slot(self._start, self._ticks.now)
        if slot.end - slot.start < self._shortest:
            return None
        self._start = slot.end
        return slot

    def last(self) -> Slot:
        """Give the time of the last frame, after all, if `add` gave it none."""
        return Slot(self._start, self._start + self._shortest)
