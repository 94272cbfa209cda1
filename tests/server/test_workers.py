"""Worker processes that die, hang or leak."""

import asyncio
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.server.support import PATIENCE, Running, Start, until

DEADLY = ["kill", "segfault", "exit"]
STUCK = ["stop", "spin"]


async def usable(server: Running, seed: int = 1) -> None:
    """Check that a render works, and soon."""
    async with asyncio.timeout(PATIENCE):
        assert (await server.get(f"/animations/quick.gif?seed={seed}")).status == 200


@pytest.mark.parametrize("how", DEADLY)
async def test_a_process_that_dies_before_its_first_byte_costs_a_retry(server: Running, how: str) -> None:
    before = set(server.service.pool.pids)
    problem = await server.problem(f"/animations/dies.gif?how={how}&at=-1")
    assert (problem["status"], problem["title"]) == (500, "The animation crashed")
    assert server.service.pool.jobs == 2
    await usable(server)
    assert not before & set(server.service.pool.pids)


async def test_a_retry_can_save_a_request(server: Running) -> None:
    request = asyncio.create_task(server.get("/animations/slow.gif?seconds=0.5"))
    await until(lambda: server.service.pool.jobs == 1)
    os.kill(server.service.pool.pids[0], signal.SIGKILL)
    answer = await request
    assert (answer.status, answer.frames) == (200, 5)
    assert server.service.pool.jobs == 2


@pytest.mark.parametrize("how", DEADLY)
async def test_a_process_that_dies_later_breaks_the_connection(server: Running, how: str) -> None:
    with pytest.raises(aiohttp.ClientPayloadError):
        await server.get(f"/animations/dies.gif?how={how}&at=3&frames=5")
    assert server.service.pool.jobs == 1
    await usable(server)


