"""Axes that are cleared each frame: what is drawn by value is drawn as matplotlib draws it."""

import datetime as dt
import locale
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from matplotlib import dates, patheffects, ticker
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.spines import Spine
from matplotlib.transforms import Affine2D

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.axis import replay
from renderer.drawing.axis.lazy_ticks import LazyTicks
from tests.support import some_of

Update = Callable[[Any, int], object]


class ValueDrawing(replay.ValueDrawing):
    """Counts how often an axis draws itself or is replayed, and how often its size is recalled."""

    drawn = replayed = recalled = 0

    def _draw(self, draw: Callable[..., None], *args: Any) -> None:
        counted = Mock(side_effect=draw)
        super()._draw(counted, *args)
        self.drawn += counted.called
        self.replayed += not counted.called

    def _measure(self, measure: Callable[..., Any], *args: Any, **options: Any) -> Any:
        counted = Mock(side_effect=measure)
        size = super()._measure(counted, *args, **options)
        self.recalled += not counted.called
        return size


def figure_with_axes(**options: Any) -> Figure:
    figure = Figure(figsize=(3, 2.5), **options)
    figure.add_subplot()
    return figure


def drawn_by_value(figure: Figure, values: ValueDrawing, renderer: CachingRenderer) -> np.ndarray:
    renderer.clear()  # type: ignore[no-untyped-call]
    with values.inside(figure.axes):
        figure.draw(renderer)
    return np.array(renderer.buffer_rgba())  # type: ignore[no-untyped-call]


def drawn_plainly(figure: Figure) -> np.ndarray:
    renderer = RendererAgg(*figure.bbox.size, figure.dpi)
    figure.draw(renderer)
    return np.array(renderer.buffer_rgba())


def assert_drawn_alike(update: Update, frames: int = 12, make: Callable[[], Figure] = figure_with_axes) -> ValueDrawing:
    """Draw two figures, each with updates of its own, by value and plainly; compare each frame."""
    ours, theirs, values = make(), make(), ValueDrawing()
    renderer = CachingRenderer(*ours.bbox.size, ours.dpi)
    for frame in range(frames):
        update(ours, frame)
        update(theirs, frame)
        drawn, expected = drawn_by_value(ours, values, renderer), drawn_plainly(theirs)
        assert np.array_equal(drawn, expected), f"frame {frame}: {np.argwhere((drawn != expected).any(-1))[:5]}"
    return values


def bars(figure: Figure, frame: int) -> None:
    (axes,) = figure.axes
    axes.clear()
    axes.bar([1, 2, 3], [1, 2 + frame, 3])
    axes.set_ylim(0, 20)
    axes.set_title("Bars")


def test_equal_axis_is_not_drawn_again() -> None:
    values = assert_drawn_alike(bars, frames=20)
    assert values.replayed >= 2 * 20 - 10
    assert values.recalled >= 20 - 3
    assert values.drawn + values.replayed == 2 * 20


def test_ticks_stay_unmade() -> None:
    figure, values = figure_with_axes(), ValueDrawing()
    renderer = CachingRenderer(*figure.bbox.size, figure.dpi)
    for frame in range(8):
        bars(figure, frame)
        drawn_by_value(figure, values, renderer)
    ticks = vars(figure.axes[0].xaxis)["majorTicks"]
    assert isinstance(ticks, LazyTicks)
    assert ticks._made is None
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["0", "5", "10", "15", "20"]


def test_what_drawing_changes_in_an_axis_is_changed() -> None:
    def update(figure: Figure, frame: int) -> None:
        bars(figure, frame)
        figure.axes[0].set(ylim=(1e9, 1e9 + 10), xlabel="label", ylabel="label")

    ours, theirs, values = figure_with_axes(), figure_with_axes(), ValueDrawing()
    renderer = CachingRenderer(*ours.bbox.size, ours.dpi)
    for frame in range(8):
        update(ours, frame)
        update(theirs, frame)
        drawn_by_value(ours, values, renderer)
        drawn_plainly(theirs)
        for ours_axis, theirs_axis in zip(*([f.axes[0].xaxis, f.axes[0].yaxis] for f in (ours, theirs)), strict=True):
            assert ours_axis.label.get_position() == theirs_axis.label.get_position()
            assert ours_axis.offsetText.get_position() == theirs_axis.offsetText.get_position()
            assert ours_axis.offsetText.get_text() == theirs_axis.offsetText.get_text()
            assert ours_axis.get_major_formatter().get_offset() == theirs_axis.get_major_formatter().get_offset()
            assert ours_axis.stale == theirs_axis.stale
    assert ours.axes[0].yaxis.offsetText.get_text() == "+1e9"
    assert values.replayed > 0


