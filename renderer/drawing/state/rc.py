"""Numbers for the states of matplotlib's settings, and of more that drawings read, for use in keys."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from itertools import count
from typing import Any

import matplotlib as mpl


class Settings:
    """Numbers the states of some rcParams, lists changed in place included.

    Parameters
    ----------
    *prefixes : str
        What the names of the rcParams begin with; all rcParams count if there are none.
    others : sequence of callable
        Return more values that count.
    slow : sequence of callable
        Return values that count, too, and are asked by `look` alone.
    """

    MOST = 256
    """States that have a number at the same time; later ones never get the number of an earlier one."""

    def __init__(
        self,
        *prefixes: str,
        others: Sequence[Callable[[], Hashable]] = (),
        slow: Sequence[Callable[[], Hashable]] = (),
    ) -> None:
        # past RcParams.__getitem__, whose checks are for users
        self._read: Callable[[Any], Iterable[object]] = dict.values
        if prefixes:
            keys = tuple(key for key in mpl.rcParams if key.startswith(prefixes))
            self._read = lambda settings: map(partial(dict.__getitem__, settings), keys)
        self._others = others
        self._slow = slow
        self._seen: list[Hashable] = []
        self._numbers: dict[Hashable, int] = {}
        self._fresh = count()
        self._last: tuple[list[object], int] = [], -1

    def look(self) -> None:
        """Read what is slow to read; once a frame is enough, after the program's update."""
        self._seen = [read() for read in self._slow]

    def number(self) -> int:
        """Return the number of the present state."""
        state = [*self._read(mpl.rcParams), *(other() for other in self._others), *self._seen]
        last, number = self._last
        if state != last:
            key = tuple(map(_hashable, state))
            if len(self._numbers) >= self.MOST and key not in self._numbers:
                self._numbers.clear()
            # one step, so that threads agree on the number
            number = self._numbers.setdefault(key, next(self._fresh))
            self._last = [value.copy() if isinstance(value, list) else value for value in state], number
        return number


def _hashable(value: Any) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value  # type: ignore[no-any-return]
