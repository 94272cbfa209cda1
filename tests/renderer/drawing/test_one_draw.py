"""Figures that Animation.save draws twice: which are drawn once, and that all come out alike."""

import datetime as dt
import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib import patches
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredText, AnnotationBbox, TextArea
from matplotlib.patheffects import Normal
from matplotlib.text import OffsetFrom
from matplotlib.ticker import FuncFormatter, ScalarFormatter
from matplotlib.transforms import Affine2D, Bbox, BboxTransformTo

from renderer.drawing.one_draw import OneDraw
from tests.figures.kinds import KINDS
from tests.support import assert_as_saved, some_of

Update = Callable[[int], Any]
Fill = Callable[[Any], Update]

BY_REFERENCE = {
    "annotation_on_another_artist": "its place is set by the other artist's draw",
    "clip_path_beyond_the_axes": "calls with one clip path disagree about its mask",
    "clip_path_between_those_of_polar_axes": "calls with one clip path disagree about its mask",
    "clip_path_of_a_text": "calls with one clip path disagree about its mask",
    "clip_paths_by_turns": "calls with one clip path disagree about its mask",
    "filters": "a filter may be any function",
    "own_artist": "a draw method of the program's own",
    "polar_markers": "a line and its markers disagree about the mask that they are clipped by",
}
"""Kinds of figures that take the reference step in each frame, and why."""


def obstacle(name: str) -> object:
    animation: Any = KINDS[name].animation(FigureCanvasAgg)
    animation._draw_was_started = True
    animation._draw_next_frame(0, blit=False)
    return OneDraw(animation._fig).obstacle(rescaled=False)


@pytest.mark.parametrize("name", KINDS)
def test_nine_kinds_in_ten_are_drawn_once(name: str) -> None:
    assert (obstacle(name) is not None) == (name in BY_REFERENCE)
    assert len(BY_REFERENCE) <= len(KINDS) / 10


def animation_of(fill: Fill) -> Callable[[], Animation]:
    def make() -> Animation:
        figure = Figure(figsize=(3, 2.25), dpi=60)
        FigureCanvasAgg(figure)
        return FuncAnimation(figure, fill(figure), frames=5, init_func=list)

    return make


UNKNOWN: dict[str, Fill] = {}
KNOWN: dict[str, Fill] = {}


def unknown(fill: Fill) -> Fill:
    """Enter a figure in which the first draw sets what the second one reads, or may do so."""
    UNKNOWN[fill.__name__] = fill
    return fill


def known(fill: Fill) -> Fill:
    """Enter a figure that looks like one of those, and is drawn once."""
    KNOWN[fill.__name__] = fill
    return fill


@unknown
def a_listener_that_shows_the_frame(figure: Any) -> Update:
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1])
    text = axes.text(0.5, 0.5, "?")
    figure.canvas.mpl_connect("draw_event", lambda event: text.set_text(f"{line.get_ydata()[1]:.2f}"))
    return lambda frame: line.set_ydata([0, 1 / (frame + 1)])


@unknown
def a_listener_that_fits_a_text(figure: Any) -> Update:
    axes = figure.add_subplot()
    text = axes.text(0.5, 0.5, "text", size=8)

    def fit(event: Any) -> None:
        text.set_fontsize(min(30, text.get_fontsize() * 1.3))

    figure.canvas.mpl_connect("draw_event", fit)
    return lambda frame: text.set_text("text" * (frame + 1))


@unknown
def a_listener_to_limits(figure: Any) -> Update:
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1])
    text = axes.text(0, 0, "0")

    def count(changed: Any) -> None:
        text.set_text(f"{int(text.get_text()) + 1}")

    axes.callbacks.connect("ylim_changed", count)

    def update(frame: int) -> None:
        line.set_ydata([0, frame + 2])
        axes.relim()
        axes.autoscale_view()

    return update


