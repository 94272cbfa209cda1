"""What can be animated, and how each kind is stepped from frame to frame.

Stepping an `~matplotlib.animation.Animation` means doing what ``Animation.save`` does, with the protected methods
that it calls and that subclasses override. Checked against matplotlib 3.10 and 3.11.
"""

import inspect
import operator
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from io import IOBase
from itertools import chain
from typing import Any, Protocol

from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation
from matplotlib.artist import Artist
from matplotlib.figure import Figure, FigureBase

from renderer.errors import OptionError, SourceError
from renderer.remedies import no_source

__all__ = ["FrameSource", "Scene", "State", "as_source", "mark_seen"]

DEFAULT_INTERVAL = 200.0
"""Milliseconds between frames where the source does not say, as in matplotlib."""

State = Figure | Any
"""One frame before it is drawn: a figure in its state, or an array of pixels."""


class FrameSource(Protocol):
    """Steps through the states that become frames."""

    @property
    def figure(self) -> Figure | None:
        """The figure that all frames are drawn on, if there is one."""

    @property
    def frame_count(self) -> int | None:
        """Number of frames, if it is known for certain without stepping."""

    @property
    def interval(self) -> float:
        """Milliseconds between frames."""

    @property
    def repeat_pause(self) -> float | None:
        """Seconds between two plays, None if it plays once."""

    def states(self) -> Generator[State, None, None]:
        """Bring the figure to each state in turn; a state is over when the next one is asked for."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A figure, and a function that changes it from frame to frame.

    Unlike in a `~matplotlib.animation.FuncAnimation`, nothing is called more often than it says here.

    Parameters
    ----------
    figure : Figure
        The figure to draw; its canvas does not matter.
    update : callable
        ``update(frame)`` is called once a frame, with each of *frames*. What it returns is ignored.
    frames : int or iterable or callable
        The values to call *update* with; a number means ``range(frames)``, a callable gives the iterable.
    init : callable, optional
        ``init()`` is called once, before the first frame.
    interval : float, default: 200
        Milliseconds between frames.

    Raises
    ------
    SourceError
        An argument is of a wrong type.
    """

    figure: Figure
    update: Callable[[Any], object]
    frames: int | Iterable[Any] | Callable[[], Iterable[Any]]
    init: Callable[[], object] | None = None
    interval: float = DEFAULT_INTERVAL
    repeat_pause: float | None = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.figure, Figure):
            raise SourceError(f"Scene: figure must be a matplotlib Figure, not {self.figure!r}")
        if not callable(self.update):
            raise SourceError(f"Scene: update must be callable, not {self.update!r}")
        if self.init is not None and not callable(self.init):
            raise SourceError(f"Scene: init must be callable or None, not {self.init!r}")
        count = _index(self.frames)
        if count is None and not callable(self.frames) and not isinstance(self.frames, Iterable):
            raise SourceError(f"Scene: frames must be a number, an iterable or a callable, not {self.frames!r}")
        if count is not None and count < 0:
            raise SourceError(f"Scene: frames must not be negative, not {count}")
        if not (isinstance(self.interval, int | float) and 0 < self.interval < float("inf")):
            raise SourceError(f"Scene: interval must be a positive number of milliseconds, not {self.interval!r}")

    @property
    def frame_count(self) -> int | None:
        """Number of frames, if *frames* has a length."""
        count = _index(self.frames)
        if count is not None:
            return count
        return _length(self.frames)

    def states(self) -> Generator[State, None, None]:
        """Call *init* once and *update* once a frame."""
        if self.init is not None:
            self.init()
        for value in self._values():
            self.update(value)
            yield self.figure

    def _values(self) -> Iterable[Any]:
        count = _index(self.frames)
        if count is not None:
            return range(count)
        values: Iterable[Any] = self.frames() if callable(self.frames) else self.frames  # type: ignore[assignment]
        return values


class AnimationSource:
    """Steps one or more animations on the same figure, as ``Animation.save`` does.

    Parameters
    ----------
    animation : Animation
        Any animation, also a user's subclass.
    extra : sequence of Animation
        Animations to advance together with it. Like in ``Animation.save``, those on another figure are left out,
        and the shortest ends the run.
    """

    def __init__(self, animation: Animation, extra: Sequence[Animation] = ()) -> None:
        self.figure: Figure = animation._fig  # type: ignore[attr-defined]
        self._animations: list[Any] = [animation]
        self._animations += [item for item in extra if item._fig is self.figure]  # type: ignore[attr-defined]
        mark_seen(animation, extra)
        for item in self._animations:
            _refuse_used_up(_own_frames(item), saved=getattr(item, "_save_seq", None))

    @property
    def frame_count(self) -> int | None:
        counts = [_saved_frames(animation) for animation in self._animations]
        known = [count for count in counts if count is not None]
        return min(known) if len(known) == len(counts) else None

    @property
    def interval(self) -> float:
        return float(getattr(self._animations[0], "_interval", DEFAULT_INTERVAL))

    @property
    def repeat_pause(self) -> float | None:
        animation = self._animations[0]
        if not getattr(animation, "_repeat", True):
            return None
        return float(getattr(animation, "_repeat_delay", 0)) / 1000

    def states(self) -> Generator[State, None, None]:
        flags = _flags_before(self._animations)
        try:
            for animation in self._animations:
                animation._draw_was_started = True
            for animation in self._animations:
                animation._init_draw()
            for step in zip(*(item.new_saved_frame_seq() for item in self._animations), strict=False):
                for animation, data in zip(self._animations, step, strict=True):
                    animation._draw_next_frame(data, blit=False)
                yield self.figure
        finally:
            for artist, visible, animated in flags:
                artist.set_visible(visible)
                artist.set_animated(animated)


