"""What matplotlib's drawing reads: for each class, the attributes that its draw is a function of.

A class stands here only if drawing an instance (of exactly this class, with the methods that matplotlib gave it) reads
nothing but

- the instance's own attributes, followed through the classes below and the functions that
  `renderer.drawing.state.functions` knows,
- the state of the axes and of the figure that it is in, and the groups of axes that these are in,
- the settings and tables of `renderer.drawing.state.inputs`, and the renderer.

Everything else is drawn again for every frame. An attribute may be ignored if no draw reads it, or if the draw makes it
from others that are followed. A table of matplotlib that a draw reads, and that a program may change, is an input.
``tests/renderer/drawing/test_known_reads.py`` traces draws and holds both lists to this rule.

Attribute names are those of matplotlib 3.10 and 3.11; one that is missing in a version does no harm.
"""

from collections.abc import Iterable
from typing import Any

from matplotlib import (
    axis,
    category,
    cbook,
    collections,
    colorbar,
    colorizer,
    colors,
    contour,
    dates,
    font_manager,
    hatch,
    image,
    legend,
    lines,
    markers,
    offsetbox,
    patches,
    path,
    patheffects,
    quiver,
    scale,
    spines,
    table,
    text,
    ticker,
    transforms,
    tri,
    units,
)
from matplotlib._enums import CapStyle, JoinStyle
from matplotlib.artist import Artist
from matplotlib.axes import Axes, _base
from matplotlib.projections import geo, polar

from renderer.drawing.state.known_3d import AXES_3D, AXIS_3D, FLAT_KINDS, IGNORED_3D

_GEO_AXES = (geo.AitoffAxes, geo.HammerAxes, geo.LambertAxes, geo.MollweideAxes)

BENT_AXES = frozenset({polar.PolarAxes, *_GEO_AXES})
"""Axes that shape their patch when they draw, and interpolate paths."""

AXES_KINDS = frozenset({Axes, *BENT_AXES, *AXES_3D})
"""Axes that draw the artists in them and nothing else, as long as `AXES_STATE`, spines and patch are what they were."""


def _subclasses_in(module: Any, *bases: type) -> list[type]:
    """Return the classes that a module, or a class, defines."""
    home = getattr(module, "__module__", module.__name__)
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, bases) and kind.__module__ == home
    ]


def _each(kinds: Iterable[type], *names: str) -> dict[type, frozenset[str]]:
    return dict.fromkeys(kinds, frozenset(names))


def _private(module: Any, *names: str) -> list[type]:
    """Return the classes of these names that this matplotlib has."""
    return [getattr(module, name) for name in names if hasattr(module, name)]


ATTRIBUTES: dict[type, frozenset[str]] = {
    path.Path: frozenset({"_vertices", "_codes", "_should_simplify", "_simplify_threshold", "_interpolation_steps"}),
    # Transforms cache much; these are what the caches are made from.
    transforms.IdentityTransform: frozenset(),
    transforms.Affine2D: frozenset({"_mtx"}),
    transforms.Bbox: frozenset({"_points"}),
    transforms.LockableBbox: frozenset({"_bbox", "_locked_points"}),
    transforms.TransformedBbox: frozenset({"_bbox", "_transform"}),
    transforms.CompositeGenericTransform: frozenset({"_a", "_b"}),
    transforms.CompositeAffine2D: frozenset({"_a", "_b"}),
    transforms.BlendedGenericTransform: frozenset({"_x", "_y"}),
    transforms.BlendedAffine2D: frozenset({"_x", "_y"}),
    transforms.BboxTransform: frozenset({"_boxin", "_boxout"}),
    transforms.BboxTransformTo: frozenset({"_boxout"}),
    transforms.BboxTransformFrom: frozenset({"_boxin"}),
    transforms.ScaledTranslation: frozenset({"_t", "_scale_trans"}),
    transforms.AffineDeltaTransform: frozenset({"_base_transform"}),
    transforms.TransformWrapper: frozenset({"_child"}),
    transforms.TransformedPath: frozenset({"_path", "_transform"}),
    transforms.TransformedPatchPath: frozenset({"_patch"}),
    scale.LogTransform: frozenset({"base", "_clip"}),
    scale.InvertedLogTransform: frozenset({"base"}),
    scale.SymmetricalLogTransform: frozenset({"base", "linthresh", "linscale"}),
    scale.AsinhTransform: frozenset({"linear_width"}),
    scale.LogitTransform: frozenset({"_nonpositive", "_clip"}),
    # "_apply_theta_transforms": matplotlib 3.10
    polar.PolarTransform: frozenset({"_apply_theta_transforms", "_axis", "_scale_transform", "_use_rmin"}),
    polar.PolarAffine: frozenset({"_limits", "_scale_transform"}),
    **_each(_private(polar, "_WedgeBbox"), "_center", "_originLim", "_viewLim"),
    **_each(_private(polar, "_ThetaShift"), "_scale_trans", "axes", "mode", "pad"),
    **_each(
        (kind for axes in _GEO_AXES for kind in _subclasses_in(axes, transforms.Transform)),
        *("_center_latitude", "_center_longitude", "_resolution"),
    ),
    # Color maps: the list of colors is only read to make the table.
    **_each(
        (colors.ListedColormap, colors.LinearSegmentedColormap),
        *("N", "_isinit", "_lut", "_rgba_bad", "_rgba_under", "_rgba_over", "_i_bad", "_i_under", "_i_over"),
    ),
    # A color bar does not draw; the place of its axes follows from these.
    **_each(_private(colorbar, "_ColorbarAxesLocator"), "_cbar", "_orig_locator"),
    colorbar.Colorbar: frozenset(
        {"boundaries", "extend", "extendfrac", "norm", "orientation", "spacing"}
        | {"_boundaries", "_inside", "_values", "_y"}
    ),
}
"""The only attributes that count, for classes most of whose attributes are caches."""

