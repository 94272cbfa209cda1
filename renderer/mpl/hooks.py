"""Methods that single objects have for a while, instead of those of their class."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

__all__ = ["Hook", "hooked", "unhooked"]

_NOTHING = object()


class Hook(partial[Any]):
    """A method put in place by `hooked`. In a copy of the item, or in one that was pickled, it is the class' own."""

    name: str
    is_temporary = True
    """Says to those who look at an item's attributes that this one does not count."""

    def __reduce__(self) -> Any:
        return getattr, (self.args[1], self.name)


@contextmanager
def hooked(items: Iterable[Any], name: str, method: Callable[..., Any]) -> Iterator[None]:
    """Let the method *name* of each item be *method*, inside the with block.

    It is called with the former method, the item, and the arguments. Blocks may be nested; the former method is then
    that of the block around. Nothing but the items is changed, so that other threads and figures go on as before.
    """
    items = list(items)
    before = [vars(item).get(name, _NOTHING) for item in items]
    hooks = [Hook(method, getattr(item, name), item) for item in items]
    for item, hook in zip(items, hooks, strict=True):
        hook.name = name
        vars(item)[name] = hook
    try:
        yield
    finally:
        for item, own, hook in zip(items, before, hooks, strict=True):
            if vars(item).get(name) is not hook:  # the program has put another one there
                continue
            if own is _NOTHING:
                del vars(item)[name]
            else:
                vars(item)[name] = own


@contextmanager
def unhooked(items: Iterable[Any]) -> Iterator[None]:
    """Let the items look as if they were not hooked, inside the with block."""
    present = [vars(item) for item in items]
    hooks = [{name: value for name, value in attributes.items() if type(value) is Hook} for attributes in present]
    for attributes, taken in zip(present, hooks, strict=True):
        for name in taken:
            del attributes[name]
    try:
        yield
    finally:
        for attributes, taken in zip(present, hooks, strict=True):
            attributes.update(taken)
