"""Animations step by step, as ``Animation.save`` of matplotlib 3.10 and 3.11 steps them.

Save calls protected methods, which subclasses override, and reads private attributes. Where an attribute is missing,
its default in matplotlib counts; where a frame count cannot be read, it is unknown.
"""

import itertools
import operator
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation
from matplotlib.artist import Artist
from matplotlib.figure import Figure

_ENDLESS = (itertools.count, itertools.cycle, itertools.repeat)

_SEQUENCE_METHODS = ("new_frame_seq", "new_saved_frame_seq")


def figure_of(animation: Any) -> Figure:
    """Return the figure that an animation changes."""
    figure: Figure = animation._fig
    return figure


def interval_of(animation: Animation, default: float) -> float:
    """Return the milliseconds between frames; those of a plain `Animation` are its event source's."""
    return float(getattr(animation, "_interval", default))


def functions_of(animation: Animation) -> dict[str, object]:
    """Return the functions that a FuncAnimation calls to change its figure, by the names of its arguments."""
    names = ("func", "init_func") if isinstance(animation, FuncAnimation) else ()
    return {name: getattr(animation, f"_{name}", None) for name in names}


def kept_html(animation: Animation) -> str | None:
    """Return the player that ``Animation.to_jshtml`` returned before and will return again."""
    return getattr(animation, "_html_representation", None)


def keep_html(animation: Any, text: str) -> None:
    """Let ``Animation.to_jshtml`` return this player."""
    animation._html_representation = text


def repeat_pause(animation: Animation) -> float | None:
    """Return the seconds between two plays, None if the animation plays once."""
    if not getattr(animation, "_repeat", True):
        return None
    return float(getattr(animation, "_repeat_delay", 0)) / 1000


def saved_steps(animations: Sequence[Any]) -> Iterator[None]:
    """Start the animations, and draw the next frame of each one whenever a step is asked for."""
    for animation in animations:
        animation._draw_was_started = True
    for animation in animations:
        animation._init_draw()
    for step in zip(*(animation.new_saved_frame_seq() for animation in animations), strict=False):
        for animation, data in zip(animations, step, strict=True):
            animation._draw_next_frame(data, blit=False)
        yield


def saved_values(animation: Any) -> object:
    """Return what ``new_saved_frame_seq`` runs over, None if only the user's own code can say.

    ``FuncAnimation._save_count`` is an upper bound where the frames have no length. With it, it is not known whether
    frames of no length end earlier.
    """
    base = next((kind for kind in (ArtistAnimation, FuncAnimation) if isinstance(animation, kind)), None)
    if base is None or any(getattr(type(animation), name) is not getattr(base, name) for name in _SEQUENCE_METHODS):
        return None
    if base is ArtistAnimation:
        return getattr(animation, "_framedata", None)
    values, fresh = _own_values(animation)
    if isinstance(values, _ENDLESS) and getattr(animation, "_save_count", None) is not None:
        return None
    count = operator.length_hint(values, -1) if fresh else -1
    return range(count) if count >= 0 else values


def _own_values(animation: Any) -> tuple[object, bool]:
    """Return what a FuncAnimation runs over, and whether that is an iterator which nothing was taken from.

    It is None if a function of the user's would have to be called for it.
    """
    make = getattr(animation, "_iter_gen", None)
    if make is itertools.count:  # the values of an animation without frames
        return itertools.count(), True
    if getattr(make, "__module__", None) != FuncAnimation.__module__:
        return None, False
    defaults = getattr(make, "__defaults__", None)
    return (defaults[0], False) if defaults else (make(), True)  # type: ignore[misc]


def unsaved_values(animation: Animation) -> object:
    """Return what an animation runs over, None if it would repeat values that it has saved."""
    return None if getattr(animation, "_save_seq", None) else _own_values(animation)[0]


def mark_seen(*items: object) -> None:
    """Keep matplotlib from warning that an animation was deleted without rendering; items may be lists of animations.

    After an error that names the right remedy, the warning would name a wrong one. Without ``_draw_was_started`` the
    warning comes.
    """
    for item in chain.from_iterable(item if isinstance(item, list | tuple) else (item,) for item in items):
        if isinstance(item, Animation):
            item._draw_was_started = True  # type: ignore[attr-defined]


@contextmanager
def flags_restored(animations: Sequence[Any]) -> Iterator[None]:
    """Restore after the with block the flags that stepping sets: which artists are visible, and which are animated.

    An `ArtistAnimation` also remembers which artists it has shown last, to hide them in its next step.
    """
    artists: dict[Artist, None] = {}
    shown = [(item, item._drawn_artists) for item in animations if isinstance(item, ArtistAnimation)]  # type: ignore[attr-defined]
    for animation in animations:
        if isinstance(animation, ArtistAnimation):
            artists |= dict.fromkeys(chain.from_iterable(animation._framedata))  # type: ignore[attr-defined]
        elif getattr(animation, "_blit", False):
            parents = (figure_of(animation), *figure_of(animation).axes)
            artists |= dict.fromkeys(chain.from_iterable(parent.get_children() for parent in parents))
    before = [(artist, artist.get_visible(), artist.get_animated()) for artist in artists]
    try:
        yield
    finally:
        for artist, visible, animated in before:
            artist.set_visible(visible)
            artist.set_animated(animated)
        for animation, drawn in shown:
            animation._drawn_artists = drawn  # type: ignore[attr-defined]
