"""A Gradio page with a matplotlib animation that is drawn anew when a control changes.

Run ``pip install gradio figreel`` and ``python gradio_app.py``, and open http://localhost:7860.
Show the clip with ``gr.HTML``, a player as well. ``gr.Image`` takes no bytes, and by default it makes a still of a
Pillow image.
"""

import gradio as gr
import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import render


def rose(petals: int, color: str, file_format: str) -> str:
    figure = Figure(figsize=(4, 4))
    axes = figure.add_subplot(projection="polar", ylim=(0, 1))
    axes.set_xticklabels([])
    axes.set_yticklabels([])
    angle = np.linspace(0, 2 * np.pi, 400)
    (curve,) = axes.plot([], [], color=color, linewidth=2)

    def update(frame: int) -> None:
        curve.set_data(angle + 2 * np.pi * frame / 20 / petals, np.abs(np.cos(petals * angle / 2)))

    clip = render(FuncAnimation(figure, update, frames=20), file_format, fps=15)
    return clip.html(alt=f"A rose of {petals} petals that turns")


with gr.Blocks(title="Roses") as demo:
    petals = gr.Slider(2, 9, value=5, step=1, label="Petals")
    color = gr.Radio(["crimson", "teal", "goldenrod"], value="crimson", label="Color")
    file_format = gr.Radio(["webp", "html"], value="webp", label="Format")
    picture = gr.HTML()
    controls = [petals, color, file_format]
    changes = [control.change for control in controls]
    gr.on([demo.load, *changes], rose, controls, picture, trigger_mode="always_last")

if __name__ == "__main__":
    demo.launch()
