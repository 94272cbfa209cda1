"""Which of its attributes an artist reads when it is drawn, and which of them the engine follows.

For example ``python -m tests.reads "patches.Wedge((0.5, 0.5), 0.3, 0, 90)"``. The expression may use the modules of
matplotlib by their names, and ``np``. The artist is put on axes and drawn twice; the second draw is traced.
"""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.canvas import FrameCanvas
from renderer.drawing.retained.nodes import node_for
from renderer.drawing.state.known import DRAW_METHODS, IGNORED
from renderer.drawing.state.watch import Watch

MODULES = ("collections", "image", "lines", "offsetbox", "patches", "path", "quiver", "table", "text", "transforms")


def attributes_read(item: Any, action: Callable[[], object]) -> set[str]:
    """Return the names of the instance attributes that are read of an object while an action runs."""
    kind, present, names = type(item), set(vars(item)), set[str]()

    class Traced(kind):  # type: ignore[misc,valid-type]
        def __getattribute__(self, name: str) -> Any:
            names.add(name)
            return super().__getattribute__(name)

    item.__class__ = Traced
    try:
        action()
    finally:
        item.__class__ = kind
    return names & present


def figure_of(artist: Artist) -> Figure:
    """Return the figure of an artist, which is put on axes of a new one if it has none."""
    figure = artist.get_figure(root=True)
    if figure is None:
        figure = Figure()
        figure.add_subplot().add_artist(artist)
    return figure


def read_by_draw(artist: Artist) -> set[str]:
    """Return the names of the attributes that the draw of an artist reads."""
    figure = figure_of(artist)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    return attributes_read(artist, lambda: artist.draw(renderer))


def unknown_to_the_engine(artist: Artist) -> object:
    """Return the first thing met in an artist or in its axes that has the engine draw it anew; None if all is known."""
    figure = figure_of(artist)
    renderer = FrameCanvas(figure).get_renderer()
    figure.draw(renderer)
    outer = node_for(artist.axes or artist, ValueDrawing())
    outer.draw(renderer)
    outer.observe(Watch([figure]))
    node = next((leaf for leaf in outer.leaves() if leaf.artist is artist), outer)
    return node.watch and node.watch.blind


def report(artist: Artist) -> str:
    """Describe what the draw of an artist reads."""
    kind, read = type(artist), sorted(read_by_draw(artist))
    known = kind in DRAW_METHODS
    lines = [f"{name:32}{_status(kind, name) if known else ''}".rstrip() for name in read]
    lines.append(f"\nnot read: {', '.join(sorted(vars(artist).keys() - set(read)))}")
    if not known:
        lines.append(f"{kind.__qualname__} is not in known.py: it is drawn anew in every frame.")
    elif (unknown := unknown_to_the_engine(artist)) is not None:
        lines.append(f"It is drawn anew in every frame because of {unknown!r:.80} ({type(unknown).__qualname__}).")
    return "\n".join(lines)


def _status(kind: type, name: str) -> str:
    return "ignored" if name in IGNORED[kind] else "followed"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m tests.reads "patches.Wedge((0.5, 0.5), 0.3, 0, 90)"')
    names: dict[str, Any] = {name: importlib.import_module(f"matplotlib.{name}") for name in MODULES}
    sys.stdout.write(report(eval(sys.argv[1], {"np": np, **names})) + "\n")
