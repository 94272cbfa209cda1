"""Registries of axes, artists and changes by name, and the decorators that fill them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

T = TypeVar("T")
Random = np.random.Generator
Targets = Callable[[Figure], Sequence[Any]]
Condition = Callable[[Axes], bool]
Apply = Callable[[Any, Random], object]


@dataclass(frozen=True)
class Change:
    """A change to one of the targets that a figure has.

    Attributes
    ----------
    targets : callable
        Returns what can be changed; nothing if the figure has none of it.
    apply : callable
        Makes the change to a target.
    needs : tuple of str
        Artists, each of which is a target; empty if nearly every figure has one.
    weight : int
        How often the change is chosen, relative to others.
    """

    targets: Targets
    apply: Apply
    needs: tuple[str, ...]
    weight: int

    def make(self, figure: Figure, random: Random) -> bool:
        """Change one of the targets; return False if the figure has none."""
        targets = self.targets(figure)
        if len(targets):
            self.apply(pick(random, targets), random)
        return len(targets) > 0


@dataclass(frozen=True)
class Maker:
    """A function that adds artists to axes, and a condition that the axes must meet."""

    fits: Condition
    add: Apply


MakeAxes = Callable[[Figure, tuple[int, int, int], Random], object]

AXES: dict[str, MakeAxes] = {}
ARTISTS: dict[str, Maker] = {}
CHANGES: dict[str, Change] = {}


def axes_maker(make: MakeAxes) -> MakeAxes:
    """Enter a function that adds axes to a figure, at a place of its grid."""
    AXES[make.__name__] = make
    return make


def artist(fits: Condition, name: str = "") -> Callable[[Apply], Apply]:
    """Enter a function that adds artists to axes that meet a condition."""

    def enter(add: Apply) -> Apply:
        ARTISTS[name or add.__name__] = Maker(fits, add)
        return add

    return enter


def change(targets: Targets, *needs: str, weight: int = 1) -> Callable[[Apply], Apply]:
    """Enter a function that changes one of these targets."""

    def enter(apply: Apply) -> Apply:
        CHANGES[apply.__name__] = Change(targets, apply, needs, weight)
        return apply

    return enter


def pick(random: Random, items: Sequence[T]) -> T:
    """Return one of the items."""
    return items[int(random.integers(len(items)))]


def add_artist(name: str, figure: Figure, random: Random) -> bool:
    """Add artists to axes that they fit; return False if the figure has none."""
    places = [axes for axes in figure.axes if ARTISTS[name].fits(axes)]
    if places:
        ARTISTS[name].add(pick(random, places), random)
    return bool(places)
