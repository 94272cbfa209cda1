"""How long each part of a render took."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

__all__ = ["Stopwatch"]

T = TypeVar("T")


class Stopwatch:
    """Adds up the seconds of many pieces of work; each is done in a ``with`` block.

    Attributes
    ----------
    seconds : float
        The sum, by the clock on the wall.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._started = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        self.seconds += time.perf_counter() - self._started

    def making(self, items: Iterable[T]) -> Iterator[T]:
        """Give the items, and count the time that making them takes, but not what is done with them."""
        iterator = iter(items)
        while True:
            with self:
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item
