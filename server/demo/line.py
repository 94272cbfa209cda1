"""A wave on static axes."""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.catalog.types import Color
from server.demo.types import Count


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
