"""Animations that play in a real window while they are rendered; run by test_windows.py, on a display of its own.

``python window.py BACKEND HOW``, where HOW is "here" (the program renders, and keeps its window alive between two
frames), "new" (the same, with a window that was not there before, and with blit) or "thread" (the program keeps its
window alive, and another thread renders). Prints, as JSON, which frames are right, how many updates there were for
them, and how many the window made afterwards.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl

backend, how = sys.argv[1:]
mpl.use(backend)

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.animation import FuncAnimation  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from renderer import frames  # noqa: E402

FRAMES = 12


class Growing:
    """A line through the updates so far."""

    def __init__(self, figure):
        self.figure = figure
        axes = figure.add_subplot()
        axes.set(xlim=(0, FRAMES), ylim=(0, FRAMES))
        (self.line,) = axes.plot([], [])
        self.updates: list[int] = []
        self.animation = FuncAnimation(
            self.figure, self.update, FRAMES, init_func=self.start, interval=5, blit=how == "new"
        )

    def start(self):
        self.updates.clear()
        return [self.line]

    def update(self, index):
        self.updates.append(index)
        self.line.set_data(range(len(self.updates)), self.updates)
        return [self.line]

    def show_until(self, done):
        """Keep the window alive until something has happened."""
        plt.show(block=False)
        while not done():
            plt.pause(0.01)


# not in a window: what is left of one in Tk must not be collected in another thread
expected = [frame.pixels for frame in frames(Growing(Figure(figsize=(3, 2))).animation, verify="never")]

growing = Growing(plt.figure(figsize=(3, 2)))
growing.show_until(lambda: how == "new" or len(growing.updates) > 2)
if how != "thread":
    drawn = []
    for frame in frames(growing.animation, verify="never"):
        plt.pause(0.03)
        drawn.append(frame.pixels)
    updates = len(growing.updates)
else:
    with ThreadPoolExecutor(1) as threads:
        rendered = threads.submit(lambda: [frame.pixels for frame in frames(growing.animation, verify="never")])
        growing.show_until(rendered.done)
        drawn, updates = rendered.result(), FRAMES
growing.updates.clear()
growing.show_until(lambda: len(growing.updates) > 2)
answer = {
    "right": [bool((ours == theirs).all()) for ours, theirs in zip(drawn, expected, strict=True)],
    "updates": updates,
    "after": len(growing.updates),
    "window": type(growing.figure.canvas).__module__,
}
plt.close("all")
print(json.dumps(answer))  # noqa: T201
