"""Random animations."""

import numpy as np
from hypothesis import strategies as st

SIZES = st.one_of(
    st.tuples(st.integers(1, 33), st.integers(1, 33)),
    st.sampled_from([(1, 1), (4000, 3), (3, 4000), (257, 255)]),
)
"""Width and height."""


def _same(random: np.random.Generator, last: np.ndarray, *, alpha: bool) -> np.ndarray:
    return last.copy()


def _one_pixel(random: np.random.Generator, last: np.ndarray, *, alpha: bool) -> np.ndarray:
    pixels = last.copy()
    row, column = (random.integers(side) for side in last.shape[:2])
    pixels[row, column] = _noise(random, pixels[:1, :1], alpha=alpha)
    return pixels


def _some_pixels(random: np.random.Generator, last: np.ndarray, *, alpha: bool) -> np.ndarray:
    changed = random.random(last.shape[:2]) < 0.1
    return np.where(changed[..., None], _noise(random, last, alpha=alpha), last)


def _flat(random: np.random.Generator, last: np.ndarray, *, alpha: bool) -> np.ndarray:
    return np.broadcast_to(_noise(random, last[:1, :1], alpha=alpha), last.shape).copy()


def _noise(random: np.random.Generator, last: np.ndarray, *, alpha: bool) -> np.ndarray:
    pixels = random.integers(0, 256, last.shape, np.uint8)
    if not alpha:
        pixels[..., 3] = 255
    return pixels


@st.composite
def animations(draw: st.DrawFn, *, alpha: bool = True) -> list[np.ndarray]:
    """Return 1 to 6 pictures, each made from the last one: the same, a pixel or all of them changed, flat or noise."""
    width, height = draw(SIZES)
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    steps = draw(st.lists(st.sampled_from([_same, _one_pixel, _some_pixels, _flat, _noise]), min_size=1, max_size=6))
    transparent = alpha and draw(st.booleans())
    last = np.full((height, width, 4), 255, np.uint8)
    return [last := step(random, last, alpha=transparent) for step in steps]


def durations(count: int, *, longest: float = 3.0) -> st.SearchStrategy[list[float]]:
    """Return as many durations, in seconds."""
    return st.lists(st.floats(0.0005, longest), min_size=count, max_size=count)
