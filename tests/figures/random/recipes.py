"""Recipes: the axes and artists of a figure, and the changes of each frame."""

import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

import tests.figures.random.artists
import tests.figures.random.axes
import tests.figures.random.changes.artists
import tests.figures.random.changes.figures
import tests.figures.random.changes.relations
import tests.figures.random.changes.space
import tests.figures.random.changes.ticks  # noqa: F401 -- all seven enter what they have
from tests.figures.random.artists import HOMES
from tests.figures.random.registry import ARTISTS, AXES, CHANGES, add_artist
from tests.figures.random.ways import Way, ways

Named = tuple[str, int]


@dataclass(frozen=True)
class Recipe:
    """A way, axes, artists and the changes of each step: names, each with a number to draw its details from."""

    way: Way
    axes: tuple[Named, ...]
    artists: tuple[Named, ...]
    steps: tuple[tuple[Named, ...], ...]
    changes: Counter[str] = field(default_factory=Counter, compare=False, repr=False)
    """How often each change was made, in all animations of the recipe."""

    def animation(self) -> FuncAnimation:
        """Return an animation of a new figure."""
        figure = self.figure()
        return FuncAnimation(figure, lambda index: self.change(figure, index), frames=len(self.steps), init_func=list)

    def figure(self) -> Figure:
        """Return a new figure."""
        figure = self.way.figure()
        for index, (name, seed) in enumerate(self.axes, start=1):
            AXES[name](figure, (1, len(self.axes), index), np.random.default_rng(seed))
        for name, seed in self.artists:
            add_artist(name, figure, np.random.default_rng(seed))
        return figure

    def change(self, figure: Figure, index: int) -> None:
        """Make those changes of a step that have a target in the figure."""
        for name, seed in self.steps[index]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.changes[name] += CHANGES[name].make(figure, np.random.default_rng(seed))


def _named(names: Iterable[str]) -> st.SearchStrategy[Named]:
    return st.tuples(st.sampled_from(sorted(names)), st.integers(0, 2**20))


@st.composite
def recipes(draw: st.DrawFn, change: str | None = None, artist: str | None = None) -> Recipe:
    """Draw a recipe with artists that its changes can be made to; it has the named change and the named artist.

    A recipe has few kinds of changes, which come again and again. So its figure need not have many artists.
    """
    weighted = [name for name, change in CHANGES.items() for _ in range(change.weight)]
    kinds = draw(st.lists(st.sampled_from(weighted), min_size=1, max_size=3))
    if change is not None:
        kinds = [change, *kinds[:2]]
    steps = draw(st.lists(st.lists(_named(kinds), max_size=3), min_size=3, max_size=7))
    if change is not None:
        draw(st.sampled_from(steps)).append(draw(_named([change])))
    quiet = draw(st.sampled_from([0] * 8 + [9, 20]))
    steps[draw(st.integers(0, len(steps) - 1)) : 0] = [[] for _ in range(quiet)]
    needs = dict.fromkeys(CHANGES[name].needs for step in steps for name, _ in step)
    needed = [draw(_named(names)) for names in needs if names]
    if artist is not None:
        needed.append(draw(_named([artist])))
    homes = [_named(HOMES[ARTISTS[name].fits]) for name, _ in needed if ARTISTS[name].fits in HOMES]
    return Recipe(
        way=draw(ways),
        axes=(*draw(st.lists(_named(AXES), min_size=1, max_size=3 - len(homes[:1]))), *map(draw, homes[:1])),
        artists=(*draw(st.lists(_named(ARTISTS), max_size=3)), *needed),
        steps=tuple(map(tuple, steps)),
    )
