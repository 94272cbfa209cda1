"""Retained drawing: a figure is drawn by drawing again what changed in it, and replaying the rest.

A frame starts from a snapshot of the buffer taken below the first artist that may have changed. From there
on each artist in turn is drawn or replayed, so every pixel is blended from the same colours in the same order
as in a full draw. Snapshots are of the whole buffer; Agg's blending is not associative, so nothing is ever
composited.
"""

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.agg.display_list import DisplayList, recording
from renderer.drawing.agg.pixel_runs import Layers
from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.axis.value import SETTINGS
from renderer.drawing.retained.nodes import ArtistNode, AxesNode, Frame, Node, Step, draws_by_itself, node_for
from renderer.drawing.retained.verification import Schedule, Verify, find_culprit
from renderer.drawing.state.watch import Watch
from renderer.errors import VerificationWarning
from renderer.mpl import steps as internals

__all__ = ["DrawStats", "RetainedFigure"]


@dataclass
class DrawStats:
    """What drawing a figure took.

    Attributes
    ----------
    frames : int
        Frames drawn.
    redrawn : int
        Artists drawn, axes counted by the artists in them.
    replayed : int
        Artists whose last drawing was used instead.
    verified : int
        Frames compared with a full draw.
    fallbacks : Counter of str
        Why frames were drawn by matplotlib itself.
    """

    frames: int = 0
    redrawn: int = 0
    replayed: int = 0
    verified: int = 0
    fallbacks: Counter[str] = field(default_factory=Counter)


class Snapshots:
    """Copies of the buffer, each taken below one of the nodes that are drawn.

    Each stands on all nodes before it, so they are a stack: the lower ones stay good longer.
    """

    LIMIT = 3

    def __init__(self) -> None:
        self._kept: list[tuple[list[ArtistNode], NDArray[np.uint8]]] = []

    def restore(self, renderer: RendererAgg, unchanged: list[ArtistNode]) -> int:
        """Bring the highest back that stands on *unchanged* nodes, or clear the buffer; give on how many."""
        while self._kept:
            below, pixels = self._kept[-1]
            if unchanged[: len(below)] == below:
                np.copyto(_buffer(renderer), pixels)
                return len(below)
            self._kept.pop()
        renderer.clear()
        return 0

    def take(self, renderer: RendererAgg, below: list[ArtistNode]) -> None:
        """Keep the buffer, drawn by the nodes *below* and no other."""
        del self._kept[self.LIMIT - 1 :]
        self._kept.append((below, _buffer(renderer).copy()))


