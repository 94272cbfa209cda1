"""The artists of a figure in the order they are drawn in, each with what it drew last.

An `ArtistNode` is the smallest thing that is drawn again or replayed. An `AxesNode` gives its artists one by
one as long as the axes themselves (limits, ticks, spines, place) stay what they are, and is drawn as a whole
when they do not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from operator import attrgetter, is_
from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import FigureBase
from matplotlib.legend import Legend

from renderer.drawing.agg.display_list import DisplayList, recording
from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.state.known import AXES_KINDS, AXES_STATE, SHARED_PATHS
from renderer.drawing.state.watch import Watch
from renderer.mpl import steps as internals
from renderer.mpl.hooks import hooked

__all__ = ["ArtistNode", "AxesNode", "Frame", "Node", "Step", "draws_by_itself", "node_for"]

LONGEST_WAIT = 31


class Node:
    """Something that is drawn: what it drew last, and what that depended on.

    Looking for changes costs time, and so does recording. Where they never pay, they become rare: after n
    changes in a row, a node counts as changed for 2**(n-1) - 1 frames without a look.

    Parameters
    ----------
    artist : Artist
        What is drawn.
    """

    def __init__(self, artist: Artist) -> None:
        self.artist: Any = artist
        self.watch: Watch | None = None
        self._changes = 0
        self._wait = 0

    def changed(self) -> bool:
        """Tell whether it has to be drawn again. To be asked once a frame."""
        if self._wait:
            self._wait -= 1
            return True
        if self.watch is not None and not self._differs(self.watch):
            self._changes = 0
            return False
        self.count_change()
        return True

    def count_change(self) -> None:
        """Note that it has to be drawn again in this frame."""
        self._wait = min(2**self._changes, LONGEST_WAIT + 1) - 1
        self._changes += 1

    @property
    def will_look(self) -> bool:
        """Whether the next frame looks for changes, so that recording may pay in this one."""
        return self._wait == 0

    def touched(self) -> bool:
        """Tell whether `changed` may say so. To be asked as often as one likes."""
        return self._wait > 0 or self.watch is None or self.watch.changed()

    def steps(self, frame: "Frame") -> Iterator["Step"]:
        """Give what to draw or replay, each when its turn in the drawing comes."""
        yield Step(self, frame.watch)

    def leaves(self) -> Iterator["ArtistNode"]:
        """Give the artists in it, in the order they were drawn in."""
        raise NotImplementedError

    def draw(self, renderer: RendererAgg) -> int:
        """Draw it; give the number of artists drawn."""
        raise NotImplementedError

    def observe(self, around: Watch) -> None:
        """Take what was just drawn for unchanged, apart from what *around* watches."""
        raise NotImplementedError

    def _differs(self, watch: Watch) -> bool:
        return watch.changed()


class ArtistNode(Node):
    """One artist, with all that it draws by itself."""

    def __init__(self, artist: Artist) -> None:
        super().__init__(artist)
        self.drawn = DisplayList()

    def leaves(self) -> Iterator["ArtistNode"]:
        """Give itself."""
        yield self

    def draw(self, renderer: RendererAgg) -> int:
        """Draw the artist; record that if it may pay."""
        self.watch = None
        if self.will_look:
            with recording(renderer) as self.drawn:
                self.artist.draw(renderer)
        else:
            self.artist.draw(renderer)
        return 1

    def observe(self, around: Watch) -> None:
        """Watch the artist."""
        if self.watch is None and self.will_look:
            self.watch = Watch(covered=around)
            self._follow(self.watch)
            if self.watch.others or not self.drawn.complete:
                self.watch.blind = self.artist

    def _follow(self, watch: Watch) -> None:
        watch.follow(self.artist)


class LegendNode(ArtistNode):
    """A legend, which may choose its place by what it would cover."""

    def draw(self, renderer: RendererAgg) -> int:
        """Draw the legend, and keep where it was put."""
        self._renderer = renderer
        with internals.found_places(self.artist) as self._places:
            return super().draw(renderer)

    def _follow(self, watch: Watch) -> None:
        watch.follow_but_for_its_place(self.artist)

    def _differs(self, watch: Watch) -> bool:
        return watch.changed() or any(
            internals.best_place(self.artist, size, self._renderer) != place for size, place in set(self._places)
        )


class AxesNode(Node):
    """Axes and the artists in them.

    Attributes
    ----------
    children : list of Node
        The artists in the order they are drawn in.
    linked : set of Axes
        Other axes. When one of them changes, these have to be drawn again.
    """

    def __init__(self, axes: Axes, values: ValueDrawing) -> None:
        super().__init__(axes)
        self._values = values
        self.children: list[Node] = []
        self.linked: set[Axes] = set()
        self._members: list[Artist] = []
        self._heights: list[float] = []
        self._boxes: internals.Boxes = {}

    def nested(self) -> Iterator["AxesNode"]:
        """Give this node and those of all axes inside, in the order they are drawn in."""
        yield self
        for child in self.children:
            if isinstance(child, AxesNode):
                yield from child.nested()

    def leaves(self) -> Iterator[ArtistNode]:
        """Give the artists in the axes, as they were drawn last."""
        for child in self.children:
            yield from child.leaves()

    def steps(self, frame: "Frame") -> Iterator["Step"]:
        """Give the axes if they changed, or else the artists in them."""
        if self.artist.get_visible():
            _ = self.artist.viewLim  # lets a pending autoscale happen, as drawing does at this point
        if self.changed() or self._reads_what_changed(frame):
            frame.redrawn.add(self.artist)
            yield Step(self, frame.watch)
            return
        assert self.watch is not None  # noqa: S101 -- it is what tells that nothing changed
        frame.unchanged.add(self.artist)
        self._place_titles(frame.renderer)
        inside = replace(frame, watch=self.watch)
        for child in self.children:
            yield from child.steps(inside)

    def _reads_what_changed(self, frame: "Frame") -> bool:
        """Tell whether other axes changed that count for these; if so, note the change."""
        others = self.linked - frame.unchanged
        affected = any(axes in frame.redrawn or axes not in frame.axes or frame.axes[axes].touched() for axes in others)
        if affected:
            self.count_change()
        return affected

    def draw(self, renderer: RendererAgg) -> int:
        """Draw the axes as a whole; record that if it may pay."""
        self.watch = None
        linked = internals.linked_axes(self.artist)
        with self._values.inside(axes for axes in {self.artist, *linked} if type(axes) is Axes):
            if not self.will_look:
                self.artist.draw(renderer)
                return len(self.artist.get_children())
            self.linked = linked
            self._members = self.artist.get_children()
            self._heights = _heights(self._members)
            nodes = self._nodes(self._members)
            self.children = []
            with internals.measured({self.artist, *linked}) as self._boxes, _drawn_as(nodes, self.children):
                self.artist.draw(renderer)
            return len(self.children)

    def observe(self, around: Watch) -> None:
        """Watch the axes, and the artists in them."""
        if self.watch is None and self.will_look:
            self.watch = Watch([self.artist], covered=around)
            present = vars(self.artist)
            self.watch.follow_attributes(self.artist, (name for name in AXES_STATE if name in present))
            self.watch.follow(*self.artist.spines.values())
            if type(self.artist) is not Axes:
                # polar axes shape their patch when they draw, and interpolate paths; an artist with their transform in
                # other axes is drawn for every frame
                self.watch.follow(self.artist.patch, *SHARED_PATHS)
            self.linked |= self.watch.others
            if not self._is_its_children():
                self.watch.blind = self.artist
        if self.watch is not None:
            for child in self.children:
                child.observe(self.watch)

    def _is_its_children(self) -> bool:
        """Tell whether all that was drawn are the artists in the axes, in the known order."""
        drawn = [child.artist for child in self.children]
        return self.artist.get_agg_filter() is None and drawn == internals.drawing_order(self.artist)

    def _differs(self, watch: Watch) -> bool:
        self._rearrange()
        return watch.changed()

    def _rearrange(self) -> None:
        """Follow artists that came, went or changed places."""
        members = self.artist.get_children()
        heights = _heights(members)
        if heights != self._heights or not all(map(is_, members, self._members)):  # as many heights as members
            self._members, self._heights = members, heights
            self.children = self._nodes(internals.drawing_order(self.artist))

    def _place_titles(self, renderer: RendererAgg) -> None:
        """Move the titles as drawing the axes would, if one of them changed."""
        titles = internals.titles(self.artist)
        if any(isinstance(child, ArtistNode) and child.artist in titles and child.touched() for child in self.children):
            self.linked |= internals.linked_axes(self.artist)
            with internals.remembered(self._boxes):
                internals.place_titles(self.artist, renderer)

    def _nodes(self, artists: Iterable[Artist]) -> list[Node]:
        known = {child.artist: child for child in self.children}
        return [known.get(artist) or node_for(artist, self._values) for artist in artists]


@dataclass(frozen=True)
class Frame:
    """What nodes know of the frame that is being drawn.

    Attributes
    ----------
    renderer : RendererAgg
        What is drawn on.
    axes : dict of Axes to AxesNode
        All axes that are drawn artist by artist.
    watch : Watch
        What is watched around the node that is asked.
    redrawn, unchanged : set of Axes
        Those drawn as a whole and those drawn artist by artist, so far.
    """

    renderer: RendererAgg
    axes: dict[Axes, AxesNode]
    watch: Watch
    redrawn: set[Axes] = field(default_factory=set)
    unchanged: set[Axes] = field(default_factory=set)


class Step(NamedTuple):
    """A node whose turn it is, and what is watched around it. Axes are a step only if they changed."""

    node: Node
    around: Watch


def node_for(artist: Artist, values: ValueDrawing) -> Node:
    """Make the node that fits an artist; where axes change with each frame, parts of them are drawn by *values*."""
    if isinstance(artist, Axes) and type(artist) in AXES_KINDS:
        return AxesNode(artist, values)
    return LegendNode(artist) if type(artist) is Legend else ArtistNode(artist)


def draws_by_itself(artist: Artist) -> bool:
    """Tell whether an artist, or one in it, has a draw method that is not matplotlib's.

    Such a method may do anything, also to other artists.
    """
    kind: Any = type(artist)
    if "draw" in vars(artist) or _has_own_draw(kind):
        return True
    return isinstance(artist, Axes | FigureBase) and any(map(draws_by_itself, artist.get_children()))


def _has_own_draw(kind: Any) -> bool:
    home = kind.draw.__module__  # None in code that was made by exec
    return home is None or not home.startswith(("matplotlib.", "mpl_toolkits."))


def _heights(artists: Sequence[Artist]) -> list[float]:
    return list(map(attrgetter("zorder"), artists))


@contextmanager
def _drawn_as(nodes: Iterable[Node], drawn: list[Node]) -> Iterator[None]:
    """Have the artists of *nodes* drawn by their nodes, and list them in the order in which that happens."""
    waiting = {node.artist: node for node in nodes}

    def draw(former: Callable[[RendererAgg], None], artist: Artist, renderer: RendererAgg) -> None:
        node = waiting.pop(artist, None)
        if node is None:  # which the node asks for
            former(renderer)
        else:
            drawn.append(node)
            node.draw(renderer)

    with hooked(list(waiting), "draw", draw):
        yield
