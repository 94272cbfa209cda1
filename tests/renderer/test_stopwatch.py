"""Seconds of parts of a render."""

import logging
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest

from renderer import render
from renderer.job import Stopwatch, made_within


class Clock:
    """A clock that moves when it is told to."""

    now = 100.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("renderer.job.time", clock)
    return clock


def test_only_blocks_count_also_those_that_raise(clock: Clock) -> None:
    watch = Stopwatch()
    with watch:
        clock.now += 1
    clock.now += 10
    with suppress(ZeroDivisionError), watch:
        clock.now += 2
        raise ZeroDivisionError
    assert watch.seconds == 3


def test_items_are_timed_while_they_are_made(clock: Clock) -> None:
    def make() -> Iterator[int]:
        clock.now += 1
        yield 1
        clock.now += 2
        yield 2
        clock.now += 4

    watch = Stopwatch()
    made = []
    for item in made_within(lambda: watch, make()):
        made.append(item)
        clock.now += 100
    assert made == [1, 2]
    assert watch.seconds == 7


def test_a_render_logs_what_took_how_long(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="renderer.job"):
        render([np.zeros((4, 4, 3), np.uint8)])
    (line,) = [record.getMessage() for record in caplog.records if record.name == "renderer.job"]
    assert line.startswith("drawn in 0.")
