"""Figures of which one draw is enough, where ``Animation.save`` draws twice.

Save makes an Agg canvas draw before it saves a frame. That draw may be left out if the next one would come out alike
without it: if no artist reads in the second draw what an artist that is drawn later set in the first. This is known of
the classes listed here, under the conditions that their checks state, once the limits and places of all axes are
settled (`renderer.mpl.steps.settle`). Where there is a listener, a class that is not listed, or a function that may
read anything, both draws are made.

The draws of the listed classes set, and others may read:

- the masks of clip paths, where artists that share one disagree about it;
- the places of texts, legends, tables and boxes, and the outlines of boxes around texts: arrows, annotations and clip
  paths may refer to them;
- the limits of a color scale that has none yet: a color bar shows them;
- the categories of an axis, where data are words: the ticks show them;
- the lengths of quivers and the fonts of tables, which depend on the resolution of the first draw.
"""

import datetime as dt
from collections.abc import Callable
from operator import is_
from types import NoneType
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import numpy as np
from matplotlib import inset, legend, lines, offsetbox, patches, quiver, table, text
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure, SubFigure
from matplotlib.image import AxesImage, FigureImage
from matplotlib.layout_engine import ConstrainedLayoutEngine, PlaceHolderLayoutEngine, TightLayoutEngine
from matplotlib.scale import FuncTransform
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import TransformedPatchPath, TransformNode, TransformWrapper

from renderer.drawing.agg.clip_users import ClipUsers
from renderer.drawing.state.attributes import FORMS, METHOD_NAMES, UnknownError, has_own_methods
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.known import ATTRIBUTES, AXES_KINDS, AXIS_KINDS, DRAW_METHODS
from renderer.drawing.state.known_3d import SHAPES_3D
from renderer.drawing.state.methods import METHODS
from renderer.drawing.state.values import value_of
from renderer.mpl import artists, steps
from renderer.mpl.axes import may_rescale_other_figures
from renderer.mpl.overrides import has_own_listeners

_Check = Callable[[Any, bool], bool]
"""Whether one draw of an artist is enough; the second argument says whether the first has another resolution."""


class OneDraw:
    """Finds out, frame by frame, whether one draw of a figure is enough.

    Parameters
    ----------
    figure : Figure
        The figure.
    """

    def __init__(self, figure: Figure) -> None:
        METHODS.look_at_all()
        self._figure: Any = figure
        self._clip_users = ClipUsers()
        self._known_tickers: WeakKeyDictionary[Any, tuple[object, ...]] = WeakKeyDictionary()

    def obstacle(self, *, rescaled: bool) -> object:
        """Return the first thing in the figure for which one draw may not be enough, None if there is none.

        Parameters
        ----------
        rescaled : bool
            Whether the frame has another resolution than the figure, in which the first draw is made.
        """
        figure = self._figure
        SETTINGS.look()
        if METHODS.replaced or not steps.can_retain() or type(figure) is not Figure or steps.has_listeners(figure):
            return figure
        if type(figure.get_layout_engine()) not in _ENGINES:
            return figure.get_layout_engine()
        self._clip_users.next_frame()
        return self._first_unknown(figure.get_children(), rescaled)

    def _first_unknown(self, children: list[Artist], rescaled: bool) -> object:
        for artist in children:
            check = _CHECKS.get(type(artist)) or _check_of_mplot3d(artist)
            if check is None or not check(artist, rescaled):
                return artist
            if not METHOD_NAMES[type(artist)].isdisjoint(vars(artist)) and has_own_methods(artist):
                return artist
            if check is _is_axis:
                if not self._has_known_tickers(artist):
                    return artist
            elif artist.get_clip_path() is not None and not self._clip_users.agree_with(artist):
                return artist
            if check in _CHECKS_OF_PARENTS:
                unknown = self._first_unknown(artist.get_children(), rescaled)
                if unknown is not None:
                    return unknown
        return None

    def _has_known_tickers(self, axis: Any) -> bool:
        """Whether the locators, the formatters and the scale of an axis are known; they are looked at once."""
        tickers = axis.major.locator, axis.major.formatter, axis.minor.locator, axis.minor.formatter
        parts = *tickers, axis.get_transform()
        if all(map(is_, parts, self._known_tickers.get(axis, _NOTHING))):
            return True
        functions = [ticker.func for ticker in tickers if type(ticker) is FuncFormatter]
        known = all(map(_is_known_object, tickers)) and _is_known_transform(parts[-1]) and all(map(_is_pure, functions))
        if known and not functions:  # which may change in place
            self._known_tickers[axis] = parts
        return known


