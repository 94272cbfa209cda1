"""A mapping of a bounded weight."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")

_LOCK = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)


class Lru(Generic[V]):
    """Keeps values until they weigh too much together, then forgets those used longest ago. Threads may share it.

    Parameters
    ----------
    capacity : int
        The weight that all values may have together, in bytes.
    weigh : callable
        Returns the weight of a value.

    Attributes
    ----------
    weight : int
        The weight of all values, in bytes.
    """

    __slots__ = ("_capacity", "_items", "_weigh", "weight")

    def __init__(self, capacity: int, weigh: Callable[[V], int]) -> None:
        self._capacity = capacity
        self._weigh = weigh
        self._items: OrderedDict[Hashable, V] = OrderedDict()
        self.weight = 0

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: Hashable) -> V | None:
        """Return the value, or None."""
        with _LOCK:
            value = self._items.get(key)
            if value is not None:
                self._items.move_to_end(key)
            return value

    def put(self, key: Hashable, value: V) -> V:
        """Keep a value, unless it is heavier than the capacity, and return it."""
        weight = self._weigh(value)
        if weight <= self._capacity:
            with _LOCK:
                old = self._items.pop(key, None)
                self._items[key] = value
                self.weight += weight - (0 if old is None else self._weigh(old))
                while self.weight > self._capacity:
                    _, forgotten = self._items.popitem(last=False)
                    self.weight -= self._weigh(forgotten)
        return value
