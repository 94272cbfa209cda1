"""What a layout measures: axes and the artists around them, and what is known of their sizes."""

from itertools import chain
from typing import Any, TypeGuard

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, GridSpecFromSubplotSpec, SubplotSpec
from matplotlib.image import AxesImage
from matplotlib.layout_engine import ConstrainedLayoutEngine, TightLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Text

from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.known import AXES_KINDS, DRAW_METHODS, finds_its_place
from renderer.drawing.state.known_3d import AXES_3D
from renderer.drawing.state.parts import AXES_LAYOUT, AXES_STATE, CLIPPING, FIGURE_LAYOUT
from renderer.drawing.state.watch import Watch
from renderer.mpl.artists.axes import DATA_LIMITS, every_axis, grids_of, groups_of, titles
from renderer.mpl.artists.legends import is_expanded
from renderer.mpl.overrides import draws_by_itself, has_own_methods
from renderer.mpl.steps import has_listeners

_ENGINES = (ConstrainedLayoutEngine, TightLayoutEngine)
_MEASURED_AFRESH = frozenset(
    {AxesImage, Legend, Line2D, LineCollection, QuadMesh, Rectangle, Text}
    | {kind for kind in DRAW_METHODS if issubclass(kind, Spine)}
)
"""Classes of artists whose sizes follow from what an update sets, and from nothing that a draw does."""

_GRIDS = (GridSpec, GridSpecFromSubplotSpec, SubplotSpec)


Surroundings = dict[Any, tuple[list[Artist], list[Any]]]
"""The artists in each of the axes, and the axes that are linked to it in any way."""


def all_axes_of(figure: Any) -> list[Any]:
    """Return the axes of a figure, and those in them."""
    all_axes = list(figure.axes)
    for axes in all_axes:  # which grows
        all_axes += axes.child_axes
    return all_axes


def surroundings_of(figure: Any) -> Surroundings:
    """Return the surroundings of a figure's axes, and of those in them."""
    return {axes: (axes.get_children(), groups_of(axes)) for axes in all_axes_of(figure)}


def known_axes_of(figure: Any) -> list[Axes]:
    """Return the axes of a figure, and those in them, that are of known kinds, as are all artists in them."""
    surroundings = surroundings_of(figure)
    return [axes for axes in surroundings if _is_known(axes, surroundings)]


def is_placed_by_itself(artist: Artist) -> TypeGuard[Legend]:
    """Whether an artist is a legend that goes where it covers least."""
    return type(artist) is Legend and finds_its_place(artist)


def watch_layout(figure: Any, surroundings: Surroundings, measured: set[Artist]) -> Watch:
    """Watch everything that laying out the figure for a frame has read and set."""
    plain = [figure.get_layout_engine(), figure.subplotpars, *_grids(surroundings)]
    watch = Watch([figure, *surroundings, *plain])
    watch.blind = _first_unknown(figure, surroundings)
    if watch.blind is not None:
        return watch
    watch.follow_settings(SETTINGS)
    watch.follow(figure.dpi_scale_trans, figure.transFigure, figure.bbox)
    watch.follow_attributes(figure, FIGURE_LAYOUT)
    for item in plain:
        watch.follow_attributes(item, vars(item))
    for axes, (children, _) in surroundings.items():
        watch.follow_attributes(axes, AXES_STATE + AXES_LAYOUT)
        watch.follow_attributes(axes.dataLim, DATA_LIMITS)
        followed = {*titles(axes), *axes.spines.values(), *measured}
        for child in children:
            if child not in followed:
                watch.follow_attributes(child, CLIPPING)
            elif is_placed_by_itself(child):
                watch.follow_but_for_its_place(child)
            else:
                watch.follow(child)
    if watch.others:
        watch.blind = watch.others
    return watch


def is_measured_afresh(figure: Any) -> bool:
    """Whether the sizes that the layout reads are the same after a draw as before, limits and places apart.

    That is so for the classes of `_MEASURED_AFRESH` in plain axes. The size of a scatter, for instance, depends on the
    resolution of its last draw, and polar axes place their spines when they are drawn. A legend that looks for its
    place measures texts on the renderer of their last draw. An axis that is not measured would lack the ticks that a
    draw makes at a place between.
    """
    surroundings = surroundings_of(figure)
    if not draws_as_usual(figure) or _first_unknown(figure, surroundings) is not None:
        return False
    measured = {artist for axes in surroundings for artist in axes.get_default_bbox_extra_artists()}
    legends = chain(figure.legends, (artist for artist in measured if type(artist) is Legend))
    texts = {text for axes in surroundings for text in axes.texts}
    return (
        all(type(artist) in _MEASURED_AFRESH or artist in surroundings for artist in measured)
        and all(type(axes) is Axes for axes in surroundings)
        and all(part.get_in_layout() for part in chain(surroundings, every_axis(surroundings)))
        and not any(map(is_expanded, legends))
        and (texts <= measured or not any(map(is_placed_by_itself, measured)))
    )


def draws_as_usual(figure: Figure) -> bool:
    """Whether a draw calls nothing of the program's own, as far as methods and listeners go."""
    return not draws_by_itself(figure) and not has_listeners(figure)


def _first_unknown(figure: Any, surroundings: Surroundings) -> object:
    """Return something whose layout may read more than the watch follows, if there is anything."""
    engine = figure.get_layout_engine()
    if type(figure) is not Figure or type(engine) not in _ENGINES or figure.subfigs:
        return figure
    for axes, (_, groups) in surroundings.items():
        if not _is_known(axes, surroundings):
            return axes
        if not surroundings.keys() >= set().union(*groups):
            return groups
    return next((grid for grid in _grids(surroundings) if type(grid) not in _GRIDS), None)


def _grids(surroundings: Surroundings) -> list[Any]:
    return [grid for axes in surroundings for grid in grids_of(axes)]


def _is_known(axes: Any, surroundings: Surroundings) -> bool:
    """Whether these axes, and all artists in them, are of known kinds."""
    children, _ = surroundings[axes]
    known = (type(child) in DRAW_METHODS or child in surroundings for child in children)
    return type(axes) in AXES_KINDS - AXES_3D and not has_own_methods(axes) and all(known)
