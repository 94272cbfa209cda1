"""The rcParams that a render's own functions set: they hold for its steps, and for nobody else.

``Animation.save`` restores all rcParams at its end. A render rests between two frames, where the program must find its
own. So what is set in a step is noted, taken back at the end of the step, and put in place for the next one. Other
threads may set rcParams meanwhile; whose a change is can only be known from where it is made, ``RcParams._set``.
"""

import threading
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
_noting: list[AbstractContextManager[None]] = []
_here = threading.local()


class RunSettings:
    """The rcParams that one run has set."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        """What the values stand in place of, inside a step."""

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Put the run's settings in place inside the with block, and note those that are set in it, in this thread."""
        outer = getattr(_here, "run", None)
        self._begin()
        _here.run = self
        try:
            yield
        finally:
            _here.run = outer
            self._end()

    def note(self, key: str, value: Any) -> None:
        """Note that the run sets a value."""
        if key != _NOT_OF_A_RUN and key in mpl.rcParams:
            self._before.setdefault(key, _get(key))
            self._values[key] = value

    def _begin(self) -> None:
        with _lock:
            if not _stepping:
                noting = hooked([mpl.rcParams], "_set", _set_and_note)
                noting.__enter__()
                _noting.append(noting)
            _stepping.append(self)
            for key, value in self._values.items():
                self._before[key] = _get(key)
                _set(key, value)

    def _end(self) -> None:
        with _lock:
            _stepping.remove(self)
            for key, before in self._before.items():
                self._take_back(key, self._values[key], before)
            self._before.clear()
            if not _stepping:
                _noting.pop().__exit__(None, None, None)

    def _take_back(self, key: str, value: Any, before: Any) -> None:
        """Restore what stood there before, unless another thread has set something else since."""
        above = next((run for run in _stepping if run._before.get(key, run) is value), None)
        if above is not None:
            above._before[key] = before
        elif _get(key) is value:
            _set(key, before)
        elif _get(key) is before:  # the run has ended a context of its own
            del self._values[key]


def _set_and_note(former: Any, _: Any, key: str, value: Any) -> None:
    run: RunSettings | None = getattr(_here, "run", None)
    if run is not None:
        run.note(key, value)
    former(key, value)


def _get(key: str) -> Any:
    params: Any = mpl.rcParams
    return params._get(key)


def _set(key: str, value: Any) -> None:
    kind: Any = type(mpl.rcParams)
    kind._set(mpl.rcParams, key, value)
