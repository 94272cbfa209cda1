"""Layout engines: where a layout would change nothing, it need not be made.

`Figure.draw` runs the engine, which measures the axes and moves them, and a frame takes two such draws before the one
that is seen. What they do to the layout is a function of what they read: the places of the axes, and the sizes of what
stands around them. Artists that are hidden or clipped to their axes are not asked for their size. So a frame is drawn
with all that, it is noted which artists are asked, and a `Watch` follows these, the places, and what decides for
the other artists that they are not asked. If the watch has seen no change when the next frame begins, and sees none
when that one is done, then its draws have led from this state back to it. They will do so until the watch sees a
change, and are left out.

Places need not stay what they are between the draws of a frame (often their last bits go to and fro, and two
resolutions have two layouts), since the watch looks at whole frames.
"""

from collections.abc import Callable, Iterable, Iterator
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
from renderer.drawing.axis.value import SETTINGS
from renderer.drawing.retained.nodes import LONGEST_WAIT, draws_by_itself
from renderer.drawing.state.attributes import UnknownError
from renderer.drawing.state.known import (
    AXES_LAYOUT,
    AXES_STATE,
    CLIPPING,
    DRAW_METHODS,
    FIGURE_LAYOUT,
    finds_its_place,
)
from renderer.drawing.state.watch import Watch
from renderer.mpl import steps as internals
from renderer.mpl.hooks import hooked, unhooked

__all__ = ["Layout"]

PATIENCE = 16
"""Frames that a layout may take to come to rest; most take 4 to 11."""

_ENGINES = (ConstrainedLayoutEngine, TightLayoutEngine)
_GRIDS = (GridSpec, GridSpecFromSubplotSpec, SubplotSpec)


@dataclass
class _Frame:
    """What a frame has come to.

    Attributes
    ----------
    asked, made : int
        Draws that were asked for before the one that is seen, and how many of them were not left out.
    began_unchanged : bool or None
        Whether the watch had seen no change when the frame began; None before it began.
    read : set of Artist
        Those whose sizes were asked for.
    sticks_out : bool
        Whether a legend that looks for its place may need room outside the axes there.
    """

    asked: int = 0
    made: int = 0
    began_unchanged: bool | None = None
    read: set[Artist] = field(default_factory=set)
    sticks_out: bool = False


