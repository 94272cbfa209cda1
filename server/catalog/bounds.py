"""Bounds on the values that a client writes, beyond those of the parameters' types."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import category

_LARGEST_INTEGER = 2**63
_LARGEST_EXPONENT = 308

Place = tuple[int | str, ...]
"""The keys and indices that lead to a value."""

Problem = tuple[Place, str]
"""Where a value stands, and what is wrong with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """The largest values of parameters.

    Attributes
    ----------
    text : int
        Characters of a text.
    items : int
        Items of one parameter: of its list or dictionary, and of those inside.
    depth : int
        Lists and dictionaries inside of each other.
    """

    text: int = 200
    items: int = 1000
    depth: int = 16

    def excesses(self, written: Mapping[str, Any]) -> Iterator[Problem]:
        """Find what is too long, too large, too deep or not text in the parameters that a client wrote, as JSON."""
        for name, value in written.items():
            if size(value, self.depth) > self.items:
                yield (name,), f"must have at most {self.items} items in all"
            else:
                yield from self._excesses(value, (name,))

    def _excesses(self, value: Any, place: Place) -> Iterator[Problem]:
        if isinstance(value, list | dict) and len(place) > self.depth:
            yield place, f"must have at most {self.depth} levels"
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from self.flaws(key, (*place, key))
                yield from self._excesses(item, (*place, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._excesses(item, (*place, index))
        else:
            yield from self.flaws(value, place)

    def flaws(self, value: Any, place: Place) -> Iterator[Problem]:
        """Find what is too long, too large or not text in one text or number."""
        match value:
            case str() if len(value) > self.text:
                yield place, f"must have at most {self.text} characters"
            case str() if any(category(character) in ("Cc", "Cs") for character in value if character != "\n"):
                yield place, "must not have control characters"
            case int() if abs(value) >= _LARGEST_INTEGER:
                yield place, "is too large a number"
            case float() | complex() if not (math.isfinite(value.real) and math.isfinite(value.imag)):
                yield place, "must be a finite number"
            case Decimal() if not value.is_finite():
                yield place, "must be a finite number"
            case Decimal() if abs(value.adjusted()) > _LARGEST_EXPONENT:
                yield place, "is too large or too small a number"


def size(value: Any, depth: int) -> int:
    """Return how many items JSON has in its lists and dictionaries, down to a depth."""
    if depth == 0 or not isinstance(value, list | dict):
        return 0
    items = list(value.values()) if isinstance(value, dict) else value
    return len(items) + sum(size(item, depth - 1) for item in items)
