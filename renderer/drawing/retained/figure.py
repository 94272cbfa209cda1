"""Retained drawing: a figure draws again the artists that changed, and replays the others.

A frame starts from a snapshot of the buffer taken below the first artist that may have changed. From there on each
artist in turn is drawn or replayed, so that every pixel is blended from the same colors in the same order as in a full
draw. Agg's blending is not associative: a snapshot is a copy of the whole buffer, and layers are never composited.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.agg.display_list import DisplayList
from renderer.drawing.agg.pixel_runs import PixelRuns
from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.retained.nodes import ArtistNode, DrawPass, Step
from renderer.drawing.retained.subfigures import FigureNode, axes_in, nodes_of
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.watch import Watch
from renderer.mpl import steps
from renderer.mpl.artists.single import leave_stale


class Snapshots:
    """Copies of the buffer, each taken below one of the nodes that are drawn.

    A snapshot holds the drawings of all nodes before it. Snapshots are a stack: the lower ones stay valid longer.
    """

    LIMIT = 3

    def __init__(self) -> None:
        self._stack: list[tuple[list[ArtistNode], NDArray[np.uint8]]] = []

    def restore(self, renderer: RendererAgg, unchanged: list[ArtistNode]) -> int:
        """Restore the highest snapshot of *unchanged* nodes, or clear the buffer; return the number of nodes in it."""
        while self._stack:
            below, pixels = self._stack[-1]
            if unchanged[: len(below)] == below:
                np.copyto(_buffer(renderer), pixels)
                return len(below)
            self._stack.pop()
        renderer.clear()
        return 0

    def take(self, renderer: RendererAgg, below: list[ArtistNode]) -> None:
        """Copy the buffer, which the nodes *below* and no others have drawn."""
        del self._stack[self.LIMIT - 1 :]
        self._stack.append((below, _buffer(renderer).copy()))


class RetainedFigure:
    """Draws a figure, and keeps the drawings of its artists for the next frame.

    Parameters
    ----------
    figure : Figure
        Any figure. Matplotlib draws each frame of a figure of the user's own class.

    Attributes
    ----------
    values : ValueDrawing
        Replays each axis that is new and equals one of a frame before.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure: Any = figure
        self.values = ValueDrawing()
        self.forget()

    def forget(self) -> None:
        """Draw the next frame in full."""
        self._renderer: RendererAgg | None = None
        self._watch = Watch()
        self._nodes: list[FigureNode] = []
        self._snapshots = Snapshots()
        self._runs = PixelRuns()

    def draw(self, renderer: CachingRenderer) -> None:
        """Draw what ``figure.draw(renderer)`` draws on a clear renderer, and send a draw_event."""
        renderer.clip_masks.begin()
        if self._has_obstacle():
            self.forget()
            renderer.clear()  # type: ignore[no-untyped-call]
            self.figure.draw(renderer)
            return
        with steps.figure_lock(self.figure):
            try:
                self._draw(renderer)
            except BaseException:
                self.forget()
                raise
            steps.send_draw_event(self.figure, renderer)

    def _has_obstacle(self) -> bool:
        """Whether only ``Figure.draw`` can draw the figure."""
        figure = self.figure
        own_draw = type(figure) is not Figure or "draw" in vars(figure)
        hidden = not figure.get_visible() or figure.get_agg_filter() is not None
        return own_draw or hidden or figure.suppressComposite is False or not steps.can_retain()

    def drawings(self) -> dict[Artist, DisplayList]:
        """Return what each artist of the last frame drew, as far as it was recorded."""
        leaves = chain.from_iterable(node.leaves() for node in self._nodes)
        return {leaf.artist: leaf.drawn for leaf in leaves if leaf.watch is not None and leaf.drawn.complete}

    @contextmanager
    def drawn_in_full(self) -> Iterator[None]:
        """Draw the figure in full inside the with block, as if nothing of it were known."""
        self.forget()
        self.values.paused = True
        try:
            yield
        finally:
            self.values.paused = False

    def follow_again(self) -> None:
        """Watch the figure as it is now; it has been drawn by others, and looks as it did when it was drawn here."""
        if self._renderer is None:
            return
        self._watch = _watch(self.figure)
        for node in self._nodes:
            node.follow_again(self._watch)

    def _draw(self, renderer: CachingRenderer) -> None:
        figure = self.figure
        if renderer is not self._renderer or self._watch.changed():
            self.forget()
        artists = steps.draw_artists(figure, renderer)
        engine = figure.get_layout_engine()
        if engine is not None and figure.axes:
            with suppress(ValueError):  # as Figure.draw does: axes may have no room
                engine.execute(figure)
        self._paint(renderer, artists)
        figure.stale = False

    def _paint(self, renderer: CachingRenderer, artists: list[Artist]) -> None:
        """Draw or replay each of *artists*."""
        self._nodes = nodes_of(artists, self._nodes, self.values)
        if self._renderer is None:
            self._renderer, self._watch = renderer, _watch(self.figure)
        current = DrawPass(renderer, {node.artist: node for node in axes_in(self._nodes)}, self._watch)
        queue = chain.from_iterable(node.steps(current) for node in self._nodes)

        replayed, stale = _replayable(queue)
        start = self._snapshots.restore(renderer, replayed)
        self._runs.next_frame()
        self._replay(renderer, replayed[start:])
        if start < len(replayed):
            self._snapshots.take(renderer, replayed.copy())
        while stale is not None:
            stale.node.draw(renderer)
            stale.node.observe(stale.covered)
            run, stale = _replayable(queue)
            self._replay(renderer, run)
        for axes in current.unchanged:
            leave_stale(axes, stale=not axes.get_visible() and axes.stale)

    def _replay(self, renderer: RendererAgg, nodes: list[ArtistNode]) -> None:
        self._runs.replay(renderer, ((node.artist, node.drawn) for node in nodes))


def _replayable(queue: Iterator[Step]) -> tuple[list[ArtistNode], Step | None]:
    """Return the nodes up to the next one that has to be drawn, and the step of that one."""
    run: list[ArtistNode] = []
    for step in queue:
        node = step.node
        if not isinstance(node, ArtistNode) or node.changed():
            node.failed()
            return run, step
        node.succeeded()
        run.append(node)
    return run, None


def _watch(figure: Any) -> Watch:
    """Watch what all artists read: the figure's size and resolution, and the rcParams."""
    watch = Watch([figure])
    watch.follow(figure.dpi_scale_trans, figure.transFigure, figure.bbox, figure.figbbox)
    watch.follow_settings(SETTINGS)
    return watch


def _buffer(renderer: RendererAgg) -> NDArray[np.uint8]:
    return np.asarray(renderer.buffer_rgba())
