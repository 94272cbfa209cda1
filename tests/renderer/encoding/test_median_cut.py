import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.encoding.gif.colors import cell_centers, cells, channels, joined
from renderer.encoding.gif.median_cut import BOUND, GRID, STRAINED, grid, median_cut, outermost

COLORS = st.lists(st.integers(0, 0xFFFFFF), min_size=1, max_size=300, unique=True)


def as_colors(numbers: list[int]) -> np.ndarray:
    return np.array(sorted(numbers), np.uint32)


@given(COLORS)
def test_channels_and_joined_are_inverse(numbers: list[int]) -> None:
    colors = as_colors(numbers)
    np.testing.assert_array_equal(joined(channels(colors)), colors)
    np.testing.assert_array_equal(channels(colors)[:, 0], colors & 255)


@given(COLORS)
def test_a_cell_is_eight_levels_wide(numbers: list[int]) -> None:
    colors = as_colors(numbers)
    distance = channels(colors) - cell_centers(cells(colors))
    assert distance.min() >= -4
    assert distance.max() <= 3


@given(COLORS, st.integers(1, 300))
def test_centers_are_within_the_error_of_the_reduction(numbers: list[int], capacity: int) -> None:
    colors = as_colors(numbers)
    reduction = median_cut(colors, np.ones(len(colors), int), capacity)
    assert 1 <= len(reduction.centers) <= capacity
    distances = np.abs(reduction.centers[reduction.places] - channels(colors))
    assert distances.max() <= reduction.error
    if capacity >= len(colors):
        assert reduction.error == 0


@pytest.mark.parametrize("count", [1000, 2000, 100_000])
def test_512_boxes_hold_any_colors_within_the_bound(count: int) -> None:
    colors = np.unique(np.random.default_rng(1).integers(0, 1 << 24, count).astype(np.uint32))
    assert median_cut(colors, np.ones(len(colors), int), 512).error <= BOUND


def test_frequent_colors_are_nearly_exact() -> None:
    colors = np.arange(0, 256, dtype=np.uint32)
    counts = np.ones(256, int)
    counts[200] = 1_000_000
    reduction = median_cut(colors, counts, 16, bound=None)
    assert reduction.centers[reduction.places[200], 0] == 200


@given(COLORS)
def test_boxes_of_the_grid_are_within_21_of_every_color(numbers: list[int]) -> None:
    colors = as_colors(numbers)
    reduction = median_cut(colors, np.ones(len(colors), int), GRID**3, bound=STRAINED, start=grid(colors))
    distances = np.abs(reduction.centers[reduction.places] - channels(colors))
    assert distances.max() == reduction.error <= STRAINED == 21
    assert len(reduction.centers) <= 216


def test_the_grid_holds_all_colors() -> None:
    corners = np.stack(np.meshgrid(*[np.arange(0, 256, 3)] * 3), axis=-1).reshape(-1, 3)
    boxes = grid(joined(np.concatenate([corners, 255 - corners])))
    assert np.unique(boxes).tolist() == list(range(GRID**3))


def test_outermost_colors_show_how_far_a_cell_reaches() -> None:
    colors = np.unique(np.random.default_rng(2).integers(0, 1 << 24, 50_000).astype(np.uint32))
    few = outermost(colors)
    assert len(few) <= 2 * len(np.unique(cells(colors)))
    np.testing.assert_array_equal(np.unique(cells(few)), np.unique(cells(colors)))
