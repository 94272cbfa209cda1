"""A child that is forked while another thread is anywhere in the library goes on."""

import importlib
import os
import pkgutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from operator import attrgetter
from typing import Any

import pytest

import renderer
from renderer.lazy import lazy

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.Condition)


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(renderer.__path__, "renderer."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def locks() -> Iterator[tuple[str, str]]:
    """Yield the locks of the library's modules, and of objects that are in these: the module, and the way to it."""
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, LOCKS):
                yield module.__name__, name
            elif type(value).__module__.startswith("renderer"):
                yield from ((module.__name__, f"{name}.{own}") for own, lock in attributes(value) if lock)


def attributes(item: Any) -> Iterator[tuple[str, bool]]:
    for name, value in getattr(item, "__dict__", {}).items():
        yield name, isinstance(value, LOCKS)


FOUND = list(locks())


def ends_well(child: Callable[[], bool]) -> bool:
    """Fork, and return whether a child returns True, in time."""
    process = os.fork()
    if process == 0:
        signal.alarm(60)  # a guard against hangs
        try:
            os._exit(0 if child() else 1)
        finally:
            os._exit(2)
    return os.waitpid(process, 0)[1] == 0


@pytest.mark.parametrize(("module", "way"), FOUND, ids=[".".join(each) for each in FOUND])
def test_a_child_forked_while_another_thread_holds_a_lock_can_take_it(module: str, way: str) -> None:
    find = attrgetter(way)
    held, forked = threading.Event(), threading.Event()

    def hold() -> None:
        with find(importlib.import_module(module)):
            held.set()
            forked.wait(0.5)  # some locks are waited for before the fork

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        held.wait()
        assert ends_well(lambda: find(importlib.import_module(module)).acquire(timeout=20))
        forked.set()
        holding.result()


def test_the_locks_are_found() -> None:
    assert {
        ("renderer.running.collector", "_lock"),
        ("renderer.sources.ownership", "_changed"),
        ("renderer.drawing.retained.verification", "BUDGET.lock"),
    } <= set(FOUND)


def test_a_child_forked_while_another_thread_computes_a_property_computes_it() -> None:
    inside, leave = threading.Event(), threading.Event()

    class Item:
        def __init__(self, wait: bool) -> None:
            self.wait = wait

        @lazy
        def value(self) -> int:
            if self.wait:
                inside.set()
                leave.wait()
            return 3

    with ThreadPoolExecutor(1) as pool:
        computed = pool.submit(lambda: Item(wait=True).value)
        inside.wait()
        try:
            assert ends_well(lambda: Item(wait=False).value == 3)
        finally:
            leave.set()
        assert computed.result() == 3


def test_no_class_has_a_property_with_a_lock() -> None:
    with_lock = [
        (item.__qualname__, name)
        for module in modules()
        for item in vars(module).values()
        if isinstance(item, type) and item.__module__.startswith("renderer")
        for name, value in vars(item).items()
        if type(value) is cached_property
    ]
    assert with_lock == []


def test_a_lazy_property_is_computed_once() -> None:
    class Item:
        count = 0

        @lazy
        def value(self) -> int:
            self.count += 1
            return self.count

    item = Item()
    assert (item.value, item.value, Item().value) == (1, 1, 1)
    assert isinstance(Item.value, lazy)
