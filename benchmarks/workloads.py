"""The animations that are measured.

Each is a deterministic function that returns a figure and its update, independent of the contender that draws it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["WORKLOADS", "Build", "Setup", "Update", "Workload", "agg_figure"]

Update = Callable[[int], Any]
"""Change the figure for the frame of this number."""

Build = Callable[[], tuple[Figure, Update]]
"""Returns a new figure and its update. It is importable, for it runs in another process."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A fresh figure, ready to be animated.

    Attributes
    ----------
    figure : Figure
        On an Agg canvas.
    update : callable
        Brings the figure to a frame.
    frames : int
        How many frames the animation has.
    fps : int
        Frames a second, at a rate that every format can state exactly.
    dpi : float, optional
        Resolution of the frames, by default the figure's.
    """

    figure: Figure
    update: Update
    frames: int
    fps: int
    dpi: float | None = None

    def animation(self) -> FuncAnimation:
        """Make the animation of this figure."""
        return FuncAnimation(self.figure, self.update, frames=self.frames, interval=1000 / self.fps)


@dataclass(frozen=True, slots=True)
class Workload:
    """An animation that can be set up any number of times.

    Attributes
    ----------
    name : str
        To choose it by.
    title : str
        What it does, for the table.
    build : callable
        Returns a new figure and its update; importable.
    frames : int
        How many frames it has unless said otherwise.
    fps : int
        Frames a second.
    """

    name: str
    title: str
    build: Build
    frames: int = 60
    fps: int = 20

    def setup(self, frames: int | None = None, dpi: float | None = None) -> Setup:
        """Make a fresh figure; *frames* None takes the workload's own number, *dpi* None the figure's resolution."""
        figure, update = self.build()
        return Setup(figure, update, frames or self.frames, self.fps, dpi)

    def animation(self, frames: int | None = None) -> FuncAnimation:
        """Make a fresh animation; *frames* None takes the workload's own number."""
        return self.setup(frames).animation()


def agg_figure(width: float = 6.4, height: float = 4.8, **options: Any) -> Figure:
    """Make a figure of this many inches, at 100 dots an inch, on an Agg canvas as pyplot would give."""
    figure = Figure(figsize=(width, height), dpi=100, **options)
    FigureCanvasAgg(figure)
    return figure


def _line() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.subplots()
    x = np.linspace(0, 4 * np.pi, 500)
    (line,) = axes.plot(x, np.sin(x))
    axes.set(title="Travelling wave", xlabel="x", ylabel="amplitude", ylim=(-1.2, 1.2))
    axes.grid()
    return figure, lambda index: line.set_ydata(np.sin(x + index / 10))


def _dashboard() -> tuple[Figure, Update]:
    figure = agg_figure(8, 6)
    x = np.linspace(0, 4 * np.pi, 200)
    lines = []
    for number, axes in enumerate(figure.subplots(2, 2).flat, start=1):
        lines += axes.plot(x, np.sin(number * x))
        axes.set(title=f"Sensor {number}", ylim=(-1.2, 1.2))
    suptitle = figure.suptitle("")

    def update(index: int) -> None:
        for number, line in enumerate(lines, start=1):
            line.set_ydata(np.sin(number * x + index / 10))
        suptitle.set_text(f"Reading {index}")

    return figure, update


def _image() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.subplots()
    y, x = np.mgrid[-3:3:200j, -3:3:200j]

    radius = np.hypot(x, y)

    def field(index: int) -> Any:
        return np.sin(radius**2 - index / 5) * np.exp(-(radius**2) / 8)

    image = axes.imshow(field(0), vmin=-1, vmax=1)
    figure.colorbar(image)
    return figure, lambda index: image.set_data(field(index))


def _scatter() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.subplots()
    random = np.random.default_rng(0)
    start = random.uniform(-1, 1, (2000, 2))
    speed = random.normal(0, 0.01, (2000, 2))
    points = axes.scatter(start[:, 0], start[:, 1], c=random.uniform(size=2000))
    axes.set(xlim=(-1.2, 1.2), ylim=(-1.2, 1.2))
    figure.colorbar(points)
    return figure, lambda index: points.set_offsets(start + index * speed)


def _growing() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.subplots()
    values = np.random.default_rng(0).normal(size=1000).cumsum()
    (line,) = axes.plot([], [])

    def update(index: int) -> None:
        count = 5 * (index + 1)
        line.set_data(np.arange(count), values[:count])
        axes.relim()
        axes.autoscale_view()

    return figure, update


BARS = (20, 15, 14, 13, 12, 11, 10)
"""The values of the seven years 2014 to 2020."""


def _bars() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.subplots()
    axes.get_yaxis().set_visible(False)
    axes.spines[:].set_visible(False)

    def label(year: int, value: int, at: tuple[int, int], lift: int, color: str) -> None:
        axes.annotate(
            rf"$\bf{{{year}}}$ ({value})",
            at,
            xytext=(0, lift),
            size=8,
            color=color,
            textcoords="offset points",
            ha="center",
            va="bottom",
        )

    def update(index: int) -> None:
        more_years, position = divmod(index, len(BARS))
        value = BARS[position] + more_years
        axes.clear()
        axes.set_ylim(16, 24)
        axes.barh(20, 60, 4)
        axes.plot(60, 18, marker=6, markersize=18, clip_on=False)
        label(2013, 60, (60, 18), -25, "black")
        axes.barh(20, value, 4, color="c")
        axes.plot(value, 22, color="c", marker=7, markersize=18, clip_on=False)
        label(2014 + index, value, (value, 22), 15, "c")

    return figure, update


def _race() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.subplots()
    names = ["Ada", "Basic", "C", "Dart", "Erlang", "Fortran", "Go", "Haskell", "Io", "Java"]
    colors = [f"C{number}" for number in range(len(names))]
    random = np.random.default_rng(0)
    scores = random.uniform(20, 60, 10) + random.uniform(0, 2, (1000, 10)).cumsum(axis=0)

    def update(index: int) -> None:
        order = np.argsort(scores[index])
        axes.clear()
        axes.barh([names[number] for number in order], scores[index][order], color=[colors[number] for number in order])
        for place, score in enumerate(scores[index][order]):
            axes.text(score, place, f" {score:.1f}", va="center")
        axes.set_title(f"Week {index + 1}")
        axes.set_xlim(0, scores[index].max() * 1.15)

    return figure, update


def _surface() -> tuple[Figure, Update]:
    figure = agg_figure()
    axes = figure.add_subplot(projection="3d")
    x, y = np.mgrid[-5:5:40j, -5:5:40j]
    axes.plot_surface(x, y, np.sin(np.hypot(x, y)), cmap="viridis")
    return figure, lambda index: axes.view_init(elev=30, azim=3 * index)


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("line", "line: `set_ydata` on static axes, 500 points", _line),
        Workload("dashboard", "dashboard: 2x2 lines and a changing suptitle, 800x600", _dashboard),
        Workload("image", "image: `set_data` 200x200, color bar", _image),
        Workload("scatter", "scatter: 2,000 colored points moving, color bar", _scatter),
        Workload("growing", "growing line: `relim` and autoscale each frame", _growing),
        Workload("bars", "the question's bars: `ax.clear()` each frame, a year each", _bars),
        Workload("race", "bar chart race: `ax.clear()`, ten labelled bars", _race),
        Workload("surface", "3-D surface: `view_init` each frame", _surface),
    )
}
"""The eight that the results in the README are about."""
