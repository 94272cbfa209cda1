"""The value of an axis: all that ``Axis.draw`` and ``Axis.get_tightbbox`` read.

An axis makes its ticks from its parameters when they are first used. The value of a cleared axis therefore holds its
limits, scale, locators, formatters, tick parameters, label and spines, the place of its axes, and the rcParams. Ticks
that are there already, made or changed by the program, belong to the value, too.
"""

from collections.abc import Hashable
from typing import Any

from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick, XAxis, YAxis
from matplotlib.category import StrCategoryFormatter, StrCategoryLocator
from matplotlib.spines import Spine

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.state.attributes import UnknownError
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.values import Names, attributes_of, comparable_value, value_of
from renderer.mpl.artists import axis as axis_parts

MOST_TICKS = 40
"""Number of ticks from which telling their values takes longer than drawing them."""

_READS_NO_DATA = {
    *(ticker.AutoLocator, ticker.AutoMinorLocator, ticker.FixedLocator, ticker.LinearLocator, ticker.MaxNLocator),
    *(ticker.MultipleLocator, ticker.NullLocator, StrCategoryLocator, ticker.EngFormatter, ticker.FixedFormatter),
    *(ticker.FormatStrFormatter, ticker.FuncFormatter, ticker.NullFormatter, ticker.PercentFormatter),
    *(ticker.ScalarFormatter, ticker.StrMethodFormatter, StrCategoryFormatter),
}
"""Tickers that read the limits of the view, and not those of the data."""


def axis_view(axis: Axis, renderer: CachingRenderer) -> Hashable:
    """Return the part of an axis' value that costs little and changes most: its limits, scale and place.

    Raises
    ------
    UnknownError
        It depends on something that is not known.
    """
    axes: Any = axis.axes
    if type(axis) not in (XAxis, YAxis) or type(axes) is not Axes or not axis_parts.has_usual_transforms(axes):
        raise UnknownError(axis)
    if renderer.mixes_sizes() or _tick_count(axis) > MOST_TICKS or axis_parts.has_aligned_label(axis):
        raise UnknownError(axis)
    return SETTINGS.number(), _place(axes, renderer), _view(axis, _names(axes))


def axis_value(axis: Axis, view: Hashable) -> Hashable:
    """Return the value of an axis with this view.

    Raises
    ------
    UnknownError
        It depends on something that is not known.
    """
    axes: Any = axis.axes
    names = _names(axes)
    spines = tuple(attributes_of(spine, names) for spine in axis_spines(axis))
    # a spine that gets its position resets the ticks of the axis, and the patch clips the new ones
    clip = None if all(placed_spines(axis)) else value_of(axes.patch, names)
    return view, attributes_of(axis, names), spines, clip


def _names(axes: Any) -> Names:
    """Return numbers for the objects that every value of the axes refers to; `_place` and `_view` hold their state."""
    return {id(part): number for number, part in enumerate(named_parts(axes))}


def named_parts(axes: Any) -> tuple[Any, ...]:
    """Return objects that all axes have, always in the same order."""
    figure, root = axes.get_figure(root=False), axes.get_figure(root=True)
    named = figure, figure.dpi_scale_trans, root, axes, axes.bbox, axes.xaxis, axes.yaxis
    return *named, axes.transAxes, axes.transData, *axis_parts.axis_transforms(axes)


def _place(axes: Any, renderer: CachingRenderer) -> Hashable:
    """Return the place of the axes, in pixels, and the resolution."""
    figure = axes.get_figure(root=False)
    return (
        axes.bbox.bounds,
        (renderer.width, renderer.height, renderer.dpi),
        figure.dpi_scale_trans.get_matrix().tobytes(),
        figure.transSubfigure.get_matrix().tobytes(),
        figure.bbox.bounds,
        axes.get_figure(root=True).dpi,
    )


def _view(axis: Any, names: Names) -> Hashable:
    """Return the limits and the scale of an axis, and those of the other axis where a spine stands at a value of it."""
    axes = axis.axes
    limits = axes.viewLim.get_points()
    both, horizontal, vertical = axis_parts.scales(axes)
    tickers = {type(part) for level in (axis.major, axis.minor) for part in (level.locator, level.formatter)}
    data = () if tickers <= _READS_NO_DATA else (axes.dataLim.get_points().tobytes(), axes.dataLim.minpos.tobytes())
    if any(map(axis_parts.stands_at_value, axis_spines(axis))):
        return data, limits.tobytes(), value_of(both, names)
    column, scale = (0, horizontal) if axis is axes.xaxis else (1, vertical)
    return data, limits[:, column].tobytes(), value_of(scale, names)


def axis_spines(axis: Any) -> tuple[Spine, ...]:
    """Return the two spines that an axis' ticks and label stand at.

    Raises
    ------
    UnknownError
        The axes have other spines.
    """
    spines = axis.axes.spines
    if set(spines) != {"left", "right", "bottom", "top"}:
        raise UnknownError(axis)
    pair = (spines["bottom"], spines["top"]) if type(axis) is XAxis else (spines["left"], spines["right"])
    if any(type(spine) is not Spine for spine in pair):
        raise UnknownError(axis)
    return pair


def ticks_value(axis: Any, ticks: list[Tick]) -> Hashable:
    """Return the value of ticks of an axis; it equals no other if it depends on something that is not known."""
    return comparable_value(ticks, _names(axis.axes))


def placed_spines(axis: Axis) -> tuple[bool, ...]:
    """Whether each spine of an axis has a position; ``Axes.clear`` leaves them without."""
    return tuple(map(axis_parts.has_position, axis_spines(axis)))


def _tick_count(axis: Axis) -> int:
    """Return the number of ticks that an axis has; `LazyTicks` count, and are not made for that."""
    attributes = vars(axis)
    return len(attributes.get("majorTicks", ())) + len(attributes.get("minorTicks", ()))


def present_ticks(axis: Axis) -> list[Tick]:
    """Return the ticks that an axis has, without making any."""
    attributes = vars(axis)  # reading the property itself makes the first tick
    return [*attributes.get("majorTicks", ()), *attributes.get("minorTicks", ())]
