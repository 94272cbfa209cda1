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

from renderer.drawing.state.known import DRAW_METHODS, IGNORED

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


def read_by_draw(artist: Artist) -> set[str]:
    """Return the names of the attributes that the draw of an artist reads. An artist of no figure is put on axes."""
    figure = artist.get_figure(root=True)
    if figure is None:
        figure = Figure()
        figure.add_subplot().add_artist(artist)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    return attributes_read(artist, lambda: artist.draw(renderer))


def report(artist: Artist) -> str:
    """Describe what the draw of an artist reads."""
    kind, read = type(artist), sorted(read_by_draw(artist))
    known = kind in DRAW_METHODS
    lines = [f"{name:32}{_status(kind, name) if known else ''}".rstrip() for name in read]
    lines.append(f"\nnot read: {', '.join(sorted(vars(artist).keys() - set(read)))}")
    if not known:
        lines.append(f"{kind.__qualname__} is not in known.py: it is drawn anew in every frame.")
    return "\n".join(lines)


def _status(kind: type, name: str) -> str:
    return "ignored" if name in IGNORED[kind] else "followed"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m tests.reads "patches.Wedge((0.5, 0.5), 0.3, 0, 90)"')
    names: dict[str, Any] = {name: importlib.import_module(f"matplotlib.{name}") for name in MODULES}
    sys.stdout.write(report(eval(sys.argv[1], {"np": np, **names})) + "\n")
