import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.encoding.gif.colors import channels, distinct
from renderer.encoding.gif.median_cut import BOUND
from renderer.encoding.gif.palette import Palette


def indices(palette: Palette, colors: np.ndarray) -> np.ndarray:
    places = palette.find(colors)
    return palette.replace(colors) if places is None else places


def shown(palette: Palette, colors: np.ndarray) -> np.ndarray:
    places = indices(palette, colors).astype(int) - 1
    colors_shown: np.ndarray = palette.colors[places]
    return colors_shown


def error(palette: Palette, colors: np.ndarray) -> int:
    return int(np.abs(shown(palette, colors) - channels(colors)).max())


def random_colors(count: int, *, seed: int = 0, reach: int = 256) -> np.ndarray:
    rgb = np.random.default_rng(seed).integers(0, reach, (count, 3))
    return (rgb @ [1, 1 << 8, 1 << 16]).astype(np.uint32)


def test_colors_are_exact_and_keep_their_place_while_they_fit() -> None:
    palette = Palette()
    first, second = random_colors(100), random_colors(155, seed=1)
    before = indices(palette, first)
    assert error(palette, second) == 0
    np.testing.assert_array_equal(indices(palette, first), before)
    assert palette.error == 0
    assert len(palette.colors) == 255


def test_index_0_is_free() -> None:
    palette = Palette()
    assert indices(palette, random_colors(5000)).min() > 0


@given(st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 9), st.sampled_from([30, 60, 100])), max_size=6))
def test_the_error_is_never_above_what_the_palette_says(steps: list[tuple[int, int, int]]) -> None:
    palette = Palette()
    for count, seed, reach in steps:
        colors = random_colors(count, seed=seed, reach=reach)
        assert error(palette, colors) <= palette.error
        assert palette.error <= BOUND


def test_any_colors_at_all_are_within_21() -> None:
    palette = Palette()
    assert error(palette, random_colors(200_000)) <= 21


def test_no_color_is_on_the_palette_after_clear() -> None:
    palette = Palette()
    indices(palette, random_colors(1000))
    palette.clear()
    assert len(palette.colors) == 0
    fresh = random_colors(255, seed=3)
    assert error(palette, fresh) == 0


def test_a_cleared_palette_gives_what_a_new_one_gives() -> None:
    used, new = Palette(), Palette()
    for seed in range(3):
        indices(used, random_colors(600_000, seed=seed))  # more than are forgotten one by one
    used.clear()
    colors = random_colors(3000, seed=9, reach=120)
    np.testing.assert_array_equal(indices(used, colors), indices(new, colors))
    np.testing.assert_array_equal(used.colors, new.colors)


def test_neighbors_of_later_colors_are_forgotten_too() -> None:
    palette = Palette()
    for seed in range(4):
        indices(palette, random_colors(5000, seed=seed, reach=100))  # whole cells are filled when later colors come
    palette.clear()
    for seed in range(5, 7):
        assert error(palette, random_colors(100, seed=seed, reach=100)) == 0


def test_colors_keep_their_place_when_others_in_their_cell_come() -> None:
    palette = Palette()
    colors = random_colors(20_000, reach=100)
    before = indices(palette, colors[:10_000])
    placed = palette.find(colors)
    assert placed is not None
    np.testing.assert_array_equal(placed[:10_000], before)
    np.testing.assert_array_equal(palette.find(colors), placed)


def test_the_cell_of_later_colors_is_within_the_error() -> None:
    palette = Palette()
    indices(palette, random_colors(5000, reach=100))
    palette.find(random_colors(500, seed=1, reach=100))
    every = np.unique(random_colors(300_000, seed=2, reach=100))
    assert error(palette, every) <= palette.error == BOUND


def test_colors_near_the_palette_do_not_move_the_others() -> None:
    palette = Palette()
    first = random_colors(2000, reach=100)
    before = indices(palette, first)
    indices(palette, np.minimum(first, 0x5E5E5E) + np.uint32(0x010101))
    np.testing.assert_array_equal(indices(palette, first), before)


@pytest.mark.parametrize("capacity", [1, 2, 7, 100])
def test_the_palette_holds_no_more_than_asked_for(capacity: int) -> None:
    palette = Palette(capacity)
    for seed in range(4):
        indices(palette, random_colors(2000, seed=seed))
        assert len(palette.colors) <= capacity


def test_flat_areas_are_exact_among_many_colors() -> None:
    grays = np.repeat(np.array([242, 245, 248], np.uint32) * 0x010101, 5000)
    palette = Palette()
    indices(palette, np.concatenate([random_colors(3000, reach=120), grays]))
    assert error(palette, grays) == 0


def test_colors_that_fit_are_exact_although_others_came_before() -> None:
    palette = Palette()
    for seed in range(3):
        colors = random_colors(220, seed=seed, reach=100)
        assert error(palette, colors) == 0


@pytest.mark.parametrize("length", [0, 1, 2, 7, 1000])
@pytest.mark.parametrize("run", [1, 3, 50])
def test_distinct_colors_are_counted_in_runs_as_one_by_one(length: int, run: int) -> None:
    pixels = np.random.default_rng(length).integers(0, 9, -(-length // run), np.uint32).repeat(run)[:length]
    (seen, counts), (expected, frequencies) = distinct(pixels), np.unique(pixels, return_counts=True)
    assert (seen.dtype, counts.dtype) == (expected.dtype, frequencies.dtype)
    assert np.array_equal(seen, expected)
    assert np.array_equal(counts, frequencies)