@unknown
def an_arrow_between_boxes_of_texts(figure: Any) -> Update:
    axes = figure.add_subplot()
    one, two = axes.text(0.1, 0.2, "one", bbox={}), axes.text(0.7, 0.8, "two", bbox={})
    ends = {"patchA": one.get_bbox_patch(), "patchB": two.get_bbox_patch()}
    arrow = axes.add_patch(
        patches.FancyArrowPatch((0.15, 0.22), (0.75, 0.82), arrowstyle="->", mutation_scale=10, **ends)
    )

    def update(frame: int) -> None:
        two.set_y(0.8 - 0.05 * frame)
        arrow.set_positions((0.15, 0.22), (0.75, 0.82 - 0.05 * frame))

    return update


@unknown
def a_connection_that_ends_at_a_box(figure: Any) -> Update:
    left, right = figure.subplots(1, 2)
    text = right.text(0.5, 0.5, "text", bbox={})
    ends = {"axesA": left, "axesB": right, "patchB": text.get_bbox_patch()}
    figure.add_artist(patches.ConnectionPatch((0.5, 0.5), (0.5, 0.5), "data", "data", zorder=0, **ends))
    return lambda frame: text.set_text("text" * (frame + 1))


@unknown
def an_annotation_on_a_label(figure: Any) -> Update:
    figure.subplots_adjust(bottom=0.4)
    axes = figure.add_subplot()
    axes.set_xlabel("label")
    axes.annotate("n", (1, 0.5), xycoords=axes.xaxis.label, zorder=1, annotation_clip=False)
    return lambda frame: axes.tick_params(pad=3 + 3 * frame)


@unknown
def an_annotation_offset_from_a_legend(figure: Any) -> Update:
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1], label="line")
    legend = axes.legend(loc="upper left")
    axes.annotate("n", (0.5, 0.5), (0, 0), textcoords=OffsetFrom(legend, (0, 0)), zorder=1)
    return lambda frame: line.set_ydata([frame % 2, 1 - frame % 2])


@unknown
def an_annotation_in_two_coordinates(figure: Any) -> Update:
    axes = figure.add_subplot(title="title")
    axes.annotate("n", (0.5, 1), xycoords=("axes fraction", axes.title), zorder=0, annotation_clip=False)
    return lambda frame: axes.set_title("title" + "\nof lines" * frame)


@unknown
def an_annotation_box_on_a_text(figure: Any) -> Update:
    axes = figure.add_subplot()
    text = axes.text(0.2, 0.5, "text", wrap=True, zorder=5)
    axes.add_artist(AnnotationBbox(TextArea("box"), (1, 1), xycoords=text, boxcoords="offset points", zorder=0))
    return lambda frame: text.set_text("text " * (frame + 1))


@unknown
def a_clip_path_of_a_box_around_a_text(figure: Any) -> Update:
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    text = axes.text(0.2, 0.5, "text", bbox={"boxstyle": "round"}, size=20, zorder=5)
    (line,) = axes.plot([0, 1], [0, 1], lw=60, zorder=1)
    line.set_clip_path(text.get_bbox_patch())
    return lambda frame: text.set_x(0.1 + 0.1 * frame)


@unknown
def categories_that_a_text_brings(figure: Any) -> Update:
    axes = figure.add_subplot()
    axes.plot(["a", "b"], [0, 1])
    text: Any = axes.text("a", 0.5, "text", clip_on=True)

    def update(frame: int) -> None:
        text.set_x("abcde"[frame])
        axes.set_xlim(-1, 5)

    return update


@unknown
def categories_that_a_line_brings(figure: Any) -> Update:
    axes = figure.add_subplot()
    (line,) = axes.plot(["a"], [0])

    def update(frame: int) -> None:
        line.set_data(list("abcde"[: frame + 1]), range(frame + 1))
        axes.set(xlim=(-1, 5), ylim=(-1, 5))

    return update


@unknown
def a_draw_method_on_one_artist(figure: Any) -> Update:
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1])
    text = axes.text(0.5, 0.5, "0", zorder=1)

    def draw(renderer: Any) -> None:
        text.set_text(f"{int(text.get_text()) + 1}")
        Line2D.draw(line, renderer)

    vars(line)["draw"] = draw
    return lambda frame: None


