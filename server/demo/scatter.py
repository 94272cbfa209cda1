"""Many points that move."""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.demo.types import Colormap, Count, Seed


def scatter(
    points: Annotated[int, Field(ge=1, le=5000)] = 400,
    turns: Annotated[float, Field(ge=-5, le=5)] = 1.0,
    seed: Seed = 7,
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
