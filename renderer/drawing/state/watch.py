"""Change detection: whether what a drawing depended on is still what it was.

A `Watch` follows an object through its attributes, once, after it was drawn, and keeps the identity of every
value and the contents of every array on the way. To look for changes later costs little, because that runs over flat
lists in C. It looks at the objects themselves: matplotlib's ``stale`` flag misses many changes (arrays changed in
place, norms, transforms, boxes of texts, hatches, ...), and is set where nothing changed.

What is met on the way and is not known (`renderer.drawing.state.attributes`) makes the watch `blind`: it says
"changed" each time.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter, call, eq
from types import FunctionType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.legend import Legend
from numpy.typing import NDArray

from renderer.drawing.state.attributes import (
    FORMS,
    Form,
    UnknownError,
    attribute_names,
    attribute_reader,
    callable_parts,
    check_draw,
    function_reading,
    has_own_methods,
    is_hidden,
)
from renderer.drawing.state.functions import state
from renderer.drawing.state.known import DRAW_METHODS, finds_its_place
from renderer.drawing.state.parts import HIDDEN_STATE, MASK, TICK_STATE
from renderer.drawing.state.rc import Settings
from renderer.drawing.state.values import comparable_value
from renderer.lazy import lazy


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
        self._objects: list[Any] = []
        self._kinds: list[type] = []
        self._arrays: list[NDArray[Any]] = []
        self._contents: list[bytes] = []
        self._shaped: list[NDArray[Any]] = []
        """The arrays as the program has them; of masked arrays, the contents are read of a plain view."""
        self._shapes: list[tuple[np.dtype[Any], tuple[int, ...]]] = []
        self._covered = covered._followed if covered is not None else {}
        self._seen: dict[int, object] = {id(item): item for item in references}

    @lazy
    def _followed(self) -> dict[int, object]:
        return self._covered | self._seen

    def changed(self) -> bool:
        """Whether anything is not what it was."""
        if self.blind is not None:
            return True
        if list(map(len, self._holders)) != self._sizes or list(map(type, self._objects)) != self._kinds:
            return True
        try:
            values = np.fromiter(chain.from_iterable(map(call, self._readers, self._holders)), object)
            same = values.tobytes() == self._identities or self._equal_by_value(values)
        except Exception:  # an attribute or a variable is gone, or a value of the program's cannot be compared
            return True
        same = same and list(map(_SHAPE, self._shaped)) == self._shapes
        return not (same and all(map(eq, map(_TO_BYTES, self._arrays), self._contents)))

    @lazy
    def _identities(self) -> bytes:
        """The addresses of the values: to compare those takes a tenth of the time of ``all(map(is_, ...))``."""
        return np.fromiter(self._values, object).tobytes()

    def _equal_by_value(self, values: NDArray[np.object_]) -> bool:
        """Let values pass that were set again to what they were, and look at new arrays from here on.

        An array for which there are two now, the old one or another new one, is one that changed.
        """
        if not all(map(_is_same, self._values, values)):
            return False
        pairs = zip(self._values, values, strict=True)
        exchanged = {(id(old), id(new)): new for old, new in pairs if old is not new and type(new) is np.ndarray}
        arrays = {old: new for (old, _), new in exchanged.items()}
        if len(arrays) < len(exchanged) or not arrays.keys().isdisjoint(map(id, values)):
            return False
        if not arrays.keys() <= set(map(id, self._arrays)):
            return False
        self._arrays = [arrays.get(id(array), array) for array in self._arrays]
        self._shaped = [arrays.get(id(array), array) for array in self._shaped]
        self._values = values.tolist()
        self._identities = values.tobytes()
        return True

    @lazy
    def value(self) -> Hashable:
        """What the watch met, by value: equal for watches that met equal objects at the same steps of the same way.

        An object that was met counts by the number of the step, its contents where they were read. The value equals no
        other if the watch is blind, or met something that has no value.
        """
        if self.blind is not None:
            return object()
        kinds = tuple(map(type, self._seen.values()))
        steps = zip(self._seen, kinds, strict=True)
        names = {key: step for step, (key, kind) in enumerate(steps) if FORMS[kind] not in _READ_WHERE_MET}
        arrays = tuple(
            (array.dtype.str, array.shape, content) for array, content in zip(self._arrays, self._contents, strict=True)
        )
        return kinds, tuple(self._readers), tuple(self._sizes), arrays, comparable_value(self._values, names)

    def follow(self, *roots: object) -> None:
        """Watch these objects and all that they lead to."""
        with self._blinded():
            self._walk(roots)

    def follow_attributes(self, item: object, names: Iterable[str]) -> None:
        """Watch those of these attributes that an object has, and all that they lead to."""
        with self._blinded():
            if type(item) in DRAW_METHODS and has_own_methods(item):
                raise UnknownError(item)
            self._walk(self._attributes(item, names))

    def follow_but_for_its_place(self, legend: Legend) -> None:
        """Watch a legend, but not what it would cover."""
        self._seen[id(legend)] = legend
        with self._blinded():
            self._walk(self._artist(legend))

    def follow_but_for(self, artist: Artist, ignored: frozenset[str]) -> None:
        """Watch an artist, but not these attributes."""
        self._seen[id(artist)] = artist
        with self._blinded():
            check_draw(artist)
            kind: Any = type(artist)
            names = attribute_names(kind, tuple(vars(artist)))
            self._walk(self._attributes(artist, [name for name in names if name not in ignored]))

    def follow_settings(self, settings: Settings) -> None:
        """Watch the state of settings."""
        self._watch(_state, [settings])

    @contextmanager
    def _blinded(self) -> Iterator[None]:
        """Make the watch blind if a walk through a program's objects, inside the with block, stumbles over anything."""
        try:
            yield
        except UnknownError as error:
            self.blind = error.item
        except Exception as error:
            self.blind = error

    def _walk(self, roots: Iterable[Any]) -> None:
        queue = list(roots)
        seen, covered = self._seen, self._covered
        while queue and self.blind is None:
            item = queue.pop()
            form = FORMS[type(item)]
            if form not in _PASSED_OVER and id(item) not in seen and (id(item) not in covered or form in _EXCHANGED):
                seen[id(item)] = item
                queue += _RULES[form](self, item)

    def _attributes(self, item: object, names: Iterable[str]) -> list[Any]:
        """Watch those of these attributes that an object has, and return their values."""
        holder = vars(item)
        present = tuple([name for name in names if name in holder])
        return self._watch(attribute_reader(present), holder) if present else []

    def _watch(self, reader: Callable[[Any], Iterable[Any]], holder: Any) -> list[Any]:
        values = list(reader(holder))
        self._readers.append(reader)
        self._holders.append(holder)
        self._sizes.append(len(holder))
        self._values += values
        return values

    def _list(self, item: list[Any]) -> list[Any]:
        return self._watch(iter, item)

    def _dict(self, item: dict[Any, Any]) -> list[Any]:
        return self._watch(iter, item) + self._watch(dict.values, item)

    def _array(self, item: NDArray[Any]) -> list[Any]:
        self._watch_array(item, item)
        return []

    def _masked_array(self, item: Any) -> list[Any]:
        self._watch_array(item, item.view(np.ndarray))
        return self._attributes(item, MASK)

    def _watch_array(self, item: NDArray[Any], plain: NDArray[Any]) -> None:
        if plain.dtype.hasobject:
            raise UnknownError(item)
        self._shaped.append(item)
        self._shapes.append(_SHAPE(item))
        self._arrays.append(plain)
        self._contents.append(plain.tobytes())

    def _callable(self, item: Any) -> Iterable[Any]:
        if type(item) is FunctionType:
            return self._watch(state, function_reading(item))
        return callable_parts(item)

    def _object(self, item: Any) -> list[Any]:
        kind: Any = type(item)
        self._objects.append(item)
        self._kinds.append(kind)
        holder = vars(item)
        return self._watch(attribute_reader(attribute_names(kind, tuple(holder))), holder)

    def _artist(self, item: Artist) -> list[Any]:
        check_draw(item)
        return self._object(item)

    def _tick(self, item: Artist) -> list[Any]:
        """Watch what drawing reads of a tick; of a part of it that is hidden, only that.

        The rest is what the axis gave the tick, and is read when the axis is drawn.
        """
        check_draw(item)
        shown = []
        for part in self._attributes(item, TICK_STATE):
            if is_hidden(part):
                self._attributes(part, HIDDEN_STATE)
            else:
                shown.append(part)
        return shown

    def _legend(self, item: Legend) -> list[Any]:
        if finds_its_place(item):
            raise UnknownError(item)
        return self._artist(item)

    def _axis(self, item: Axis) -> list[Any]:
        return self._artist(item) if id(item.axes) in self._seen else self._axes(item.axes)

    def _axes(self, item: Axes) -> list[Any]:
        self.others.add(item)
        return []

    def _unknown(self, item: object) -> list[Any]:
        raise UnknownError(item)


