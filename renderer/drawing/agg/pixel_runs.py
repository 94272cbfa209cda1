"""Runs of display lists, replayed by copying pixels.

A pixel after a run of calls depends on the calls and on the pixel before, and on nothing else. (Figures whose masks of
clip paths depend on more are never replayed: `renderer.drawing.agg.clip_masks`.) A run therefore keeps the pixels that
it touches, before and after. When the pixels before are the same again, it copies the pixels after, which is faster
than making the calls.
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

_FEWEST_CALLS: dict[Any, int] = {Axis: 4, (Line2D, Spine, Text): 4, Collection: 1}
"""Minimum number of calls in a run, by kind of artist, for copying pixels to beat replaying the calls.

A run is of one kind, because half of a spine's width often lies on pixels that change.
"""

_LARGEST_SHARE = 1 / 8
"""Part of the buffer that a run may touch; Agg fills large areas as fast as they are copied."""

_Pixels = NDArray[np.uint32]


class PixelRuns:
    """Replays display lists on renderers of one size, by copying pixels where those come out the same."""

    def __init__(self) -> None:
        self._known: dict[DisplayList, _PixelRun] = {}
        self._used: dict[DisplayList, _PixelRun] = {}
        self._blank: RendererAgg | None = None

    def next_frame(self) -> None:
        """Forget the runs that the last frame did not use."""
        self._known, self._used = self._used, {}

    def replay(self, renderer: RendererAgg, drawn: Iterable[tuple[Artist, DisplayList]]) -> None:
        """Replay the drawings of artists on *renderer*, in this order."""
        for kind, pairs in groupby(drawn, lambda pair: _kind(pair[0])):
            lists = [display_list for _, display_list in pairs]
            if kind is not None and sum(map(len, lists)) >= _FEWEST_CALLS[kind]:
                self._replay(renderer, lists)
            else:
                _replay(renderer, lists)

    def _replay(self, renderer: RendererAgg, lists: list[DisplayList]) -> None:
        run = self._known.get(lists[0])
        if run is None or run.lists != lists:
            self._used[lists[0]] = _PixelRun(lists)
            _replay(renderer, lists)
        else:
            self._used[lists[0]] = run
            if self._blank is None:
                self._blank = RendererAgg(renderer.width, renderer.height, renderer.dpi)
            run.replay(renderer, self._blank)


class _PixelRun:
    """A run of display lists, and the pixels that it touches."""

    def __init__(self, lists: list[DisplayList]) -> None:
        self.lists = lists
        self._touched: NDArray[np.intp] | None = None
        self._last: tuple[_Pixels, _Pixels] | None = None
        """The touched pixels before and after."""

    def replay(self, renderer: RendererAgg, blank: RendererAgg) -> None:
        if self._touched is None:
            self._touched = self._touched_pixels(blank)
        pixels = _flat(renderer)
        if self._touched.size > _LARGEST_SHARE * pixels.size:
            _replay(renderer, self.lists)
            return
        below = pixels[self._touched]
        if self._last is not None and np.array_equal(below, self._last[0]):
            pixels[self._touched] = self._last[1]
        else:
            _replay(renderer, self.lists)
            self._last = below, pixels[self._touched]

    def _touched_pixels(self, blank: RendererAgg) -> NDArray[np.intp]:
        """Return the pixels that the run touches: on a clear buffer, these are not clear afterwards."""
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
    """Return the renderer's buffer as one number a pixel."""
    buffer: Any = np.asarray(renderer.buffer_rgba())
    return buffer.reshape(-1).view(np.uint32)  # type: ignore[no-any-return]
