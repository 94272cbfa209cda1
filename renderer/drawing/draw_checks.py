"""The classes of artists of which one draw is known to be enough, each with the condition under which it is.

`OneDraw` looks at a figure's artists by these.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from matplotlib import inset, legend, lines, offsetbox, patches, quiver, table, text
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.contour import ContourSet
from matplotlib.figure import SubFigure
from matplotlib.image import AxesImage, FigureImage
from matplotlib.scale import FuncTransform
from matplotlib.transforms import TransformedPatchPath, TransformNode, TransformWrapper

from renderer.drawing.state.attributes import FORMS, UnknownError
from renderer.drawing.state.known import ATTRIBUTES, AXES_KINDS, AXIS_KINDS, DRAW_METHODS
from renderer.drawing.state.known_3d import SHAPES_3D
from renderer.drawing.state.values import value_of
from renderer.mpl.artists import single as artists
from renderer.mpl.artists.axes import may_rescale_other_figures
from renderer.mpl.overrides import has_own_listeners

Check = Callable[[Any, bool], bool]
"""Whether one draw of an artist is enough; the second argument says whether the first has another resolution."""


def check_of(artist: Artist) -> Check | None:
    """Return the check of an artist's class, None if the class is not known."""
    return CHECKS.get(type(artist)) or _check_of_mplot3d(artist)


def _check_of_mplot3d(artist: Artist) -> Check | None:
    """Return the check of an artist of matplotlib's 3-D axes, whose modules are not imported for it."""
    kind = type(artist)
    if not kind.__module__.startswith("mpl_toolkits.mplot3d."):
        return None
    if isinstance(artist, Axes):
        return _is_axes
    if isinstance(artist, Axis):
        return is_axis
    return next((CHECKS[base] for base in kind.__mro__ if base in CHECKS), None)


def _is_plain(artist: Any, rescaled: bool) -> bool:
    """Whether only the known decides where an artist is drawn, and nothing else takes part in its drawing."""
    effects, path, axes = artist.get_path_effects(), artist.get_clip_path(), artist.axes
    return (
        artist.get_agg_filter() is None
        and (not effects or all(map(is_known_object, effects)))
        and (path is None or type(path) is not TransformedPatchPath or _is_shape(artists.patch_of(path)))
        and is_known_transform(artists.own_transform(artist), axes)
    )


def is_known_object(item: object) -> bool:
    """Whether an object is of a class that is known to hold nothing but what is followed."""
    return FORMS[type(item)] == "object"


def is_pure(function: object) -> bool:
    """Whether a function reads its arguments, and nothing that changes."""
    try:
        value_of(function, {})
    except UnknownError:
        return False
    return True


def is_known_transform(transform: Any, axes: Any = None) -> bool:
    """Whether a transform, which may be missing or the usual one of axes, is made of nothing but matplotlib's own."""
    if transform is None or _is_constant(transform) or (axes is not None and transform is axes.transData):
        return True
    names = ATTRIBUTES.get(type(transform))
    if names is None:
        return type(transform) is FuncTransform and all(map(is_pure, artists.functions_of(transform)))
    parts = [part for part in map(vars(transform).get, names) if isinstance(part, TransformNode)]
    known = all(is_known_transform(part, axes) for part in parts)
    if known and type(transform) is not TransformWrapper and all(map(_is_constant, parts)):
        _CONSTANT[id(transform)] = transform
    return known


def _is_constant(transform: TransformNode) -> bool:
    return _CONSTANT.get(id(transform)) is transform


_CONSTANT: WeakValueDictionary[int, Any] = WeakValueDictionary()
"""Transforms that were found to be known, and whose parts are never exchanged, as that of a `TransformWrapper` is."""


def _is_shape(patch: Any) -> bool:
    """Whether nothing moves a patch while artists are drawn; texts and legends move their boxes, 3-D axes patches."""
    stands_alone = type(patch) in DRAW_METHODS and (type(patch) not in _BOXES or patch.axes is not None)
    return (
        stands_alone and type(patch) not in SHAPES_3D and is_known_transform(artists.own_transform(patch), patch.axes)
    )


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, _NUMBERS) for value in values)


