"""From seconds to the ticks of a format, without drift."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

SLOWED = 0.01
"""Seconds. Browsers show a picture of at most this time for a tenth of a second (Chromium, Firefox, WebKit)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeScale:
    """Times that a format can state.

    Attributes
    ----------
    per_second : int
        Ticks in a second.
    shortest : int, default: 0
        A frame of fewer ticks is left out, and the next frame starts in its place.
    longest : int, default: no limit
        Ticks that one picture of a file can be shown.
    """

    per_second: int
    shortest: int = 0
    longest: int = sys.maxsize

    def parts(self, ticks: int) -> Iterator[int]:
        """Split a time into times of one picture each, none of them too short."""
        while ticks > self.longest:
            part = self.longest - self.shortest
            yield part
            ticks -= part
        yield ticks


GIF = TimeScale(per_second=100, shortest=2, longest=0xFFFF)
"""One hundredth would be `SLOWED`."""
MILLISECONDS = TimeScale(per_second=1000)
APNG = TimeScale(per_second=1000, longest=0xFFFF)
WEBP = TimeScale(per_second=1000, longest=0xFFFFFF)
AVIF = TimeScale(per_second=1000, longest=1 << 30)
MP4 = TimeScale(per_second=90_000, longest=1 << 30)
"""FFmpeg reads no time of 2**31 - 1 ticks."""
WEBM = TimeScale(per_second=1000)


class Ticks:
    """Rounds a running total of seconds, so that errors never add up.

    Parameters
    ----------
    per_second : int
        Ticks of the format in a second.
    """

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._seconds = 0.0
        self.now = 0
        """Ticks that have passed, rounded."""

    def advance(self, seconds: float) -> int:
        """Let *seconds* pass; return the ticks between the rounded totals before and after."""
        before = self.now
        self._seconds += seconds
        self.now = round(self._seconds * self._per_second)
        return self.now - before
