"""From seconds to the ticks of a format, without drift."""

__all__ = ["Ticks"]


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
