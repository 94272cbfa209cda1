"""The garbage collector, paced while frames are drawn.

Every draw leaves some thousand objects in reference cycles. With Python's default of a collection each 700 objects, the
collector walks over the program's whole heap again and again. Paced, it runs a few times a second, over new objects.
"""

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PACE = (10_000, 5, 5)
"""Thresholds that let some megabytes of garbage gather at most."""

_lock = threading.RLock()  # re-entrant: a collection inside it may close a generator that paces
_renders: set[object] = set()
_before: list[tuple[int, int, int]] = []


@contextmanager
def paced_collector() -> Iterator[None]:
    """Pace the garbage collector inside the with block, and restore its thresholds after it.

    The collector is paced for the whole process while any thread is in such a block: the first to enter sets the
    thresholds, the last to leave restores them. Thresholds set by others meanwhile stay, as do larger ones, and a
    collector that is switched off.

    `gc.freeze` is not used: unfrozen objects count as long-lived, and a program that renders much would keep the
    garbage of all its renders.
    """
    render = object()
    _enter(render)
    try:
        yield
    finally:
        _leave(render)


def _forget() -> None:
    """Pace no longer, in a forked child: the renders of other threads do not go on there."""
    global _lock  # another thread may have held it
    _lock = threading.RLock()
    for render in list(_renders):
        _leave(render)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _enter(render: object) -> None:
    with _lock:
        _renders.add(render)
        if not _before:
            _before.append(gc.get_threshold())
            gc.set_threshold(*_paced(_before[0]))


def _leave(render: object) -> None:
    with _lock:
        _renders.discard(render)
        if not _renders and _before:
            thresholds = _before.pop()
            if gc.get_threshold() == _paced(thresholds):
                gc.set_threshold(*thresholds)


def _paced(thresholds: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return thresholds that collect no more often than these; a first one of 0 stands for never."""
    first, second, third = map(max, thresholds, _PACE)
    return (first, second, third) if thresholds[0] else thresholds
