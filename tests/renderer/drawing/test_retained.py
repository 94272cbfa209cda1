"""What retained drawing draws again, what it replays, and what happens when it is wrong."""

import datetime as dt
import gc
import warnings
import weakref
from collections.abc import Callable
from functools import partial
from itertools import count, islice
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import lines
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import ConnectionPatch
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from renderer import frames
from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.canvas import FrameCanvas
from renderer.drawing.draw_checks import CHECKS
from renderer.drawing.reference import Reference
from renderer.drawing.retained import verification
from renderer.drawing.retained.nodes import AxesNode
from renderer.drawing.state import attributes, known
from renderer.drawing.state.watch import Watch
from renderer.errors import VerificationWarning
from renderer.mpl import steps as axes_internals
from tests.figures.kinds import KINDS
from tests.figures.kinds.registry import Update
from tests.renderer.drawing.counts import CountedFigure
from tests.support import assert_as_saved, assert_same_frames, drawn_frames, saved_frames, some_of

Change = Callable[[Figure], Any]


class Run:
    """Draws a figure frame by frame, and counts what each frame took."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.canvas = FrameCanvas(figure)
        self.retained = CountedFigure(figure)
        self.renderer = self.canvas._caching_renderer()

    def draw(self) -> tuple[int, int, np.ndarray]:
        """Draw a frame; give the numbers of artists drawn and replayed, and the pixels."""
        redrawn, replayed = self.retained.redrawn, self.retained.replayed
        self.renderer.clear()  # type: ignore[no-untyped-call]
        self.retained.draw(self.renderer)
        pixels = np.array(self.renderer.buffer_rgba())  # type: ignore[no-untyped-call]
        return self.retained.redrawn - redrawn, self.retained.replayed - replayed, pixels

    def counts(self) -> tuple[int, int]:
        return self.draw()[:2]


def run_of(name: str) -> tuple[Run, Update]:
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    update = KINDS[name].fill(figure)
    return Run(figure), update


def redrawn_by(name: str, frames: int = 8) -> list[int]:
    run, update = run_of(name)
    redrawn = []
    for frame in range(frames):
        update(frame)
        redrawn.append(run.counts()[0])
    return redrawn


def full_draw(figure: Figure, renderer: RendererAgg) -> np.ndarray:
    blank = RendererAgg(renderer.width, renderer.height, renderer.dpi)
    figure.draw(blank)
    return np.array(blank.buffer_rgba())


# What is drawn again ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("line", 1),
        ("image", 1),
        ("scatter", 1),
        ("mesh", 1),
        ("quiver", 2),  # the key is drawn each time
        ("bars", 20),
        ("dashboard", 5),
        ("line_with_changing_title", 4),  # set_title gives all three titles a new transform
        ("filled_between", 1),
        ("stems", 2),
        ("dates", 1),
        ("line_with_default_legend", 1),
        ("polar_logarithmic", 1),
        ("other_maps", 1),
    ],
)
def test_only_what_changed_is_drawn_again(name: str, count: int) -> None:
    first, *others = redrawn_by(name, 4)
    assert first > 10
    assert others == [count] * 3


def test_a_legend_is_drawn_again_when_it_moves() -> None:
    _, *others = redrawn_by("line_with_moving_legend")
    assert set(others) == {1, 2}


def test_nothing_is_drawn_again_when_nothing_changes() -> None:
    run, _ = run_of("dashboard")
    count, _, first = run.draw()
    for _ in range(3):
        redrawn, replayed, pixels = run.draw()
        assert (redrawn, replayed) == (0, count)
        np.testing.assert_array_equal(pixels, first)


def test_one_panel_of_many_is_drawn_again() -> None:
    first, *others = redrawn_by("one_panel_of_many")
    assert set(others) == {(first - 1) // 4}  # the figure's patch is the one


def test_values_set_again_are_no_change() -> None:
    run, _ = run_of("line")
    axes = run.figure.axes[0]
    run.draw()
    axes.set_xlim(axes.get_xlim())
    axes.title.set_color(str("bl" + "ack"))
    axes.lines[0].set_linewidth(float("1.5"))
    assert run.counts()[0] == 0


def test_an_artist_that_stops_changing_is_replayed_again() -> None:
    run, update = run_of("line")
    for frame in range(40):
        update(frame)
        run.draw()
    assert [run.counts()[0] for _ in range(40)][-1] == 0


def test_axes_that_are_cleared_for_each_frame_are_recorded_rarely() -> None:
    run = Run(Figure(figsize=(2, 2)))
    axes = run.figure.subplots()
    recorded = []
    for _ in range(10):
        axes.clear()
        run.draw()
        (node,) = (node for node in run.retained._nodes if isinstance(node, AxesNode))
        recorded.append(node.watch is not None)
    assert recorded == [frame in (0, 8) for frame in range(10)]


def test_artists_of_unknown_classes_are_drawn_each_time() -> None:
    class Plain(Line2D):
        pass

    figure = Figure()
    figure.add_subplot().add_line(Plain([0, 1], [0, 1]))
    run = Run(figure)
    run.draw()
    assert run.counts()[0] == 1


def test_what_a_watch_stumbles_over_makes_it_blind() -> None:
    text, watch = Text(), Watch()
    del text._agg_filter  # type: ignore[attr-defined]
    watch.follow(text)
    assert isinstance(watch.blind, AttributeError)
    assert watch.changed()


def test_a_formatter_of_a_function_without_a_module() -> None:
    namespace: dict[str, Any] = {}
    exec("def show(value, position): return str(round(value, 1))", namespace)

    def make() -> Animation:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        axes = figure.add_subplot()
        axes.xaxis.set_major_formatter(FuncFormatter(namespace["show"]))
        (line,) = axes.plot([0, 1])
        return FuncAnimation(figure, lambda frame: line.set_ydata([0, frame]), frames=3, init_func=list)

    assert_as_saved(make, verify="never")


def test_classes_that_the_program_makes_are_not_kept() -> None:
    def drawn() -> tuple[weakref.ref[Any], weakref.ref[Any]]:
        class Percent(ScalarFormatter):
            pass

        class Line(Line2D):
            pass

        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        axes = figure.add_subplot()
        axes.xaxis.set_major_formatter(Percent())
        line = axes.add_line(Line([0, 1], [0, 1]))
        list(frames(FuncAnimation(figure, lambda frame: line.set_ydata([0, frame]), frames=4, init_func=list)))
        return weakref.ref(Percent), weakref.ref(Line)

    kinds = drawn()
    gc.collect()
    assert [kind() for kind in kinds] == [None, None]


def test_settings_are_watched() -> None:
    run, _ = run_of("line")
    count, *_ = run.draw()
    with mpl.rc_context({"path.simplify_threshold": 1}):
        assert run.counts()[0] == count
    assert run.counts()[0] == count


def test_another_renderer_starts_anew() -> None:
    run, _ = run_of("line")
    count, *_ = run.draw()
    run.renderer = CachingRenderer(run.renderer.width, run.renderer.height, 50)
    assert run.counts()[0] == count


# Where matplotlib draws ---------------------------------------------------------------------------------------


def test_a_figure_of_the_users_falls_back() -> None:
    class Own(Figure):
        def draw(self, renderer: Any) -> None:
            self.patch.set_facecolor("r")
            super().draw(renderer)

    run = Run(Own())
    *_, pixels = run.draw()
    assert run.retained.fallbacks == 1
    assert pixels[0, 0].tolist() == [255, 0, 0, 255]


def test_an_unknown_matplotlib_falls_back_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    axes_internals.can_retain.cache_clear()
    monkeypatch.setattr(axes_internals, "drawing_order", lambda axes: [])
    try:
        run, update = run_of("line")
        for frame in range(3):
            update(frame)
            np.testing.assert_array_equal(run.draw()[2], full_draw(run.figure, run.renderer))
        assert run.retained.fallbacks == 3
        assert [record.name for record in caplog.records] == ["renderer.mpl.steps"]
    finally:
        axes_internals.can_retain.cache_clear()


def test_this_matplotlib_is_known() -> None:
    assert axes_internals.can_retain()


def test_an_error_while_drawing_is_passed_on_and_forgotten() -> None:
    run, _ = run_of("line")
    run.draw()
    run.figure.axes[0].lines[0].set_path_effects([None])  # type: ignore[list-item]
    with pytest.raises(AttributeError):
        run.draw()
    run.figure.axes[0].lines[0].set_path_effects([])
    np.testing.assert_array_equal(run.draw()[2], full_draw(run.figure, run.renderer))


def test_every_frame_sends_one_draw_event() -> None:
    run, _ = run_of("line")
    seen: list[object] = []
    run.canvas.mpl_connect("draw_event", seen.append)
    for _ in range(3):
        run.draw()
    assert len(seen) == 3


def test_what_a_draw_event_changes_is_drawn_in_the_next_frame() -> None:
    run, _ = run_of("line")
    axes = run.figure.axes[0]
    run.canvas.mpl_connect("draw_event", lambda event: axes.title.set_text(axes.get_title() + "!"))
    for _ in range(4):
        expected = full_draw_without_events(run)
        np.testing.assert_array_equal(run.draw()[2], expected)


def full_draw_without_events(run: Run) -> np.ndarray:
    with run.canvas.callbacks.blocked(signal="draw_event"):
        return full_draw(run.figure, run.renderer)


# Verification -------------------------------------------------------------------------------------------------

COLOR = ["k"]


class Chameleon(Line2D):
    """Reads what nothing watches."""

    def draw(self, renderer: Any) -> None:
        self.set_color(COLOR[0])
        super().draw(renderer)


Chameleon.draw.__module__ = lines.__name__


@pytest.fixture
def chameleon(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Animation]:
    monkeypatch.setitem(known.DRAW_METHODS, Chameleon, Chameleon.draw)
    monkeypatch.setitem(known.IGNORED, Chameleon, known.IGNORED[Line2D])
    monkeypatch.setitem(attributes.FORMS, Chameleon, "artist")
    monkeypatch.setitem(CHECKS, Chameleon, CHECKS[Line2D])

    def make(count: int = 6) -> Animation:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        axes = figure.add_subplot()
        axes.add_line(Chameleon([0, 1], [0, 1], label="chameleon"))
        return FuncAnimation(figure, lambda frame: COLOR.__setitem__(0, f"C{frame}"), frames=count, init_func=list)

    return make


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time go on by one whenever it is read, in a process that has rendered nothing yet."""
    monkeypatch.setattr(verification, "time", SimpleNamespace(perf_counter=partial(next, count())))
    monkeypatch.setattr(verification, "BUDGET", verification.Budget())


