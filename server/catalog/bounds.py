"""Bounds on the values that a client writes, beyond those of the parameters' types."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unicodedata import category

_LARGEST_INTEGER = 2**63

Place = tuple[int | str, ...]
"""The keys and indices that lead to a value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """The largest values of parameters.

    Attributes
    ----------
    text : int
        Characters of a text.
    items : int
        Items of a list.
    """

    text: int = 200
    items: int = 1000

    def excesses(self, value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
        """Find values that are too long, too large or not text.

        Parameters
        ----------
        value : object
            JSON, as Python has it.
        place : Place
            Where the value stands.

        Yields
        ------
        Place
            Where it is.
        str
            What is wrong.
        """
        if isinstance(value, str):
            if len(value) > self.text:
                yield place, f"must have at most {self.text} characters"
            elif any(category(character) in ("Cc", "Cs") for character in value if character != "\n"):
                yield place, "must not have control characters"
        elif isinstance(value, int):
            if abs(value) >= _LARGEST_INTEGER:
                yield place, "is too large a number"
        elif isinstance(value, list | dict):
            if len(value) > self.items:
                yield place, f"must have at most {self.items} items"
                return
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                yield from self.excesses(item, (*place, key))
