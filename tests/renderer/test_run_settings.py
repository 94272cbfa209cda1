"""What a render's own functions set in rcParams holds for that render, as in Animation.save, and for nobody else."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import zip_longest
from typing import Any

import matplotlib as mpl
import matplotlib.style
import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.figure import Figure

from renderer import frames, render
from renderer.mpl.animations import settings
from renderer.sources import ownership
from tests.support import assert_as_saved, assert_same_frames, drawn_frames, saved_frames

params: Any = mpl.rcParams
WIDTH: Any
COLOR: Any
WIDTH, COLOR = "lines.linewidth", "axes.facecolor"


@pytest.fixture(autouse=True)
def program() -> Iterator[dict[str, Any]]:
    """The settings of the program, which must be the same after each test."""
    before = dict(params)
    yield before
    assert dict(params) == before
    assert "_set" not in vars(params)


def animation(change: Callable[[int], object], count: int = 5) -> Animation:
    """Return an animation whose axes are made anew in each frame, from the present settings."""
    figure = Figure(figsize=(1.5, 1), dpi=60)

    def update(index: int) -> None:
        change(index)
        figure.clear()
        figure.add_subplot().plot([0, index + 1])

    return FuncAnimation(figure, update, count, init_func=lambda: None)


def at(frame: int, **settings: Any) -> Callable[[int], None]:
    """Return a function that changes settings in one frame."""

    def change(index: int) -> None:
        if index == frame:
            params.update({name.replace("_", "."): value for name, value in settings.items()})

    return change


@pytest.mark.parametrize("frame", [0, 2, 4])
def test_what_an_update_sets_holds_for_the_frames_that_follow(frame: int) -> None:
    assert_as_saved(lambda: animation(at(frame, lines_linewidth=6, axes_facecolor="red")))


def test_frames_that_set_something_each(program: dict[str, Any]) -> None:
    assert_as_saved(lambda: animation(lambda index: params.update({WIDTH: 2 * index, "xtick.color": f"C{index}"})))


def test_settings_build_up_from_frame_to_frame() -> None:
    def thicker(index: int) -> None:
        params[WIDTH] += 2

    assert_as_saved(lambda: animation(thicker))


def test_a_draw_sets_something() -> None:
    def make() -> Animation:
        source = animation(lambda index: None)
        source._fig.canvas.mpl_connect("draw_event", lambda event: thicker(source))  # type: ignore[attr-defined]
        return source

    def thicker(source: Any) -> None:
        params[WIDTH] = 7 if source._fig.axes[0].lines[0].get_ydata()[1] > 2 else 1

    assert_as_saved(make)


@pytest.mark.parametrize("style", ["dark_background", "ggplot"])
def test_a_style_used_in_the_middle(style: str) -> None:
    assert_as_saved(lambda: animation(lambda index: matplotlib.style.use(style) if index == 2 else None))


def test_a_context_in_one_update() -> None:
    def change(index: int) -> None:
        with mpl.rc_context({WIDTH: 9}):
            params[COLOR] = "blue"

    assert_as_saved(lambda: animation(change))


def test_a_context_from_one_update_to_a_later_one() -> None:
    def make() -> Animation:
        stack = ExitStack()

        def change(index: int) -> None:
            if index == 1:
                stack.enter_context(mpl.rc_context({WIDTH: 9}))
            elif index == 3:
                stack.close()

        return animation(change)

    assert_as_saved(make)


def test_the_program_sees_its_own_settings_between_frames(program: dict[str, Any]) -> None:
    with closing(frames(animation(at(1, lines_linewidth=8)))) as drawn:
        for _ in drawn:
            assert dict(params) == program


def test_what_the_program_sets_between_frames_holds_for_both() -> None:
    figure_sees, program_sees = [], []

    def change(index: int) -> None:
        figure_sees.append((params[WIDTH], params["lines.markersize"]))
        at(1, lines_markersize=3)(index)

    with mpl.rc_context():
        for frame in frames(animation(change)):
            if frame.index == 2:
                params[WIDTH] = 5
                params["lines.markersize"] = 20
            program_sees.append((params[WIDTH], params["lines.markersize"]))
    assert figure_sees == [(1.5, 6), (1.5, 6), (1.5, 3), (5, 3), (5, 3)]
    assert program_sees == [(1.5, 6), (1.5, 6), (5, 20), (5, 20), (5, 20)]


def test_an_abandoned_or_failing_render_leaves_nothing(program: dict[str, Any]) -> None:
    def fail(index: int) -> None:
        params[WIDTH] = 8
        raise ZeroDivisionError

    drawn = frames(animation(at(0, lines_linewidth=8)))
    next(drawn)
    assert dict(params) == program
    drawn.close()
    with pytest.raises(ZeroDivisionError):
        render(animation(fail))


def test_the_next_render_starts_from_the_settings_of_the_program() -> None:
    source = animation(at(3, lines_linewidth=8))
    expected = saved_frames(animation(at(3, lines_linewidth=8)))
    for _ in range(2):
        assert_same_frames(drawn_frames(source), expected)


def test_renders_in_turn_do_not_see_each_others_settings() -> None:
    changes = [at(1, lines_linewidth=width) for width in (1, 4, 9)]
    expected = [saved_frames(animation(change)) for change in changes]
    in_turn = zip_longest(*(frames(animation(change)) for change in changes))
    drawn = [[frame.pixels for frame in column] for column in zip(*in_turn, strict=True)]
    for ours, theirs in zip(drawn, expected, strict=True):
        assert_same_frames(ours, theirs)


def test_a_render_inside_an_update_has_settings_of_its_own() -> None:
    seen = []

    def outer(index: int) -> None:
        if index == 1:
            params[WIDTH] = 4
            render(animation(lambda inner: params.update({WIDTH: params[WIDTH] + 1})))
        seen.append(params[WIDTH])

    render(animation(outer))
    assert seen == [1.5, 4, 4, 4, 4]


class Halted:
    """A render in a thread of its own that halts in the update of frame 1, after it has set something."""

    def __init__(self, pool: ThreadPoolExecutor, width: Any, name: str = WIDTH) -> None:
        self.inside, self.leave = threading.Event(), threading.Event()
        self.width, self.name = width, name
        self.seen: list[Any] = []
        self.result = pool.submit(lambda: list(frames(animation(self.change))))
        self.inside.wait()

    def change(self, index: int) -> None:
        if index == 1:
            params[self.name] = self.width
            self.inside.set()
            self.leave.wait()
        self.seen.append(params[self.name])

    def end(self) -> None:
        self.leave.set()
        self.result.result()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let steps overlap, as those do that wait for each other."""
    monkeypatch.setattr(settings, "PATIENCE", 0)


