"""Workers, places and memory are held by nobody longer than is fair: slow readers, busy clients, the queue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from server import Settings
from server.cache.recording import Recording
from server.errors import ReaderTooSlowError, TooManyRequestsError, WorkersUnavailableError
from server.rendering.admission import Admission
from server.rendering.flights import Flight
from server.rendering.workers.process import Worker
from server.rendering.workers.turns import Turns
from tests.server.support import PATIENCE, Running, Start, until
from tests.server.test_workers import slow_reader, usable

LARGE = "/animations/noisy.gif?frames=80"
SLOW = "/animations/slow.gif?seconds=0.2&frames=1000"


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while piece := await reader.read(1 << 16):
        parts.append(piece)
    return b"".join(parts)


async def test_with_a_folder_a_render_waits_for_no_reader(start: Start, tmp_path: Path) -> None:
    server = await start(window="64KiB", timeout=1000, write_timeout=1000, cache_folder=tmp_path)
    reader, writer = await slow_reader(server, LARGE)
    await reader.readuntil(b"GIF89a")
    (flight,) = server.service.flights.values()
    await until(flight.task.done)
    await usable(server)
    assert flight.held < 256 * 1024
    body = await rest_of(reader)
    assert body.endswith(b"\r\n0\r\n\r\n")
    assert len(body) > 4_000_000
    assert (await server.get(LARGE)).headers["Server-Timing"] == "cache"
    assert server.service.pool.jobs == 2
    writer.close()


async def test_with_a_folder_a_large_render_is_shared_from_its_beginning(start: Start, tmp_path: Path) -> None:
    server = await start(window="64KiB", timeout=1000, cache_folder=tmp_path)
    path = "/animations/noisy.gif?frames=150"
    first = asyncio.create_task(server.get(path))
    await until(lambda: any(tmp_path.rglob("*.part")))
    (flight,) = server.service.flights.values()
    await until(lambda: flight._recording.size > 512 * 1024)
    second = await server.get(path)
    assert (await first).body == second.body
    assert server.service.pool.jobs == 1


async def test_without_a_folder_a_reader_that_takes_nothing_is_dropped(start: Start) -> None:
    server = await start(window="64KiB", timeout=1000, write_timeout=5)
    assert server.service.settings.patience == 5
    reader, writer = await slow_reader(server, LARGE)
    other = asyncio.create_task(server.get(LARGE))  # it joins well before the first one is dropped
    await until(lambda: any(len(flight._readers) == 2 for flight in server.service.flights.values()))
    await reader.readuntil(b"GIF89a")
    assert len((await other).body) > 4_000_000
    assert server.service.pool.jobs == 1
    with suppress(ConnectionError):
        assert not (await rest_of(reader)).endswith(b"\r\n0\r\n\r\n")
    writer.close()


class Stuck:
    """A render that goes on for ever, and the recording of what it has yielded."""

    def __init__(self) -> None:
        self.recording = Recording(10, None, None, self._write, lambda draft: None)
        self.yielded = 0

    async def _write(self, *what: object) -> bool:
        raise AssertionError(what)

    async def chunks(self) -> AsyncIterator[bytes]:
        while self.yielded < 100:
            self.yielded += 1
            yield b"123456"


@pytest.mark.parametrize("hurried", [True, False])
async def test_a_render_that_was_killed_waits_for_no_reader(hurried: bool) -> None:
    stuck = Stuck()
    flight = Flight(stuck.chunks(), stuck.recording, 1000)  # type: ignore[arg-type]
    reader = flight.read()
    assert await anext(reader) == b"123456"
    await until(lambda: stuck.yielded == 3)
    if hurried:
        flight.hurry()
        await until(flight.task.done)
        assert sum([len(chunk) async for chunk in reader]) == 594
    else:
        await reader.aclose()
        await until(flight.task.done)
        assert stuck.yielded == 3


async def test_of_a_render_that_waits_too_long_only_the_slowest_readers_are_dropped() -> None:
    stuck = Stuck()
    flight = Flight(stuck.chunks(), stuck.recording, 0.2)  # type: ignore[arg-type]
    slow, quick = flight.read(), flight.read()
    assert await anext(slow) == await anext(quick) == b"123456"
    assert sum([len(chunk) async for chunk in quick]) == 594
    with pytest.raises(ReaderTooSlowError):
        await anext(slow)


async def test_a_deadline_holds_while_a_reader_takes_a_little_at_a_time(start: Start) -> None:
    server = await start(window="64KiB", timeout=6, write_timeout=1000)
    reader, writer = await slow_reader(server, "/animations/noisy.gif?frames=2000")
    await reader.readuntil(b"GIF89a")
    (flight,) = server.service.flights.values()

    async def landed() -> bool:
        await reader.read(20_000)  # each within the patience of the render
        await asyncio.sleep(0.1)
        return flight.task.done()

    await until(landed)
    await usable(server)
    assert server.service.admission.inside == 0
    writer.close()


def admission(seconds: float = 0.0, **settings: float) -> Admission:
    return Admission(Settings.model_validate({"memory_reserve": 0, **settings}), lambda: seconds)


def test_one_client_has_all_workers_and_half_of_the_queue() -> None:
    entry = admission(workers=2, queue=10)
    places = [entry.enter("a") for _ in range(7)]
    with pytest.raises(TooManyRequestsError, match="this address"):
        entry.enter("a")
    places += [entry.enter("b") for _ in range(5)]
    with pytest.raises(WorkersUnavailableError, match="too many renders"):
        entry.enter("c")
    for leave in places:
        leave()
    assert entry.inside == 0


@pytest.mark.parametrize(("cap", "queue", "allowed"), [(None, 0, 1), (None, 1, 2), (None, 4, 3), (1, 4, 1), (99, 4, 5)])
def test_the_share_of_a_client_is_at_least_one_render(cap: int | None, queue: int, allowed: int) -> None:
    entry = Admission(
        Settings(workers=1, queue=queue, max_renders_per_client=cap, memory_reserve=0),  # type: ignore[arg-type]
        lambda: 0.0,
    )
    for _ in range(allowed):
        entry.enter("a")
    with pytest.raises((TooManyRequestsError, WorkersUnavailableError)):
        entry.enter("a")


def test_the_server_itself_has_no_share() -> None:
    entry = admission(workers=1, queue=3, max_renders_per_client=1)
    for _ in range(4):
        entry.enter("")


def test_a_wait_that_would_be_too_long_is_refused_at_once() -> None:
    entry = admission(seconds=10, workers=2, queue=100, queue_timeout=19)
    for _ in range(5):
        entry.enter("a")
    with pytest.raises(WorkersUnavailableError, match="in time") as caught:
        entry.enter("a")
    assert caught.value.retry_after == 13
    entry.enter("b")  # whose turn comes sooner


async def test_workers_go_round_among_clients() -> None:
    turns = Turns()
    served: list[str] = []

    async def render(client: str, name: str) -> None:
        async with turns.worker(client, 1000) as worker:
            served.append(name)
            await asyncio.sleep(0)
        turns.put(worker)

    async with asyncio.TaskGroup() as group:
        for client, name in [("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1")]:
            group.create_task(render(client, name))
        await asyncio.sleep(0)
        for worker in ("one", "two"):
            turns.put(cast("Worker", worker))
    assert served[:2] == ["a1", "b1"]
    assert sorted(served[2:]) == ["a2", "a3", "c1"]
    assert len(turns.idle) == 2


async def test_a_worker_that_is_handed_to_one_who_leaves_is_not_lost() -> None:
    turns = Turns()

    async def render() -> None:
        async with turns.worker("a", 1000):
            raise AssertionError

    task = asyncio.create_task(render())
    await asyncio.sleep(0)
    turns.put(cast("Worker", "one"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(turns.idle) == 1


async def test_a_render_that_waits_too_long_is_refused(start: Start) -> None:
    server = await start(queue_timeout=2, timeout=1000)
    running = asyncio.create_task(server.get(SLOW))
    await until(lambda: server.service.pool.jobs == 1)
    answer = await server.get("/animations/quick.gif")
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1
    count = server.service.metrics.count
    assert count("renders_total", animation="quick", format="gif", outcome="unavailable") == 1
    assert count("refusals_total") == 1
    assert server.service.admission.inside == 1
    running.cancel()
    await usable(server)


async def test_one_address_that_renders_for_ever_leaves_room(start: Start) -> None:
    server = await start(queue=4, timeout=1000, max_renders_per_client=None)
    share = server.service.settings.renders_per_client
    hogs = [asyncio.create_task(server.get(f"{SLOW}&seed={seed}")) for seed in range(share)]
    await until(lambda: server.service.admission.inside == share)
    problem = await server.problem("/animations/quick.gif")
    assert (problem["status"], problem["detail"]) == (429, "too many renders of this address run or wait")
    picture = server.service.read("quick", "gif", ())
    other = asyncio.create_task(anext(server.service.flight(picture, "192.0.2.1").read()))
    await until(lambda: server.service.admission.inside == share + 1)
    hogs[0].cancel()  # its worker goes to the other client, not to the next hog
    async with asyncio.timeout(PATIENCE):
        assert (await other).startswith(b"GIF89a")
    for hog in hogs:
        hog.cancel()
    await asyncio.gather(*hogs, return_exceptions=True)


async def test_a_shared_render_counts_for_the_client_that_started_it(server: Running) -> None:
    service = server.service
    picture = service.read("slow", "gif", ())
    first = service.flight(picture, "a")
    assert service.flight(picture, "b") is first
    assert service.admission.inside == 1
    first.task.cancel()
    await until(lambda: service.admission.inside == 0)