_TO_BYTES = np.ndarray.tobytes
_SHAPE = attrgetter("dtype", "shape")

_PASSED_OVER = frozenset({"leaf", "opaque"})
"""Forms of objects that have no state, or none that a drawing reads."""

_EXCHANGED = frozenset({"array", "masked array"})
"""Forms of objects that a watch may leave for equal ones. Another watch, which has met them by itself, does not."""

_READ_WHERE_MET = frozenset({"callable", "tuple"})
"""Forms of objects that a watch passes through, so that their contents are a part of the value of what holds them."""

_RULES: dict[Form, Callable[[Watch, Any], Iterable[Any]]] = {
    "tuple": lambda _, item: item,
    "list": Watch._list,
    "set": Watch._list,
    "dict": Watch._dict,
    "array": Watch._array,
    "masked array": Watch._masked_array,
    "callable": Watch._callable,
    "object": Watch._object,
    "artist": Watch._artist,
    "axis": Watch._axis,
    "tick": Watch._tick,
    "axes": Watch._axes,
    "legend": Watch._legend,
    "unknown": Watch._unknown,
}


def _state(settings: list[Settings]) -> tuple[int, ...]:
    return tuple(each.number() for each in settings)


def _is_same(old: object, new: object) -> bool:
    """Whether two values are one, or arrays or leaves of equal contents.

    Equal leaves have to be written alike, which 0.0 and -0.0 or two time zones may not be.
    """
    if old is new:
        return True
    if type(old) is not type(new):
        return False
    if type(new) is np.ndarray:
        return _contents(old) == _contents(new)
    return _is_leaf(new) and bool(old == new) and repr(old) == repr(new)


def _contents(array: Any) -> Hashable:
    """Return the values of an array, if they are numbers; it equals no other if they are objects."""
    return object() if array.dtype.hasobject else (array.dtype.str, array.shape, array.tobytes())


def _is_leaf(item: object) -> bool:
    return FORMS[type(item)] == "leaf" or (type(item) is tuple and all(map(_is_leaf, item)))
