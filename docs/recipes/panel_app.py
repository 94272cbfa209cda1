"""A Panel page with a matplotlib animation that is drawn anew when a control changes.

Run ``pip install panel figreel`` and ``panel serve panel_app.py``, and open http://localhost:5006/panel_app.
Bind the slider's ``value_throttled``. With ``value``, every step that the slider passes is drawn.
"""

import numpy as np
import panel as pn
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import render

pn.extension()


def waves(sources: int) -> pn.pane.HTML:
    figure = Figure(figsize=(4, 4))
    axes = figure.add_axes((0, 0, 1, 1), frame_on=False, xticks=[], yticks=[])
    x, y = np.meshgrid(np.linspace(-1, 1, 120), np.linspace(-1, 1, 120))
    turns = 2 * np.pi * np.arange(sources) / sources
    distances = [np.hypot(x - 0.6 * np.cos(turn), y - 0.6 * np.sin(turn)) for turn in turns]
    picture = axes.imshow(x, cmap="twilight", vmin=-sources, vmax=sources)

    def update(frame: int) -> None:
        picture.set_data(sum(np.sin(30 * distance - 2 * np.pi * frame / 12) for distance in distances))

    clip = render(FuncAnimation(figure, update, frames=12), "webp", fps=15, quality=80)
    return pn.pane.HTML(clip.html(alt=f"Waves from {sources} sources"))


sources = pn.widgets.IntSlider(name="Sources", start=1, end=6, value=2)
pn.Column("# Waves", sources, pn.bind(waves, sources.param.value_throttled)).servable(title="Waves")
