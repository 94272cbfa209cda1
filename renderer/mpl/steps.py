"""What is private in matplotlib's figures and axes and used here, as seen in matplotlib 3.10 and 3.11.

The steps of a draw that retained drawing takes itself. Where one of them is missing or works otherwise,
`can_retain` says so, and figures are drawn matplotlib's way.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import FunctionType
from typing import Any

import numpy as np
from matplotlib.animation import Animation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import DrawEvent
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure, FigureBase
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from renderer.mpl.hooks import hooked

__all__ = [
    "Boxes",
    "Places",
    "best_place",
    "can_retain",
    "draw_artists",
    "drawing_order",
    "figure_lock",
    "fits_inside",
    "found_places",
    "groups_of",
    "has_listeners",
    "has_own_methods",
    "linked_axes",
    "measured",
    "place_titles",
    "remembered",
    "settle",
    "tell_drawn",
    "titles",
    "without_layout",
]

_log = logging.getLogger(__name__)

_start: Any = Animation._start  # type: ignore[attr-defined]

Boxes = dict[Axis, Bbox | None]
"""What ``get_tightbbox`` of each axis gave."""


def draw_artists(figure: Any, renderer: RendererAgg) -> list[Artist]:
    """Give what ``Figure.draw`` draws, in order; this applies the aspects of the axes, as a draw does."""
    return [figure.patch, *figure._get_draw_artists(renderer)]


def settle(figure: Any, renderer: RendererAgg) -> None:
    """Do to the limits and places of all axes what a draw does, in its order, without drawing."""
    if all(map(_is_settled, figure.axes)):
        return
    for artist in draw_artists(figure, renderer):
        if isinstance(artist, FigureBase):
            settle(artist, renderer)
        elif isinstance(artist, Axes):
            _settle_axes(artist)


def _is_settled(axes: Any) -> bool:
    """Tell whether a draw would do nothing to the limits, and to the place nothing that the next one does not do."""
    kind: Any = type(axes)
    return (
        kind is Axes
        and axes.get_aspect() == "auto"
        and axes.get_box_aspect() is None
        and axes.get_axes_locator() is None
        and not axes.child_axes
        and not any(axes._stale_viewlims.values())
    )


def _settle_axes(axes: Any) -> None:
    if axes.get_visible():
        _ = axes.viewLim  # lets a pending autoscale happen
        for inner in axes.child_axes:
            _settle_axes(inner)


def figure_lock(figure: Any) -> Any:
    """Give the lock that ``Figure.draw`` holds."""
    return figure._render_lock


def tell_drawn(figure: Figure, renderer: RendererAgg) -> None:
    """Send the event that ends ``Figure.draw``."""
    event: Any = DrawEvent("draw_event", figure.canvas, renderer)
    event._process()


def drawing_order(axes: Any) -> list[Artist]:
    """Give what ``Axes.draw`` draws, in order, on a canvas that is saving."""
    if not axes.get_visible():
        return []
    framed = axes.axison and axes.get_frame_on()
    hidden = {axes.patch}
    if not framed:
        hidden.update(axes.spines.values())
    if not axes.axison:
        hidden.update(axes._axis_map.values())
    shown = (artist for artist in axes.get_children() if artist not in hidden)
    order = sorted(shown, key=Artist.get_zorder)
    return [axes.patch, *order] if framed else order


def titles(axes: Any) -> tuple[Text, Text, Text]:
    """Give the three titles."""
    return axes.title, axes._left_title, axes._right_title


def linked_axes(axes: Any) -> set[Axes]:
    """Give the other axes whose ticks count for the labels and the titles of *axes*."""
    linked: set[Axes] = set()
    for aligned in axes.get_figure(root=False)._align_label_groups.values():
        linked.update(aligned.get_siblings(axes))
    if any(title.get_text() for title in titles(axes)):
        linked.update(axes.child_axes, axes._twinned_axes.get_siblings(axes))
    return linked - {axes}


def groups_of(axes: Any) -> list[Any]:
    """Give the groups of axes that share limits, places, or the alignment of labels with *axes*."""
    aligned = axes.get_figure(root=False)._align_label_groups.values()
    return [group.get_siblings(axes) for group in (*axes._shared_axes.values(), axes._twinned_axes, *aligned)]


def has_own_methods(axes: Any) -> bool:
    """Tell whether single methods of the axes were replaced, other than by a colour bar, which does so for clearing."""
    replaced = (own for name, own in vars(axes).items() if isinstance(getattr(type(axes), name, None), FunctionType))
    return any(type(getattr(own, "__self__", None)) is not Colorbar for own in replaced)


def has_listeners(figure: Figure) -> bool:
    """Tell whether anything is called after a draw; animations wait for their first draw, and do nothing in others."""
    listeners = figure.canvas.callbacks.callbacks.get("draw_event", {}).values()
    return any(getattr(listener(), "__func__", None) is not _start for listener in listeners)


@contextmanager
def without_layout(figure: Any) -> Iterator[None]:
    """Leave the figure without layout engine inside the with block."""
    engine = figure._layout_engine
    figure._layout_engine = None
    try:
        yield
    finally:
        figure._layout_engine = engine


def place_titles(axes: Any, renderer: RendererAgg) -> None:
    """Move the titles above the ticks, as ``Axes.draw`` does first."""
    axes._update_title_position(renderer)


Places = list[tuple[tuple[float, float], tuple[float, float]]]
"""Sizes of a legend, and where it was put."""


def best_place(legend: Any, size: tuple[float, float], renderer: RendererAgg) -> tuple[float, float]:
    """Find where a legend of this size covers least."""
    left, bottom = type(legend)._find_best_position(legend, *size, renderer)
    return left, bottom


def fits_inside(legend: Any, size: tuple[float, float], renderer: RendererAgg) -> bool:
    """Tell whether a legend of this size stays a pixel within its axes, wherever it looks for a place."""
    pad = legend.borderaxespad * renderer.points_to_pixels(legend._fontsize)
    room = legend.parent.bbox.size - 2 * pad
    return legend._bbox_to_anchor is None and pad >= 1 and bool(np.all(size <= room))


@contextmanager
def found_places(legend: Any) -> Iterator[Places]:
    """Keep the places that a legend looks for inside the with block."""
    places: Places = []

    def find(width: float, height: float, renderer: RendererAgg) -> tuple[float, float]:
        place = best_place(legend, (width, height), renderer)
        places.append(((width, height), place))
        return place

    vars(legend)["_find_best_position"] = find
    try:
        yield places
    finally:
        del vars(legend)["_find_best_position"]


@contextmanager
def measured(all_axes: Iterable[Any]) -> Iterator[Boxes]:
    """Keep the boxes of the axes' ticks and labels that are asked for inside the with block.

    Asking costs most of a draw, and changes the ticks.
    """
    boxes: Boxes = {}

    def measure(former: Callable[..., Bbox | None], axis: Axis, renderer: RendererAgg, **options: Any) -> Bbox | None:
        box = former(renderer, **options)
        if not options:
            boxes[axis] = box
        return box

    every_axis = [axis for axes in all_axes for axis in axes._axis_map.values()]
    with hooked(every_axis, "get_tightbbox", measure):
        yield boxes


@contextmanager
def remembered(boxes: Boxes) -> Iterator[None]:
    """Give these boxes for those asked for inside the with block."""

    def recall(former: Callable[..., Bbox | None], axis: Axis, renderer: RendererAgg, **options: Any) -> Bbox | None:
        box = boxes[axis]
        return None if box is None else box.frozen()

    with hooked(boxes, "get_tightbbox", recall):
        yield


@cache
def can_retain() -> bool:
    """Tell whether figures and axes are drawn in the steps known here, by watching one being drawn."""
    try:
        known = _draws_as_known()
    except Exception:  # whatever it is, this matplotlib is not one of those known
        known = False
    if not known:
        _log.warning("this matplotlib draws figures in a way that is not known here; each frame is drawn in full")
    return known


def _draws_as_known() -> bool:
    figure = Figure(figsize=(1, 1))
    canvas: Any = FigureCanvasAgg(figure)
    canvas._is_saving = True
    axes = figure.add_subplot(title="title", xticks=[], yticks=[])
    axes.plot([0, 1])[0].set_zorder(10)
    renderer = canvas.get_renderer()
    drawn: list[Artist] = []
    parts = [figure.patch, axes, *axes.get_children()]

    def draw(artist: Any, renderer: RendererAgg) -> None:
        drawn.append(artist)
        if isinstance(artist, Axes):  # the others are only listed
            type(artist).draw(artist, renderer)

    for part in parts:
        vars(part)["draw"] = partial(draw, part)
    figure.draw(renderer)
    for part in parts:
        del vars(part)["draw"]
    expected = [*draw_artists(figure, renderer), *drawing_order(axes)]
    linked_axes(axes)
    settle(figure, renderer)
    place_titles(axes, renderer)
    groups_of(axes)
    has_listeners(figure)
    with figure_lock(figure), without_layout(figure):
        return drawn == expected and hasattr(Legend, "_find_best_position")
