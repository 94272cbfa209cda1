"""Random figures, changed at random, are drawn as Animation.save draws them, bit for bit.

The default profile takes half a minute. ``FIGREEL_DIFFERENTIAL=3600`` searches for an hour.
"""

import os
import time
from collections.abc import Iterable

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.renderer.random_figures import ARTISTS, AXES, CANVASES, CHANGES, Recipe
from tests.support import assert_same_frames, drawn_frames, saved_frames

SECONDS = float(os.environ.get("FIGREEL_DIFFERENTIAL", "0"))
LAYOUTS = ["none"] * 6 + ["constrained", "tight", "compressed"]

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(SECONDS * 2 + 300)]


def named(names: Iterable[str]) -> st.SearchStrategy[tuple[str, int]]:
    return st.tuples(st.sampled_from(sorted(names)), st.integers(0, 2**20))


recipes = st.builds(
    Recipe,
    canvas=st.sampled_from(sorted(CANVASES)),
    layout=st.sampled_from(LAYOUTS),
    axes=st.lists(named(AXES), min_size=1, max_size=3).map(tuple),
    artists=st.lists(named(ARTISTS), max_size=5).map(tuple),
    steps=st.lists(st.lists(named(CHANGES), max_size=3).map(tuple), min_size=3, max_size=7).map(tuple),
)


def check(recipe: Recipe) -> None:
    try:
        expected = saved(recipe)
    except Exception:
        assume(False)
    with mpl.rc_context():
        drawn = drawn_frames(recipe.animation(), verify="never")
    try:
        assert_same_frames(drawn, expected)
    except AssertionError:
        # matplotlib goes through groups of shared axes in the order of their addresses, and may come to another end
        assume(all(np.array_equal(saved(recipe), expected) for _ in range(16)))
        raise


def saved(recipe: Recipe) -> list[np.ndarray]:
    with mpl.rc_context():
        return saved_frames(recipe.animation())


@settings(
    max_examples=70,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)
@given(recipes)
def test_frames_are_those_of_save(recipe):
    check(recipe)


@pytest.mark.slow
@pytest.mark.skipif(not SECONDS, reason="set FIGREEL_DIFFERENTIAL to the seconds to search for")
def test_a_long_search():
    end = time.monotonic() + SECONDS

    @settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(recipes)
    def search(recipe):
        check(recipe)

    while time.monotonic() < end:
        search()
