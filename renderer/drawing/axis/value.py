"""What an axis is drawn as: the value of all that ``Axis.draw`` and ``Axis.get_tightbbox`` read.

Ticks are made from the axis' parameters when they are first asked for, so an axis that was cleared is known by its
limits, scale, locators, formatters, tick parameters, label and spines, the place of its axes, and settings. Where the
program has made or changed ticks, they are a part of the value like everything else.

Private names of matplotlib 3.10 and 3.11: what the axes' transforms are made of, the positions of spines, and the
groups of aligned labels. Where one is missing, an axis has no value.
"""

import locale
from collections.abc import Hashable
from functools import partial
from typing import Any

from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick, XAxis, YAxis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.category import StrCategoryFormatter, StrCategoryLocator
from matplotlib.spines import Spine
from matplotlib.transforms import (
    BboxTransformFrom,
    BboxTransformTo,
    BlendedAffine2D,
    BlendedGenericTransform,
    CompositeGenericTransform,
)

from renderer.drawing.state.attributes import UnknownError
from renderer.drawing.state.rc import Settings
from renderer.drawing.state.values import Names, attributes_of, value_of
from renderer.mpl.fonts import font_count

__all__ = ["SETTINGS", "axis_spines", "axis_value", "axis_view", "fresh_ticks_value", "placed_spines", "ticks_value"]

SETTINGS = Settings(others=(partial(locale.setlocale, locale.LC_ALL), font_count))
"""All settings that a drawing reads: the rcParams, the locale and the fonts that are known."""

MOST_TICKS = 40
"""Ticks beyond which their values take longer than drawing pays back."""

_READS_NO_DATA = {
    ticker.AutoLocator,
    ticker.AutoMinorLocator,
    ticker.FixedLocator,
    ticker.LinearLocator,
    ticker.MaxNLocator,
    ticker.MultipleLocator,
    ticker.NullLocator,
    StrCategoryLocator,
    ticker.EngFormatter,
    ticker.FixedFormatter,
    ticker.FormatStrFormatter,
    ticker.FuncFormatter,
    ticker.NullFormatter,
    ticker.PercentFormatter,
    ticker.ScalarFormatter,
    ticker.StrMethodFormatter,
    StrCategoryFormatter,
}
"""Tickers that look at the limits of the view, and not at those of the data."""


def axis_view(axis: Axis, renderer: RendererAgg) -> Hashable:
    """Give the part of an axis' value that costs little and changes most: what it shows, and where on a renderer.

    Raises
    ------
    UnknownError
        It depends on something that is not known.
    """
    axes: Any = axis.axes
    if type(axis) not in (XAxis, YAxis) or type(axes) is not Axes or not _is_standard(axes):
        raise UnknownError(axis)
    if _tick_count(axis) > MOST_TICKS or _aligned(axis):
        raise UnknownError(axis)
    return SETTINGS.number(), _place(axes, renderer), _view(axis, _names(axes))


def axis_value(axis: Axis, view: Hashable) -> Hashable:
    """Give the value of an axis with this view.

    Raises
    ------
    UnknownError
        It depends on something that is not known.
    """
    axes: Any = axis.axes
    names = _names(axes)
    spines = tuple(attributes_of(spine, names) for spine in axis_spines(axis))
    # a spine that gets its position has the axis make its ticks anew, which the patch clips
    clip = None if all(placed_spines(axis)) else value_of(axes.patch, names)
    return view, attributes_of(axis, names), spines, clip


def _is_standard(axes: Any) -> bool:
    """Tell whether the axes' transforms are made of one another as in all axes that nobody has rebuilt."""
    data, limits = axes.transData, axes.transLimits
    horizontal, vertical = axes._xaxis_transform, axes._yaxis_transform
    kinds = tuple(map(type, (data, data._b, limits, axes.transAxes, horizontal, vertical)))
    return kinds == _KINDS and all(
        part is expected
        for part, expected in (
            (data._a, axes.transScale),
            (data._b._a, limits),
            (data._b._b, axes.transAxes),
            (limits._boxin._bbox, axes._viewLim),
            (limits._boxin._transform, axes.transScale),
            (axes.transAxes._boxout, axes.bbox),
            (horizontal._x, data),
            (horizontal._y, axes.transAxes),
            (vertical._x, axes.transAxes),
            (vertical._y, data),
        )
    )


