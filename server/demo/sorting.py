"""Bars that an algorithm sorts."""

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.demo.types import Seed

Steps = Iterator[tuple[int, int]]
"""The two places of each step of a sort in place."""
FRAMES, PAUSE = 50, 8


def _bubble(values: list[int]) -> Steps:
    for end in range(len(values) - 1, 0, -1):
        for place in range(end):
            if values[place] > values[place + 1]:
                values[place], values[place + 1] = values[place + 1], values[place]
            yield place, place + 1


def _insertion(values: list[int]) -> Steps:
    for place in range(1, len(values)):
        while place > 0 and values[place - 1] > values[place]:
            values[place - 1], values[place] = values[place], values[place - 1]
            yield place - 1, place
            place -= 1


def _quick(values: list[int], low: int = 0, high: int | None = None) -> Steps:
    high = len(values) - 1 if high is None else high
    if low < high:
        border = low
        for place in range(low, high + 1):
            if place == high or values[place] < values[high]:
                values[place], values[border] = values[border], values[place]
                border += 1
            yield place, border - 1
        yield from _quick(values, low, border - 2)
        yield from _quick(values, border, high)


def sorting(
    algorithm: Literal["bubble", "insertion", "quick"] = "quick",
    count: Annotated[int, Field(ge=2, le=60)] = 24,
    seed: Seed = 5,
) -> Scene:
    """Bars that an algorithm sorts, with the two places where it is."""
    values = [int(value) for value in np.random.default_rng(seed).permutation(count) + 1]
    start = list(values)
    sort = {"bubble": _bubble, "insertion": _insertion, "quick": _quick}[algorithm]
    steps = [(list(values), places) for places in sort(values)]
    stride = -(-len(steps) // FRAMES) or 1
    shown = [(start, ()), *steps[::stride], *[(values, ())] * PAUSE]
    figure = Figure()
    axes = figure.add_axes((0.03, 0.05, 0.94, 0.83), xlim=(-0.6, count - 0.4), ylim=(0, 1.02 * count))
    axes.set_axis_off()
    axes.set_title(f"{algorithm} sort of {count} bars", size=16, color="0.25")
    bars = axes.bar(range(count), start, width=0.86)

    def update(state: tuple[list[int], tuple[int, ...]]) -> None:
        heights, places = state
        for place, (bar, height) in enumerate(zip(bars, heights, strict=True)):
            bar.set(height=height, color="#e4572e" if place in places else colormaps["viridis"](height / count * 0.9))

    return Scene(figure, update, shown, interval=80)
