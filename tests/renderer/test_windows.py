"""The timer of a window in which an animation is playing does not step it while it is rendered.

The timers are driven by hand; tests/integration/test_windows.py has a real window.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.animation import ArtistAnimation, FuncAnimation
from matplotlib.backend_bases import CloseEvent, ResizeEvent
from matplotlib.figure import Figure

from renderer import Limits, Scene, SourceError, frames, render
from tests.support import assert_same_frames, drawn_frames

FRAMES = 5


class Playing:
    """An animation that plays in a window, whose timer is driven by hand."""

    def __init__(self, update: Callable[[int], object] = lambda index: None, **options: Any) -> None:
        self.figure, axes = plt.subplots(figsize=(2, 1.5), dpi=60)
        axes.set(xlim=(0, FRAMES), ylim=(0, FRAMES))
        (self.line,) = axes.plot([], [])
        self.update = update
        self.steps: list[int] = []
        self.animation: Any = FuncAnimation(self.figure, self.step, FRAMES, init_func=list, **options)
        self.play()

    def step(self, index: int) -> list[Any]:
        self.steps.append(index)
        self.line.set_data(range(len(self.steps)), self.steps)
        self.update(index)
        return [self.line]

    def play(self) -> None:
        self.figure.canvas.draw()
        self.timer = self.animation.event_source
        self.callbacks = list(self.timer.callbacks)

    def tick(self) -> None:
        self.timer._on_timer()


@pytest.fixture(autouse=True)
def pyplot() -> Iterator[None]:
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


@pytest.fixture
def expected() -> list[Any]:
    return drawn_frames(Playing().animation)


@pytest.mark.parametrize("blit", [False, True])
def test_ticks_between_frames_do_nothing(blit: bool, expected: list[Any]) -> None:
    playing = Playing(blit=blit)
    drawn = []
    for frame in frames(playing.animation):
        drawn.append(frame.pixels)
        playing.tick()
    assert playing.steps == list(range(FRAMES))
    assert_same_frames(drawn, expected)


def test_ticks_in_another_thread_do_nothing(expected: list[Any]) -> None:
    with ThreadPoolExecutor(1) as window:
        playing = Playing(lambda index: window.submit(playing.tick).result())
        drawn = drawn_frames(playing.animation)
    assert playing.steps == list(range(FRAMES))
    assert_same_frames(drawn, expected)


def test_the_window_goes_on_where_it_was() -> None:
    playing = Playing()
    playing.tick()
    playing.tick()
    for _ in frames(playing.animation):
        playing.tick()
    playing.steps.clear()
    for _ in range(3):
        playing.tick()
    assert playing.steps == [2, 3, 4]
    assert playing.timer.callbacks == playing.callbacks


def test_the_window_of_artists_goes_on_with_one_picture_at_a_time() -> None:
    figure, axes = plt.subplots()
    artists = [axes.plot([0, index]) for index in range(FRAMES)]
    animation: Any = ArtistAnimation(figure, artists)
    figure.canvas.draw()
    animation.event_source._on_timer()
    render(animation)
    for index in (1, 2, 3):
        animation.event_source._on_timer()
        assert [line.get_visible() for (line,) in artists] == [number == index for number in range(FRAMES)]


@pytest.mark.parametrize("end", ["close", "fail", "collect"])
def test_the_window_goes_on_after_a_render_that_does_not_end(end: str) -> None:
    failing = end == "fail"

    def update(index: int) -> None:
        if failing and index == 2:
            raise ZeroDivisionError

    playing = Playing(update)
    drawn = frames(playing.animation)
    next(drawn)
    playing.tick()
    if failing:
        with pytest.raises(ZeroDivisionError):
            list(drawn)
    elif end == "close":
        drawn.close()
    else:
        del drawn
    failing = False
    playing.steps.clear()
    playing.tick()
    assert playing.steps == [0]
    assert playing.timer.callbacks == playing.callbacks


def test_an_animation_that_only_plays_on_the_figure_is_kept_out_too(expected: list[Any]) -> None:
    playing = Playing()
    scene = Scene(playing.figure, playing.step, FRAMES)
    drawn = []
    for frame in frames(scene):
        drawn.append(frame.pixels)
        playing.tick()
    assert_same_frames(drawn, expected)
    for _ in frames([playing.figure] * 3):
        playing.tick()
    assert playing.steps == list(range(FRAMES))


def test_other_callbacks_of_the_timer_and_other_figures_go_on() -> None:
    one = Playing()
    other = Playing(event_source=one.timer)
    ticks: list[int] = []
    one.timer.add_callback(ticks.append, 1)
    for _ in frames(one.animation):
        one.tick()
        for _ in frames(other.animation):
            one.tick()
    assert one.steps == list(range(FRAMES))
    assert len(ticks) == FRAMES + FRAMES**2
    assert other.steps[:2] == [0, 0]  # by the timer, and by its own render
    one.steps.clear()
    other.steps.clear()
    one.tick()
    one.tick()  # the first one started the other animation anew
    assert (one.steps, other.steps) == ([0, 1], [0])


def test_a_window_that_is_laid_out_anew_does_not_draw_the_first_frame(expected: list[Any]) -> None:
    playing = Playing(blit=True)
    event: Any = ResizeEvent("resize_event", playing.figure.canvas)
    listeners = playing.figure._canvas_callbacks.callbacks  # type: ignore[attr-defined]
    before = dict(listeners["resize_event"])
    playing.tick()
    playing.steps.clear()
    assert playing.animation._blit_cache
    drawn = []
    for frame in frames(playing.animation):
        drawn.append(frame.pixels)
        event._process()
    assert_same_frames(drawn, expected)
    assert listeners["resize_event"] == before
    assert not playing.animation._blit_cache  # it has the background in the former size
    event._process()
    render(playing.animation)
    assert not listeners.get("resize_event")  # the animation waits for a draw of the window
    playing.figure.canvas.draw()
    assert len(listeners["resize_event"]) == 1


def test_the_window_is_drawn_when_it_next_looks_for_changes() -> None:
    playing = Playing()
    playing.figure.canvas.draw()
    assert not playing.figure.stale
    with mpl.rc_context({"interactive": True}):
        render(playing.animation)
    assert playing.figure.stale


def test_a_window_that_is_closed_during_a_render_stops() -> None:
    playing = Playing()
    event: Any = CloseEvent("close_event", playing.figure.canvas)
    for frame in frames(playing.animation):
        if frame.index == 1:
            event._process()
        playing.tick()
    assert playing.animation.event_source is None
    assert playing.timer.callbacks == []
    playing.tick()
    assert playing.steps == list(range(FRAMES))


def test_a_step_that_is_under_way_in_the_window_ends_before_the_render_begins(expected: list[Any]) -> None:
    inside, leave = threading.Event(), threading.Event()

    def update(index: int) -> None:
        if not leave.is_set():
            inside.set()
            leave.wait()
            playing.steps.clear()

    playing = Playing(update)
    with ThreadPoolExecutor(2) as threads:
        window = threads.submit(playing.tick)
        inside.wait()
        with pytest.raises(SourceError, match=r"its window has been drawing the same frame for 0\.05 s"):
            render(playing.animation, limits=Limits(max_seconds=0.05))
        rendered = threads.submit(drawn_frames, playing.animation)
        leave.set()
        window.result()
        assert_same_frames(rendered.result(), expected)


def test_a_render_that_the_window_asks_for_in_its_step_is_done(expected: list[Any]) -> None:
    clips: list[Any] = []

    def update(index: int) -> None:
        if not clips and index == 1:
            clips.append(None)
            playing.steps.clear()
            clips.append(drawn_frames(playing.animation))

    playing = Playing(update)
    for _ in range(3):
        playing.tick()
    assert_same_frames(clips[1], expected)


def test_an_event_source_without_a_list_of_callbacks_is_left_alone() -> None:
    class Bell:
        """Rings the steps of an animation."""

        def add_callback(self, function: Callable[[], object]) -> None:
            self.ring = function

        def remove_callback(self, function: Callable[[], object]) -> None:
            pass

        def start(self) -> None:
            pass

    figure = Figure(figsize=(1, 1))
    animation = FuncAnimation(figure, lambda index: None, 3, event_source=Bell())
    with closing(frames(animation)) as drawn:
        next(drawn)
    assert render(animation).frame_count == 3
