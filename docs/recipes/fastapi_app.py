"""A FastAPI app that answers with an animation, whole or while it is being drawn.

Run ``pip install figreel fastapi uvicorn`` and ``uvicorn fastapi_app:app``, and open
http://127.0.0.1:8000/wave.gif?nodes=4 or the same with ``stream.gif``. The view that calls ``render`` is a plain
``def``, which FastAPI runs in a thread; in an ``async def``, the server could do nothing else while it draws. Give
``StreamingResponse`` the generator of ``astream``: it is closed when the client leaves, and the drawing ends.
"""

from typing import Annotated

import numpy as np
from fastapi import FastAPI, Query, Response
from fastapi.responses import StreamingResponse
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import Limits, astream, render

app = FastAPI()
LIMITS = Limits(max_seconds=60)  # clients say how many periods they want

Nodes = Annotated[int, Query(ge=1, le=20)]
Periods = Annotated[int, Query(ge=1)]


def make_wave(nodes: int, periods: int) -> FuncAnimation:
    """Draw a string that swings, 20 frames a period."""
    figure = Figure(figsize=(4, 2), facecolor="midnightblue")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 1), ylim=(-1.2, 1.2))
    axes.set_axis_off()
    x = np.linspace(0, 1, 300)
    shape = np.sin(np.pi * (nodes + 1) * x)
    axes.fill_between(x, -shape, shape, color="white", alpha=0.15)
    (string,) = axes.plot([], [], color="gold", linewidth=3)

    def update(frame: int) -> None:
        string.set_data(x, shape * np.cos(2 * np.pi * frame / 20))

    return FuncAnimation(figure, update, frames=20 * periods, interval=50)


@app.get("/wave.gif", response_class=Response)
def whole(nodes: Nodes = 3, periods: Periods = 1) -> Response:
    """Answer when the file is finished: with its length, and with an error if there was one."""
    clip = render(make_wave(nodes, periods), limits=LIMITS)
    return Response(clip.data, media_type=clip.media_type)


@app.get("/stream.gif", response_class=StreamingResponse)
async def streamed(nodes: Nodes = 3, periods: Periods = 1) -> StreamingResponse:
    """Answer with each frame as soon as it is drawn."""
    return StreamingResponse(astream(make_wave(nodes, periods), limits=LIMITS), media_type="image/gif")
