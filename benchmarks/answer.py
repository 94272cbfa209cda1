"""The answer's way to serve the question's animation: a Flask application that saves into a temporary file."""

import os
import tempfile

import matplotlib as mpl
from flask import Flask, Response, request
from matplotlib.animation import FuncAnimation, PillowWriter

mpl.use("agg")

import matplotlib.pyplot as plt

app = Flask(__name__)


@app.get("/bars.gif")
def bars() -> Response:
    """Return the question's animation with the values of the query."""
    values = [float(value) for value in request.args.getlist("values")]
    figure, axes = plt.subplots()
    axes.get_yaxis().set_visible(False)
    axes.spines[["top", "bottom", "left", "right"]].set_visible(False)

    def label(year: int, value: float, at: tuple[float, float], offset: float, color: str) -> None:
        text = rf"$\bf{year}$ ({value:g})"
        axes.annotate(text, at, (0, offset), textcoords="offset points", size=8, color=color, ha="center", va="bottom")

    def update(index: int) -> None:
        axes.clear()
        axes.set_ylim(16, 24)
        axes.barh(20, 60, 4)
        axes.plot(60, 18, marker=6, markersize=18, clip_on=False)
        label(2013, 60, (60, 18), -25, "black")
        value = values[index]
        axes.barh(20, value, 4, color="c")
        axes.plot(value, 22, color="c", marker=7, markersize=18, clip_on=False)
        label(2014 + index, value, (value, 22), 15, "c")

    animation = FuncAnimation(figure, update, frames=len(values))
    with tempfile.NamedTemporaryFile(suffix=".gif", delete=False) as file:
        path = file.name
    try:
        animation.save(path, writer=PillowWriter(fps=1))
        with open(path, "rb") as saved:  # noqa: PTH123 - as in the answer
            return Response(saved.read(), mimetype="image/gif")
    finally:
        os.remove(path)  # noqa: PTH107
        plt.close(figure)
