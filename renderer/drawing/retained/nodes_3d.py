"""3-D axes, and the collections and patches that they project.

As long as the view stays the same, panes, grids and each axis are replayed. Only artists that changed are projected
anew: an artist that did not has the depth that it had. The zorders then follow from the depths as in a full draw.
"""

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg

from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.axis.ticks import ticks_of_one_draw
from renderer.drawing.retained.nodes import ArtistNode, AxesNode, Node, NodeMaker, zorders_of
from renderer.drawing.retained.recordings import depths_recorded
from renderer.drawing.state.known_3d import PROJECTED
from renderer.drawing.state.watch import Watch
from renderer.mpl.artists import axes_3d
from renderer.mpl.artists.axes import every_axis
from renderer.mpl.steps import drawing_order


class ProjectedNode(ArtistNode):
    """A collection or a patch in 3-D axes. What projecting it makes is not followed, but what that is made from."""

    def _follow(self, watch: Watch) -> None:
        watch.follow_but_for(self.artist, PROJECTED[type(self.artist)])


class Axes3DNode(AxesNode):
    """3-D axes and the artists in them."""

    def __init__(self, axes: Axes, values: ValueDrawing, node_for: NodeMaker) -> None:
        super().__init__(axes, values, self._node_of_mine)
        self._make = node_for
        self._around: list[Artist] = []
        self._depths: dict[Any, Any] = {}
        self._view: Any = None

    def _is_new(self) -> bool:
        former, self._view = self._view, axes_3d.view_of(self.artist)
        return super()._is_new() or former not in (None, self._view)

    def _node_of_mine(self, artist: Artist, values: ValueDrawing) -> Node:
        projected = type(artist) in PROJECTED and artist in self._members
        return ProjectedNode(artist) if projected else self._make(artist, values)

    def draw(self, renderer: RendererAgg) -> None:
        """Draw the axes as a whole; record that, and the depths of the artists, if the next frame looks for changes."""
        with ticks_of_one_draw(self.artist):
            if not self.backoff.due():
                super().draw(renderer)
                return
            self._depths = {}
            with depths_recorded(axes_3d.projected_artists(self.artist), self._depths):
                super().draw(renderer)
        self._zorders = zorders_of(self._members)
        around = {self.artist.patch, *axes_3d.grids_and_panes(self.artist), *every_axis([self.artist])}
        self._around = [child.artist for child in self.children if child.artist in around]

    def _parts(self) -> list[Artist]:
        return [*self._members, *axes_3d.grids_and_panes(self.artist)]

    def _has_known_order(self) -> bool:
        drawn = [child.artist for child in self.children]
        zorders = axes_3d.zorders_by_depth(self.artist, self._depths)
        return axes_3d.is_drawn_as_known(self.artist, drawn, drawing_order(self.artist)) and all(
            artist.zorder == zorder for artist, zorder in zorders.items()
        )

    def _order(self) -> list[Artist]:
        return [*self._around, *drawing_order(self.artist)]

    def _rearrange(self) -> None:
        if self.artist.get_visible():
            self._project()
            for artist, zorder in axes_3d.zorders_by_depth(self.artist, self._depths).items():
                artist.zorder = zorder
        super()._rearrange()

    def _project(self) -> None:
        """Project the artists that changed, and find out the depths of all."""
        nodes = {child.artist: child for child in self.children}
        former, self._depths = self._depths, {}
        for artist in axes_3d.projected_artists(self.artist):
            known = artist in former and artist in nodes and not nodes[artist].changed()
            self._depths[artist] = former[artist] if known else artist.do_3d_projection()
