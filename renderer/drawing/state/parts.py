"""What drawing reads of ticks, axes, subfigures and figures, whose attributes are followed by name.

Attribute names are those of matplotlib 3.10 and 3.11; one that is missing in a version does no harm.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

from matplotlib import cbook, font_manager, lines, path

from renderer.drawing.state.known_3d import AXES_STATE_3D

TICK_PARTS = ("gridline", "label1", "label2", "tick1line", "tick2line")
"""The artists of a tick."""

HIDDEN_STATE = ("_visible",)
"""What drawing reads of an artist that is not visible."""

MASK = ("_mask",)
"""What a masked array is made of, beside its data."""

TICK_STATE = ("_agg_filter", "_rasterized", "_visible", *TICK_PARTS)
"""What ``Tick.draw`` reads of the tick."""

READ_BEFORE_DRAWN: dict[type, tuple[str, ...]] = {lines.Line2D: ("_xorig", "_yorig")}
"""Attributes that are ignored above, and count in artists that have not been drawn yet."""

REPLACED = frozenset({"_dash_pattern", "_x", "_xy", "_y"})
"""Lists and arrays that a part of a tick makes for itself, and never changes in place.

The program may change any other, a color say, and then all ticks that hold it change.
"""

COPIES: dict[str, Callable[[Any], Any]] = {
    "_callbacks": lambda _: cbook.CallbackRegistry(signals=["pchanged"]),
    "_fontproperties": font_manager.FontProperties.copy,
    "_path_effects": lambda effects: effects,  # matplotlib has the ticks of an axis share them
    "_sticky_edges": lambda edges: edges and type(edges)(*map(list, edges)),
    "_xorig": copy,
    "_yorig": copy,
}
"""How to copy the attributes that each part of a tick has for itself."""

SHARED_PATHS = (path.Path.unit_circle(), path.Path.unit_rectangle())
"""Paths that patches have in common, and that anybody may change: ``Axes.bar`` does, for polar axes."""

AXES_STATE = (
    *("_aspect", "_adjustable", "_agg_filter", "_anchor", "_autotitlepos", "_axes_locator", "_axis_map"),
    *("_box_aspect", "_colorbar_info", "_direction", "_frameon", "_originViewLim", "_originalPosition", "_position"),
    *("_r_label_position", "_rasterization_zorder", "_rasterized", "_realViewLim", "_theta_offset", "_viewLim"),
    *("_visible",),
    *("_yaxis_text_transform", "_yaxis_transform", "axison", "bbox", "transAxes", "transData", "transLimits"),
    *("transScale", "transWedge", "xaxis", "yaxis"),
    *AXES_STATE_3D,
)
"""What ``Axes.draw`` reads of the axes, besides the artists in them."""

SUBFIGURE_STATE = ("bbox", "dpi_scale_trans", "figbbox", "transFigure", "transSubfigure")
"""What artists in a subfigure read of it."""

AXES_LAYOUT = (
    *("_colorbars", "_in_layout", "_left_title", "_right_title", "_sharex", "_sharey", "_stale_viewlims"),
    *("_subplotspec", "dataLim", "title"),
)
"""What laying out a figure reads of axes, besides what ``Axes.draw`` does."""

FIGURE_LAYOUT = (
    *("_dpi", "_layout_engine", "_localaxes", "_suptitle", "_supxlabel", "_supylabel"),
    *("legends", "subfigs", "subplotpars"),
)
"""What laying out a figure reads of it, besides its size."""

CLIPPING = ("_axes", "_clipon", "_clippath", "_in_layout", "_visible", "clipbox")
"""What decides whether the size of an artist counts in a layout."""
