"""What a draw reads: attributes of objects and tables of matplotlib, and which of these the engine follows.

For example ``python -m tests.reads "patches.Wedge((0.5, 0.5), 0.3, 0, 90)"``. The expression may use the modules of
matplotlib by their names, and ``np``. The artist is put on axes and drawn twice; the second draw is traced.
"""

import dis
import importlib
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, ModuleType, NoneType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.canvas import FrameCanvas
from renderer.drawing.retained.making import node_for
from renderer.drawing.state.known import ATTRIBUTES, DRAW_METHODS, IGNORED, KINDS, TICK_KINDS
from renderer.drawing.state.parts import AXES_STATE, TICK_STATE
from renderer.drawing.state.watch import Watch

MODULES = ("collections", "image", "lines", "offsetbox", "patches", "path", "quiver", "table", "text", "transforms")

Reads = set[tuple[type, str]]

# Attributes -------------------------------------------------------------------------------------------------------


@contextmanager
def attributes_read(items: Iterable[Any]) -> Iterator[Reads]:
    """Note which attributes objects have that are read inside the with block, before they are set there."""
    reads: Reads = set()
    kinds: dict[type, type] = {}
    former = [(item, type(item)) for item in items]
    for item, kind in former:
        if kind not in kinds:
            kinds[kind] = _tracing(kind, reads)
        item.__class__ = kinds[kind]
    try:
        yield reads
    finally:
        for item, kind in former:
            item.__class__ = kind


def _tracing(kind: Any, reads: Reads) -> type:
    written: set[tuple[int, str]] = set()

    class Traced(kind):  # type: ignore[misc]
        def __getattribute__(self, name: str) -> Any:
            if name in object.__getattribute__(self, "__dict__") and (id(self), name) not in written:
                reads.add((kind, name))
            return super().__getattribute__(name)

        def __setattr__(self, name: str, value: object) -> None:
            written.add((id(self), name))
            super().__setattr__(name, value)

    return Traced


def known_objects(figure: Figure) -> list[Any]:
    """Return the objects of known classes that a figure leads to."""
    seen: dict[int, Any] = {}
    queue: list[Any] = [figure]
    while queue:
        item = queue.pop()
        if id(item) in seen:
            continue
        if type(item) in KINDS or isinstance(item, Figure):
            parts = vars(item).values()
        elif isinstance(item, dict):
            parts = item.values()
        elif isinstance(item, list | tuple | set):
            parts = item
        else:
            continue
        seen[id(item)] = item
        queue += parts
    return [item for item in seen.values() if type(item) in KINDS]


def is_followed(kind: Any, name: str) -> bool:
    """Whether the engine follows an attribute of a known class."""
    if kind in ATTRIBUTES:
        return name in ATTRIBUTES[kind]
    if kind in TICK_KINDS:
        return name in TICK_STATE
    return name in AXES_STATE if issubclass(kind, Axes) else name not in IGNORED[kind]


# Tables -----------------------------------------------------------------------------------------------------------


@contextmanager
def functions_called() -> Iterator[dict[CodeType, dict[str, Any]]]:
    """Note which functions of matplotlib are called inside the with block: their code, and their globals."""
    called: dict[CodeType, dict[str, Any]] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and str(frame.f_globals.get("__name__")).startswith("matplotlib"):
            called.setdefault(frame.f_code, frame.f_globals)

    former = sys.getprofile()
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(former)


_CONSTANT = (
    np.generic,
    type,
    FunctionType,
    BuiltinFunctionType,
    ModuleType,
    NoneType,
    str,
    int,
    float,
    bytes,
    tuple,
    frozenset,
)
_STATELESS = (np.ufunc, type(np.round), partial, property, classmethod, staticmethod, re.Pattern, logging.Logger)


def _may_change(value: object) -> bool:
    return not isinstance(value, _CONSTANT + _STATELESS) and (hasattr(value, "__dict__") or not callable(value))


def tables_read(code: CodeType, variables: dict[str, Any]) -> Iterator[str]:
    """Yield the names of what a function reads that may change: globals, and attributes of known classes."""
    value: Any = None
    home = str(variables["__name__"])
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            value = variables.get(step.argval)
            name = f"{home}.{step.argval}"
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and isinstance(value, ModuleType):
            name, value = f"{value.__name__}.{step.argval}", getattr(value, step.argval, None)
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            value = None
            yield from _class_tables().get(step.argval, ())
        elif step.opname == "STORE_GLOBAL":
            yield f"{home}.{step.argval}"
        else:
            value = None
        if value is not None and _may_change(value):
            yield name
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from tables_read(constant, variables)


def _class_tables(known: dict[str, set[str]] = {}) -> dict[str, set[str]]:  # noqa: B006 -- filled once
    """Return the attributes of known classes that may change, by their names."""
    if not known:
        for base in {base for kind in KINDS for base in kind.__mro__ if base.__module__.startswith("matplotlib.")}:
            for name, value in vars(base).items():
                if _may_change(value) and not name.startswith("__"):
                    known.setdefault(name, set()).add(f"{base.__qualname__}.{name}")
    return known


# The script -------------------------------------------------------------------------------------------------------


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
    with attributes_read([artist]) as reads:
        artist.draw(renderer)
    return {name for _, name in reads}


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
    return "followed" if is_followed(kind, name) else "ignored"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m tests.reads "patches.Wedge((0.5, 0.5), 0.3, 0, 90)"')
    names: dict[str, Any] = {name: importlib.import_module(f"matplotlib.{name}") for name in MODULES}
    sys.stdout.write(report(eval(sys.argv[1], {"np": np, **names})) + "\n")
