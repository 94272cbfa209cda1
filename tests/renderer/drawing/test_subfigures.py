"""Subfigures are drawn artist by artist, as their figure is."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.transforms import Bbox

from renderer.drawing.one_draw import OneDraw
from tests.renderer.drawing.test_retained import Run, redrawn_by, run_of
from tests.support import assert_as_saved

Change = Callable[[Any], Any]


def halves() -> tuple[Figure, Any, Any]:
    """Return a figure of two halves, each with a line, and the halves."""
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    parts: Any = figure.subfigures(1, 2)
    for part in parts:
        part.add_subplot(title="title").plot([0, 1, 0])
    return figure, *parts


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("line_in_a_subfigure", [1, 1, 1]),
        ("nested_subfigures", [2, 2, 3]),
        ("subfigures", [2, 2, 3]),
    ],
)
def test_only_what_changed_is_drawn_again(name: str, counts: list[int]) -> None:
    first, *others = redrawn_by(name, 4)
    assert first > 22
    assert others == counts


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (lambda part: part.set_facecolor("y"), 1),
        (lambda part: part.patch.set_linewidth(3), 1),
        (lambda part: part.suptitle("new"), 1),
        (lambda part: part.axes[0].lines[0].set_ydata([1, 0, 1]), 1),
        (lambda part: part.set_visible(False), 0),
        (lambda part: part._redo_transform_rel_fig(Bbox.from_extents(0, 0, 0.4, 1)), 12),
        (lambda part: setattr(part, "draw", partial(SubFigure.draw, part)), 1),
    ],
)
def test_how_much_a_change_to_a_subfigure_takes(change: Change, count: int) -> None:
    figure, left, _ = halves()
    run = Run(figure)
    run.draw()
    assert run.counts()[0] == 0
    change(left)
    assert run.counts()[0] == count


def saved_as_changed_by(
    make: Callable[[Figure], Any], *changes: Change, canvas: type[FigureCanvasBase] = FigureCanvasBase
) -> None:
    """Compare with Animation.save a figure; before each frame a change is made to what *make* returned for it."""

    def animation() -> Animation:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        canvas(figure)
        parts = make(figure)
        return FuncAnimation(figure, lambda index: changes[index](parts), frames=len(changes), init_func=list)

    assert_as_saved(animation, verify="never")


def nothing(parts: Any) -> None:
    pass


def filled(figure: Figure) -> Any:
    parts: Any = figure.subfigures(1, 2)
    for part in parts:
        part.add_subplot(title="title").plot([0, 1, 0])
    return parts[0]


def _hide_children(part: Any) -> None:
    part.get_children = lambda: [part.patch]


def _show_children(part: Any) -> None:
    del part.get_children


@pytest.mark.parametrize(
    "changes",
    [
        [lambda part: part.set(facecolor="y", edgecolor="r"), nothing, lambda part: part.set_facecolor("none")],
        [lambda part: part.set_visible(False), nothing, lambda part: part.set_visible(True)],
        [lambda part: part.set_zorder(5), lambda part: part.set_facecolor("y"), lambda part: part.set_zorder(-1)],
        [lambda part: part._redo_transform_rel_fig(Bbox([[0.1, 0.2], [0.7, 0.9]])), nothing],
        [lambda part: part.set_animated(True), nothing, lambda part: part.set_animated(False)],
        [lambda part: part.clear(), nothing, lambda part: part.add_subplot()],
        [lambda part: part.remove(), nothing],
        [lambda part: part.set_agg_filter(lambda image, dpi: (image, 3, 3)), nothing],
        [lambda part: part.axes[0].set_aspect("equal"), nothing, lambda part: part.axes[0].set_ylim(0, 5), nothing],
        [_hide_children, nothing, _show_children, nothing],
        [lambda part: setattr(part, "bbox", Bbox([[10, 10], [60, 60]])), lambda part: part.legend(handles=[])],
    ],
)
def test_changes_to_a_subfigure(changes: list[Change]) -> None:
    saved_as_changed_by(filled, nothing, *changes, nothing)


def test_a_subfigure_of_the_programs_own() -> None:
    class Own(SubFigure):
        def draw(self, renderer: Any) -> None:
            self.set_facecolor("y")
            super().draw(renderer)

    def make(figure: Figure) -> Any:
        part = Own(figure, figure.add_gridspec(1, 2)[0])
        figure.subfigs.append(part)
        (line,) = part.add_subplot().plot([0, 1])
        return line

    saved_as_changed_by(make, nothing, lambda line: line.set_ydata([1, 0]), nothing)


def test_a_replaced_draw_method_of_all_subfigures(monkeypatch: pytest.MonkeyPatch) -> None:
    figure, *_ = halves()
    former: Any = SubFigure.draw
    assert OneDraw(figure).obstacle(rescaled=False) is None
    monkeypatch.setattr(SubFigure, "draw", lambda part, renderer: former(part, renderer))
    assert OneDraw(figure).obstacle(rescaled=False) is figure


@pytest.mark.parametrize("canvas", [FigureCanvasBase, FigureCanvasAgg])
def test_labels_aligned_with_axes_that_are_placed_later(canvas: type[FigureCanvasBase]) -> None:
    """A draw places the axes of a subfigure when its turn comes, and axes before it read where they were."""

    def make(figure: Figure) -> Any:
        upper = figure.add_subplot(2, 1, 1, ylabel="upper")
        upper.set_position((0.3, 0.6, 0.6, 0.3))
        lower = figure.add_subfigure(figure.add_gridspec(2, 1)[1], zorder=5).add_subplot(ylim=(0, 1))
        figure.align_ylabels([upper, lower])
        return lower

    changes: list[Change] = [
        nothing,
        lambda axes: axes.set_aspect("equal"),
        nothing,
        lambda axes: axes.set_aspect(0.2),
        nothing,
        lambda axes: axes.set_ylim(0, 1e5),
        nothing,
        lambda axes: axes.figure.set_visible(False),
        lambda axes: axes.set_ylim(0, 1),
        nothing,
        lambda axes: axes.remove(),
        nothing,
    ]
    saved_as_changed_by(make, *changes, canvas=canvas)


@pytest.mark.parametrize("canvas", [FigureCanvasBase, FigureCanvasAgg])
def test_titles_above_twins_that_are_about_to_autoscale(canvas: type[FigureCanvasBase]) -> None:
    def make(figure: Figure) -> Any:
        part = figure.add_subfigure(figure.add_gridspec(1, 1)[0])
        axes = part.add_axes((0.2, 0.1, 0.6, 0.5), title="title")
        twin = axes.twiny()
        twin.plot([0, 1])
        twin.tick_params(axis="x", rotation=90)
        return twin

    def grow(twin: Any) -> None:
        twin.plot([0, 123456], [0, 1])

    saved_as_changed_by(make, nothing, nothing, grow, nothing, canvas=canvas)


@pytest.mark.parametrize("canvas", [FigureCanvasBase, FigureCanvasAgg])
@pytest.mark.parametrize("aspect", ["auto", "equal"])
def test_limits_shared_across_subfigures(aspect: Any, canvas: type[FigureCanvasBase]) -> None:
    """When a draw changes them, matplotlib begins another one."""

    def make(figure: Figure) -> Any:
        parts: Any = figure.subfigures(2, 1)
        upper = parts[0].add_subplot(title="upper", aspect=aspect, adjustable="datalim")
        lower = parts[1].add_subplot(sharex=upper)
        upper.plot([0, 1])
        lower.plot([1, 2])
        return lower

    changes: list[Change] = [
        nothing,
        nothing,
        lambda axes: axes.plot([0, 5], [0, 1]),
        nothing,
        lambda axes: axes.set_xlim(0, 9),
        lambda axes: axes.lines[0].set_ydata([2, 1]),
    ]
    saved_as_changed_by(make, *changes, canvas=canvas)


def test_axes_that_share_limits_across_subfigures_are_replayed() -> None:
    run, update = run_of("axes_shared_across_subfigures")
    for _ in range(9):
        update(0)
        run.draw()
    assert OneDraw(run.figure).obstacle(rescaled=False) is None
    update(1)
    assert run.counts()[0] == 2