class Layout:
    """Makes the draws that a layout engine needs before a frame, or finds that they would change nothing.

    To find that takes time. Where a layout never rests, or something changes it in every frame, it is looked for more
    and more rarely.

    Parameters
    ----------
    figure : Figure
        Any figure. Where something is met that is not known, matplotlib lays it out for every frame.

    Attributes
    ----------
    skipped : int
        Frames that needed no layout.
    """

    def __init__(self, figure: Figure) -> None:
        self.skipped = 0
        self._figure: Any = figure
        self.forget()

    def forget(self) -> None:
        """Lay the next frames out."""
        self._surroundings: _Surroundings = {}
        self._ignore()
        self._last = _Frame()  # that the watch followed
        self._restless = self._failures = self._wait = 0
        self._frame = _Frame()

    def is_idle(self) -> bool:
        """Tell whether the figure has no layout engine, or one that does nothing."""
        return type(self._figure.get_layout_engine()) in (type(None), PlaceHolderLayoutEngine)

    def draw_idle(self) -> None:
        """Draw without rendering, unless that can wait until something changes."""
        rests = self._rests() and self._frame.asked < self._last.asked
        self._frame.asked += 1
        if not rests:
            self._catch_up()

    @contextmanager
    def frame(self) -> Iterator[None]:
        """Let the figure be saved inside the with block; it has no layout engine there if that would change nothing."""
        if self.is_idle():
            self.forget()
            with internals.without_layout(self._figure):
                yield
        elif self._rests() and self._frame.asked == self._last.asked:
            self.skipped += 1
            with internals.without_layout(self._figure):
                yield
            if self._watch.changed():  # drawing has made things anew
                self._frame.read = self._last.read
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
        self._frame = _Frame()

    def _rests(self) -> bool:
        """Tell whether the draws of this frame can be left out, as far as it has come."""
        return self._look() and self._steady and not self._frame.made

    def _look(self) -> bool:
        """Tell whether nothing has changed, and note it if the frame begins with that.

        Draws that were left out before a change are as good as made.
        """
        unchanged = self._is_unchanged()
        if self._frame.began_unchanged is None:
            self._frame.began_unchanged = unchanged
        if not unchanged:
            self._frame.made = self._frame.asked
        return unchanged

    def _catch_up(self) -> None:
        """Make the draws that were asked for."""
        known = self._known_axes()
        with axes_measured_with_ticks_once(known), axis_drawn_with_ticks_once(known), self._reading():
            while self._frame.made < self._frame.asked:
                self._figure.draw_without_rendering()
                self._frame.made += 1

    def _learn(self) -> None:
        """Find out whether the frame that was drawn has left everything as it was, unless that is not worth while."""
        known = self._watch.blind is None
        if known and not self._frame.began_unchanged:
            self._pause()
        if self._wait:
            self._wait -= 1
            self._ignore()
            return
        self._compare()
        if self._steady:
            self._restless = self._failures = 0
        elif known:
            self._restless += 1
            if self._restless > PATIENCE:
                self._pause()

    def _pause(self) -> None:
        self._wait = min(2**self._failures, LONGEST_WAIT)
        self._failures += 1

    def _ignore(self) -> None:
        self._watch = Watch()
        self._watch.blind = self._figure
        self._steady = False

    def _compare(self) -> None:
        """Watch what the frame depended on, and tell whether all that is what the frame before left."""
        former, watched = (self._last.asked, self._last.read, self._surroundings), self._watch
        self._last, self._surroundings = self._frame, _surroundings(self._figure)
        self._watch = _watch(self._figure, self._surroundings, self._frame)
        self._steady = (
            self._frame.began_unchanged is True
            and (self._frame.asked, self._frame.read, self._surroundings) == former
            and _are_equal(watched, self._watch)
        )

    def _is_unchanged(self) -> bool:
        with unhooked(axis for axes in self._surroundings for axis in (axes.xaxis, axes.yaxis)):
            changed = self._watch.changed()
        return (
            not changed
            and _surroundings(self._figure) == self._surroundings
            and not draws_by_itself(self._figure)
            and not internals.has_listeners(self._figure)
        )

    def _known_axes(self) -> list[Axes]:
        surroundings = _surroundings(self._figure)
        return [axes for axes in surroundings if _is_known(axes, surroundings)]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Note the artists whose sizes are asked for inside the with block."""
        frame = self._frame

        def ask(former: Callable[[], list[Artist]], axes: Axes) -> list[Artist]:
            artists = former()
            frame.read.update(artists)
            return artists

        def find(former: Callable[..., Any], legend: Legend, width: float, height: float, renderer: Any) -> Any:
            frame.sticks_out |= not internals.fits_inside(legend, (width, height), renderer)
            return former(width, height, renderer)

        all_axes = [] if self._wait else _all_axes(self._figure)
        legends = [child for axes in all_axes for child in axes.get_children() if _finds_its_place(child)]
        with ExitStack() as stack:
            stack.enter_context(hooked(all_axes, "get_default_bbox_extra_artists", ask))
            stack.enter_context(hooked(legends, "_find_best_position", find))
            yield


_Surroundings = dict[Any, tuple[list[Artist], list[Any]]]
"""What is in the axes, and the axes that are linked to them in any way."""


def _all_axes(figure: Any) -> list[Any]:
    all_axes = list(figure.axes)
    for axes in all_axes:  # which grows
        all_axes += axes.child_axes
    return all_axes


def _surroundings(figure: Any) -> _Surroundings:
    return {axes: (axes.get_children(), internals.groups_of(axes)) for axes in _all_axes(figure)}


def _finds_its_place(artist: Artist) -> TypeGuard[Legend]:
    return type(artist) is Legend and finds_its_place(artist)


def _watch(figure: Any, surroundings: _Surroundings, frame: _Frame) -> Watch:
    """Watch what laying out the figure for a frame has read and set."""
    engine, grids = figure.get_layout_engine(), _grids(surroundings)
    plain = [engine, figure.subplotpars, *grids]
    watch = Watch([figure, *surroundings, *plain])
    watch.blind = figure if frame.sticks_out else _first_unknown(figure, surroundings, grids)
    if watch.blind is not None:
        return watch
    watch.follow_settings(SETTINGS)
    watch.follow(figure.dpi_scale_trans, figure.transFigure, figure.bbox)
    watch.follow_attributes(figure, _present(figure, FIGURE_LAYOUT))
    for item in plain:
        watch.follow_attributes(item, vars(item))
    for axes, (children, _) in surroundings.items():
        watch.follow_attributes(axes, _present(axes, AXES_STATE + AXES_LAYOUT))
        watch.follow_attributes(axes.dataLim, ("_minpos",))
        measured = {*internals.titles(axes), *axes.spines.values(), *frame.read}
        for child in children:
            if child not in measured:
                watch.follow_attributes(child, _present(child, CLIPPING))
            elif _finds_its_place(child):
                watch.follow_but_for_its_place(child)
            else:
                watch.follow(child)
    if watch.others:
        watch.blind = watch.others
    return watch


def _are_equal(former: Watch, latter: Watch) -> bool:
    """Whether what two watches met has the same value."""
    try:
        return former.value == latter.value
    except UnknownError:
        return False


def _first_unknown(figure: Any, surroundings: _Surroundings, grids: list[Any]) -> object:
    """Give something that is not known to be laid out as described above, if there is anything."""
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
    """Tell whether these axes, and all that is in them, are of kinds that are known."""
    children, _ = surroundings[axes]
    known = (type(child) in DRAW_METHODS or child in surroundings for child in children)
    return type(axes) is Axes and not internals.has_own_methods(axes) and all(known)


def _grids(all_axes: Iterable[Any]) -> list[Any]:
    """Give the cells that axes are in, and the grids of these, out to the figure."""
    grids = []
    for axes in all_axes:
        cell = axes.get_subplotspec()
        while cell is not None:
            grid = cell.get_gridspec()
            grids += [cell, grid]
            cell = getattr(grid, "_subplot_spec", None)
    return grids


def _present(item: object, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in vars(item)]
