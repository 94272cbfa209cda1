"""A Flask app that answers with an animation of the query's values, drawn in memory, without a temporary file.

Run ``pip install figreel flask gunicorn`` and ``gunicorn --threads 8 flask_app:app``, and open
http://127.0.0.1:8000/bars.gif?values=20&values=35&values=9 or the same with ``stream.gif``. Without ``--threads``,
gunicorn answers one client at a time, and a slow one keeps all others waiting. The figure is a
``matplotlib.figure.Figure``: pyplot keeps every figure that it makes, and is not safe in threads.
"""

from flask import Flask, Response, request
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import Limits, render, stream

app = Flask(__name__)
LIMITS = Limits(max_seconds=60)  # clients say how many years they want


def make_bars(values: list[int], years: int) -> FuncAnimation:
    """Draw a bar for each year; the values repeat if there are more years."""
    figure = Figure(figsize=(5, 2.5))
    axes = figure.subplots()
    axes.set(xlim=(0, 70), ylim=(-1, 1.2))
    axes.set_axis_off()
    axes.barh(0, 60, 1, color="lightgray")
    axes.text(60, -0.8, "2013 (60)", ha="center")
    (bar,) = axes.barh(0, 0, 1, color="c")
    (tip,) = axes.plot([], [], "cv", markersize=12)
    label = axes.text(0, 0.9, "", color="c", ha="center", weight="bold")

    def update(frame: int) -> None:
        value = values[frame % len(values)]
        bar.set_width(value)
        tip.set_data([value], [0.65])
        label.set(x=value, text=f"{2014 + frame} ({value})")

    return FuncAnimation(figure, update, frames=years, interval=1000)


def bars_of_query() -> FuncAnimation:
    """Make the animation that the query asks for; values that are no numbers are left out."""
    values = request.args.getlist("values", type=int) or [20, 15, 14, 13, 12, 11, 10]
    return make_bars(values, years=max(1, request.args.get("years", len(values), type=int)))


@app.get("/bars.gif")
def whole() -> Response:
    """Answer when the file is finished: with its length, and with an error if there was one."""
    clip = render(bars_of_query(), limits=LIMITS)
    return Response(clip.data, mimetype=clip.media_type)


@app.get("/stream.gif")
def streamed() -> Response:
    """Answer with each frame as soon as it is drawn."""
    return Response(stream(bars_of_query(), limits=LIMITS), mimetype="image/gif")
