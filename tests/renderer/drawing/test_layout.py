"""Figures with a layout engine: laid out where something changes, and as exact as when they are laid out each time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest.mock import Mock

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine, LayoutEngine, TightLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from renderer.drawing import layout as layout_module
from renderer.drawing.layout import Layout
from renderer.drawing.painter import Painter
from renderer.mpl import steps as axes_internals
from renderer.options import RenderOptions
from renderer.sources.animation import AnimationSource
from tests.renderer.drawing.counts import CountedFigure
from tests.support import assert_as_saved, drawn_frames, some_of

X = np.linspace(0, 10, 50)
ENGINES = ["compressed", "constrained", "tight"]
AT_REST = {"compressed": 6, "constrained": 6, "tight": 11}
"""Frames after which the layout of `line_figure` is left out."""

Step = Callable[[Figure, int], object]


def line_figure(
    layout: Any,
    canvas: type[FigureCanvasBase] = FigureCanvasAgg,
    size: tuple[float, float] = (2.6, 2),
    dpi: float = 60,
) -> Figure:
    figure = Figure(figsize=size, dpi=dpi, layout=layout)
    canvas(figure)
    axes = figure.add_subplot(title="title", xlabel="x", ylabel="y", ylim=(-1.2, 1.2))
    axes.plot(X, np.sin(X), label="sine")
    return figure


def move_line(figure: Figure, frame: int) -> None:
    figure.axes[0].lines[0].set_ydata(np.sin(X + frame / 5))


def full_line_figure(layout: Any) -> Figure:
    return line_figure(layout, size=(6.4, 4.8), dpi=100)


def legend_figure(layout: Any, **options: Any) -> Figure:
    figure = line_figure(layout, **options)
    figure.axes[0].legend()
    return figure


def still_legend_figure(layout: Any, **options: Any) -> Figure:
    figure = legend_figure(layout, **options)
    figure.axes[0].set_ylim(-1.2, 5)
    return figure


def wide_legend_figure(layout: Any) -> Figure:
    figure = line_figure(layout)
    figure.axes[0].lines[0].set_label("a legend that is wider than its axes, wherever it goes" * 2)
    figure.axes[0].legend()
    return figure


def outside_legend_figure(layout: Any) -> Figure:
    figure = line_figure(layout)
    figure.legend(loc="outside upper right" if layout != "tight" else "upper right")
    return figure


def image_figure(layout: Any) -> Figure:
    figure = Figure(figsize=(3.2, 2.4), dpi=50, layout=layout)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(title="image")
    figure.colorbar(axes.imshow(np.random.default_rng(0).random((6, 8)), vmin=0, vmax=1))
    return figure


def move_image(figure: Figure, frame: int) -> None:
    figure.axes[0].images[0].set_data(np.random.default_rng(frame).random((6, 8)))


def twin_figure(layout: Any) -> Figure:
    figure = line_figure(layout)
    figure.axes[0].twinx().plot(X, 100 * np.cos(X))
    return figure


def inset_figure(layout: Any) -> Figure:
    figure = line_figure(layout)
    figure.axes[0].inset_axes((0.6, 0.6, 0.5, 0.5)).plot(X, X)
    return figure


def grid_figure(layout: Any) -> Figure:
    figure = line_figure(layout)
    grid: Any = figure.add_gridspec(2, 2).subplots(sharex=True)
    for axes in grid.flat:
        axes.plot(X, X)
    return figure


def subfigures(layout: Any) -> Figure:
    figure = Figure(figsize=(3.2, 2.4), dpi=50, layout=layout)
    FigureCanvasAgg(figure)
    left, right = figure.subfigures(1, 2)  # type: ignore[misc]  # the stub allows for a single one
    left.suptitle("left")
    for part in (left, right):
        part.add_subplot(ylim=(-1, 1)).plot(X, np.sin(X))
    return figure


def unclipped_figure(layout: Any) -> Figure:
    figure = line_figure(layout)
    figure.axes[0].set_ylim(-0.3, 0.3)
    figure.axes[0].lines[0].set_clip_on(False)
    return figure


def polar_figure(layout: Any) -> Figure:
    figure = Figure(figsize=(3.2, 2.4), dpi=50, layout=layout)
    FigureCanvasAgg(figure)
    figure.add_subplot(projection="polar", title="title", rmax=1.2).plot(X, np.sin(X))
    return figure


def geographic_figure(layout: Any) -> Figure:
    figure = Figure(figsize=(3.2, 2.4), dpi=50, layout=layout)
    FigureCanvasAgg(figure)
    figure.add_subplot(projection="mollweide", title="title").plot(X / 10, np.sin(X))
    return figure


FIGURES: dict[str, tuple[Callable[[Any], Figure], Step]] = {
    "line": (line_figure, move_line),
    "base canvas": (lambda layout: line_figure(layout, FigureCanvasBase), move_line),
    "legend": (legend_figure, move_line),
    "still legend": (still_legend_figure, move_line),
    "wide legend": (wide_legend_figure, move_line),
    "legend outside": (outside_legend_figure, move_line),
    "image": (image_figure, move_image),
    "twins": (twin_figure, move_line),
    "inset": (inset_figure, move_line),
    "grid": (grid_figure, move_line),
    "subfigures": (subfigures, move_line),
    "not clipped": (unclipped_figure, move_line),
    "polar": (polar_figure, move_line),
    "geographic": (geographic_figure, move_line),
}


def animation(make: Callable[..., Figure], layout: Any, *updates: Step, frames: int = 8) -> FuncAnimation:
    figure = make(layout)

    def update(frame: int) -> None:
        for change in updates:
            change(figure, frame)

    return FuncAnimation(figure, update, frames=frames, init_func=list)


@pytest.mark.filterwarnings("ignore:.*ayout not applied", "ignore:This figure includes Axes")
@some_of("name, layout", FIGURES, ENGINES, one_in=10)
def test_frames_are_those_of_save(name: str, layout: Any) -> None:
    make, move = FIGURES[name]
    assert_as_saved(lambda: animation(make, layout, move), verify="never", dpi="figure")


@some_of("name, layout", ["line", "image", "legend"], ENGINES, one_in=5)
def test_frames_are_those_of_save_at_another_resolution(name: str, layout: Any) -> None:
    make, move = FIGURES[name]
    assert_as_saved(lambda: animation(make, layout, move), {"dpi": 70}, verify="never", dpi=70)


def grow(figure: Figure, frame: int) -> None:
    """Change limits, ticks, titles and their sizes in each frame."""
    for axes in figure.axes:
        axes.set(title="title\n" * (frame % 3), ylabel=f"{10.0**frame:.0f}")
        for line in axes.lines:
            line.set_ydata(np.sin(X) * 10 ** (frame % 7))
        if axes.lines:
            axes.relim()
            axes.autoscale()


@pytest.mark.filterwarnings("ignore:.*ayout not applied", "ignore:This figure includes Axes")
@some_of("name, dpi, layout", FIGURES, ["figure", 70], ENGINES, one_in=11)
def test_what_never_rests_is_laid_out_as_in_save(name: str, dpi: Any, layout: Any) -> None:
    make, _ = FIGURES[name]
    assert_as_saved(lambda: animation(make, layout, grow, frames=4), {"dpi": dpi}, verify="never", dpi=dpi)


@some_of("layout, canvas", ENGINES, [FigureCanvasAgg, FigureCanvasBase], one_in=3)
def test_a_frame_whose_masks_disagree_is_laid_out_once(layout: Any, canvas: Any) -> None:
    """That is known when it has been drawn; the reference step starts from where the frame started."""

    def make() -> FuncAnimation:
        figure = Figure(figsize=(2, 3), dpi=50, layout=layout)
        canvas(figure)
        wedge: Any = figure.add_subplot(projection="polar", title="wedge")
        wedge.set(thetamin=10, thetamax=200)
        wedge.pcolor(np.arange(16).reshape(4, 4))
        return FuncAnimation(figure, lambda frame: wedge.set_title("title" * frame), frames=3, init_func=list)

    assert_as_saved(make, verify="never", dpi="figure")


@some_of("layout", ENGINES, one_in=3)
def test_a_figure_that_is_hidden_is_not_laid_out(layout: Any) -> None:
    def change(figure: Figure, frame: int) -> None:
        grow(figure, frame)
        figure.set_visible(frame != 2)

    assert_as_saved(lambda: animation(line_figure, layout, change, frames=4), verify="never", dpi="figure")


def add_quiver(axes: Any) -> None:
    axes.quiver(X[:5], [0.9] * 5, X[:5], X[:5], clip_on=False)


SIZES_SET_BY_DRAWS: dict[str, Callable[[Any], object]] = {
    "scatter": lambda axes: axes.scatter([0, 10], [-1.2, 1.2], s=900, clip_on=False),
    "arrow": lambda axes: axes.annotate("x", (0, 0), (-3, -2), arrowprops={"arrowstyle": "fancy", "shrinkB": 20}),
    "quiver": add_quiver,
    "table": lambda axes: axes.table([["a", "b"]], loc="bottom"),
    "expanded legend": lambda axes: axes.legend(mode="expand", loc="lower left", bbox_to_anchor=(0, 1.1, 1.4, 0.2)),
    "legend and a clipped text": lambda axes: (axes.text(0, 0, "x" * 20, clip_on=True), axes.legend(borderaxespad=0)),
    "axis out of layout": lambda axes: axes.yaxis.set_in_layout(False),
    "axes out of layout": lambda axes: axes.set_in_layout(False),
}


@pytest.mark.filterwarnings("ignore:.*ayout not applied")
@some_of("name, dpi, layout", SIZES_SET_BY_DRAWS, ["figure", 70], ENGINES, one_in=7)
def test_sizes_that_draws_have_set_count_in_layouts(name: str, dpi: Any, layout: Any) -> None:
    def make(layout: Any) -> Figure:
        figure = line_figure(layout)
        SIZES_SET_BY_DRAWS[name](figure.axes[0])
        return figure

    assert_as_saved(lambda: animation(make, layout, grow, frames=3), {"dpi": dpi}, verify="never", dpi=dpi)


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Count the draws that only lay the figure out."""
    counted = Mock(side_effect=axes_internals.lay_out)
    monkeypatch.setattr(layout_module, "lay_out", counted)
    return counted


