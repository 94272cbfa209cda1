"""Kind: a figure with its animation. Decorators enter kinds under the names of their functions."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.container import Container
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from numpy.typing import NDArray

Array = NDArray[np.float64]
Update = Callable[[int], Any]
"""Change the figure for the frame of this number: 0, 1, 2, ..."""

MakeCanvas = Callable[[Figure], FigureCanvasBase]
Fill = Callable[[Figure], Update]
"""Fill an empty figure and return its update."""

X = np.linspace(0, 6, 60)
GRID_Y, GRID_X = np.mgrid[-3:3:40j, -3:3:40j]


@dataclass(frozen=True)
class Kind:
    """A figure and the way in which it is usually animated.

    Attributes
    ----------
    name : str
        Name of the function that fills it.
    title : str
        First line of that function's docstring, else its name in words.
    fill : callable
        Fills an empty figure and returns its update.
    tags : frozenset of str
        ``floor`` (in ``benchmarks.floor``), ``clip`` (paths), ``polar``, ``map``, ``3d``, ``layout`` (an engine).
    size : pair of float
        Inches, in the benchmark.
    """

    name: str
    title: str
    fill: Fill
    tags: frozenset[str]
    size: tuple[float, float]

    def animation(self, canvas: MakeCanvas = FigureCanvasBase, frames: int = 4) -> FuncAnimation:
        """Return the animation of a small new figure on a canvas."""
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        canvas(figure)
        return FuncAnimation(figure, self.fill(figure), frames=frames, init_func=list)


KINDS: dict[str, Kind] = {}
FILLS: dict[str, Callable[[Any], object]] = {}
"""Functions that fill axes, for kinds with a single subplot."""


def kind(*tags: str, size: tuple[float, float] = (6.4, 4.8)) -> Callable[[Fill], Fill]:
    """Enter a function that fills a figure."""

    def enter(fill: Fill) -> Fill:
        name = fill.__name__
        KINDS[name] = Kind(name, inspect.getdoc(fill) or name.replace("_", " "), fill, frozenset(tags), size)
        return fill

    return enter


def _enter(like: Callable[..., object], fill: Fill, tags: Iterable[str]) -> None:
    fill.__name__, fill.__doc__ = like.__name__, like.__doc__
    kind(*tags)(fill)


def kind_on_axes(*tags: str, **options: Any) -> Callable[[Callable[[Any], Update]], Callable[[Any], Update]]:
    """Enter a function that fills a single subplot, which is made with these options."""

    def enter(fill: Callable[[Any], Update]) -> Callable[[Any], Update]:
        FILLS[fill.__name__] = fill
        _enter(fill, lambda figure: fill(figure.add_subplot(**options)), tags)
        return fill

    return enter


def cleared_kind(*tags: str) -> Callable[[Callable[[Axes, int], object]], Callable[[Axes, int], object]]:
    """Enter a function that draws a frame into axes, which are cleared before it."""

    def enter(draw: Callable[[Axes, int], object]) -> Callable[[Axes, int], object]:
        def fill(figure: Figure) -> Update:
            axes = figure.add_subplot()

            def update(frame: int) -> None:
                axes.clear()
                draw(axes, frame)

            return update

        FILLS[draw.__name__] = lambda axes: draw(axes, 0)
        _enter(draw, fill, tags)
        return draw

    return enter


Remade = Callable[[Axes, int], Iterable[Artist | Container | ContourSet]]


def remade_kind(*tags: str, **options: Any) -> Callable[[Remade], Remade]:
    """Enter a function that returns the artists of a frame, which are removed before the next."""

    def enter(draw: Remade) -> Remade:
        def fill(figure: Figure) -> Update:
            axes = figure.add_subplot(**options)
            present = list(draw(axes, 0))

            def update(frame: int) -> None:
                while present:
                    present.pop().remove()
                present.extend(draw(axes, frame))

            return update

        FILLS[draw.__name__] = lambda axes: draw(axes, 0)
        _enter(draw, fill, tags)
        return draw

    return enter


def noise(frame: int, *shape: int) -> Array:
    """Return numbers between 0 and 1, which are the same for the same frame and shape."""
    return np.random.default_rng(frame).random(shape)


def waves(frame: int) -> Array:
    """Return a smooth field on the grid."""
    field: Array = np.sin(2 * GRID_X + frame / 5) * np.cos(GRID_Y - frame / 7)
    return field
