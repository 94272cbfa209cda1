"""Windows in which animations of a figure are playing, kept from stepping it while it is rendered.

A timer belongs to the thread of its window and cannot be stopped from another one. So it goes on, and what it calls is
replaced: its list of callbacks has ``Animation._step`` (from the constructor on in matplotlib 3.11, from the first draw
on in 3.10). Resizing a window is not covered.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from matplotlib.animation import Animation
from matplotlib.figure import Figure

_STEPS = {"_step", "_start"}
"""Methods by which a window steps its animation."""


class _Closed:
    """Stands for a callback and does nothing; equal to it, so that whoever removes the callback finds it."""

    def __init__(self, callback: Callable[..., object]) -> None:
        self.callback = callback

    def __call__(self, *_: object, **__: object) -> bool:
        return True  # otherwise the timer would remove the callback

    def __eq__(self, other: object) -> bool:
        return self.callback == getattr(other, "callback", other)

    def __hash__(self) -> int:
        return hash(self.callback)


class WindowGate:
    """Keeps timers from stepping the animations of a figure, between `close` and `open`.

    Parameters
    ----------
    figure : Figure
        The figure that they change.
    """

    def __init__(self, figure: Figure) -> None:
        self._animations = list(_animations_of(figure))
        self._closed: list[tuple[Any, _Closed]] = []

    def close(self, patience: float) -> bool:
        """Keep timers out; return whether a step that is under way in another thread ended in time."""
        for animation in self._animations:
            timer = getattr(animation, "event_source", None)
            for entry in list(getattr(timer, "callbacks", ())):
                if getattr(entry[0], "__self__", None) is animation:
                    closed = _Closed(entry[0])
                    self._closed.append((timer, closed))
                    _replace(timer, entry[0], closed)
        deadline = time.monotonic() + patience
        while any(map(_steps_elsewhere, self._animations)):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        return True

    def open(self) -> None:
        """Let timers step the animations again."""
        for timer, closed in self._closed:
            _replace(timer, closed, closed.callback)
        self._closed.clear()


def _animations_of(figure: Any) -> Iterator[Animation]:
    """Yield the animations that are told when the figure's window is closed, which is all that have not ended."""
    for reference in list(figure._canvas_callbacks.callbacks.get("close_event", {}).values()):
        animation = getattr(reference(), "__self__", None)
        if isinstance(animation, Animation):
            yield animation


def _replace(timer: Any, former: object, callback: object) -> None:
    for index, entry in enumerate(timer.callbacks):
        if entry[0] is former:
            timer.callbacks[index] = (callback, *entry[1:])
            return


def _steps_elsewhere(animation: Animation) -> bool:
    """Whether another thread is in the middle of a step of the animation."""
    here = threading.get_ident()
    stacks = [frame for ident, frame in sys._current_frames().items() if ident != here]
    return any(_is_stepping(frame, animation) for frame in stacks)


def _is_stepping(frame: FrameType | None, animation: Animation) -> bool:
    while frame is not None:
        if frame.f_code.co_name in _STEPS and frame.f_locals.get("self") is animation:
            return True
        frame = frame.f_back
    return False