def test_an_unsound_class_draws_wrong_frames_when_nobody_looks(chameleon: Callable[..., Animation]) -> None:
    with pytest.raises(AssertionError, match="frame 1"):
        assert_as_saved(chameleon, verify="never")


def test_verification_catches_an_unsound_class_and_warns_once(chameleon: Callable[..., Animation]) -> None:
    with pytest.warns(VerificationWarning, match=r"frame 1: Line2D\(chameleon\)") as caught:
        assert_as_saved(chameleon, verify="always")
    assert len(caught) == 1


def test_sampled_verification_catches_it_when_its_time_comes(chameleon: Callable[..., Animation], clock: None) -> None:
    reference = saved_frames(chameleon(12))[-2:]  # the colors come again after ten frames
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        drawn = enumerate(frames(chameleon(500)))
        index = next(index for index, _ in drawn if caught)
        after = [frame for frame in islice(drawn, 12) if frame[0] % 10 in (0, 1)]
    assert [f"frame {index}: Line2D(chameleon)" in str(warning.message) for warning in caught] == [True]
    for number, frame in after:
        np.testing.assert_array_equal(frame.pixels, reference[number % 10])


class Comparisons:
    """Counts the frames that are drawn by the reference step."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        former = Reference.grab

        def grab(reference: Reference, look: dict[str, Any]) -> Any:
            self.count += 1
            return former(reference, look)

        monkeypatch.setattr(Reference, "grab", grab)


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Comparisons:
    return Comparisons(monkeypatch)


@some_of(
    "name, way",
    [
        *("line", "dashboard", "image", "line_with_changing_title", "inset", "growing_line", "bars", "polar_mesh"),
        *("constrained_layout", "constrained_panels", "tight_layout", "clip_paths_and_limits_that_change_together"),
    ],
    [(FigureCanvasBase, "figure"), (FigureCanvasAgg, 70)],
    one_in=5,
)
def test_verification_finds_nothing_where_nothing_is_wrong(
    name: str, way: tuple[type[FigureCanvasBase], Any], comparisons: Comparisons
) -> None:
    """It starts from the figure as it was before the frame, and the next frame from what the comparison has left."""
    canvas, dpi = way
    save = {} if dpi == "figure" else {"dpi": dpi}
    expected = saved_frames(KINDS[name].animation(canvas), **save)
    with warnings.catch_warnings():
        warnings.simplefilter("error", VerificationWarning)
        assert_same_frames(drawn_frames(KINDS[name].animation(canvas), verify="always", dpi=dpi), expected)
    assert comparisons.count == len(expected)


def test_sampled_verification_takes_a_small_share_of_the_time_of_the_process(
    clock: None, comparisons: Comparisons
) -> None:
    """A frame takes two ticks of the clock, with its update, and a comparison one, of which two are expected."""
    rendered = 0
    while comparisons.count < 3:
        rendered += len(drawn_frames(KINDS["line"].animation(frames=7), dpi="figure"))
    assert 3 <= rendered * 2 * verification.SHARE <= 5


def test_a_comparison_that_was_not_asked_for_is_not_made(comparisons: Comparisons) -> None:
    drawn_frames(KINDS["line"].animation(), verify="never")
    assert comparisons.count == 0


def test_verify_reaches_the_drawing(chameleon: Callable[..., Animation]) -> None:
    with pytest.warns(VerificationWarning):
        list(frames(chameleon(), verify="always"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(frames(chameleon(), verify="never"))


# What the search for counterexamples found --------------------------------------------------------------------


def saved_as_changed_by(make: Change, *changes: Change, canvas: type[FigureCanvasBase] = FigureCanvasBase) -> None:
    """Compare with Animation.save a figure to which one change is made before each frame."""

    def animation() -> Animation:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        canvas(figure)
        make(figure)
        return FuncAnimation(figure, lambda index: changes[index](figure), frames=len(changes), init_func=list)

    assert_as_saved(animation, verify="never")


def nothing(figure: Figure) -> None:
    pass


def test_a_filter_on_whole_axes() -> None:
    def shifted(image: Any, _dpi: float) -> tuple[np.ndarray, float, float]:
        return image, 5, 5

    def add_filter(figure: Figure) -> None:
        figure.axes[0].set_agg_filter(shifted)

    saved_as_changed_by(lambda figure: figure.add_subplot().plot([1, 2]), nothing, add_filter, nothing, nothing)


@pytest.mark.parametrize("canvas", [FigureCanvasBase, FigureCanvasAgg])  # save draws each frame twice on the latter
def test_an_artist_that_reads_axes_before_they_autoscale(canvas: type[FigureCanvasBase]) -> None:
    def make(figure: Figure) -> None:
        left, right = figure.subplots(1, 2)
        right.hist([1, 2, 2, 3])
        left.add_artist(ConnectionPatch((0.5, 0.5), (2, 1), "data", "data", axesA=left, axesB=right))

    def grow(figure: Figure) -> None:
        figure.axes[1].plot([9], [9], "o")

    saved_as_changed_by(make, nothing, grow, nothing, grow, nothing, canvas=canvas)


def test_a_legend_that_looks_for_its_place() -> None:
    def make(figure: Figure) -> None:
        axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
        axes.plot([0.9], [0.9], "o", label="point")
        axes.legend()

    def move(figure: Figure) -> None:
        line: Any = figure.axes[0].lines[0]
        line.set_data([1.0 - line.get_xdata()[0]], [0.9])

    saved_as_changed_by(make, nothing, move, nothing, move, move, nothing)


def test_a_time_zone_of_another_name() -> None:
    def use(name: str) -> Change:
        def change(figure: Figure) -> None:
            formatter: Any = figure.axes[0].xaxis.get_major_formatter()
            formatter.tz = dt.timezone(dt.timedelta(hours=1), name)

        return change

    def make(figure: Figure) -> None:
        axes = figure.add_subplot(xlim=(0, 0.5))
        axes.xaxis.set_major_formatter(DateFormatter("%H %Z"))

    saved_as_changed_by(make, use("A"), nothing, use("B"), nothing, use("A"))


def test_an_artist_that_comes_into_hidden_axes() -> None:
    def hide(figure: Figure) -> None:
        figure.axes[0].set_visible(False)

    def add(figure: Figure) -> None:
        figure.axes[0].plot([1, 2])

    def show(figure: Figure) -> None:
        figure.axes[0].set_visible(True)

    saved_as_changed_by(lambda figure: figure.add_subplot(), hide, add, nothing, show, add)
