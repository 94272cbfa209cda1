"""What a job starts ends with it, in whatever way both do."""

import asyncio
import os
import signal
from pathlib import Path
from typing import get_args

import pytest

from renderer import resolve
from tests.server.offspring import Way
from tests.server.support import PATIENCE, Running, Start, children, lives, until

OFFSPRING = Path(__file__).with_name("offspring.py")
WAYS = [way for way in get_args(Way) if way != "nothing"]


@pytest.fixture
async def quick(start: Start) -> Running:
    """A server whose renders have little time."""
    return await start(resolve(f"{OFFSPRING}:catalog"), timeout=4)


async def usable(server: Running, folder: Path) -> None:
    """Check that a render works, and soon."""
    async with asyncio.timeout(PATIENCE):
        assert (await server.get(f"/animations/starts.gif?folder={folder}&way=nothing")).status == 200


def left(folder: Path) -> list[int]:
    """Return the process ids of what was started and lives."""
    return [int(path.name) for path in folder.iterdir() if lives(int(path.name))]


async def all_gone(server: Running, folder: Path, worker: int) -> None:
    """Check that a worker, its keeper and what it has started end, and that another worker is there."""
    assert any(folder.iterdir()), "nothing was started"
    await until(lambda: not lives(worker) and not left(folder))
    await usable(server, folder)
    assert not left(folder)
    fork_server = server.service.pool.fork_server
    assert fork_server is not None
    await until(lambda: len(children(fork_server)) == 1)


@pytest.mark.parametrize("way", WAYS)
async def test_a_deadline_ends_all_that_a_job_has_started(start: Start, tmp_path: Path, way: str) -> None:
    server = await start(resolve(f"{OFFSPRING}:catalog"), timeout=8)
    (worker,) = server.service.pool.pids
    async with asyncio.timeout(2 * PATIENCE):
        problem = await server.problem(f"/animations/starts.gif?folder={tmp_path}&way={way}&end=hang")
    assert problem["status"] == 504
    await all_gone(server, tmp_path, worker)


@pytest.mark.parametrize("end", ["stop", "deaf", "threads"])
async def test_a_deadline_ends_a_job_whatever_it_does(quick: Running, tmp_path: Path, end: str) -> None:
    (worker,) = quick.service.pool.pids
    async with asyncio.timeout(PATIENCE):
        problem = await quick.problem(f"/animations/starts.gif?folder={tmp_path}&way=daemon&end={end}")
    assert problem["status"] == 504
    await all_gone(quick, tmp_path, worker)


@pytest.mark.parametrize("end", ["exit", "abort"])
@pytest.mark.parametrize("way", ["fork", "daemon", "stopped"])
async def test_a_process_that_ends_is_noticed_though_its_children_hold_the_socket(
    start: Start, tmp_path: Path, way: str, end: str
) -> None:
    server = await start(resolve(f"{OFFSPRING}:catalog"), timeout=1000)
    (worker,) = server.service.pool.pids
    async with asyncio.timeout(PATIENCE):
        problem = await server.problem(f"/animations/starts.gif?folder={tmp_path}&way={way}&end={end}")
    assert (problem["status"], problem["title"]) == (500, "The animation crashed")
    assert server.service.pool.jobs == 2
    await all_gone(server, tmp_path, worker)


@pytest.mark.parametrize("way", WAYS)
async def test_what_a_job_that_ended_well_leaves_behind_ends_before_the_next_job(
    start: Start, tmp_path: Path, way: str
) -> None:
    server = await start(resolve(f"{OFFSPRING}:catalog"), timeout=1000)
    (worker,) = server.service.pool.pids
    answer = await server.get(f"/animations/starts.gif?folder={tmp_path}&way={way}")
    assert (answer.status, answer.frames) == (200, 2)
    await all_gone(server, tmp_path, worker)
    assert server.service.metrics.count("workers_replaced_total", reason="worn") == 1


@pytest.mark.parametrize("way", ["subprocess", "daemon"])
async def test_a_process_that_closes_its_socket_is_of_no_use_any_more(start: Start, tmp_path: Path, way: str) -> None:
    server = await start(resolve(f"{OFFSPRING}:catalog"), timeout=1000)
    (worker,) = server.service.pool.pids
    async with asyncio.timeout(PATIENCE):
        problem = await server.problem(f"/animations/starts.gif?folder={tmp_path}&way={way}&end=closed")
    assert (problem["status"], problem["title"]) == (500, "The animation crashed")
    await all_gone(server, tmp_path, worker)


async def test_a_job_may_use_a_pool_of_processes(quick: Running) -> None:
    answer = await quick.get("/animations/computes.gif")
    assert (answer.status, answer.frames) == (200, 3)


async def test_a_job_that_leaves_nothing_behind_keeps_its_worker(quick: Running, tmp_path: Path) -> None:
    pids = quick.service.pool.pids
    for seed in range(3):
        assert (await quick.get(f"/animations/starts.gif?folder={tmp_path}&way=nothing&seed={seed}")).status == 200
    assert quick.service.pool.pids == pids


async def test_a_dead_fork_server_ends_no_render(start: Start, tmp_path: Path) -> None:
    server = await start()
    request = asyncio.create_task(server.get("/animations/slow.gif?seconds=0.3"))
    await until(lambda: server.service.pool.jobs == 1)
    fork_server = server.service.pool.fork_server
    assert fork_server is not None
    os.kill(fork_server, signal.SIGKILL)
    answer = await request
    assert (answer.status, answer.frames, server.service.pool.jobs) == (200, 5, 1)
