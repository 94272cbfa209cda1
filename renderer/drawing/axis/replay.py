"""Drawing by value: an axis that equals one drawn before is replayed from what that one drew.

After ``Axes.clear`` an axis makes its ticks anew at the next draw. This takes most of the time of a simple plot, and
most often the ticks equal the former ones. `ValueDrawing` keeps the display list and the size of an axis under its
value (`renderer.drawing.axis.value`), and replays them when the axis has this value again. A replay also repeats the
changes that drawing makes to the axis: the places of its label and of its offset text, and the state of its locators
and formatters. Ticks are made when somebody looks (`renderer.drawing.axis.lazy_ticks`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary, ref

from matplotlib.axis import Axis, Tick
from matplotlib.transforms import Bbox

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.agg.display_list import DisplayList, recording
from renderer.drawing.axis.lazy_ticks import TickUpdates, first_tick, tick_updates, update_lazily
from renderer.drawing.axis.shared import DRAWINGS, SIZES, Attributes, Record, SharedRecords, Views
from renderer.drawing.axis.tick_copies import ticks_copied
from renderer.drawing.axis.ticks import ticks_updated_once
from renderer.drawing.axis.value import axis_spines, axis_value, axis_view, placed_spines, present_ticks, ticks_value
from renderer.drawing.backoff import LONGEST_WAIT, Backoff
from renderer.drawing.state.attributes import UnknownError
from renderer.mpl.artists.axes import every_axis
from renderer.mpl.artists.axis import LAST_RENDERER, ticks_after_reset
from renderer.mpl.hooks import hooked

T = TypeVar("T", DisplayList, list[Bbox])


class ValueDrawing:
    """Draws each axis by its value.

    Attributes
    ----------
    paused : bool
        Whether each axis draws and measures itself, as if nothing were known.
    """

    def __init__(self) -> None:
        self.paused = False
        self._drawings: WeakKeyDictionary[Axis, _Records[DisplayList]] = WeakKeyDictionary()
        self._sizes: WeakKeyDictionary[Axis, _Records[list[Bbox]]] = WeakKeyDictionary()

    @contextmanager
    def inside(self, all_axes: Iterable[Any]) -> Iterator[None]:
        """Draw and measure each axis of these axes by value, inside the with block.

        An axis that has methods of its own to draw or to measure is left alone.
        """
        affected = [] if self.paused else every_axis(all_axes)
        common = [axis for axis in affected if not vars(axis).keys() & {"draw", "get_tightbbox"}]
        with (
            ticks_copied(affected),
            hooked(common, "draw", self._draw),
            hooked(common, "get_tightbbox", self._measure),
        ):
            yield

    def while_changing(self, figure: Any) -> AbstractContextManager[None]:
        """Copy ticks that equal former ones, while the program changes a figure inside the with block."""
        return ticks_copied(every_axis(figure.axes))

    def _draw(self, draw: Callable[[CachingRenderer], None], axis: Axis, renderer: CachingRenderer) -> None:
        if not axis.get_visible():
            draw(renderer)
            return
        records = self._drawings.setdefault(axis, _Records(DRAWINGS))
        value, record = records.find(axis, renderer)
        if record is not None:
            record.result.replay(renderer)
            renderer.replay_texts(record.texts)
            _repeat_changes(axis, record, renderer)
            axis.stale = False
            return
        with ticks_updated_once(axis):
            if value is None:
                draw(renderer)
                return
            before = _state(axis)
            with (
                recording(renderer) as drawn,
                tick_updates(axis, renderer) as updates,
                renderer.texts_listed() as texts,
            ):
                draw(renderer)
        if drawn.complete:
            records.keep(axis, value, _record(drawn, axis, before, updates)._replace(texts=tuple(texts)))

    def _measure(
        self, measure: Callable[..., Bbox | None], axis: Axis, renderer: CachingRenderer | None = None, **options: Any
    ) -> Bbox | None:
        if renderer is None or options or not axis.get_visible():
            return measure(renderer, **options)
        records = self._sizes.setdefault(axis, _Records(SIZES))
        value, record = records.find(axis, renderer)
        if record is not None:
            _repeat_changes(axis, record, renderer)
            return next((size.frozen() for size in record.result), None)
        with ticks_updated_once(axis):
            if value is None:
                return measure(renderer)
            before = _state(axis)
            with tick_updates(axis, renderer) as updates:
                size = measure(renderer)
        records.keep(axis, value, _record([] if size is None else [size.frozen()], axis, before, updates))
        return size


class _State(NamedTuple):
    """An axis before it is drawn: the attributes of its parts, which spines have a position, and its ticks."""

    attributes: Attributes
    placed: tuple[bool, ...]
    ticks: Hashable


class _Records(Generic[T]):
    """The latest results of one axis, by its values; those that can be are shared with all others.

    Telling a value takes time, and so does recording. Therefore an axis has its value told if it had its view before,
    or if it is new or cleared and any such axis had this view. It is told ever more rarely while values do not come
    again.

    Parameters
    ----------
    shared : SharedRecords
        The records of all axes.
    """

    MOST = 8

    def __init__(self, shared: SharedRecords[T]) -> None:
        self._shared: SharedRecords[T] = shared
        self._kept: OrderedDict[Hashable, Record[T]] = OrderedDict()
        self._backoff = Backoff(patience=6, longest=LONGEST_WAIT)
        self._views = Views()
        self._first_tick: Callable[[], Tick | None] = lambda: None

    def find(self, axis: Axis, renderer: CachingRenderer) -> tuple[Hashable | None, Record[T] | None]:
        """Return the value of an axis, if it is told, and the record of that value, if there is one."""
        value = self._value(axis, renderer) if self._backoff.due() else None
        record = None
        if value is not None:
            record = self._shared.find(value, axis) or (self._kept.get(value) if self._kept else None)
        if record is None:
            self._backoff.failed()
        else:
            self._backoff.succeeded()
        return value, record

    def _value(self, axis: Axis, renderer: CachingRenderer) -> Hashable | None:
        try:
            view = axis_view(axis, renderer)
            had_it = self._views.note(view)
            if (self._is_new(axis) and self._shared.views.note(view)) or had_it:
                return axis_value(axis, view)
        except (AttributeError, UnknownError):  # the first: a matplotlib that is not known
            pass
        return None

    def _is_new(self, axis: Axis) -> bool:
        """Whether an axis has no ticks, or others than before the last draw.

        The value of other axes holds many ticks, as former draws left them. It seldom equals that of another axis, and
        telling it takes as long as drawing does.
        """
        tick, former = first_tick(axis), self._first_tick()
        self._first_tick = (lambda: None) if tick is None else ref(tick)
        return tick is None or tick is not former

    def keep(self, axis: Axis, value: Hashable, record: Record[T]) -> None:
        """Keep the record of a value; of those that belong to this axis, forget the oldest if there are too many."""
        if self._shared.keep(value, record, axis):
            return
        self._kept[value] = record
        if len(self._kept) > self.MOST:
            self._kept.popitem(last=False)


def _parts(axis: Any) -> tuple[Any, ...]:
    """Return the objects that drawing an axis changes, beside its ticks."""
    tickers = (part for level in (axis.major, axis.minor) for part in (level.locator, level.formatter))
    return axis.label, axis.offsetText, *tickers, *axis_spines(axis)


def _state(axis: Axis) -> _State:
    placed = placed_spines(axis)
    return _State(
        tuple(dict(vars(part)) for part in _parts(axis)),
        placed,
        None if all(placed) else ticks_value(axis, present_ticks(axis)),
    )


def _record(result: T, axis: Axis, before: _State, ticks: TickUpdates) -> Record[T]:
    changes = tuple(
        {name: value for name, value in vars(part).items() if name != LAST_RENDERER and old.get(name, old) is not value}
        for part, old in zip(_parts(axis), before.attributes, strict=True)
    )
    resets = before.placed != placed_spines(axis) and before.ticks != ticks_value(axis, ticks_after_reset(axis))
    return Record(result, changes, resets, ticks)


def _repeat_changes(axis: Any, record: Record[Any], renderer: CachingRenderer) -> None:
    for part, changes in zip(_parts(axis), record.changes, strict=True):
        vars(part).update(changes)
    for text in (axis.label, axis.offsetText):
        vars(text)[LAST_RENDERER] = renderer
    if record.resets:
        axis.reset_ticks()
    update_lazily(axis, record.ticks, renderer)
