"""What an object is made of: the form of its type, the attributes that its drawing reads, and its parts.

All that walks through the objects of a figure goes by this description: `Watch.follow`, `value_of` and the copying of
ticks. What it meets and does not find here is not known, which is an `UnknownError`.
"""

import datetime as dt
import enum
import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from types import BuiltinFunctionType, CodeType, EllipsisType, FunctionType, MethodType, NoneType
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.units import ConversionInterface

from renderer.drawing.state import functions
from renderer.drawing.state.known import (
    ATTRIBUTES,
    AXIS_KINDS,
    CONVERTERS,
    DELEGATED,
    DRAW_METHODS,
    ENUMS,
    IGNORED,
    KINDS,
    TICK_KINDS,
)

Form = (
    Literal["array", "artist", "axes", "axis", "callable", "dict", "leaf", "legend"]
    | Literal["list", "masked array", "object", "opaque", "set", "tick", "tuple", "unknown"]
)
"""How to look at the objects of a type.

A leaf never changes. Of an opaque object, drawing reads nothing but its type. Of an object, the attributes count.
"""

_FORMS_OF_BASES: tuple[tuple[tuple[type, ...], Form], ...] = (
    ((np.void,), "unknown"),
    ((enum.Enum, np.generic, dt.date, dt.time, dt.timedelta), "leaf"),
    ((type,), "callable"),
    ((Axes,), "axes"),
    ((RendererBase,), "opaque"),
    ((tuple,), "tuple"),
)

_FORMS_OF_LIBRARIES: tuple[tuple[tuple[str, ...], type, Form], ...] = (
    (("datetime", "dateutil", "pytz", "zoneinfo"), dt.tzinfo, "leaf"),
    (("matplotlib", "pandas"), ConversionInterface, "opaque"),
)
"""Bases whose subclasses are known if they are defined in one of these libraries."""


class _Forms(dict[type, Form]):
    """The forms of types. Only types that are known beforehand are kept, so that those that a program makes can go."""

    def __missing__(self, kind: type) -> Form:
        library = str(kind.__module__).partition(".")[0]
        by_library = (form for names, base, form in _FORMS_OF_LIBRARIES if library in names and issubclass(kind, base))
        by_base = (form for bases, form in _FORMS_OF_BASES if issubclass(kind, bases))
        return next(chain(by_base, by_library), "unknown")


_KNOWN_FORMS: dict[type, Form] = {
    **dict.fromkeys((int, float, complex, bool, str, bytes, NoneType, slice, range, EllipsisType, CodeType), "leaf"),
    **dict.fromkeys((np.bool_, np.float32, np.float64, np.int64, *ENUMS), "leaf"),
    **dict.fromkeys((MethodType, partial, FunctionType, BuiltinFunctionType), "callable"),
    **dict.fromkeys((np.ufunc, functions.DISPATCHER), "callable"),
    tuple: "tuple",
    list: "list",
    set: "set",
    dict: "dict",
    OrderedDict: "dict",
    np.ndarray: "array",
    np.ma.MaskedArray: "masked array",
    **dict.fromkeys(CONVERTERS, "opaque"),
    **dict.fromkeys(ATTRIBUTES, "object"),
    **dict.fromkeys(IGNORED, "object"),
    **dict.fromkeys(DRAW_METHODS, "artist"),
    **dict.fromkeys(AXIS_KINDS, "axis"),
    **dict.fromkeys(TICK_KINDS, "tick"),
    Legend: "legend",
}
FORMS = _Forms(_KNOWN_FORMS)
"""type -> form of its objects."""


class UnknownError(Exception):
    """It is not known what an object is made of, or what it does.

    Attributes
    ----------
    item : object
        The object.
    """

    def __init__(self, item: object) -> None:
        super().__init__(item)
        self.item = item


@lru_cache(maxsize=1024)
def attribute_names(kind: Any, present: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of an object's attributes that count.

    Raises
    ------
    UnknownError
        One of them stands in for a method of the class.
    """
    if not METHOD_NAMES[kind].isdisjoint(present):
        raise UnknownError(kind)
    if kind in ATTRIBUTES:
        return tuple(name for name in present if name in ATTRIBUTES[kind])
    return tuple(name for name in present if name not in IGNORED[kind])


class _MethodNames(dict[type, frozenset[str]]):
    """The names of the methods of known classes; other classes are not kept, and count for their draw method alone."""

    def __missing__(self, kind: type) -> frozenset[str]:
        if kind not in KINDS:
            return frozenset({"draw"})
        methods = (FunctionType, classmethod, staticmethod)
        names = {name for name in dir(kind) if isinstance(inspect.getattr_static(kind, name), methods)}
        self[kind] = frozenset(names - DELEGATED.get(kind, frozenset()))
        return self[kind]


METHOD_NAMES = _MethodNames()
"""class -> names of its methods, for each known class that was met."""


def has_own_methods(item: Any) -> bool:
    """Whether an object has a method that its class does not have, or is not of a known class.

    A method that will be gone, as `renderer.mpl.hooks.Hook` says of itself, does not count.
    """
    kind: Any = type(item)
    attributes, methods = vars(item), METHOD_NAMES[kind]
    return FORMS[kind] == "unknown" or not (
        methods.isdisjoint(attributes)
        or all(is_temporary(attributes[name]) for name in methods.intersection(attributes))
    )


def is_temporary(value: object) -> bool:
    """Whether an attribute says of itself that it will be gone, as `renderer.mpl.hooks.Hook` does."""
    return getattr(type(value), "is_temporary", False)


@lru_cache(maxsize=1024)
def attribute_reader(names: tuple[str, ...]) -> Callable[[Any], Iterable[Any]]:
    """Return a function from a dict to the values of these keys, as a tuple."""
    if not names:
        return lambda _: ()
    return itemgetter(*names) if len(names) > 1 else itemgetter(*names, *names)


def callable_parts(item: Any) -> tuple[Any, ...]:
    """Return the parts that decide what a method, a partial or a function does.

    Raises
    ------
    UnknownError
        It may do something else each time.
    """
    if isinstance(item, FunctionType):
        return tuple(functions.state(function_reading(item)))
    if isinstance(item, MethodType):
        if isinstance(item.__self__, type | enum.Enum):  # whose attributes the method may read
            raise UnknownError(item)
        return item.__self__, item.__func__
    if isinstance(item, partial):
        if functions.may_change(item.func):  # one of the arguments
            raise UnknownError(item)
        return item.func, item.args, item.keywords
    if isinstance(getattr(item, "__self__", None), str) and item.__name__ == "format":
        return item.__self__, item.__name__
    name = functions.name_of(item)
    if name is None:
        raise UnknownError(item)
    return name


def function_reading(function: FunctionType) -> functions.Reading:
    """Return what a function reads. Raises as `callable_parts` does."""
    try:
        return functions.reading(function)
    except functions.ImpureError as error:
        raise UnknownError(function) from error


def check_draw(artist: Artist) -> None:
    """Check that drawing an artist is a function of its attributes.

    Raises
    ------
    UnknownError
        It or its class has a method that is not matplotlib's, or it has a filter.
    """
    if has_own_methods(artist) or type(artist).draw is not DRAW_METHODS[type(artist)]:
        raise UnknownError(artist)
    if artist.get_agg_filter() is not None:
        raise UnknownError(artist)


def is_hidden(part: Any) -> bool:
    """Whether a part of an axis is a line or a text that is not visible; nothing else counts of such a part."""
    return type(part) in (Line2D, Text) and not has_own_methods(part) and not part.get_visible()
