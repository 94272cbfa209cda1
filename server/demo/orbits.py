"""Planets about a star."""

from typing import Annotated

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import NDArray
from pydantic import Field

from renderer import Scene
from server.demo.types import Count

COLORS = ["#f2a65a", "#7bdff2", "#eb6b6f", "#b8a1ff", "#8bd17c", "#ffd166", "#f7aef8", "#a0c4ff"]
PIECES = 72


def orbits(
    planets: Annotated[int, Field(ge=1, le=len(COLORS))] = 5,
    eccentricity: Annotated[float, Field(ge=0, le=0.6)] = 0.2,
    trail: Annotated[float, Field(ge=0.02, le=1)] = 0.35,
    frames: Count = 60,
) -> Scene:
    """Planets that circle a star, the outer ones slower, with trails."""
    size = np.linspace(0.32, 1, planets)[:, None]
    start = 2.4 * np.arange(planets)[:, None]
    # By Kepler's third law; in whole numbers, so that the last frame leads to the first.
    revolutions = np.round(size[-1] ** 1.5 / size**1.5)

    def places(mean_anomaly: NDArray[np.float64]) -> NDArray[np.float64]:
        anomaly = mean_anomaly
        for _ in range(40):  # Kepler's equation, by iteration
            anomaly = mean_anomaly + eccentricity * np.sin(anomaly)
        x, y = np.cos(anomaly) - eccentricity, np.sqrt(1 - eccentricity**2) * np.sin(anomaly)
        ellipses: NDArray[np.float64] = size[..., None] * np.stack([x, y], axis=-1)
        return ellipses

    figure = Figure(facecolor="#0b132b")
    axes = figure.add_axes(
        (0, 0, 1, 1), aspect="equal", xlim=(-1.1 - eccentricity, 1.1 - eccentricity), ylim=(-1.1, 1.1)
    )
    axes.set_axis_off()
    x, y = np.random.default_rng(1).uniform(-1, 1, (2, 150))
    axes.scatter(1.5 * x - eccentricity, 1.1 * y, s=1, color="0.7", linewidths=0)
    axes.plot(0, 0, "o", color="#ffe066", markersize=18)
    colors = COLORS[:planets]
    fading = [to_rgba(color, alpha) for color in colors for alpha in np.linspace(0, 0.9, PIECES)]
    trails = LineCollection([], colors=fading, linewidths=2, capstyle="butt")
    axes.add_collection(trails, autolim=False)
    dots = axes.scatter(np.zeros(planets), np.zeros(planets), c=colors, s=np.linspace(40, 120, planets), zorder=3)

    def update(index: int) -> None:
        now = revolutions * index / frames
        path = places(start + 2 * np.pi * (now + np.linspace(-trail, 0, PIECES + 1)))
        trails.set_segments(list(np.stack([path[:, :-1], path[:, 1:]], axis=2).reshape(-1, 2, 2)))
        dots.set_offsets(path[:, -1])

    return Scene(figure, update, frames, interval=50)