def test_matplotlib_is_left_as_it_was() -> None:
    figure, values = figure_with_axes(), ValueDrawing()
    (axes,) = figure.axes
    before = vars(axes.xaxis).keys() | vars(axes.yaxis).keys()
    with values.inside([axes]):
        assert "draw" in vars(axes.xaxis)
    assert vars(axes.xaxis).keys() | vars(axes.yaxis).keys() == before
    with pytest.raises(ZeroDivisionError), values.inside([axes]):
        raise ZeroDivisionError
    assert vars(axes.xaxis).keys() | vars(axes.yaxis).keys() == before


def test_a_paused_drawing_asks_every_axis() -> None:
    figure, values = figure_with_axes(), ValueDrawing()
    renderer = CachingRenderer(*figure.bbox.size, figure.dpi)
    for frame in range(12):
        values.paused = frame >= 6
        bars(figure, frame)
        assert np.array_equal(drawn_by_value(figure, values, renderer), drawn_plainly(figure))
    assert values.drawn + values.replayed == 2 * 6


def alternately(change: Callable[[Axes], object]) -> Update:
    """Make an update in which every axis is equal to that of the frame before, and now and then is changed."""

    def update(figure: Figure, frame: int) -> None:
        bars(figure, frame)
        if frame in (5, 6, 8):
            change(figure.axes[0])

    return update


