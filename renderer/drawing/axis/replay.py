"""Drawing by value: what an equal artist drew before is drawn again, without the artist.

The axis is where it pays. After ``Axes.clear`` an axis makes its ticks anew at the next draw, which takes most of the
time of a simple plot, and most often they come out as they were. `ValueDrawing` keeps what an axis drew, and how
large it was, under the value that it had (`renderer.drawing.axis.value`); an axis that has this value again is not
asked. What drawing changes in it is changed then, too: the places of its label and of its offset text, and what
its locators and formatters remember. Ticks that nobody has asked for stay unmade.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Bbox

from renderer.drawing.agg.display_list import DisplayList, recording
from renderer.drawing.axis.tick_copies import TickPatterns
from renderer.drawing.axis.ticks import ticks_updated_once
from renderer.drawing.axis.value import (
    axis_spines,
    axis_value,
    axis_view,
    fresh_ticks_value,
    placed_spines,
    ticks_value,
)
from renderer.drawing.state.attributes import UnknownError
from renderer.mpl.hooks import hooked

__all__ = ["ValueDrawing", "ValueStats"]

T = TypeVar("T")

_Attributes = tuple[dict[str, Any], ...]
"""Attributes of each part of an axis."""


@dataclass
class ValueStats:
    """What was drawn and measured by value.

    Attributes
    ----------
    replayed, drawn : int
        How often an axis was drawn from a list, and how often by itself.
    recalled, measured : int
        How often the size of an axis was known, and how often it was measured.
    """

    replayed: int = 0
    drawn: int = 0
    recalled: int = 0
    measured: int = 0


class ValueDrawing:
    """Draws the axis of axes by their values.

    Attributes
    ----------
    stats : ValueStats
        What it took.
    paused : bool
        Whether everything is drawn by itself, as if nothing were known.
    """

    def __init__(self) -> None:
        self.stats = ValueStats()
        self.paused = False
        self._ticks = TickPatterns()
        self._drawings: WeakKeyDictionary[Axis, _Records[DisplayList]] = WeakKeyDictionary()
        self._sizes: WeakKeyDictionary[Axis, _Records[list[Bbox]]] = WeakKeyDictionary()

    @contextmanager
    def inside(self, all_axes: Iterable[Any]) -> Iterator[None]:
        """Draw and measure each axis of these axes by value, inside the with block.

        An axis that has methods of its own to draw or to measure is left alone.
        """
        every_axis = [] if self.paused else _every_axis(all_axes)
        common = [axis for axis in every_axis if not vars(axis).keys() & {"draw", "get_tightbbox"}]
        with (
            self._ticks.inside(every_axis),
            hooked(common, "draw", self._draw),
            hooked(common, "get_tightbbox", self._measure),
        ):
            yield

    @contextmanager
    def while_changing(self, figure: Any) -> Iterator[None]:
        """Make ticks like those before by copying, while the program changes a figure inside the with block."""
        with self._ticks.inside(_every_axis(figure.axes)):
            yield

    def _draw(self, draw: Callable[[RendererAgg], None], axis: Axis, renderer: RendererAgg) -> None:
        if not axis.get_visible():
            draw(renderer)
            return
        records = self._drawings.setdefault(axis, _Records())
        value = records.value(axis, renderer)
        known = records.find(value)
        if known is not None:
            self.stats.replayed += 1
            known.given.replay(renderer)
            _change(axis, known)
            axis.stale = False
            return
        self.stats.drawn += 1
        with ticks_updated_once(axis):
            if value is None:
                draw(renderer)
                return
            before = _state(axis)
            with recording(renderer) as drawn:
                draw(renderer)
        if drawn.complete:
            records.keep(value, _record(drawn, axis, before))

    def _measure(
        self, measure: Callable[..., Bbox | None], axis: Axis, renderer: RendererAgg | None = None, **options: Any
    ) -> Bbox | None:
        if renderer is None or options or not axis.get_visible():
            return measure(renderer, **options)
        records = self._sizes.setdefault(axis, _Records())
        value = records.value(axis, renderer)
        known = records.find(value)
        if known is not None:
            self.stats.recalled += 1
            _change(axis, known)
            return next((size.frozen() for size in known.given), None)
        self.stats.measured += 1
        with ticks_updated_once(axis):
            if value is None:
                return measure(renderer)
            before = _state(axis)
            size = measure(renderer)
        records.keep(value, _record([] if size is None else [size.frozen()], axis, before))
        return size


class _Record(NamedTuple, Generic[T]):
    """What an axis gave, how that changed its parts, and whether it forgot its ticks.

    A spine that ``Axes.clear`` has left without a position gets one when a tick is made, and then has the axis forget
    its ticks. Most often they are like those that it makes next, which makes no difference.
    """

    given: T
    changes: _Attributes
    resets: bool


class _State(NamedTuple):
    """What an axis was before it drew: the attributes of its parts, which spines had a position, and the ticks."""

    attributes: _Attributes
    placed: tuple[bool, ...]
    ticks: Hashable


class _Records(Generic[T]):
    """What one axis gave, under the values that it had.

    Telling a value takes time, and so does recording. Therefore only an axis that shows what it has shown before is
    asked for its value, and one whose values never come again is asked more and more rarely.
    """

    MOST = 8
    PATIENCE = 6
    LONGEST_WAIT = 31

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Record[T]] = OrderedDict()
        self._views: deque[Hashable] = deque(maxlen=self.MOST)
        self._misses = 0
        self._wait = 0

    def value(self, axis: Axis, renderer: RendererAgg) -> Hashable | None:
        """Give the axis' value; None if it has none, or if that is not to be asked."""
        if self._wait:
            self._wait -= 1
            return None
        try:
            view = axis_view(axis, renderer)
            if view in self._views:
                return axis_value(axis, view)
            self._views.append(view)
        except (AttributeError, UnknownError):  # the first: a matplotlib that is not known
            pass
        self._miss()
        return None

    def find(self, value: Hashable | None) -> _Record[T] | None:
        """Give what is known of a value."""
        if value is None:
            return None
        record = self._kept.get(value)
        if record is None:
            self._miss()
        else:
            self._misses = 0
            self._kept.move_to_end(value)
        return record

    def keep(self, value: Hashable, record: _Record[T]) -> None:
        """Keep what the axis gave."""
        self._kept[value] = record
        if len(self._kept) > self.MOST:
            self._kept.popitem(last=False)

    def _miss(self) -> None:
        self._misses += 1
        self._wait = min(2 ** max(self._misses - self.PATIENCE, 0) - 1, self.LONGEST_WAIT)


