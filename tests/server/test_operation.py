"""Overload, health, metrics, the end, and the cache in trouble."""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.cache.disk import DiskStore
from server.cache.tiers import MemoryStore
from server.rendering.admission import _group, _groups, available_memory
from tests.server.support import SCENES, Running, Start, descendants, program, until

PICTURE = "/animations/quick.gif"


async def test_overload_is_split_exactly(start: Start) -> None:
    workers, queue = 2, 3
    server = await start(workers=workers, queue=queue, timeout=60)
    capacity = workers + queue
    requests = [
        asyncio.create_task(server.get(f"/animations/slow.gif?seconds=0.4&frames=4&seed={seed}"))
        for seed in range(10 * capacity)
    ]
    answers = await asyncio.gather(*requests)
    statuses = [answer.status for answer in answers]
    assert statuses.count(200) == capacity
    assert statuses.count(503) == 9 * capacity
    for answer in answers:
        if answer.status == 503:
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
            assert answer.headers["Content-Type"] == "application/problem+json"
    assert server.service.metrics.count("refusals_total") == 9 * capacity
    assert (await server.get(PICTURE)).status == 200


async def test_health_answers_while_everything_is_busy(start: Start) -> None:
    server = await start(workers=1, queue=0, timeout=60)
    busy = asyncio.create_task(server.get("/animations/slow.gif?seconds=0.5&frames=4"))
    await until(lambda: server.service.admission.inside == 1)
    assert (await server.problem(PICTURE))["status"] == 503
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await server.get(path)).status == 200
    assert not busy.done()
    assert (await busy).status == 200


async def test_short_memory_lets_nothing_in(start: Start) -> None:
    server = await start(memory_reserve="1TB")
    answer = await server.get(PICTURE)
    assert answer.status == 503
    assert b"memory" in answer.body


@pytest.mark.parametrize(
    ("line", "folders"),
    [
        ("0::/system.slice/figreel.service", ["system.slice/figreel.service", "system.slice", ""]),
        ("0::/", [""]),
        ("0::/../other", [""]),
        ("4:memory:/docker/1", [""]),
    ],
)
def test_the_control_groups_of_a_process(tmp_path: Path, line: str, folders: list[str]) -> None:
    (tmp_path / "cgroup").write_text(f"1:cpu:/\n{line}\n")
    assert _groups(tmp_path / "cgroup", tmp_path) == [tmp_path / folder for folder in folders]
    assert _groups(tmp_path / "none", tmp_path) == [tmp_path]


def test_memory_of_a_control_group(tmp_path: Path) -> None:
    assert _group(tmp_path) is None
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("990000\n")
    (tmp_path / "memory.stat").write_text("anon 500000\nfile 480000\ninactive_file 400000\nactive_file 80000\n")
    assert _group(tmp_path) == 410_000, "what the cache on disk leaves in memory does not count"
    (tmp_path / "memory.max").write_text("max\n")
    assert _group(tmp_path) is None


def test_memory_of_the_machine() -> None:
    free = available_memory()
    assert free is not None
    assert 0 < free < 1 << 45


async def test_ready_means_that_a_worker_answers(start: Start) -> None:
    server = await start(timeout=60)
    assert (await server.get("/readyz")).status == 200
    os.kill(server.service.pool.pids[0], signal.SIGSTOP)
    assert (await server.problem("/readyz"))["status"] == 503

    async def ready() -> bool:
        return (await server.get("/readyz")).status == 200

    await until(ready)  # the stopped worker was replaced
    server.service.draining = True
    assert (await server.problem("/readyz"))["status"] == 503


async def test_a_server_that_ends_takes_no_further_request_on_a_connection(server: Running) -> None:
    assert "Connection" not in (await server.get(PICTURE)).headers
    server.service.draining = True
    assert (await server.get(PICTURE)).headers["Connection"] == "close"
    redirect = await server.get("/animations/quick?seed=0", allow_redirects=False)
    assert (redirect.status, redirect.headers["Connection"]) == (303, "close")


async def test_the_deep_check_renders_every_time(server: Running) -> None:
    for expected in (1, 2):
        assert (await server.get("/healthz/deep")).body.startswith(b"ok")
        assert server.service.pool.jobs == expected


