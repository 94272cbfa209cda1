"""How long a part of the drawing waits before it looks again."""

from itertools import groupby

import pytest

from renderer.drawing.backoff import Backoff


def waits(backoff: Backoff, turns: int) -> list[int]:
    """Fail in every turn; list how many turns each wait takes, 0 for none between two attempts."""
    due = []
    for _ in range(turns):
        due.append(backoff.due())
        backoff.failed()
    lengths = []
    for attempt, run in groupby(due):
        count = len(list(run))
        lengths += [0] * (count - 1) if attempt else [count]
    return lengths


@pytest.mark.parametrize(
    ("patience", "longest", "expected"),
    [
        (0, 31, [1, 3, 7, 15, 31, 31]),
        (1, 31, [0, 1, 3, 7, 15, 31]),
        (6, 5, [0, 0, 0, 0, 0, 0, 1, 3, 5, 5]),
    ],
)
def test_waits_double_up_to_the_longest(patience: int, longest: int, expected: list[int]) -> None:
    assert waits(Backoff(patience, longest), sum(expected) + len(expected)) == expected


def test_a_wait_has_at_least_as_many_turns_as_asked() -> None:
    backoff = Backoff(1, 31)
    backoff.failed(7)
    assert backoff.due()
    backoff.failed(7)
    assert waits(backoff, 60)[:2] == [7, 15]


def test_asking_changes_nothing() -> None:
    backoff = Backoff(0, 31)
    backoff.failed()
    assert [backoff.due() for _ in range(5)] == [False] * 5
    backoff.failed()
    assert backoff.due()


def test_a_success_forgets_all_failures() -> None:
    backoff = Backoff(1, 31)
    waits(backoff, 40)
    backoff.succeeded()
    assert backoff.due()
    assert waits(backoff, 6) == waits(Backoff(1, 31), 6)


def test_failing_without_end_keeps_the_numbers_small() -> None:
    backoff = Backoff(0, 31)
    waits(backoff, 10_000)
    assert max(getattr(backoff, name) for name in Backoff.__slots__) == 31