async def test_a_break_shows_where_only_the_end_of_the_connection_tells(start: Start) -> None:
    server = await start(window=1)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(b"GET /animations/dies.gif?how=exit&at=3&frames=5 HTTP/1.0\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


@pytest.mark.parametrize("how", STUCK)
async def test_a_process_that_hangs_is_killed_at_its_deadline(start: Start, how: str) -> None:
    server = await start(timeout=4)
    (pid,) = server.service.pool.pids
    problem = await server.problem(f"/animations/dies.gif?how={how}&at=-1")
    assert (problem["status"], problem["title"]) == (504, "The animation took too long")
    await usable(server)
    assert not Path(f"/proc/{pid}").exists()
    assert server.service.pool.jobs == 2


async def test_a_stuck_process_breaks_a_connection_that_has_bytes(start: Start) -> None:
    server = await start(timeout=4)
    with pytest.raises(aiohttp.ClientPayloadError):
        await server.get("/animations/dies.gif?how=spin&at=3&frames=5")
    await usable(server)


async def test_memory_is_bounded(start: Start) -> None:
    server = await start(worker_memory="300MB")
    pids = server.service.pool.pids
    problem = await server.problem("/animations/dies.gif?how=leak&at=-1")
    assert problem["status"] == 422
    assert "memory" in problem["detail"]
    await usable(server)
    assert server.service.pool.pids == pids


async def test_a_worker_that_keeps_memory_is_replaced(start: Start) -> None:
    server = await start(worker_resident="250MB")
    pids = set()
    for seed in range(6):
        assert (await server.get(f"/animations/hoards.gif?megabytes=60&seed={seed}")).status == 200
        pids |= set(server.service.pool.pids)
    assert len(pids) > 1


async def test_a_worker_is_replaced_after_its_share_of_jobs(start: Start) -> None:
    server = await start(worker_jobs=2)
    pool, count = server.service.pool, server.service.metrics.count
    for seed in range(1, 5):
        pids = pool.pids
        await usable(server, seed)
        await until(lambda: count("workers_replaced_total", reason="worn") == seed // 2)  # noqa: B023 -- called here
        await until(lambda: pool.alive == 1)
        assert (pool.pids == pids) == (seed % 2 == 1)


async def test_a_worker_killed_while_idle_is_replaced(server: Running) -> None:
    pool = server.service.pool
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    await until(lambda: pool.pids not in ([], [pid]))
    await usable(server)
    assert pool.jobs == 1


async def test_a_dead_fork_server_is_replaced(start: Start) -> None:
    server = await start(workers=1)
    await usable(server)
    pool = server.service.pool
    assert pool.fork_server is not None
    os.kill(pool.fork_server, signal.SIGKILL)
    os.kill(pool.pids[0], signal.SIGKILL)
    await usable(server, seed=2)


async def test_no_process_is_left_behind(start: Start) -> None:
    server = await start(workers=2)
    await usable(server)
    pids = server.service.pool.pids
    await server.service.pool.close()
    for pid in pids:
        assert not Path(f"/proc/{pid}").exists()


async def test_a_client_that_leaves_stops_the_render(start: Start) -> None:
    server = await start(timeout=60)
    (pid,) = server.service.pool.pids
    async with server.session.get(f"{server.url}/animations/slow.gif?seconds=0.02&frames=1000") as response:
        await response.content.readany()
    await usable(server)
    assert server.service.pool.pids == [pid], "stopped between two frames, not killed"


async def test_a_client_that_leaves_before_the_first_byte_stops_a_frame_that_never_ends(start: Start) -> None:
    server = await start(timeout=60)
    (pid,) = server.service.pool.pids
    with pytest.raises(asyncio.TimeoutError):
        await server.get("/animations/dies.gif?how=spin&at=-1", timeout=aiohttp.ClientTimeout(total=0.5))
    await usable(server)
    assert pid not in server.service.pool.pids


async def test_a_render_survives_its_first_client(server: Running) -> None:
    path = "/animations/slow.gif?seconds=0.2&frames=4"
    first = asyncio.create_task(server.get(path))
    await until(lambda: len(server.service.flights) == 1)
    (flight,) = server.service.flights.values()
    second = asyncio.create_task(server.get(path))
    await until(lambda: len(flight._readers) == 2)
    first.cancel()
    answer = await second
    assert (answer.status, answer.frames) == (200, 4)
    assert server.service.pool.jobs == 1


async def test_a_client_that_leaves_the_queue_makes_room(start: Start) -> None:
    server = await start(queue=1, timeout=60)
    admission = server.service.admission
    running = asyncio.create_task(server.get("/animations/slow.gif?seconds=0.5&frames=4"))
    await until(lambda: server.service.pool.jobs == 1)
    waiting = asyncio.create_task(server.get("/animations/quick.gif?seed=1"))
    await until(lambda: admission.inside == 2)
    assert (await server.problem("/animations/quick.gif?seed=2"))["status"] == 503
    waiting.cancel()
    await until(lambda: admission.inside == 1)
    assert (await server.get("/animations/quick.gif?seed=3")).status == 200
    assert (await running).status == 200
    assert server.service.pool.jobs == 2, "nothing was rendered for the one who left"


@pytest.mark.parametrize("cached", [False, True], ids=["streamed", "cached"])
async def test_a_reader_that_stops_is_not_waited_for(start: Start, cached: bool) -> None:
    server = await start(window="16MiB" if cached else "64KiB", timeout=60, write_timeout=1)
    path = "/animations/noisy.gif?frames=80"
    if cached:
        assert (await server.get(path)).status == 200
    reader, writer = await slow_reader(server, path)
    await reader.readuntil(b"\r\n\r\n")
    await usable(server)  # the other render is over, or there would be no worker for this one
    count = server.service.metrics.count
    await until(lambda: count("requests_total", route="animation", method="GET", status="499") == 1)
    assert len(server.service.flights) == 0
    with suppress(ConnectionError):
        assert len(await reader.read()) < 4_000_000
    writer.close()


async def test_a_reader_that_never_takes_small_answers_loses_its_connection(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """No render waits for them, and together they are more than the system holds."""
    server = await start(write_timeout=1, idle_timeout=1000, max_connections=1)
    page = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    client = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))

    async def is_served() -> bool:
        return (await server.get("/healthz")).status == 200

    count = server.service.metrics.count
    with client:
        client.sendall(60 * page)
        await until(lambda: count("requests_total", route="openapi", method="GET", status="200") > 1)
        assert not await is_served()
        await until(is_served)
    assert "answer broken off" in caplog.text


async def test_a_slow_reader_makes_the_render_wait(start: Start) -> None:
    server = await start(window="64KiB", timeout=60)
    reader, writer = await slow_reader(server, "/animations/noisy.gif?frames=80")
    await reader.readuntil(b"GIF89a")
    (flight,) = server.service.flights.values()
    await until(lambda: flight.held > 64 * 1024)
    assert not flight.task.done()
    rest = b""
    while piece := await reader.read(1 << 16):
        assert flight.held < 256 * 1024
        rest += piece
    assert rest.endswith(b"\r\n0\r\n\r\n")
    assert len(rest) > 4_000_000
    assert server.service.pool.jobs == 1
    writer.close()


async def slow_reader(server: Running, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for something over a connection that holds no more than a few kilobytes."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setblocking(False)
    await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", int(server.url.rpartition(":")[2])))
    reader, writer = await asyncio.open_connection(sock=connection, limit=4096)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return reader, writer


async def test_the_collector_of_a_worker_leaves_out_what_was_loaded_before_the_fork(server: Running) -> None:
    problem = await server.problem("/animations/typed.gif?label=frozen")
    count = int(problem["errors"][0]["message"].split()[0])
    assert count > 100_000