CHANGES: dict[str, Callable[[Any], object]] = {
    "limits": lambda axes: axes.set_xlim(0, 5),
    "limits of zero": lambda axes: axes.set_ylim(-0.0, 20),
    "inverted": lambda axes: axes.invert_yaxis(),
    "log": lambda axes: (axes.set_yscale("log"), axes.set_ylim(1, 100)),
    "symlog": lambda axes: axes.set_xscale("symlog"),
    "locator": lambda axes: axes.xaxis.set_major_locator(ticker.MultipleLocator(0.5)),
    "locator changed in place": lambda axes: axes.locator_params(axis="y", nbins=3),
    "minor ticks": lambda axes: axes.minorticks_on(),
    "formatter": lambda axes: axes.yaxis.set_major_formatter("{x:.2f} m"),
    "formatter changed in place": lambda axes: axes.ticklabel_format(style="sci", scilimits=(0, 0)),
    "formatter function": lambda axes: axes.yaxis.set_major_formatter(lambda value, _: f"<{value}>"),
    "fixed ticks": lambda axes: axes.set_xticks([1, 2], ["one", "two"]),
    "numbers as labels": lambda axes: axes.set_xticks([1, 2], [1, 2]),
    "other numbers as labels": lambda axes: axes.set_xticks([1, 2], [1.0, 2.0]),
    "no ticks": lambda axes: axes.set_xticks([]),
    "tick parameters": lambda axes: axes.tick_params(colors="r", length=9, direction="in", labelsize=7, top=True),
    "label rotation": lambda axes: axes.tick_params(axis="x", labelrotation=40),
    "grid": lambda axes: axes.grid(color="g", linestyle=":"),
    "axis label": lambda axes: axes.set_xlabel("a label"),
    "two line label": lambda axes: axes.set_ylabel("two\nlines", rotation=20),
    "label pad": lambda axes: setattr(axes.yaxis, "labelpad", 20),
    "label position": lambda axes: axes.yaxis.set_label_position("right"),
    "label coordinates": lambda axes: axes.xaxis.set_label_coords(0.2, -0.2),
    "label in axes below": lambda axes: axes.set_xlabel("label", loc="left"),
    "ticks on top": lambda axes: axes.xaxis.tick_top(),
    "ticks on the right": lambda axes: axes.yaxis.tick_right(),
    "offset text": lambda axes: axes.set_ylim(1e8, 1e8 + 5),
    "hidden axis": lambda axes: axes.xaxis.set_visible(False),
    "axis off": lambda axes: axes.set_axis_off(),
    "frame off": lambda axes: axes.set_frame_on(False),
    "spine at zero": lambda axes: axes.spines.left.set_position("zero"),
    "spine at a value": lambda axes: axes.spines.bottom.set_position(("data", 4)),
    "spine outward": lambda axes: axes.spines.left.set_position(("outward", 9)),
    "spine in the center": lambda axes: axes.spines.bottom.set_position("center"),
    "spine bounds": lambda axes: axes.spines.left.set_bounds(3, 9),
    "hidden spine": lambda axes: axes.spines.top.set_visible(False),
    "position": lambda axes: axes.set_position((0.3, 0.3, 0.5, 0.5)),
    "aspect": lambda axes: axes.set_aspect(0.1),
    "a label touched": lambda axes: [label.set_color("r") for label in axes.get_xticklabels()[1:2]],
    "a tick touched": lambda axes: [tick.tick1line.set_markersize(12) for tick in axes.xaxis.get_major_ticks()[:1]],
    "a tick line moved": lambda axes: axes.xaxis.majorTicks[0].tick1line.set_ydata([0.5]),
    "the first tick touched": lambda axes: axes.xaxis.majorTicks[0].label1.set_fontweight("bold"),
    "a font changed in place": lambda axes: axes.xaxis.majorTicks[0].label1.get_fontproperties().set_size(14),
    "path effects": lambda axes: axes.xaxis.label.set(
        text="label", path_effects=[patheffects.withStroke(linewidth=3, foreground="y")]
    ),
    "transparent axis label": lambda axes: axes.set_xlabel("label", alpha=0.4, bbox={"fc": "y"}),
    "filtered axis": lambda axes: axes.xaxis.set_agg_filter(lambda image, dpi: (image[::-1], 0, 0)),
    "clipped axis": lambda axes: axes.xaxis.majorTicks[0].label1.set(clip_on=True, clip_box=axes.bbox),
    "sketch": lambda axes: axes.xaxis.majorTicks[0].tick1line.set_sketch_params(2, 5, 1),
    "title above ticks": lambda axes: (axes.xaxis.tick_top(), axes.set_title("above")),
    "dates": lambda axes: (axes.xaxis_date(), axes.set_xlim(dt.date(2020, 1, 1), dt.date(2020, 3, 1))),
    "other dates": lambda axes: (
        axes.set_xlim(1, 90),
        axes.xaxis.set_major_locator(dates.AutoDateLocator()),
        axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(dates.AutoDateLocator())),
    ),
    "categories": lambda axes: axes.plot(["a", "b", "c"], [1, 2, 3]),
    "percent": lambda axes: axes.yaxis.set_major_formatter(ticker.PercentFormatter(20, decimals=1)),
    "engineering": lambda axes: axes.yaxis.set_major_formatter(ticker.EngFormatter("Hz")),
    "secondary axis": lambda axes: axes.secondary_xaxis("top", functions=(lambda x: 2 * x, lambda x: x / 2)),
    "inset": lambda axes: axes.inset_axes((0.5, 0.5, 0.4, 0.4)).plot([1, 3]),
    "a transform of its own": lambda axes: setattr(
        axes, "transAxes", mpl.transforms.Affine2D().translate(0.1, 0) + axes.transAxes
    ),
    "rasterized": lambda axes: axes.xaxis.set_rasterized(True),
    "zorder": lambda axes: axes.set_axisbelow(True),
    "overlapping minor ticks": lambda axes: (
        axes.xaxis.set_minor_locator(ticker.MultipleLocator(0.5)),
        axes.xaxis.set_remove_overlapping_locs(False),
    ),
}


@some_of("name", CHANGES, one_in=4)
def test_change(name: str) -> None:
    values = assert_drawn_alike(alternately(CHANGES[name]), frames=10)
    assert values.replayed > 0


@some_of(
    "setting",
    [
        {"xtick.labelsize": 15},
        {"xtick.direction": "in"},
        {"axes.unicode_minus": False},
        {"lines.antialiased": False},
        {"font.family": "serif"},
        {"axes.formatter.limits": (-1, 1)},
        {"path.sketch": (2, 5, 1)},
        {"xtick.alignment": "left"},
    ],
    one_in=2,
)
def test_settings_that_change(setting: Any) -> None:
    ours, theirs, values = figure_with_axes(), figure_with_axes(), ValueDrawing()
    renderer = CachingRenderer(*ours.bbox.size, ours.dpi)
    for frame in range(12):
        bars(ours, frame)
        bars(theirs, frame)
        with mpl.rc_context(setting if frame in (5, 6, 8, 11) else {}):
            assert np.array_equal(drawn_by_value(ours, values, renderer), drawn_plainly(theirs)), frame
            renderer = CachingRenderer(*ours.bbox.size, ours.dpi)  # one that has measured no text
    assert values.replayed > 0


