"""An aiohttp app with a handler of its own that sends an animation while it is drawn, and with figreel's server beside.

Run ``pip install 'figreel[server]'`` and ``python aiohttp_app.py``, and open http://127.0.0.1:8080. The server at
/figreel/ draws in worker processes, checks the parameters, keeps answers and makes a page for each animation.
The workers run this file to find the animations, up to the line that starts a server; what must run once stands under
``if __name__ == "__main__":``. ``handler_cancellation=True`` ends a drawing as soon as its client leaves.
"""

import sys
from typing import Annotated

import numpy as np
from aiohttp import web
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Limits, astream_to
from server import Catalog, create_app

catalog = Catalog()


@catalog.animation
def pendulum(swings: Annotated[int, Field(ge=1)] = 1) -> FuncAnimation:
    """Pendulum that swings, with 20 frames a swing."""
    figure = Figure(figsize=(3, 3), facecolor="linen")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-1, 1), ylim=(-1.6, 0.4))
    axes.set_axis_off()
    axes.plot([-0.3, 0.3], [0, 0], color="black", linewidth=6)
    (rod,) = axes.plot([], [], color="teal", linewidth=3, marker="o", markersize=24, markevery=[1])

    def update(frame: int) -> None:
        angle = 0.6 * np.cos(2 * np.pi * frame / 20)
        rod.set_data([0, 1.3 * np.sin(angle)], [0, -1.3 * np.cos(angle)])

    return FuncAnimation(figure, update, frames=20 * swings, interval=60)


async def index(request: web.Request) -> web.Response:
    """Show the animation twice: from the handler below, and from figreel's server."""
    pictures = '<img src="pendulum/1.gif"> <img src="figreel/animations/pendulum.webp">'
    return web.Response(text=f"<!doctype html>{pictures} <a href='figreel/'>more</a>", content_type="text/html")


async def handler(request: web.Request) -> web.StreamResponse:
    """Answer with each frame as soon as it is drawn, in a thread; the event loop stays free."""
    animation = pendulum(int(request.match_info["swings"]))
    response = web.StreamResponse(headers={"Content-Type": "image/gif"})
    await response.prepare(request)
    await astream_to(animation, response, limits=Limits(max_seconds=60))
    return response


def make_app() -> web.Application:
    """Put the handler and figreel's server into one application."""
    app = web.Application()
    app.router.add_get("/", index)
    app.router.add_get(r"/pendulum/{swings:[1-9]\d*}.gif", handler)
    app.add_subapp("/figreel/", create_app(catalog))
    return app


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
    web.run_app(make_app(), host="127.0.0.1", port=port, handler_cancellation=True)