def _every_axis(all_axes: Iterable[Any]) -> list[Axis]:
    return [axis for axes in all_axes for axis in axes._axis_map.values()]


def _parts(axis: Any) -> tuple[Any, ...]:
    """Give what drawing an axis changes, beside its ticks."""
    major, minor = axis.major, axis.minor
    return (
        axis.label,
        axis.offsetText,
        major.locator,
        major.formatter,
        minor.locator,
        minor.formatter,
        *axis_spines(axis),
    )


def _state(axis: Axis) -> _State:
    placed = placed_spines(axis)
    return _State(tuple(dict(vars(part)) for part in _parts(axis)), placed, None if all(placed) else ticks_value(axis))


def _record(given: T, axis: Axis, before: _State) -> _Record[T]:
    changes = tuple(
        {name: value for name, value in vars(part).items() if name != "_renderer" and old.get(name, old) is not value}
        for part, old in zip(_parts(axis), before.attributes, strict=True)
    )
    resets = before.placed != placed_spines(axis) and before.ticks != fresh_ticks_value(axis)
    return _Record(given, changes, resets)


def _change(axis: Any, record: _Record[Any]) -> None:
    for part, changed in zip(_parts(axis), record.changes, strict=True):
        vars(part).update(changed)
    if record.resets:
        axis.reset_ticks()