@pytest.mark.parametrize("layout", ENGINES)
@pytest.mark.parametrize("make", [line_figure, legend_figure, image_figure, twin_figure, inset_figure])
def test_layouts_draw_nothing_where_draws_set_no_size(
    make: Callable[[Any], Figure], layout: str, laid_out: Mock
) -> None:
    Run(animation(make, layout, grow)).paint(3)
    assert laid_out.call_count == 2 * 3


@pytest.mark.filterwarnings("ignore:.*ayout not applied")
@pytest.mark.parametrize("name", SIZES_SET_BY_DRAWS)
def test_layouts_draw_all_where_draws_set_sizes(name: str, laid_out: Mock) -> None:
    def make(layout: Any) -> Figure:
        figure = line_figure(layout)
        SIZES_SET_BY_DRAWS[name](figure.axes[0])
        return figure

    Run(animation(make, "constrained", grow)).paint(2)
    assert laid_out.call_count == 0


POLAR_CHANGES: dict[str, Callable[[Any], object]] = {
    "zero": lambda axes: axes.set_theta_zero_location("N"),
    "direction": lambda axes: axes.set_theta_direction(-1),
    "radius": lambda axes: axes.set_rmax(1234),
    "origin": lambda axes: axes.set_rorigin(-5),
    "sector": lambda axes: axes.set_thetalim(0, 1),
    "place of labels": lambda axes: axes.set_rlabel_position(200),
    "angles": lambda axes: axes.set_thetagrids([0, 90], ["a long label", "another one"]),
    "sizes": lambda axes: axes.tick_params(labelsize=20),
    "pad": lambda axes: axes.tick_params(axis="x", pad=20),
    "title": lambda axes: axes.set_title("two\nlines"),
    "spine": lambda axes: axes.spines["polar"].set_visible(False),
}


