"""Renders in several threads at once do not disturb each other, nor the process."""

from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import numpy as np
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.figure import Figure

from tests.support import assert_same_frames, drawn_frames


def spiral(turns: int) -> Animation:
    fig = Figure(figsize=(2, 2), layout="constrained")
    ax = fig.subplots()
    angle = np.linspace(0, turns * 6, 100)
    (line,) = ax.plot([], [])

    def update(i: int) -> None:
        line.set_data(angle * np.cos(angle + i), angle * np.sin(angle + i))
        ax.set_title(rf"$\alpha_{i}$ of {turns}")
        ax.relim()
        ax.autoscale_view()

    return FuncAnimation(fig, update, frames=3)


def test_threads() -> None:
    settings = dict(mpl.rcParams)
    expected = [drawn_frames(spiral(turns), dpi=60) for turns in range(1, 7)]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda turns: drawn_frames(spiral(turns), dpi=60), range(1, 7)))
    for ours, theirs in zip(drawn, expected, strict=True):
        assert_same_frames(ours, theirs)
    assert dict(mpl.rcParams) == settings