@unknown
def an_artist_class_of_the_programs_own(figure: Any) -> Update:
    class Counted(Line2D):
        def draw(self, renderer: Any) -> None:
            self.set_linewidth(self.get_linewidth() + 1)
            super().draw(renderer)

    axes = figure.add_subplot()
    line = axes.add_line(Counted([0, 1], [0, 1]))
    return lambda frame: line.set_ydata([frame, 1])


@unknown
def a_formatter_that_counts(figure: Any) -> Update:
    axes = figure.add_subplot()
    calls: list[float] = []

    def show(value: float, position: Any) -> str:
        calls.append(value)
        return f"{len(calls)}"

    axes.xaxis.set_major_formatter(FuncFormatter(show))
    return lambda frame: axes.set_xlim(0, 1 + frame)


@unknown
def a_formatter_class_of_the_programs_own(figure: Any) -> Update:
    axes = figure.add_subplot()
    label = axes.set_ylabel("0")

    class Follows(ScalarFormatter):
        def __call__(self, value: float, position: Any = None) -> str:
            return f"{label.get_window_extent().x0:.1f}"

    axes.xaxis.set_major_formatter(Follows())
    return lambda frame: label.set_text("label\n" * frame)


@unknown
def a_transform_of_the_programs_own(figure: Any) -> Update:
    class Follows(Affine2D):
        def get_matrix(self) -> Any:
            return Affine2D().translate(title.get_window_extent().y0, 50).get_matrix()

    axes = figure.add_subplot(title="title")
    title = axes.title
    axes.plot([0, 1], transform=Follows(), clip_on=False, zorder=0)
    return lambda frame: axes.tick_params(top=True, labeltop=True, pad=3 * frame)


@unknown
def a_path_effect_of_the_programs_own(figure: Any) -> Update:
    class Counting(Normal):
        calls = 0

        def draw_path(self, renderer: Any, gc: Any, *args: Any) -> None:
            self.calls += 1
            gc.set_linewidth(self.calls)
            super().draw_path(renderer, gc, *args)

    (line,) = figure.add_subplot().plot([0, 1], path_effects=[Counting()])
    return lambda frame: line.set_ydata([frame, 1])


@unknown
def a_layout_engine_of_the_programs_own(figure: Any) -> Update:
    class Shrinking(LayoutEngine):
        _adjust_compatible = True
        _colorbar_gridspec = False
        count = 0

        def execute(self, figure: Any) -> None:
            self.count += 1
            figure.axes[0].set_position((0.1, 0.1, 0.8 - self.count / 100, 0.8))

    axes = figure.add_subplot()
    figure.set_layout_engine(Shrinking())
    return lambda frame: axes.set_xlim(0, 1 + frame)


@unknown
def a_table_that_fills_a_box(figure: Any) -> Update:
    axes = figure.add_subplot()
    table = axes.table([["1", "2"], ["3", "4"]], bbox=[0.1, 0.1, 0.71, 0.63])
    return lambda frame: table[0, 0].get_text().set_text("1" * (frame + 1))


@unknown
def a_table_with_columns_as_wide_as_their_texts(figure: Any) -> Update:
    """Their width depends, in its last bits, on where the draw before put the cells."""
    table = figure.add_subplot().table([["mm", "mmm"], ["m", "mmmm"]])
    table.auto_set_column_width([0, 1])
    return lambda frame: table[0, frame % 2].get_text().set_text("xl" * (frame + 1))


@known
def an_arrow_between_patches(figure: Any) -> Update:
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    ends = [axes.add_patch(patches.Circle((x, 0.5), 0.1)) for x in (0.2, 0.8)]
    axes.add_patch(patches.FancyArrowPatch((0.2, 0.5), (0.8, 0.5), patchA=ends[0], patchB=ends[1], mutation_scale=10))
    return lambda frame: ends[0].set_radius(0.05 + frame / 50)


@known
def an_annotation_in_a_box(figure: Any) -> Update:
    axes = figure.add_subplot()
    note = axes.annotate(
        "n", (0.5, 0.5), (20, 20), textcoords="offset points", bbox={}, arrowprops={"arrowstyle": "->"}
    )
    return lambda frame: note.set_text("n" * (frame + 1))