@some_of("name, layout", POLAR_CHANGES, ENGINES, one_in=10)
def test_changes_of_polar_axes_are_laid_out_as_in_save(name: str, layout: Any) -> None:
    def change(figure: Figure, frame: int) -> None:
        if frame == 4:
            POLAR_CHANGES[name](figure.axes[0])

    assert_as_saved(lambda: animation(polar_figure, layout, move_line, change, frames=7), verify="never", dpi="figure")


def stepped(figure: Figure) -> Iterator[Figure]:
    for frame in range(8):
        move_line(figure, frame)
        yield figure


def saved(figure: Figure, **look: Any) -> np.ndarray:
    file = BytesIO()
    figure.savefig(file, format="rgba", **look)
    return np.frombuffer(file.getvalue(), np.uint8)


@pytest.mark.parametrize("dpi", [50, 70])
def test_a_box_of_a_figure_that_is_saved_again_and_again(dpi: float) -> None:
    look: dict[str, Any] = {"bbox_inches": Bbox([[0.5, 0.5], [3.0, 2.0]]), "dpi": dpi}
    expected = [saved(figure, **look) for figure in stepped(line_figure("constrained"))]
    drawn = drawn_frames(stepped(line_figure("constrained")), verify="never", **look)
    for ours, theirs in zip(drawn, expected, strict=True):
        np.testing.assert_array_equal(ours.ravel(), theirs)


