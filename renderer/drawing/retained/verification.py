"""When to compare a retained frame with one drawn in full, and which artist a difference comes from."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg

from renderer.drawing.agg.display_list import DisplayList

Verify = Literal["sampled", "always", "never"]

SHARE = 0.03
"""Part of the run that sampled verification may take."""


class Sampling:
    """Decides which frames are verified.

    Sampled are as many frames as a fixed share of the time allows. A short animation may end before the first one.

    Parameters
    ----------
    verify : {"sampled", "always", "never"}
        Which frames.
    """

    def __init__(self, verify: Verify) -> None:
        self._verify = verify
        self._started = time.perf_counter()
        self._spent = 0.0
        self._next = 0.0

    @contextmanager
    def full_draw(self) -> Iterator[None]:
        """Measure a draw in full, which is what the next verification will take."""
        start = time.perf_counter()
        yield
        self._next = time.perf_counter() - start

    def is_due(self) -> bool:
        """Whether to verify a frame that was not drawn in full."""
        if self._verify != "sampled":
            return self._verify == "always"
        return self._spent + self._next < SHARE * (time.perf_counter() - self._started)

    @contextmanager
    def verifying(self) -> Iterator[None]:
        """Count the time of a verification."""
        with self.full_draw():
            yield
        self._spent += self._next


def find_culprit(renderer: RendererAgg, pairs: Iterable[tuple[Artist, DisplayList, DisplayList]]) -> Artist | None:
    """Return the first artist whose two drawings differ at the size of *renderer*; no artist is drawn for it."""
    for artist, *drawings in pairs:
        first, second = (RendererAgg(renderer.width, renderer.height, renderer.dpi) for _ in drawings)
        drawings[0].replay(first)
        drawings[1].replay(second)
        if not np.array_equal(first.buffer_rgba(), second.buffer_rgba()):
            return artist
    return None
