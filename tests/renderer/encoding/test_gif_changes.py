import numpy as np
import pytest
from hypothesis import given

from renderer.encoding import timing
from renderer.encoding.difference import packed
from renderer.encoding.gif.changes import CLEAR, Change, Screen, binary_alpha
from renderer.encoding.timeline import Shot, Timeline
from renderer.pixels import on_white
from renderer.types import Frame, Pixels
from tests.renderer.encoding.gif_files import reference
from tests.strategies import animations


def changes(pictures: list[Pixels]) -> list[Change]:
    timeline, screen = Timeline(timing.GIF), Screen()
    shots: list[Shot] = []
    for index, picture in enumerate(pictures):
        pixels, opaque = binary_alpha(picture)
        shots += timeline.add(Frame(index, pixels, 0.1), opaque=opaque)
    return [screen.add(shot) for shot in (*shots, *timeline.finish())]


@given(animations())
def test_every_pixel_is_opaque_or_clear(pictures: list[Pixels]) -> None:
    for picture in pictures:
        pixels, opaque = binary_alpha(picture)
        np.testing.assert_array_equal(pixels[..., 3], reference(picture)[..., 3])
        assert np.abs(pixels.astype(int) - reference(picture)).max() <= 1
        assert opaque == (picture[..., 3] >= 128).all()


@pytest.mark.parametrize("alpha", range(256))
def test_each_alpha_is_clear_or_laid_on_white(alpha: int) -> None:
    levels = np.arange(256, dtype=np.uint8)
    pixels = np.stack([levels, levels[::-1], levels // 3, np.full(256, alpha, np.uint8)], axis=-1)[None]
    expected = on_white(pixels) if alpha >= 128 else np.zeros_like(pixels)
    np.testing.assert_array_equal(binary_alpha(pixels)[0], expected)


def test_opaque_pixels_are_not_copied() -> None:
    pixels = np.full((2, 3, 4), 255, np.uint8)
    assert binary_alpha(pixels)[0] is pixels


@given(animations())
def test_drawing_the_changes_shows_every_shot(pictures: list[Pixels]) -> None:
    screen = np.full(pictures[0].shape[:2], CLEAR)
    for change in changes(pictures):
        if change.difference is not None:
            box, changed = change.difference
            colors = change.shot.colors[box.slices]
            drawn = changed & (colors != CLEAR)
            screen[box.slices][drawn] = colors[drawn]
        np.testing.assert_array_equal(screen, change.shot.colors)
        if change.clears:
            assert change.difference is not None
            screen[change.difference.box.slices] = CLEAR


def test_only_the_first_change_draws_the_whole_screen() -> None:
    white = np.full((20, 30, 4), 255, np.uint8)
    spot = white.copy()
    spot[3:5, 7:12, 0] = 9
    first, second = changes([white, spot])
    assert first.first
    assert not second.first
    assert first.difference is not None
    assert second.difference is not None
    assert first.difference.box == (0, 0, 30, 20)
    assert second.difference.box == (7, 3, 5, 2)


def test_a_box_is_cleared_only_before_pixels_that_vanish() -> None:
    white = np.full((20, 30, 4), 255, np.uint8)
    hole = white.copy()
    hole[5:9, 6:11] = 0
    assert [change.clears for change in changes([white, hole, white, white, hole])] == [True, False, True, False]
    np.testing.assert_array_equal(changes([hole])[0].shot.colors, packed(binary_alpha(hole)[0]))
