"""What drawings read beside the objects of a figure: the settings, and the tables that a process has once.

All that keeps drawings, or parts of them, asks here.
"""

import locale
import time
from collections.abc import Callable
from functools import partial
from itertools import chain, count
from typing import Any

import numpy as np
from matplotlib.colors import get_named_colors_mapping
from matplotlib.font_manager import fontManager

from renderer.drawing.state.known import CONSTANTS, TABLES
from renderer.drawing.state.methods import METHODS
from renderer.drawing.state.rc import Settings


class Table:
    """Numbers the states of a table.

    Parameters
    ----------
    read : callable
        Returns what decides about the table, as a list.
    """

    def __init__(self, read: Callable[[], list[object]]) -> None:
        self._read = read
        self._last: list[object] = []
        self._numbers = count()
        self._number = next(self._numbers)

    def number(self) -> int:
        """Return the number of the present state; no other state gets it."""
        state = self._read()
        if state != self._last:
            self._last, self._number = state, next(self._numbers)
        return self._number


known_fonts = Table(lambda: [len(fontManager.ttflist), *fontManager.ttflist[-1:]]).number
"""Return a number for the fonts that are known.

Matplotlib finds the font of a text once, until another font is added, which then is the last one.
"""

_COLOR_NUMBERS = count()
_COLOR_NUMBER = object()


def named_colors() -> int:
    """Return a number for what color names mean.

    Matplotlib keeps what it made of a color until a name gets another meaning, and then forgets all of them. The number
    is kept and forgotten with them.
    """
    kept: dict[object, Any] = get_named_colors_mapping().cache  # type: ignore[assignment]
    number: int | None = kept.get(_COLOR_NUMBER)
    if number is None:
        number = kept[_COLOR_NUMBER] = next(_COLOR_NUMBERS)
    return number


def _constants() -> list[object]:
    """Return the constants of matplotlib's classes, and copies of those that may change in place."""
    values = (getattr(kind, name, None) for kind, name in CONSTANTS)
    return [value.copy() if isinstance(value, dict) else value for value in values]


def _process() -> list[object]:
    """Return what functions of Python and numpy read of the process: how numpy writes numbers, and the local time."""
    return [np.get_printoptions(), time.tzname, time.timezone, time.altzone]


def methods() -> int:
    """Return the number of the methods of matplotlib's classes, as they were when somebody looked last."""
    return METHODS.number


SETTINGS = Settings(
    others=(partial(locale.setlocale, locale.LC_ALL), known_fonts, named_colors),
    slow=(
        METHODS.look,
        Table(lambda: list(chain.from_iterable(TABLES))).number,
        Table(_constants).number,
        Table(_process).number,
    ),
)
"""All that a drawing reads beside the objects of a figure."""
