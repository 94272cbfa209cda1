"""A Flask app whose requests share one animation, as such apps are written; run by test_gunicorn.py."""

from itertools import count

import numpy as np
from flask import Flask, Response
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import render, stream

figure = Figure(figsize=(3, 2))
axes = figure.subplots()
axes.set(xlim=(0, 60), ylim=(-1, 1))
(line,) = axes.plot([], [])
points: list[int] = []


def update(frame):
    """Make the line longer: a frame depends on those before."""
    if frame == 0:
        points.clear()
    points.extend(range(len(points), len(points) + 6))
    line.set_data(points, np.sin(np.divide(points, 9)))


def numbers():
    """Count without end."""
    yield from count()


ani = FuncAnimation(figure, update, 10)
endless = FuncAnimation(figure, update, numbers, cache_frame_data=False)
app = Flask(__name__)


@app.get("/whole.gif")
def whole():
    """Answer with the file."""
    return Response(render(ani).data, mimetype="image/gif")


@app.get("/pieces.gif")
def pieces():
    """Answer with the file as it is made."""
    return Response(stream(ani), mimetype="image/gif")


@app.get("/endless.gif")
def without_end():
    """Answer until the client leaves."""
    return Response(stream(endless), mimetype="image/gif")