# What changes while nothing is laid out -----------------------------------------------------------------------


def change_engine(figure: Figure) -> None:
    figure.set_layout_engine("tight" if type(figure.get_layout_engine()) is ConstrainedLayoutEngine else "constrained")


def change_padding(figure: Figure) -> None:
    engine: Any = figure.get_layout_engine()
    engine.set(**({"pad": 3} if isinstance(engine, TightLayoutEngine) else {"w_pad": 0.3}))


def change_text_size_of_all(figure: Figure) -> None:
    mpl.rcParams["font.size"] = 6
    figure.axes[0].set_xlabel("a new one")


def change_a_font_in_place(figure: Figure) -> None:
    figure.axes[0].yaxis.label.get_fontproperties().set_size(25)


def clip_by_another_box(figure: Figure) -> None:
    line = figure.axes[0].lines[0]
    line.set_clip_box(figure.bbox)


def show_outside(figure: Figure) -> None:
    figure.axes[0].lines[0].set_clip_on(False)
    figure.axes[0].set_ylim(-0.2, 0.2)


def hide_axes(figure: Figure) -> None:
    figure.axes[0].set_visible(False)


def draw_in_between(figure: Figure) -> None:
    figure.canvas.draw_idle()
    figure.axes[0].set_title("two\nlines")


CHANGES: dict[str, Callable[[Any], object]] = {
    "title": lambda figure: figure.axes[0].set_title("two\nlines"),
    "title of figure": lambda figure: figure.suptitle("a title"),
    "label": lambda figure: figure.axes[0].set_ylabel("a\nb"),
    "legend": lambda figure: figure.axes[0].legend(loc="upper left", bbox_to_anchor=(1, 1)),
    "legend of figure": lambda figure: figure.legend(["x"], loc="outside right upper"),
    "ticks": lambda figure: figure.axes[0].set_yticks([0, 1], ["zero", "a long label"]),
    "tick sizes": lambda figure: figure.axes[0].tick_params(labelsize=20),
    "formatter": lambda figure: figure.axes[0].yaxis.set_major_formatter("{x:.6f}"),
    "limits": lambda figure: figure.axes[0].set_ylim(0, 123456),
    "view limits": lambda figure: figure.axes[0].viewLim.set(Bbox([[0, 0], [1, 12345]])),
    "autoscale": lambda figure: (figure.axes[0].plot(X, 1000 * X), figure.axes[0].autoscale()),
    "engine": change_engine,
    "no engine": lambda figure: figure.set_layout_engine("none"),
    "padding": change_padding,
    "font of label": change_a_font_in_place,
    "settings": change_text_size_of_all,
    "place": lambda figure: figure.axes[0].set_position([0.3, 0.3, 0.3, 0.3]),
    "place of subplot": lambda figure: figure.subplotpars.update(left=0.4),
    "aspect": lambda figure: figure.axes[0].set_aspect(3),
    "addition": lambda figure: figure.add_axes((0.5, 0.5, 0.3, 0.3)),
    "removal": lambda figure: figure.axes[0].title.set_visible(False),
    "hidden": hide_axes,
    "text": lambda figure: figure.axes[0].text(1.1, 0.5, "outside", transform=figure.axes[0].transAxes),
    "text in figure": lambda figure: figure.text(0.5, 0.5, "inside"),
    "not in layout": lambda figure: figure.axes[0].xaxis.set_in_layout(False),
    "axes not in layout": lambda figure: figure.axes[0].set_in_layout(False),
    "not clipped": show_outside,
    "clip box": clip_by_another_box,
    "spine": lambda figure: figure.axes[0].spines["left"].set_position(("outward", 20)),
    "inset": lambda figure: figure.axes[0].inset_axes([0.8, 0.8, 0.5, 0.5]),
    "twin": lambda figure: figure.axes[0].twinx().set_ylabel("twin"),
    "cell": lambda figure: figure.axes[0].get_gridspec().set_width_ratios([2]),
    "cells": lambda figure: figure.axes[0].set_subplotspec(figure.add_gridspec(2, 2)[1, 0]),
    "color bar": lambda figure: figure.colorbar(mpl.cm.ScalarMappable(), ax=figure.axes[0]),
    "alignment": lambda figure: (figure.axes[0].set_xlabel("a\nb"), figure.align_labels()),
    "drawn in between": draw_in_between,
    "two draws": lambda figure: (figure.canvas.draw_idle(), figure.canvas.draw_idle()),
    "asked": lambda figure: figure.draw_without_rendering(),
    "listener": lambda figure: figure.canvas.mpl_connect(
        "draw_event", lambda event: figure.axes[0].lines[0].set_linewidth(figure.axes[0].lines[0].get_linewidth() + 1)
    ),
}