async def test_metrics_count(server: Running) -> None:
    await server.get(PICTURE)
    await server.get(PICTURE)
    await server.get("/animations/nope.gif")
    await server.get("/a/b/c")
    await server.problem("/animations/dies.gif?how=exit&at=-1")
    text = (await server.get("/metrics")).body.decode()
    for line in (
        'figreel_requests_total{method="GET",route="animation",status="200"} 2.0',
        'figreel_requests_total{method="GET",route="none",status="404"} 1.0',
        'figreel_renders_total{animation="quick",format="gif",outcome="done"} 1.0',
        'figreel_renders_total{animation="dies",format="gif",outcome="died"} 1.0',
        'figreel_cache_lookups_total{result="memory"} 1.0',
        'figreel_cache_lookups_total{result="miss"} 2.0',
        "figreel_render_seconds_count 1.0",
        "figreel_queue_seconds_count 3.0",
        "figreel_first_byte_seconds_count 1.0",
        "figreel_draw_seconds_count 1.0",
        'figreel_encode_seconds_count{format="gif"} 1.0',
    ):
        assert line in text.splitlines()
    assert re.search(r"^figreel_rendered_bytes_total [1-9]", text, re.M)
    assert "nope" not in text
    assert "_created" not in text


async def test_drawing_and_encoding_are_timed_apart(start: Start) -> None:
    server = await start(workers=1)
    count = server.service.metrics.count
    assert (await server.get("/animations/slow.gif?seconds=0.1&frames=5")).status == 200
    drawn, encoded = count("draw_seconds_sum"), count("encode_seconds_sum", format="gif")
    assert 0.5 < drawn < count("render_seconds_sum")
    assert 0 < encoded < count("render_seconds_sum") - drawn
    assert (await server.get("/animations/noisy.apng?side=1000&frames=5")).status == 200
    assert count("encode_seconds_sum", format="apng") > 0
    assert count("encode_seconds_sum", format="gif") == encoded
    assert (await server.problem("/animations/raises.gif"))["status"] == 500
    assert count("draw_seconds_count") == 2


async def test_prewarming_fills_the_cache(start: Start) -> None:
    from server.demo import catalog

    server = await start(catalog, prewarm=True, workers=2)
    count, last = server.service.metrics.count, list(catalog)[-1].name
    await until(lambda: count("renders_total", animation=last, format="gif", outcome="done") == 1, seconds=60)
    jobs = server.service.pool.jobs
    assert (await server.get("/animations/bars.gif")).headers["Content-Length"]
    assert server.service.pool.jobs == jobs


