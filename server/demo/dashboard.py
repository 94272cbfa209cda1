"""Four panels that follow the same data."""

import numpy as np
from matplotlib.figure import Figure

from renderer import Scene
from server.catalog.types import Color
from server.demo.types import Count, Seed


def dashboard(hours: Count = 48, seed: Seed = 3, color: Color = "#1f6f8b") -> Scene:
    """Dashboard of a web service: a line, a histogram, a scatter plot and a number."""
    random = np.random.default_rng(seed)
    hour = np.arange(hours)
    load = 60 - 35 * np.cos(2 * np.pi * (hour - 3) / 24) + random.normal(0, 6, hours)
    delay = 40 + 0.008 * load**2 + random.gamma(3, 4, hours)
    edges = np.linspace(30, 170, 15)
    figure = Figure()
    (over_time, histogram), (relation, panel) = figure.subplots(
        2, 2, gridspec_kw={"left": 0.09, "right": 0.97, "bottom": 0.11, "top": 0.86, "hspace": 0.5, "wspace": 0.22}
    )
    title = figure.suptitle("", size=14, weight="bold", color="0.2")
    for axes in (over_time, histogram, relation):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8, color="0.6", labelcolor="0.35")
    over_time.set(xlim=(0, hours), ylim=(0, 130))
    over_time.set_title("requests a second", size=10)
    (line,) = over_time.plot([], [], color=color)
    histogram.set(xlim=(30, 170), ylim=(0, max(1, np.histogram(delay, edges)[0].max()) * 1.1))
    histogram.set_title("hours by delay, in ms", size=10)
    bars = histogram.bar(edges[:-1], np.zeros(14), width=9, align="edge", color="#e9a03b")
    relation.set(xlim=(0, 130), ylim=(30, 170))
    relation.set_title("delay by requests", size=10)
    dots = relation.scatter([], [], s=16, color="#c8553d", alpha=0.6, linewidths=0)
    panel.set_axis_off()
    number = panel.text(0.5, 0.5, "", size=38, weight="bold", color=color, ha="center", va="center")
    panel.set_title("delay now", size=10)

    def update(index: int) -> None:
        so_far = slice(index + 1)
        title.set_text(f"Day {index // 24 + 1}, {index % 24:02}:00")
        line.set_data(hour[so_far], load[so_far])
        for bar, height in zip(bars, np.histogram(delay[so_far], edges)[0], strict=True):
            bar.set_height(height)
        dots.set_offsets(np.column_stack([load[so_far], delay[so_far]]))
        number.set_text(f"{delay[index]:.0f} ms")

    return Scene(figure, update, hours, interval=120)
