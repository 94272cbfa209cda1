"""
A wave that travels
===================

The value of the last line is a clip, and the page shows it.
"""

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import render

x = np.linspace(0, 4 * np.pi, 200)
figure = Figure(figsize=(5, 2.5))
axes = figure.subplots()
(line,) = axes.plot(x, np.sin(x), linewidth=3)
axes.set_ylim(-1.2, 1.2)


def move(phase):
    line.set_ydata(np.sin(x - phase))


phases = np.linspace(0, 2 * np.pi, 20, endpoint=False)
animation = FuncAnimation(figure, move, frames=phases, interval=80)
render(animation, "gif")
