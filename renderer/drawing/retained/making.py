"""Which node fits an artist."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend import Legend

from renderer.drawing.axis.replay import ValueDrawing
from renderer.drawing.retained.nodes import ArtistNode, AxesNode, LegendNode, Node
from renderer.drawing.retained.nodes_3d import Axes3DNode
from renderer.drawing.state.known import AXES_KINDS
from renderer.drawing.state.known_3d import AXES_3D
from renderer.mpl.artists.axes_3d import has_known_parts


def node_for(artist: Artist, values: ValueDrawing) -> Node:
    """Make the node that fits an artist; axes that are drawn as a whole have *values* draw their axis."""
    if isinstance(artist, Axes) and type(artist) in AXES_3D:
        return Axes3DNode(artist, values, node_for) if has_known_parts(artist) else ArtistNode(artist)
    if isinstance(artist, Axes) and type(artist) in AXES_KINDS:
        return AxesNode(artist, values, node_for)
    return LegendNode(artist) if type(artist) is Legend else ArtistNode(artist)