_KINDS = (
    CompositeGenericTransform,
    CompositeGenericTransform,
    BboxTransformFrom,
    BboxTransformTo,
    BlendedGenericTransform,
    BlendedGenericTransform,
)


def _names(axes: Any) -> Names:
    """Name what belongs to the axes and stays: its value is told by `_place` and `_view`."""
    figure, root = axes.get_figure(root=False), axes.get_figure(root=True)
    named = {
        "figure": figure,
        "root": root,
        "axes": axes,
        "x": axes.xaxis,
        "y": axes.yaxis,
        "transAxes": axes.transAxes,
        "transData": axes.transData,
        "xaxis_transform": axes._xaxis_transform,
        "yaxis_transform": axes._yaxis_transform,
        "bbox": axes.bbox,
        "dpi_scale_trans": figure.dpi_scale_trans,
    }
    return {id(item): name for name, item in named.items()}


def _place(axes: Any, renderer: RendererAgg) -> Hashable:
    """Give where the axes are, in pixels."""
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
    """Give what an axis shows: its limits and its scale, and the other axis' too where a spine stands at a value."""
    axes = axis.axes
    limits = axes.viewLim.get_points()
    scales = axes.transScale._child
    if type(scales) not in (BlendedAffine2D, BlendedGenericTransform):
        raise UnknownError(scales)
    tickers = {type(part) for level in (axis.major, axis.minor) for part in (level.locator, level.formatter)}
    data = () if tickers <= _READS_NO_DATA else (axes.dataLim.get_points().tobytes(), axes.dataLim.minpos.tobytes())
    if any(_stands_at_value(spine) for spine in axis_spines(axis)):
        return data, limits.tobytes(), value_of(scales, names)
    column, scale = (0, scales._x) if axis is axes.xaxis else (1, scales._y)
    return data, limits[:, column].tobytes(), value_of(scale, names)


def axis_spines(axis: Any) -> tuple[Spine, ...]:
    """Give the spines that carry an axis' ticks and its label."""
    spines = axis.axes.spines
    if set(spines) != {"left", "right", "bottom", "top"}:
        raise UnknownError(axis)
    pair = (spines["bottom"], spines["top"]) if type(axis) is XAxis else (spines["left"], spines["right"])
    if any(type(spine) is not Spine for spine in pair):
        raise UnknownError(axis)
    return pair


def ticks_value(axis: Axis) -> Hashable:
    """Give the value of the ticks that were made."""
    made = vars(axis)
    return _ticks_value(axis, [*made.get("majorTicks", ()), *made.get("minorTicks", ())])


def fresh_ticks_value(axis: Any) -> Hashable:
    """Give the value of the ticks that ``Axis.reset_ticks`` would put in their place."""
    fresh = [axis._get_tick(major=True), axis._get_tick(major=False)]
    for tick in fresh:
        tick.set_clip_path(axis.axes.patch)
    return _ticks_value(axis, fresh)


def _ticks_value(axis: Any, ticks: list[Tick]) -> Hashable:
    try:
        return value_of(ticks, _names(axis.axes))
    except UnknownError:
        return object()  # which is like no other


def placed_spines(axis: Axis) -> tuple[bool, ...]:
    """Tell which spines of an axis have a position; ``Axes.clear`` leaves them without."""
    return tuple(_has_position(spine) for spine in axis_spines(axis))


def _has_position(spine: Any) -> bool:
    return spine._position is not None


def _stands_at_value(spine: Any) -> bool:
    position = spine._position
    return position is not None and position != "center" and (position == "zero" or position[0] == "data")


def _tick_count(axis: Axis) -> int:
    made = vars(axis)  # asking the axis itself makes the first tick
    return len(made.get("majorTicks", ())) + len(made.get("minorTicks", ()))


def _aligned(axis: Any) -> bool:
    """Tell whether the label is aligned with that of other axes."""
    group = axis.get_figure(root=False)._align_label_groups[axis.axis_name]
    return len(list(group.get_siblings(axis.axes))) > 1
