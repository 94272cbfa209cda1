"""The protocol of a source: the states of an animation, one after another."""

import inspect
import itertools
import operator
from collections.abc import Generator, Iterable, Iterator, Sized
from typing import Any, Protocol, TypeVar

from matplotlib.figure import Figure

from renderer.errors import SourceError

T = TypeVar("T")

DEFAULT_INTERVAL = 200.0
"""Milliseconds between frames where the source does not say, as in matplotlib."""

NO_FRAMES = "the animation has no frames"

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
    def endless(self) -> bool:
        """Whether it is known for certain that there is no last frame."""

    @property
    def interval(self) -> float:
        """Milliseconds between frames."""

    @property
    def repeat_pause(self) -> float | None:
        """Seconds between two plays, None if it plays once."""

    def states(self) -> Generator[State, None, None]:
        """Bring the figure to each state in turn; a state is over when the next one is asked for."""


def length_of(values: object) -> int | None:
    """Return the number of *values*, None if they have no length."""
    return len(values) if isinstance(values, Sized) else None


def never_ends(values: object) -> bool:
    """Whether *values* are an iterator, or a function that makes one, which is known never to end."""
    if isinstance(values, type):
        return values is itertools.count
    if isinstance(values, itertools.repeat):
        return operator.length_hint(values, -1) < 0
    return isinstance(values, itertools.count | itertools.cycle)


def refuse_asynchronous(function: object, name: str) -> None:
    """Raise SourceError if a function that changes a figure does nothing when it is called, but makes a coroutine."""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise SourceError(f"{name} is asynchronous, and does nothing when it is called; use a function without async")


def endless() -> SourceError:
    """Return the error about a source without an end, where the end is needed."""
    return SourceError(
        "the animation never ends; give FuncAnimation frames= or save_count=, or an iterator its end with "
        "itertools.islice; stream(source, 'gif') and frames(source) take what has no end"
    )


def refuse_used_up(frames: object) -> None:
    """Raise SourceError if *frames* is a generator that has ended."""
    if inspect.isgenerator(frames) and inspect.getgeneratorstate(frames) == inspect.GEN_CLOSED:
        raise SourceError(
            f"{NO_FRAMES}: its generator is used up after one pass; "
            "give a list, or a function that makes a new generator"
        )


def refuse_empty(frames: object) -> None:
    """Raise SourceError if *frames*, which had none to give, is an iterator: nobody can tell if it ever had."""
    if isinstance(frames, Iterator):
        kind = type(frames).__name__
        raise SourceError(
            f"{NO_FRAMES}: its {kind} is empty, or used up after one pass; "
            f"give a list, or a function that makes a new {kind}"
        )


def given(frames: Iterable[T]) -> Generator[T, None, None]:
    """Yield what *frames* give, without closing a generator of the user's.

    Raises
    ------
    SourceError
        They are an iterator without items.
    """
    are_empty = True
    for frame in frames:
        are_empty = False
        yield frame
    if are_empty:
        refuse_empty(frames)
