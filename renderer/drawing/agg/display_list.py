"""Display lists: what an artist drew on Agg, to be drawn again without the artist.

All of matplotlib's Agg drawing ends in a few methods of one C++ object. `recording` puts a recorder
in that object's place; it passes each call on and keeps it, with everything that could change later
copied. Replaying the calls in their order, on the same pixels below, gives the same pixels above.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import singledispatch
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import BboxBase, Transform

from renderer.mpl.agg import put_target, target

DRAWING_METHODS = (
    "draw_gouraud_triangles",
    "draw_image",
    "draw_markers",
    "draw_path",
    "draw_path_collection",
    "draw_quad_mesh",
    "draw_text_image",
)
"""The methods of the C++ renderer that put pixels on its buffer (matplotlib 3.10 and 3.11)."""

_CALL = 2000
"""Bytes of a call beside its arrays, roughly."""

_Call = tuple[str, tuple[Any, ...], dict[str, Any]]


class DisplayList:
    """Calls on the C++ renderer, in order.

    Attributes
    ----------
    complete : bool
        Whether the calls are all that happened to the buffer. It is False where it was written to
        by other means, such as a restored region; such a list must not be replayed.
    """

    __slots__ = ("_calls", "complete")

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self.complete = True

    def __len__(self) -> int:
        return len(self._calls)

    @property
    def portable(self) -> bool:
        """Whether the calls can be repeated for another figure; Agg knows a clip path by its identity."""
        return not any(isinstance(item, _FrozenContext) and item.clips for item in self._arguments())

    @property
    def weight(self) -> int:
        """The bytes that the calls take, roughly."""
        arrays = sum(item.nbytes for item in self._arguments() if isinstance(item, np.ndarray))
        return arrays + _CALL * len(self._calls)

    def _arguments(self) -> Iterator[Any]:
        for _, args, kwargs in self._calls:
            yield from args
            yield from kwargs.values()

    def replay(self, renderer: RendererAgg) -> None:
        """Repeat the calls on *renderer*."""
        drawing = target(renderer)
        for method, args, kwargs in self._calls:
            getattr(drawing, method)(*args, **kwargs)

    def append(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Keep one call, its arguments frozen."""
        frozen = {name: _freeze(value) for name, value in kwargs.items()} if kwargs else kwargs
        self._calls.append((method, tuple(map(_freeze, args)), frozen))


@contextmanager
def recording(renderer: RendererAgg) -> Iterator[DisplayList]:
    """Keep what is drawn on *renderer* inside the with block.

    The drawing goes on as usual. An ``agg_filter`` is kept as the image that it returned. Recordings
    may be nested: each keeps what is drawn inside it.

    Examples
    --------
    ::

        with recording(renderer) as display_list:
            artist.draw(renderer)
        ...
        if display_list.complete:
            display_list.replay(renderer)
    """
    display_list = DisplayList()
    former = target(renderer)
    put_target(renderer, _Recorder(former, display_list))
    try:
        yield display_list
    finally:
        put_target(renderer, former)


class _Recorder:
    """Stands in for the C++ renderer: keeps the drawing calls and passes everything on."""

    def __init__(self, target: Any, display_list: DisplayList) -> None:
        self._target = target
        self._display_list = display_list
        for method in DRAWING_METHODS:
            setattr(self, method, self._recorded(method))

    def _recorded(self, method: str) -> Callable[..., None]:
        draw, append = getattr(self._target, method), self._display_list.append

        def record(*args: Any, **kwargs: Any) -> None:
            draw(*args, **kwargs)
            append(method, args, kwargs)

        return record

    def __getattr__(self, name: str) -> Any:
        if name != "copy_from_bbox":
            self._display_list.complete = False
        return getattr(self._target, name)


class _FrozenPath:
    """What Agg reads of a path."""

    __slots__ = ("codes", "should_simplify", "simplify_threshold", "vertices")

    def __init__(self, path: Path) -> None:
        self.vertices = np.array(path.vertices)
        self.codes = None if path.codes is None else np.array(path.codes)
        self.should_simplify = path.should_simplify
        self.simplify_threshold = path.simplify_threshold


class _FrozenContext(GraphicsContextBase):
    """A graphics context that no artist can change.

    The vertices of the clip path are kept, not copied: Agg knows a clip path by their identity, and
    artists that share a clip path share its mask.
    """

    def __init__(self, gc: GraphicsContextBase) -> None:
        # not super().__init__(), whose every value is copied over
        self.copy_properties(gc)
        self._dashes = _freeze(gc.get_dashes())
        rectangle = gc.get_clip_rectangle()
        self._cliprect = None if rectangle is None else rectangle.frozen()
        path, transform = gc.get_clip_path()
        self._frozen_clip = (path, _freeze(transform))

    def get_clip_path(self) -> Any:
        return self._frozen_clip

    @property
    def clips(self) -> bool:
        """Whether there is a clip path."""
        return self._frozen_clip[0] is not None


@singledispatch
def _freeze(value: Any) -> Any:
    """Return a copy of what Agg reads of an argument: less than the object is made of, and in a form that Agg takes."""
    # matplotlib 3.10 passes texts as a font or an image of its own, both of them buffers
    return np.array(value, dtype=np.uint8) if type(value).__module__.endswith("ft2font") else value


_freeze.register(GraphicsContextBase, _FrozenContext)
_freeze.register(Path, _FrozenPath)
_freeze.register(Transform, lambda transform: np.array(transform.get_affine().get_matrix()))
_freeze.register(BboxBase, lambda bbox: bbox.frozen())
_freeze.register(np.ndarray, lambda array: np.array(array))
_freeze.register(list, lambda items: list(map(_freeze, items)))
_freeze.register(tuple, lambda items: tuple(map(_freeze, items)))
