"""What becomes of answers, processes and files at each signal and each way to die, with the real command."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.server.support import PATIENCE, Running, children, descendants, lives, until
from tests.server.test_operation import command

PICTURE = "/animations/quick.gif"
LARGE = "/animations/noisy.gif?frames=1000"
"""Goes to the folder as it streams, and lasts for long."""


@asynccontextmanager
async def streaming(
    folder: Path, *more: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, aiohttp.ClientResponse]]:
    """Run the command; yield its process and an answer that is being drawn, stored and sent."""
    settings = ("cache_folder=" + str(folder), "window=64KiB", "timeout=600", *more)
    options = [part for setting in settings for part in ("--set", setting)]
    async with command(*options) as (process, url), aiohttp.ClientSession() as session:
        answer = await session.get(url + LARGE)
        await until(lambda: parts(folder))
        yield process, answer


def parts(folder: Path) -> bool:
    return any(folder.rglob("*.part"))


def is_stored(folder: Path) -> bool:
    return any(path.is_file() and path.suffix != ".part" for path in folder.rglob("*"))


async def ended(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        await process.stderr.read()
        return await process.wait()


async def test_signals_that_mean_nothing_do_nothing() -> None:
    signals = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE, signal.SIGCHLD, signal.SIGWINCH)
    async with command() as (process, url), aiohttp.ClientSession() as session:
        for number in signals:
            for seed in range(2):
                process.send_signal(number)
                async with session.get(f"{url}{PICTURE}?seed={10 * number + seed}") as answer:
                    assert (await answer.read()).endswith(b";"), number
            assert process.returncode is None, number


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_answer_that_is_done_in_time_is_whole_and_stored(tmp_path: Path, number: signal.Signals) -> None:
    settings = ["--set", f"cache_folder={tmp_path}", "--set", "drain_timeout=60"]
    async with command(*settings) as (process, url), aiohttp.ClientSession() as session:
        processes = descendants(process.pid)
        async with session.get(f"{url}/animations/slow.gif?seconds=0.2&frames=5") as answer:
            process.send_signal(number)
            assert (await answer.read()).endswith(b";")
        assert await ended(process) == 0
    assert is_stored(tmp_path)
    assert not parts(tmp_path)
    await until(lambda: not any(map(lives, processes)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_that_both_processes_get_is_one_signal(number: signal.Signals) -> None:
    """As from ``pkill``, which finds both by the command."""
    async with command("--set", "drain_timeout=60") as (process, url), aiohttp.ClientSession() as session:
        (server,) = children(process.pid)
        async with session.get(f"{url}/animations/slow.gif?seconds=0.5&frames=5") as answer:
            os.kill(server, number)
            if number != signal.SIGHUP:
                assert process.stderr is not None
                await process.stderr.readuntil(b"ending")
            process.send_signal(number)
            assert (await answer.read()).endswith(b";")
        if number != signal.SIGHUP:
            assert await ended(process) == 0
        else:
            await until(lambda: not lives(server) and bool(children(process.pid)))


async def test_an_answer_that_is_not_done_in_time_breaks_off_and_leaves_no_file(tmp_path: Path) -> None:
    async with streaming(tmp_path, "drain_timeout=0.5", "write_timeout=600") as (process, answer):
        processes = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0
        with pytest.raises(aiohttp.ClientError):
            await answer.read()
    assert not is_stored(tmp_path)
    assert not parts(tmp_path)
    await until(lambda: not any(map(lives, processes)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_second_signal_ends_the_server_at_once(tmp_path: Path, number: signal.Signals) -> None:
    async with streaming(tmp_path, "drain_timeout=600") as (process, answer):
        processes = descendants(process.pid)
        process.send_signal(number)

        async def is_closed() -> bool:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", answer.url.port)
            except ConnectionError:
                return True
            writer.close()
            return False

        await until(is_closed)
        process.send_signal(number)
        assert await ended(process) != 0
        with pytest.raises(aiohttp.ClientError):
            await answer.read()
    assert not is_stored(tmp_path)
    await until(lambda: not any(map(lives, processes)))


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
async def test_a_server_that_dies_breaks_its_answers_off_and_takes_its_processes_along(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with streaming(tmp_path) as (process, answer):
        processes = descendants(process.pid)
        (server,) = children(process.pid)
        os.kill(server, number)
        with pytest.raises(aiohttp.ClientError):
            await answer.read()
        assert await ended(process) == 128 + number
    assert not is_stored(tmp_path)
    await until(lambda: not any(map(lives, processes)))


async def test_a_server_whose_supervisor_is_killed_answers_what_it_has_and_ends(tmp_path: Path) -> None:
    settings = ["--set", f"cache_folder={tmp_path}", "--set", "drain_timeout=60"]
    async with command(*settings) as (process, url), aiohttp.ClientSession() as session:
        processes = descendants(process.pid)
        async with session.get(f"{url}/animations/slow.gif?seconds=0.2&frames=5") as answer:
            process.kill()
            assert (await answer.read()).endswith(b";")
    await until(lambda: not any(map(lives, processes)))
    assert is_stored(tmp_path)


async def test_what_a_killed_server_has_left_in_the_folder_is_not_served(tmp_path: Path) -> None:
    async with streaming(tmp_path) as (process, _):
        (server,) = children(process.pid)
        os.kill(server, signal.SIGKILL)
        await ended(process)
    assert parts(tmp_path)
    async with (
        command("--set", f"cache_folder={tmp_path}") as (_, url),
        aiohttp.ClientSession() as session,
        session.get(url + LARGE) as answer,
    ):
        assert answer.headers["Server-Timing"].startswith("first")


async def test_workers_go_on_without_the_fork_server_and_the_next_one_has_another(server: Running) -> None:
    pool = server.service.pool
    before, (worker,) = pool.fork_server, pool.pids
    assert before is not None
    os.kill(before, signal.SIGKILL)
    await until(lambda: not lives(before))
    assert (await server.get(PICTURE)).status == 200
    assert pool.pids == [worker]
    os.kill(worker, signal.SIGKILL)
    await until(lambda: pool.alive == 1 and pool.pids != [worker])
    assert pool.fork_server != before
    assert (await server.get(f"{PICTURE}?seed=1")).status == 200
