"""Five animations, each a function of a few parameters."""

from typing import Annotated, Literal

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.catalog.entries import Catalog
from server.catalog.types import Color

__all__ = ["catalog"]

catalog = Catalog()

Amount = Annotated[float, Field(ge=-1e6, le=1e6)]
Count = Annotated[int, Field(ge=2, le=200)]
Colormap = Literal["viridis", "magma", "coolwarm", "twilight", "cividis"]
"""Maps to choose from: a name from outside must not reach matplotlib's registry of files."""


@catalog.animation
def bars(
    values: Annotated[list[Amount | None], Field(min_length=1, max_length=60)] = [20, 15, 14, 13, 12, 11, 10],  # noqa: B006
    first_year: Annotated[int, Field(ge=1, le=9999)] = 2014,
    reference: Amount = 60,
    color: Color = "c",
) -> FuncAnimation:
    """Bar that changes from year to year, over a reference bar.

    A year without a value leaves a gap. The reference is that of the year before the first.
    """
    figure = Figure()
    axes = figure.subplots()
    axes.get_yaxis().set_visible(False)
    axes.spines[["top", "bottom", "left", "right"]].set_visible(False)

    def label(year: int, value: float, at: tuple[float, float], offset: float, ink: str) -> None:
        text = rf"$\bf{year}$ ({value:g})"
        axes.annotate(text, at, (0, offset), textcoords="offset points", size=8, color=ink, ha="center", va="bottom")

    def update(index: int) -> None:
        axes.clear()
        axes.set_ylim(16, 24)
        axes.barh(20, reference, 4)
        axes.plot(reference, 18, marker=6, markersize=18, clip_on=False)
        label(first_year - 1, reference, (reference, 18), -25, "black")
        value = values[index]
        if value is not None:
            axes.barh(20, value, 4, color=color)
            axes.plot(value, 22, color=color, marker=7, markersize=18, clip_on=False)
            label(first_year + index, value, (value, 22), 15, color)

    return FuncAnimation(figure, update, frames=len(values), interval=1000)


@catalog.animation
def line(
    cycles: Annotated[float, Field(ge=0.1, le=20)] = 2.0,
    damping: Annotated[float, Field(ge=0, le=5)] = 0.8,
    frames: Count = 40,
    color: Color = "C0",
    title: Annotated[str, Field(max_length=60)] = "A damped wave",
) -> Scene:
    """Wave that runs along and fades."""
    x = np.linspace(0, 1, 500)
    figure = Figure()
    axes = figure.subplots()
    (curve,) = axes.plot(x, np.zeros_like(x), color=color, linewidth=2)
    axes.set(xlim=(0, 1), ylim=(-1.1, 1.1), title=title)
    axes.grid(alpha=0.3)

    def update(index: int) -> None:
        phase = index / frames
        curve.set_ydata(np.exp(-damping * x) * np.sin(2 * np.pi * (cycles * x - phase)))

    return Scene(figure=figure, update=update, frames=frames, interval=50)


@catalog.animation
def scatter(
    points: Annotated[int, Field(ge=1, le=5000)] = 400,
    turns: Annotated[float, Field(ge=-5, le=5)] = 1.0,
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 7,
    frames: Count = 40,
    colors: Colormap = "viridis",
) -> Scene:
    """Points that circle a center, the inner ones faster."""
    random = np.random.default_rng(seed)
    radius = np.sqrt(random.uniform(0.02, 1, points))
    angle = random.uniform(0, 2 * np.pi, points)
    figure = Figure()
    axes = figure.subplots()
    cloud = axes.scatter(np.zeros(points), np.zeros(points), c=radius, s=25 * radius, cmap=colors, alpha=0.8)
    axes.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal")
    figure.colorbar(cloud, label="distance from the center")

    def update(index: int) -> None:
        now = angle + 2 * np.pi * turns * index / frames * np.round(2 / radius) / 2
        cloud.set_offsets(np.column_stack([radius * np.cos(now), radius * np.sin(now)]))

    return Scene(figure=figure, update=update, frames=frames, interval=50)


@catalog.animation
def image(
    waves: Annotated[int, Field(ge=1, le=12)] = 4,
    size: Annotated[int, Field(ge=8, le=400)] = 160,
    frames: Count = 32,
    colors: Colormap = "twilight",
) -> Scene:
    """Waves that cross on a surface of water, seen from above."""
    x, y = np.meshgrid(np.linspace(-1, 1, size), np.linspace(-1, 1, size))
    directions = np.pi * np.arange(waves) / waves
    figure = Figure()
    axes = figure.subplots()
    picture = axes.imshow(np.zeros_like(x), extent=(-1, 1, -1, 1), vmin=-1, vmax=1, cmap=colors)
    figure.colorbar(picture, label="height")

    def update(index: int) -> None:
        phase = 2 * np.pi * index / frames
        heights = [np.cos(12 * (x * np.cos(way) + y * np.sin(way)) - phase) for way in directions]
        picture.set_data(np.mean(heights, axis=0))

    return Scene(figure=figure, update=update, frames=frames, interval=50)


@catalog.animation
def surface(
    ripples: Annotated[float, Field(ge=0.5, le=6)] = 2.0,
    elevation: Annotated[float, Field(ge=-90, le=90)] = 32.0,
    frames: Count = 36,
    colors: Colormap = "coolwarm",
) -> Scene:
    """Rippled surface in three dimensions, seen from all sides."""
    x, y = np.meshgrid(np.linspace(-2, 2, 36), np.linspace(-2, 2, 36))
    z = np.cos(ripples * np.hypot(x, y)) * np.exp(-0.3 * (x**2 + y**2))
    figure = Figure()
    axes = figure.add_subplot(projection="3d")
    axes.plot_surface(x, y, z, cmap=colors, linewidth=0)
    axes.set_zlim(-1, 1)

    def update(index: int) -> None:
        axes.view_init(elev=elevation, azim=360 * index / frames - 60)

    return Scene(figure=figure, update=update, frames=frames, interval=60)
