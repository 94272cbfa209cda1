"""Every metric and every value of its labels, brought about by requests."""

import asyncio
import re
import shutil
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from renderer import resolve
from server import Settings, create_app
from server.web.keys import SERVICE
from server.web.sockets.listening import listening
from tests.server.support import QUIET, SCENES, Running, Start, until
from tests.server.test_workers import slow_reader

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"
PICTURE = "/animations/quick.gif"
ENDLESS = "/animations/endless.gif?seconds=0.01"
GAUGES = {"figreel_renders_inside", "figreel_workers_alive", "figreel_cache_memory_bytes"}
KEY = "one" * 8
SLOWNESS: dict[str, Any] = {"window": "64KiB", "write_timeout": 1, "cache_folder": None}
RENDERED = {"render_seconds": 1, "draw_seconds": 1, "encode_seconds gif": 1}
BEGUN = {"queue_seconds": 1, "first_byte_seconds": 1, "rendered_bytes": 1}


@dataclass
class Case:
    """What is done to a server, and what the metrics say of it: name and labels, and the number."""

    act: Callable[[Running, Path], Awaitable[object]]
    counts: dict[str, float]
    settings: dict[str, Any] = field(default_factory=dict)


async def pictures(server: Running, folder: Path) -> None:
    etag = (await server.get(PICTURE)).headers["ETag"]
    await server.get(PICTURE)
    await server.get(PICTURE, headers={"If-None-Match": etag})
    await server.get(PICTURE, headers={"If-Match": '"x"'})
    await server.get(PICTURE, headers={"Range": "bytes=0-0"})
    await server.get(PICTURE, headers={"Range": "bytes=-0"})
    await server.get(PICTURE, "HEAD")
    await server.get(PICTURE, "POST", json={})


async def mistakes(server: Running, folder: Path) -> None:
    await server.get("/animations/nope.gif")
    await server.get("/a/b/c")
    await server.get("/animations/quick.gif?nope=1")
    await server.get(PICTURE, "DELETE")
    await server.get(PICTURE, "PROPFIND")
    await server.get(PICTURE, "POST", data=b"{", headers={"Content-Type": "application/json"})
    await raw(server, b"GET / HTTP/1.1\r\nHost: x:abc\r\n\r\n")
    await raw(server, b"nonsense\r\n\r\n")


async def pages(server: Running, folder: Path) -> None:
    for path in ("/", "/docs", "/openapi.json", "/animations/quick", "/healthz", "/readyz", "/healthz/deep"):
        await server.get(path)
    await server.get("/assets/style.css")


async def is_redirected(server: Running, folder: Path) -> None:
    for path in ("/sky", "/sky/animations/quick?seed=0"):
        assert (await server.get(path, allow_redirects=False)).status == 303


async def fails_before_its_first_byte(server: Running, folder: Path) -> None:
    await server.get("/animations/raises.gif?at=-1")


async def fails_after_its_first_byte(server: Running, folder: Path) -> None:
    await broken("/animations/raises.gif?at=2", server)


async def dies_after_its_first_byte(server: Running, folder: Path) -> None:
    await broken("/animations/dies.gif?how=exit&at=2", server)


async def hangs_after_its_first_byte(server: Running, folder: Path) -> None:
    await broken("/animations/dies.gif?how=spin&at=2", server)


async def refuses_a_parameter(server: Running, folder: Path) -> None:
    await server.get("/animations/typed.gif?label=echo")


async def dies_twice(server: Running, folder: Path) -> None:
    await server.get("/animations/dies.gif?how=exit&at=-1")


async def takes_too_long(server: Running, folder: Path) -> None:
    await server.get("/animations/dies.gif?how=spin&at=-1")


async def wears_a_worker_out(server: Running, folder: Path) -> None:
    await server.get(PICTURE)


async def meets_code_that_has_changed(server: Running, folder: Path) -> None:
    server.service.pool.code = "that of a worker which has just started"
    assert (await server.get(PICTURE)).status == 503


async def leaves(server: Running, folder: Path) -> None:
    async with server.session.get(server.url + ENDLESS) as response:
        await response.content.readany()
        response.close()


