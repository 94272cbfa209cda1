"""Ticks as a draw leaves them, made when somebody looks.

A draw makes the ticks that an axis lacks, places them and gives them their labels. A replay has no use for ticks, and
most often ``Axes.clear`` drops them before anybody has looked. It therefore leaves `LazyTicks`, which become what the
draw would have left as soon as matplotlib or the program reads them.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, MutableSequence
from contextlib import contextmanager
from typing import Any

from matplotlib.axis import Axis, Tick
from matplotlib.backends.backend_agg import RendererAgg

from renderer.drawing.state.attributes import FORMS
from renderer.drawing.state.known import ATTRIBUTES
from renderer.mpl.artists.axis import LAST_RENDERER
from renderer.mpl.hooks import hooked

TickUpdates = dict[str, tuple[tuple[Any, str, bool], ...]]
"""What a draw does to the ticks of each list: the location of a tick, its label, and whether that is drawn."""

_GETTERS = {"majorTicks": "get_major_ticks", "minorTicks": "get_minor_ticks"}
"""The lists of ticks, and the methods that make as many as a draw needs."""


@contextmanager
def tick_updates(axis: Axis, renderer: RendererAgg) -> Iterator[TickUpdates]:
    """Find out what is done to the ticks of an axis by draws or measurements on a renderer inside the with block."""
    counts = dict.fromkeys(_GETTERS, 0)

    def counting(name: str) -> Callable[..., Any]:
        def count(get: Callable[..., Any], axis: Axis, numticks: int | None = None) -> Any:
            counts[name] = max(counts[name], numticks or 0)
            return get(numticks)

        return count

    updates: TickUpdates = {}
    with (
        hooked([axis], "get_major_ticks", counting("majorTicks")),
        hooked([axis], "get_minor_ticks", counting("minorTicks")),
    ):
        yield updates
    for name, number in counts.items():
        ticks = vars(axis)[name][:number] if number else []
        updates[name] = tuple(
            (tick.get_loc(), tick.label1.get_text(), vars(tick.label1).get(LAST_RENDERER) is renderer) for tick in ticks
        )


def update_lazily(axis: Axis, updates: TickUpdates, renderer: RendererAgg) -> None:
    """Do this to the ticks of an axis when somebody looks."""
    for name, changes in updates.items():
        if changes:
            vars(axis)[name] = LazyTicks(axis, name, changes, renderer)


def first_tick(axis: Axis) -> Tick | None:
    """Return the first major tick of an axis, without making any."""
    return _first(vars(axis).get("majorTicks", ()))


def _first(ticks: Any) -> Tick | None:
    return ticks.first() if isinstance(ticks, TickList) else next(iter(ticks), None)


class TickList(MutableSequence[Any]):
    """A list of ticks that is made when it is used.

    Parameters
    ----------
    axis : Axis
        The axis that has the ticks.
    name : {"majorTicks", "minorTicks"}
        Which ticks.
    """

    def __init__(self, axis: Axis, name: str) -> None:
        self._axis = axis
        self._name = name
        self._made: list[Any] | None = None

    @abstractmethod
    def first(self) -> Tick | None:
        """Return the first tick, if it is there already."""

    @abstractmethod
    def _make(self) -> list[Any]:
        """Make the ticks."""

    @abstractmethod
    def _count(self) -> int:
        """Return how many ticks will be made."""

    def made(self) -> list[Any]:
        """Return the list, which takes the place of this one."""
        if self._made is None:
            self._made = self._make()
            attributes = vars(self._axis)
            if attributes.get(self._name) is self:
                attributes[self._name] = self._made
        return self._made

    def __len__(self) -> int:
        return self._count() if self._made is None else len(self._made)

    def __getitem__(self, index: Any) -> Any:
        return self.made()[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        self.made()[index] = value

    def __delitem__(self, index: Any) -> None:
        del self.made()[index]

    def insert(self, index: int, value: Any) -> None:
        """Insert a tick before an index."""
        self.made().insert(index, value)

    def __add__(self, other: Iterable[Any]) -> list[Any]:
        return [*self.made(), *other]

    def __radd__(self, other: Iterable[Any]) -> list[Any]:
        return [*other, *self.made()]

    def __eq__(self, other: object) -> bool:
        return self.made() == (other.made() if isinstance(other, TickList) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.made())

    def __reduce__(self) -> Any:
        return list, (self.made(),)


class LazyTicks(TickList):
    """A list of ticks that a draw would have updated.

    Parameters
    ----------
    axis : Axis
        The axis that has the ticks.
    name : {"majorTicks", "minorTicks"}
        Which ticks.
    changes : iterable
        The location of each, its label, and whether that is drawn.
    renderer : RendererAgg
        What they would have been drawn on; a label that has been drawn is measured on that.
    """

    def __init__(self, axis: Axis, name: str, changes: Iterable[tuple[Any, str, bool]], renderer: RendererAgg) -> None:
        super().__init__(axis, name)
        self._renderer = renderer
        self._changes = tuple(changes)
        self._former = getattr(axis, name)  # has at least one tick, after which the others are modeled
        if type(self._former) is LazyTicks:
            self._changes += self._former._changes[len(self._changes) :]
            self._former = self._former._former

    def first(self) -> Tick | None:
        """Return the first tick, if it is there already."""
        return _first(self._former)

    def _count(self) -> int:
        return max(len(self._changes), len(self._former))

    def _make(self) -> list[Any]:
        attributes = vars(self._axis)
        present, attributes[self._name] = getattr(self._axis, self._name), self._former
        ticks = getattr(self._axis, _GETTERS[self._name])(len(self._changes))
        for tick, (location, label, is_drawn) in zip(ticks, self._changes, strict=True):
            tick.update_position(location)
            for text in (tick.label1, tick.label2):
                text.set_text(label)
                if is_drawn:
                    vars(text)[LAST_RENDERER] = self._renderer
        made: list[Any] = attributes[self._name]
        attributes[self._name] = present
        return made


FORMS[LazyTicks] = "object"
ATTRIBUTES[LazyTicks] = frozenset({"_changes", "_former"})
