"""The steps of a draw that retained drawing takes itself, as in matplotlib 3.10 and 3.11.

Where one of them is missing or works otherwise, `can_retain` says so, and figures are drawn matplotlib's way.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import Any

from matplotlib.animation import Animation
from matplotlib.artist import Artist, _stale_axes_callback  # type: ignore[attr-defined]
from matplotlib.axes import Axes
from matplotlib.backend_bases import DrawEvent, FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure, FigureBase, SubFigure, _stale_figure_callback  # type: ignore[attr-defined]
from matplotlib.gridspec import GridSpec
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from renderer.mpl.artists.axes import (
    awaits_autoscale,
    every_axis,
    grouped_axes,
    groups_of,
    linked_axes,
    may_rescale_other_figures,
    places,
)
from renderer.mpl.artists.legends import FIND_PLACE
from renderer.mpl.artists.single import SecondaryAxis, follow_parent

_log = logging.getLogger(__name__)

_start: Any = Animation._start  # type: ignore[attr-defined]

_STALE_CALLBACKS = (None, _stale_axes_callback, _stale_figure_callback)
"""Those that matplotlib gives to artists (private, 3.10 and 3.11); figures of pyplot have one of its module."""


def draw_artists(figure: Any, renderer: RendererAgg) -> list[Artist]:
    """Return what a figure or a subfigure draws, in order; this applies the aspects of its axes, as a draw does."""
    return [figure.patch, *figure._get_draw_artists(renderer)]


def settle(figure: Any, renderer: RendererAgg) -> None:
    """Change the limits and places of all axes as a draw does, in its order, without drawing."""
    if all(map(_is_settled, figure.axes)):
        return
    for artist in draw_artists(figure, renderer):
        if isinstance(artist, FigureBase):
            settle(artist, renderer)
        elif isinstance(artist, Axes):
            _settle_axes(artist)


def _is_settled(axes: Any) -> bool:
    """Whether drawing these axes leaves their limits alone, and moves them no further than the next draw will."""
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
            if isinstance(inner, SecondaryAxis):
                follow_parent(inner)
            _settle_axes(inner)


def lay_out(figure: Any, renderer: RendererAgg) -> None:
    """Run the layout engine and change limits and places as ``Figure.draw`` does, without drawing the artists."""
    if not figure.get_visible():
        return
    artists = draw_artists(figure, renderer)
    engine = figure.get_layout_engine()
    if engine is not None and figure.axes:
        with suppress(ValueError):  # as Figure.draw does: axes may have no room
            engine.execute(figure)
    for artist in artists:
        if isinstance(artist, Axes):
            _place_axes(artist, renderer)


def _place_axes(axes: Any, renderer: RendererAgg) -> None:
    """Change limits and places as ``Axes.draw`` does first, in these axes and those in them."""
    if axes.get_visible():
        _ = axes.viewLim  # lets a pending autoscale happen
        locator = axes.get_axes_locator()
        axes.apply_aspect(locator(axes, renderer) if locator else None)
        for inner in sorted(axes.child_axes, key=Artist.get_zorder):
            _place_axes(inner, renderer)


def figure_lock(figure: Any) -> Any:
    """Return the lock that ``Figure.draw`` holds."""
    return figure._render_lock


def renew_figure_lock() -> None:
    """Replace the lock of all figures, in a forked child: the thread that holds it may not be there."""
    Figure._render_lock = threading.RLock()  # type: ignore[attr-defined]


def send_draw_event(figure: Figure, renderer: RendererAgg) -> None:
    """Send the event that ends ``Figure.draw``."""
    event: Any = DrawEvent("draw_event", figure.canvas, renderer)
    event._process()


def drawing_order(axes: Any) -> list[Artist]:
    """Return what ``Axes.draw`` draws, in order, on a canvas that is saving."""
    if not axes.get_visible():
        return []
    framed = axes.axison and axes._frameon
    hidden = {axes.patch}
    if not framed:
        hidden.update(axes.spines.values())
    if not axes.axison:
        hidden.update(every_axis([axes]))
    shown = (artist for artist in axes.get_children() if artist not in hidden)
    order = sorted(shown, key=Artist.get_zorder)
    return [axes.patch, *order] if framed else order


def has_listeners(figure: Figure) -> bool:
    """Whether anything is called after a draw; animations wait for their first draw, and do nothing in others."""
    listeners = figure.canvas.callbacks.callbacks.get("draw_event", {}).values()
    return any(getattr(listener(), "__func__", None) is not _start for listener in listeners)


def changes_unheard(artist: Any, figure: Figure) -> bool:
    """Whether an artist is in a figure, or a subfigure of it, and no program is told when a draw changes it."""
    # The attributes are private, of 3.10 and 3.11; get_figure takes several times as long.
    is_inside = artist._parent_figure is figure or artist.get_figure(root=True) is figure
    callback = artist.stale_callback
    is_known = callback in _STALE_CALLBACKS or getattr(callback, "__module__", None) == "matplotlib.pyplot"
    return is_inside and is_known and not artist._callbacks.callbacks


@contextmanager
def without_layout(figure: Any) -> Iterator[None]:
    """Leave the figure without layout engine inside the with block."""
    engine = figure._layout_engine
    figure._layout_engine = None
    try:
        yield
    finally:
        figure._layout_engine = engine


@contextmanager
def as_in_save(canvas: Any) -> Iterator[None]:
    """Let a canvas draw as during ``Animation.save`` inside the with block; without a manager it resizes no window."""
    manager = canvas.manager
    canvas.manager = None
    try:
        with saving(canvas):
            yield
    finally:
        canvas.manager = manager


@contextmanager
def saving(canvas: Any) -> Iterator[None]:
    """Let a canvas draw animated artists, and start no animation, inside the with block."""
    former = canvas._is_saving
    canvas._is_saving = True
    try:
        yield
    finally:
        canvas._is_saving = former


def pixel_ratio_of(canvas: FigureCanvasBase) -> float:
    """Return how many pixels of a window's screen a pixel of the figure is wide."""
    ratio: float = canvas.device_pixel_ratio
    return ratio