async def takes_nothing(server: Running, folder: Path) -> None:
    _, writer = await slow_reader(server, "/animations/noisy.gif?frames=500")
    count = server.service.metrics.count
    await until(lambda: count("requests_total", method="GET", route="animation", status="499") == 1)
    writer.close()


async def meets_a_busy_server(server: Running, folder: Path) -> None:
    async with server.session.get(server.url + ENDLESS) as response:
        await response.content.readany()
        await server.get(PICTURE)
        response.close()


async def meets_a_short_memory(server: Running, folder: Path) -> None:
    await server.get(PICTURE)


async def asks_too_often(server: Running, folder: Path) -> None:
    await server.get("/")
    await server.get("/")


async def has_no_key(server: Running, folder: Path) -> None:
    await server.get(PICTURE)
    await server.get(f"{PICTURE}?signature=x&expires=1&key=k")


async def is_one_connection_too_many(server: Running, folder: Path) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    await server.get("/")
    writer.close()


async def finds_it_on_disk(server: Running, folder: Path) -> None:
    for _ in range(2):
        await server.get(PICTURE)
        await server.service.cache.close()


async def cannot_read_the_disk(server: Running, folder: Path) -> None:
    await server.get(PICTURE)
    await server.service.cache.close()
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    path.unlink()
    path.mkdir()
    await server.get(PICTURE, "HEAD")


