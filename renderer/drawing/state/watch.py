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
from functools import cached_property
from itertools import chain
from operator import call, eq
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
    is_hidden,
)
from renderer.drawing.state.known import HIDDEN_STATE, MASK, TICK_STATE, finds_its_place
from renderer.drawing.state.rc import Settings
from renderer.drawing.state.values import value_of

__all__ = ["Watch"]


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
        """Whether anything is not what it was."""
        if self.blind is not None:
            return True
        if list(map(len, self._holders)) != self._sizes:
            return True
        try:
            values = np.fromiter(chain.from_iterable(map(call, self._readers, self._holders)), object)
        except KeyError:  # an attribute is gone
            return True
        same = values.tobytes() == self._identities or self._equal_by_value(values)
        return not (same and all(map(eq, map(_TO_BYTES, self._arrays), self._contents)))

    @cached_property
    def _identities(self) -> bytes:
        """The addresses of the values: to compare those takes a tenth of the time of ``all(map(is_, ...))``."""
        return np.fromiter(self._values, object).tobytes()

    def _equal_by_value(self, values: NDArray[np.object_]) -> bool:
        """Let values pass that were set again to what they were."""
        same = all(map(_is_same, self._values, values))
        if same:
            self._values = values.tolist()
            self._identities = values.tobytes()
        return same

    @cached_property
    def value(self) -> Hashable:
        """What the watch met, by value: equal for watches that met equal objects at the same steps of the same way.

        An object that was met counts by the number of the step, its contents where they were read.

        Raises
        ------
        UnknownError
            The watch is blind, or it met something that has no value.
        """
        if self.blind is not None:
            raise UnknownError(self.blind)
        kinds = tuple(map(type, self._seen.values()))
        steps = zip(self._seen, kinds, strict=True)
        names = {key: step for step, (key, kind) in enumerate(steps) if FORMS[kind] not in _READ_WHERE_MET}
        arrays = tuple(
            (array.dtype.str, array.shape, content) for array, content in zip(self._arrays, self._contents, strict=True)
        )
        return kinds, tuple(self._readers), tuple(self._sizes), arrays, value_of(self._values, names)

    def follow(self, *roots: object) -> None:
        """Watch these objects and all that they lead to."""
        queue = list(roots)
        seen, covered = self._seen, self._covered
        with self._blinded():
            while queue and self.blind is None:
                item = queue.pop()
                form = FORMS[type(item)]
                if form not in _PASSED_OVER and id(item) not in seen and id(item) not in covered:
                    seen[id(item)] = item
                    _RULES[form](self, item, queue)

    def follow_attributes(self, item: object, names: Iterable[str]) -> None:
        """Watch these attributes of an object, and all that they lead to."""
        queue: list[Any] = []
        with self._blinded():
            self._attributes(item, tuple(names), queue)
        self.follow(*queue)

    def follow_but_for_its_place(self, legend: Legend) -> None:
        """Watch a legend, but not what it would cover."""
        self._seen[id(legend)] = legend
        queue: list[Any] = []
        with self._blinded():
            self._artist(legend, queue)
        self.follow(*queue)

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

    def _array(self, item: NDArray[Any], queue: list[Any]) -> None:
        if item.dtype.hasobject:
            raise UnknownError(item)
        self._arrays.append(item)
        self._contents.append(item.tobytes())

    def _masked_array(self, item: Any, queue: list[Any]) -> None:
        self._attributes(item, MASK, queue)
        self._array(item.view(np.ndarray), queue)

    def _callable(self, item: Any, queue: list[Any]) -> None:
        queue.extend(callable_parts(item))

    def _object(self, item: object, queue: list[Any]) -> None:
        kind: Any = type(item)
        self._attributes(item, attribute_names(kind, tuple(vars(item))), queue)

    def _artist(self, item: Artist, queue: list[Any]) -> None:
        check_draw(item)
        self._object(item, queue)

    def _tick(self, item: Artist, queue: list[Any]) -> None:
        """Watch what drawing reads of a tick; of a part of it that is hidden, only that.

        The rest is what the axis gave the tick, and is read when the axis is drawn.
        """
        check_draw(item)
        parts: list[Any] = []
        present = vars(item)
        self._attributes(item, tuple(name for name in TICK_STATE if name in present), parts)
        for part in parts:
            if is_hidden(part):
                self._attributes(part, HIDDEN_STATE, [])
            else:
                queue.append(part)

    def _legend(self, item: Legend, queue: list[Any]) -> None:
        if finds_its_place(item):
            raise UnknownError(item)
        self._artist(item, queue)

    def _axis(self, item: Axis, queue: list[Any]) -> None:
        if id(item.axes) in self._seen:
            self._artist(item, queue)
        else:
            self.others.add(item.axes)

    def _axes(self, item: Axes, queue: list[Any]) -> None:
        self.others.add(item)

    def _unknown(self, item: object, queue: list[Any]) -> None:
        raise UnknownError(item)


_TO_BYTES = np.ndarray.tobytes

_PASSED_OVER = frozenset({"leaf", "opaque"})
"""Forms of objects that have no state, or none that a drawing reads."""

_READ_WHERE_MET = frozenset({"callable", "tuple"})
"""Forms of objects that a watch passes through, so that their contents are a part of the value of what holds them."""

_RULES: dict[Form, Callable[[Watch, Any, list[Any]], None]] = {
    "tuple": Watch._tuple,
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
    """Whether two values are one, or equal leaves written alike, which 0.0 and -0.0 or two time zones may not be."""
    return old is new or (type(old) is type(new) and _is_leaf(new) and old == new and repr(old) == repr(new))


def _is_leaf(item: object) -> bool:
    return FORMS[type(item)] == "leaf" or (type(item) is tuple and all(map(_is_leaf, item)))
