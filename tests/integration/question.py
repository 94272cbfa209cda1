"""A script as users write them: horizontal bars with gaps, seven years, drawn anew for each frame."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import animation

fig, ax = plt.subplots()
ax.get_yaxis().set_visible(False)
ax.spines[["top", "bottom", "left", "right"]].set_visible(False)

heights = np.array([20] * 7)
values = np.array([20, 15, 14, 13, 12, 11, 10])
years = np.array(["2014", "2015", "2016", "2017", "2018", "2019", "2020"])


def label(year, value):
    return r"$\bf" + str(year) + "$" + f" ({value})"


def animate(i):
    ax.clear()
    ax.set_ylim(16, 24)
    ax.barh(20, 60, 4)
    ax.plot(60, 18, marker=6, markersize=18, clip_on=False)
    ax.annotate(
        label(2013, 60), (60, 18), xytext=(0, -25), size=8, textcoords="offset points", ha="center", va="bottom"
    )

    ax.barh(heights[i], values[i], 4, color="c")
    ax.plot(values[i], heights[i] + 2, color="c", marker=7, markersize=18, clip_on=False)
    ax.annotate(
        label(years[i], values[i]),
        (values[i], heights[i] + 2),
        xytext=(0, 15),
        size=8,
        color="c",
        textcoords="offset points",
        ha="center",
        va="bottom",
    )


ani = animation.FuncAnimation(fig, animate, repeat=False, frames=len(values), interval=100000)
