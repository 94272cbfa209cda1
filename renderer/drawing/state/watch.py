"""Change detection: whether what a drawing depended on is still what it was.

A `Watch` follows an object through its attributes, once, after it was drawn, and keeps the identity of every
value and the contents of every array on the way. Asking it later costs little, because it runs over flat
lists in C. It asks the objects themselves: matplotlib's ``stale`` flag misses many changes (arrays changed in
place, norms, transforms, boxes of texts, hatches, ...), and is set where nothing changed.

What is met on the way and is not known (`renderer.drawing.state.known`) makes the watch `blind`: it says "changed"
each time.
"""

import datetime as dt
import dis
import enum
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial
from itertools import chain, starmap
from operator import call, eq, itemgetter
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.units import ConversionInterface
from numpy.typing import NDArray

from renderer.drawing.state.identities import identities
from renderer.drawing.state.known import ATTRIBUTES, AXIS_KINDS, DRAW_METHODS, IGNORED, TICK_KINDS, TICK_STATE
from renderer.mpl.legends import finds_its_place

__all__ = ["VALUE_BASES", "Watch", "attribute_names", "attribute_reader", "is_known_function"]

_MISSING = object()
_END = object()


class Watch:
    """What a drawing depended on, as it was when the watch followed it.

    Parameters
    ----------
    references : iterable of object
        Objects that count only as themselves, because others watch over them.
    covered : Watch, optional
        What it follows is not followed again.

    Attributes
    ----------
    blind : object or None
        The first thing met that is not known, if any. A blind watch always says that things changed.
    others : set of Axes
        Axes met on the way that are no references: what happens to them counts.
    """

    def __init__(self, references: Iterable[object] = (), covered: "Watch | None" = None) -> None:
        self.blind: object = None
        self.others: set[Axes] = set()
        self._readers: list[Callable[[Any], Iterable[Any]]] = []
        self._holders: list[Any] = []
        self._sizes: list[int] = []
        self._values: list[Any] = []
        self._arrays: list[NDArray[Any]] = []
        self._contents: list[bytes] = []
        self._covered = covered._followed if covered is not None else {}
        self._seen: dict[int, object] = {id(item): item for item in references}

    @cached_property
    def _followed(self) -> dict[int, object]:
        return self._covered | self._seen

    def changed(self) -> bool:
        """Tell whether anything is not what it was."""
        if self.blind is not None:
            return True
        if list(map(len, self._holders)) != self._sizes:
            return True
        try:
            values = tuple(chain.from_iterable(map(call, self._readers, self._holders)))
        except KeyError:  # an attribute is gone
            return True
        same = identities(values) == self._identities or self._equal_by_value(values)
        return not (same and all(map(eq, map(_TO_BYTES, self._arrays), self._contents)))

    @cached_property
    def _identities(self) -> bytes:
        return identities(tuple(self._values))

    def _equal_by_value(self, values: tuple[Any, ...]) -> bool:
        """Let values pass that were set again to what they were."""
        same = all(map(_is_same, self._values, values))
        if same:
            self._values = list(values)
            self._identities = identities(values)
        return same

    def matches(self, former: "Watch") -> bool:
        """Tell whether this watch met all that a former one did, or arrays, paths and places equal to those.

        Both have to follow the same roots in the same order, so that one meets at each step what the other did.
        """
        pairs = _Pairs(former._followed, self._followed)
        return (
            self.blind is former.blind is None
            and self._readers == former._readers
            and self._sizes == former._sizes
            and self._contents == former._contents
            and all(starmap(pairs.are_equal, zip(former._arrays, self._arrays, strict=True)))
            and all(starmap(pairs.are_equal, zip(former._values, self._values, strict=True)))
        )

    def follow(self, *roots: object) -> None:
        """Watch these objects and all that they lead to."""
        queue = list(roots)
        seen, covered = self._seen, self._covered
        while queue and self.blind is None:
            item = queue.pop()
            kind = type(item)
            if kind in _VALUES or id(item) in seen or id(item) in covered:
                continue
            seen[id(item)] = item
            (_RULES.get(kind) or _rule_for(kind))(self, item, queue)

    def follow_attributes(self, item: object, names: Iterable[str]) -> None:
        """Watch these attributes of an object, and all that they lead to."""
        queue: list[Any] = []
        self._attributes(item, tuple(names), queue)
        self.follow(*queue)

    def follow_but_for_its_place(self, legend: Legend) -> None:
        """Watch a legend, but not what it would cover."""
        queue: list[Any] = []
        self._seen[id(legend)] = legend
        self._artist(legend, queue)
        self.follow(*queue)

    def follow_settings(self, settings: Any) -> None:
        """Watch values that are never changed in place, but for those in lists."""
        values = self._watch(dict.values, settings)
        self.follow(*(value for value in values if isinstance(value, list)))

    def _attributes(self, item: object, names: tuple[str, ...], queue: list[Any]) -> None:
        if names:
            reader, holder = attribute_reader(names), vars(item)
            queue.extend(self._watch(reader, holder))

    def _watch(self, reader: Callable[[Any], Iterable[Any]], holder: Any) -> list[Any]:
        values = list(reader(holder))
        self._readers.append(reader)
        self._holders.append(holder)
        self._sizes.append(len(holder))
        self._values += values
        return values

    def _tuple(self, item: tuple[Any, ...], queue: list[Any]) -> None:
        queue.extend(item)

    def _list(self, item: list[Any], queue: list[Any]) -> None:
        queue.extend(self._watch(iter, item))

    def _dict(self, item: dict[Any, Any], queue: list[Any]) -> None:
        queue.extend(self._watch(iter, item))
        queue.extend(self._watch(dict.values, item))

    def _set(self, item: set[Any], queue: list[Any]) -> None:
        self._watch(iter, item)

    def _array(self, item: NDArray[Any], queue: list[Any]) -> None:
        if item.dtype.hasobject:
            self.blind = item
        elif item.flags.writeable or item.base is not None:
            self._arrays.append(item)
            self._contents.append(item.tobytes())

    def _masked_array(self, item: Any, queue: list[Any]) -> None:
        self._attributes(item, ("_mask",), queue)
        self._array(item.view(np.ndarray), queue)

    def _method(self, item: MethodType, queue: list[Any]) -> None:
        queue.extend((item.__self__, item.__func__))

    def _partial(self, item: partial[Any], queue: list[Any]) -> None:
        queue.extend((item.func, *item.args, *item.keywords.values()))

    def _function(self, item: FunctionType, queue: list[Any]) -> None:
        if is_known_function(item):
            queue.extend((item.__defaults__, item.__kwdefaults__))
        else:
            self.blind = item

    def _object(self, item: object, queue: list[Any]) -> None:
        kind: Any = type(item)
        self._attributes(item, attribute_names(kind, tuple(vars(item))), queue)

    def _artist(self, item: Artist, queue: list[Any]) -> None:
        if type(item).draw is not DRAW_METHODS[type(item)] or item.get_agg_filter() is not None:
            self.blind = item
        else:
            self._object(item, queue)

    def _tick(self, item: Artist, queue: list[Any]) -> None:
        """Watch what drawing reads of a tick; of a part of it that is hidden, only that.

        The rest is what the axis gave the tick, and is read when the axis is drawn.
        """
        if type(item).draw is not DRAW_METHODS[type(item)] or item.get_agg_filter() is not None:
            self.blind = item
            return
        parts: list[Any] = []
        present = vars(item)
        self._attributes(item, tuple(name for name in TICK_STATE if name in present), parts)
        for part in parts:
            if type(part) in (Line2D, Text) and not part.get_visible():
                self._attributes(part, ("_visible",), [])
            else:
                queue.append(part)

    def _legend(self, item: Legend, queue: list[Any]) -> None:
        if finds_its_place(item):
            self.blind = item
        else:
            self._artist(item, queue)

    def _axis(self, item: Axis, queue: list[Any]) -> None:
        if id(item.axes) in self._seen:
            self._artist(item, queue)
        else:
            self.others.add(item.axes)

    def _axes(self, item: Axes, queue: list[Any]) -> None:
        self.others.add(item)

    def _nothing(self, item: object, queue: list[Any]) -> None:
        """Pass over something that has no state that a drawing reads."""

    def _unknown(self, item: object, queue: list[Any]) -> None:
        self.blind = item


