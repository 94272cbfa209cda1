"""Retained drawing: a figure draws again the artists that changed, and replays the others.

A frame starts from a snapshot of the buffer taken below the first artist that may have changed. From there on each
artist in turn is drawn or replayed, so that every pixel is blended from the same colors in the same order as in a full
draw. Agg's blending is not associative: a snapshot is a copy of the whole buffer, and layers are never composited.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import chain
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.agg.display_list import DisplayList, recording
from renderer.drawing.agg.pixel_runs import PixelRuns
from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.axis.value import SETTINGS
from renderer.drawing.retained.nodes import ArtistNode, AxesNode, DrawPass, Node, Step, node_for
from renderer.drawing.retained.verification import Sampling, Verify, find_culprit
from renderer.drawing.state.watch import Watch
from renderer.errors import VerificationWarning
from renderer.mpl import steps
from renderer.mpl.overrides import draws_by_itself


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
        Any figure. Matplotlib draws each frame of a figure of the user's own class, and of one with artists that have
        draw methods of their own.
    verify : {"sampled", "always", "never"}
        Which frames to compare with a full draw.

    Attributes
    ----------
    frames : int
        Number of frames drawn.
    values : ValueDrawing
        Replays each axis that is new and equals one of a frame before.
    masks_vary : bool
        Whether the masks of clip paths depend on what was drawn before (`renderer.drawing.agg.clip_masks`). If this
        becomes true after the first frame, that frame's pixels may be wrong: draw it again. Later frames bypass the
        cache.
    """

    def __init__(self, figure: Figure, verify: Verify = "sampled") -> None:
        self.figure: Any = figure
        self.frames = 0
        self.values = ValueDrawing()
        self._sampling = Sampling(verify)
        self._trusted = True
        self.masks_vary = False
        self._drawings: list[DisplayList] = []
        self.forget()

    def forget(self) -> None:
        """Draw the next frame in full."""
        self._renderer: RendererAgg | None = None
        self._watch = Watch()
        self._nodes: list[Node] = []
        self._snapshots = Snapshots()
        self._runs = PixelRuns()

    def draw(self, renderer: CachingRenderer) -> None:
        """Draw what ``figure.draw(renderer)`` draws on a clear renderer, and send a draw_event."""
        self.frames += 1
        renderer.clip_masks.begin()
        if self._obstacle() is not None:
            self.forget()
            renderer.clear()  # type: ignore[no-untyped-call]
            self._drawings = []
            with self._recorded(renderer):
                self.figure.draw(renderer)
        else:
            with steps.figure_lock(self.figure):
                try:
                    self._draw(renderer)
                except BaseException:
                    self.forget()
                    raise
                steps.send_draw_event(self.figure, renderer)
        self.masks_vary |= renderer.clip_masks.ambiguous

    def redraw(self, renderer: CachingRenderer) -> None:
        """Draw the last frame on *renderer* by the same calls.

        Where the calls are not known, the figure is drawn again, and sends another draw_event.
        """
        renderer.clear()  # type: ignore[no-untyped-call]
        if all(drawn.complete for drawn in self._drawings):
            for drawn in self._drawings:
                drawn.replay(renderer)
        else:
            with steps.without_layout(self.figure):
                self.figure.draw(renderer)

    @contextmanager
    def _recorded(self, renderer: CachingRenderer) -> Iterator[None]:
        """Record what is drawn inside the with block, if `redraw` may need it."""
        if renderer.clip_masks.used:
            with recording(renderer) as drawn:
                yield
        else:
            drawn = DisplayList()
            drawn.complete = False
            yield
        self._drawings.append(drawn)

    def _obstacle(self) -> str | None:
        """Return the reason why only ``Figure.draw`` can draw the figure, if there is one."""
        figure = self.figure
        if not self._trusted:
            return "verification"
        if not steps.can_retain():
            return "matplotlib"
        if self.masks_vary:
            return "clip masks"
        if type(figure) is not Figure or draws_by_itself(figure):
            return "draw method"
        if not figure.get_visible() or figure.get_agg_filter() is not None or figure.suppressComposite is False:
            return "figure"
        return None

    def _draw(self, renderer: CachingRenderer) -> None:
        figure = self.figure
        if renderer is not self._renderer or self._watch.changed():
            self.forget()
        artists = steps.draw_artists(figure, renderer)
        engine = figure.get_layout_engine()
        if engine is not None and figure.axes:
            with suppress(ValueError):  # as Figure.draw does: axes may have no room
                engine.execute(figure)
        with self._sampling.full_draw() if self._renderer is None else nullcontext():
            replayed = self._paint(renderer, artists)
        if replayed and self._sampling.is_due():
            with self._sampling.verifying():
                self._verify(renderer, artists, replayed)
        figure.stale = False

    def _paint(self, renderer: CachingRenderer, artists: list[Artist]) -> list[ArtistNode]:
        """Draw or replay each of *artists*, and return the nodes replayed."""
        known = {node.artist: node for node in self._nodes}
        self._nodes = [known.get(artist) or node_for(artist, self.values) for artist in artists]
        if self._renderer is None:
            self._renderer, self._watch = renderer, _watch(self.figure)
        all_axes = chain.from_iterable(node.nested() for node in self._nodes if isinstance(node, AxesNode))
        current = DrawPass(renderer, {node.artist: node for node in all_axes}, self._watch)
        queue = chain.from_iterable(node.steps(current) for node in self._nodes)

        replayed, stale = _replayable(queue)
        start = self._snapshots.restore(renderer, replayed)
        self._runs.next_frame()
        self._drawings = [node.drawn for node in replayed]
        self._replay(renderer, replayed[start:])
        if start < len(replayed):
            self._snapshots.take(renderer, replayed.copy())
        while stale is not None:
            with self._recorded(renderer):
                stale.node.draw(renderer)
            stale.node.observe(stale.covered)
            run, stale = _replayable(queue)
            self._drawings += [node.drawn for node in run]
            self._replay(renderer, run)
            replayed += run
        return replayed

    def _replay(self, renderer: RendererAgg, nodes: list[ArtistNode]) -> None:
        self._runs.replay(renderer, ((node.artist, node.drawn) for node in nodes))

    def _verify(self, renderer: CachingRenderer, artists: list[Artist], replayed: list[ArtistNode]) -> None:
        """Draw the frame again in full, and deliver that drawing."""
        pixels = _buffer(renderer).copy()
        self.forget()
        self.values.paused = True
        try:
            self._paint(renderer, artists)
        finally:
            self.values.paused = False
        if not np.array_equal(pixels, _buffer(renderer)):
            self._trusted = False
            drawn = {leaf.artist: leaf.drawn for node in self._nodes for leaf in node.leaves()}
            pairs = ((node.artist, node.drawn, drawn[node.artist]) for node in replayed if node.artist in drawn)
            culprit = find_culprit(renderer, pairs)
            warnings.warn(
                f"frame {self.frames - 1}: {culprit or 'an artist'} changed and was not drawn again; "
                "this frame is right, and from here on each frame is drawn in full, which is slower",
                VerificationWarning,
                stacklevel=2,
            )


def _replayable(queue: Iterator[Step]) -> tuple[list[ArtistNode], Step | None]:
    """Return the nodes up to the next one that has to be drawn, and the step of that one."""
    run: list[ArtistNode] = []
    for step in queue:
        node = step.node
        if not isinstance(node, ArtistNode) or node.changed():
            node.backoff.failed()
            return run, step
        node.backoff.succeeded()
        run.append(node)
    return run, None


def _watch(figure: Any) -> Watch:
    """Watch what all artists read: the figure's size and resolution, and the rcParams."""
    watch = Watch([figure])
    watch.follow(figure.dpi_scale_trans, figure.transFigure, figure.bbox)
    watch.follow_settings(SETTINGS)
    return watch


def _buffer(renderer: RendererAgg) -> NDArray[np.uint8]:
    return np.asarray(renderer.buffer_rgba())
