"""The rcParams that a render's own functions set: they hold for its steps, and for nobody else.

``Animation.save`` restores all rcParams at its end. A render rests between two frames, where the program must find its
own. So what is set in a step is noted, taken back at the end of the step, and put in place for the next one. Other
threads may set rcParams meanwhile; whose a change is can only be known from where it is made, ``RcParams._set``.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import matplotlib as mpl

from renderer.mpl.hooks import hooked

_NOT_OF_A_RUN = "backend"
"""Is not restored by Animation.save either."""

_lock = threading.RLock()
_stepping: list["RunSettings"] = []
"""The runs that are in a step, in any thread."""
_layers: defaultdict[str, list["RunSettings"]] = defaultdict(list)
"""Of these, the ones that have a setting in place, each over what the one before it has set."""
_noting: list[AbstractContextManager[None]] = []


class _Here(threading.local):
    """The present thread: the runs that are in a step in it, one called by the other."""

    def __init__(self) -> None:
        self.runs: list[RunSettings] = []


_here = _Here()


def _forget_other_threads() -> None:
    """Take back, in a forked child, what runs in other threads have set."""
    global _lock  # another thread may have held it
    _lock = threading.RLock()
    for run in [run for run in _stepping if run not in _here.runs]:
        run.take_back()


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
        _here.runs.append(self)
        try:
            self._put_in_place()
            yield
        finally:
            _here.runs.remove(self)
            self.take_back()

    def set(self, key: str, value: Any) -> None:
        """Set a value that the run keeps."""
        with _lock:
            if _layers[key][-1:] != [self]:
                self._withdraw(key)
                _layers[key].append(self)
                self._before[key] = _get(key)
            self._values[key] = value
            _set(key, value)

    def take_back(self) -> None:
        """Take back what the run has set, unless another thread has set something else since."""
        with _lock:
            if self not in _stepping:
                return
            for key in list(self._before):
                value, present = self._values[key], _get(key)
                before, is_on_top = self._before[key], self._withdraw(key)
                if is_on_top and present is value:
                    _set(key, before)
                elif is_on_top and present is before:  # the run has ended a context of its own
                    del self._values[key]
            _stepping.remove(self)
            if not _stepping:
                _noting.pop().__exit__(None, None, None)

    def _put_in_place(self) -> None:
        with _lock:
            if not _stepping:
                noting = hooked([mpl.rcParams], "_set", _set_for_run)
                noting.__enter__()
                _noting.append(noting)
            _stepping.append(self)
            for key, value in list(self._values.items()):
                self.set(key, value)

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


def _set_for_run(former: Any, _: Any, key: str, value: Any) -> None:
    if _here.runs and key != _NOT_OF_A_RUN and key in mpl.rcParams:
        _here.runs[-1].set(key, value)
    else:
        former(key, value)


def _get(key: str) -> Any:
    params: Any = mpl.rcParams
    return params._get(key)


def _set(key: str, value: Any) -> None:
    kind: Any = type(mpl.rcParams)
    kind._set(mpl.rcParams, key, value)