_NOTHING = (object(),) * 5


def _check_of_mplot3d(artist: Artist) -> _Check | None:
    """Return the check of an artist of matplotlib's 3-D axes, whose modules are not imported for it."""
    kind = type(artist)
    if not kind.__module__.startswith("mpl_toolkits.mplot3d."):
        return None
    if isinstance(artist, Axes):
        return _is_axes
    if isinstance(artist, Axis):
        return _is_axis
    return next((_CHECKS[base] for base in kind.__mro__ if base in _CHECKS), None)


def _is_plain(artist: Any, rescaled: bool) -> bool:
    """Whether only the known decides where an artist is drawn, and nothing else takes part in its drawing."""
    effects, path, axes = artist.get_path_effects(), artist.get_clip_path(), artist.axes
    return (
        artist.get_agg_filter() is None
        and (not effects or all(map(_is_known_object, effects)))
        and (path is None or type(path) is not TransformedPatchPath or _is_shape(artists.patch_of(path)))
        and _is_known_transform(artists.own_transform(artist), axes)
    )


def _is_known_object(item: object) -> bool:
    return FORMS[type(item)] == "object"


def _is_pure(function: object) -> bool:
    """Whether a function reads its arguments, and nothing that changes."""
    try:
        value_of(function, {})
    except UnknownError:
        return False
    return True


def _is_known_transform(transform: Any, axes: Any = None) -> bool:
    """Whether a transform, which may be missing or the usual one of axes, is made of nothing but matplotlib's own."""
    if transform is None or _is_constant(transform) or (axes is not None and transform is axes.transData):
        return True
    names = ATTRIBUTES.get(type(transform))
    if names is None:
        return type(transform) is FuncTransform and all(map(_is_pure, artists.functions_of(transform)))
    parts = [part for part in map(vars(transform).get, names) if isinstance(part, TransformNode)]
    known = all(_is_known_transform(part, axes) for part in parts)
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
        stands_alone and type(patch) not in SHAPES_3D and _is_known_transform(artists.own_transform(patch), patch.axes)
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
    framed = box is None or _is_known_object(box.get_boxstyle())
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
    return isinstance(coordinate, str) or _is_known_transform(coordinate)


def _is_arrow(arrow: Any, rescaled: bool, inside: object = None) -> bool:
    """Whether an arrow, which may be that of an annotation in a box, ends at nothing that moves."""
    ends = all(end is inside or end is None or _is_shape(end) for end in (arrow.patchA, arrow.patchB))
    styles = arrow.get_arrowstyle(), arrow.get_connectionstyle()
    return ends and all(map(_is_known_object, styles)) and _is_plain(arrow, rescaled)


def _is_connection(arrow: Any, rescaled: bool) -> bool:
    return _are_fixed_coordinates(arrow.coords1, arrow.coords2) and _is_arrow(arrow, rescaled)


def _is_fancy_box(artist: Any, rescaled: bool) -> bool:
    return _is_known_object(artist.get_boxstyle()) and _is_plain(artist, rescaled)


def _is_rectangle(artist: Any, rescaled: bool) -> bool:
    return _are_numbers(*artist.get_xy(), artist.get_width(), artist.get_height()) and _is_plain(artist, rescaled)


def _is_ellipse(artist: Any, rescaled: bool) -> bool:
    return _are_numbers(*artist.get_center(), artist.get_width(), artist.get_height()) and _is_plain(artist, rescaled)