@pytest.mark.filterwarnings("ignore:.*ayout not applied", "ignore:This figure", "ignore:There are no gridspecs")
@some_of("name, layout", CHANGES, ENGINES, one_in=9)
def test_changes_are_laid_out_as_in_save(name: str, layout: Any) -> None:
    at_rest = AT_REST[layout]

    def change(figure: Figure, frame: int) -> None:
        if frame == at_rest:
            CHANGES[name](figure)

    with mpl.rc_context():
        defaults = mpl.rcParams.copy()

        def make() -> FuncAnimation:
            mpl.rcParams.update(defaults)
            return animation(line_figure, layout, move_line, change, frames=at_rest + 3)

        assert_as_saved(make, verify="never", dpi="figure")


# How often it is laid out -------------------------------------------------------------------------------------


class CountedLayout(Layout):
    """Counts the frames that needed no layout."""

    skipped = 0

    @contextmanager
    def frame(self) -> Iterator[None]:
        had_engine = not self.is_idle()
        with super().frame():
            self.skipped += had_engine and self._figure.get_layout_engine() is None
            yield


class Run:
    """Paints an animation frame by frame."""

    def __init__(self, animation: Any) -> None:
        self.figure = animation._fig
        self._states = AnimationSource(animation).states()
        self._painter = Painter(RenderOptions(verify="never"), opaque=False)
        self.canvas = self._painter.take(self.figure)
        self.canvas._layout = self.layout = CountedLayout(self.figure)
        self.canvas._retained = self.retained = CountedFigure(self.figure)

    def paint(self, count: int) -> tuple[int, list[int]]:
        """Paint frames; give how many of them needed no layout, and the artists drawn for each."""
        skipped, redrawn = self.layout.skipped, []
        for _ in range(count):
            before = self.retained.redrawn
            with self.canvas.while_updating():
                state = next(self._states)
            self._painter.paint(state)
            redrawn.append(self.retained.redrawn - before)
        return self.layout.skipped - skipped, redrawn


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[LayoutEngine]:
    """Count how often a layout engine runs."""
    calls: list[LayoutEngine] = []
    for engine in (ConstrainedLayoutEngine, TightLayoutEngine):

        def execute(self: LayoutEngine, figure: Figure, former: Any = engine.execute) -> Any:
            calls.append(self)
            return former(self, figure)

        monkeypatch.setattr(engine, "execute", execute)
    return calls


SIZES = [(3.2, 2.4), (4, 3), (6.4, 4.8), (5, 5), (6, 3)]


def rests(make: Callable[..., Figure], layout: Any, size: tuple[float, float], executed: list[LayoutEngine]) -> bool:
    """Whether a line may become all that is drawn; the last bits of some sizes go through three states or more."""
    run = Run(animation(lambda layout: make(layout, size=size), layout, move_line, frames=34))
    run.paint(30)
    before = len(executed)
    skipped, redrawn = run.paint(4)
    assert len(executed) == before + 2 * (4 - skipped)
    return skipped == 4 and redrawn == [1] * 4


