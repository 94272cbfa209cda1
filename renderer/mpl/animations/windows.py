"""Windows in which animations of a figure are playing, kept from stepping it while it is rendered.

A timer belongs to the thread of its window and cannot be stopped from another one. So it goes on, and what it calls is
replaced: its list of callbacks has ``Animation._step`` (from the constructor on in matplotlib 3.11, from the first draw
on in 3.10). What an animation with *blit* does when its window is resized, or has just been shown, is replaced as well.
The figure's new size is not kept out.
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


_REDRAWS = {"resize_event": "_on_resize", "draw_event": "_end_redraw"}
"""Signals of a figure, and the methods by which an animation with *blit* is drawn anew."""


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


class _ClosedReference:
    """Stands for a reference to a callback, which is what a figure keeps; refers to one that does nothing."""

    def __init__(self, reference: Callable[[], object]) -> None:
        self.reference = reference
        self.was_called = False

    def __call__(self) -> Callable[..., None]:
        return self._note

    def __eq__(self, other: object) -> bool:
        return self.reference == other

    def __hash__(self) -> int:
        return hash(self.reference)

    def _note(self, *_: object) -> None:
        self.was_called = True


class WindowGate:
    """Keeps timers from stepping the animations of a figure, between `close` and `open`.

    Parameters
    ----------
    figure : Figure
        The figure that they change.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure: Any = figure
        self._animations = list(_animations_of(figure))
        self._timers: list[tuple[Any, _Closed]] = []
        self._listeners: list[tuple[dict[int, Any], int, _ClosedReference]] = []

    def close(self, patience: float) -> bool:
        """Keep timers out; return whether a step that is under way in another thread ended in time."""
        for animation in self._animations:
            timer = getattr(animation, "event_source", None)
            for entry in list(getattr(timer, "callbacks", ())):
                if getattr(entry[0], "__self__", None) is animation:
                    closed = _Closed(entry[0])
                    self._timers.append((timer, closed))
                    _replace(timer, entry[0], closed)
        for signal, name in _REDRAWS.items():
            listeners = _listeners_of(self._figure, signal)
            for number, reference in list(listeners.items()):
                method = reference()
                if getattr(method, "__name__", None) == name and _animation_of(method) in self._animations:
                    listeners[number] = _ClosedReference(reference)
                    self._listeners.append((listeners, number, listeners[number]))
        deadline = time.monotonic() + patience
        while any(map(_steps_elsewhere, self._animations)):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        return True

    def open(self) -> None:
        """Let timers step the animations again, and the window draw the figure when it next looks for changes."""
        for timer, closed in self._timers:
            _replace(timer, closed, closed.callback)
        self._timers.clear()
        for listeners, number, reference in self._listeners:
            if listeners.get(number) is reference:
                listeners[number] = reference.reference
            if reference.was_called:
                _forget_background(reference.reference())
        self._listeners.clear()
        self._figure._stale = True  # without telling: that would draw at once, in the present thread


def _animations_of(figure: Any) -> Iterator[Animation]:
    """Yield the animations that are told when the figure's window is closed, which is all that have not ended."""
    for reference in list(_listeners_of(figure, "close_event").values()):
        animation = _animation_of(reference())
        if animation is not None:
            yield animation


def _listeners_of(figure: Any, signal: str) -> dict[int, Any]:
    """Return the references to the callbacks for a signal, by their numbers."""
    registry = getattr(figure, "_canvas_callbacks", None)
    listeners: dict[int, Any] = getattr(registry, "callbacks", {}).get(signal, {})
    return listeners


def _animation_of(method: object) -> Animation | None:
    animation = getattr(method, "__self__", None)
    return animation if isinstance(animation, Animation) else None


def _forget_background(method: object) -> None:
    animation: Any = _animation_of(method)
    if animation is not None:
        animation._blit_cache.clear()


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