def _is_line(line: Any, rescaled: bool) -> bool:
    if artists.has_new_data(line) and not all(map(_is_numeric, line.get_data(orig=True))):
        return False
    return _is_plain(line, rescaled)


def _is_numeric(data: Any) -> bool:
    """Whether converting data to numbers adds no category to an axis."""
    if isinstance(data, np.ndarray) and data.dtype.kind in "biufmM":
        return True
    return all(issubclass(kind, _NUMBERS) for kind in set(map(type, data)))


def _is_text(artist: Any, rescaled: bool) -> bool:
    box = artist.get_bbox_patch()
    framed = box is None or is_known_object(box.get_boxstyle())
    return framed and _are_numbers(*text.Text.get_position(artist)) and _is_plain(artist, rescaled)


def _is_annotation(artist: Any, rescaled: bool) -> bool:
    arrow = artist.arrow_patch
    return (
        _are_fixed_coordinates(artist.xycoords, artist.anncoords)
        and _are_numbers(*artist.xy)
        and (arrow is None or _is_arrow(arrow, rescaled, inside=artist.get_bbox_patch()))
        and _is_text(artist, rescaled)
    )


def _are_fixed_coordinates(*coordinates: Any) -> bool:
    """Whether coordinates refer to axes and figures, and to no artist in them."""
    return all(map(_is_fixed_coordinate, coordinates))


def _is_fixed_coordinate(coordinate: Any) -> bool:
    if isinstance(coordinate, tuple):
        return _are_fixed_coordinates(*coordinate)
    return isinstance(coordinate, str) or is_known_transform(coordinate)


def _is_arrow(arrow: Any, rescaled: bool, inside: object = None) -> bool:
    """Whether an arrow, which may be that of an annotation in a box, ends at nothing that moves."""
    ends = all(end is inside or end is None or _is_shape(end) for end in (arrow.patchA, arrow.patchB))
    styles = arrow.get_arrowstyle(), arrow.get_connectionstyle()
    return ends and all(map(is_known_object, styles)) and _is_plain(arrow, rescaled)


def _is_connection(arrow: Any, rescaled: bool) -> bool:
    return _are_fixed_coordinates(arrow.coords1, arrow.coords2) and _is_arrow(arrow, rescaled)


def _is_fancy_box(artist: Any, rescaled: bool) -> bool:
    return is_known_object(artist.get_boxstyle()) and _is_plain(artist, rescaled)


def _is_rectangle(artist: Any, rescaled: bool) -> bool:
    return _are_numbers(*artist.get_xy(), artist.get_width(), artist.get_height()) and _is_plain(artist, rescaled)


def _is_ellipse(artist: Any, rescaled: bool) -> bool:
    return _are_numbers(*artist.get_center(), artist.get_width(), artist.get_height()) and _is_plain(artist, rescaled)


def _is_mappable(artist: Any, rescaled: bool) -> bool:
    norm = artist.norm
    values = artist.get_array()
    colored = values is None or values.ndim == 3 or (is_known_object(norm) and norm.scaled())
    return colored and _is_plain(artist, rescaled)


def _is_collection(artist: Any, rescaled: bool) -> bool:
    return is_known_transform(artist.get_offset_transform(), artist.axes) and _is_mappable(artist, rescaled)


def _is_quiver(artist: Any, rescaled: bool) -> bool:
    return not (rescaled and (artist.scale is None or artist.width is None)) and _is_collection(artist, rescaled)


def _is_table(artist: Any, rescaled: bool) -> bool:
    return not rescaled and not artists.is_fitted(artist) and _is_plain(artist, rescaled)


def _is_legend(artist: Any, rescaled: bool) -> bool:
    handles = (handle for handle in artist.legend_handles if handle is not None)
    return all(type(handle) in DRAW_METHODS for handle in handles) and _is_plain(artist, rescaled)