def set_pixel_ratio(canvas: Any, ratio: float) -> None:
    """Set the ratio of a canvas, and leave the figure's resolution alone (private: ``_device_pixel_ratio``)."""
    canvas._device_pixel_ratio = ratio


def new_renderer(canvas: Any) -> RendererAgg:
    """Return a new renderer of the size that a `FigureCanvasAgg` makes for its figure (private: ``_lastKey``).

    Matplotlib 3.10 makes it from the figure's box, with fractions of a pixel, and turns texts about its height.
    """
    canvas._lastKey = None
    renderer: RendererAgg = FigureCanvasAgg.get_renderer(canvas)
    return renderer


def place_titles(axes: Any, renderer: RendererAgg) -> None:
    """Move the titles above the ticks, as ``Axes.draw`` does first."""
    axes._update_title_position(renderer)


@cache
def can_retain() -> bool:
    """Whether figures and axes are drawn in the steps known here, found out by watching one being drawn."""
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
    inner = figure.add_subfigure(GridSpec(1, 1)[0], zorder=5)
    inner.text(0, 0, "text", zorder=-1)
    inner.add_artist(Line2D([0, 1], [0, 1], animated=True))
    renderer = canvas.get_renderer()
    drawn: list[Artist] = []
    parts = [figure.patch, axes, *axes.get_children(), inner, *inner.get_children()]

    def draw(artist: Any, renderer: RendererAgg) -> None:
        drawn.append(artist)
        if isinstance(artist, Axes | SubFigure):  # the others are only listed
            type(artist).draw(artist, renderer)

    for part in parts:
        vars(part)["draw"] = partial(draw, part)
    figure.draw(renderer)
    for part in parts:
        del vars(part)["draw"]
    expected = [figure.patch, axes, *drawing_order(axes), inner, *draw_artists(inner, renderer)]
    linked_axes(axes)
    grouped_axes(axes)
    places([axes])
    awaits_autoscale(axes)
    may_rescale_other_figures(axes)
    settle(figure, renderer)
    place_titles(axes, renderer)
    groups_of(axes)
    has_listeners(figure)
    changes_unheard(axes, figure)
    with figure_lock(figure), without_layout(figure):
        parts_of_figure = draw_artists(figure, renderer)
    return drawn == expected and parts_of_figure == [figure.patch, axes, inner] and hasattr(Legend, FIND_PLACE)
