"""Places and limits of axes, as they are before a draw changes them (matplotlib 3.10 and 3.11).

A draw applies aspects, lets pending autoscaling happen, and runs the layout engine. A second draw starts from what the
first one left.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from matplotlib.axes._base import _AxesBase  # that of secondary axes, too
from matplotlib.transforms import Bbox

_BOXES = ("_position", "_originalPosition", "_viewLim", "xy_viewLim", "zz_viewLim")
_LABELS = ("_suptitle", "_supxlabel", "_supylabel")


class Geometry:
    """The places and limits of all axes of a figure, and the places of its labels, at one time.

    Parameters
    ----------
    figure : Figure
        The figure.
    """

    def __init__(self, figure: Any) -> None:
        self._boxes: list[tuple[Bbox, Any, Any]] = []
        self._attributes: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for part in _figures(figure):
            self._keep(vars(part.subplotpars), "left", "right", "bottom", "top", "wspace", "hspace")
            for label in (getattr(part, name) for name in _LABELS):
                if label is not None:
                    self._keep(vars(label), "_x", "_y")
            for axes in _axes_in(part):
                self._keep(vars(axes), "_stale_viewlims")
                boxes = (vars(axes).get(name) for name in _BOXES)
                self._boxes += [(box, box.get_points().copy(), box.minpos.copy()) for box in boxes if box is not None]

    def _keep(self, holder: dict[str, Any], *names: str) -> None:
        self._attributes.append((holder, {name: deepcopy(holder[name]) for name in names if name in holder}))

    def restore(self) -> None:
        """Put everything back where it was."""
        for box, points, minpos in self._boxes:
            box.set_points(points)
            box._minpos[:] = minpos  # type: ignore[attr-defined]
        for holder, former in self._attributes:
            holder.update(deepcopy(former))


def _figures(figure: Any) -> Iterator[Any]:
    yield figure
    for inner in figure.subfigs:
        yield from _figures(inner)


def _axes_in(parent: Any) -> Iterator[Any]:
    for axes in parent.child_axes if isinstance(parent, _AxesBase) else parent._localaxes:
        yield axes
        yield from _axes_in(axes)
