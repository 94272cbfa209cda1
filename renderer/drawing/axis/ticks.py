"""An axis that updates its ticks once where it would do so three times, and copies them where it would make them.

``Axis.draw`` and ``Axis.get_tightbbox`` of matplotlib 3.10 and 3.11 update the ticks (``_update_ticks``) for
themselves, for the place of the label and for the length of the spine, and measure the tick labels
(``_get_ticklabel_bboxes``) twice; drawing a label lays it out (``Text._get_layout``) once more. Axes that are measured
have each spine do so again. Nothing changes in between, unless a locator or a formatter of the program's own gives
something else each time.

An axis that lacks ticks makes each one (``_get_tick``) and gives it what the first one looks like
(``_copy_tick_props``). All that are made in one go come out alike, so that one is made and the others are its copies.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, XTick, YAxis, YTick
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text

from renderer.drawing.axis.tick_copies import TickPattern
from renderer.drawing.state.attributes import UnknownError
from renderer.drawing.state.values import value_of
from renderer.mpl.hooks import hooked

__all__ = ["axes_measured_with_ticks_once", "axis_drawn_with_ticks_once", "ticks_made_once", "ticks_updated_once"]


@contextmanager
def ticks_updated_once(axis: Axis) -> Iterator[None]:
    """Let *axis* update its ticks and measure their labels once inside the with block, if that makes no difference.

    It does so again when the limits or the place of its axes change, or when it forgets its ticks.
    """
    if not _are_repeatable(axis):
        yield
        return
    known: dict[str, Any] = {}
    layouts = ExitStack()

    def update(former: Callable[[], Any], axis: Axis) -> Any:
        if not known or known["shown"] != _shown(axis):
            known.clear()
            layouts.close()
            with ticks_made_once(axis):
                ticks = former()
            known.update(ticks=ticks, shown=_shown(axis))
        return known["ticks"]

    def measure(former: Callable[..., Any], axis: Axis, ticks: list[Any], renderer: RendererAgg) -> Any:
        if ticks is not known.get("ticks") or known["shown"] != _shown(axis):
            return former(ticks, renderer)
        if "boxes" not in known:
            labels = [label for tick in ticks for label in (tick.label1, tick.label2) if label.get_visible()]
            layouts.enter_context(hooked(labels, "_get_layout", _laid_out_once()))
            known["boxes"] = former(ticks, renderer)
        return known["boxes"]

    with hooked([axis], "_update_ticks", update), hooked([axis], "_get_ticklabel_bboxes", measure), layouts:
        yield


@contextmanager
def axes_measured_with_ticks_once(all_axes: Iterable[Axes]) -> Iterator[None]:
    """Let each of these axes update its ticks once while it is measured, inside the with block.

    ``Axes.get_tightbbox`` asks for them twice for each axis, and once for each spine.
    """

    def measure(former: Callable[..., Any], axes: Any, *args: Any, **options: Any) -> Any:
        with ExitStack() as stack:
            for axis in axes._axis_map.values():
                stack.enter_context(ticks_updated_once(axis))
            return former(*args, **options)

    with hooked(all_axes, "get_tightbbox", measure):
        yield


@contextmanager
def axis_drawn_with_ticks_once(all_axes: Iterable[Any]) -> Iterator[None]:
    """Let each axis of these axes update its ticks once while it is drawn, inside the with block."""

    def draw(former: Callable[..., None], axis: Axis, renderer: RendererAgg) -> None:
        with ticks_updated_once(axis):
            former(renderer)

    with hooked((axis for axes in all_axes for axis in axes._axis_map.values()), "draw", draw):
        yield


def _shown(axis: Any) -> tuple[object, ...]:
    """Give what may change while axes are measured, and decides what the ticks of an axis are and where."""
    present = vars(axis)
    ticks = present.get("majorTicks"), present.get("minorTicks")
    return *axis.get_view_interval(), *axis.axes.bbox.extents, *ticks


def _laid_out_once() -> Callable[..., Any]:
    """Give a ``Text._get_layout`` that lays each text out once; nobody may change the text meanwhile."""
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

    def dress(former: Callable[..., None], axis: Axis, first: Any, tick: Any) -> None:
        if tick is not copied:
            former(first, tick)
            patterns[getattr(tick, "_major", None)] = TickPattern.of_tick(tick)

    with hooked([axis], "_get_tick", make), hooked([axis], "_copy_tick_props", dress):
        yield


_STEPS = ("_copy_tick_props", "_get_tick", "_get_ticklabel_bboxes", "_update_ticks")


def _are_repeatable(axis: Axis) -> bool:
    """Tell whether ticks come out the same when they are asked for again."""
    names = {id(axis): "axis"}
    try:
        value_of(axis.major, names)
        value_of(axis.minor, names)
    except UnknownError:
        return False
    made = (*vars(axis).get("majorTicks", ()), *vars(axis).get("minorTicks", ()))
    return (
        type(axis) in (XAxis, YAxis)
        and all(hasattr(axis, name) for name in _STEPS)
        and hasattr(Text, "_get_layout")
        and all(type(tick) in (XTick, YTick) for tick in made)
    )
