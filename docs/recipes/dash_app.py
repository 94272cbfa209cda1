"""A Dash page with a matplotlib animation that is drawn anew when a control changes.

Run ``pip install dash figreel`` and ``python dash_app.py``, and open http://localhost:8050.
The clip goes into ``html.Img`` as a ``data:`` URI. An MP4 goes into ``html.Video`` in the same way.
"""

import numpy as np
from dash import Dash, Input, Output, callback, dcc, html
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import render

app = Dash(title="Fourier series")
app.layout = html.Main(
    [
        html.H1("A square wave from sines"),
        dcc.RadioItems([1, 2, 3, 5, 10], 3, id="terms", inline=True),
        html.Img(id="picture", alt="A square wave that moves, and the sum of sines that comes near it"),
    ]
)


@callback(Output("picture", "src"), Input("terms", "value"))
def square_wave(terms: int) -> str:
    figure = Figure(figsize=(6, 3))
    axes = figure.add_subplot(xlim=(0, 4 * np.pi), ylim=(-1.5, 1.5), title=f"{terms} terms" if terms > 1 else "1 term")
    x = np.linspace(0, 4 * np.pi, 400)
    (square,) = axes.plot(x, x, color="lightgray")
    (series,) = axes.plot(x, x, color="tab:blue", linewidth=2)

    def update(frame: int) -> None:
        moved = x - 2 * np.pi * frame / 20
        square.set_ydata(np.sign(np.sin(moved)))
        series.set_ydata(sum(4 / np.pi * np.sin(k * moved) / k for k in range(1, 2 * terms, 2)))

    return render(FuncAnimation(figure, update, frames=20), "gif", fps=15).data_uri()


if __name__ == "__main__":
    app.run()
