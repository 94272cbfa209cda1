"""Ticks that are copied while a program changes its axes, against those that matplotlib makes."""

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any
from unittest import mock
from weakref import ref

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axis import XAxis, XTick, YTick
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from matplotlib.patheffects import Stroke
from matplotlib.spines import Spine

from renderer.drawing.axis.tick_copies import ticks_copied
from renderer.drawing.axis.tick_pattern import TickPattern
from renderer.drawing.state.values import value_of


def new_axes() -> Any:
    figure = Figure(figsize=(3, 2.5), dpi=60)
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def every_axis(axes: Any) -> list[Any]:
    return [axis for each in axes.get_figure().axes for axis in (each.xaxis, each.yaxis)]


def ticks_of(axes: Any) -> list[Any]:
    return [tick for axis in every_axis(axes) for tick in (*axis.majorTicks, *axis.minorTicks)]


def values(axes: Any) -> list[object]:
    """Return all that the ticks are; the axes' own transforms by their names."""
    named: dict[int, object] = {}
    for number, each in enumerate(axes.get_figure().axes):
        parts = {"axes": each, "figure": each.get_figure(), "data": each.transData, "place": each.transAxes}
        named |= {id(item): (name, number) for name, item in parts.items()}
    return [value_of(tick, named) for tick in ticks_of(axes)]


def pixels(axes: Any) -> np.ndarray:
    canvas = axes.get_figure().canvas
    canvas.draw()
    return np.array(canvas.buffer_rgba())


def other_settings(axes: Any) -> None:
    with mpl.rc_context({"xtick.color": "r", "ytick.major.size": 9, "grid.alpha": 0.3, "axes.grid": True}):
        axes.clear()


CHANGES: dict[str, Callable[[Any], object]] = {
    "clear": lambda axes: axes.clear(),
    "clear, plot": lambda axes: (axes.clear(), axes.plot([1, 3, 2])),
    "clear, bars": lambda axes: (axes.clear(), axes.barh(["a", "b"], [3, 2])),
    "grid": lambda axes: axes.grid(True, color="r"),
    "minor": lambda axes: axes.minorticks_on(),
    "tick_params": lambda axes: axes.tick_params(axis="x", direction="in", labelrotation=30, labelsize=7, top=True),
    "minor params": lambda axes: axes.tick_params(which="minor", length=7, labelcolor="b"),
    "pad": lambda axes: axes.tick_params(pad=9),
    "reset params": lambda axes: axes.tick_params(reset=True, color="g"),
    "spine outward": lambda axes: axes.spines.left.set_position(("outward", 10)),
    "spine at a value": lambda axes: axes.spines.bottom.set_position(("data", 0.5)),
    "spine at zero": lambda axes: axes.spines.bottom.set_position("zero"),
    "color a label": lambda axes: axes.get_xticklabels()[0].set_color("r"),
    "widen a tick": lambda axes: axes.xaxis.get_major_ticks()[0].tick1line.set_markersize(20),
    "a minor tick": lambda axes: axes.yaxis.get_minor_ticks(2)[0].tick1line.set_color("b"),
    "settings": other_settings,
    "log": lambda axes: axes.set(yscale="log", ylim=(1, 1e4)),
    "twin": lambda axes: axes.twinx(),
    "share": lambda axes: axes.get_figure().add_axes((0.6, 0.6, 0.3, 0.3), sharex=axes),
    "clip": lambda axes: axes.xaxis.set_clip_path(axes.patch),
    "tick on top": lambda axes: axes.xaxis.tick_top(),
    "no spine": lambda axes: axes.spines.right.set_visible(False),
    "draw": pixels,
}


class WideTick(XTick):
    """A tick that stands further off."""

    def get_tick_padding(self) -> float:
        return 20


def ticks_of_a_class(axes: Any) -> None:
    axes.xaxis._tick_class = WideTick
    axes.xaxis.reset_ticks()


def ticks_made_by_the_program(axes: Any) -> None:
    def make(major: bool) -> XTick:
        tick: XTick = XAxis._get_tick(axes.xaxis, major)  # type: ignore[attr-defined]
        tick.label1.set_color("r")
        return tick

    axes.xaxis._get_tick = make
    axes.clear()


def never_clipped(axes: Any) -> None:
    axes.xaxis.set_clip_path = lambda *_: None
    axes.clear()


def turned_spine(axes: Any) -> None:
    for side in ("bottom", "top"):
        axes.spines.bottom.spine_type = side
        axes.spines.bottom.set_position(("outward", 10))


