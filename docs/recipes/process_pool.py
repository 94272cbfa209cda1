"""Many clips at a time, each rendered in a process of its own.

Run it with ``python process_pool.py`` after ``pip install figreel``; it writes ``waves-1.webp`` to ``waves-4.webp`` in
the current folder. An animation cannot be sent to another process. So hand over the function that makes it, which has
to stand at the top of a module; ``partial`` gives it its arguments. The last lines need ``if __name__ == "__main__":``,
because each process may import this file.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import render


def make_animation(count: int) -> FuncAnimation:
    x = np.linspace(0, 2 * np.pi, 300)
    figure = Figure(figsize=(4, 2))
    axes = figure.subplots()
    (line,) = axes.plot(x, np.sin(count * x), linewidth=3, color=f"C{count}")
    axes.set(ylim=(-1.2, 1.2), title=f"waves: {count}")

    def update(phase: float) -> None:
        line.set_ydata(np.sin(count * x) * np.cos(phase))

    return FuncAnimation(figure, update, frames=np.linspace(0, 2 * np.pi, 20, endpoint=False), interval=60)


if __name__ == "__main__":
    with ProcessPoolExecutor() as pool:
        futures = {count: pool.submit(render, partial(make_animation, count), "webp") for count in (1, 2, 3, 4)}
        for count, future in futures.items():
            future.result().save(f"waves-{count}.webp")
