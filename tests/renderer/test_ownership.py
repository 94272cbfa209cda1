"""One figure, one render at a time: whoever comes second waits, and no picture is wrong."""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any
from weakref import ref

import numpy as np
import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from renderer import Limits, Scene, SourceError, astream, frames, render, stream
from renderer.sources import ownership

FRAMES = 6

forks = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
SOON = Limits(max_seconds=0.05)
"""Makes a render wait no longer than that; it is not started then."""


class Walk:
    """An animation whose frames depend on the steps before them; frame 0 starts anew."""

    def __init__(self, update: Callable[[int], object] = lambda index: None) -> None:
        self.figure = Figure(figsize=(2, 1.5), dpi=60)
        FigureCanvasAgg(self.figure)
        self.canvas = self.figure.canvas
        axes = self.figure.subplots()
        axes.set(xlim=(0, FRAMES), ylim=(0, 2**FRAMES))
        (self.line,) = axes.plot([], [])
        self.path: list[int] = []
        self.update = update
        self.animation = FuncAnimation(self.figure, self.step, FRAMES)

    def step(self, index: int) -> None:
        self.path = [*self.path, sum(self.path) + 1] if index else [1]
        self.line.set_data(range(len(self.path)), self.path)
        self.update(index)

    def has_its_canvas(self) -> bool:
        return self.figure.canvas is self.canvas and not self.canvas.is_saving()


