"""What a draw of axes does, recorded while it happens: the order of the artists, and the sizes of each axis."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Bbox

from renderer.mpl.artists import axes as axes_parts
from renderer.mpl.artists.axes_3d import PROJECT
from renderer.mpl.hooks import hooked

Boxes = dict[Axis, Bbox | None]
"""What ``get_tightbbox`` of each axis returned: the box around its ticks and its label."""


class Drawable(Protocol):
    """What draws an artist."""

    artist: Any

    def draw(self, renderer: RendererAgg) -> None:
        """Draw the artist."""


@contextmanager
def boxes_recorded(all_axes: Iterable[Any]) -> Iterator[Boxes]:
    """Record the boxes of each axis of these axes that are asked for inside the with block.

    Measuring takes most of a draw, and changes the ticks.
    """
    boxes: Boxes = {}

    def measure(former: Callable[..., Bbox | None], axis: Axis, renderer: RendererAgg, **options: Any) -> Bbox | None:
        box = former(renderer, **options)
        if not options:
            boxes[axis] = box
        return box

    with hooked(axes_parts.every_axis(all_axes), "get_tightbbox", measure):
        yield boxes


@contextmanager
def boxes_recalled(boxes: Boxes) -> Iterator[None]:
    """Return these boxes to whoever asks for them inside the with block."""

    def recall(former: object, axis: Axis, renderer: RendererAgg, **options: Any) -> Bbox | None:
        box = boxes[axis]
        return None if box is None else box.frozen()

    with hooked(boxes, "get_tightbbox", recall):
        yield


@contextmanager
def drawn_as(nodes: Iterable[Drawable], drawn: list[Any]) -> Iterator[None]:
    """Let the nodes draw their artists inside the with block, and list them in *drawn* as they are drawn."""
    waiting = {node.artist: node for node in nodes}

    def draw(former: Callable[[RendererAgg], None], artist: Artist, renderer: RendererAgg) -> None:
        node = waiting.pop(artist, None)
        if node is None:  # the node draws its artist
            former(renderer)
        else:
            drawn.append(node)
            node.draw(renderer)

    with hooked(list(waiting), "draw", draw):
        yield


@contextmanager
def depths_recorded(artists: Iterable[Any], depths: dict[Any, Any]) -> Iterator[None]:
    """Record in *depths* the depths that artists return when they are projected inside the with block."""

    def record(former: Callable[[], Any], artist: Artist) -> Any:
        depths[artist] = former()
        return depths[artist]

    with hooked([artist for artist in artists if hasattr(artist, PROJECT)], PROJECT, record):
        yield