class RetainedFigure:
    """Draws a figure, and keeps what its artists drew for the next time.

    Parameters
    ----------
    figure : Figure
        Any figure. One of a class of the user's, or with artists that draw in ways of their own, is drawn by
        matplotlib each time.
    verify : {"sampled", "always", "never"}
        Which frames to compare with a full draw.

    Attributes
    ----------
    stats : DrawStats
        What it took.
    values : ValueDrawing
        Draws what was made anew and came out equal, in axes that change with each frame.
    masks_vary : bool
        Whether the masks of clip paths depend on what was drawn before, as `clip_masks` tells. The
        frame that shows it is not to be relied on if it was not the first; from then on figures are drawn by
        matplotlib.
    """

    def __init__(self, figure: Figure, verify: Verify = "sampled") -> None:
        self.figure: Any = figure
        self.stats = DrawStats()
        self.values = ValueDrawing()
        self._verification = Schedule(verify)
        self._trusted = True
        self.masks_vary = False
        self._lists: list[DisplayList] = []
        self.forget()

    def forget(self) -> None:
        """Draw the next frame in full."""
        self._renderer: RendererAgg | None = None
        self._watch = Watch()
        self._nodes: list[Node] = []
        self._snapshots = Snapshots()
        self._layers = Layers()

    def draw(self, renderer: CachingRenderer) -> None:
        """Leave on *renderer* what ``figure.draw(renderer)`` would if it was clear.

        Like that, it sends a draw_event.
        """
        self.stats.frames += 1
        renderer.clip_masks.begin()
        obstacle = self._obstacle()
        if obstacle is not None:
            self.stats.fallbacks[obstacle] += 1
            self.forget()
            renderer.clear()  # type: ignore[no-untyped-call]
            self._lists = []
            with self._kept(renderer):
                self.figure.draw(renderer)
        else:
            with internals.figure_lock(self.figure):
                try:
                    self._draw(renderer)
                except BaseException:
                    self.forget()
                    raise
                internals.tell_drawn(self.figure, renderer)
        self.masks_vary |= renderer.clip_masks.ambiguous

    def redraw(self, renderer: CachingRenderer) -> None:
        """Leave the last frame on *renderer*, drawn by the same calls.

        Where they are not known, the figure is drawn again, and sends another draw_event.
        """
        renderer.clear()  # type: ignore[no-untyped-call]
        if all(drawn.complete for drawn in self._lists):
            for drawn in self._lists:
                drawn.replay(renderer)
        else:
            with internals.without_layout(self.figure):
                self.figure.draw(renderer)

    @contextmanager
    def _kept(self, renderer: CachingRenderer) -> Iterator[None]:
        """Keep what is drawn inside the with block, if it may have to be drawn again."""
        if renderer.clip_masks.used:
            with recording(renderer) as drawn:
                yield
        else:
            drawn = DisplayList()
            drawn.complete = False
            yield
        self._lists.append(drawn)

    def _obstacle(self) -> str | None:
        """Tell what stands against drawing without ``Figure.draw``, if anything."""
        figure = self.figure
        if not self._trusted:
            return "verification"
        if not internals.can_retain():
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
        artists = internals.draw_artists(figure, renderer)
        engine = figure.get_layout_engine()
        if engine is not None and figure.axes:
            with suppress(ValueError):  # as Figure.draw does: axes may have no room
                engine.execute(figure)
        with self._verification.full_draw() if self._renderer is None else nullcontext():
            replayed, redrawn = self._paint(renderer, artists)
        self.stats.replayed += len(replayed)
        self.stats.redrawn += redrawn
        if replayed and self._verification.is_due():
            with self._verification.verifying():
                self._verify(renderer, artists, replayed)
            self.stats.verified = self._verification.count
        figure.stale = False

    def _paint(self, renderer: CachingRenderer, artists: list[Artist]) -> tuple[list[ArtistNode], int]:
        """Draw or replay each of *artists*; give what was replayed, and how many artists were drawn."""
        known = {node.artist: node for node in self._nodes}
        self._nodes = [known.get(artist) or node_for(artist, self.values) for artist in artists]
        if self._renderer is None:
            self._renderer, self._watch = renderer, _watch(self.figure)
        all_axes = chain.from_iterable(node.nested() for node in self._nodes if isinstance(node, AxesNode))
        frame = Frame(renderer, {node.artist: node for node in all_axes}, self._watch)
        steps = chain.from_iterable(node.steps(frame) for node in self._nodes)

        replayed, stale = _replayable(steps)
        start = self._snapshots.restore(renderer, replayed)
        self._layers.next_frame()
        self._lists = [node.drawn for node in replayed]
        self._replay(renderer, replayed[start:])
        if start < len(replayed):
            self._snapshots.take(renderer, replayed.copy())
        redrawn = 0
        while stale is not None:
            with self._kept(renderer):
                redrawn += stale.node.draw(renderer)
            stale.node.observe(stale.around)
            run, stale = _replayable(steps)
            self._lists += [node.drawn for node in run]
            self._replay(renderer, run)
            replayed += run
        return replayed, redrawn

    def _replay(self, renderer: RendererAgg, nodes: list[ArtistNode]) -> None:
        self._layers.replay(renderer, ((node.artist, node.drawn) for node in nodes))

    def _verify(self, renderer: CachingRenderer, artists: list[Artist], replayed: list[ArtistNode]) -> None:
        """Draw the frame again from scratch; that is what is delivered."""
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
            culprit = find_culprit(
                renderer, ((node.artist, node.drawn, drawn[node.artist]) for node in replayed if node.artist in drawn)
            )
            warnings.warn(
                f"frame {self.stats.frames - 1}: {culprit or 'an artist'} changed and was not drawn again; "
                "this frame is right, and from here on each frame is drawn in full, which is slower",
                VerificationWarning,
                stacklevel=2,
            )


def _replayable(steps: Iterator[Step]) -> tuple[list[ArtistNode], Step | None]:
    """Give the steps up to the next one that has to be drawn, and that one."""
    run: list[ArtistNode] = []
    for step in steps:
        if not isinstance(step.node, ArtistNode) or step.node.changed():
            return run, step
        run.append(step.node)
    return run, None


def _watch(figure: Any) -> Watch:
    """Watch what all artists read: the figure's size and resolution, and the settings."""
    watch = Watch([figure])
    watch.follow(figure.dpi_scale_trans, figure.transFigure, figure.bbox)
    watch.follow_settings(SETTINGS)
    return watch


def _buffer(renderer: RendererAgg) -> NDArray[np.uint8]:
    return np.asarray(renderer.buffer_rgba())
