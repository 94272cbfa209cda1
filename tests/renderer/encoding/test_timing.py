from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from renderer.encoding import timing
from renderer.encoding.timing import Ticks, TimeScale


@given(st.lists(st.floats(0, 10), max_size=300))
def test_the_rounded_total_never_drifts(seconds: list[float]) -> None:
    clock = Ticks(100)
    for total, each in zip(accumulate(seconds), seconds, strict=True):
        clock.advance(each)
        assert abs(clock.now - total * 100) <= 0.5 + 1e-6


def test_thirty_frames_a_second_last_a_second() -> None:
    clock = Ticks(100)
    delays = [clock.advance(1 / 30) for _ in range(30)]
    assert sum(delays) == 100
    assert set(delays) == {3, 4}


@given(st.sampled_from([timing.GIF, timing.APNG]), st.integers(2, 1_000_000))
def test_parts_sum_up_and_each_can_be_stated(scale: TimeScale, ticks: int) -> None:
    parts = list(scale.parts(ticks))
    assert sum(parts) == ticks
    assert all(max(1, scale.shortest) <= part <= scale.longest for part in parts)


def test_a_time_without_a_limit_has_one_part() -> None:
    assert list(timing.MILLISECONDS.parts(10**9)) == [10**9]
