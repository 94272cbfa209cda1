from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.encoding import timing
from renderer.encoding.difference import difference
from renderer.encoding.timeline import Shot, Timeline
from renderer.encoding.timing import TimeScale
from renderer.errors import TimingWarning
from renderer.types import Frame

SHORT_FRAMES = pytest.mark.filterwarnings("ignore::renderer.errors.TimingWarning")
SCALES = st.sampled_from([timing.GIF, timing.MILLISECONDS])
TIMED = st.lists(st.tuples(st.sampled_from("ABC"), st.floats(0.0001, 0.2)), min_size=1, max_size=100)


def frames(pictures: Sequence[tuple[str, float]]) -> list[Frame]:
    """Return frames of a few pixels, alike if their letters are."""
    return [
        Frame(index, np.full((2, 3, 4), ord(letter), np.uint8), seconds)
        for index, (letter, seconds) in enumerate(pictures)
    ]


def shots(pictures: Sequence[tuple[str, float]], scale: TimeScale, group: int | None = None) -> list[Shot]:
    timeline = Timeline(scale, group)
    result = [shot for frame in frames(pictures) for shot in timeline.add(frame)]
    return [*result, *timeline.finish()]


def letters_and_ticks(pictures: Sequence[tuple[str, float]], scale: TimeScale) -> list[tuple[str, int]]:
    return [(chr(shot.pixels.flat[0]), shot.ticks) for shot in shots(pictures, scale)]


@SHORT_FRAMES
@given(TIMED, SCALES)
def test_shots_last_as_long_as_the_frames_and_none_is_too_short(
    pictures: list[tuple[str, float]], scale: TimeScale
) -> None:
    ticks = [shot.ticks for shot in shots(pictures, scale)]
    assert min(ticks) >= max(1, scale.shortest)
    total = scale.per_second * sum(seconds for _, seconds in pictures)
    assert sum(ticks) == pytest.approx(total, abs=0.51 + max(1, scale.shortest))


@SHORT_FRAMES
@given(TIMED, SCALES)
def test_every_shot_starts_within_a_tick_of_its_first_frame(
    pictures: list[tuple[str, float]], scale: TimeScale
) -> None:
    starts = list(accumulate((seconds for _, seconds in pictures), initial=0.0))
    now = 0
    for shot in shots(pictures, scale):
        assert now - scale.per_second * starts[shot.number] <= 0.51
        assert scale.per_second * starts[shot.number] - now <= 0.51 + scale.shortest
        now += shot.ticks


@SHORT_FRAMES
@given(TIMED, SCALES)
def test_changes_lead_from_shot_to_shot(pictures: list[tuple[str, float]], scale: TimeScale) -> None:
    result = shots(pictures, scale)
    assert result[0].change is None
    for before, shot in pairwise(result):
        expected = difference(before.colors, shot.colors)
        assert (shot.change and shot.change.box) == (expected and expected.box)
        if scale is timing.GIF:
            assert before.after is not None
            np.testing.assert_array_equal(before.after.colors, shot.colors)
    assert result[-1].after is None
    assert chr(result[-1].pixels.flat[0]) == pictures[-1][0]


def test_pixels_are_those_of_the_frame() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 4), np.uint8)
    timeline = Timeline(timing.GIF)
    timeline.add(Frame(0, pixels, 1.0))
    (shot,) = timeline.finish()
    np.testing.assert_array_equal(shot.pixels, pixels)


@SHORT_FRAMES
def test_at_a_hundred_frames_a_second_a_gif_shows_every_other_one() -> None:
    pictures = [(letter, 0.01) for letter in "ABCAB"]
    assert letters_and_ticks(pictures, timing.GIF) == [("B", 2), ("A", 2), ("B", 2)]


@SHORT_FRAMES
def test_frames_are_left_out_by_their_times_before_neighbors_are_compared() -> None:
    pictures = [("A", 0.03), ("A", 0.01), ("B", 0.05)]
    assert letters_and_ticks(pictures, timing.GIF) == [("A", 3), ("B", 6)]
    assert letters_and_ticks(pictures, timing.MILLISECONDS) == [("A", 40), ("B", 50)]


@SHORT_FRAMES
def test_a_frame_of_less_than_half_a_millisecond_is_left_out_unless_it_is_joined_or_the_last() -> None:
    pictures = [("A", 0.02), ("B", 0.0002), ("C", 0.02), ("C", 0.0002), ("A", 0.02), ("B", 0.00001)]
    assert letters_and_ticks(pictures, timing.MILLISECONDS) == [("A", 20), ("C", 20), ("A", 20), ("B", 1)]


def test_equal_frames_of_two_groups_are_two_shots() -> None:
    result = shots([("A", 0.1)] * 5, timing.GIF, group=2)
    assert [(shot.number, shot.ticks, shot.change) for shot in result] == [(0, 20, None), (2, 20, None), (4, 10, None)]


def test_no_frames_are_no_shots() -> None:
    assert Timeline(timing.GIF).finish() == ()


@pytest.mark.parametrize(
    ("scale", "seconds", "message"), [(timing.GIF, 0.01, "50 fps"), (timing.MILLISECONDS, 0.01, "100 ms")]
)
def test_times_that_browsers_lengthen_bring_one_warning(scale: TimeScale, seconds: float, message: str) -> None:
    with pytest.warns(TimingWarning, match=message) as warned:
        shots([(letter, seconds) for letter in "ABCA"], scale)
    assert len(warned) == 1
