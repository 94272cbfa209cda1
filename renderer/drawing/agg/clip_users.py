"""Which artists share a clip path, and whether the mask of the path is certain before anything is drawn.

`renderer.drawing.agg.clip_masks` says what the pixels of a mask depend on. They are certain if all calls with the path
agree, which `ClipUsers` finds out from the artists alone.
"""

from collections.abc import Hashable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.image import AxesImage, FigureImage
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import TransformedPatchPath

from renderer.mpl.artists.single import patch_of, path_of

_NO_MARKER = (None, "None", "none", "", " ")


class ClipUsers:
    """The artists of a figure that have clip paths."""

    def __init__(self) -> None:
        self._calls: dict[int, Hashable] = {}
        self._outlines: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()

    def next_frame(self) -> None:
        """Begin with the artists of a frame."""
        self._calls.clear()

    def __len__(self) -> int:
        """Return how many clip paths the artists of this frame have."""
        return len(self._calls)

    def agree_with(self, artist: Artist) -> bool:
        """Whether an artist draws the mask of its clip path as all artists before it do, and as in earlier frames."""
        path: Any = artist.get_clip_path()
        shape = patch_of(path) if type(path) is TransformedPatchPath else path_of(path)
        return self._is_unchanged(shape) and all(
            self._calls.setdefault(id(shape), call) == call for call in _calls(artist)
        )

    def _is_unchanged(self, shape: Any) -> bool:
        """Whether nobody has changed a path in place; patches make another one."""
        if not isinstance(shape, Path):
            return True
        outline = np.asarray(shape.vertices).tobytes()
        return self._outlines.setdefault(shape, outline) == outline


def _calls(artist: Any) -> Iterator[Hashable]:
    """Yield what decides the mask in each of an artist's calls: whether it snaps, and its clip rectangle."""
    rectangle = None if artist.clipbox is None else artist.clipbox.bounds
    if isinstance(artist, Line2D):
        if artist.get_linestyle() not in _NO_MARKER:
            yield artist.get_snap(), rectangle
        if artist.get_marker() not in _NO_MARKER:
            yield "marker", id(artist)
    elif isinstance(artist, AxesImage | FigureImage) or (isinstance(artist, Collection) and rectangle is not None):
        yield "unbounded", id(artist)
    elif not isinstance(artist, Text):
        yield artist.get_snap(), rectangle