ENUMS = frozenset({CapStyle, JoinStyle})
"""Enumerations that artists hold often."""

AXIS_KINDS = frozenset({axis.XAxis, axis.YAxis, polar.RadialAxis, polar.ThetaAxis, *AXIS_3D})
TICK_KINDS = frozenset({axis.XTick, axis.YTick, polar.RadialTick, polar.ThetaTick})

CONVERTERS = _private(dates, "_SwitchableDateConverter")
"""Converters of units that are not derived from `matplotlib.units.ConversionInterface`."""

_ARTIST = frozenset(
    {"stale_callback", "_callbacks", "_gid", "_in_autoscale", "_label", "_mouseover", "_picker", "_remove_method"}
    | {"_stale", "_sticky_edges", "_url"}
)
_MAPPABLE = _ARTIST | {"callbacks", "colorbar", "colorbar_cid", "_id_colorizer", "_id_norm", "_pickradius", "_urls"}
_ARTISTS: dict[type, frozenset[str]] = {
    # _path is made from _xy, and the rest from _path
    lines.Line2D: _ARTIST | {"_transformed_path", "_subslice", "_x", "_y", "_x_filled", "_xorig", "_yorig"},
    lines.AxLine: _ARTIST | {"_transformed_path", "_subslice", "_x", "_y", "_x_filled", "_xorig", "_yorig"},
    **dict.fromkeys((text.Text, text.Annotation), _ARTIST | {"_renderer", "_draggable"}),
    **dict.fromkeys(
        (
            *(patches.Annulus, patches.Arc, patches.Arrow, patches.Circle, patches.CirclePolygon, patches.Ellipse),
            *(patches.FancyArrow, patches.FancyArrowPatch, patches.FancyBboxPatch, patches.PathPatch),
            *(patches.Polygon, patches.Rectangle, patches.RegularPolygon, patches.Shadow, patches.StepPatch),
            *(patches.Wedge, spines.Spine),
            *_private(colorbar, "_ColorbarSpine"),
        ),
        _ARTIST,
    ),
    **dict.fromkeys(
        (
            *(collections.AsteriskPolygonCollection, collections.CircleCollection, collections.EllipseCollection),
            *(collections.EventCollection, collections.LineCollection, collections.PatchCollection),
            *(collections.PathCollection, collections.PolyCollection, collections.PolyQuadMesh, collections.QuadMesh),
            *(collections.RegularPolyCollection, collections.StarPolygonCollection, collections.TriMesh),
            getattr(collections, "FillBetweenPolyCollection", collections.PolyCollection),
        ),
        _MAPPABLE,
    ),
    **dict.fromkeys((image.AxesImage, image.FigureImage, image.PcolorImage, image.NonUniformImage), _MAPPABLE),
    **dict.fromkeys(
        (contour.QuadContourSet, tri.TriContourSet),
        _MAPPABLE
        | {"_contour_generator", "formatter", "labelCValueList", "labelLevelList", "labelMappable"}
        | {"labelTexts", "labelTextsList", "labelXYs", "locator"},
    ),
    quiver.Quiver: _MAPPABLE,
    quiver.Barbs: _MAPPABLE,
    legend.Legend: _ARTIST | {"_custom_handler_map", "_draggable", "legend_handles"},
    table.Table: _ARTIST,
    table.Cell: _ARTIST,
    table.CustomCell: _ARTIST,
    **dict.fromkeys((*AXIS_KINDS, *TICK_KINDS), _ARTIST | {"callbacks", "_autoscale_on"}),
    # the boxes of a legend
    **dict.fromkeys((offsetbox.DrawingArea, offsetbox.HPacker, offsetbox.TextArea, offsetbox.VPacker), _ARTIST),
}
_ARTISTS |= {kind: _ARTISTS[flat] | IGNORED_3D for kind, flat in FLAT_KINDS.items()}

DRAW_METHODS = {kind: kind.draw for kind in _ARTISTS if issubclass(kind, Artist)}
"""The draw method that each known artist class came with."""

