"""The methods of matplotlib's classes, which a program may replace.

What the classes in `renderer.drawing.state.known` draw is known for the methods that matplotlib gave them. A class with
another method, of its own or of a base, is unknown: its objects are drawn for every frame, by calling that method.
"""

from collections.abc import ValuesView
from itertools import chain, count
from types import FunctionType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Text
from matplotlib.ticker import AutoLocator, ScalarFormatter

from renderer.drawing.state.attributes import FORMS, Form
from renderer.drawing.state.functions import CONSTANTS
from renderer.drawing.state.known import KINDS, TICK_KINDS

_USUAL = {XAxis, YAxis, *TICK_KINDS, AutoLocator, Axes, Line2D, Rectangle, ScalarFormatter, Spine, Text}

_LIBRARIES = frozenset({"abc", "contextlib", "enum", "functools", "matplotlib", "mpl_toolkits"})
"""Where the methods of matplotlib's classes, and what wraps them, are defined."""


class Methods:
    """Looks whether methods of classes were replaced, and marks the forms of such classes as unknown.

    It looks at those of the known classes that were met; the others decide nothing.

    Attributes
    ----------
    number : int
        Number of the present state; no other state gets it.
    """

    def __init__(self) -> None:
        self._numbers = count()
        self.number = next(self._numbers)
        self._met: set[type] = set()
        self._originals: dict[type, dict[str, Any]] = {}
        self._replaced: set[type] = set()
        self._forms: dict[type, Form] = {}
        self._state: tuple[list[ValuesView[Any]], list[Any]] = ([], [])
        self.meet(_USUAL)

    def meet(self, kinds: set[type]) -> None:
        """Look at those of these classes that are known from now on, and at their bases."""
        fresh = (kinds & KINDS) - self._met
        if not fresh:
            return
        self._met |= fresh
        bases = {base for kind in fresh for base in kind.__mro__ if base.__module__.startswith("matplotlib.")}
        bases -= self._originals.keys()
        self._originals |= {base: dict(vars(base)) for base in bases}
        self._remember(self._replaced | set(filter(self._is_replaced, bases)))

    def look(self) -> int:
        """Return the number of the present state."""
        contents, last = self._state
        try:
            same = list(chain.from_iterable(contents)) == last
        except Exception:  # objects of the program that cannot be compared: new ones
            same = False
        if not same:
            self.number = next(self._numbers)
            self._remember(set(filter(self._is_replaced, self._originals)))
        return self.number

    def _is_replaced(self, kind: type) -> bool:
        original = self._originals[kind]
        return any(_is_foreign(value, original.get(name)) for name, value in vars(kind).items())

    def _remember(self, replaced: set[type]) -> None:
        contents = [vars(kind).values() for kind in self._originals]
        self._state = contents, list(chain.from_iterable(contents))
        if replaced != self._replaced:
            self._replaced = replaced
            FORMS.update(self._forms)
            self._forms = {kind: FORMS[kind] for kind in KINDS if not replaced.isdisjoint(kind.__mro__)}
            FORMS.update(dict.fromkeys(self._forms, "unknown"))


def _is_foreign(value: Any, original: object) -> bool:
    """Whether an attribute of a class is not matplotlib's."""
    parts = (value.fget, value.fset, value.fdel) if isinstance(value, property) else (value,)
    functions = [getattr(part, "__func__", part) for part in parts if part is not None]
    if all(isinstance(function, FunctionType) for function in functions):
        homes = (str(function.__globals__.get("__name__")).partition(".")[0] for function in functions)
        return not _LIBRARIES.issuperset(homes)
    return value is not original and type(value) not in CONSTANTS


METHODS = Methods()
