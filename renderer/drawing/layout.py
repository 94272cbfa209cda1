"""Layout engines: layouts that would change nothing are left out.

`Figure.draw` runs the engine, which measures the axes and moves them, and a frame takes two such draws before the one
that is seen. These draws are a function of what they read: the places of the axes, and the sizes of the artists around
them. They do not measure artists that are hidden or clipped to their axes.

While a frame is laid out, `Layout` records which artists are measured. A `Watch` then follows those, all positions of
axes, and, for the other artists, the attributes that exempt them from measuring. If the watch sees no change when the
next frame begins, and none when that frame is done, then its draws have led from this state back to it. Until the watch
sees a change, they would do so again, and are left out.

The watch compares whole frames: within a frame, places may change and change back. Often their last bits do, and two
resolutions have two layouts.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, GridSpecFromSubplotSpec, SubplotSpec
from matplotlib.layout_engine import ConstrainedLayoutEngine, PlaceHolderLayoutEngine, TightLayoutEngine
from matplotlib.legend import Legend

from renderer.drawing.axis.ticks import axes_measured_with_ticks_once, axis_drawn_with_ticks_once
from renderer.drawing.backoff import LONGEST_WAIT, Backoff
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.known import AXES_LAYOUT, AXES_STATE, CLIPPING, DRAW_METHODS, FIGURE_LAYOUT, finds_its_place
from renderer.drawing.state.watch import Watch
from renderer.mpl.axes import DATA_LIMITS, grids_of, groups_of, titles
from renderer.mpl.hooks import hooked, unhooked
from renderer.mpl.legends import FIND_PLACE, fits_inside
from renderer.mpl.overrides import draws_by_itself, has_own_methods
from renderer.mpl.steps import has_listeners, without_layout

PATIENCE = 16
"""Frames that a layout may take to come to rest; most take 4 to 11."""

_ENGINES = (ConstrainedLayoutEngine, TightLayoutEngine)
_GRIDS = (GridSpec, GridSpecFromSubplotSpec, SubplotSpec)


@dataclass
class _FrameLayout:
    """How the layout of one frame went.

    Attributes
    ----------
    requested, done : int
        Number of draws that were requested before the one that is seen, and how many of them were not left out.
    began_unchanged : bool or None
        Whether the watch had seen no change when the frame began; None before it began.
    measured : set of Artist
        The artists whose sizes were read.
    sticks_out : bool
        Whether a legend that looks for its place may need room outside the axes there.
    """

    requested: int = 0
    done: int = 0
    began_unchanged: bool | None = None
    measured: set[Artist] = field(default_factory=set)
    sticks_out: bool = False


class Layout:
    """Makes the draws that a layout engine needs before a frame, or leaves them out where they would change nothing.

    Finding out takes time. Where a layout never rests, or something changes it in every frame, `Layout` tries ever more
    rarely.

    Parameters
    ----------
    figure : Figure
        Any figure. Matplotlib lays it out for every frame if it holds anything unknown.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure: Any = figure
        self.forget()

    def forget(self) -> None:
        """Lay the next frames out."""
        self._surroundings: _Surroundings = {}
        self._ignore()
        self._last = _FrameLayout()  # as the watch saw it
        self._restless = 0
        self._backoff = Backoff(patience=0, longest=LONGEST_WAIT)
        self._frame = _FrameLayout()

    def is_idle(self) -> bool:
        """Whether the figure has no layout engine, or one that does nothing."""
        return type(self._figure.get_layout_engine()) in (type(None), PlaceHolderLayoutEngine)

    def draw_idle(self) -> None:
        """Draw without rendering, unless that can wait until something changes."""
        self._look()
        rests = self._rests() and self._frame.requested < self._last.requested
        self._frame.requested += 1
        if not rests:
            self._catch_up()

    @contextmanager
    def frame(self) -> Iterator[None]:
        """Let the figure be saved inside the with block, without its layout engine where that would change nothing."""
        if self.is_idle():
            self.forget()
            with without_layout(self._figure):
                yield
            return
        self._look()
        if self._rests() and self._frame.requested == self._last.requested:
            with without_layout(self._figure):
                yield
            if self._watch.changed():  # drawing has replaced objects
                self._frame.measured = self._last.measured
                self._learn()
        else:
            try:
                self._catch_up()
                with axes_measured_with_ticks_once(self._known_axes()), self._reading():
                    yield
            except BaseException:
                self.forget()
                raise
            self._learn()
        self._frame = _FrameLayout()

    def follow_again(self) -> None:
        """Watch the figure as it is now; it has been laid out by others, and looks as it did."""
        if self._steady:
            self._surroundings = _surroundings(self._figure)
            self._watch = _watch(self._figure, self._surroundings, self._last)

    def _rests(self) -> bool:
        """Whether the draws that this frame has requested so far can be left out."""
        return self._unchanged and self._steady and not self._frame.done

    def _look(self) -> None:
        """Look for changes. Draws that were left out before a change count as done: they would have changed nothing."""
        self._unchanged = self._is_unchanged()
        if self._frame.began_unchanged is None:
            self._frame.began_unchanged = self._unchanged
        if not self._unchanged:
            self._frame.done = self._frame.requested

    def _catch_up(self) -> None:
        """Make the draws that were requested."""
        known = self._known_axes()
        with axes_measured_with_ticks_once(known), axis_drawn_with_ticks_once(known), self._reading():
            while self._frame.done < self._frame.requested:
                self._figure.draw_without_rendering()
                self._frame.done += 1

    def _learn(self) -> None:
        """Find out whether the last frame has left everything as it was, if an attempt is due."""
        watched = self._watch.blind is None
        if not self._backoff.due() or (watched and not self._frame.began_unchanged):
            self._backoff.failed()
            self._ignore()
            return
        self._compare()
        if self._steady:
            self._restless = 0
            self._backoff.succeeded()
        elif watched:
            self._restless += 1
            if self._restless > PATIENCE:
                self._backoff.failed()

    def _ignore(self) -> None:
        self._watch = Watch()
        self._watch.blind = self._figure
        self._steady: bool = False

    def _compare(self) -> None:
        """Watch what the frame depended on, and find out whether all that is as the frame before left it."""
        former, watched = (self._last.requested, self._last.measured, self._surroundings), self._watch
        self._last, self._surroundings = self._frame, _surroundings(self._figure)
        self._watch = _watch(self._figure, self._surroundings, self._frame)
        self._steady = (
            self._frame.began_unchanged is True
            and (self._frame.requested, self._frame.measured, self._surroundings) == former
            and watched.value == self._watch.value
        )

    def _is_unchanged(self) -> bool:
        with unhooked(axis for axes in self._surroundings for axis in (axes.xaxis, axes.yaxis)):
            changed = self._watch.changed()
        return (
            not changed
            and _surroundings(self._figure) == self._surroundings
            and not draws_by_itself(self._figure)
            and not has_listeners(self._figure)
        )

    def _known_axes(self) -> list[Axes]:
        surroundings = _surroundings(self._figure)
        return [axes for axes in surroundings if _is_known(axes, surroundings)]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Record the artists that are measured inside the with block."""
        frame = self._frame

        def list_measured(former: Callable[[], list[Artist]], axes: Axes) -> list[Artist]:
            artists = former()
            frame.measured.update(artists)
            return artists

        def find(former: Callable[..., Any], legend: Legend, width: float, height: float, renderer: Any) -> Any:
            frame.sticks_out |= not fits_inside(legend, (width, height), renderer)
            return former(width, height, renderer)

        all_axes = _all_axes(self._figure) if self._backoff.due() else []
        legends = [child for axes in all_axes for child in axes.get_children() if _finds_its_place(child)]
        with ExitStack() as stack:
            stack.enter_context(hooked(all_axes, "get_default_bbox_extra_artists", list_measured))
            stack.enter_context(hooked(legends, FIND_PLACE, find))
            yield


_Surroundings = dict[Any, tuple[list[Artist], list[Any]]]
"""The artists in each of the axes, and the axes that are linked to it in any way."""


def _all_axes(figure: Any) -> list[Any]:
    all_axes = list(figure.axes)
    for axes in all_axes:  # which grows
        all_axes += axes.child_axes
    return all_axes


def _surroundings(figure: Any) -> _Surroundings:
    return {axes: (axes.get_children(), groups_of(axes)) for axes in _all_axes(figure)}


def _finds_its_place(artist: Artist) -> TypeGuard[Legend]:
    return type(artist) is Legend and finds_its_place(artist)


def _watch(figure: Any, surroundings: _Surroundings, frame: _FrameLayout) -> Watch:
    """Watch everything that laying out the figure for a frame has read and set."""
    engine, grids = figure.get_layout_engine(), [grid for axes in surroundings for grid in grids_of(axes)]
    plain = [engine, figure.subplotpars, *grids]
    watch = Watch([figure, *surroundings, *plain])
    watch.blind = figure if frame.sticks_out else _first_unknown(figure, surroundings, grids)
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
        measured = {*titles(axes), *axes.spines.values(), *frame.measured}
        for child in children:
            if child not in measured:
                watch.follow_attributes(child, CLIPPING)
            elif _finds_its_place(child):
                watch.follow_but_for_its_place(child)
            else:
                watch.follow(child)
    if watch.others:
        watch.blind = watch.others
    return watch


def _first_unknown(figure: Any, surroundings: _Surroundings, grids: list[Any]) -> object:
    """Return something whose layout may read more than the watch follows, if there is anything."""
    engine = figure.get_layout_engine()
    if type(figure) is not Figure or type(engine) not in _ENGINES or figure.subfigs:
        return figure
    for axes, (_, groups) in surroundings.items():
        if not _is_known(axes, surroundings):
            return axes
        if not surroundings.keys() >= set().union(*groups):
            return groups
    return next((grid for grid in grids if type(grid) not in _GRIDS), None)


def _is_known(axes: Any, surroundings: _Surroundings) -> bool:
    """Whether these axes, and all artists in them, are of known kinds."""
    children, _ = surroundings[axes]
    known = (type(child) in DRAW_METHODS or child in surroundings for child in children)
    return type(axes) is Axes and not has_own_methods(axes) and all(known)
