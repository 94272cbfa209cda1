"""When to compare a frame with the reference step, and which artist a difference comes from."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg

from renderer.drawing.agg.display_list import DisplayList

Verify = Literal["sampled", "always", "never"]

SHARE = 0.03
"""Part of a process's rendering time that sampled verification may take."""


class Budget:
    """The time that one process has spent on rendering and on sampled verification. Threads may share it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._left = 0.0

    def rendered(self, seconds: float) -> None:
        """Count time spent on rendering."""
        with self.lock:
            self._left += SHARE * seconds

    def allows(self, seconds: float) -> bool:
        """Whether a verification that takes so long is paid for."""
        return seconds <= self._left

    def verified(self, seconds: float) -> None:
        """Count time spent on a verification."""
        with self.lock:
            self._left -= seconds


BUDGET = Budget()
"""The budget of this process: short animations share it, so that each has its turn."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=BUDGET.lock.acquire, after_in_parent=BUDGET.lock.release, after_in_child=BUDGET.lock.release
    )


class Sampling:
    """Decides which frames of a render are verified.

    Parameters
    ----------
    verify : {"sampled", "always", "never"}
        Which frames. Sampled are as many as a fixed share of the process's rendering time allows.

    Attributes
    ----------
    compares_all : bool
        Whether all frames are verified.
    """

    def __init__(self, verify: Verify) -> None:
        self._verify = verify
        self.compares_all = verify == "always"
        self._longest = 0.0
        self._cost: float | None = None

    @contextmanager
    def rendering(self) -> Iterator[None]:
        """Count the time inside the with block as rendering time."""
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        self._longest = max(self._longest, seconds)
        if self._verify == "sampled":
            BUDGET.rendered(seconds)

    def is_due(self) -> bool:
        """Whether to verify the next frame. The first time is expected to take as long as two of the longest draws."""
        if self._verify != "sampled":
            return self.compares_all
        cost = 2 * self._longest if self._cost is None else self._cost
        return cost > 0 and BUDGET.allows(cost)

    @contextmanager
    def verifying(self) -> Iterator[None]:
        """Count the time inside the with block as that of a verification."""
        start = time.perf_counter()
        yield
        self._cost = time.perf_counter() - start
        if self._verify == "sampled":
            BUDGET.verified(self._cost)


def first_difference(
    renderer: RendererAgg, before: Mapping[Artist, DisplayList], after: Mapping[Artist, DisplayList]
) -> Artist | None:
    """Return the first artist whose two drawings differ at the size of *renderer*; no artist is drawn for it."""
    for artist in (artist for artist in before if artist in after):
        first, second = (RendererAgg(renderer.width, renderer.height, renderer.dpi) for _ in range(2))
        before[artist].replay(first)
        after[artist].replay(second)
        if not np.array_equal(first.buffer_rgba(), second.buffer_rgba()):
            return artist
    return None