def with_array_of_one_color(axes: Any) -> None:
    """Have ticks share an array with the program, change it, and ask for ticks with what it was."""
    color = np.array([1.0, 0, 0])
    axes.tick_params(labelcolor=color)
    axes.xaxis.reset_ticks()
    axes.xaxis.get_major_ticks(3)
    color[:] = 0, 0, 1
    axes.tick_params(labelcolor=np.array([1.0, 0, 0]))
    axes.xaxis.reset_ticks()
    axes.xaxis.get_major_ticks(3)


def with_list_of_dashes(axes: Any) -> None:
    dashes = [4.0, 2.0]
    axes.grid(True, linestyle=(0, dashes))
    axes.xaxis.reset_ticks()
    axes.xaxis.get_major_ticks(3)
    dashes[:] = 1, 9
    axes.grid(True, linestyle=(0, [4.0, 2.0]))
    axes.xaxis.reset_ticks()
    for tick in axes.xaxis.get_major_ticks(3):
        tick.gridline.set_linewidth(2)


@pytest.mark.parametrize(
    "change",
    [
        *(ticks_of_a_class, ticks_made_by_the_program, turned_spine),
        *(with_array_of_one_color, with_list_of_dashes),
    ],
)
def test_ticks_are_what_matplotlib_makes_after(change: Callable[[Any], None]) -> None:
    ours, theirs = new_axes(), new_axes()
    for step in (lambda axes: axes.clear(), change, lambda axes: axes.clear(), change):
        with ticks_copied(every_axis(ours)):
            step(ours)
        step(theirs)
        assert np.array_equal(pixels(ours), pixels(theirs))


def test_a_method_that_the_program_puts_on_an_axis_stays_there() -> None:
    axes = new_axes()
    with ticks_copied(every_axis(axes)):
        never_clipped(axes)
    assert "set_clip_path" in vars(axes.xaxis)
    assert "set_clip_path" not in vars(axes.yaxis)


@settings(max_examples=10)
@given(st.lists(st.lists(st.sampled_from(sorted(CHANGES)), max_size=5), max_size=5))
def test_ticks_are_what_matplotlib_makes(plan: list[list[str]]) -> None:
    ours, theirs = new_axes(), new_axes()
    for names in [["clear"], *plan, ["clear"]]:
        with ticks_copied(every_axis(ours)):
            for name in names:
                CHANGES[name](ours)
        for name in names:
            CHANGES[name](theirs)
        assert [vars(tick).keys() for tick in ticks_of(ours)] == [vars(tick).keys() for tick in ticks_of(theirs)]
        assert values(ours) == values(theirs)
        assert np.array_equal(pixels(ours), pixels(theirs))


def test_axes_that_are_cleared_again_make_no_ticks() -> None:
    axes = new_axes()
    with ticks_copied(every_axis(axes)):
        axes.clear()
        with mock.patch.object(XAxis, "_get_tick", autospec=True, side_effect=XAxis._get_tick) as make:  # type: ignore[attr-defined]
            axes.clear()
            assert len(axes.xaxis.get_major_ticks(5)) == 5
    assert not make.called


def test_an_axis_that_is_cleared_copies_each_tick_once_when_somebody_looks() -> None:
    axes = new_axes()
    with (
        mock.patch.object(TickPattern, "copy", autospec=True, side_effect=TickPattern.copy) as copies,
        ticks_copied(every_axis(axes)),
    ):
        axes.clear()
        copies.reset_mock()
        axes.clear()
        axes.tick_params(left=False, which="both")
        assert not copies.called
        assert len(ticks_of(axes)) == 4
        axes.grid(True, color="r")
        assert axes.xaxis.majorTicks[0].gridline.get_color() == "r"
    of_ticks = [call for call in copies.call_args_list if call.args[0]._kind in (XTick, YTick)]
    assert len(of_ticks) == 4


def test_axes_of_another_figure_make_no_ticks_like_those_before() -> None:
    theirs = new_axes()
    theirs.clear()
    for _ in range(2):
        ours = new_axes()
        made = mock.patch.object(XAxis, "_get_tick", autospec=True, side_effect=XAxis._get_tick)  # type: ignore[attr-defined]
        with ticks_copied(every_axis(ours)), made as make:
            ours.clear()
    assert not make.called
    assert values(ours) == values(theirs)
    assert np.array_equal(pixels(ours), pixels(theirs))


def test_no_figure_is_kept_by_what_is_kept_of_its_ticks() -> None:
    axes = new_axes()
    with mpl.rc_context({"xtick.major.width": 1.23}), ticks_copied(every_axis(axes)):
        axes.clear()
        axes.clear()
        assert ticks_of(axes)
    figure = ref(axes.get_figure())
    del axes
    gc.collect()
    assert figure() is None


