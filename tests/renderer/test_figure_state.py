"""The figure comes back as it was, whatever happens."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from renderer import SourceError, frames, render, stream
from tests.support import some_of


@pytest.fixture(params=[FigureCanvasAgg, FigureCanvasSVG, None], ids=["agg", "svg", "pyplot"])
def figure(request: pytest.FixtureRequest) -> Iterator[Figure]:
    if request.param is None:
        with mpl.rc_context({"backend": "agg"}):
            fig = plt.figure(figsize=(2, 1.5), dpi=70)
            yield fig
            plt.close(fig)
        return
    fig = Figure(figsize=(2, 1.5), dpi=70)
    request.param(fig)
    yield fig


def state_of(fig: Figure) -> dict[str, Any]:
    artists = fig.findobj()
    return {
        "canvas": fig.canvas,
        "manager": fig.canvas.manager,
        "saving": fig.canvas.is_saving(),
        "dpi": fig.dpi,
        "size": tuple(fig.get_size_inches()),
        "bbox": tuple(fig.bbox.bounds),
        "face": fig.get_facecolor(),
        "layout": fig.get_layout_engine(),
        "callbacks": {name: list(ids) for name, ids in fig._canvas_callbacks.callbacks.items()},  # type: ignore[attr-defined]
        "visible": [artist.get_visible() for artist in artists],
        "animated": [artist.get_animated() for artist in artists],
        "axes faces": [ax.get_facecolor() for ax in fig.axes],
        "rcParams": dict(mpl.rcParams),
    }


LOOK: dict[str, Any] = {"dpi": 31, "facecolor": "red", "transparent": True, "bbox_inches": "tight"}


def check(fig: Figure, animation: Animation, run: Callable[[Animation], object]) -> None:
    fig.canvas.mpl_connect("button_press_event", print)
    before = state_of(fig)
    run(animation)
    gc.collect()
    assert state_of(fig) == before


def func_animation(fig: Figure, update: Callable[[int], object] | None = None, *, blit: bool = True) -> FuncAnimation:
    (artist,) = fig.subplots().plot([0, 1])

    def step(i: int) -> list[Any]:
        artist.set_ydata([i, 1])
        if update is not None:
            update(i)
        return [artist]

    return FuncAnimation(fig, step, frames=4, blit=blit)


def artist_animation(fig: Figure) -> ArtistAnimation:
    ax = fig.subplots()
    return ArtistAnimation(fig, [ax.plot([i, 1]) for i in range(4)], blit=True)


@some_of("look, make", [{}, LOOK], [func_animation, artist_animation], one_in=3)
def test_success(figure: Figure, make: Callable[[Figure], Animation], look: dict[str, Any]) -> None:
    check(figure, make(figure), lambda animation: render(animation, **look))


@pytest.mark.parametrize("make", [func_animation, artist_animation])
def test_abandoned_generators(figure: Figure, make: Callable[[Figure], Animation]) -> None:
    def abandon(animation: Animation) -> None:
        drawn = frames(animation, **LOOK)
        next(drawn)
        chunks = stream(animation, **LOOK)
        del drawn
        next(chunks)

    check(figure, make(figure), abandon)


def test_closed_generator_gives_the_figure_back_at_once(figure: Figure) -> None:
    canvas = figure.canvas
    drawn = frames(func_animation(figure))
    next(drawn)
    assert figure.canvas is not canvas
    drawn.close()
    assert figure.canvas is canvas


def test_a_generator_that_is_never_started_touches_nothing(figure: Figure) -> None:
    animation = func_animation(figure)
    check(figure, animation, lambda animation: (frames(animation), stream(animation)))
    animation._draw_was_started = True  # type: ignore[attr-defined]  # spares the warning that it never was


@some_of("kind, at", [ZeroDivisionError, KeyboardInterrupt, SystemExit], [0, 2], one_in=5)
def test_what_the_update_raises_is_raised_as_itself(figure: Figure, kind: type[BaseException], at: int) -> None:
    error = kind("as itself")

    def update(i: int) -> None:
        if i == at:
            raise error

    def run(animation: Animation) -> None:
        with pytest.raises(kind) as caught:
            render(animation, **LOOK)
        assert caught.value is error
        if isinstance(error, Exception):
            assert caught.value.__notes__ == [f"figreel: in frame {at}"]

    check(figure, func_animation(figure, update, blit=False), run)


def test_what_a_draw_raises_is_raised_as_itself(figure: Figure) -> None:
    animation = func_animation(figure)
    text = figure.text(0.5, 0.5, "")

    def run(source: Animation) -> None:
        with pytest.raises(ValueError, match=r"ParseException|Expected") as caught:
            render(source)
        assert caught.value.__notes__ == ["figreel: in frame 0"]

    text.set_text(r"$\frac{$")
    canvas = figure.canvas
    run(animation)
    assert figure.canvas is canvas


def test_figures_of_an_iterable_come_back_too() -> None:
    figures = [Figure(figsize=(1, 1)) for _ in range(3)]
    canvases = [fig.canvas for fig in figures]
    render(figures)
    assert [fig.canvas for fig in figures] == canvases


def test_a_frame_of_another_size_is_an_error() -> None:
    figures = [Figure(figsize=(1, 1)), Figure(figsize=(1, 1)), Figure(figsize=(1, 2))]
    with pytest.raises(SourceError, match=r"frame 2 is 100 x 200 pixels, the first one is 100 x 100"):
        render(figures)


def test_the_animation_can_still_be_saved_and_is_not_started(figure: Figure) -> None:
    animation = func_animation(figure, blit=False)
    render(animation)
    assert animation._first_draw_id in figure._canvas_callbacks.callbacks["draw_event"]  # type: ignore[attr-defined]


def test_a_users_generator_stays_open() -> None:
    def figures() -> Iterator[Figure]:
        while True:
            yield Figure(figsize=(1, 1))

    source = figures()
    drawn = frames(source)
    next(drawn)
    drawn.close()
    assert isinstance(next(source), Figure)
