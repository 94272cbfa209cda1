"""A figure and a function that changes it."""

import inspect
import operator
from collections.abc import Callable, Generator, Iterable
from dataclasses import KW_ONLY, dataclass
from numbers import Real
from typing import Any

from matplotlib.figure import Figure

from renderer.errors import SourceError
from renderer.sources.source import DEFAULT_INTERVAL, State, given, length_of, never_ends, refuse_asynchronous


@dataclass(frozen=True, eq=False)
class Scene:
    """A figure, and a function that changes it from frame to frame.

    Unlike a `~matplotlib.animation.FuncAnimation`, a scene calls *init* once and *update* exactly once a frame.

    Parameters
    ----------
    figure : Figure
        The figure to draw; its canvas does not matter.
    update : callable
        ``update(frame)`` is called once a frame, with each of *frames*. What it returns is ignored.
    frames : int or iterable or callable
        The values to call *update* with; a number means ``range(frames)``, a callable returns the iterable.
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
    _: KW_ONLY
    init: Callable[[], object] | None = None
    interval: float = DEFAULT_INTERVAL

    def __post_init__(self) -> None:
        if not isinstance(self.figure, Figure):
            raise SourceError(f"Scene: figure must be a matplotlib Figure, not {self.figure!r}")
        if not callable(self.update):
            raise SourceError(f"Scene: update must be callable, not {self.update!r}")
        if self.init is not None and not callable(self.init):
            raise SourceError(f"Scene: init must be callable or None, not {self.init!r}")
        for name in ("update", "init"):
            refuse_asynchronous(getattr(self, name), f"Scene: {name}")
        if inspect.isgeneratorfunction(self.update):
            raise SourceError("Scene: update is a generator, and does nothing when it is called; leave the yield out")
        count = _index(self.frames)
        if count is None and not callable(self.frames) and not isinstance(self.frames, Iterable):
            raise SourceError(f"Scene: frames must be a number, an iterable or a callable, not {self.frames!r}")
        if count is not None and count < 0:
            raise SourceError(f"Scene: frames must not be negative, not {count}")
        is_number = isinstance(self.interval, Real) and not isinstance(self.interval, bool)
        if not (is_number and 0 < self.interval < float("inf")):
            raise SourceError(f"Scene: interval must be a positive number of milliseconds, not {self.interval!r}")

    @property
    def frame_count(self) -> int | None:
        """Number of frames, if *frames* is a number or has a length."""
        count = _index(self.frames)
        return length_of(self.frames) if count is None else count

    @property
    def endless(self) -> bool:
        """Whether it is known for certain that *frames* never end."""
        return never_ends(self.frames)

    @property
    def repeat_pause(self) -> float:
        """Seconds between two plays."""
        return 0.0

    def states(self) -> Generator[State, None, None]:
        """Call *init* once and *update* once a frame."""
        if self.init is not None:
            self.init()
        for value in given(self._values()):
            self.update(value)
            yield self.figure

    def _values(self) -> Iterable[Any]:
        count = _index(self.frames)
        if count is not None:
            return range(count)
        values: Iterable[Any] = self.frames() if callable(self.frames) else self.frames  # type: ignore[assignment]
        return values


def _index(value: object) -> int | None:
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None
