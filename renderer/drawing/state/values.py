"""The value of an object: equal for two objects that draw the same.

After ``Axes.clear`` every artist is a new one, and most are equal to one of the frame before. `value_of` follows an
object's attributes down to numbers, strings and bytes, and returns all of it as one hashable key.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from types import CodeType, NoneType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from renderer.drawing.state.attributes import (
    FORMS,
    Form,
    UnknownError,
    attribute_names,
    attribute_reader,
    callable_parts,
    check_draw,
    is_hidden,
    is_temporary,
)
from renderer.drawing.state.known import ENUMS
from renderer.drawing.state.parts import READ_BEFORE_DRAWN

Names = Mapping[int, Hashable]
"""id -> name of objects that stand for themselves in a value. The caller includes their state elsewhere in the key."""

_Rule = Callable[[Any, Names], Hashable]


def value_of(item: Any, names: Names) -> Hashable:
    """Return the value of an object.

    Raises
    ------
    UnknownError
        It leads to something that is not known.
    """
    return _checked(_value, item, names)


def comparable_value(item: Any, names: Names) -> Hashable:
    """Return the value of an object; it equals no other if it depends on something that is not known."""
    try:
        return value_of(item, names)
    except UnknownError:
        return object()


def attributes_of(item: Any, names: Names) -> Hashable:
    """Return the value of an object's attributes, even if the object has a name. Raises as `value_of` does."""
    return _checked(_attributes, item, names)


def _checked(rule: _Rule, item: Any, names: Names) -> Hashable:
    """Turn whatever a walk through a program's objects stumbles over into an `UnknownError`."""
    try:
        return rule(item, names)
    except UnknownError:
        raise
    except Exception as error:
        raise UnknownError(item) from error


def _value(item: Any, names: Names) -> Hashable:
    kind: Any = type(item)
    if kind in _PLAIN:
        return item  # type: ignore[no-any-return]
    name = names.get(id(item))
    return _RULES.get(FORMS[kind], _unknown)(item, names) if name is None else name


def _values(items: Iterable[Any], names: Names) -> Hashable:
    kinds = tuple(map(type, items))  # 1 == 1.0, but they read otherwise
    return kinds, tuple(
        [item if kind in _PLAIN else _value(item, names) for kind, item in zip(kinds, items, strict=True)]
    )


def _attributes(item: Any, names: Names) -> Hashable:
    attributes = vars(item)
    kind: Any = type(item)
    if FORMS[kind] == "unknown":
        raise UnknownError(item)
    present = tuple(attributes)
    if "draw" in attributes:
        present = tuple(name for name in present if not is_temporary(attributes[name]))
    read = _reader(kind, present)
    return kind, read, _values(read(attributes), names)


@lru_cache(maxsize=1024)
def _reader(kind: Any, present: tuple[str, ...]) -> Callable[[Any], Iterable[Any]]:
    """Return what reads the attributes that count; it is the same for the same names, and stands for them."""
    counted = {*attribute_names(kind, present), *READ_BEFORE_DRAWN.get(kind, ())}
    return attribute_reader(tuple(sorted(counted))) if counted else _read_nothing


def _read_nothing(attributes: object) -> tuple[()]:
    return ()


def _leaf(item: Any, names: Names) -> Hashable:
    if isinstance(item, float):
        return item or repr(item)  # 0.0 == -0.0, but they read otherwise
    if isinstance(item, slice):
        return repr(item)
    hash(item)  # time zones of dateutil have no hash, which makes them unknown
    if isinstance(item, dt.time | dt.date | dt.tzinfo | complex):
        return item, repr(item)  # equal ones may be in time zones of other names
    return item  # type: ignore[no-any-return]


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


def _callable(item: Any, names: Names) -> Hashable:
    return _values(callable_parts(item), names)


def _artist(item: Artist, names: Names) -> Hashable:
    if is_hidden(item):
        return _type(item, names)
    check_draw(item)
    return _attributes(item, names)


def _type(item: Any, names: Names) -> Hashable:
    kind: Any = type(item)
    return kind  # type: ignore[no-any-return]


def _unknown(item: object, names: Names) -> Hashable:
    raise UnknownError(item)


_PLAIN = frozenset({int, bool, str, bytes, NoneType, CodeType, *ENUMS})
"""Types whose objects are their own values."""

_RULES: dict[Form, _Rule] = {
    "leaf": _leaf,
    "opaque": _type,
    "tuple": _sequence,
    "list": _sequence,
    "set": _sequence,
    "dict": _mapping,
    "array": _array,
    "masked array": _masked_array,
    "callable": _callable,
    "object": _attributes,
    "artist": _artist,
    "axis": _artist,
    "tick": _artist,
}
"""Axes and legends have no value: they depend on other artists."""