def _is_mappable(artist: Any, rescaled: bool) -> bool:
    norm = artist.norm
    values = artist.get_array()
    colored = values is None or values.ndim == 3 or (_is_known_object(norm) and norm.scaled())
    return colored and _is_plain(artist, rescaled)


def _is_collection(artist: Any, rescaled: bool) -> bool:
    return _is_known_transform(artist.get_offset_transform(), artist.axes) and _is_mappable(artist, rescaled)


def _is_quiver(artist: Any, rescaled: bool) -> bool:
    return not (rescaled and (artist.scale is None or artist.width is None)) and _is_collection(artist, rescaled)


def _is_table(artist: Any, rescaled: bool) -> bool:
    return not rescaled and not artists.is_fitted(artist) and _is_plain(artist, rescaled)


def _is_legend(artist: Any, rescaled: bool) -> bool:
    handles = (handle for handle in artist.legend_handles if handle is not None)
    return all(type(handle) in DRAW_METHODS for handle in handles) and _is_plain(artist, rescaled)


def _is_axis(artist: Any, rescaled: bool) -> bool:
    return artist.label.get_agg_filter() is None and artist.offsetText.get_agg_filter() is None


def _is_axes(artist: Any, rescaled: bool) -> bool:
    locator = artist.get_axes_locator()
    return (
        artist.get_agg_filter() is None
        and not has_own_listeners(artist.callbacks)
        and not may_rescale_other_figures(artist)
        and (locator is None or _is_known_object(locator) or type(locator) in ATTRIBUTES)
    )


def _is_secondary_axis(artist: Any, rescaled: bool) -> bool:
    return all(map(_is_pure, artists.functions_of(artist))) and _is_axes(artist, rescaled)


def _is_artist_box(artist: Any, rescaled: bool) -> bool:
    """Whether a box that packs other artists, and moves them when it is drawn, holds only the known."""
    checks = [(_CHECKS.get(type(child)), child) for child in artist.get_children()]
    return _is_plain(artist, rescaled) and all(check is not None and check(child, rescaled) for check, child in checks)


def _is_annotation_box(artist: Any, rescaled: bool) -> bool:
    coordinates = _are_fixed_coordinates(artist.xycoords, artist.boxcoords)
    return coordinates and _are_numbers(*artist.xy) and _is_artist_box(artist, rescaled)


_ENGINES = frozenset({NoneType, PlaceHolderLayoutEngine, ConstrainedLayoutEngine, TightLayoutEngine})

_NUMBERS = (int, float, np.number, np.bool_, dt.date, np.datetime64, np.timedelta64)
"""Types of numbers, and of dates, whose conversion to numbers changes nothing."""

_BOXES = (patches.FancyBboxPatch, table.CustomCell, table.Cell)
"""Patches that texts, legends and tables put around themselves, unless they are added to axes."""

_CHECKS_OF_BASES: tuple[tuple[type, _Check], ...] = (
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
_CHECKS: dict[type, _Check] = {
    **{kind: next(check for base, check in _CHECKS_OF_BASES if issubclass(kind, base)) for kind in DRAW_METHODS},
    **dict.fromkeys(AXIS_KINDS, _is_axis),
    **dict.fromkeys(AXES_KINDS, _is_axes),
    **dict.fromkeys(_BOX_KINDS, _is_artist_box),
    offsetbox.AnnotationBbox: _is_annotation_box,
    patches.ConnectionPatch: _is_connection,
    artists.SecondaryAxis: _is_secondary_axis,
    inset.InsetIndicator: _is_plain,
    quiver.QuiverKey: lambda artist, rescaled: not rescaled and _is_plain(artist, rescaled),
    SubFigure: lambda artist, _: artist.get_agg_filter() is None,
}
"""The check of each class that is known."""

_CHECKS_OF_PARENTS = (_is_axes, _is_secondary_axis, _CHECKS[SubFigure])
"""The checks of artists that have others in them."""
