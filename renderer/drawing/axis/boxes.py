"""The boxes around the ticks and the label of each axis, kept from one frame for another."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Bbox

from renderer.mpl.axes import every_axis
from renderer.mpl.hooks import hooked

__all__ = ["Boxes", "boxes_recalled", "boxes_recorded"]

Boxes = dict[Axis, Bbox | None]
"""What ``get_tightbbox`` of each axis returned."""


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

    with hooked(every_axis(all_axes), "get_tightbbox", measure):
        yield boxes


@contextmanager
def boxes_recalled(boxes: Boxes) -> Iterator[None]:
    """Return these boxes to whoever asks for them inside the with block."""

    def recall(former: object, axis: Axis, renderer: RendererAgg, **options: Any) -> Bbox | None:
        box = boxes[axis]
        return None if box is None else box.frozen()

    with hooked(boxes, "get_tightbbox", recall):
        yield
