"""Layout engines: layouts that would change nothing are left out.

`Figure.draw` runs the engine, which measures the axes and moves them, and a frame takes two such draws before the one
that is seen. These draws are a function of what they read: the places of the axes, and the sizes of the artists around
them. They do not measure artists that are hidden or clipped to their axes.

Where measuring reads nothing that drawing has set, these draws need draw nothing: the engine runs, and limits and
places change as in a draw.

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
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.legend import Legend

from renderer.drawing.axis.ticks import axes_measured_with_ticks_once, axis_drawn_with_ticks_once
from renderer.drawing.backoff import LONGEST_WAIT, Backoff
from renderer.drawing.measured import (
    Surroundings,
    all_axes_of,
    draws_as_usual,
    is_measured_afresh,
    is_placed_by_itself,
    known_axes_of,
    surroundings_of,
    watch_layout,
)
from renderer.drawing.state.watch import Watch
from renderer.mpl.artists.legends import FIND_PLACE, fits_inside
from renderer.mpl.hooks import hooked, unhooked
from renderer.mpl.steps import figure_lock, lay_out, without_layout

PATIENCE = 16
"""Frames that a layout may take to come to rest; most take 4 to 11."""


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
    before_draws : callable
        Called before the draws that are not left out.
    """

    def __init__(self, figure: Figure, before_draws: Callable[[], object] = lambda: None) -> None:
        self._figure: Any = figure
        self._before_draws = before_draws
        self.forget()

    def forget(self) -> None:
        """Lay the next frames out."""
        self._surroundings: Surroundings = {}
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
                known, afresh = known_axes_of(self._figure), is_measured_afresh(self._figure)
                with axes_measured_with_ticks_once(known), self._reading(), self._first_draw_lays_out(afresh):
                    yield
            except BaseException:
                self.forget()
                raise
            self._learn()
        self._frame = _FrameLayout()

    def follow_again(self) -> None:
        """Watch the figure as it is now; it has been laid out by others, and looks as it did."""
        if self._steady:
            self._surroundings = surroundings_of(self._figure)
            self._watch = self._watched(self._last)

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
        self._before_draws()
        known, afresh = known_axes_of(self._figure), is_measured_afresh(self._figure)
        with axes_measured_with_ticks_once(known), axis_drawn_with_ticks_once(known), self._reading():
            while self._frame.done < self._frame.requested:
                with self._first_draw_lays_out(afresh):
                    self._figure.draw_without_rendering()
                self._frame.done += 1

    @contextmanager
    def _first_draw_lays_out(self, afresh: bool) -> Iterator[None]:
        """Let the first draw of the figure inside the with block draw no artists, if all sizes are measured afresh."""
        if not afresh:
            yield
            return
        with ExitStack() as first:

            def draw(_: object, figure: Figure, renderer: RendererAgg) -> None:
                first.close()
                with figure_lock(figure):
                    lay_out(figure, renderer)

            first.enter_context(hooked([self._figure], "draw", draw))
            yield

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
        self._last, self._surroundings = self._frame, surroundings_of(self._figure)
        self._watch = self._watched(self._frame)
        self._steady = (
            self._frame.began_unchanged is True
            and (self._frame.requested, self._frame.measured, self._surroundings) == former
            and watched.value == self._watch.value
        )

    def _watched(self, frame: _FrameLayout) -> Watch:
        watch = watch_layout(self._figure, self._surroundings, frame.measured)
        if frame.sticks_out:
            watch.blind = self._figure
        return watch

    def _is_unchanged(self) -> bool:
        hooked_parts = ((axes, axes.patch, axes.xaxis, axes.yaxis) for axes in self._surroundings)
        with unhooked(part for parts in hooked_parts for part in parts):
            changed = self._watch.changed()
        return not changed and surroundings_of(self._figure) == self._surroundings and draws_as_usual(self._figure)

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

        all_axes = all_axes_of(self._figure) if self._backoff.due() else []
        legends = [child for axes in all_axes for child in axes.get_children() if is_placed_by_itself(child)]
        with ExitStack() as stack:
            stack.enter_context(hooked(all_axes, "get_default_bbox_extra_artists", list_measured))
            stack.enter_context(hooked(legends, FIND_PLACE, find))
            yield
