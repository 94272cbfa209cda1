"""A dial with a needle."""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Wedge
from pydantic import Field

from renderer import Scene
from server.demo.types import Count

ZONES = {"#2a9d8f": (0, 60), "#e9b44c": (60, 85), "#d1495b": (85, 100)}


def gauge(
    value: Annotated[float, Field(ge=0, le=100)] = 72.0,
    title: Annotated[str, Field(max_length=40)] = "Disk used",
    unit: Annotated[str, Field(max_length=6)] = "%",
    frames: Count = 45,
) -> Scene:
    """Dial with a needle that swings to its value."""
    figure = Figure()
    axes = figure.add_axes((0.05, 0.04, 0.9, 0.84), xlim=(-1.25, 1.25), ylim=(-0.42, 1.25), aspect="equal")
    axes.set_axis_off()
    axes.set_title(title, size=18, color="0.25")
    for color, (low, high) in ZONES.items():
        axes.add_patch(Wedge((0, 0), 1, 180 - 1.8 * high, 180 - 1.8 * low, width=0.22, color=color, ec="white", lw=2))
    for mark in range(0, 101, 20):
        angle = np.pi * (1 - mark / 100)
        axes.text(1.12 * np.cos(angle), 1.12 * np.sin(angle), str(mark), ha="center", va="center", color="0.4")
    (needle,) = axes.plot([], [], color="#22333b", linewidth=5, solid_capstyle="round")
    axes.add_patch(Circle((0, 0), 0.07, color="#22333b", zorder=3))
    number = axes.text(0, -0.3, "", size=30, weight="bold", ha="center", va="center", color="#22333b")

    def update(index: int) -> None:
        rest = 1 - index / (frames - 1)
        # The needle swings past the value and back, ever less; at the end the rest is zero, and it stands still.
        shown = np.clip(value * (1 - rest**4 * np.cos(3 * np.pi * (1 - rest))), 0, 100)
        angle = np.pi * (1 - shown / 100)
        needle.set_data([0, 0.9 * np.cos(angle)], [0, 0.9 * np.sin(angle)])
        number.set_text(f"{shown:.0f} {unit}")

    return Scene(figure, update, frames, interval=50)
