"""Axis that update their ticks once where matplotlib updates them several times.

``Axis.draw`` and ``Axis.get_tightbbox`` of matplotlib 3.10 and 3.11 update the ticks for themselves, for the place of
the label and for the length of the spine, and measure the tick labels twice; drawing a label lays it out once more.
``Axes.get_tightbbox`` has each spine update them again. Nothing changes in between, unless a locator or a formatter of
the program's own returns something else each time.

An axis that lacks ticks makes each one and gives it the properties of the first. All that are made in one go come out
alike, so that one is made and the others are its copies.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, XTick, YAxis, YTick
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text
from matplotlib.ticker import TickHelper

from renderer.drawing.axis.tick_pattern import TickPattern
from renderer.drawing.axis.value import present_ticks
from renderer.drawing.state.attributes import UnknownError
from renderer.drawing.state.known_3d import AXIS_3D
from renderer.drawing.state.values import value_of
from renderer.mpl.artists.axes import every_axis
from renderer.mpl.artists.axis import (
    COPY_TICK,
    LAY_OUT_TEXT,
    MAKE_TICK,
    MEASURE_LABELS,
    UPDATE_TICKS,
    has_tick_steps,
    is_major,
)
from renderer.mpl.hooks import hooked


@contextmanager
def ticks_updated_once(axis: Axis) -> Iterator[None]:
    """Let *axis* update its ticks and measure their labels once inside the with block, if that makes no difference.

    It does so again when the limits or the place of its axes change, or when its ticks are reset.
    """
    if not _are_repeatable(axis):
        yield
        return
    last: dict[str, Any] = {}
    layouts = ExitStack()

    def update(former: Callable[[], Any], axis: Axis) -> Any:
        if not last or last["shown"] != _shown(axis):
            last.clear()
            layouts.close()
            with ticks_made_once(axis):
                ticks = former()
            last.update(ticks=ticks, shown=_shown(axis))
        return last["ticks"]

    def measure(former: Callable[..., Any], axis: Axis, ticks: list[Any], renderer: RendererAgg) -> Any:
        if ticks is not last.get("ticks") or last["shown"] != _shown(axis):
            return former(ticks, renderer)
        if "boxes" not in last:
            labels = [label for tick in ticks for label in (tick.label1, tick.label2) if label.get_visible()]
            layouts.enter_context(hooked(labels, LAY_OUT_TEXT, _laid_out_once()))
            last["boxes"] = former(ticks, renderer)
        return last["boxes"]

    with hooked([axis], UPDATE_TICKS, update), hooked([axis], MEASURE_LABELS, measure), layouts:
        yield


@contextmanager
def axes_measured_with_ticks_once(all_axes: Iterable[Axes]) -> Iterator[None]:
    """Let each of these axes update its ticks once whenever it is measured inside the with block."""

    def measure(former: Callable[..., Any], axes: Any, *args: Any, **options: Any) -> Any:
        with ExitStack() as stack:
            for axis in every_axis([axes]):
                stack.enter_context(ticks_updated_once(axis))
            return former(*args, **options)

    with hooked(all_axes, "get_tightbbox", measure):
        yield


@contextmanager
def axis_drawn_with_ticks_once(all_axes: Iterable[Any]) -> Iterator[None]:
    """Let each axis of these axes update its ticks once whenever it is drawn inside the with block."""

    def draw(former: Callable[..., None], axis: Axis, renderer: RendererAgg) -> None:
        with ticks_updated_once(axis):
            former(renderer)

    with hooked(every_axis(all_axes), "draw", draw):
        yield


@contextmanager
def ticks_of_one_draw(axes: Any) -> Iterator[None]:
    """Let each axis of 3-D axes update its ticks once while the axes are drawn, inside the with block.

    They update them for the grids first, and then for each axis, which moves the ticks to the same places after either
    update. Where axis share a locator or a formatter, each finds that as another one has left it.
    """
    all_axis: list[Any] = every_axis([axes])
    parts = [part for axis in all_axis for part in (*vars(axis.major).values(), *vars(axis.minor).values())]
    tickers = [part for part in parts if isinstance(part, TickHelper)]
    alone = len(set(map(id, tickers))) == len(tickers) and all(type(axis) in AXIS_3D for axis in all_axis)
    known = [axis for axis in all_axis if alone and _has_repeatable_tickers(axis)]
    last: dict[Axis, tuple[Any, tuple[object, ...]]] = {}

    def update(former: Callable[[], Any], axis: Axis) -> Any:
        if axis not in last or last[axis][1] != _shown(axis):
            ticks = former()
            last[axis] = ticks, _shown(axis)
        return last[axis][0]

    with hooked(known, UPDATE_TICKS, update):
        yield


def _shown(axis: Any) -> tuple[object, ...]:
    """Return what decides which ticks an axis has and where, and may change while axes are measured."""
    present = vars(axis)
    ticks = present.get("majorTicks"), present.get("minorTicks")
    return *axis.get_view_interval(), *axis.axes.bbox.extents, *ticks


def _laid_out_once() -> Callable[..., Any]:
    """Make a method that lays each text out once; nobody may change the text meanwhile."""
    layouts: dict[Text, Any] = {}

    def lay_out(former: Callable[..., Any], text: Text, renderer: RendererAgg) -> Any:
        if text not in layouts:
            layouts[text] = former(renderer)
        return layouts[text]

    return lay_out


@contextmanager
def ticks_made_once(axis: Axis) -> Iterator[None]:
    """Let *axis* copy ticks that it would make alike, inside the with block; nobody else may change them there."""
    patterns: dict[bool | None, TickPattern | None] = {}
    copied: Any = None

    def make(former: Callable[..., Any], axis: Axis, major: bool) -> Any:
        nonlocal copied
        pattern = patterns.get(major)
        copied = None if pattern is None else pattern.copy()
        return former(major=major) if copied is None else copied

    def copy_properties(former: Callable[..., None], axis: Axis, first: Any, tick: Any) -> None:
        if tick is not copied:
            former(first, tick)
            patterns[is_major(tick)] = TickPattern.of_tick(tick)

    with hooked([axis], MAKE_TICK, make), hooked([axis], COPY_TICK, copy_properties):
        yield


def _are_repeatable(axis: Axis) -> bool:
    """Whether a second update of the ticks gives the same ticks."""
    usual = type(axis) in (XAxis, YAxis) and all(type(tick) in (XTick, YTick) for tick in present_ticks(axis))
    return usual and _has_repeatable_tickers(axis) and has_tick_steps(axis)


def _has_repeatable_tickers(axis: Axis) -> bool:
    """Whether locators and formatters say the same again when nothing has changed."""
    names = {id(axis): "axis"}
    try:
        value_of(axis.major, names)
        value_of(axis.minor, names)
    except UnknownError:
        return False
    return True
