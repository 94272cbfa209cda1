"""What an object is made of: the form of its type, the attributes that its drawing reads, and its parts.

All that walks through the objects of a figure goes by this description: `Watch.follow`, `value_of` and the copying of
ticks. What it meets and does not find here is not known, which is an `UnknownError`.
"""

import datetime as dt
import dis
import enum
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from operator import itemgetter
from types import CodeType, EllipsisType, FunctionType, MethodType, NoneType
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.units import ConversionInterface

from renderer.drawing.state.known import ATTRIBUTES, AXIS_KINDS, DRAW_METHODS, ENUMS, IGNORED, TICK_KINDS

Form = (
    Literal["array", "artist", "axes", "axis", "callable", "dict", "leaf", "legend"]
    | Literal["list", "masked array", "object", "opaque", "set", "tick", "tuple", "unknown"]
)
"""How to look at the objects of a type.

A leaf never changes. Of an opaque object, drawing reads nothing but its type. Of an object, the attributes count.
"""

_FORMS_OF_BASES: tuple[tuple[tuple[type, ...], Form], ...] = (
    ((enum.Enum, np.generic, type, dt.date, dt.time, dt.timedelta, dt.tzinfo), "leaf"),
    ((Axes,), "axes"),
    ((RendererBase, ConversionInterface), "opaque"),
    ((tuple,), "tuple"),
)


class _Forms(dict[type, Form]):
    """The forms of types. Only types that are known beforehand are kept, so that those that a program makes can go."""

    def __missing__(self, kind: type) -> Form:
        return next((form for bases, form in _FORMS_OF_BASES if issubclass(kind, bases)), "unknown")


_KNOWN_FORMS: dict[type, Form] = {
    **dict.fromkeys((int, float, complex, bool, str, bytes, NoneType, slice, range, EllipsisType, CodeType), "leaf"),
    **dict.fromkeys((np.bool_, np.float32, np.float64, np.int64, np.ufunc, *ENUMS), "leaf"),
    **dict.fromkeys((MethodType, partial, FunctionType), "callable"),
    tuple: "tuple",
    list: "list",
    set: "set",
    dict: "dict",
    OrderedDict: "dict",
    np.ndarray: "array",
    np.ma.MaskedArray: "masked array",
    **dict.fromkeys(ATTRIBUTES, "object"),
    **dict.fromkeys(IGNORED, "object"),
    **dict.fromkeys(DRAW_METHODS, "artist"),
    **dict.fromkeys(AXIS_KINDS, "axis"),
    **dict.fromkeys(TICK_KINDS, "tick"),
    Legend: "legend",
}
FORMS = _Forms(_KNOWN_FORMS)
"""type -> form of its objects."""

_GLOBAL_STEPS = {"DELETE_GLOBAL", "IMPORT_NAME", "LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL"}
_HARMLESS_BUILTINS = frozenset({"abs", "divmod", "float", "format", "int", "len", "max", "min", "round", "str"})


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
    """Return those of an object's attributes that count."""
    if kind in ATTRIBUTES:
        return tuple(name for name in present if name in ATTRIBUTES[kind])
    return tuple(name for name in present if name not in IGNORED[kind])


@lru_cache(maxsize=1024)
def attribute_reader(names: tuple[str, ...]) -> Callable[[Any], Iterable[Any]]:
    """Return a function from a dict to the values of these keys, as a tuple."""
    return itemgetter(*names) if len(names) > 1 else itemgetter(*names, *names)


def callable_parts(item: Any) -> tuple[Any, ...]:
    """Return the parts that decide what a method, a partial or a function does.

    Raises
    ------
    UnknownError
        The function may do something else each time.
    """
    if isinstance(item, MethodType):
        return item.__self__, item.__func__
    if isinstance(item, partial):
        return item.func, item.args, item.keywords
    if not _is_known_function(item):
        raise UnknownError(item)
    return item.__code__, item.__defaults__, item.__kwdefaults__


def _is_known_function(function: FunctionType) -> bool:
    """Whether a function is matplotlib's, or reads nothing but its arguments: it then returns the same for the same."""
    if function.__closure__ or vars(function):
        return False
    home = function.__module__
    if isinstance(home, str) and home.startswith("matplotlib."):
        return True
    return all(name in _HARMLESS_BUILTINS and name not in function.__globals__ for name in _reads(function.__code__))


@lru_cache(maxsize=1024)
def _reads(code: CodeType) -> frozenset[str]:
    """Return the names that a function uses and does not define; ``"def"`` stands for functions inside it."""
    nested = {"def" for constant in code.co_consts if isinstance(constant, CodeType)}
    used = {step.argval for step in dis.get_instructions(code) if step.opname in _GLOBAL_STEPS}
    return frozenset(nested | used)


def check_draw(artist: Artist) -> None:
    """Check that drawing an artist is a function of its attributes.

    Raises
    ------
    UnknownError
        Its class has another draw method than matplotlib's, or it has a filter.
    """
    if type(artist).draw is not DRAW_METHODS[type(artist)] or artist.get_agg_filter() is not None:
        raise UnknownError(artist)


def is_hidden(part: Any) -> bool:
    """Whether a part of an axis is a line or a text that is not visible; nothing else counts of such a part."""
    return type(part) in (Line2D, Text) and not part.get_visible()
