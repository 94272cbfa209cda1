"""A surface in three dimensions."""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.demo.types import Colormap, Count


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