def is_axis(artist: Any, rescaled: bool) -> bool:
    """Whether the label and the offset text of an axis are drawn without a filter."""
    return artist.label.get_agg_filter() is None and artist.offsetText.get_agg_filter() is None


def _is_axes(artist: Any, rescaled: bool) -> bool:
    locator = artist.get_axes_locator()
    return (
        artist.get_agg_filter() is None
        and not has_own_listeners(artist.callbacks)
        and not may_rescale_other_figures(artist)
        and (locator is None or is_known_object(locator) or type(locator) in ATTRIBUTES)
    )


def _is_secondary_axis(artist: Any, rescaled: bool) -> bool:
    return all(map(is_pure, artists.functions_of(artist))) and _is_axes(artist, rescaled)


def _is_subfigure(artist: Any, rescaled: bool) -> bool:
    """Whether a subfigure is drawn, and so places the axes in it, and without a filter."""
    return artist.get_visible() and artist.get_agg_filter() is None


def _is_artist_box(artist: Any, rescaled: bool) -> bool:
    """Whether a box that packs other artists, and moves them when it is drawn, holds only the known."""
    checks = [(CHECKS.get(type(child)), child) for child in artist.get_children()]
    return _is_plain(artist, rescaled) and all(check is not None and check(child, rescaled) for check, child in checks)


def _is_annotation_box(artist: Any, rescaled: bool) -> bool:
    coordinates = _are_fixed_coordinates(artist.xycoords, artist.boxcoords)
    return coordinates and _are_numbers(*artist.xy) and _is_artist_box(artist, rescaled)


_NUMBERS = (int, float, np.number, np.bool_, dt.date, np.datetime64, np.timedelta64)
"""Types of numbers, and of dates, whose conversion to numbers changes nothing."""

_BOXES = (patches.FancyBboxPatch, table.CustomCell, table.Cell)
"""Patches that texts, legends and tables put around themselves, unless they are added to axes."""

_CHECKS_OF_BASES: tuple[tuple[type, Check], ...] = (
    (quiver.Quiver, _is_quiver),
    (Collection, _is_collection),
    (ContourSet, _is_collection),
    (AxesImage, _is_mappable),
    (FigureImage, _is_mappable),
    (lines.Line2D, _is_line),
    (text.Annotation, _is_annotation),
    (text.Text, _is_text),
    (patches.FancyArrowPatch, _is_arrow),
    (patches.FancyBboxPatch, _is_fancy_box),
    (patches.Rectangle, _is_rectangle),
    (patches.Ellipse, _is_ellipse),
    (legend.Legend, _is_legend),
    (table.Table, _is_table),
    (Artist, _is_plain),
)
_BOX_KINDS = (
    *(offsetbox.AnchoredOffsetbox, offsetbox.AnchoredText, offsetbox.AuxTransformBox, offsetbox.DrawingArea),
    *(offsetbox.HPacker, offsetbox.OffsetImage, offsetbox.TextArea, offsetbox.VPacker),
)
CHECKS: dict[type, Check] = {
    **{kind: next(check for base, check in _CHECKS_OF_BASES if issubclass(kind, base)) for kind in DRAW_METHODS},
    **dict.fromkeys(AXIS_KINDS, is_axis),
    **dict.fromkeys(AXES_KINDS, _is_axes),
    **dict.fromkeys(_BOX_KINDS, _is_artist_box),
    offsetbox.AnnotationBbox: _is_annotation_box,
    patches.ConnectionPatch: _is_connection,
    artists.SecondaryAxis: _is_secondary_axis,
    inset.InsetIndicator: _is_plain,
    quiver.QuiverKey: lambda artist, rescaled: not rescaled and _is_plain(artist, rescaled),
    SubFigure: _is_subfigure,
}
"""The check of each class that is known."""

CHECKS_OF_PARENTS = (_is_axes, _is_secondary_axis, _is_subfigure)
"""The checks of artists that have others in them."""
