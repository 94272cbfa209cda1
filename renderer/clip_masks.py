"""Masks of clip paths, and whether it is certain what they look like.

Agg draws a clip path as a mask for the first call that needs it, and uses that mask for as long as calls with the same
path and the same transform follow, be it in later frames. What the mask looks like depends on that first call: whether
it snaps to pixels, and its clip rectangle. As long as all calls with one path agree in that, it makes no difference
which of them is the first. Where they do not, the pixels of an artist depend on what was drawn before it. (As seen in
``RendererAgg::render_clippath`` of matplotlib 3.10 and 3.11.)
"""

from typing import Any, NamedTuple

from matplotlib.backend_bases import GraphicsContextBase

from renderer.lru import Lru

__all__ = ["ClipMasks", "WatchedContext"]

_MOST = 4096
"""Clip paths that are remembered: many more than a frame has."""

_User = tuple[bool | None, tuple[float, ...] | None]
"""Snapping and clip rectangle of a call."""


class _Mask(NamedTuple):
    """A mask: its path with the transform, and the call that it was drawn for."""

    path: tuple[int, bytes]
    user: _User


class ClipMasks:
    """The masks of one renderer, as the calls with clip paths since `begin` left them.

    Attributes
    ----------
    ambiguous : bool
        Whether calls with the same path disagree about how its mask is drawn.
    """

    def __init__(self) -> None:
        self.ambiguous = False
        self._users: Lru[_User] = Lru(_MOST, lambda _: 1)
        self._first: _Mask | None = None
        self._mask: _Mask | None = None
        self._began_with: _Mask | None = None

    @property
    def used(self) -> bool:
        """Whether there was any call with a clip path."""
        return len(self._users) > 0

    def begin(self) -> None:
        """Begin a draw."""
        self._first, self._began_with = None, self._mask

    def note(self, context: Any, path: Any, transform: Any) -> None:
        """Take notice of a call with this clip path."""
        rectangle = context.get_clip_rectangle()
        user = context.get_snap(), None if rectangle is None else rectangle.bounds
        mask = _Mask((id(path.vertices), transform.get_matrix().tobytes()), user)
        self._first = self._first or mask
        if self._mask is None or self._mask.path != mask.path:
            self._mask = mask
        if (self._users.get(mask.path) or self._users.put(mask.path, user)) != user:
            self.ambiguous = True

    def would_stay(self) -> bool:
        """Tell whether a second draw would find the mask that the first call of the draw found, or makes."""
        return all(
            found is None or self._first is None or found.path != self._first.path or found == self._first
            for found in (self._began_with, self._mask)
        )


class WatchedContext(GraphicsContextBase):
    """A graphics context that tells `ClipMasks` of its clip path whenever Agg asks for it.

    Parameters
    ----------
    masks : ClipMasks
        Those of the renderer that it is for.
    """

    def __init__(self, masks: ClipMasks) -> None:
        super().__init__()
        self._masks = masks

    def get_clip_path(self) -> Any:
        """Give the clip path and its transform, or None twice."""
        path, transform = super().get_clip_path()
        if path is not None:
            self._masks.note(self, path, transform)
        return path, transform
