"""The rcParams that a render's own functions set: they hold for its steps, and for nobody else.

``Animation.save`` restores all rcParams at its end. A render rests between two frames, where the program must find its
own. So what is set in a step is noted, taken back at the end of the step, and put in place for the next one. Other
threads may set rcParams meanwhile; whose a change is can only be known from where it is made, ``RcParams._set``.

rcParams are global. While a run has some in place, steps of runs in other threads wait.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar

import matplotlib as mpl

from renderer.mpl.hooks import hooked

PATIENCE = 5.0
"""Seconds that a step waits at most for steps in other threads, which may wait for this thread in turn."""

_NOT_OF_A_RUN = "backend"
"""Is not restored by Animation.save either."""

_changed = threading.Condition(threading.RLock())
_layers: defaultdict[str, list["RunSettings"]] = defaultdict(list)
"""For each setting the runs that have it in place, each over what the one before it has set."""
_noting: list[AbstractContextManager[None]] = []


class _Thread:
    """A thread, with the runs that are in a step in it, one called by the other."""

    stepping: ClassVar[list["_Thread"]] = []
    """The threads that are in a step."""
    writing: ClassVar["_Thread | None"] = None
    """The one of which a run has settings in place."""

    def __init__(self) -> None:
        self.runs: list[RunSettings] = []
        self.wants_to_write = False

    def enter(self) -> None:
        """Begin to step, when no other thread writes or wants to."""
        _wait_for(lambda: _Thread.writing is None and not any(other.wants_to_write for other in _Thread.stepping))
        if not _Thread.stepping:
            noting = hooked([mpl.rcParams], "_set", _set_for_run)
            noting.__enter__()
            _noting.append(noting)
        _Thread.stepping.append(self)

    def write(self) -> None:
        """Begin to write, when all other threads are between two steps, or want to write as well."""
        if _Thread.writing is self:
            return
        self.wants_to_write = True
        try:
            _wait_for(
                lambda: (
                    _Thread.writing is None
                    and all(other.wants_to_write for other in _Thread.stepping if other is not self)
                )
            )
        finally:
            self.wants_to_write = False
        _Thread.writing = self

    def leave(self) -> None:
        """End the step."""
        if self in _Thread.stepping:
            _Thread.stepping.remove(self)
            if not _Thread.stepping:
                _noting.pop().__exit__(None, None, None)
        if _Thread.writing is self:
            _Thread.writing = None
        _changed.notify_all()


class _Here(threading.local):
    """The present thread."""

    def __init__(self) -> None:
        self.thread = _Thread()


_here = _Here()


def _forget_other_threads() -> None:
    """Take back, in a forked child, what runs in other threads have set."""
    global _changed  # another thread may have held it
    _changed = threading.Condition(threading.RLock())
    with _changed:
        for thread in [thread for thread in _Thread.stepping if thread is not _here.thread]:
            thread.wants_to_write = False
            _take_back(thread)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_other_threads)


class RunSettings:
    """The rcParams that one run has set."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        """What the values stand in place of, inside a step."""

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Put the run's settings in place inside the with block, and note those that are set in it, in this thread."""
        thread = _here.thread
        try:
            with _changed:
                if not thread.runs:
                    thread.enter()
                thread.runs.append(self)
                self.put_in_place()
            yield
        finally:
            with _changed:
                self.take_back()
                if self in thread.runs:
                    thread.runs.remove(self)
                if not thread.runs:
                    thread.leave()

    def put_in_place(self) -> None:
        """Set what the run has set in former steps."""
        for key, value in list(self._values.items()):
            self.set(key, value)

    def set(self, key: str, value: Any) -> None:
        """Set a value that the run keeps."""
        with _changed:
            _here.thread.write()
            if _layers[key][-1:] != [self]:
                self._withdraw(key)
                _layers[key].append(self)
                self._before[key] = _get(key)
            self._values[key] = value
            _set(key, value)

    def take_back(self) -> None:
        """Take back what the run has set, unless another thread has set something else since."""
        for key in list(self._before):
            value, present = self._values[key], _get(key)
            before, is_on_top = self._before[key], self._withdraw(key)
            if is_on_top and present is value:
                _set(key, before)
            elif is_on_top and present is before:  # the run has ended a context of its own
                del self._values[key]

    def _withdraw(self, key: str) -> bool:
        """Take the run out of the layers of a setting; return whether it was on top."""
        layers = _layers[key]
        if self not in layers:
            return False
        index = layers.index(self)
        layers.remove(self)
        before = self._before.pop(key)
        if index < len(layers):
            layers[index]._before[key] = before
        return index == len(layers)


@contextmanager
def at_rest() -> Iterator[None]:
    """Let the runs of this thread rest inside the with block, as between two steps."""
    thread = _here.thread
    with _changed:
        _take_back(thread)
    try:
        yield
    finally:
        with _changed:
            if thread.runs:
                thread.enter()
            for run in thread.runs:
                run.put_in_place()


def _take_back(thread: _Thread) -> None:
    for run in reversed(thread.runs):
        run.take_back()
    thread.leave()


def _wait_for(condition: Callable[[], bool]) -> None:
    _changed.wait_for(condition, PATIENCE)


def _set_for_run(former: Any, _: Any, key: str, value: Any) -> None:
    runs = _here.thread.runs
    if runs and key != _NOT_OF_A_RUN and key in mpl.rcParams:
        runs[-1].set(key, value)
    else:
        former(key, value)


def _get(key: str) -> Any:
    params: Any = mpl.rcParams
    return params._get(key)


def _set(key: str, value: Any) -> None:
    kind: Any = type(mpl.rcParams)
    kind._set(mpl.rcParams, key, value)
