"""The artists of a figure in their drawing order, each with its last drawing.

An `ArtistNode` is the smallest thing that is drawn again or replayed. An `AxesNode` yields its artists one by one as
long as the axes themselves (limits, ticks, spines, place) stay the same, and is drawn as a whole when they change.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter, is_
from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg

from renderer.drawing.agg.display_list import DisplayList, recording
from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.backoff import LONGEST_WAIT, Backoff
from renderer.drawing.retained.recordings import Boxes, boxes_recalled, boxes_recorded, drawn_as
from renderer.drawing.state.attributes import FORMS
from renderer.drawing.state.known import BENT_AXES, reads_data
from renderer.drawing.state.parts import AXES_STATE, SHARED_PATHS
from renderer.drawing.state.watch import Watch
from renderer.mpl.artists import axes as axes_parts
from renderer.mpl.artists import legends
from renderer.mpl.artists.single import leave_stale
from renderer.mpl.hooks import unhooked
from renderer.mpl.overrides import has_own_methods
from renderer.mpl.steps import drawing_order, place_titles

_WAIT_OF_NEW = 7
"""Frames after which axes in which nothing stayed are recorded again, at least."""


class _Node:
    """Something that is drawn, and a watch of all that its last drawing depended on.

    Looking for changes costs time, and so does recording. A node that changes again and again therefore looks ever more
    rarely, and counts as changed in between.

    Parameters
    ----------
    artist : Artist
        The artist to draw.
    """

    def __init__(self, artist: Artist) -> None:
        self.artist: Any = artist
        self.watch: Watch | None = None
        self.backoff = Backoff(patience=1, longest=LONGEST_WAIT)

    def changed(self) -> bool:
        """Whether it has to be drawn again."""
        return not self.backoff.due() or self.watch is None or self.watch.changed()

    def failed(self) -> None:
        """Look for changes more rarely: it has to be drawn again."""
        self.backoff.failed()


class ArtistNode(_Node):
    """One artist, with all that it draws by itself, and its last drawing."""

    def __init__(self, artist: Artist) -> None:
        super().__init__(artist)
        self.drawn = DisplayList()
        self._stale: bool = False

    def leaves(self) -> Iterator["ArtistNode"]:
        """Yield this node."""
        yield self

    def steps(self, current: "DrawPass") -> Iterator["Step"]:
        """Yield this node when its turn in the drawing comes."""
        yield Step(self, current.watch)

    def succeeded(self) -> None:
        """Look for changes in the next frame, too; leave the artist as a draw would."""
        self.backoff.succeeded()
        leave_stale(self.artist, stale=self._stale)

    def draw(self, renderer: RendererAgg) -> None:
        """Draw the artist; record the drawing if the next frame looks for changes."""
        self.watch = None
        if self.backoff.due():
            with recording(renderer) as self.drawn:
                self.artist.draw(renderer)
        else:
            self.artist.draw(renderer)
        self._stale = self.artist.stale

    def observe(self, covered: Watch) -> None:
        """Begin to watch the artist that was just drawn, except for what *covered* watches."""
        if self.watch is None and self.backoff.due():
            self.watch = Watch(covered=covered)
            self._follow(self.watch)
            if self.watch.others or not self.drawn.complete:
                self.watch.blind = self.artist

    def follow_again(self, covered: Watch) -> None:
        """Watch the artist as it is now, if it was watched."""
        if self.watch is not None:
            self.watch = None
            self.observe(covered)

    def _follow(self, watch: Watch) -> None:
        watch.follow(self.artist)


class LegendNode(ArtistNode):
    """A legend, which may choose its place by what it would cover."""

    def changed(self) -> bool:
        """Whether the legend changed, or would go to another place."""
        with unhooked([self.artist]):
            return super().changed() or any(
                legends.best_place(self.artist, size, self._renderer) != place for size, place in set(self._places)
            )

    def draw(self, renderer: RendererAgg) -> None:
        """Draw the legend, and keep the places that it found."""
        self._renderer = renderer
        with legends.places_recorded(self.artist) as self._places:
            super().draw(renderer)

    def _follow(self, watch: Watch) -> None:
        with unhooked([self.artist]):
            watch.follow_but_for_its_place(self.artist)


class AxesNode(_Node):
    """Axes and the artists in them.

    Parameters
    ----------
    axes : Axes
        The axes.
    values : ValueDrawing
        Draws each axis when the axes are drawn as a whole.
    node_for : callable
        Makes the nodes of the artists.

    Attributes
    ----------
    children : list of Node
        The artists in the order they are drawn in.
    linked : set of Axes
        Other axes. When one of them changes, these have to be drawn again.
    """

    def __init__(self, axes: Axes, values: ValueDrawing, node_for: "NodeMaker") -> None:
        super().__init__(axes)
        self._values = values
        self._node_for = node_for
        self.children: list[Node] = []
        self.linked: set[Axes] = set()
        self._grouped: set[Axes] = set()
        self._members: list[Artist] = []
        self._zorders: list[float] = []
        self._boxes: Boxes = {}
        self._places: axes_parts.Places = {}
        self._patch: Artist | None = None

    def failed(self) -> None:
        """Look for changes more rarely, and far more rarely if nothing in the axes stayed."""
        self.backoff.failed(_WAIT_OF_NEW if self._is_new() else 0)

    def _is_new(self) -> bool:
        """Whether the axes were cleared since they failed last."""
        former, self._patch = self._patch, self.artist.patch
        return former not in (None, self._patch)

    def changed(self) -> bool:
        """Whether the axes, or the groups that they are in, changed."""
        return super().changed() or axes_parts.grouped_axes(self.artist) != self._grouped

    def nested(self) -> Iterator["AxesNode"]:
        """Yield this node and those of all axes inside, in the order they are drawn in."""
        yield self
        for child in self.children:
            if isinstance(child, AxesNode):
                yield from child.nested()

    def leaves(self) -> Iterator[ArtistNode]:
        """Yield the artists in the axes, in the order they were drawn in."""
        for child in self.children:
            yield from child.leaves()

    def steps(self, current: "DrawPass") -> Iterator["Step"]:
        """Yield the axes if they changed, or else the artists in them."""
        if self.artist.get_visible():
            _ = self.artist.viewLim  # lets a pending autoscale happen, as drawing does at this point
        if self.changed() or self._reads_changed_axes(current):
            current.redrawn.add(self.artist)
            yield Step(self, current.watch)
            return
        assert self.watch is not None  # noqa: S101 -- without a watch it counts as changed
        self.backoff.succeeded()
        current.unchanged.add(self.artist)
        self._rearrange()
        self._place_titles(current.renderer)
        inside = replace(current, watch=self.watch)
        for child in self.children:
            yield from child.steps(inside)

    def _reads_changed_axes(self, current: "DrawPass") -> bool:
        others = self.linked - current.unchanged
        return self._places != axes_parts.places(self._places) or any(
            axes in current.redrawn
            or axes not in current.axes
            or current.axes[axes].changed()
            or axes_parts.awaits_autoscale(axes)
            for axes in others
        )

    def draw(self, renderer: RendererAgg) -> None:
        """Draw the axes as a whole; record that if the next frame looks for changes."""
        self.watch = None
        linked = axes_parts.linked_axes(self.artist)
        with self._values.inside(axes for axes in {self.artist, *linked} if type(axes) is Axes):
            if not self.backoff.due():
                self.artist.draw(renderer)
                return
            self.linked, self._grouped = linked, axes_parts.grouped_axes(self.artist)
            self._members = self.artist.get_children()
            self._zorders = zorders_of(self._members)
            nodes = self._nodes(self._parts())
            self.children = []
            with boxes_recorded({self.artist, *linked}) as self._boxes, drawn_as(nodes, self.children):
                self.artist.draw(renderer)
            related = linked.union(*axes_parts.groups_of(self.artist))
            self._places = axes_parts.places(axes_parts.in_other_figures(self.artist, related))

    def observe(self, covered: Watch) -> None:
        """Begin to watch the axes that were just drawn, and the artists in them, except for what *covered* watches."""
        if self.watch is None and self.backoff.due():
            self.watch = Watch([self.artist], covered=covered)
            self.watch.follow_attributes(self.artist, AXES_STATE)
            self.watch.follow(*self.artist.spines.values())
            for limits in axes_parts.data_limits(self.artist) if self._reads_data() else ():
                self.watch.follow(limits)
                self.watch.follow_attributes(limits, axes_parts.DATA_LIMITS)
            if type(self.artist) in BENT_AXES:  # an artist with their transform in other axes is drawn for every frame
                self.watch.follow(self.artist.patch, *SHARED_PATHS)
            self.linked |= self.watch.others
            elsewhere = axes_parts.in_other_figures(self.artist, self.linked)
            if not self._is_its_children() or not self._places.keys() >= elsewhere:
                self.watch.blind = self.artist
        if self.watch is not None:
            for child in self.children:
                child.observe(self.watch)

    def follow_again(self, covered: Watch) -> None:
        """Watch the axes, and the artists in them, as they are now, if they were watched."""
        if self.watch is not None:
            self.watch = None
            self.observe(covered)
            for child in self.children:
                child.follow_again(self.watch or covered)

    def _reads_data(self) -> bool:
        try:
            return any(map(reads_data, axes_parts.every_axis([self.artist])))
        except Exception:  # of a locator of the program's
            return True

    def _is_its_children(self) -> bool:
        """Whether the axes drew the artists in them and nothing else, in the known order."""
        usual = FORMS[type(self.artist)] != "unknown" and not has_own_methods(self.artist)
        return usual and self.artist.get_agg_filter() is None and self._has_known_order()

    def _has_known_order(self) -> bool:
        return [child.artist for child in self.children] == drawing_order(self.artist)

    def _parts(self) -> list[Artist]:
        """Return what the axes draw, in any order."""
        return self._members

    def _order(self) -> list[Artist]:
        """Return what the axes draw in their present state, in order."""
        return drawing_order(self.artist)

    def _rearrange(self) -> None:
        """Follow artists that came, went or changed places."""
        members = self.artist.get_children()
        zorders = zorders_of(members)
        if zorders != self._zorders or not all(map(is_, members, self._members)):  # as many zorders as members
            self._members, self._zorders = members, zorders
            self.children = self._nodes(self._order())

    def _place_titles(self, renderer: RendererAgg) -> None:
        """Move the titles as drawing the axes would, if one of them changed."""
        titles = axes_parts.titles(self.artist)
        if any(child.artist in titles and child.changed() for child in self.children):
            self.linked |= axes_parts.linked_axes(self.artist)
            with boxes_recalled(self._boxes):
                place_titles(self.artist, renderer)

    def _nodes(self, artists: Iterable[Artist]) -> "list[Node]":
        known = {child.artist: child for child in self.children}
        return [known.get(artist) or self._node_for(artist, self._values) for artist in artists]


Node = ArtistNode | AxesNode
NodeMaker = Callable[[Artist, ValueDrawing], Node]


@dataclass(frozen=True)
class DrawPass:
    """One way through the nodes of a figure, to draw a frame.

    Attributes
    ----------
    renderer : RendererAgg
        The renderer that is drawn on.
    axes : dict of Axes to AxesNode
        All axes that are drawn artist by artist.
    watch : Watch
        The watch of whatever the nodes are in.
    redrawn, unchanged : set of Axes
        Axes drawn as a whole and axes drawn artist by artist, so far.
    """

    renderer: RendererAgg
    axes: dict[Axes, AxesNode]
    watch: Watch
    redrawn: set[Axes] = field(default_factory=set)
    unchanged: set[Axes] = field(default_factory=set)


class Step(NamedTuple):
    """A node whose turn it is, and the watch of whatever it is in. Axes are a step only if they changed."""

    node: Node
    covered: Watch


def zorders_of(artists: Iterable[Artist]) -> list[float]:
    """Return the zorder of each artist."""
    return list(map(attrgetter("zorder"), artists))
