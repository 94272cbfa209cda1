"""Frames of figures in real windows against those of Animation.save; run by test_windows.py, on a display of its own.

``python -m tests.integration.window_frames BACKEND`` prints, as JSON, the class of the canvas, and for each case if
the frames are the same, and if the figure is in its window again.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.animation import FuncAnimation

from tests.support import drawn_frames, saved_frames

mpl.use(sys.argv[1])

import matplotlib.pyplot as plt

Fill = Callable[[Any], Callable[[int], Any]]


def lines(figure: Any) -> Callable[[int], Any]:
    axes = figure.add_subplot(title="title", ylabel="turned")
    (line,) = axes.plot([0, 1], "o-", label="line")
    axes.legend()
    return lambda frame: line.set_ydata([frame, 1])


def listener(figure: Any) -> Callable[[int], Any]:
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1])
    text = axes.text(0.5, 0.5, "0")
    figure.canvas.mpl_connect("draw_event", lambda event: text.set_text(f"{int(text.get_text()) + 1}"))
    return lambda frame: line.set_ydata([0, frame])


def clears(figure: Any) -> Callable[[int], Any]:
    axes = figure.add_subplot()
    return lambda frame: (axes.clear(), axes.bar(range(3), [frame, 1, 2]))


def in_a_window(fill: Fill) -> FuncAnimation:
    figure = plt.figure(figsize=(2.533, 2.017), dpi=60)
    return FuncAnimation(figure, fill(figure), frames=4, init_func=list)


cases = {}
for fill in (lines, listener, clears):
    for dpi in (None, 83):
        for verify in ("never", "always"):
            expected = saved_frames(in_a_window(fill), dpi=dpi)
            animation: Any = in_a_window(fill)
            window = animation._fig.canvas
            drawn = drawn_frames(animation, dpi=dpi, verify=verify)
            same = np.array_equal(drawn, expected)
            cases[f"{fill.__name__} {dpi} {verify}"] = [same, animation._fig.canvas is window]
            plt.close("all")
print(json.dumps({"canvas": type(window).__name__, "cases": cases}))  # noqa: T201