@known
def a_clip_path_of_a_circle(figure: Any) -> Update:
    axes = figure.add_subplot()
    image = axes.imshow(np.arange(16).reshape(4, 4))
    circle = patches.Circle((2, 2), 1, transform=axes.transData)
    image.set_clip_path(circle)
    return lambda frame: circle.set_radius(1 + frame / 4)


@known
def a_color_scale_without_limits(figure: Any) -> Update:
    """The color bar listens, and gives it limits at once."""
    bar, axes = figure.subplots(1, 2)
    image = axes.imshow(np.arange(4).reshape(2, 2))
    figure.colorbar(image, cax=bar)  # drawn before the image

    def update(frame: int) -> None:
        image.set_data(np.arange(4).reshape(2, 2) * (frame + 1))
        image.norm.vmin = image.norm.vmax = None

    return update


@known
def dates_in_a_line(figure: Any) -> Update:
    axes = figure.add_subplot()
    days = [dt.datetime(2020, 1, 1 + day) for day in range(9)]
    (line,) = axes.plot(days, range(9))
    return lambda frame: line.set_data(days[: frame + 1], range(frame + 1))


@known
def a_formatter_of_its_arguments(figure: Any) -> Update:
    axes = figure.add_subplot()
    axes.xaxis.set_major_formatter(lambda value, position: f"{value:.1f}")
    return lambda frame: axes.set_xlim(0, 1 + frame)


@known
def a_box_in_a_corner(figure: Any) -> Update:
    axes = figure.add_subplot()
    axes.add_artist(AnchoredText("text", "upper left"))
    (line,) = axes.plot([0, 1])
    return lambda frame: line.set_ydata([frame, 1])


@known
def a_transform_of_a_box(figure: Any) -> Update:
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1], transform=BboxTransformTo(Bbox([[10, 10], [90, 90]])))
    return lambda frame: line.set_ydata([frame / 5, 1])


@some_of("fill, dpi, verify", [*UNKNOWN.values(), *KNOWN.values()], ["figure", 83], ["never", "always"], one_in=5)
def test_frames_are_those_of_save(fill: Fill, dpi: Any, verify: str) -> None:
    assert_as_saved(animation_of(fill), {} if dpi == "figure" else {"dpi": dpi}, dpi=dpi, verify=verify)


def first_obstacle(fill: Fill) -> object:
    animation: Any = animation_of(fill)()
    one_draw = OneDraw(animation._fig)
    animation._draw_was_started = True
    found = []
    for frame in range(3):
        animation._draw_frame(frame)
        found.append(one_draw.obstacle(rescaled=False))
        animation._fig.canvas.draw()
    return next((item for item in found if item is not None), None)


@pytest.mark.parametrize("fill", UNKNOWN.values(), ids=list(UNKNOWN))
def test_what_is_not_known_is_an_obstacle(fill: Fill) -> None:
    assert first_obstacle(fill) is not None


@pytest.mark.parametrize("fill", KNOWN.values(), ids=list(KNOWN))
def test_what_is_known_is_none(fill: Fill) -> None:
    assert first_obstacle(fill) is None


def test_a_contour_gets_the_transform_of_its_axes() -> None:
    """It takes that when it is asked for its transform first; that of all artists is another one."""

    def fill(figure: Figure) -> Update:
        axes: Any = figure.add_subplot(projection="3d")
        axes.tricontour([0, 1, 1, 0, 0.5], [0, 0, 1, 1, 0.5], [0, 1, 0, 1, 2])
        return lambda frame: None

    assert_as_saved(animation_of(fill), verify="never")


def test_artists_and_classes_of_a_program_are_not_kept() -> None:
    class Mine(PathCollection):
        pass

    figure = Figure()
    artist: Artist = figure.add_subplot().add_collection(Mine([]))
    assert OneDraw(figure).obstacle(rescaled=False) is artist
    kept = weakref.ref(Mine)
    del Mine, artist, figure
    gc.collect()
    assert kept() is None
