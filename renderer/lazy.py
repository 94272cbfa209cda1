"""Properties that are computed once."""

from functools import cached_property
from typing import Any, TypeVar

T = TypeVar("T")


class lazy(cached_property[T]):  # noqa: N801 -- as the property of functools
    """As ``functools.cached_property``, without a lock.

    Before Python 3.12 that has one for all objects of the class. A child that is forked while another thread holds it
    would wait for it for ever.
    """

    def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
        if instance is None:
            return self
        value = vars(instance)[self.attrname] = self.func(instance)
        return value
