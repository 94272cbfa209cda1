import gc
import os
import threading
import weakref
from collections.abc import Iterator

import pytest
from matplotlib.figure import Figure

from renderer import frames
from renderer.running.collector import paced_collector

State = tuple[tuple[int, int, int], bool]


def state() -> State:
    return gc.get_threshold(), gc.isenabled()


@pytest.fixture(autouse=True)
def before() -> Iterator[State]:
    known, frozen = state(), gc.get_freeze_count()
    yield known
    assert state() == known
    assert gc.get_freeze_count() <= frozen


def test_it_collects_less_often_and_is_put_back(before: State) -> None:
    with paced_collector():
        assert gc.get_threshold()[0] > before[0][0]
    assert state() == before


def test_it_is_put_back_after_an_exception() -> None:
    with pytest.raises(KeyError), paced_collector():
        raise KeyError


def test_an_abandoned_generator_puts_it_back(before: State) -> None:
    def paced() -> Iterator[int]:
        with paced_collector():
            yield 1
            yield 2

    generator = paced()
    next(generator)
    assert state() != before
    del generator
    gc.collect()
    assert state() == before


def test_only_the_last_of_nested_blocks_puts_it_back(before: State) -> None:
    outer, inner = paced_collector(), paced_collector()
    outer.__enter__()
    inner.__enter__()
    outer.__exit__(None, None, None)
    assert gc.get_threshold() != before[0]
    inner.__exit__(None, None, None)


def test_many_threads() -> None:
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        for _ in range(200):
            with paced_collector():
                assert gc.get_threshold()[0] > 1000

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_thresholds_set_meanwhile_stay(before: State) -> None:
    with paced_collector():
        gc.set_threshold(1234, 5, 6)
    assert gc.get_threshold() == (1234, 5, 6)
    gc.set_threshold(*before[0])


@pytest.mark.parametrize("chosen", [(0, 10, 10), (50_000, 20, 30), (50_000, 2, 2), (100, 100, 100)])
def test_a_program_that_collects_less_often_goes_on_so(chosen: tuple[int, int, int], before: State) -> None:
    gc.set_threshold(*chosen)
    try:
        with paced_collector():
            during = gc.get_threshold()
        assert gc.get_threshold() == chosen
    finally:
        gc.set_threshold(*before[0])
    if chosen[0] == 0:
        assert during == chosen
    else:
        assert during[0] > 1000
        assert all(now >= wanted for now, wanted in zip(during, chosen, strict=True))


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with paced_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_is_not_paced() -> None:
    before = gc.get_threshold()
    with paced_collector():
        child = os.fork()
        if child == 0:
            os._exit(0 if gc.get_threshold() == before else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before


def test_figures_of_many_short_renders_are_collected() -> None:
    figures: list[weakref.ref[Figure]] = []
    for _ in range(150):
        figure = Figure(figsize=(1, 1))
        figure.subplots()
        figures.append(weakref.ref(figure))
        assert len(list(frames([figure]))) == 1
        del figure
    assert sum(figure() is not None for figure in figures) < 100
