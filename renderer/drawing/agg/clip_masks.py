"""Masks of clip paths, and whether their pixels are certain.

Agg draws a clip path as a mask for the first call that needs it. It uses the mask for all further calls with the same
array of vertices and the same transform, in later frames, too. The pixels of the mask depend on that first call: on
whether it snaps to pixels, on its clip rectangle, and on the contents of the path at that time. While all calls agree
in these, it makes no difference which of them is the first. Where they disagree, the pixels of an artist depend on what
was drawn before it. Markers and images draw the mask without their clip rectangle, and texts draw none. (As seen in
``RendererAgg::render_clippath`` of matplotlib 3.10 and 3.11.)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Bbox

from renderer.drawing.agg.lru import Lru
from renderer.mpl.agg import target

_MOST = 4096
"""Number of clip paths to remember: many more than a frame has."""


class _User(NamedTuple):
    """The properties of a call that decide the pixels of a mask."""

    snap: bool | None
    rectangle: tuple[float, ...] | None
    outline: int
    """A hash of the path's contents."""


class _Mask(NamedTuple):
    """A mask: the path that Agg knows it by, and the call that it was drawn for."""

    path: tuple[int, bytes]
    user: _User
    clip: tuple[Any, Any]
    """The path itself, and its transform, frozen."""
    vertices: bytes
    """The vertices of the path, which the program may have changed in place since."""


class ClipMasks:
    """The masks of one renderer, followed through its calls with clip paths.

    Attributes
    ----------
    ambiguous : bool
        Whether calls with the same path disagree about how its mask is drawn.
    """

    def __init__(self) -> None:
        self.ambiguous = False
        self._calls: Literal["paths", "unbounded", "texts"] = "paths"
        self._users: Lru[_User] = Lru(_MOST, lambda _: 1)
        self._mask: _Mask | None = None
        self._began_with: _Mask | None = None

    def begin(self) -> None:
        """Begin a draw."""
        self._began_with = self._mask

    @contextmanager
    def during(self, calls: Literal["unbounded", "texts"]) -> Iterator[None]:
        """Declare that the calls inside the with block draw masks without their clip rectangle, or none."""
        self._calls = calls
        try:
            yield
        finally:
            self._calls = "paths"

    def note(self, context: Any, path: Any, transform: Any) -> None:
        """Follow a call with this clip path."""
        if self._calls == "texts":
            return
        rectangle = None if self._calls == "unbounded" else context.get_clip_rectangle()
        vertices, codes = path.vertices.tobytes(), b"" if path.codes is None else path.codes.tobytes()
        outline = hash((vertices, codes, path.should_simplify, path.simplify_threshold))
        user = _User(context.get_snap(), None if rectangle is None else rectangle.bounds, outline)
        matrix = transform.get_matrix()
        mask = _Mask((id(path.vertices), matrix.tobytes()), user, (path, matrix.copy()), vertices)
        if self._mask is None or self._mask.path != mask.path:
            self._mask = mask
        known = self._users.get(mask.path)
        self._users.put(mask.path, user)
        if known not in (None, user):
            self.ambiguous = True

    def put_on(self, renderer: RendererAgg, *, last_draw: bool) -> None:
        """Have a new renderer make the mask that this one had cached: after its last draw, or when that began."""
        mask = self._mask if last_draw else self._began_with
        if mask is not None:
            path, transform = mask.clip
            with _vertices_of(path, mask.vertices):
                target(renderer).draw_path(_MaskContext(mask), path, transform, None)


@contextmanager
def _vertices_of(path: Any, vertices: bytes) -> Iterator[None]:
    """Let a path have the vertices inside the with block that it had before it was changed in place."""
    present = path.vertices.copy()
    if present.tobytes() == vertices:
        yield
        return
    path.vertices[...] = np.frombuffer(vertices, present.dtype).reshape(present.shape)
    try:
        yield
    finally:
        path.vertices[...] = present


class WatchedContext(GraphicsContextBase):
    """A graphics context that reports to `ClipMasks` whenever Agg reads its clip path.

    Parameters
    ----------
    masks : ClipMasks
        The masks of the renderer that the context belongs to.
    """

    def __init__(self, masks: ClipMasks) -> None:
        super().__init__()
        self._masks = masks

    def get_clip_path(self) -> Any:
        """Return the clip path and its transform, or None twice."""
        path, transform = super().get_clip_path()
        if path is not None:
            self._masks.note(self, path, transform)
        return path, transform


class _MaskContext(GraphicsContextBase):
    """A context whose clip path Agg makes a given mask of."""

    def __init__(self, mask: _Mask) -> None:
        super().__init__()
        self.set_snap(mask.user.snap)
        if mask.user.rectangle is not None:
            self.set_clip_rectangle(Bbox.from_bounds(*mask.user.rectangle))
        self._mask = mask

    def get_clip_path(self) -> Any:
        """Return the clip path and its transform."""
        return self._mask.clip