class _Listed:
    """Figures or arrays that an iterable gives."""

    figure = None
    interval = DEFAULT_INTERVAL
    repeat_pause = 0.0

    def __init__(self, items: Iterable[State]) -> None:
        _refuse_used_up(items)
        self._items = items

    @property
    def frame_count(self) -> int | None:
        return _length(self._items)

    def states(self) -> Generator[State, None, None]:
        # Not "yield from": that would close a generator of the user's together with this one.
        return (item for item in self._items)


def mark_seen(source: object, extra: object = ()) -> None:
    """Keep matplotlib from warning that an animation was deleted without rendering, once it was looked at.

    The warning would name a wrong remedy after an error that names the right one. (``_draw_was_started``: matplotlib
    3.10 and 3.11; elsewhere, the attribute has no effect.)
    """
    for item in (source, *(extra if isinstance(extra, Sequence) else ())):
        if isinstance(item, Animation):
            item._draw_was_started = True  # type: ignore[attr-defined]


def as_source(source: object, extra_anim: Sequence[Animation] = ()) -> FrameSource:
    """Give the stepper for anything that can be animated.

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
        *extra_anim* is given for something else than an animation.
    """
    factory = _is_factory(source)
    if factory:
        source = source()  # type: ignore[operator]
    if isinstance(source, Animation):
        return AnimationSource(source, extra_anim)
    if extra_anim:
        raise OptionError("extra_anim", f"goes with an Animation, not with {type(source).__name__}")
    if isinstance(source, Scene):
        return source
    if isinstance(source, Iterable) and not isinstance(source, str | bytes | Mapping | FigureBase | IOBase):
        return _Listed(source)
    raise SourceError(no_source(source, factory=factory))


def _is_factory(source: object) -> bool:
    return callable(source) and not isinstance(source, Animation | Scene | FigureBase | Iterable)


def _index(value: object) -> int | None:
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def _saved_frames(animation: Any) -> int | None:
    """How many frames ``new_saved_frame_seq`` will give, if that can be told without running anything of the user's.

    ``FuncAnimation._save_count`` does not tell: it is an upper bound where the frames have no length. Names as of
    matplotlib 3.10 and 3.11; where they are missing, the count is unknown.
    """
    for base in (ArtistAnimation, FuncAnimation):
        if isinstance(animation, base):
            break
    else:
        return None
    if any(getattr(type(animation), name) is not getattr(base, name) for name in _SEQUENCE_METHODS):
        return None
    if base is ArtistAnimation:
        return _length(getattr(animation, "_framedata", None))
    count = operator.length_hint(_own_frames(animation), -1)
    return count if count >= 0 else None


def _own_frames(animation: Any) -> object:
    """Return what a FuncAnimation iterates over; None if a function of the user's would have to be called for it."""
    make = getattr(animation, "_iter_gen", None)
    if getattr(make, "__module__", None) != FuncAnimation.__module__:
        return None
    defaults = getattr(make, "__defaults__", None)
    return defaults[0] if defaults else make()  # type: ignore[misc]


def _refuse_used_up(frames: object, saved: object = None) -> None:
    """Refuse a generator that has ended, unless its values were saved."""
    if inspect.isgenerator(frames) and inspect.getgeneratorstate(frames) == inspect.GEN_CLOSED and not saved:
        raise SourceError(
            "the animation has no frames: its generator is used up after one pass; "
            "give a list, or a function that makes a new generator"
        )


_SEQUENCE_METHODS = ("new_frame_seq", "new_saved_frame_seq")


def _length(values: object) -> int | None:
    return len(values) if isinstance(values, Sized) else None


def _flags_before(animations: Iterable[Any]) -> list[tuple[Artist, bool, bool]]:
    """Visibility and animated flag of each artist on which stepping sets them."""
    artists: dict[Artist, None] = {}
    for animation in animations:
        if isinstance(animation, ArtistAnimation):
            artists |= dict.fromkeys(chain.from_iterable(animation._framedata))  # type: ignore[attr-defined]
        elif getattr(animation, "_blit", False):
            figure: Figure = animation._fig
            parents = (figure, *figure.axes)
            artists |= dict.fromkeys(chain.from_iterable(parent.get_children() for parent in parents))
    return [(artist, artist.get_visible(), artist.get_animated()) for artist in artists]