@pytest.mark.parametrize(
    ("make", "layout"),
    [(line_figure, "constrained"), (line_figure, "tight"), (still_legend_figure, "constrained")],
)
def test_a_line_is_all_that_is_drawn_once_the_layout_rests(
    make: Callable[..., Figure], layout: Any, executed: list[LayoutEngine]
) -> None:
    assert any(rests(make, layout, size, executed) for size in SIZES)


def test_a_change_is_laid_out_and_rests_again(executed: list[LayoutEngine]) -> None:
    def change(figure: Figure, frame: int) -> None:
        if frame == 20:
            figure.axes[0].set_title("two\nlines")

    run = Run(animation(full_line_figure, "constrained", move_line, change, frames=60))
    run.paint(20)
    laid_out = len(executed)
    assert run.paint(1)[0] == 0
    assert len(executed) == laid_out + 2
    run.paint(35)
    assert run.paint(4) == (4, [1] * 4)


@pytest.mark.parametrize("layout", ENGINES)
def test_a_layout_rests_when_the_others_expect_it(layout: str) -> None:
    run = Run(animation(line_figure, layout, move_line, frames=12))
    run.paint(AT_REST[layout])
    assert run.paint(1)[0] == 1


def test_a_figure_keeps_its_engine() -> None:
    run = Run(animation(full_line_figure, "constrained", move_line, frames=13))
    engine = run.figure.get_layout_engine()
    run.paint(13)
    assert run.figure.get_layout_engine() is engine
    assert run.layout.skipped > 0


def test_an_engine_that_does_nothing_is_as_good_as_none() -> None:
    animated = animation(line_figure, "constrained", move_line)
    animated._fig.draw_without_rendering()  # type: ignore[attr-defined]
    animated._fig.set_layout_engine("none")  # type: ignore[attr-defined]
    run = Run(animated)
    run.paint(2)
    assert run.paint(2)[1] == [1, 1]


class Own(ConstrainedLayoutEngine):
    def execute(self, figure: Figure) -> None:
        figure.axes[0].set_title(figure.axes[0].get_title() + "!")


class Squeezing(LayoutEngine):
    _adjust_compatible = _colorbar_gridspec = True

    def execute(self, figure: Figure) -> None:
        place = figure.axes[0].get_position()
        figure.axes[0].set_position((place.x0, place.y0, place.width * 0.97, place.height))


class Restless(Line2D):
    def draw(self, renderer: Any) -> None:
        self.set_linewidth(self.get_linewidth() + 0.5)
        super().draw(renderer)


@pytest.mark.parametrize("engine", [Own, Squeezing])
def test_engines_of_the_users_run_each_time(engine: Callable[[], LayoutEngine]) -> None:
    def make() -> FuncAnimation:
        return animation(lambda layout: line_figure(engine()), None, move_line)

    assert_as_saved(make, verify="never", dpi="figure")


def test_artists_that_count_their_draws() -> None:
    def make() -> FuncAnimation:
        animated = animation(line_figure, "constrained", move_line)
        animated._fig.axes[0].add_line(Restless(X, X))  # type: ignore[attr-defined]
        return animated

    assert_as_saved(make, verify="never", dpi="figure")


def test_an_unknown_matplotlib_lays_out_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(axes_internals, "_draws_as_known", lambda: False)
    axes_internals.can_retain.cache_clear()
    try:
        assert_as_saved(lambda: animation(line_figure, "constrained", move_line), verify="never", dpi="figure")
        run = Run(animation(line_figure, "constrained", move_line))
        run.paint(8)
        assert run.layout.skipped == 0
    finally:
        axes_internals.can_retain.cache_clear()


def test_a_layout_that_comes_to_rest_late_is_left_out_in_the_end() -> None:
    figure = line_figure("constrained", size=(3.2, 2.4), dpi=50)
    layout = CountedLayout(figure)
    skipped = []
    for frame in range(100):
        for _ in range(1 + frame % 2 if frame < 40 else 2):  # at first, another number of draws than the frame before
            layout.draw_idle()
        with layout.frame():
            figure.savefig(BytesIO(), format="rgba")
        skipped.append(layout.skipped)
    assert skipped[40] == 0
    assert skipped[-1] > 20
