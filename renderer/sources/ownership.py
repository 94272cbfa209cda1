"""One figure, one render at a time.

A figure is one mutable thing: two renders that step it in turn draw each other's states. So a render owns its figure
from its first step to its end, and others wait in line. Ownership belongs to the render, not to a thread: generators
move between threads.
"""

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self
from weakref import WeakKeyDictionary, ref

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure

from renderer.errors import SourceError
from renderer.mpl.animations.settings import RunSettings, at_rest
from renderer.mpl.animations.windows import WindowGate
from renderer.mpl.steps import renew_figure_lock

PATIENCE = 30.0
"""Seconds that a render waits for its figure at most."""

_A_WHILE = 1.0
"""Seconds after which a render that does nothing is looked for in the garbage."""

_REMEDY = "make an animation for each render"

_changed = threading.Condition(threading.RLock())  # re-entrant: a collection inside it may close a render
_lines: WeakKeyDictionary[Figure, list["_Claim"]] = WeakKeyDictionary()
"""The claims on a figure, in the order in which they were made. The first one holds."""


def _forget() -> None:
    """Start a forked child with no figure owned, and each on its own canvas; what would release them may be gone."""
    global _changed  # another thread may have held the lock
    _changed = threading.Condition(threading.RLock())
    for figure, line in list(_lines.items()):
        canvas = line[0].canvas() if line else None
        if canvas is not None:
            figure.set_canvas(canvas)
            if line[0].is_stepping and line[0].thread is not threading.current_thread():
                renew_figure_lock()
    _lines.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class _Claim:
    """The claim of a render on a figure. It keeps neither alive, so that both can be collected while it stands."""

    def __init__(self) -> None:
        self.thread = threading.current_thread()
        """Where the render stepped last."""
        self.is_stepping = True
        self.steps = 0
        self._looked_after = 0
        self.is_given_up = False
        self.canvas: Callable[[], FigureCanvasBase | None] = lambda: None
        """Returns the canvas on which the figure came."""

    def look_in_garbage(self) -> None:
        """Collect garbage, once between two steps, as the render may be in it."""
        if not self.is_stepping and self._looked_after != self.steps and gc.isenabled():
            self._looked_after = self.steps
            gc.collect()

    def __str__(self) -> str:
        """Who holds the figure, and what can be done about it."""
        if self.is_stepping:
            return f"another render of it is drawing in thread {self.thread.name!r}; {_REMEDY}"
        return (
            f"another render of it is halfway, and nobody has asked for its next frame since thread "
            f"{self.thread.name!r} got the last one; finish() that writer, read that generator to "
            f"its end or close() it, or {_REMEDY}"
        )


class Owner:
    """A render, as the owner of the figure that it draws.

    A context manager: on leaving, the figure is free.

    Parameters
    ----------
    patience : float, optional
        Seconds to wait for a figure, if that is less than `PATIENCE`.
    """

    def __init__(self, patience: float | None = None) -> None:
        self._patience = PATIENCE if patience is None else min(patience, PATIENCE)
        self._settings = RunSettings()
        self._figure: Figure | None = None
        self._line: list[_Claim] = []
        self._claim = _Claim()
        self._gate: WindowGate | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()

    @contextmanager
    def step(self) -> Iterator[None]:
        """Let the render step inside the with block, with the rcParams that it set in its former steps."""
        self._claim.thread, self._claim.is_stepping = threading.current_thread(), True
        self._claim.steps += 1
        try:
            with self._settings.in_place():
                yield
        finally:
            self._claim.is_stepping = False

    def owns(self, figure: Figure) -> bool:
        """Whether the figure was taken, and not released."""
        return self._figure is figure

    def take(self, figure: Figure) -> None:
        """Release the former figure, and own this one as soon as the renders that came before are over.

        Raises
        ------
        SourceError
            The owner is the render that calls this one, or the figure was not free in time.
        """
        self.release()
        self._join(figure)
        try:
            with at_rest():
                holder = self._wait()
            if holder is not self._claim:
                raise SourceError(f"the figure was not free within {self._patience:g} s: {holder}")
            self._gate = WindowGate(figure)
            if not self._gate.close(self._patience):
                step = f"its window has been drawing the same frame for {self._patience:g} s"
                raise SourceError(f"the figure was not free: {step}; {_REMEDY}")
        except BaseException:
            self.release()
            raise
        self._figure, self._claim.canvas = figure, ref(figure.canvas)

    def release(self) -> None:
        """Let the next render have the figure."""
        if self._gate is not None:
            self._gate.open()
            self._gate = None
        self._figure = None
        with _changed:
            if self._claim in self._line:
                self._line.remove(self._claim)
                _changed.notify_all()

    def give_up(self) -> None:
        """Let the render wait for no figure any more, in whatever thread it does."""
        with _changed:
            self._claim.is_given_up = True
            _changed.notify_all()

    def _join(self, figure: Figure) -> None:
        """Join the line of a figure."""
        with _changed:
            line = _lines.setdefault(figure, [])
            holder = next(iter(line), self._claim)
            if holder is not self._claim and holder.is_stepping and holder.thread is threading.current_thread():
                outer = "the figure is in the middle of a render that calls this one, from an update or a callback"
                raise SourceError(f"{outer}; {_REMEDY}, or render one after the other")
            line.append(self._claim)
            self._line = line

    def _wait(self) -> _Claim:
        """Wait for the claims before this one, and return the one that holds then."""
        line, claim = self._line, self._claim
        end = time.monotonic() + self._patience
        while (left := end - time.monotonic()) > 0:
            holder, steps = line[0], line[0].steps
            with _changed:
                if _changed.wait_for(lambda: line[0] is claim or claim.is_given_up, min(left, _A_WHILE)):
                    break
            if line[0] is holder and holder.steps == steps:
                holder.look_in_garbage()
        return line[0]