class _Pairs:
    """What two watches met at the same steps: the same or equal values, and for each object always the same one."""

    def __init__(self, former: dict[int, object], latter: dict[int, object]) -> None:
        self._followed = former, latter
        self._latter_of: dict[int, int] = {}
        self._former_of: dict[int, int] = {}

    def are_equal(self, former: Any, latter: Any) -> bool:
        """Tell whether two values are equal, as far as their own contents were not met at other steps."""
        if _is_same(former, latter) and type(former) in _VALUES:
            return True
        if self._latter_of.setdefault(id(former), id(latter)) != id(latter):
            return False
        if self._former_of.setdefault(id(latter), id(former)) != id(former):
            return False
        return former is latter or self._are_alike(former, latter)

    def _are_alike(self, former: Any, latter: Any) -> bool:
        kind = type(former)
        if kind is not type(latter):
            return False
        if kind is tuple:
            return len(former) == len(latter) and all(map(self.are_equal, former, latter))
        if kind is np.ndarray:
            same = former.dtype == latter.dtype and former.shape == latter.shape
            fixed = not (former.flags.writeable or former.base is not None)
            return same and (not fixed or former.tobytes() == latter.tobytes())
        both = all(id(item) in followed for item, followed in zip((former, latter), self._followed, strict=True))
        return both and (kind is list or kind in ATTRIBUTES)


