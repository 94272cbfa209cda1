"""The value of an object: equal for two objects that draw the same.

After ``Axes.clear`` every artist is a new one, and most are equal to one of the frame before. `value_of` follows an
object's attributes down to numbers, strings and bytes, and gives all of it as one hashable key. It knows the classes
of `renderer.drawing.state.known`; whatever else it meets makes it give up.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache, partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.units import ConversionInterface
from numpy.typing import NDArray

from renderer.drawing.state.known import ATTRIBUTES, DRAW_METHODS, IGNORED
from renderer.drawing.state.watch import VALUE_BASES, attribute_names, attribute_reader, is_known_function
from renderer.mpl.hooks import Hook

__all__ = ["Names", "NoValueError", "attributes_of", "value_of"]

Names = Mapping[int, Hashable]
"""Objects that are called by a name, by their id. Who names them tells their value otherwise."""


class NoValueError(Exception):
    """Something was met whose value is not known."""


def value_of(item: Any, names: Names) -> Hashable:
    """Give the value of an object.

    Raises
    ------
    NoValueError
        It leads to something that is not known.
    """
    kind: Any = type(item)
    if kind in _SURE:
        return item  # type: ignore[no-any-return]
    name = names.get(id(item))
    if name is not None:
        return name
    return (_RULES.get(kind) or _rule_for(kind))(item, names)


def attributes_of(item: Any, names: Names) -> Hashable:
    """Give the value of an object's attributes, by whatever name it is called itself."""
    attributes = vars(item)
    kind: Any = type(item)
    present = tuple(attributes)
    if "draw" in attributes:
        if type(attributes["draw"]) is not Hook:
            raise NoValueError(item)
        present = tuple(name for name in present if type(attributes[name]) is not Hook)
    read = _reader(kind, present)
    return kind, read, _values(read(attributes), names)


def _values(items: Iterable[Any], names: Names) -> Hashable:
    kinds = tuple(map(type, items))  # 1 == 1.0, but they read otherwise
    return kinds, tuple(
        [item if kind in _SURE else value_of(item, names) for kind, item in zip(kinds, items, strict=True)]
    )


@lru_cache(maxsize=1024)
def _reader(kind: Any, present: tuple[str, ...]) -> Callable[[Any], Iterable[Any]]:
    """Give what reads the attributes that count; it is the same for the same names, and stands for them."""
    counted = {*attribute_names(kind, present), *_BEFORE_A_DRAW.get(kind, ())}
    return attribute_reader(tuple(sorted(counted))) if counted else _read_nothing


def _read_nothing(attributes: object) -> tuple[()]:
    return ()


_BEFORE_A_DRAW = {Line2D: ("_xorig", "_yorig")}
"""What counts in artists that have not been drawn yet, beside what counts in those that have."""

_NOTHING_IF_HIDDEN = {Line2D, Text}
"""Artists that count for nothing while they are not visible."""


def _sequence(item: Any, names: Names) -> Hashable:
    return type(item), _values(item, names)


def _mapping(item: dict[Any, Any], names: Names) -> Hashable:
    return dict, _values(item.keys(), names), _values(item.values(), names)


def _array(item: NDArray[Any], names: Names) -> Hashable:
    if item.dtype.hasobject:
        return np.ndarray, item.shape, _values(item.ravel().tolist(), names)
    return item.dtype.str, item.shape, item.tobytes()


def _masked_array(item: Any, names: Names) -> Hashable:
    return np.ma.MaskedArray, _array(np.ma.getdata(item), names), _array(np.ma.getmaskarray(item), names)


def _method(item: MethodType, names: Names) -> Hashable:
    return value_of(item.__self__, names), value_of(item.__func__, names)


def _partial(item: partial[Any], names: Names) -> Hashable:
    return value_of(item.func, names), _values(item.args, names), _mapping(item.keywords, names)


def _function(item: FunctionType, names: Names) -> Hashable:
    if not is_known_function(item):
        raise NoValueError(item)
    return item.__code__, value_of(item.__defaults__, names), value_of(item.__kwdefaults__, names)


def _artist(item: Artist, names: Names) -> Hashable:
    kind: Any = type(item)
    if kind in _NOTHING_IF_HIDDEN and not item.get_visible():
        return kind  # type: ignore[no-any-return]
    if kind.draw is not DRAW_METHODS[kind] or item.get_agg_filter() is not None:
        raise NoValueError(item)
    return attributes_of(item, names)


def _itself(item: Hashable, names: Names) -> Hashable:
    return item


def _written(item: Hashable, names: Names) -> Hashable:
    return item, repr(item)  # equal ones may be in time zones of other names


def _kind(item: Any, names: Names) -> Hashable:
    kind: Any = type(item)
    return kind  # type: ignore[no-any-return]


def _unknown(item: object, names: Names) -> Hashable:
    raise NoValueError(item)


def _float(item: float, names: Names) -> Hashable:
    return item or repr(item)  # 0.0 == -0.0, but they read otherwise


_SURE: set[type] = {int, bool, str, bytes, type(None)}
"""Types whose objects are their own values; grows with what is met."""

_RULES: dict[type, Callable[[Any, Names], Hashable]] = {
    float: _float,
    tuple: _sequence,
    list: _sequence,
    set: _sequence,
    dict: _mapping,
    OrderedDict: _mapping,
    np.ndarray: _array,
    np.ma.MaskedArray: _masked_array,
    MethodType: _method,
    partial: _partial,
    FunctionType: _function,
    np.ufunc: _itself,
    **dict.fromkeys(ATTRIBUTES, attributes_of),
    **dict.fromkeys(IGNORED, attributes_of),
    **dict.fromkeys(DRAW_METHODS, _artist),
}
"""How to tell the value of an object of exactly this type; grows with what is met."""


def _rule_for(kind: type) -> Callable[[Any, Names], Hashable]:
    rule: Callable[[Any, Names], Hashable]
    if issubclass(kind, float):  # as NumPy's are
        rule = _float
    elif issubclass(kind, dt.time | dt.date | dt.tzinfo):
        rule = _written
    elif issubclass(kind, VALUE_BASES):
        _SURE.add(kind)
        rule = _itself
    elif issubclass(kind, ConversionInterface):
        rule = _kind
    else:
        rule = _unknown
    _RULES[kind] = rule
    return rule
