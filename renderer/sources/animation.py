"""Animations of matplotlib, stepped as ``Animation.save`` steps them."""

from collections.abc import Generator, Iterator, Sequence

from matplotlib.animation import Animation, ArtistAnimation
from matplotlib.figure import Figure

from renderer.errors import SourceError
from renderer.mpl.animations import stepping
from renderer.sources.source import (
    DEFAULT_INTERVAL,
    NO_FRAMES,
    State,
    length_of,
    never_ends,
    refuse_asynchronous,
    refuse_empty,
    refuse_used_up,
)


def saved_together(animation: Animation, extra: Sequence[Animation]) -> list[Animation]:
    """Return the animations that ``Animation.save`` advances: those on the same figure."""
    figure = stepping.figure_of(animation)
    return [animation, *(item for item in extra if stepping.figure_of(item) is figure)]


def none_ends(animations: Sequence[Animation]) -> bool:
    """Whether it is known for certain that none of the animations ends."""
    return all(never_ends(stepping.saved_values(animation)) for animation in animations)


class AnimationSource:
    """Steps one or more animations on the same figure, as ``Animation.save`` does.

    Parameters
    ----------
    animation : Animation
        Any animation, also a user's subclass.
    extra : sequence of Animation
        Animations to advance together with it. As in ``Animation.save``, those on another figure are left out, and the
        shortest ends the run.
    """

    def __init__(self, animation: Animation, extra: Sequence[Animation] = ()) -> None:
        self.figure = stepping.figure_of(animation)
        if not isinstance(self.figure, Figure):
            kind = type(self.figure).__name__
            raise SourceError(f"the animation is one of a {kind}; make it of the whole figure: {kind.lower()}.figure")
        self._animations = saved_together(animation, extra)
        stepping.mark_seen(animation, extra)
        for item in self._animations:
            refuse_used_up(stepping.unsaved_values(item))
            if isinstance(item, ArtistAnimation) and isinstance(stepping.saved_values(item), Iterator):
                raise SourceError(f"{NO_FRAMES}: ArtistAnimation goes over its artists twice; give it a list")
            for name, function in stepping.functions_of(item).items():
                refuse_asynchronous(function, f"the animation's {name}")
        if self.frame_count == 0:
            self._refuse_empty()

    @property
    def frame_count(self) -> int | None:
        """Number of frames, if all animations know theirs."""
        counts = [length_of(stepping.saved_values(animation)) for animation in self._animations]
        known = [count for count in counts if count is not None]
        return min(known) if len(known) == len(counts) else None

    @property
    def endless(self) -> bool:
        """Whether it is known for certain that none of the animations ends."""
        return none_ends(self._animations)

    @property
    def interval(self) -> float:
        """Milliseconds between frames of the first animation."""
        return stepping.interval_of(self._animations[0], DEFAULT_INTERVAL)

    @property
    def repeat_pause(self) -> float | None:
        """Seconds between two plays of the first animation, None if it plays once."""
        return stepping.repeat_pause(self._animations[0])

    def states(self) -> Generator[State, None, None]:
        """Step all animations, and restore the flags of their artists in the end."""
        are_empty = True
        with stepping.flags_restored(self._animations):
            for _ in stepping.saved_steps(self._animations):
                are_empty = False
                yield self.figure
        if are_empty:
            self._refuse_empty()

    def _refuse_empty(self) -> None:
        """Raise SourceError if one of the animations runs over an iterator that has nothing to give."""
        for item in self._animations:
            values = stepping.unsaved_values(item)
            if values is stepping.unsaved_values(item):  # else it is an iterator made anew
                refuse_empty(values)
