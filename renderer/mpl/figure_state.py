"""A figure as it is before a draw changes it (matplotlib 3.10 and 3.11).

A draw changes limits and places, and much that a second draw, or the layout engine before it, starts from: the parts of
arrows, the boxes around texts, the sizes of markers, the shapes of polar axes, the ticks. `FigureState` keeps all
attributes of the objects that a figure is made of, and puts them back. It does not look into data, color maps and
norms, which no draw of a known artist changes.
"""

from collections.abc import Callable, Iterable, MutableSequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axis import Axis, Ticker
from matplotlib.gridspec import GridSpecBase, SubplotParams
from matplotlib.layout_engine import LayoutEngine
from matplotlib.path import Path
from matplotlib.spines import Spines
from matplotlib.ticker import TickHelper
from matplotlib.transforms import Affine2D, Bbox, TransformNode, TransformWrapper

from renderer.mpl.hooks import Hook

_HELD = (Artist, GridSpecBase, LayoutEngine, Path, Spines, SubplotParams, Ticker, TickHelper)
"""Classes of the objects that have all their attributes put back."""

_PARENTS = "_parents"
"""What transforms tell when they change. One that is made later has to be told too."""

_Restore = Callable[[], None]


class FigureState:
    """All objects of a figure as they are at one time.

    Parameters
    ----------
    figure : Figure
        The figure.
    """

    def __init__(self, figure: Any) -> None:
        self._seen: dict[int, object] = {}
        self._steps: list[_Restore] = []
        queue: list[Any] = [figure]
        while queue:
            item = queue.pop()
            if id(item) not in self._seen and isinstance(item, _FOLLOWED):
                self._seen[id(item)] = item
                queue += self._keep(item)

    def restore(self) -> None:
        """Put everything back as it was."""
        for step in self._steps:
            step()

    def _keep(self, item: Any) -> Iterable[Any]:
        """Keep the state of an object, and return what it is made of."""
        if isinstance(item, tuple):
            return item
        if isinstance(item, list):
            self._steps.append(_contents_of_list(item))
            return item
        if isinstance(item, dict):
            self._steps.append(_contents_of_dict(item))
            return item.values()
        if isinstance(item, Axis):
            _make_pending_ticks(item)
        if type(item) in _OWN_STATE:
            self._steps.append(_OWN_STATE[type(item)](item))
        elif isinstance(item, _HELD):
            self._steps.append(_attributes(vars(item)))
        return [value for name, value in vars(item).items() if name != _PARENTS]


_FOLLOWED = (*_HELD, TransformNode, list, tuple, dict)


def _make_pending_ticks(axis: Any) -> None:
    """Make the ticks that somebody keeps back until they are looked at."""
    for name in ("majorTicks", "minorTicks"):
        ticks = vars(axis).get(name)
        if isinstance(ticks, MutableSequence) and type(ticks) is not list:
            list(ticks)


def _contents_of_list(item: list[Any]) -> _Restore:
    former = item.copy()

    def restore() -> None:
        item[:] = former

    return restore


def _contents_of_dict(item: dict[Any, Any]) -> _Restore:
    former = item.copy()

    def restore() -> None:
        if list(item) != list(former):
            item.clear()
        item.update(former)

    return restore


def _attributes(holder: dict[str, Any]) -> _Restore:
    former = {name: value for name, value in holder.items() if type(value) is not Hook}

    def restore() -> None:
        for name in [name for name, value in holder.items() if name not in former and type(value) is not Hook]:
            del holder[name]
        holder.update(former)

    return restore


def _matrix(transform: Affine2D) -> _Restore:
    former = transform.get_matrix().copy()

    def restore() -> None:
        if not np.array_equal(transform.get_matrix(), former):
            transform.set_matrix(former.copy())

    return restore


def _box(box: Any) -> _Restore:
    points, minpos = box.get_points().copy(), box.minpos.copy()

    def restore() -> None:
        if not (np.array_equal(box.get_points(), points) and np.array_equal(box.minpos, minpos)):
            box.set_points(points.copy())
            box._minpos[:] = minpos

    return restore


def _wrapped(wrapper: Any) -> _Restore:
    former = wrapper._child

    def restore() -> None:
        if wrapper._child is not former:
            wrapper.set(former)

    return restore


def _path(path: Any) -> _Restore:
    attributes, vertices = _attributes(vars(path)), path.vertices
    former = vertices.copy() if vertices.flags.writeable else vertices

    def restore() -> None:
        attributes()
        if former is not vertices and vertices.tobytes() != former.tobytes():
            vertices[...] = former

    return restore


_OWN_STATE: dict[type, Callable[[Any], _Restore]] = {
    Affine2D: _matrix,
    Bbox: _box,
    Path: _path,
    TransformWrapper: _wrapped,
}
"""How to keep objects that are changed in place; what other transforms hold is made from these."""