def test_impure_formatters_are_called_as_often_as_matplotlib_does() -> None:
    calls: dict[str, list[float]] = {}

    def make(name: str) -> Callable[[Figure, int], None]:
        def label(value: float, _: float) -> str:
            calls.setdefault(name, []).append(value)
            return str(len(calls[name]) % 7)

        def update(figure: Figure, frame: int) -> None:
            bars(figure, frame)
            figure.axes[0].yaxis.set_major_formatter(label)

        return update

    ours, theirs, values = figure_with_axes(), figure_with_axes(), ValueDrawing()
    update_ours, update_theirs = make("ours"), make("theirs")
    renderer = CachingRenderer(*ours.bbox.size, ours.dpi)
    for frame in range(8):
        update_ours(ours, frame)
        update_theirs(theirs, frame)
        assert np.array_equal(drawn_by_value(ours, values, renderer), drawn_plainly(theirs)), frame
    assert calls["ours"] == calls["theirs"]


def test_a_function_that_imports_is_not_taken_for_pure() -> None:
    def label(value: float, position: float) -> str:
        import itertools

        itertools.label_calls = getattr(itertools, "label_calls", 0) + 1  # type: ignore[attr-defined]
        return str(itertools.label_calls)  # type: ignore[attr-defined]

    def update(figure: Figure, frame: int) -> None:
        bars(figure, frame)
        figure.axes[0].xaxis.set_major_formatter(label)

    ours, values = figure_with_axes(), ValueDrawing()
    renderer = CachingRenderer(*ours.bbox.size, ours.dpi)
    seen = set()
    for frame in range(6):
        update(ours, frame)
        seen.add(drawn_by_value(ours, values, renderer).tobytes())
    assert len(seen) == 6


def twins(figure: Figure, frame: int) -> None:
    first, second = figure.axes
    for axes in (first, second):
        axes.clear()
    second.yaxis.tick_right()
    first.plot([1, 2, frame])
    second.plot([3, 1e6, 2], "r")
    first.set_title("title")


def shared(figure: Figure, frame: int) -> None:
    for axes in figure.axes:
        axes.clear()
    figure.axes[frame % 2].plot([1, 2, frame])


def one_of_two_cleared(figure: Figure, frame: int) -> None:
    figure.axes[0].clear()
    figure.axes[0].plot([1, 2, 3])
    figure.axes[1].set_title(f"{frame}")


def labels_aligned(figure: Figure, frame: int) -> None:
    for row, axes in enumerate(figure.axes):
        axes.clear()
        axes.plot([0, 10 ** (row * (frame % 3))])
        axes.set_ylabel("label")
    figure.align_ylabels()


def grown(figure: Figure, frame: int) -> None:
    axes = figure.axes[0]
    axes.plot([frame, frame + 1], [1, 2])


def cleared_now_and_then(figure: Figure, frame: int) -> None:
    axes = figure.axes[0]
    if frame % 3 == 0:
        axes.clear()
        axes.plot([1, 2, 3])
    if frame % 5 == 0:
        axes.tick_params(labelsize=8 + frame % 3)
    if frame % 7 == 4:
        axes.get_xticklabels()[0].set_color("r")


def two(**options: Any) -> Callable[[], Figure]:
    def make() -> Figure:
        figure = Figure(figsize=(4, 3))
        figure.subplots(2, 1, **options)
        return figure

    return make


def with_twin() -> Figure:
    figure = figure_with_axes()
    figure.axes[0].twinx()
    return figure


def in_subfigure() -> Figure:
    figure = Figure(figsize=(4, 3))
    _, right = figure.subfigures(1, 2, width_ratios=(1, 3))  # type: ignore[misc]  # the stub allows for a single one
    right.add_subplot()
    return figure


def constrained() -> Figure:
    return figure_with_axes(layout="constrained")


