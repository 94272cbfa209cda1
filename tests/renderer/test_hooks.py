"""No hook is left on anything of a figure, under whatever name, when its frames have been drawn."""

import ast
import gc
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from renderer import frames
from renderer.mpl import hooks
from renderer.mpl.artists import axes_3d, axis, legends, rectangles
from renderer.mpl.hooks import Hook
from tests.figures.kinds import KINDS

KINDS_WITH_HOOKS = (
    "point_over_surface",
    *("twin_axes", "inset", "bar_race", "legend", "line_with_moving_legend", "polar_wedge", "world_map", "surface_3d"),
    *("constrained_layout", "constrained_panels", "tight_layout", "subfigures", "histogram", "scrolling_dates"),
)


CONSTANTS: dict[str, Any] = {**vars(axes_3d), **vars(axis), **vars(legends), **vars(rectangles)}
"""Names of methods that renderer.mpl gives a name."""


def reachable(figure: Any) -> Iterator[Any]:
    """Return the figure, and all objects that it refers to, directly or by others, but not by what code refers to."""
    seen: dict[int, Any] = {}
    pending: list[Any] = [figure]
    while pending:
        item = pending.pop()
        if id(item) in seen or isinstance(item, type | ModuleType | FunctionType):
            continue
        seen[id(item)] = item
        pending += gc.get_referents(item)
        yield item


def hooks_left(figure: Any) -> set[tuple[str, str]]:
    """Return the types of objects that have a hook as an attribute, each with the name of it."""
    return {
        (type(item).__name__, name)
        for item in reachable(figure)
        for name, value in getattr(item, "__dict__", {}).items()
        if type(value) is Hook
    }


def names_in_the_code() -> Iterator[str]:
    """Yield the name in each call of ``hooked``: a text, or a constant of renderer.mpl."""
    for path in Path(hooks.__file__).parents[1].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hooked":
                name = node.args[1]
                yield str(name.value) if isinstance(name, ast.Constant) else CONSTANTS[ast.unparse(name)]


class NamesOfHooks:
    """In place of ``Hook.name``: keeps the names that hooks get."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __set__(self, hook: Hook, name: str) -> None:
        self.seen.add(name)
        vars(hook)["name"] = name


def canvas_with_manager(figure: Figure) -> FigureCanvasAgg:
    canvas = FigureCanvasAgg(figure)
    canvas.manager = FigureManagerBase(canvas, 1)
    return canvas


def test_none_is_left_of_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = NamesOfHooks()
    monkeypatch.setattr(Hook, "name", names, raising=False)
    for name in KINDS_WITH_HOOKS:
        animation: Any = KINDS[name].animation(canvas_with_manager)
        manager = animation._fig.canvas.manager
        for box in (None, "tight"):
            deque(frames(animation, verify="never", bbox_inches=box), maxlen=0)
            assert hooks_left(animation._fig) == hooks_left(manager) == set(), name
    assert names.seen == set(names_in_the_code())


@pytest.mark.parametrize("owner", ["figure", "axes", "xaxis", "tick", "canvas", "legend", "layout engine"])
def test_one_that_is_left_is_found(owner: str) -> None:
    figure = Figure(layout="tight")
    axes = figure.add_subplot()
    owners = {
        "figure": figure,
        "axes": axes,
        "xaxis": axes.xaxis,
        "tick": axes.xaxis.get_major_ticks()[0],
        "canvas": figure.canvas,
        "legend": axes.legend([], []),
        "layout engine": figure.get_layout_engine(),
    }
    assert hooks_left(figure) == set()
    vars(owners[owner])["any_name"] = Hook(print)
    assert hooks_left(figure) == {(type(owners[owner]).__name__, "any_name")}
