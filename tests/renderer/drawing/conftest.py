"""Small figures that change in the run, and the comparison of their frames with those of Animation.save."""

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.support import assert_as_saved

Update = Callable[[int], Any]

FRAMES = 6


def figure_of(make: Callable[[Figure], Update]) -> Animation:
    figure = Figure(figsize=(3.2, 2.4), dpi=60)
    FigureCanvasAgg(figure)
    return FuncAnimation(figure, make(figure), frames=FRAMES, init_func=list)


@pytest.fixture(params=[None, pytest.param(90, marks=pytest.mark.thorough)], ids=["own dpi", "other dpi"])
def check(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compare the frames of a figure with those of Animation.save, and see that frames differ from one another."""

    def compare(make: Callable[[Figure], Update], *, varies: bool = True) -> None:
        save = {} if request.param is None else {"dpi": request.param}

        def animation() -> Animation:
            return figure_of(make)

        first, *others = assert_as_saved(animation, save, verify="never", **save)
        assert varies == any((frame != first).any() for frame in others)

    return compare