@asynccontextmanager
async def command(*more: str, **environment: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run the command; yield its process and its address."""
    figreel = Path(sys.executable).with_name("figreel")
    arguments = ("serve", f"{SCENES}:catalog", "--port", "0", *more)
    async with program(figreel, *arguments, env=os.environ | environment) as process:
        assert process.stderr is not None
        yield process, (await process.stderr.readline()).decode().split()[-1]


async def test_sigterm_lets_running_answers_end() -> None:
    async with (
        command("--workers", "2", "--set", "log_format=json") as (process, url),
        aiohttp.ClientSession() as session,
    ):

        async def get(seed: int) -> tuple[int, bytes]:
            async with session.get(f"{url}/animations/slow.gif?seconds=0.3&frames=4&seed={seed}") as response:
                return response.status, await response.read()

        async def inside() -> bool:
            async with session.get(f"{url}/metrics") as response:
                return "figreel_renders_inside 4.0" in await response.text()

        running = [asyncio.create_task(get(seed)) for seed in range(4)]
        await until(inside)
        process.send_signal(signal.SIGTERM)
        answers = await asyncio.gather(*running)
        assert [status for status, _ in answers] == [200] * 4
        assert all(body.startswith(b"GIF89a") and body.endswith(b";") for _, body in answers)
        await asyncio.wait_for(process.wait(), 30)
        assert process.returncode == 0
        with pytest.raises(aiohttp.ClientConnectorError):
            await get(9)
        assert process.stderr is not None
        lines = [json.loads(line) for line in (await process.stderr.read()).splitlines()]
    assert sum(line["event"] == "request" and line["path"] != "/metrics" for line in lines) == 4


async def test_a_balancer_has_time_to_see_the_end() -> None:
    async with command("--set", "drain_delay=3") as (process, url), aiohttp.ClientSession() as session:

        async def status(path: str) -> int:
            async with session.get(url + path) as response:
                return response.status

        assert await status("/readyz") == 200

        async def unready() -> bool:
            return await status("/readyz") == 503

        process.send_signal(signal.SIGTERM)
        await until(unready, seconds=3)
        assert await status(PICTURE) == 200
        assert await asyncio.wait_for(process.wait(), 30) == 0


async def test_tex_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\n")
    (tmp_path / "latex").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
    (tmp_path / "latex").chmod(0o755)
    environment = {"MATPLOTLIBRC": str(tmp_path), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    async with (
        command(**environment) as (_, url),
        aiohttp.ClientSession() as session,
        session.get(f"{url}/animations/typed.gif?label=%5Cinput%7B/etc/passwd%7D") as response,
    ):
        assert response.status == 200
    assert not (tmp_path / "ran").exists()


async def test_the_processes_end_when_the_server_is_killed() -> None:
    async with command("--workers", "1") as (process, _):
        started = descendants(process.pid)
        assert len(started) == 4, "the server, the fork server, a keeper and its worker"
        process.kill()
        await process.wait()
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


def test_memory_is_bounded_by_bytes() -> None:
    store = MemoryStore(100)
    for name in "abc":
        store.put(name, bytes(40))
    assert store.get("a") is None
    assert store.get("b") is not None
    store.put("d", bytes(40))
    assert store.get("c") is None, "the answer that was read least recently goes first"
    store.put("e", bytes(101))
    assert store.get("e") is None
    store.put("b", bytes(10))
    assert store.size == 50


def test_the_disk_is_bounded_by_bytes(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, 10_000)
    for index in range(20):
        store.put(f"{index:064x}", bytes(1000))
        os.utime(tmp_path / f"{index:064x}"[:2] / f"{index:064x}", (index, index))
    store.trim()
    rest = [index for index in range(20) if store.get(f"{index:064x}")]
    assert rest == list(range(20))[-len(rest) :]
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 10_000


async def test_the_disk_survives_the_server(start: Start, tmp_path: Path) -> None:
    first = await start(cache_folder=tmp_path)
    body = (await first.get(PICTURE)).body
    await first.service.cache.close()
    second = await start(cache_folder=tmp_path)
    answer = await second.get(PICTURE)
    assert (answer.body, second.service.pool.jobs) == (body, 0)
    assert second.service.metrics.count("cache_lookups_total", result="disk") == 1


def spoil(path: Path, how: str) -> None:
    data = path.read_bytes()
    match how:
        case "bit":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "empty":
            path.write_bytes(b"")
        case "folder":
            path.unlink()
            path.mkdir()
        case "another":
            (path.parent.parent / "zz").mkdir()
            other = DiskStore(path.parent.parent, 10**6)
            other.put("zz" + "0" * 62, b"GIF89a of another request;")
            (path.parent.parent / "zz" / ("zz" + "0" * 62)).replace(path)


@pytest.mark.parametrize("how", ["bit", "cut", "empty", "folder", "another"])
async def test_a_spoiled_file_is_rendered_again(start: Start, tmp_path: Path, how: str) -> None:
    server = await start(cache_folder=tmp_path, cache_memory=0)
    body = (await server.get(PICTURE)).body
    await server.service.cache.close()
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    spoil(path, how)
    assert (await server.get(PICTURE)).body == body
    assert server.service.pool.jobs == 2


async def test_a_folder_that_vanishes_or_cannot_be_written_costs_only_renders(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    server = await start(cache_folder=folder, cache_memory=0)
    assert (await server.get(PICTURE)).status == 200
    await server.service.cache.close()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    folder.write_text("in the way")
    assert (await server.get(PICTURE)).frames == 3
    await server.service.cache.close()
    assert server.service.metrics.count("cache_errors_total", doing="write") > 0


def test_a_draft_that_was_closed_leaves_nothing(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, 10_000)
    key = "ab" + "0" * 62
    before, after = store.draft(key), store.draft(key)
    before.close()  # its first write may still be on its way, in another thread
    before.write(b"x")
    after.write(b"y")
    after.close()
    after.write(b"y")
    for draft in (before, after):
        draft.keep()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    third = store.draft(key)
    third.write(b"z")
    third.keep()
    third.close()
    stored = store.get(key)
    assert stored is not None
    assert stored[:] == b"z"


LARGE = "/animations/noisy.gif?frames=20"


async def test_a_large_answer_is_stored_on_disk_as_it_streams(start: Start, tmp_path: Path) -> None:
    server = await start(cache_folder=tmp_path, window="64KiB", cache_memory="64MiB", timeout=60)
    body = (await server.get(LARGE)).body
    assert len(body) > 1_000_000
    again = await server.get(LARGE)
    part = await server.get(LARGE, headers={"Range": "bytes=1000-999999"})
    end = await server.get(LARGE, headers={"Range": "bytes=-10"})
    head = await server.get(LARGE, "HEAD")
    assert again.body == body
    assert (part.status, part.body) == (206, body[1000:1_000_000])
    assert (end.status, end.body) == (206, body[-10:])
    assert (head.headers["Content-Length"], head.body) == (str(len(body)), b"")
    assert server.service.pool.jobs == 1
    assert server.service.cache.size == 0
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    spoil(path, "bit")
    assert (await server.get(LARGE)).body == body
    assert server.service.pool.jobs == 2


async def test_a_large_answer_that_nobody_waits_for_leaves_no_file(start: Start, tmp_path: Path) -> None:
    server = await start(cache_folder=tmp_path, window="64KiB", timeout=60)
    async with server.session.get(f"{server.url}/animations/noisy.gif?frames=300") as response:
        received = 0
        while received < 2_000_000:
            received += len(await response.content.readany())
        assert any(tmp_path.rglob("*.part"))
    await until(lambda: not any(path.is_file() for path in tmp_path.rglob("*")))


async def test_a_large_answer_without_a_disk_is_rendered_again(start: Start) -> None:
    server = await start(window="64KiB", timeout=60)
    first, second = [(await server.get(LARGE)).body for _ in range(2)]
    assert first == second
    assert (server.service.pool.jobs, server.service.cache.size) == (2, 0)


async def test_a_file_that_is_cut_while_it_is_sent_breaks_the_connection(start: Start, tmp_path: Path) -> None:
    from tests.server.test_workers import slow_reader

    server = await start(cache_folder=tmp_path, window="64KiB", timeout=60)
    path = "/animations/noisy.gif?frames=150"
    size = len((await server.get(path)).body)
    reader, writer = await slow_reader(server, path)
    await reader.readuntil(b"\r\n\r\n")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    os.truncate(file, 1000)
    with suppress(ConnectionError):
        assert len(await reader.read()) < size
    writer.close()


async def test_a_folder_that_was_removed_is_made_again(start: Start, tmp_path: Path) -> None:
    server = await start(cache_folder=tmp_path / "cache", cache_memory=0)
    for jobs in (1, 2):
        assert (await server.get(PICTURE)).frames == 3
        await server.service.cache.close()
        assert (await server.get(PICTURE)).frames == 3
        assert server.service.pool.jobs == jobs
        shutil.rmtree(tmp_path / "cache")
    assert server.service.metrics.count("cache_errors_total", doing="write") == 0


@pytest.mark.parametrize("window", ["4MiB", 100], ids=["small", "large"])
async def test_a_full_disk_costs_only_renders(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: str | int
) -> None:
    server = await start(cache_folder=tmp_path, cache_memory=0, window=window)

    def full(descriptor: int, mode: str) -> Any:
        os.close(descriptor)
        return Path("/dev/full").open(mode)

    monkeypatch.setattr("server.cache.disk.os.fdopen", full)
    assert (await server.get(PICTURE)).frames == 3
    await server.service.cache.close()
    assert server.service.metrics.count("cache_errors_total", doing="write") == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert (await server.get(PICTURE)).frames == 3


async def test_many_slow_readers_do_not_stop_the_others(start: Start) -> None:
    from tests.server.test_workers import slow_reader

    server = await start(workers=2, queue=300, timeout=60, max_connections_per_client=300)
    readers = [await slow_reader(server, f"/animations/noisy.gif?frames=3&seed={seed % 10}") for seed in range(200)]
    async with asyncio.timeout(60):
        assert (await server.get(PICTURE)).status == 200
    for _, writer in readers:
        writer.close()
