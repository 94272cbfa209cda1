from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.encoding.timing import Slot, Slots, Ticks


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


@given(st.lists(st.floats(0.0001, 0.2), min_size=1, max_size=200))
def test_slots_follow_on_each_other_and_none_is_too_short(seconds: list[float]) -> None:
    slots = Slots(100, shortest=2)
    given_slots = [slots.add(each) for each in seconds]
    if given_slots[-1] is None:
        given_slots.append(slots.last())
    now = 0
    for slot in filter(None, given_slots):
        assert slot.start == now
        assert slot.end - slot.start >= 2
        now = slot.end
    assert now == pytest.approx(100 * sum(seconds), abs=2.5)


@given(st.lists(st.floats(0.02, 0.2), min_size=1, max_size=200))
def test_every_frame_starts_within_a_tick_of_its_time(seconds: list[float]) -> None:
    slots = Slots(100, shortest=2)
    for total, each in zip(accumulate(seconds, initial=0.0), seconds, strict=False):
        slot = slots.add(each)
        if slot is not None:
            assert abs(slot.start - 100 * total) <= 1.5


def test_at_a_hundred_frames_a_second_every_other_one_is_left_out() -> None:
    slots = Slots(100, shortest=2)
    assert [slots.add(0.01) for _ in range(4)] == [None, Slot(0, 2), None, Slot(2, 4)]
    assert slots.add(0.01) is None
    assert slots.last() == Slot(4, 6)