@pytest.fixture(scope="module")
def good() -> bytes:
    return render(Walk().animation).data


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Is released when a thread waits for a figure for the first time."""
    begun, threads = threading.Semaphore(0), set[int]()
    wait = threading.Condition.wait

    def announce(condition: threading.Condition, timeout: float | None = None) -> bool:
        if condition is ownership._changed and threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            begun.release()
        return wait(condition, timeout)

    monkeypatch.setattr(threading.Condition, "wait", announce)
    return begun


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_renders_in_many_threads_are_all_right(good: bytes, pool: ThreadPoolExecutor) -> None:
    walk = Walk()
    assert {clip.data == good for clip in pool.map(render, [walk.animation] * 16)} == {True}
    assert walk.has_its_canvas()


def test_different_animations_of_one_figure_wait_for_each_other(good: bytes, pool: ThreadPoolExecutor) -> None:
    walk = Walk()
    sources: list[Animation | Scene] = [
        walk.animation,
        FuncAnimation(walk.figure, walk.step, FRAMES),
        Scene(walk.figure, walk.step, FRAMES),
    ]
    assert {clip.data == good for clip in pool.map(render, sources * 4)} == {True}
    assert walk.has_its_canvas()


def test_the_second_render_starts_when_the_first_is_closed(
    good: bytes, pool: ThreadPoolExecutor, waiting: threading.Semaphore
) -> None:
    walk = Walk()
    first = frames(walk.animation)
    next(first)
    second = pool.submit(render, walk.animation)
    waiting.acquire()
    assert not second.done()
    first.close()
    assert second.result().data == good
    assert walk.has_its_canvas()


def test_renders_come_in_the_order_in_which_they_asked(pool: ThreadPoolExecutor, waiting: threading.Semaphore) -> None:
    order: list[object] = []
    walk = Walk()
    first = frames(walk.animation)
    next(first)
    queue: list[Future[Any]] = []
    for number in range(4):
        scene = Scene(walk.figure, walk.step, 2, init=lambda number=number: order.append(number))  # type: ignore[misc]
        queue.append(pool.submit(render, scene))
        waiting.acquire()
    first.close()
    for later in queue:
        later.result()
    assert order == [0, 1, 2, 3]


@pytest.mark.parametrize("make", [frames, stream])
def test_a_render_that_nobody_reads_on_is_named_with_what_to_do(make: Callable[..., Any]) -> None:
    walk = Walk()
    first = make(walk.animation)
    next(first)
    message = (
        r"not free within 0.05 s: .* halfway, .* thread 'MainThread' .* close\(\) it, or make an animation for each"
    )
    with pytest.raises(SourceError, match=message):
        render(walk.animation, limits=SOON)
    first.close()
    assert walk.has_its_canvas()


def test_a_render_that_draws_is_named_with_its_thread(pool: ThreadPoolExecutor) -> None:
    inside, leave = threading.Event(), threading.Event()

    def update(index: int) -> None:
        inside.set()
        leave.wait()

    walk = Walk(update)
    first = pool.submit(render, walk.animation)
    inside.wait()
    with pytest.raises(SourceError, match=r"another render of it is drawing in thread 'ThreadPoolExecutor.*'; make an"):
        render(walk.animation, limits=SOON)
    leave.set()
    first.result()
    assert walk.has_its_canvas()


def test_a_render_waits_half_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ownership.PATIENCE == 30
    monkeypatch.setattr(ownership, "PATIENCE", 0.05)
    walk = Walk()
    first = frames(walk.animation)
    next(first)
    for limits in (Limits(), Limits(max_seconds=1000)):
        with pytest.raises(SourceError, match=r"within 0\.05 s"):
            render(walk.animation, limits=limits)
    first.close()


def test_waiting_is_not_drawing(pool: ThreadPoolExecutor, waiting: threading.Semaphore) -> None:
    walk = Walk()
    first = frames(walk.animation)
    next(first)
    clock = [0.0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("renderer.job.time.perf_counter", lambda: clock[0])
        second = pool.submit(render, walk.animation, limits=Limits(max_seconds=20))
        waiting.acquire()
        clock[0] = 25.0
        first.close()
        assert second.result().frame_count == FRAMES


@pytest.mark.parametrize("kind", ["update", "init", "progress", "durations"])
def test_a_render_in_a_step_of_the_same_figure_is_refused_at_once(kind: str) -> None:
    def nested(*_: object) -> Any:
        return render(walk.animation)

    walk = Walk(nested if kind == "update" else lambda index: None)
    source: Any = Scene(walk.figure, walk.step, 3, init=nested) if kind == "init" else walk.animation
    options: dict[str, Any] = {kind: nested} if kind in {"progress", "durations"} else {}
    with pytest.raises(SourceError, match=r"in the middle of a render that calls this one.*make an animation for each"):
        render(source, **options)
    assert walk.has_its_canvas()


def test_a_render_in_a_step_of_another_figure_is_done(good: bytes) -> None:
    clips = []
    inner = Walk()
    outer = Walk(lambda index: clips.append(render(inner.animation).data))
    assert render(outer.animation).data == good
    assert set(clips) == {good}
    assert inner.has_its_canvas()
    assert outer.has_its_canvas()


def test_a_ring_of_renders_is_refused() -> None:
    outer = Walk(lambda index: render(inner.animation))
    inner = Walk(lambda index: render(outer.animation))
    with pytest.raises(SourceError, match="in the middle of a render that calls this one"):
        render(outer.animation)
    assert inner.has_its_canvas()
    assert outer.has_its_canvas()


def abandoned(walk: Walk) -> object:
    generator = frames(walk.animation)
    next(generator)
    return generator


def test_an_abandoned_generator_releases_when_it_is_collected(good: bytes) -> None:
    walk = Walk()
    abandoned(walk)
    assert walk.has_its_canvas()
    assert render(walk.animation).data == good


def test_a_generator_in_a_cycle_of_garbage_is_collected_by_who_waits(good: bytes) -> None:
    walk = Walk()
    cycle: list[object] = [abandoned(walk)]
    cycle.append(cycle)
    del cycle
    assert not walk.has_its_canvas()
    assert render(walk.animation, limits=Limits(max_seconds=20)).data == good
    assert walk.has_its_canvas()


def test_a_generator_that_becomes_garbage_while_others_wait(
    good: bytes, pool: ThreadPoolExecutor, waiting: threading.Semaphore
) -> None:
    def abandon() -> None:
        cycle: list[object] = [abandoned(walk)]
        cycle.append(cycle)

    walk = Walk()
    first = frames(walk.animation)
    next(first)
    second = pool.submit(abandon)
    waiting.acquire()
    third = pool.submit(render, walk.animation, limits=Limits(max_seconds=20))
    waiting.acquire()
    first.close()
    second.result()
    assert third.result().data == good
    assert walk.has_its_canvas()


def test_a_generator_collected_in_another_thread_releases(pool: ThreadPoolExecutor, good: bytes) -> None:
    walk = Walk()
    holder = [abandoned(walk)]
    pool.submit(holder.clear).result()
    assert walk.has_its_canvas()
    assert render(walk.animation).data == good


def test_a_collection_inside_the_lock_releases(good: bytes) -> None:
    walk, other = Walk(), Walk()
    holder = [abandoned(walk)]
    with ownership._changed:  # as when the collector runs there
        holder.clear()
    assert render(walk.animation).data == good
    assert render(other.animation).data == good


def test_owning_a_figure_does_not_keep_it() -> None:
    walk = Walk()
    figure = ref(walk.figure)
    generator = abandoned(walk)
    walk.animation.generator = generator  # type: ignore[attr-defined]  # a cycle through all that a render holds
    del walk, generator
    gc.collect()
    assert figure() is None


@pytest.mark.parametrize("kind", [ZeroDivisionError, KeyboardInterrupt, GeneratorExit, SystemExit])
def test_what_an_update_raises_releases(kind: type[BaseException], good: bytes) -> None:
    errors = iter([kind()])

    def update(index: int) -> None:
        if index == 2:
            for error in errors:
                raise error

    walk = Walk(update)
    with pytest.raises(kind):
        render(walk.animation)
    assert walk.has_its_canvas()
    assert render(walk.animation).data == good


def test_an_interrupt_while_waiting_leaves_the_line(monkeypatch: pytest.MonkeyPatch, good: bytes) -> None:
    def interrupt(condition: object, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    walk = Walk()
    with closing(frames(walk.animation)) as first:
        next(first)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Condition, "wait", interrupt)
            with pytest.raises(KeyboardInterrupt):
                render(walk.animation)
    assert render(walk.animation).data == good


def test_ownership_moves_with_the_generator_from_thread_to_thread(good: bytes) -> None:
    walk = Walk()
    pieces = stream(walk.animation)
    threads, parts = [], []
    while True:
        with ThreadPoolExecutor(1) as thread:
            piece = thread.submit(next, pieces, None).result()
            threads.append(thread)
        if piece is None:
            break
        parts.append(piece)
    assert len(threads) > FRAMES
    assert b"".join(parts) == good
    assert walk.has_its_canvas()


def test_iterables_of_shared_figures_in_opposite_order(pool: ThreadPoolExecutor) -> None:
    figures = [Figure(figsize=(1, 1), facecolor=color) for color in ("red", "green", "blue")]
    canvases = [figure.canvas for figure in figures]
    forth, back = render(figures).data, render(figures[::-1]).data
    jobs = [figures, figures[::-1]] * 8
    assert [clip.data for clip in pool.map(render, jobs)] == [forth, back] * 8
    assert [figure.canvas for figure in figures] == canvases


def test_an_iterable_of_figures_owns_the_last_one_only() -> None:
    figures = [Figure(figsize=(1, 1)) for _ in range(3)]
    with closing(frames(figures)) as first:
        next(first)
        next(first)
        assert len(list(frames([figures[0], figures[2]]))) == 2
        with pytest.raises(SourceError, match="halfway"):
            render([figures[1]], limits=SOON)


def test_one_figure_that_a_generator_changes_is_owned_between_its_pictures(good: bytes) -> None:
    walk = Walk()

    def figures() -> Iterator[Figure]:
        for index in range(FRAMES):
            walk.step(index)
            yield walk.figure

    with closing(frames(figures())) as first:
        next(first)
        with pytest.raises(SourceError, match="halfway"):
            render(walk.animation, limits=SOON)
    assert render(figures()).data == good
    assert walk.has_its_canvas()


async def read(source: Animation, **options: Any) -> bytes:
    return b"".join([piece async for piece in astream(source, **options)])


async def test_async_streams_work_one_after_the_other(good: bytes) -> None:
    walk = Walk()
    assert set(await asyncio.gather(*(read(walk.animation) for _ in range(4)))) == {good}
    assert walk.has_its_canvas()


async def test_waiting_leaves_the_event_loop_free(good: bytes) -> None:
    walk = Walk()
    first = astream(walk.animation)
    parts = [await anext(first)]
    second = asyncio.create_task(read(walk.animation))
    parts += [piece async for piece in first]  # the second one waits all the while
    assert b"".join(parts) == good
    assert await second == good


async def test_a_client_that_leaves_in_the_middle_releases(good: bytes) -> None:
    walk = Walk()
    first = astream(walk.animation)
    await anext(first)
    second = asyncio.create_task(read(walk.animation))
    await first.aclose()
    assert await second == good
    assert walk.has_its_canvas()


async def test_an_abandoned_async_stream_releases_when_it_is_collected(good: bytes) -> None:
    walk = Walk()
    await anext(astream(walk.animation))
    assert await read(walk.animation) == good
    assert walk.has_its_canvas()


async def test_a_client_that_leaves_while_it_waits_leaves_the_line(good: bytes, waiting: threading.Semaphore) -> None:
    walk = Walk()
    first = astream(walk.animation)
    parts = [await anext(first)]
    second = asyncio.create_task(read(walk.animation))
    await asyncio.to_thread(waiting.acquire)
    second.cancel()
    with suppress(asyncio.CancelledError):
        await second  # at once: the first one has the figure still
    assert second.cancelled()
    parts += [piece async for piece in first]
    assert b"".join(parts) == good
    assert await read(walk.animation) == good


async def test_a_task_canceled_in_the_middle_of_a_step_releases(good: bytes) -> None:
    inside, leave = threading.Event(), threading.Event()
    leaving = iter([leave.wait])

    def update(index: int) -> None:
        inside.set()
        for wait in leaving:
            wait()

    walk = Walk(update)
    first = asyncio.create_task(read(walk.animation))
    await asyncio.to_thread(inside.wait)
    first.cancel()
    second = asyncio.create_task(read(walk.animation))
    leave.set()
    assert await second == good
    with suppress(asyncio.CancelledError):
        await first
    assert first.cancelled()
    assert walk.has_its_canvas()


@forks
def test_a_forked_child_owns_nothing(good: bytes) -> None:
    walk = Walk()
    first = frames(walk.animation)
    next(first)
    context = multiprocessing.get_context("fork")
    answers: Any = context.SimpleQueue()

    def child() -> None:
        came = walk.has_its_canvas()
        data = render(walk.animation, limits=Limits(max_seconds=20)).data
        first.close()
        answers.put((came, data == good, walk.has_its_canvas()))

    process = context.Process(target=child)
    process.start()
    process.join()
    assert process.exitcode == 0
    assert answers.get() == (True, True, True)
    assert not walk.has_its_canvas()
    first.close()
    assert walk.has_its_canvas()


@forks
def test_a_child_forked_while_another_thread_waits(good: bytes, waiting: threading.Semaphore) -> None:
    walk = Walk()
    first = frames(walk.animation)
    next(first)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(render, walk.animation)
        waiting.acquire()
        child = os.fork()
        if child == 0:
            os._exit(0 if render(walk.animation, limits=Limits(max_seconds=20)).data == good else 1)
        assert os.waitpid(child, 0)[1] == 0
        first.close()
        assert second.result().data == good


@forks
@pytest.mark.parametrize("same", [True, False])
def test_a_child_forked_while_another_thread_draws(good: bytes, same: bool) -> None:
    inside, leave = threading.Event(), threading.Event()

    class Halting(Text):
        def draw(self, renderer: Any) -> None:
            if os.getpid() == parent:
                inside.set()
                leave.wait()

    parent = os.getpid()
    walk = Walk()
    walk.figure.add_artist(Halting())
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(render, walk.animation)
        inside.wait()
        child = os.fork()
        if child == 0:
            signal.alarm(120)  # a guard against hangs
            os._exit(0 if render((walk if same else Walk()).animation).data == good else 1)
        assert os.waitpid(child, 0)[1] == 0
        leave.set()
        assert first.result().data == good


@pytest.mark.parametrize("order", ["first", "second"])
def test_the_canvas_comes_back_in_whatever_order_renders_end(order: str, good: bytes) -> None:
    walk = Walk()
    first, second = frames(walk.animation), frames(walk.animation, limits=SOON)
    next(first)
    with pytest.raises(SourceError):
        next(second)
    for generator in (first, second) if order == "first" else (second, first):
        generator.close()
    assert walk.has_its_canvas()
    assert render(walk.animation).data == good


def test_a_figure_is_free_once_the_frames_are_read(good: bytes) -> None:
    walk = Walk()
    kept = frames(walk.animation)
    assert [frame.pixels.shape for frame in kept] == [(90, 120, 4)] * FRAMES
    assert walk.has_its_canvas()
    assert render(walk.animation, limits=Limits(max_seconds=20)).data == good


def test_pictures_have_no_owner(pool: ThreadPoolExecutor) -> None:
    pictures = [np.full((8, 8), shade, np.uint8) for shade in (0, 90, 200)]
    assert len({clip.data for clip in pool.map(render, [pictures] * 8)}) == 1