IGNORED: dict[type, frozenset[str]] = {
    **_ARTISTS,
    font_manager.FontProperties: frozenset(),
    markers.MarkerStyle: frozenset({"_marker_function"}),
    colorizer.Colorizer: frozenset({"callbacks", "colorbar", "stale", "_id_norm"}),
    **_each(
        (colors.AsinhNorm, colors.BoundaryNorm, colors.CenteredNorm, colors.LogNorm, colors.NoNorm, colors.Normalize),
        "callbacks",
    ),
    **_each((colors.PowerNorm, colors.SymLogNorm, colors.TwoSlopeNorm), "callbacks"),
    **_each((scale.LinearScale, scale.LogScale, scale.SymmetricalLogScale, scale.AsinhScale, scale.LogitScale)),
    **_each((axis.Ticker, tri.Triangulation), "_cpp_triangulation", "_trifinder"),
    **_each(kind for module in (ticker, polar, geo.GeoAxes) for kind in _subclasses_in(module, ticker.TickHelper)),
    **_each(_private(polar, "_AxisWrapper")),
    **_each(_private(ticker, "_DummyAxis", "_Edge_integer") + _private(_base, "_TransformedBoundsLocator")),
    **_each(kind for kind in _subclasses_in(patheffects, patheffects.AbstractPathEffect)),
    **_each(
        kind
        for styles in (patches.ArrowStyle, patches.BoxStyle, patches.ConnectionStyle)
        for kind in styles.get_styles().values()
    ),
    **_each(_subclasses_in(dates, dates.DateLocator, dates.DateFormatter)),
    **_each((dates.AutoDateFormatter, dates.ConciseDateFormatter)),
    **_each((category.StrCategoryFormatter, category.StrCategoryLocator)),
    category.UnitData: frozenset({"_counter"}),
}
"""Classes all of whose attributes count, but for these."""

KINDS = frozenset({*ATTRIBUTES, *IGNORED, *AXES_KINDS})
"""All known classes."""


def _constants() -> list[tuple[type, str]]:
    bases = {base for kind in KINDS for base in kind.__mro__ if base.__module__.startswith("matplotlib.")}
    names = {base: [name for name in vars(base) if name.isupper() and not name.startswith("_")] for base in bases}
    return [(kind, name) for kind in KINDS for base in kind.__mro__ for name in names.get(base, ())]


CONSTANTS = _constants()
"""Constants of the known classes and of their bases, such as ``Axis.OFFSETTEXTPAD``, which a program may set."""

WATCHED_METHODS = frozenset(
    {"__call__", "_find_best_position", "_get_layout", "_update_ticks", "do_3d_projection", "draw", "draw_grid"}
    | {"draw_pane", "get_alpha", "get_clip_path", "get_color", "get_loc", "get_major_ticks", "get_majorticklocs"}
    | {"get_matrix", "get_path", "get_paths", "get_proj", "get_rotation", "get_text", "get_tightbbox"}
    | {"get_transform", "get_unitless_position", "get_visible"}
    | {"get_window_extent", "get_zorder", "make_image", "tick_values", "to_rgba", "transform"}
    | {"draw_image", "draw_markers", "draw_path", "draw_path_collection", "draw_text", "savefig"}
)
"""Methods that draws call, and that a program would replace in a class before others."""

DELEGATED: dict[type, frozenset[str]] = {
    **_each(
        (transforms.TransformWrapper,),
        *("get_affine", "get_matrix", "inverted", "transform", "transform_affine", "transform_non_affine"),
        *("transform_path", "transform_path_affine", "transform_path_non_affine"),
    ),
    **_each(AXES_KINDS, "cla", "clear", "drag_pan", "_get_view", "_set_view", "_set_view_from_bbox"),
}
"""Methods that matplotlib gives single objects of a class.

Those of a transform's wrapper are those of the transform in it. Those of a color bar's axes are called by no draw.
"""

TABLES: tuple[Iterable[object], ...] = (
    *(font_manager.font_scalings.values(), lines.Line2D.lineStyles.values(), units.registry.values()),
    *(cbook.STEP_LOOKUP_MAP.values(), cbook.ls_mapper.values(), getattr(hatch, "_hatch_types", ())),
)
"""Tables of matplotlib that are read while it draws, or makes the ticks that it draws."""


def reads_data(axis: axis.Axis) -> bool:
    """Whether the ticks of an axis depend on the limits of the data, beside those of the view."""
    locators = axis.get_major_locator(), axis.get_minor_locator()
    kinds = {type(part) for locator in locators for part in (locator, getattr(locator, "base", None))}
    low, high = sorted(axis.get_view_interval())
    return (
        ticker.IndexLocator in kinds
        or (ticker.LogLocator in kinds and low <= 0)
        or (ticker.LogitLocator in kinds and not 0 < low < high < 1)
    )


def finds_its_place(legend: Any) -> bool:
    """Whether a legend goes where it covers least, which depends on other artists."""
    return getattr(legend, "_loc_real", 0) == 0
