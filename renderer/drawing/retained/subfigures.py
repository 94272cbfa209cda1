"""Subfigures: parts of a figure, with axes and artists of their own."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import SubFigure

from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.retained.making import node_for
from renderer.drawing.retained.nodes import ArtistNode, AxesNode, DrawPass, Node, Step
from renderer.drawing.state.parts import SUBFIGURE_STATE
from renderer.drawing.state.watch import Watch
from renderer.mpl.overrides import has_own_methods
from renderer.mpl.steps import draw_artists


class SubFigureNode:
    """A subfigure and the artists in it, the first of which is its patch.

    A subfigure draws nothing else. Its artists are therefore drawn or replayed one by one. When its place changes, all
    of them are drawn.

    Parameters
    ----------
    artist : SubFigure
        The subfigure.
    values : ValueDrawing
        Draws each axis of the axes in it.

    Attributes
    ----------
    children : list of FigureNode
        The artists in the order they are drawn in.
    """

    def __init__(self, artist: SubFigure, values: ValueDrawing) -> None:
        self.artist: Any = artist
        self._values = values
        self.children: list[FigureNode] = []
        self._watch: Watch | None = None

    def nested(self) -> Iterator[AxesNode]:
        """Yield the nodes of all axes inside, as far as their last drawings may be right."""
        if self._is_in_place():
            present = set(self.artist.get_children())
            yield from axes_in(child for child in self.children if child.artist in present)

    def leaves(self) -> Iterator[ArtistNode]:
        """Yield the artists in the subfigure, in the order they were drawn in."""
        return chain.from_iterable(child.leaves() for child in self.children)

    def steps(self, current: DrawPass) -> Iterator[Step]:
        """Yield the steps of the artists in the subfigure; before the first, its axes get the places of this draw."""
        if has_own_methods(self.artist):
            self._watch, self.children = None, []
            yield Step(ArtistNode(self.artist), current.watch)
        elif self.artist.get_visible():
            if self._watch is None or not self._is_in_place():
                self._watch, self.children = self._watched(current.watch), []
            artists = draw_artists(self.artist, current.renderer)
            self.children = nodes_of(artists, self.children, self._values)
            inside = replace(current, watch=self._watch)
            for child in self.children:
                yield from child.steps(inside)
            self.artist.stale = False

    def follow_again(self, covered: Watch) -> None:
        """Watch the subfigure, and the artists in it, as they are now, if they were watched."""
        if self._watch is not None:
            self._watch = self._watched(covered)
            for child in self.children:
                child.follow_again(self._watch)

    def _is_in_place(self) -> bool:
        return self._watch is not None and not self._watch.changed() and not has_own_methods(self.artist)

    def _watched(self, covered: Watch) -> Watch:
        """Watch what the artists in the subfigure read of it."""
        watch = Watch([self.artist], covered=covered)
        watch.follow_attributes(self.artist, SUBFIGURE_STATE)
        return watch


FigureNode = Node | SubFigureNode


def nodes_of(artists: Iterable[Artist], former: Iterable[FigureNode], values: ValueDrawing) -> list[FigureNode]:
    """Return the nodes of artists in a figure or subfigure, the *former* ones where there are such."""
    known = {node.artist: node for node in former}
    return [known.get(artist) or _node_for(artist, values) for artist in artists]


def _node_for(artist: Artist, values: ValueDrawing) -> FigureNode:
    return SubFigureNode(artist, values) if type(artist) is SubFigure else node_for(artist, values)


def axes_in(nodes: Iterable[FigureNode]) -> Iterator[AxesNode]:
    """Yield the nodes of all axes among and inside these nodes."""
    return chain.from_iterable(node.nested() for node in nodes if isinstance(node, AxesNode | SubFigureNode))
