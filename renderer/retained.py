"""Retained drawing: a figure is drawn by drawing again what changed in it, and replaying the rest.

A frame starts from a snapshot of the buffer taken below the first artist that may have changed. From there
on each artist in turn is drawn or replayed, so every pixel is blended from the same colours in the same order
as in a full draw. Snapshots are of the whole buffer; Agg's blending is not associative, so nothing is ever
composited.
"""

import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from renderer import axes_internals as internals
from renderer.by_value import ValueDrawing
from renderer.changes import Watch
from renderer.errors import VerificationWarning
from renderer.nodes import ArtistNode, AxesNode, Node, draws_by_itself, node_for
from renderer.verification import Schedule, Verify, find_culprit

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
        self._kept: list[tuple[list[Node], NDArray[np.uint8]]] = []

    def restore(self, renderer: RendererAgg, nodes: list[Node], count: int) -> int:
        """Bring back the highest of the first *count* nodes; give how many nodes it stands on."""
        while self._kept:
            below, pixels = self._kept[-1]
            if len(below) <= count and nodes[: len(below)] == below:
                np.copyto(_buffer(renderer), pixels)
                return len(below)
            self._kept.pop()
        return 0

    def take(self, renderer: RendererAgg, below: list[Node]) -> None:
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
    """

    def __init__(self, figure: Figure, verify: Verify = "sampled") -> None:
        self.figure: Any = figure
        self.stats = DrawStats()
        self.values = ValueDrawing()
        self._verification = Schedule(verify)
        self._trusted = True
        self.forget()

    def forget(self) -> None:
        """Draw the next frame in full."""
        self._renderer: RendererAgg | None = None
        self._watch = Watch()
        self._nodes: list[Node] = []
        self._snapshots = Snapshots()

    def draw(self, renderer: RendererAgg) -> None:
        """Leave on *renderer*, which is clear, what ``figure.draw(renderer)`` would.

        Like that, it sends a draw_event.
        """
        self.stats.frames += 1
        obstacle = self._obstacle()
        if obstacle is not None:
            self.stats.fallbacks[obstacle] += 1
            self.forget()
            self.figure.draw(renderer)
            return
        with internals.figure_lock(self.figure):
            try:
                self._draw(renderer)
            except BaseException:
                self.forget()
                raise
            internals.tell_drawn(self.figure, renderer)

    def _obstacle(self) -> str | None:
        """Tell what stands against drawing without ``Figure.draw``, if anything."""
        figure = self.figure
        if not self._trusted:
            return "verification"
        if not internals.can_retain():
            return "matplotlib"
        if type(figure) is not Figure or draws_by_itself(figure):
            return "draw method"
        if not figure.get_visible() or figure.get_agg_filter() is not None or figure.suppressComposite is False:
            return "figure"
        return None

    def _draw(self, renderer: RendererAgg) -> None:
        figure = self.figure
        if renderer is not self._renderer or self._watch.changed():
            self.forget()
        artists = internals.draw_artists(figure, renderer)
        engine = figure.get_layout_engine()
        if engine is not None and figure.axes:
            with suppress(ValueError):  # as Figure.draw does: axes may have no room
                engine.execute(figure)
        by_value = self.values.stats.replayed
        replayed, redrawn = self._paint(renderer, artists)
        by_value = self.values.stats.replayed - by_value
        self.stats.replayed += len(replayed)
        self.stats.redrawn += redrawn
        if self._verification.is_due(redrawn, len(replayed), by_value):
            with self._verification.verifying():
                self._verify(renderer, artists, replayed)
            self.stats.verified = self._verification.count
        figure.stale = False

    def _paint(self, renderer: RendererAgg, artists: list[Artist]) -> tuple[list[ArtistNode], int]:
        """Draw or replay each of *artists*; give what was replayed, and how many artists were drawn."""
        known = {node.artist: node for node in self._nodes}
        self._nodes = [known.get(artist) or node_for(artist, self.values) for artist in artists]
        if self._renderer is None:
            self._renderer, self._watch = renderer, _watch(self.figure)
        steps = self._steps(renderer)
        stale = map(_is_stale, steps)  # each is asked when its turn comes
        first = next((index for index, is_stale in enumerate(stale) if is_stale), len(steps))
        start = self._snapshots.restore(renderer, steps, first)
        replayed = [node for node in steps[:first] if isinstance(node, ArtistNode)]  # all of them
        for leaf in replayed[start:]:
            leaf.replay(renderer)
        if first > start:
            self._snapshots.take(renderer, steps[:first])
        redrawn = 0
        for node, is_stale in zip(steps[first:], chain([True], stale), strict=False):
            if isinstance(node, ArtistNode) and not is_stale:
                node.replay(renderer)
                replayed.append(node)
            else:
                redrawn += node.draw(renderer)
        for node in self._nodes:
            node.observe(self._watch)
        return replayed, redrawn

    def _verify(self, renderer: RendererAgg, artists: list[Artist], replayed: list[ArtistNode]) -> None:
        """Draw the frame again from scratch; that is what is delivered."""
        pixels = _buffer(renderer).copy()
        self.forget()
        renderer.clear()
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

    def _steps(self, renderer: RendererAgg) -> list[Node]:
        """Give what to draw or replay, in order: axes that changed, and the artists of those that did not."""
        all_axes = [node for node in self._nodes if isinstance(node, AxesNode)]
        for axes in chain.from_iterable(node.nested() for node in all_axes):
            axes.settle()
        changed = _changed(all_axes)
        return list(chain.from_iterable(node.steps(renderer, changed) for node in self._nodes))


def _is_stale(node: Node) -> bool:
    """Tell whether a step is to be drawn; axes are steps only if they changed."""
    return isinstance(node, AxesNode) or node.changed()


def _changed(all_axes: list[AxesNode]) -> set[AxesNode]:
    """Find the axes to draw as a whole: those that changed, and those that read what others changed."""
    nodes: dict[Axes, AxesNode] = {}
    changed: set[AxesNode] = set()
    queue = list(all_axes)
    while queue:
        node = queue.pop()
        nodes[node.artist] = node
        if node.changed():
            changed.add(node)
        else:
            queue += [child for child in node.children if isinstance(child, AxesNode)]
    kept = set(nodes.values()) - changed
    while affected := {node for node in kept if any(nodes.get(axes) not in kept for axes in node.linked)}:
        for node in affected:
            node.count_change()
        kept -= affected
        changed |= affected
    return changed


def _watch(figure: Any) -> Watch:
    """Watch what all artists read: the figure's size and resolution, and the settings."""
    watch = Watch([figure])
    watch.follow(figure.dpi_scale_trans, figure.transFigure, figure.bbox)
    watch.follow_settings(mpl.rcParams)
    return watch


def _buffer(renderer: RendererAgg) -> NDArray[np.uint8]:
    return np.asarray(renderer.buffer_rgba())
