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
from typing import Any, TypeGuard

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, GridSpecFromSubplotSpec, SubplotSpec
from matplotlib.layout_engine import ConstrainedLayoutEngine, PlaceHolderLayoutEngine, TightLayoutEngine
from matplotlib.legend import Legend

from renderer import axes_internals as internals
from renderer.changes import Watch
from renderer.hooks import hooked, unhooked
from renderer.known import AXES_LAYOUT, AXES_STATE, CLIPPING, DRAW_METHODS, FIGURE_LAYOUT
from renderer.nodes import LONGEST_WAIT, draws_by_itself

__all__ = ["Layout"]

PATIENCE = 16
"""Frames that a layout may take to come to rest; most take 4 to 11."""

_ENGINES = (ConstrainedLayoutEngine, TightLayoutEngine)
_GRIDS = (GridSpec, GridSpecFromSubplotSpec, SubplotSpec)


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
        self._read_before = set[Artist]()
        self._usual = 0
        self._restless = self._failures = self._wait = 0
        self._begin()

    def is_idle(self) -> bool:
        """Tell whether the figure has no layout engine, or one that does nothing."""
        return type(self._figure.get_layout_engine()) in (type(None), PlaceHolderLayoutEngine)

    def draw_idle(self) -> None:
        """Draw without rendering, unless that can wait until something changes."""
        wait = self._can_wait() and self._asked < self._usual
        self._asked += 1
        if not wait:
            self._catch_up()

    @contextmanager
    def frame(self) -> Iterator[None]:
        """Let the figure be saved inside the with block; it has no layout engine there if that would change nothing."""
        if self.is_idle():
            self.forget()
            with internals.without_layout(self._figure):
                yield
        elif self._can_wait() and self._asked == self._usual:
            self.skipped += 1
            with internals.without_layout(self._figure):
                yield
            if self._watch.changed():  # drawing has made things anew
                self._read = self._read_before
                self._learn()
            self._begin()
        else:
            try:
                self._catch_up()
                with self._reading():
                    yield
            except BaseException:
                self.forget()
                raise
            self._learn()
            self._begin()

    def _begin(self) -> None:
        self._asked = self._drawn = 0
        self._began_unchanged: bool | None = None
        self._read = set[Artist]()

    def _can_wait(self) -> bool:
        """Tell whether the draws of this frame can be left out, as far as it has come."""
        unchanged = self._is_unchanged()
        if self._began_unchanged is None:
            self._began_unchanged = unchanged
        if not unchanged:
            self._drawn = self._asked  # what was left out came before the change
        return self._steady and unchanged and not self._drawn

    def _catch_up(self) -> None:
        """Make the draws that were asked for."""
        with self._reading():
            while self._drawn < self._asked:
                self._figure.draw_without_rendering()
                self._drawn += 1

    def _learn(self) -> None:
        """Find out whether the frame that was drawn has left everything as it was, unless that is not worth while."""
        known = self._watch.blind is None
        if known and not self._began_unchanged:
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
        former = self._usual, self._read_before, self._surroundings, self._watch
        self._usual, self._read_before = self._asked, self._read
        self._surroundings = _surroundings(self._figure)
        self._watch = _watch(self._figure, self._surroundings, self._read)
        self._steady = (
            self._began_unchanged is True
            and (self._usual, self._read_before, self._surroundings) == former[:-1]
            and self._watch.matches(former[-1])
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

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Note the artists whose sizes are asked for inside the with block."""

        def ask(former: Callable[[], list[Artist]], axes: Axes) -> list[Artist]:
            artists = former()
            self._read.update(artists)
            return artists

        def find(former: Callable[..., Any], legend: Legend, width: float, height: float, renderer: Any) -> Any:
            if not internals.fits_inside(legend, (width, height), renderer):
                self._read.add(_STICKS_OUT)
            return former(width, height, renderer)

        all_axes = [] if self._wait else _all_axes(self._figure)
        legends = [child for axes in all_axes for child in axes.get_children() if _finds_its_place(child)]
        with ExitStack() as stack:
            stack.enter_context(hooked(all_axes, "get_default_bbox_extra_artists", ask))
            stack.enter_context(hooked(legends, "_find_best_position", find))
            yield


_Surroundings = dict[Any, tuple[list[Artist], list[Any]]]
"""What is in the axes, and the axes that are linked to them in any way."""

_STICKS_OUT = Artist()
"""Stands for a legend that looks for its place, and may need room outside the axes there."""


def _all_axes(figure: Any) -> list[Any]:
    all_axes = list(figure.axes)
    for axes in all_axes:  # which grows
        all_axes += axes.child_axes
    return all_axes


def _surroundings(figure: Any) -> _Surroundings:
    return {axes: (axes.get_children(), internals.groups_of(axes)) for axes in _all_axes(figure)}


def _finds_its_place(artist: Artist) -> TypeGuard[Legend]:
    return type(artist) is Legend and internals.finds_its_place(artist)


def _watch(figure: Any, surroundings: _Surroundings, read: set[Artist]) -> Watch:
    """Watch what laying out the figure reads and sets, where *read* are the artists whose sizes it asks for."""
    engine, grids = figure.get_layout_engine(), _grids(surroundings)
    plain = [engine, figure.subplotpars, *grids]
    watch = Watch([figure, *surroundings, *plain])
    watch.blind = _first_unknown(figure, surroundings, grids, read)
    if watch.blind is not None:
        return watch
    watch.follow_settings(mpl.rcParams)
    watch.follow(figure.dpi_scale_trans, figure.transFigure, figure.bbox)
    watch.follow_attributes(figure, _present(figure, FIGURE_LAYOUT))
    for item in plain:
        watch.follow_attributes(item, vars(item))
    for axes, (children, _) in surroundings.items():
        watch.follow_attributes(axes, _present(axes, AXES_STATE + AXES_LAYOUT))
        watch.follow_attributes(axes.dataLim, ("_minpos",))
        measured = {*internals.titles(axes), *axes.spines.values(), *read}
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


def _first_unknown(figure: Any, surroundings: _Surroundings, grids: list[Any], read: set[Artist]) -> object:
    """Give something that is not known to be laid out as described above, if there is anything."""
    engine = figure.get_layout_engine()
    if type(figure) is not Figure or type(engine) not in _ENGINES or figure.subfigs or _STICKS_OUT in read:
        return figure
    for axes, (children, groups) in surroundings.items():
        if type(axes) is not Axes or internals.has_own_methods(axes):
            return axes
        if not surroundings.keys() >= set().union(*groups):
            return groups
        for child in children:
            if type(child) not in DRAW_METHODS and child not in surroundings:
                return child
    return next((grid for grid in grids if type(grid) not in _GRIDS), None)


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