LATER: dict[str, Callable[[Any], object]] = {
    "another color": lambda axes: axes.tick_params(colors="r", length=9),
    "switched off": lambda axes: axes.tick_params(left=False, labelbottom=False),
    "switched on": lambda axes: axes.tick_params(which="both", right=True, top=True),
    "grid on": lambda axes: axes.grid(True, which="both"),
    "a spine moved": lambda axes: axes.spines.left.set_position(("axes", 0.4)),
    "settings": lambda axes: mpl.rcParams.update({"xtick.color": "r", "xtick.alignment": "right"}),
    "clipped otherwise": lambda axes: axes.xaxis.set_clip_path(Circle((0.5, 0.5), 0.3, transform=axes.transAxes)),
    "clipped by a box": lambda axes: axes.xaxis.set_clip_path(Rectangle((0, 0), 0.4, 1, transform=axes.transAxes)),
    "not clipped": lambda axes: axes.yaxis.set_clip_path(None),
    "patch moved": lambda axes: axes.patch.set_bounds(0.2, 0.2, 0.4, 0.4),
    "label moved": lambda axes: axes.xaxis.majorTicks[0].label1.set_y(-0.1),
    "more ticks": lambda axes: axes.xaxis.get_major_ticks(3)[2].label1.set_color("r"),
    "pad": lambda axes: axes.xaxis.majorTicks[0].set_pad(20),
}


@pytest.mark.parametrize("change", LATER)
@pytest.mark.parametrize("style", [{}, {"path.effects": [Stroke(linewidth=3)]}, {"axes.grid": True}], ids=" ".join)
def test_ticks_are_those_of_the_time_of_the_clear(style: Any, change: str) -> None:
    """Look at the ticks of cleared axes after something else was changed, and again after a draw."""
    ours, theirs = new_axes(), new_axes()
    with mpl.rc_context(style):
        for axes in (ours, theirs):
            with mpl.rc_context(), ticks_copied(every_axis(axes) if axes is ours else []):
                axes.spines.left.set_position(("outward", 5))
                axes.clear()
                axes.clear()
                LATER[change](axes)
        assert values(ours) == values(theirs)
        assert np.array_equal(pixels(ours), pixels(theirs))


def test_looking_at_ticks_places_no_spine() -> None:
    axes = new_axes()
    with ticks_copied(every_axis(axes)):
        axes.clear()
        axes.clear()
        before = {side: spine._position for side, spine in axes.spines.items()}
        (tick,) = axes.yaxis.majorTicks
        assert {side: spine._position for side, spine in axes.spines.items()} == before
        assert axes.yaxis.majorTicks[0] is tick


def test_axes_with_other_spines_are_cleared_as_usual() -> None:
    ours, theirs = new_axes(), new_axes()
    for axes in (ours, theirs):
        axes.spines["more"] = Spine.linear_spine(axes, "left")
    with ticks_copied(every_axis(ours)):
        ours.clear()
    theirs.clear()
    assert np.array_equal(pixels(ours), pixels(theirs))


def test_copies_share_nothing_that_changes() -> None:
    axes, untouched = new_axes(), new_axes()
    untouched.clear()
    with ticks_copied(every_axis(axes)):
        axes.clear()
        for _ in range(2):
            tick = axes.xaxis.majorTicks[0]
            assert tick.label1.get_color() == "black"
            tick.label1.set(color="r", size=30, text="changed")
            tick.tick1line.set(marker="o", data=([3], [4]))
            tick.gridline.set_visible(True)
            axes.clear()
    assert values(axes) == values(untouched)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda item: pickle.loads(pickle.dumps(item))])
def test_a_figure_copied_in_an_update_is_free_of_patterns(again: Callable[[Any], Any]) -> None:
    axes = new_axes()
    with ticks_copied(every_axis(axes)):
        axes.clear()
        figure = again(axes.get_figure())
    (copied,) = figure.axes
    assert copied.xaxis._get_tick.__func__ is XAxis._get_tick  # type: ignore[attr-defined]
    assert copied.xaxis._get_tick.__self__ is copied.xaxis
    FigureCanvasAgg(figure)
    assert np.array_equal(pixels(copied), pixels(new_axes()))


def test_the_axis_has_the_method_of_its_class_again() -> None:
    axes = new_axes()
    before = set(vars(axes.xaxis))
    with pytest.raises(KeyError), ticks_copied(every_axis(axes)):
        raise KeyError
    assert set(vars(axes.xaxis)) == before