async def cannot_write_the_disk(server: Running, folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("in the way")
    await server.get(PICTURE)
    await server.service.cache.close()


async def broken(path: str, server: Running) -> None:
    with pytest.raises(aiohttp.ClientError):
        await server.get(path)


async def raw(server: Running, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(sent)
    await reader.readline()
    writer.close()


CASES = [
    Case(
        pictures,
        {
            "requests GET animation 200": 2, "requests GET animation 304": 1, "requests GET animation 412": 1,
            "requests GET animation 206": 1, "requests GET animation 416": 1, "requests HEAD animation 200": 1,
            "requests POST animation 200": 1, "request_seconds animation": 8, "cache_lookups miss": 1,
            "cache_lookups memory": 5, "renders quick gif done": 1, **RENDERED, **BEGUN,
        },
    ),
    Case(
        mistakes,
        {
            "requests GET animation 404": 1, "requests GET none 404": 1, "requests GET animation 422": 1,
            "requests DELETE none 405": 1, "requests other none 405": 1, "requests POST animation 400": 1,
            "requests GET gallery 400": 1, "requests none none 400": 1,
            "request_seconds animation": 3, "request_seconds gallery": 1, "request_seconds none": 3,
        },
    ),
    Case(
        pages,
        {
            **{
                f"{name}": 1
                for route in ("gallery", "docs", "openapi", "page", "healthz", "readyz", "deep", "asset")
                for name in (f"requests GET {route} 200", f"request_seconds {route}")
            },
            "renders probe gif done": 1, **RENDERED, **BEGUN,
        },
    ),
    Case(
        is_redirected,
        {
            "requests GET entrance 303": 1, "request_seconds entrance": 1,
            "requests GET page 303": 1, "request_seconds page": 1,
        },
        {"root_path": "/sky"},
    ),
    Case(
        fails_before_its_first_byte,
        {
            "requests GET animation 500": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders raises gif failed": 1, "queue_seconds": 1,
        },
    ),
    Case(
        fails_after_its_first_byte,
        {
            "requests GET animation 500": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders raises gif failed": 1, **BEGUN,
        },
    ),
    Case(
        dies_after_its_first_byte,
        {
            "requests GET animation 500": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders dies gif died": 1, "workers_replaced died": 1, **BEGUN,
        },
    ),
    Case(
        hangs_after_its_first_byte,
        {
            "requests GET animation 504": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders dies gif timeout": 1, "workers_replaced killed": 1, **BEGUN,
        },
        {"timeout": 2},
    ),
    Case(
        refuses_a_parameter,
        {
            "requests GET animation 422": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders typed gif refused": 1, "queue_seconds": 1,
        },
    ),
    Case(
        dies_twice,
        {
            "requests GET animation 500": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders dies gif died": 1, "queue_seconds": 2, "workers_replaced died": 2,
        },
    ),
    Case(
        takes_too_long,
        {
            "requests GET animation 504": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders dies gif timeout": 1, "queue_seconds": 1, "workers_replaced killed": 1,
        },
        {"timeout": 1},
    ),
    Case(
        meets_code_that_has_changed,
        {
            "requests GET animation 503": 1, "request_seconds animation": 1, "cache_lookups miss": 1, "refusals": 1,
            "renders quick gif unavailable": 1, "workers_replaced outdated": 1, "queue_seconds": 1,
        },
    ),
    Case(
        wears_a_worker_out,
        {
            "requests GET animation 200": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders quick gif done": 1, "workers_replaced worn": 1, **RENDERED, **BEGUN,
        },
        {"worker_jobs": 1},
    ),
    Case(
        leaves,
        {
            "requests GET animation 499": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders endless gif abandoned": 1, **BEGUN,
        },
    ),
    Case(
        takes_nothing,
        {
            "requests GET animation 499": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "renders noisy gif abandoned": 1, **BEGUN,
        },
        SLOWNESS,
    ),
    Case(
        meets_a_busy_server,
        {
            "requests GET animation 499": 1, "requests GET animation 503": 1, "request_seconds animation": 2,
            "cache_lookups miss": 2, "refusals": 1, "renders endless gif abandoned": 1, **BEGUN,
        },
        {"queue": 0},
    ),
    Case(
        meets_a_busy_server,
        {
            "requests GET animation 499": 1, "requests GET animation 429": 1, "request_seconds animation": 2,
            "cache_lookups miss": 2, "refusals": 1, "renders endless gif abandoned": 1, **BEGUN,
        },
        {"max_renders_per_client": 1},
    ),
    Case(
        meets_a_busy_server,
        {
            "requests GET animation 499": 1, "requests GET animation 503": 1, "request_seconds animation": 2,
            "cache_lookups miss": 2, "refusals": 1, "renders endless gif abandoned": 1,
            "renders quick gif unavailable": 1, **BEGUN,
        },
        {"queue_timeout": 2},
    ),
    Case(
        meets_a_short_memory,
        {
            "requests GET animation 503": 1, "request_seconds animation": 1, "cache_lookups miss": 1, "refusals": 1,
        },
        {"memory_reserve": "1TB"},
    ),
    Case(
        asks_too_often,
        {"requests GET gallery 200": 1, "requests GET gallery 429": 1, "request_seconds gallery": 2},
        {"rate_limit": "1/hour"},
    ),
    Case(
        has_no_key,
        {"requests GET animation 401": 1, "requests GET animation 403": 1, "request_seconds animation": 2},
        {"bearer_keys": [KEY], "signing_keys": {"k": KEY}},
    ),
    Case(is_one_connection_too_many, {"requests none none 503": 1}, {"max_connections": 1}),
    Case(
        finds_it_on_disk,
        {
            "requests GET animation 200": 2, "request_seconds animation": 2, "cache_lookups miss": 1,
            "cache_lookups disk": 1, "renders quick gif done": 1, **RENDERED, **BEGUN,
        },
        {"cache_memory": 0},
    ),
    Case(
        cannot_read_the_disk,
        {
            "requests GET animation 200": 1, "requests HEAD animation 200": 1, "request_seconds animation": 2,
            "cache_lookups miss": 2, "cache_errors read": 1, "renders quick gif done": 1, **RENDERED, **BEGUN,
        },
        {"cache_memory": 0},
    ),
    Case(
        cannot_write_the_disk,
        {
            "requests GET animation 200": 1, "request_seconds animation": 1, "cache_lookups miss": 1,
            "cache_errors read": 1, "cache_errors write": 1, "renders quick gif done": 1, **RENDERED, **BEGUN,
        },
        {"cache_memory": 0},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join([case.act.__name__, *case.settings]))
async def test_the_metrics_say_what_happened_and_nothing_else(start: Start, tmp_path: Path, case: Case) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    server = await start(**{"cache_folder": folder, "metrics_port": free_port(), **case.settings})
    await case.act(server, folder)
    with suppress(TimeoutError):
        await until(lambda: as_expected(server, case.counts))
    assert await counted(server) == case.counts
    table = documented()
    for name, labels, _ in samples(await exposition(server)):
        described, _ = table[re.sub("_(bucket|count|sum)$", "", name)]
        assert described == labels.keys() - {"le"}, name


async def as_expected(server: Running, counts: dict[str, float]) -> bool:
    return await counted(server) == counts


async def counted(server: Running) -> dict[str, float]:
    """Return the counters and the counts of the timers that are not zero, but those of reading the metrics."""
    found = {}
    for name, labels, value in samples(await exposition(server)):
        if name.endswith(("_total", "_count")) and value and labels.get("route") != "metrics":
            short = name.removeprefix("figreel_").removesuffix("_total").removesuffix("_count")
            key = " ".join([short, *(labels[label] for label in sorted(labels))])
            found[key] = 1 if short == "rendered_bytes" else value
    return found


async def exposition(server: Running) -> str:
    port = server.service.settings.metrics_port
    async with server.session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        assert answer.content_type == "text/plain"
        return await answer.text()


def samples(text: str) -> list[tuple[str, dict[str, str], float]]:
    return [
        (sample.name, sample.labels, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def test_gauges_tell_the_present(start: Start) -> None:
    server = await start(metrics_port=free_port(), workers=2)

    async def gauges() -> dict[str, float]:
        return {name: value for name, _, value in samples(await exposition(server)) if name in GAUGES}

    async def are(inside: int, alive: int, size: int) -> bool:
        return list((await gauges()).values()) == [inside, alive, size]

    await until(lambda: are(0, 2, 0))
    size = len((await server.get(PICTURE)).body)
    await until(lambda: are(0, 2, size))
    async with server.session.get(server.url + ENDLESS) as response:
        await response.content.readany()
        assert await are(1, 2, size)
        response.close()
    await until(lambda: are(0, 2, size))


async def test_an_answer_that_the_end_of_the_server_breaks_off_is_a_503() -> None:
    settings = Settings(**{**QUIET, "drain_timeout": 0.2})
    app = create_app(resolve(f"{SCENES}:catalog"), settings)
    count = app[SERVICE].metrics.count
    async with aiohttp.ClientSession() as session:
        async with listening(app, settings) as url:
            answer = await session.get(f"{url}/animations/endless.gif?seconds=0.2")
            await answer.content.readany()
        with pytest.raises(aiohttp.ClientError):
            await answer.read()
    assert count("requests_total", method="GET", route="animation", status="503") == 1


async def test_a_client_that_leaves_before_the_first_byte_is_a_499(start: Start) -> None:
    server = await start()
    request = asyncio.create_task(server.get("/animations/slow.gif?seconds=5"))
    await until(lambda: server.service.pool.jobs == 1)
    request.cancel()
    count = server.service.metrics.count
    await until(lambda: count("requests_total", method="GET", route="animation", status="499") == 1)
    await until(lambda: count("renders_total", animation="slow", format="gif", outcome="abandoned") == 1)


def documented() -> dict[str, tuple[set[str], set[str]]]:
    """Return the names of labels, and the values that the guide lists, by the metrics that it names."""
    rows = re.findall(r"^\| `(figreel_\w+)` \| (.*?) \|", GUIDE.read_text(), re.M)
    return {
        name: (set(re.findall(r"`(\w+)`", labels)), set(re.findall(r"\w+", labels.partition(": ")[2])))
        for name, labels in rows
    }


def test_every_value_of_a_label_that_the_guide_lists_is_brought_about_here() -> None:
    counts = [key.split() for case in CASES for key in case.counts]
    for name, (_, values) in documented().items():
        short = name.removeprefix("figreel_").removesuffix("_total")
        seen = {found[-1] for metric, *found in counts if metric == short and found}
        assert not values or seen == values, name


async def test_every_metric_is_in_the_guide_and_brought_about_here(server: Running) -> None:
    families = list(text_string_to_metric_families(server.service.metrics.exposition().decode()))
    counters = {family.name for family in families if family.type != "gauge"}
    assert counters == {f"figreel_{key.split()[0]}" for case in CASES for key in case.counts}
    assert {family.name for family in families if family.type == "gauge"} == GAUGES
    assert set(documented()) == {
        f"{family.name}_total" if family.type == "counter" else family.name for family in families
    }
