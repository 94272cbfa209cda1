"""Metrics and health on a port of their own; traces in the log."""

import json
import logging
import os
import signal
import socket

import aiohttp
import pytest
from aiohttp import web
from click.testing import CliRunner
from pydantic import ValidationError

from renderer import resolve
from renderer.cli.commands import main
from server import Catalog, Settings, create_app
from server.errors import SettingsError
from server.web.sockets.listening import listening
from tests.server.support import QUIET, SCENES, Running, Start, running, until
from tests.server.test_logs import events
from tests.server.test_metrics import free_port

KEY = "one" * 8
TRACE = "0af7651916cd43dd8448eb211c80319c"


async def status(server: Running, path: str, **headers: str) -> int:
    port = server.service.settings.metrics_port
    async with server.session.get(f"http://127.0.0.1:{port}{path}", headers=headers) as answer:
        if answer.status >= 400:
            assert answer.content_type == "application/problem+json"
        assert answer.headers["Server"] == "figreel"
        return answer.status


async def test_the_metrics_have_a_port_of_their_own_and_need_no_key_there(start: Start) -> None:
    server = await start(metrics_port=free_port(), bearer_keys=[KEY])
    for path in ("/metrics", "/healthz", "/readyz"):
        assert await status(server, path) == 200
    for path in ("/", "/healthz/deep", "/animations/quick.gif", "/openapi.json"):
        assert await status(server, path) == 404
    shown = {"Authorization": f"Bearer {KEY}"}
    assert (await server.get("/metrics", headers=shown)).status == 404
    assert [(await server.get(path)).status for path in ("/healthz", "/readyz")] == [200, 200]
    assert "/metrics" not in json.loads((await server.get("/openapi.json", headers=shown)).body)["paths"]


async def test_a_browser_gets_problems_as_json_where_there_are_no_pages(start: Start) -> None:
    server = await start(metrics_port=free_port())
    assert await status(server, "/nowhere", Accept="text/html") == 404
    server.service.draining = True
    assert await status(server, "/readyz", Accept="text/html") == 503


async def test_the_port_of_the_metrics_says_when_no_worker_answers(start: Start) -> None:
    server = await start(metrics_port=free_port())
    os.kill(server.service.pool.pids[0], signal.SIGSTOP)
    assert await status(server, "/readyz") == 503

    async def ready() -> bool:
        return await status(server, "/readyz") == 200

    await until(ready)


async def test_one_server_can_take_over_the_port_of_the_metrics_from_another(start: Start) -> None:
    port = free_port()
    async with running(metrics_port=port):
        server = await start(metrics_port=port)
    assert await status(server, "/metrics") == 200


async def test_a_port_of_somebody_else_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings(**QUIET, metrics_port=port)
        with pytest.raises(SettingsError, match=f"host = 127.0.0.1, metrics_port = {port}: cannot listen there"):
            async with listening(create_app(Catalog(), settings), settings):
                pass


def test_another_server_cannot_have_the_port_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.cli.supervise", lambda settings, *, reload: None)
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as listener:
        port = listener.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--port", "0", "--set", f"metrics_port={port}"])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert f"metrics_port = {port}: cannot listen there" in result.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"metrics_port": 8080}, "metrics_port and port are the same"),
        ({"metrics_port": 0}, "greater than or equal to 1"),
        ({"metrics_host": "::1"}, "metrics_host needs metrics_port"),
    ],
)
def test_a_port_that_cannot_be_the_one_of_the_metrics_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(**settings)  # type: ignore[arg-type]


async def test_a_guest_has_the_port_too() -> None:
    settings = Settings(**QUIET, metrics_port=free_port(), metrics_host="127.0.0.1")
    inner = create_app(resolve(f"{SCENES}:catalog"), settings)
    outer = web.Application()
    outer.add_subapp("/pictures/", inner)
    async with listening(outer, settings) as url, aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{settings.metrics_port}/metrics") as answer:
            assert "figreel_workers_alive 1.0" in await answer.text()
        async with session.get(f"{url}/pictures/metrics") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (f"00-{TRACE}-b7ad6b7169203331-01", TRACE),
        (f"01-{TRACE}-b7ad6b7169203331-01-more", TRACE),
        (f"00-{TRACE}-b7ad6b7169203331-01-more", None),
        (f"ff-{TRACE}-b7ad6b7169203331-01", None),
        (f"00-{TRACE.upper()}-b7ad6b7169203331-01", None),
        (f"00-{'0' * 32}-b7ad6b7169203331-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        ("nonsense", None),
        ("", None),
    ],
)
async def test_the_lines_of_a_request_name_its_trace(
    start: Start, caplog: pytest.LogCaptureFixture, sent: str, expected: str | None
) -> None:
    server = await start()
    with caplog.at_level(logging.INFO, "figreel"):
        await server.get("/animations/raises.gif", headers={"traceparent": sent})
        await server.get("/healthz")
    failed, request, other = events(caplog)
    assert [line["event"] for line in (failed, request, other)] == ["render failed", "request", "request"]
    assert [line.get("trace_id") for line in (failed, request, other)] == [expected, expected, None]
