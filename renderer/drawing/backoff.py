"""Waiting longer and longer with something that keeps failing."""

LONGEST_WAIT = 31
"""Frames after which every part of the drawing looks again at last."""


class Backoff:
    """Says whether an attempt that costs time is due, by how the attempts before it ended.

    After *patience* failures in a row each further one begins a wait: of 1 turn, then of 3, 7, 15, up to *longest*.

    Parameters
    ----------
    patience : int
        Failures in a row that no wait follows.
    longest : int
        Turns that a wait has at most.
    """

    __slots__ = ("_failures", "_length", "_longest", "_patience", "_wait")

    def __init__(self, patience: int, longest: int) -> None:
        self._patience = patience
        self._longest = longest
        self._failures = self._length = self._wait = 0

    def due(self) -> bool:
        """Whether there is no wait in the next turn."""
        return self._wait == 0

    def failed(self, least: int = 0) -> None:
        """End a turn without success; a turn of a wait is one, too. A wait that begins has at least so many turns."""
        if self._wait:
            self._wait -= 1
        elif self._failures < self._patience:
            self._failures += 1
        else:
            self._wait = self._length = max(min(2 * self._length + 1, self._longest), least)

    def succeeded(self) -> None:
        """End a turn with success: all failures are forgotten."""
        self._failures = self._length = self._wait = 0
