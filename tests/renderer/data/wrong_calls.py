"""Calls that a type checker has to refuse, each on a line that says so; the others are right."""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import Job, Scene, astream, frames, render, render_many, rendered, stream, stream_to

fig = Figure()
ani = FuncAnimation(fig, lambda i: [], frames=3)

render(ani, fpss=3)  # wrong
render(ani, fps="10")  # wrong
render(ani, "giff")  # wrong
render(ani, writer="pillow")  # wrong
render(ani, "x.gif")  # wrong
render(fig)  # wrong
render(plt)  # wrong
render(ani, loop="forever")  # wrong
stream(ani, lossless="yes")  # wrong
frames(ani, dpi="screen")  # wrong
render_many(ani, ["gif", "gfi"])  # wrong
stream_to("out.gif", sys.stdout.buffer)  # wrong
stream_to(ani, "out.gif")  # wrong
astream(ani, "gif", verify="often")  # wrong
Job(ani, "gif", colours=3)  # wrong
render(["a.png", "b.png"])  # wrong
rendered("gfi")  # wrong
print(next(frames(ani)).pixel)  # wrong

render(ani, "gif", fps=20, loop="animation", dpi="figure", durations=[0.1, 0.2, 0.3]).save("out.gif")
render(lambda: ani, "png", frame="last")
render([fig, fig], durations=lambda index: 0.1)
render(np.zeros((3, 4, 4)), "webp", lossless=True)
render(Scene(fig, print, 3, interval=40), progress=lambda done, total: None)
render_many(ani, ["gif", "mp4", "png"], transparent=False)["png"].save(sys.stdout.buffer)
stream(ani, "mp4").close()
frames(ani).close()


@rendered
def bars(color: str = "c") -> FuncAnimation:
    return ani


@rendered("webp", fps=20)
def lines(count: int) -> FuncAnimation:
    return ani


bars(color="red").data_uri()
lines(3).data_uri()
bars(colour="red")  # wrong
lines("three")  # wrong