def test_what_another_thread_sets_during_a_step_is_not_the_renders() -> None:
    with ThreadPoolExecutor(1) as pool, mpl.rc_context():
        halted = Halted(pool, 4)
        params[COLOR] = "red"
        halted.end()
        assert params[COLOR] == "red"
        assert params[WIDTH] == 1.5
        assert halted.seen[1:] == [4, 4, 4, 4]


def test_a_setting_of_another_thread_stays_though_the_render_has_set_it_before() -> None:
    with ThreadPoolExecutor(1) as pool, mpl.rc_context():
        halted = Halted(pool, 4)
        params[WIDTH] = 12
        halted.end()
        assert params[WIDTH] == 12
        assert halted.seen == [1.5, 12, 4, 4, 4]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("name", "values"), [(WIDTH, (4, 9)), ("axes.grid", (True, False)), ("axes.grid", (False, True))]
)
def test_steps_that_overlap_in_two_threads_leave_nothing(order: int, name: str, values: tuple[Any, Any]) -> None:
    with ThreadPoolExecutor(2) as pool:
        pair = [Halted(pool, value, name) for value in values]
        for halted in pair[::order]:
            halted.end()
    for halted in pair:
        assert halted.seen[2:] == [halted.width] * 3


@pytest.mark.usefixtures("impatient")
def test_a_setting_that_is_set_again_over_that_of_another_thread() -> None:
    def again(index: int) -> None:
        if index == 1:
            params[WIDTH] = 4
            pair.append(Halted(pool, 9))
            params[WIDTH] = 5

    pair: list[Halted] = []
    with ThreadPoolExecutor(1) as pool:
        render(animation(again))
        pair[0].end()
    assert pair[0].seen[2:] == [9, 9, 9]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_forked_during_a_step_of_another_thread_has_the_settings_of_the_program(
    program: dict[str, Any],
) -> None:
    with ThreadPoolExecutor(1) as pool:
        halted = Halted(pool, 4)
        child = os.fork()
        if child == 0:
            os._exit(0 if dict(params) == program and "_set" not in vars(params) else 1)
        halted.end()
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("sources", [[0, 1, 2, 3], [0, 0, None, None]])
def test_renders_in_many_threads_do_not_see_each_others_settings(sources: list[int | None]) -> None:
    def make(number: int | None) -> Animation:
        def change(index: int) -> None:
            if number is not None:
                params.update({WIDTH: 2 * index + number, COLOR: f"C{number}"})

        return animation(change, 6)

    expected = [saved_frames(make(number)) for number in sources]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda number: drawn_frames(make(number)), sources))
    for ours, theirs in zip(drawn, expected, strict=True):
        assert_same_frames(ours, theirs)


def test_a_render_that_waits_for_its_figure_has_nothing_in_place(program: dict[str, Any]) -> None:
    """It has set something for the picture before, of another figure."""
    figures = [Figure(figsize=(1, 1)) for _ in range(2)]

    def pictures() -> Iterator[Figure]:
        params[WIDTH] = 7
        yield figures[0]
        assert params[WIDTH] == 7
        yield figures[1]

    seen = []
    with ThreadPoolExecutor(1) as pool, closing(frames([figures[1]])) as first:
        next(first)
        with pytest.MonkeyPatch.context() as patch:
            wait, begun = threading.Condition.wait, threading.Event()

            def announce(condition: threading.Condition, timeout: float | None = None) -> bool:
                if condition is ownership._changed:
                    seen.append(dict(params))
                    begun.set()
                return wait(condition, timeout)

            patch.setattr(threading.Condition, "wait", announce)
            second = pool.submit(lambda: len(list(frames(pictures()))))
            begun.wait()
            assert render(animation(at(1, lines_linewidth=3))).frame_count == 5  # and others can step
            first.close()
            assert second.result() == 2
    assert seen[0] == program


def test_a_render_that_sets_nothing_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    source = animation(lambda index: None)
    written: list[str] = []
    kind: Any = mpl.RcParams
    write = kind._set

    def note(target: object, key: str, value: object) -> None:
        written.append(key)
        write(target, key, value)

    monkeypatch.setattr(kind, "_set", note)
    render(source)
    assert written == []
