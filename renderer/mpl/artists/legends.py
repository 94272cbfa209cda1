"""Legends that choose their place by what they would cover (matplotlib 3.10 and 3.11).

`renderer.mpl.steps.can_retain` checks that a legend has the method `FIND_PLACE`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg

from renderer.mpl.hooks import hooked

FIND_PLACE = "_find_best_position"
"""The method that finds a place for a legend of a width and height, on a renderer."""

Places = list[tuple[tuple[float, float], tuple[float, float]]]
"""Sizes of a legend, and where it was put."""


def best_place(legend: Any, size: tuple[float, float], renderer: RendererAgg) -> tuple[float, float]:
    """Return where a legend of this size covers least."""
    left, bottom = legend._find_best_position(*size, renderer)
    return left, bottom


def fits_inside(legend: Any, size: tuple[float, float], renderer: RendererAgg) -> bool:
    """Whether a legend of this size stays a pixel within its axes, at whichever place."""
    pad = legend.borderaxespad * renderer.points_to_pixels(legend._fontsize)
    room = legend.parent.bbox.size - 2 * pad
    return legend._bbox_to_anchor is None and pad >= 1 and bool(np.all(size <= room))


def is_expanded(legend: Any) -> bool:
    """Whether a legend gets a width when it is drawn."""
    return bool(legend._mode == "expand")


@contextmanager
def places_recorded(legend: Any) -> Iterator[Places]:
    """Record the places that a legend looks for inside the with block."""
    places: Places = []

    def find(former: Callable[..., tuple[float, float]], legend: Any, *size_and_renderer: Any) -> tuple[float, float]:
        left, bottom = former(*size_and_renderer)
        width, height, _ = size_and_renderer
        places.append(((width, height), (left, bottom)))
        return left, bottom

    with hooked([legend], FIND_PLACE, find):
        yield places
