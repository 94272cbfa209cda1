"""Methods that single objects have for the time of a with block, instead of those of their class."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

_NOTHING = object()


class Hook(partial[Any]):
    """A method put in place by `hooked`. A copied or unpickled item has the method of its class instead."""

    name: str
    is_temporary = True
    """Says to those who look at an item's attributes that this one does not count."""

    def __reduce__(self) -> Any:
        return getattr, (self.args[1], self.name)


@contextmanager
def hooked(items: Iterable[Any], name: str, method: Callable[..., Any]) -> Iterator[None]:
    """Replace the method *name* of each item by *method*, inside the with block.

    *method* is called with the former method, the item, and the arguments. Blocks may be nested; the former method is
    then that of the outer block. Only the items change, so that other threads and figures go on as before.
    """
    hooks = [Hook(method, getattr(item, name), item) for item in items]
    replaced = []
    for hook in hooks:
        hook.name, attributes = name, vars(hook.args[1])
        replaced.append((attributes, attributes.get(name, _NOTHING), hook))
        attributes[name] = hook
    try:
        yield
    finally:
        for attributes, former, hook in reversed(replaced):
            if attributes.get(name) is not hook:  # the program has put another one there
                continue
            if former is _NOTHING:
                del attributes[name]
            else:
                attributes[name] = former


@contextmanager
def unhooked(items: Iterable[Any]) -> Iterator[None]:
    """Remove the hooks of the items, inside the with block."""
    hooks = [(item, name, hook) for item in items for name, hook in vars(item).items() if type(hook) is Hook]
    for item, name, _ in hooks:
        del vars(item)[name]
    try:
        yield
    finally:
        for item, name, hook in hooks:
            vars(item)[name] = hook