_TO_BYTES = np.ndarray.tobytes
_Rule = Callable[[Watch, Any, list[Any]], None]

_VALUES: set[type] = {int, float, complex, bool, str, bytes, type(None), slice, range, type(...)}
"""Types whose objects cannot change; grows with what is met."""
VALUE_BASES = (enum.Enum, np.generic, type, dt.date, dt.time, dt.timedelta, dt.tzinfo)

_RULES: dict[type, _Rule] = {
    tuple: Watch._tuple,
    list: Watch._list,
    dict: Watch._dict,
    OrderedDict: Watch._dict,
    np.ndarray: Watch._array,
    np.ma.MaskedArray: Watch._masked_array,
    set: Watch._set,
    MethodType: Watch._method,
    partial: Watch._partial,
    FunctionType: Watch._function,
    np.ufunc: Watch._nothing,
    **dict.fromkeys(ATTRIBUTES, Watch._object),
    **dict.fromkeys(IGNORED, Watch._object),
    **dict.fromkeys(DRAW_METHODS, Watch._artist),
    **dict.fromkeys(AXIS_KINDS, Watch._axis),
    **dict.fromkeys(TICK_KINDS, Watch._tick),
    Legend: Watch._legend,
}
"""What to do with an object of exactly this type; grows with what is met."""


def _rule_for(kind: type) -> _Rule:
    if issubclass(kind, VALUE_BASES):
        _VALUES.add(kind)
        rule: _Rule = Watch._nothing
    elif issubclass(kind, Axes):
        rule = Watch._axes
    elif issubclass(kind, RendererBase | ConversionInterface):
        rule = Watch._nothing
    elif issubclass(kind, tuple):
        rule = Watch._tuple
    else:
        rule = Watch._unknown
    _RULES[kind] = rule
    return rule


def _is_same(old: object, new: object) -> bool:
    """Tell whether two values are one, or equal and written alike, which 0.0 and -0.0 or two time zones may not be."""
    return old is new or (type(old) is type(new) and _is_value(new) and old == new and repr(old) == repr(new))


def _is_value(item: object) -> bool:
    return type(item) in _VALUES or (type(item) is tuple and all(map(_is_value, item)))


def is_known_function(function: FunctionType) -> bool:
    """Tell whether a function, of a tick formatter say, gives the same for the same arguments."""
    if function.__closure__ or vars(function):
        return False
    return function.__module__.startswith("matplotlib.") or _reads_its_arguments_only(function)


def _reads_its_arguments_only(function: FunctionType) -> bool:
    return all(name in _HARMLESS_BUILTINS and name not in function.__globals__ for name in _reads(function.__code__))


@lru_cache(maxsize=1024)
def _reads(code: CodeType) -> frozenset[str]:
    """Give the names that a function uses and that are not its own; ``"def"`` stands for functions in it."""
    nested = {"def" for constant in code.co_consts if isinstance(constant, CodeType)}
    used = {step.argval for step in dis.get_instructions(code) if step.opname in _GLOBAL_STEPS}
    return frozenset(nested | used)


_GLOBAL_STEPS = {"DELETE_GLOBAL", "IMPORT_NAME", "LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL"}
_HARMLESS_BUILTINS = frozenset({"abs", "divmod", "float", "format", "int", "len", "max", "min", "round", "str"})


@lru_cache(maxsize=1024)
def attribute_names(kind: Any, present: tuple[str, ...]) -> tuple[str, ...]:
    """Which of an object's attributes count."""
    if kind in ATTRIBUTES:
        return tuple(name for name in present if name in ATTRIBUTES[kind])
    return tuple(name for name in present if name not in IGNORED[kind])


@lru_cache(maxsize=1024)
def attribute_reader(names: tuple[str, ...]) -> Callable[[Any], Iterable[Any]]:
    """Give the values of these keys of a dict, always as a tuple."""
    return itemgetter(*names) if len(names) > 1 else itemgetter(*names, *names)
