"""Ticks that are updated once and copied, against those that matplotlib makes."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, XTick
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from renderer.drawing.axis.ticks import axes_measured_with_ticks_once, ticks_made_once, ticks_updated_once
from renderer.drawing.state.values import value_of
from renderer.mpl.hooks import hooked


def new_axes() -> Any:
    return Figure(figsize=(3, 2.5)).add_subplot()


def value(tick: XTick, axes: Any) -> object:
    named = {"axes": axes, "figure": axes.get_figure(), "data": axes.transData, "place": axes.transAxes}
    return value_of(tick, {id(item): name for name, item in named.items()})


def pixels(axes: Axes, *, once: bool) -> np.ndarray:
    figure: Any = axes.get_figure()
    width, height = figure.bbox.size
    renderer = RendererAgg(width, height, figure.dpi)

    def draw(former: Callable[[RendererAgg], None], axis: Axis, renderer: RendererAgg) -> None:
        with ticks_updated_once(axis):
            former(renderer)

    with hooked([axes.xaxis, axes.yaxis] if once else [], "draw", draw):
        figure.draw(renderer)
    return np.array(renderer.buffer_rgba())


def color_first(axes: Any) -> None:
    axes.xaxis.majorTicks[0].label1.set(color="r", path_effects=[])


def minor_grid(axes: Any) -> None:
    axes.minorticks_on()
    axes.grid(which="both", linestyle="--")


LOOKS: dict[str, Callable[[Any], object]] = {
    "plain": lambda axes: None,
    "log": lambda axes: axes.set(xscale="log", xlim=(1, 1e5)),
    "many": lambda axes: axes.locator_params(nbins=20),
    "minor grid": minor_grid,
    "first tick": color_first,
    "parameters": lambda axes: axes.tick_params(
        labelrotation=30,
        direction="inout",
        top=True,
        labelright=True,
        grid_color="r",
        colors="b",
        labelfontfamily="serif",
    ),
    "spines": lambda axes: axes.spines.left.set_position(("data", 0.4)),
    "labels": lambda axes: axes.set(xlabel="x", ylabel="y", title="title"),
}


@pytest.mark.parametrize("name", LOOKS)
def test_axis_is_drawn_as_by_matplotlib(name: str) -> None:
    ours, theirs = new_axes(), new_axes()
    for axes in (ours, theirs):
        LOOKS[name](axes)
    for data in ([1, 20, 3], [2000, 1, 2, 1, 1, 1]):
        for axes in (ours, theirs):
            axes.plot(data)
        assert np.array_equal(pixels(ours, once=True), pixels(theirs, once=False))
    assert len(ours.xaxis.majorTicks) > 2


def measured(axes: Any, *, once: bool) -> list[Any]:
    """Measure the axes as a layout engine does, which moves them in between."""
    figure = axes.get_figure()
    width, height = figure.bbox.size
    renderer = RendererAgg(width, height, figure.dpi)
    sizes = []
    with axes_measured_with_ticks_once([axes] if once else []):
        for change in (lambda: None, lambda: axes.set_position((0.3, 0.3, 0.2, 0.2)), lambda: axes.set_ylim(0, 1e7)):
            change()
            sizes.append(axes.get_tightbbox(renderer, for_layout_only=True).extents)
    return sizes


@pytest.mark.parametrize("name", LOOKS)
def test_axes_are_measured_as_by_matplotlib(name: str) -> None:
    ours, theirs = new_axes(), new_axes()
    for axes in (ours, theirs):
        LOOKS[name](axes)
    for data in ([1, 20, 3], [2000, 1, 2, 1, 1, 1]):
        for axes in (ours, theirs):
            axes.plot(data)
        assert np.array_equal(measured(ours, once=True), measured(theirs, once=False))


def move_axes(axes: Any) -> None:
    axes.set_position((0, 0, 0.2, 0.2))


def make_other_ticks(axes: Any) -> None:
    axes.yaxis.reset_ticks()
    axes.yaxis.set_tick_params(labelsize=30)


CHANGES: dict[str, Callable[[Any], object]] = {
    "limits": lambda axes: axes.set(xlim=(-1e7, 1e7), ylim=(0, 1e-7)),
    "place": move_axes,
    "ticks": make_other_ticks,
}


class Changing(Rectangle):
    """Changes its axes when it is measured, as axes inside that share limits and have an aspect do."""

    change: Callable[[Any], object]

    def get_tightbbox(self, renderer: Any = None) -> Any:
        axes: Any = self.axes
        type(self).change(axes)
        return axes.yaxis.get_tightbbox(renderer)


@pytest.mark.parametrize("name", CHANGES)
def test_ticks_are_updated_again_when_the_axes_change_meanwhile(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Changing, "change", CHANGES[name], raising=False)
    sizes, drawn = [], []
    for once in (True, False):
        axes = new_axes()
        axes.plot([1, 20, 3])
        axes.add_patch(Changing((0, 0), 1, 1, clip_on=False))
        sizes.append(measured(axes, once=once))
        drawn.append(pixels(axes, once=once))
    assert np.array_equal(sizes[0], sizes[1])
    assert np.array_equal(drawn[0], drawn[1])


def test_axes_that_are_measured_update_each_axis_once() -> None:
    axes = new_axes()
    with mock.patch.object(Axis, "_update_ticks", autospec=True, side_effect=Axis._update_ticks) as update:  # type: ignore[attr-defined]
        measured(axes, once=True)
    assert update.call_count == 2 * 3


def test_a_locator_of_the_programs_own_is_asked_each_time() -> None:
    class Asked(ticker.MaxNLocator):
        count = 0

        def __call__(self) -> Any:
            type(self).count += 1
            return super().__call__()

    counts = []
    for once in (True, False):
        axes = new_axes()
        axes.xaxis.set_major_locator(Asked(4))
        Asked.count = 0
        pixels(axes, once=once)
        counts.append(Asked.count)
    assert counts[0] == counts[1] > 1


def test_the_axis_has_the_methods_of_its_class_again() -> None:
    axes = new_axes()
    before = set(vars(axes.xaxis))
    with pytest.raises(KeyError), ticks_updated_once(axes.xaxis):
        raise KeyError
    assert set(vars(axes.xaxis)) == before
    assert isinstance(axes.xaxis, Axis)


@pytest.mark.parametrize("major", [True, False])
@pytest.mark.parametrize("name", LOOKS)
def test_copies_are_what_matplotlib_makes(name: str, major: bool) -> None:
    ours, theirs = new_axes(), new_axes()
    for axes in (ours, theirs):
        LOOKS[name](axes)
    with ticks_made_once(ours.xaxis):
        made = ours.xaxis.get_major_ticks(6) if major else ours.xaxis.get_minor_ticks(6)
    expected = theirs.xaxis.get_major_ticks(6) if major else theirs.xaxis.get_minor_ticks(6)
    assert len({id(tick) for tick in made}) == 6
    assert [value(tick, ours) for tick in made] == [value(tick, theirs) for tick in expected]
    assert [vars(tick).keys() for tick in made] == [vars(tick).keys() for tick in expected]


def test_two_ticks_are_made_and_the_others_copied() -> None:
    axes = new_axes()
    axes.xaxis.set_major_locator(ticker.MultipleLocator(0.05))
    with mock.patch.object(XAxis, "_get_tick", autospec=True, side_effect=XAxis._get_tick) as make:  # type: ignore[attr-defined]
        pixels(axes, once=True)
    majors = [call for call in make.mock_calls if call.kwargs.get("major", call.args[-1]) is True]
    assert len(axes.xaxis.majorTicks) > 20
    assert len(majors) <= 3


def test_copies_share_nothing_that_changes() -> None:
    axes = new_axes()
    axes.xaxis.set_major_locator(ticker.MultipleLocator(0.1))
    pixels(axes, once=True)
    *_, one, other = axes.xaxis.get_major_ticks()
    before = value(other, axes)
    called: list[object] = []
    other.label1.add_callback(called.append)
    one.label1.set(size=20, color="r", text="changed", rotation=10)
    one.tick1line.set(markersize=20, marker="o", data=([1], [1]))
    one.tick1line.sticky_edges.x.append(3)
    one.gridline.set(visible=True, linewidth=3)
    one.update_position(0.5)
    assert value(other, axes) == before
    assert other.tick1line.sticky_edges.x == []
    assert not called
