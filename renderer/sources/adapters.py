"""From whatever can be animated to a source."""

from collections.abc import Coroutine, Generator, Iterable, Mapping, Sequence
from io import IOBase

import numpy as np
from matplotlib.animation import Animation
from matplotlib.figure import FigureBase

from renderer.clips.clip import Clip
from renderer.errors import OptionError, SourceError
from renderer.mpl.animations.stepping import mark_seen as mark_seen
from renderer.pixels import is_picture
from renderer.remedies import no_source
from renderer.sources.animation import AnimationSource
from renderer.sources.scene import Scene
from renderer.sources.source import DEFAULT_INTERVAL, FrameSource, State, given, length_of, never_ends, refuse_used_up


class _ListSource:
    """Figures or arrays of an iterable."""

    figure = None
    interval = DEFAULT_INTERVAL
    repeat_pause = 0.0

    def __init__(self, items: Iterable[State]) -> None:
        refuse_used_up(items)
        self._items = items

    @property
    def frame_count(self) -> int | None:
        return length_of(self._items)

    @property
    def endless(self) -> bool:
        return never_ends(self._items)

    def states(self) -> Generator[State, None, None]:
        return given(self._items)


def as_source(source: object, extra_anim: Sequence[Animation] = ()) -> FrameSource:
    """Return the source for anything that can be animated.

    Parameters
    ----------
    source : Animation, Scene, iterable of Figure, iterable of array, or callable
        A callable is a factory: it takes no argument and returns one of the others.
    extra_anim : sequence of Animation
        More animations on the figure of *source*, which must be an animation then.

    Raises
    ------
    SourceError
        It is none of these.
    OptionError
        There are *extra_anim*, and *source* is no animation.
    """
    factory = callable(source) and not isinstance(source, Animation | Scene | FigureBase | Iterable)
    if factory:
        source = source()  # type: ignore[operator]
    if isinstance(source, Animation):
        return AnimationSource(source, extra_anim)
    if extra_anim:
        raise OptionError("extra_anim", f"goes with an Animation, not with {type(source).__name__}")
    if isinstance(source, Scene):
        refuse_used_up(source.frames)
        return source
    if isinstance(source, Coroutine):
        source.close()  # Python warns of one that is never awaited
    if isinstance(source, Iterable) and not _is_one_thing(source):
        return _ListSource(source)
    raise SourceError(no_source(source, factory=factory))


def _is_one_thing(source: Iterable[object]) -> bool:
    """Whether the items of an iterable are no frames: characters, lines, axes, or the rows of one picture."""
    if isinstance(source, np.ndarray):
        may_be_stack = source.ndim == 3 and source.shape[1] <= source.shape[2]  # of gray pictures, 3 or 4 pixels wide
        return is_picture(source) and not may_be_stack
    return isinstance(source, str | bytes | Mapping | FigureBase | IOBase | Clip)
