"""An image that changes."""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.demo.types import Colormap, Count


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
    axes.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    figure.colorbar(picture, label="height")

    def update(index: int) -> None:
        phase = 2 * np.pi * index / frames
        heights = [np.cos(12 * (x * np.cos(way) + y * np.sin(way)) - phase) for way in directions]
        picture.set_data(np.mean(heights, axis=0))

    return Scene(figure=figure, update=update, frames=frames, interval=50)
