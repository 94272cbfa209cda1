"""How axes hang together: their axis and titles, the axes linked to them, and their cells (matplotlib 3.10 and 3.11).

`renderer.mpl.steps.can_retain` calls these once; where one fails, each frame is drawn in full.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.text import Text
from matplotlib.transforms import Bbox

DATA_LIMITS = ("_minpos",)
"""What setting ``dataLim`` keeps beside the limits: the least positive values, for logarithmic scales."""


def every_axis(all_axes: Iterable[Any]) -> list[Axis]:
    """Return each axis of these axes."""
    return [axis for axes in all_axes for axis in axes._axis_map.values()]


def data_limits(axes: Any) -> list[Bbox]:
    """Return the limits of the data; 3-D axes have two boxes more."""
    return [vars(axes)[name] for name in ("dataLim", "xy_dataLim", "zz_dataLim") if name in vars(axes)]


def titles(axes: Any) -> tuple[Text, Text, Text]:
    """Return the titles in the center, on the left and on the right."""
    return axes.title, axes._left_title, axes._right_title


def linked_axes(axes: Any) -> set[Axes]:
    """Return the other axes whose ticks count for the labels and the titles of *axes*, at once or through others."""
    return _reached(axes, _linked)


def grouped_axes(axes: Any) -> set[Axes]:
    """Return the other axes that would count for *axes* if all axes had titles."""
    return _reached(axes, _grouped)


def _reached(axes: Any, step: Callable[[Any], Iterator[Axes]]) -> set[Axes]:
    reached, queue = {axes}, [axes]
    while queue:
        for other in step(queue.pop()):
            if other not in reached:
                reached.add(other)
                queue.append(other)
    return reached - {axes}


def _grouped(axes: Any) -> Iterator[Axes]:
    yield from axes.child_axes
    for group in (axes._twinned_axes, *_aligned_labels(axes)):
        if axes in group:  # takes less time than to ask for its siblings
            yield from group.get_siblings(axes)


def _linked(axes: Any) -> Iterator[Axes]:
    if any(title.get_text() for title in titles(axes)):
        yield from _grouped(axes)
    else:
        for group in _aligned_labels(axes):
            yield from group.get_siblings(axes)


Places = dict[Axes, bytes]
"""The place of axes within their figure, and their limits."""


def places(all_axes: Iterable[Any]) -> Places:
    """Return the places of axes, as they are before their next draw changes them."""
    boxes = ((axes, axes._position, axes._viewLim) for axes in all_axes)  # methods that return these change them first
    return {axes: place.get_points().tobytes() + limits.get_points().tobytes() for axes, place, limits in boxes}


def in_other_figures(axes: Any, others: Iterable[Any]) -> set[Axes]:
    """Return those of the other axes that are in another figure or subfigure, which has its draw place them."""
    figure = axes.get_figure(root=False)
    return {other for other in others if other.get_figure(root=False) is not figure}


def awaits_autoscale(axes: Any) -> bool:
    """Whether the next draw of these axes, or of axes that share limits with them, may change their limits."""
    groups = ((name, axes._shared_axes[name].get_siblings(axes)) for name in axes._stale_viewlims)
    return any(other._stale_viewlims[name] for name, group in groups for other in group)


def may_rescale_other_figures(axes: Any) -> bool:
    """Whether drawing these axes may set limits that axes in another figure or subfigure share.

    Matplotlib then asks for another draw, in the middle of this one.
    """
    figure = axes.get_figure(root=False)
    for name in axes._stale_viewlims:
        group = axes._shared_axes[name].get_siblings(axes)
        if any(other.get_figure(root=False) is not figure for other in group) and any(
            other._stale_viewlims[name] or other.get_aspect() != "auto" for other in group
        ):
            return True
    return False


def groups_of(axes: Any) -> list[Any]:
    """Return the groups of axes that share limits, places, or the alignment of labels with *axes*."""
    groups = (*axes._shared_axes.values(), axes._twinned_axes, *_aligned_labels(axes))
    return [group.get_siblings(axes) for group in groups]


def _aligned_labels(axes: Any) -> Iterable[Any]:
    figure = axes.get_figure(root=False)  # None if the axes were removed
    return () if figure is None else figure._align_label_groups.values()


def grids_of(axes: Any) -> list[Any]:
    """Return the cell that axes are in, its grid, the cell of that, and so on out to the figure."""
    grids: list[Any] = []
    cell = axes.get_subplotspec()
    while cell is not None:
        grid = cell.get_gridspec()
        grids += [cell, grid]
        cell = getattr(grid, "_subplot_spec", None)
    return grids
