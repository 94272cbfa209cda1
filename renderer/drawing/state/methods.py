"""The methods of matplotlib's classes, which a program may replace.

What the classes in `renderer.drawing.state.known` draw is known for the methods that matplotlib gave them. A class with
another method, of its own or of a base, is unknown: its objects are drawn for every frame, by calling that method.

To look at each method of each class takes much of the time of a frame in which little changes. It is done when a render
begins. In the run, `WATCHED_METHODS` count, and new ones; another one that is replaced then is not seen.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, count
from types import FunctionType
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure, SubFigure

from renderer.drawing.state.attributes import FORMS, METHOD_NAMES, Form, attribute_reader
from renderer.drawing.state.known import KINDS, WATCHED_METHODS

_SURFACES = (Figure, SubFigure, FigureCanvasAgg, RendererAgg, GraphicsContextBase)
"""What artists are drawn with, and on."""

_HOMES = ("matplotlib.", "mpl_toolkits.")

_LIBRARIES = frozenset({"abc", "contextlib", "enum", "functools", "matplotlib", "mpl_toolkits"})
"""Where the methods of matplotlib's classes, and what wraps them, are defined."""


class Methods:
    """Looks whether methods of classes were replaced, and marks the forms of such classes as unknown.

    It looks at those of the known classes that were met, and at those that figures are drawn with; the others decide
    nothing.

    Attributes
    ----------
    number : int
        Number of the present state; no other state gets it.
    replaced : set of type
        The classes with another method.
    """

    def __init__(self) -> None:
        self._numbers = count()
        self.number = next(self._numbers)
        self.replaced: set[type] = set()
        self._met = 0
        self._originals: dict[type, dict[str, Any]] = {}
        self._forms: dict[type, Form] = {}
        self._watched: list[tuple[Mapping[str, Any], Callable[[Any], Iterable[Any]]]] = []
        self._last_watched: list[Any] = []
        self._last: list[Any] = []

    def _meet(self) -> None:
        """Look at all classes that were met from now on, and at their bases."""
        self._met = len(METHOD_NAMES)
        kinds = [*METHOD_NAMES, *_SURFACES]
        bases = {base for kind in kinds for base in kind.__mro__ if base.__module__.startswith(_HOMES)}
        bases -= self._originals.keys()
        self._originals |= {base: dict(vars(base)) for base in bases}
        for base in bases:
            names = tuple(name for name in vars(base) if name in WATCHED_METHODS)
            self._watched.append((vars(base), attribute_reader(names) if names else _read_nothing))
        self._remember(self.replaced | set(filter(self._is_replaced, bases)))

    def look(self) -> int:
        """Return the number of the present state; of methods with other names, only new ones count."""
        if len(METHOD_NAMES) != self._met:
            self.look_at_all()
            self._meet()
        return self.number if _are_same(self._read_watched, self._last_watched) else self.look_at_all()

    def look_at_all(self) -> int:
        """Return the number of the present state. This takes as long as to replay some artists."""
        if not _are_same(self._read, self._last):
            self._remember(set(filter(self._is_replaced, self._originals)))
            self.number = next(self._numbers)
        return self.number

    def _read_watched(self) -> list[Any]:
        watched = self._watched
        return [
            *(len(methods) for methods, _ in watched),
            *chain.from_iterable(read(methods) for methods, read in watched),
        ]

    def _read(self) -> list[Any]:
        return list(chain.from_iterable(vars(kind).values() for kind in self._originals))

    def _is_replaced(self, kind: type) -> bool:
        original = self._originals[kind]
        return any(_is_foreign(value, original.get(name)) for name, value in vars(kind).items())

    def _remember(self, replaced: set[type]) -> None:
        self._last, self._last_watched = self._read(), self._read_watched()
        if replaced != self.replaced:
            self.number = next(self._numbers)
            self.replaced = replaced
            FORMS.update(self._forms)
            self._forms = {kind: FORMS[kind] for kind in KINDS if not replaced.isdisjoint(kind.__mro__)}
            FORMS.update(dict.fromkeys(self._forms, "unknown"))


def _are_same(read: Callable[[], list[Any]], last: list[Any]) -> bool:
    try:
        return read() == last
    except Exception:  # a method is gone, or cannot be compared
        return False


def _read_nothing(methods: object) -> tuple[()]:
    return ()


def _is_foreign(value: Any, original: object) -> bool:
    """Whether an attribute of a class is a method, or the like, and not matplotlib's.

    What else a class holds may change by itself: `Path` makes its half circle when a marker needs it.
    """
    parts = (value.fget, value.fset, value.fdel) if isinstance(value, property) else (value,)
    functions = [getattr(part, "__func__", part) for part in parts if part is not None]
    if all(isinstance(function, FunctionType) for function in functions):
        homes = (str(function.__globals__.get("__name__")).partition(".")[0] for function in functions)
        return not _LIBRARIES.issuperset(homes)
    return value is not original and (callable(value) or hasattr(type(value), "__get__"))


METHODS = Methods()
