"""Measures contenders on a workload: a process each, on one core, in turn."""

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Literal

from benchmarks.contenders import Contender
from benchmarks.reference import Quality, WrongOutputError, grab
from benchmarks.workloads import Setup, Workload

__all__ = ["CLOCKS", "Measurement", "Settings", "measure", "ratio", "ratio_range"]

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to measure.

    Attributes
    ----------
    rounds : int
        How often each contender has its turn.
    frames : int or None
        Frames of an animation; None takes each workload's own number.
    clock : {"wall", "cpu"}
        ``"cpu"`` counts the processor time of the process, which a busy machine disturbs less.
    dpi : float or None
        Resolution of the frames; None takes the figures' own.
    """

    rounds: int = 5
    frames: int | None = None
    clock: Literal["wall", "cpu"] = "wall"
    dpi: float | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """The measurements of one contender.

    Attributes
    ----------
    seconds : list of float
        One number a round, for all frames.
    frames : int
        Frames drawn in a round.
    size : int or None
        Bytes that came out, if bytes came out.
    quality : Quality or None
        How near the output is to the reference, if it was checked.
    problem : str or None
        What is wrong with the output.
    """

    seconds: list[float]
    frames: int
    size: int | None = None
    quality: Quality | None = None
    problem: str | None = None

    @property
    def milliseconds(self) -> float:
        """Median, for one frame."""
        return 1000 * statistics.median(self.seconds) / self.frames


def ratio(slow: Measurement, fast: Measurement) -> float:
    """How many times longer *slow* takes: the ratio of the medians."""
    return slow.milliseconds / fast.milliseconds


def ratio_range(slow: Measurement, fast: Measurement) -> tuple[float, float]:
    """Return the least and the largest ratio of two neighbors in time."""
    ratios = [one / other for one, other in zip(slow.seconds, fast.seconds, strict=True)]
    return min(ratios), max(ratios)


def measure(workload: Workload, contenders: Iterable[Contender], settings: Settings) -> Mapping[str, Measurement]:
    """Measure each contender in a process of its own, all on the same core, in turn A B A B.

    The turn before the first is not counted. Outputs are checked afterwards, so that the reference frames are in
    nobody's caches or memory while the clock runs.
    """
    frames = settings.frames or workload.frames
    setup = partial(workload.setup, frames, settings.dpi)
    with ExitStack() as stack:
        lanes = [(contender, stack.enter_context(_process())) for contender in contenders]

        def turn() -> list[float]:
            return [process.submit(_sample, contender, setup, settings.clock).result() for contender, process in lanes]

        turn()
        turns = [turn() for _ in range(settings.rounds)]
        checks = [process.submit(_check, contender, setup).result() for contender, process in lanes]
    return {
        contender.label: Measurement(list(seconds), frames, *check)
        for (contender, _), seconds, check in zip(lanes, zip(*turns, strict=True), checks, strict=True)
    }


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_pin_to_one_core)


def _pin_to_one_core() -> None:
    """Stay on the last core, which the system itself uses least."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _sample(contender: Contender, setup: Callable[[], Setup], clock: str) -> float:
    now = CLOCKS[clock]
    prepared = contender.prepare(setup())
    gc.collect()
    start = now()
    contender.run(prepared)
    return now() - start


def _check(contender: Contender, setup: Callable[[], Setup]) -> tuple[int | None, Quality | None, str | None]:
    output = contender.run(contender.prepare(setup()))
    size = len(output) if isinstance(output, bytes) else None
    if contender.check is None:
        return size, None, None
    try:
        return size, contender.check(output, setup(), grab(setup())), None
    except WrongOutputError as error:
        return size, None, str(error)