def in_other_time_zones(figure: Figure, frame: int) -> None:
    (axes,) = figure.axes
    axes.clear()
    axes.set_xlim(0, 0.5)
    zone = dt.timezone(dt.timedelta(hours=1), "AB"[frame // 3 % 2])
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H %Z", tz=zone))


def patch_replaced(figure: Figure, frame: int) -> None:
    """Clear axes: what clips their ticks is then told anew, with the places of the spines, when they are drawn."""
    (axes,) = figure.axes
    axes.clear()
    axes.grid(True, linewidth=5)
    if frame % 4 == 3:
        axes.patch = Circle((0.5, 0.5), 0.4, transform=axes.transAxes, figure=figure)


def never_clipped_again(figure: Figure, frame: int) -> None:
    (axes,) = figure.axes
    axes.clear()
    axes.grid(True, linewidth=5)
    if frame == 6:
        axes.xaxis.set_clip_path = lambda *_: None  # type: ignore[method-assign]


class ShiftedSpine(Spine):
    """A spine that carries the ticks elsewhere."""

    shift = 0

    def get_spine_transform(self) -> Any:
        return super().get_spine_transform() + Affine2D().translate(self.shift, self.shift)


def spine_of_the_programs_own(figure: Figure, frame: int) -> None:
    (axes,) = figure.axes
    spine: Any = axes.spines["bottom"]
    if not isinstance(spine, ShiftedSpine):
        spine = ShiftedSpine.linear_spine(axes, "bottom")
        spine.register_axis(axes.xaxis)
        axes.spines["bottom"] = spine
    spine.shift = frame // 4
    axes.clear()


SCENES: dict[str, tuple[Update, Callable[[], Figure]]] = {
    "twins": (twins, with_twin),
    "shared x": (shared, two(sharex=True)),
    "shared all": (shared, two(sharex="all", sharey="all")),
    "one of two": (one_of_two_cleared, two()),
    "time zones": (in_other_time_zones, figure_with_axes),
    "patch": (patch_replaced, figure_with_axes),
    "own method": (never_clipped_again, figure_with_axes),
    "spine": (spine_of_the_programs_own, figure_with_axes),
    "aligned labels": (labels_aligned, two()),
    "growing": (grown, figure_with_axes),
    "cleared now and then": (cleared_now_and_then, figure_with_axes),
    "subfigure": (bars, in_subfigure),
    "layout": (bars, constrained),
    "polar": (lambda figure, frame: figure.axes[0].set_rmax(1 + frame // 3), lambda: polar_figure()),
}


def polar_figure() -> Figure:
    figure = Figure(figsize=(3, 3))
    figure.add_subplot(projection="polar")
    return figure


@some_of("name", SCENES, one_in=3)
def test_scene(name: str) -> None:
    update, make = SCENES[name]
    assert_drawn_alike(update, frames=12, make=make)


def test_values_that_never_come_again_are_looked_for_rarely() -> None:
    def update(figure: Figure, frame: int) -> None:
        bars(figure, frame)
        figure.axes[0].set(xlim=(0, 4 + frame), ylim=(0, 9 + frame))

    values = assert_drawn_alike(update, frames=30)
    assert values.replayed == 0


def test_the_locale_counts() -> None:
    figure, values = figure_with_axes(), ValueDrawing()
    renderer = CachingRenderer(*figure.bbox.size, figure.dpi)
    for frame in range(8):
        bars(figure, frame)
        drawn_by_value(figure, values, renderer)
    replayed = values.replayed
    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        locale.setlocale(locale.LC_NUMERIC, "C.UTF-8" if before == "C" else "C")
        bars(figure, 8)
        drawn_by_value(figure, values, renderer)
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
    assert values.replayed == replayed


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    plan=st.lists(st.lists(st.sampled_from(sorted(CHANGES)), max_size=2), min_size=4, max_size=7), again=st.booleans()
)
def test_any_sequence_of_changes(plan: list[list[str]], again: bool) -> None:
    plan = [names for names in plan for _ in range(3 if again else 1)]

    def update(figure: Figure, frame: int) -> None:
        if frame % 4 != 3:
            bars(figure, frame)
        for name in plan[frame]:
            CHANGES[name](figure.axes[0])

    plain = figure_with_axes()
    try:
        for frame in range(len(plan)):
            update(plain, frame)
            drawn_plainly(plain)
    except Exception:  # changes that matplotlib itself refuses in this order
        reject()
    assert_drawn_alike(update, frames=len(plan))
