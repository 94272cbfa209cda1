"""Many other kinds of animation, to see that none is drawn slower than by drawing it plainly."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import LineCollection
from matplotlib.dates import DAILY, ConciseDateFormatter, RRuleLocator, rrulewrapper
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from benchmarks.workloads import Build, Update, Workload, agg_figure

__all__ = ["KINDS"]

KINDS: dict[str, Workload] = {}
"""Every kind by its name."""

X = np.linspace(0, 4 * np.pi, 200)
GRID_Y, GRID_X = np.mgrid[-3:3:40j, -3:3:40j]


def _kind(title: str) -> Callable[[Build], Build]:
    """Enter a function that gives a figure and its update, under its own name."""

    def enter(build: Build) -> Build:
        name = build.__name__.strip("_")
        KINDS[name] = Workload(name, title, build, frames=30)
        return build

    return enter


def _one_axes(**options: Any) -> tuple[Figure, Axes]:
    figure = agg_figure()
    return figure, figure.add_subplot(**options)


def _waves(index: int) -> Any:
    return np.sin(2 * GRID_X + index / 5) * np.cos(GRID_Y - index / 7)


@_kind("quiver: `set_UVC`")
def _quiver() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    some = np.s_[::2, ::2]
    arrows = axes.quiver(GRID_X[some], GRID_Y[some], GRID_X[some], GRID_Y[some])
    return figure, lambda index: arrows.set_UVC(_waves(index)[some], _waves(index + 9)[some])


@_kind("contour: cleared each frame")
def _contour() -> tuple[Figure, Update]:
    figure, axes = _one_axes()

    def update(index: int) -> None:
        axes.clear()
        axes.clabel(axes.contour(GRID_X, GRID_Y, _waves(index)))

    return figure, update


@_kind("contourf: removed and made anew")
def _contourf() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    filled = axes.contourf(GRID_X, GRID_Y, _waves(0))

    def update(index: int) -> None:
        nonlocal filled
        filled.remove()
        filled = axes.contourf(GRID_X, GRID_Y, _waves(index))

    return figure, update


@_kind("histogram: cleared each frame")
def _histogram() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    sample = np.random.default_rng(0).normal(size=5000)

    def update(index: int) -> None:
        axes.clear()
        axes.hist(sample[: 100 * (index + 1)], bins=30)

    return figure, update


@_kind("vertical bars: `set_height`")
def _bar_heights() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    bars = axes.bar(range(20), np.ones(20))

    def update(index: int) -> None:
        for number, bar in enumerate(bars):
            bar.set_height(0.5 + 0.5 * np.sin(number / 3 + index / 5))

    return figure, update


@_kind("polar line: `set_ydata`")
def _polar() -> tuple[Figure, Update]:
    figure, axes = _one_axes(projection="polar")
    (line,) = axes.plot(X, 1 + np.sin(X))
    return figure, lambda index: line.set_ydata(1 + np.sin(X + index / 10))


@_kind("polar mesh below a grid: `set_array`")
def _polar_mesh() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.add_subplot(projection="polar")
    mesh = axes.pcolormesh(*np.meshgrid(np.linspace(0, 6.2, 40), np.linspace(0, 1, 20)), _waves(0)[:20, :40])
    axes.grid(True)
    figure.colorbar(mesh)
    return figure, lambda index: mesh.set_array(_waves(index)[:20, :40])


@_kind("world map: points on Mollweide")
def _mollweide() -> tuple[Figure, Update]:
    figure, axes = _one_axes(projection="mollweide")
    axes.grid()
    points = axes.scatter(np.linspace(-3, 3, 100), np.zeros(100), s=9)
    longitude = np.linspace(-3, 3, 100)

    def update(index: int) -> None:
        points.set_offsets(np.column_stack([longitude, np.sin(longitude + index / 10)]))

    return figure, update


@_kind("pie: cleared each frame")
def _pie() -> tuple[Figure, Update]:
    figure, axes = _one_axes()

    def update(index: int) -> None:
        axes.clear()
        axes.pie([1 + index / 10, 2, 3, 2], labels=["north", "east", "south", "west"], autopct="%.1f%%")

    return figure, update


@_kind("table: cells count")
def _table() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    axes.set_axis_off()
    table = axes.table([["0"] * 5 for _ in range(8)], colLabels=list("abcde"), loc="center")

    def update(index: int) -> None:
        for row in range(1, 9):
            table[row, row % 5].get_text().set_text(str(row * index))

    return figure, update


@_kind("LineCollection: `set_segments`")
def _segments() -> tuple[Figure, Update]:
    figure, axes = _one_axes(xlim=(0, X[-1]), ylim=(-2, 32))
    lines = LineCollection([], array=np.arange(30))
    axes.add_collection(lines)

    def update(index: int) -> None:
        lines.set_segments([np.column_stack([X, row + np.sin(X + row / 5 + index / 10)]) for row in range(30)])

    return figure, update


@_kind("pcolormesh: `set_array`, colour bar")
def _mesh() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    mesh = axes.pcolormesh(GRID_X, GRID_Y, _waves(0))
    figure.colorbar(mesh)
    return figure, lambda index: mesh.set_array(_waves(index))


@_kind("fill_between: removed and made anew")
def _band() -> tuple[Figure, Update]:
    figure, axes = _one_axes(xlim=(0, X[-1]), ylim=(-2, 2))
    band = axes.fill_between(X, X, X)

    def update(index: int) -> None:
        nonlocal band
        band.remove()
        band = axes.fill_between(X, np.sin(X + index / 10) - 0.5, np.sin(X + index / 10) + 0.5, alpha=0.5)

    return figure, update


@_kind("annotation: an arrow follows a point")
def _annotation() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    axes.plot(X, np.sin(X))
    note = axes.annotate("here", (0, 0), (6, 0.5), arrowprops={"arrowstyle": "->"})

    def update(index: int) -> None:
        note.xy = X[5 * index], np.sin(X[5 * index])
        note.set_text(f"here: {X[5 * index]:.1f}")

    return figure, update


@_kind("inset axes: two lines")
def _inset() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    inset = axes.inset_axes((0.6, 0.6, 0.35, 0.35), xlim=(4, 6), ylim=(-1, 1))
    axes.indicate_inset_zoom(inset)
    lines = axes.plot(X, np.sin(X)) + inset.plot(X, np.sin(X))

    def update(index: int) -> None:
        for line in lines:
            line.set_ydata(np.sin(X + index / 10))

    return figure, update


@_kind("text alone: a clock")
def _clock() -> tuple[Figure, Update]:
    figure = agg_figure()
    text = figure.text(0.5, 0.5, "", size=40, ha="center")
    return figure, lambda index: text.set_text(f"12:34:{index:02}")


@_kind("formula: mathtext changes")
def _formula() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    text = axes.text(0.5, 0.5, "", size=20, ha="center")
    return figure, lambda index: text.set_text(rf"$\sum_{{k=0}}^{{{index}}} \frac{{x^k}}{{k!}}$")


@_kind("4x4 subplots: every line changes")
def _many_subplots() -> tuple[Figure, Update]:
    figure = agg_figure(10, 8)
    lines = [axes.plot(X, np.sin(X))[0] for axes in figure.subplots(4, 4).flat]

    def update(index: int) -> None:
        for number, line in enumerate(lines):
            line.set_ydata(np.sin(X + number + index / 10))

    return figure, update


@_kind("large picture: 1600x1200 `figimage`")
def _large_picture() -> tuple[Figure, Update]:
    figure = agg_figure(16, 12)
    y, x = np.mgrid[0:1:1200j, 0:1:1600j]
    image = figure.figimage(x + y)
    return figure, lambda index: image.set_data((x + y + index / 10) % 2)


@_kind("large image: 1000x1000 in 1200x900, `set_data`")
def _large_image() -> tuple[Figure, Update]:
    figure = agg_figure(12, 9)
    axes = figure.add_subplot()
    y, x = np.mgrid[0:1:1000j, 0:1:1000j]
    image = axes.imshow(x + y, vmin=0, vmax=2)
    return figure, lambda index: image.set_data((x + y + index / 10) % 2)


@_kind("logarithmic axes: the line grows")
def _logarithmic() -> tuple[Figure, Update]:
    figure, axes = _one_axes(xscale="log", yscale="log")
    (line,) = axes.plot([], [])

    def update(index: int) -> None:
        x = np.arange(1, 100 * (index + 1))
        line.set_data(x, x**1.5)
        axes.relim()
        axes.autoscale_view()

    return figure, update


@_kind("twin axes: both lines change")
def _twin() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    (left,) = axes.plot(X, np.sin(X))
    (right,) = axes.twinx().plot(X, 100 * np.cos(X), "C1")

    def update(index: int) -> None:
        left.set_ydata(np.sin(X + index / 10))
        right.set_ydata(100 * np.cos(X + index / 10))

    return figure, update


@_kind("scrolling dates: `set_xlim`")
def _dates() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    days = np.datetime64("2026-01-01") + np.arange(200)
    axes.plot(days, np.sin(np.arange(200) / 5))
    locator = RRuleLocator(rrulewrapper(DAILY, interval=10))
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return figure, lambda index: axes.set_xlim(days[index], days[index + 60])


@_kind("legend at the best place, labels change")
def _legend() -> tuple[Figure, Update]:
    figure, axes = _one_axes(ylim=(-2, 2))
    (line,) = axes.plot(X, np.sin(X))

    def update(index: int) -> None:
        line.set_ydata(np.sin(X + index / 10))
        line.set_label(f"phase {index / 10:.1f}")
        axes.legend(loc="best")

    return figure, update


@_kind("error bars: cleared each frame")
def _error_bars() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    x = np.arange(20)

    def update(index: int) -> None:
        axes.clear()
        axes.errorbar(x, np.sin(x / 3 + index / 10), yerr=0.2, fmt="o", capsize=3)

    return figure, update


@_kind("stack plot: cleared each frame")
def _stack() -> tuple[Figure, Update]:
    figure, axes = _one_axes()

    def update(index: int) -> None:
        axes.clear()
        axes.stackplot(X, *(1.2 + np.sin(X * rate + index / 10) for rate in (0.5, 1, 2)), labels=["a", "b", "c"])
        axes.legend(loc="upper right")

    return figure, update


@_kind("path effects: an outlined line moves")
def _outlined() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    outline = [patheffects.withStroke(linewidth=6, foreground="black")]
    (line,) = axes.plot(X, np.sin(X), "gold", lw=3, path_effects=outline)
    return figure, lambda index: line.set_ydata(np.sin(X + index / 10))


@_kind("constrained layout: 2x2, tick labels grow")
def _constrained() -> tuple[Figure, Update]:
    figure = agg_figure(layout="constrained")
    lines = [axes.plot(X, np.sin(X))[0] for axes in figure.subplots(2, 2).flat]

    def update(index: int) -> None:
        for line in lines:
            line.set_ydata(2**index * np.sin(X))
            line.axes.relim()
            line.axes.autoscale_view()

    return figure, update


@_kind("constrained layout: `set_ydata`")
def _constrained_line() -> tuple[Figure, Update]:
    figure = agg_figure(layout="constrained")
    axes = figure.add_subplot(title="A line", xlabel="x", ylabel="y", ylim=(-1.1, 1.1))
    (line,) = axes.plot(X, np.sin(X))
    return figure, lambda index: line.set_ydata(np.sin(X + index / 5))


@_kind("3-D points: new positions")
def _points_3d() -> tuple[Figure, Update]:
    figure, axes = _one_axes(projection="3d")
    points: Any = axes.scatter(X, np.sin(X), np.cos(X))

    def update(index: int) -> None:
        points._offsets3d = X, np.sin(X + index / 10), np.cos(X + index / 10)  # the only way there is

    return figure, update


class _Star(Artist):
    """An artist with a draw method of its own."""

    turn = 0.0

    def draw(self, renderer: RendererBase) -> None:
        place = Affine2D().rotate(self.turn).scale(100).translate(320, 240)
        gc = renderer.new_gc()
        renderer.draw_path(gc, Path.unit_regular_star(5), place, (1, 0.8, 0))
        gc.restore()


@_kind("an artist of the user's own")
def _own_artist() -> tuple[Figure, Update]:
    figure, axes = _one_axes()
    star = _Star()
    axes.add_artist(star)

    def update(index: int) -> None:
        star.turn = index / 10

    return figure, update
