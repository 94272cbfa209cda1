"""Runs of display lists, replayed as pixels.

What Agg makes of a pixel follows from the calls and from what the pixel was before, and from nothing else; where masks
of clip paths depend on more (`renderer.drawing.agg.clip_masks`), nothing is replayed. So where the pixels that a
run of calls touches are what they were the last time, the pixels that come out are those of the last time, too:
both are kept, compared and copied, which takes less time than to draw.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.lines import Line2D
from matplotlib.spines import Spine
from matplotlib.text import Text
from numpy.typing import NDArray

from renderer.drawing.agg.display_list import DisplayList

__all__ = ["Layers"]

_FEWEST_CALLS: dict[Any, int] = {Axis: 4, (Line2D, Spine, Text): 4, Collection: 1}
"""Kinds of artists that touch few pixels for what it takes to draw them, and how many calls are worth it.

A run is of one kind, because spines often stand on pixels that change, with half their width.
"""

_LARGEST_SHARE = 1 / 8
"""Part of the buffer that a run may touch; filled areas are drawn as fast as they are copied."""

_Pixels = NDArray[np.uint32]


class Layers:
    """Replays display lists on renderers of one size, as pixels where that is known to be the same."""

    def __init__(self) -> None:
        self._known: dict[DisplayList, _Layer] = {}
        self._used: dict[DisplayList, _Layer] = {}
        self._blank: RendererAgg | None = None

    def next_frame(self) -> None:
        """Forget what the last frame had no use for."""
        self._known, self._used = self._used, {}

    def replay(self, renderer: RendererAgg, drawn: Iterable[tuple[Artist, DisplayList]]) -> None:
        """Draw on *renderer* again what artists drew, in this order."""
        for kind, pairs in groupby(drawn, lambda pair: _kind(pair[0])):
            lists = [display_list for _, display_list in pairs]
            if kind is not None and sum(map(len, lists)) >= _FEWEST_CALLS[kind]:
                self._replay(renderer, lists)
            else:
                _replay(renderer, lists)

    def _replay(self, renderer: RendererAgg, lists: list[DisplayList]) -> None:
        layer = self._known.get(lists[0])
        if layer is None or layer.lists != lists:
            self._used[lists[0]] = _Layer(lists)
            _replay(renderer, lists)
        else:
            self._used[lists[0]] = layer
            if self._blank is None:
                self._blank = RendererAgg(renderer.width, renderer.height, renderer.dpi)
            layer.replay(renderer, self._blank)


class _Layer:
    """A run of display lists, and what it made of the pixels below."""

    def __init__(self, lists: list[DisplayList]) -> None:
        self.lists = lists
        self._touched: NDArray[np.intp] | None = None
        self._made: tuple[_Pixels, _Pixels] | None = None
        """The touched pixels before and after."""

    def replay(self, renderer: RendererAgg, blank: RendererAgg) -> None:
        if self._touched is None:
            self._touched = self._find_touched(blank)
        pixels = _flat(renderer)
        if self._touched.size > _LARGEST_SHARE * pixels.size:
            _replay(renderer, self.lists)
            return
        below = pixels[self._touched]
        if self._made is not None and np.array_equal(below, self._made[0]):
            pixels[self._touched] = self._made[1]
        else:
            _replay(renderer, self.lists)
            self._made = below, pixels[self._touched]

    def _find_touched(self, blank: RendererAgg) -> NDArray[np.intp]:
        """Give the pixels that are touched: on a clear buffer, each of them has some opacity afterwards."""
        blank.clear()
        clear = _flat(blank).copy()
        _replay(blank, self.lists)
        return np.flatnonzero(_flat(blank) != clear)


def _kind(artist: Artist) -> Any:
    return next((kind for kind in _FEWEST_CALLS if isinstance(artist, kind)), None)


def _replay(renderer: RendererAgg, lists: Sequence[DisplayList]) -> None:
    for display_list in lists:
        display_list.replay(renderer)


def _flat(renderer: RendererAgg) -> _Pixels:
    """Give the renderer's buffer, a pixel a number."""
    buffer: Any = np.asarray(renderer.buffer_rgba())
    return buffer.reshape(-1).view(np.uint32)  # type: ignore[no-any-return]
