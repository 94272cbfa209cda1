"""What drawing an axis gave, shared by all figures of a process.

A record can be shared if it and its value hold numbers, texts, pixels and objects of the axes that have a name: it is
then the same for any axis of this value, and keeps no figure, no class and no function of a program.
"""

from collections.abc import Hashable, Mapping
from io import BytesIO
from pickle import Pickler, PicklingError
from types import CodeType, FunctionType
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from matplotlib.axis import Axis
from matplotlib.transforms import Bbox

from renderer.drawing.agg.caching import Measured
from renderer.drawing.agg.display_list import DisplayList
from renderer.drawing.agg.lru import Lru
from renderer.drawing.axis.lazy_ticks import TickUpdates
from renderer.drawing.axis.value import named_parts

T = TypeVar("T", DisplayList, list[Bbox])

Attributes = tuple[dict[str, Any], ...]
"""Attributes of each part of an axis."""

_CAPACITY = 12 << 20
"""Bytes; a value of an axis takes some 100 KiB."""

_BOX = 500
"""Bytes of a bounding box."""

_UNPICKLED = 7
"""Bytes of a value in memory, for each byte of its pickle, roughly."""

_MOST_VIEWS = 4096

_HOMES = frozenset({"builtins", "collections", "datetime", "matplotlib", "numpy", "operator", "renderer"})
"""Packages whose classes and functions stay as long as the process."""


class Record(NamedTuple, Generic[T]):
    """The result of drawing or measuring an axis, and the changes that came with it.

    After ``Axes.clear`` a spine has no position. Making the first tick sets it, which resets the axis' ticks; *resets*
    records that, so that a replay repeats it. Most often the new ticks equal those that the axis would make next, and
    then *resets* is False. *texts* are those that were drawn.
    """

    result: T
    changes: Attributes
    resets: bool
    ticks: TickUpdates
    texts: tuple[Measured, ...] = ()


class _Named(NamedTuple):
    """An object that the axes of each axis have."""

    number: int


class _Kept(NamedTuple, Generic[T]):
    value: Hashable
    record: Record[T]
    weight: int


class Views:
    """The views that axes had, the latest of them."""

    def __init__(self) -> None:
        self._seen: Lru[bool] = Lru(_MOST_VIEWS, lambda _: 1)

    def note(self, view: Hashable) -> bool:
        """Note a view, and return whether it had been noted before."""
        seen = self._seen.get(hash(view)) is not None
        self._seen.put(hash(view), True)
        return seen


class SharedRecords(Generic[T]):
    """Records by value, of all axes.

    Attributes
    ----------
    views : Views
        The views of new and of cleared axes.
    """

    def __init__(self) -> None:
        # by the hash of a value, so that it is found out and compared once
        self._records: Lru[_Kept[T]] = Lru(_CAPACITY, lambda kept: kept.weight)
        self.views = Views()

    def find(self, value: Hashable, axis: Axis) -> Record[T] | None:
        """Return the record of a value, for this axis."""
        kept = self._records.get(hash(value))
        if kept is None or kept.value != value:
            return None
        parts = named_parts(axis.axes)
        changes = tuple({name: _own(item, parts) for name, item in part.items()} for part in kept.record.changes)
        return kept.record._replace(changes=changes)

    def keep(self, value: Hashable, record: Record[T], axis: Axis) -> bool:
        """Keep a record of an axis if it can be shared; return whether it can."""
        names = {id(part): number for number, part in enumerate(named_parts(axis.axes))}
        try:
            changes = tuple({name: _portable(item, names) for name, item in part.items()} for part in record.changes)
            weight = _weight((value, record.ticks, record.texts)) + _weight_of(record.result)
        except PicklingError:
            return False
        self._records.put(hash(value), _Kept(value, record._replace(changes=changes), weight))
        return True


def _weight_of(result: DisplayList | list[Bbox]) -> int:
    if isinstance(result, list):
        return _BOX * len(result)
    if not result.portable:
        raise PicklingError(result)
    return result.weight


def _portable(item: Any, names: Mapping[int, int]) -> Any:
    """Return what stands for an object in a record that is shared."""
    if id(item) in names:
        return _Named(names[id(item)])
    if type(item) is np.ndarray and not item.dtype.hasobject:
        return item.copy()
    if type(item) in (list, tuple):
        return type(item)(_portable(part, names) for part in item)
    _check_plain(item)
    return item


def _own(item: Any, parts: tuple[Any, ...]) -> Any:
    """Return what an axis with these parts has of what `_portable` returned."""
    if type(item) is _Named:
        return parts[item.number]
    if type(item) is np.ndarray:
        return item.copy()
    if type(item) in (list, tuple):
        return type(item)(_own(part, parts) for part in item)
    return item


def _check_plain(item: Any) -> None:
    """Raise a PicklingError for an object that belongs to the program, such as a class or the code of a function."""
    home = item if isinstance(item, type | FunctionType) else type(item)
    if home is CodeType or str(home.__module__).partition(".")[0] not in _HOMES:
        raise PicklingError(item)


class _Weighing(Pickler):
    """Pickles an object that stays as long as the process as a few bytes, and raises a PicklingError for others."""

    def reducer_override(self, item: Any) -> Any:
        _check_plain(item)
        return NotImplemented if item is object else (object, ())


def _weight(item: Any) -> int:
    """Return the bytes that nested tuples take, roughly; raise a PicklingError for what cannot be shared."""
    pickled = BytesIO()
    _Weighing(pickled).dump(item)
    return _UNPICKLED * pickled.tell()


DRAWINGS: SharedRecords[DisplayList] = SharedRecords()
"""What axes drew."""

SIZES: SharedRecords[list[Bbox]] = SharedRecords()
"""The size of axes, one or none."""
