"""A curve that a point draws."""

from typing import Annotated

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import NDArray
from pydantic import Field

from renderer import Scene
from server.catalog.types import Color
from server.demo.types import Count

PIECES = 80


def lissajous(
    across: Annotated[int, Field(ge=1, le=9)] = 3,
    up: Annotated[int, Field(ge=1, le=9)] = 4,
    phase: Annotated[float, Field(ge=0, le=180)] = 90.0,
    trail: Annotated[float, Field(ge=0.01, le=1)] = 0.3,
    frames: Count = 60,
    color: Color = "#c2255c",
) -> Scene:
    """Lissajous curve, drawn by a point with a trail that fades."""

    def curve(turn: NDArray[np.float64]) -> NDArray[np.float64]:
        x = np.sin(2 * np.pi * across * turn + np.radians(phase))
        return np.column_stack([x, np.sin(2 * np.pi * up * turn)])

    figure = Figure()
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96), xlim=(-1.1, 1.1), ylim=(-1.1, 1.1))
    axes.set_axis_off()
    axes.plot(*curve(np.linspace(0, 1, 600)).T, color="0.9", linewidth=1.5)
    # A line has one color, a collection of short lines one for each: here the same color, ever less transparent.
    fading = [to_rgba(color, alpha) for alpha in np.linspace(0, 1, PIECES)]
    tail = LineCollection([], colors=fading, linewidths=3, capstyle="butt")
    axes.add_collection(tail, autolim=False)
    (point,) = axes.plot([], [], "o", color=color, markersize=11)

    def update(index: int) -> None:
        now = index / frames
        places = curve(np.linspace(now - trail, now, PIECES + 1))
        tail.set_segments(list(np.stack([places[:-1], places[1:]], axis=1)))
        point.set_data(places[-1:, 0], places[-1:, 1])

    return Scene(figure, update, frames, interval=50)
