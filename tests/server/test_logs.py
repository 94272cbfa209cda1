"""The log: lines of the logger ``figreel``, which a host routes as it likes and the command writes itself."""

import contextlib
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.telemetry.logs import Event, get_logger
from tests.server.support import Start
from tests.server.test_reload import SCENES, command

HOST = """
import asyncio, logging, sys
import structlog
from server import Settings, create_app
from server.web.sockets.listening import listening
from server.telemetry.logs import get_logger
from tests.server.scenes import catalog
import aiohttp

async def main():
    settings = Settings(port=0, workers=1)
    async with listening(create_app(catalog, settings), settings) as url, aiohttp.ClientSession() as session:
        async with session.get(url + "/animations/raises.gif") as answer:
            assert answer.status == 500

if __name__ == "__main__":
    before = structlog.is_configured()
    exec(sys.argv[1])
    asyncio.run(main())
    assert structlog.is_configured() == before
"""


def run_host(setup: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", HOST, setup], capture_output=True, text=True, check=True, timeout=60)


def test_a_host_that_configures_nothing_sees_only_what_went_wrong() -> None:
    done = run_host("pass")
    assert done.stdout == ""
    assert done.stderr.startswith("render failed animation='raises'")
    assert "request method" not in done.stderr


def test_a_host_can_silence_the_log() -> None:
    done = run_host("logging.basicConfig(level=logging.CRITICAL)")
    assert (done.stdout, done.stderr) == ("", "")


def test_a_host_can_have_every_line_in_a_format_of_its_own() -> None:
    done = run_host(
        "logging.basicConfig(level=logging.INFO, format='%(name)s|%(levelname)s|%(message)s', stream=sys.stdout)"
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("figreel.requests|INFO|request method='GET'")]
    assert len(lines) == 1
    assert "path='/animations/raises.gif' status=500" in lines[0]


CONFIGURED = r"""
import logging
from server.telemetry.logs import configure, get_logger
configure({format!r})
log = get_logger("test")
log.info("noticed", width=3, text="a b", path="/\x1b[2J\x9b31m\u202e\u2028")
log.error("failed", traceback="Traceback (most recent call last):\n  here")
try:
    1 / 0
except ZeroDivisionError as error:
    log.error("broken", exc_info=error)
logging.getLogger("other").warning("a line of %s", "another library")
logging.getLogger("other").info("nothing")
"""


def configured(format_: str) -> list[str]:
    code = CONFIGURED.format(format=format_)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == ""
    return done.stderr.splitlines()


def on_a_terminal() -> str:
    ours, its = os.openpty()
    with os.fdopen(ours, "rb") as screen, os.fdopen(its) as terminal:
        command = [sys.executable, "-c", CONFIGURED.format(format="text")]
        subprocess.run(command, stderr=terminal, check=True, timeout=60)
        return screen.read1().decode()


def test_programs_read_a_line_of_json_for_each_event() -> None:
    first, failed, broken, other = [json.loads(line) for line in configured("json")]
    assert (first["event"], first["level"], first["width"], first["text"]) == ("noticed", "info", 3, "a b")
    assert first["timestamp"].endswith("Z")
    assert failed["exception"] == "Traceback (most recent call last):\n  here"
    assert broken["exception"].endswith("ZeroDivisionError: division by zero")
    assert (other["event"], other["logger"], other["level"]) == ("a line of another library", "other", "warning")


def test_people_read_a_traceback_in_lines_below_its_event() -> None:
    lines = configured("text")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO noticed width=3 text='a b' path=.*", lines[0])
    assert lines[0].endswith(r"path='/\x1b[2J\x9b31m\u202e\u2028'"), "no client can command a terminal"
    assert lines[1].endswith(" ERROR failed")
    assert lines[2:4] == ["Traceback (most recent call last):", "  here"]
    assert "ZeroDivisionError: division by zero" in lines
    assert lines[-1].endswith(" WARNING a line of another library")


def test_a_terminal_shows_colors_and_obeys_no_client() -> None:
    first, *others = on_a_terminal().splitlines()
    plain = re.sub(r"\x1b\[[\d;]*m", "", first)
    assert plain != first
    assert "[info     ] noticed" in plain
    assert r"path=/\x1b[2J\x9b31m\u202e\u2028" in plain
    assert "Traceback (most recent call last):" in others


def test_a_logger_that_is_off_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Refusing:
        def __repr__(self) -> str:
            raise AssertionError("it is not written")

    with caplog.at_level(logging.WARNING, "figreel"):
        get_logger("quiet").info("unheard", what=Refusing())
    assert caplog.records == []


async def test_a_line_says_which_request_it_is_about(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    server = await start(workers=1)
    with caplog.at_level(logging.INFO, "figreel"):
        await server.get("/animations/quick.gif", headers={"X-Request-ID": "r-1"})
    (line,) = [fields for fields in events(caplog) if fields["event"] == "request"]
    assert (line["request_id"], line["status"]) == ("r-1", 200)
    assert {record.filename for record in caplog.records} == {"middlewares.py"}


def events(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [record.msg for record in caplog.records if isinstance(record.msg, Event)]


@pytest.mark.parametrize("at", [-1, 0, 2])
async def test_a_mistake_of_an_author_is_a_traceback_of_that_code(
    start: Start, caplog: pytest.LogCaptureFixture, at: int
) -> None:
    server = await start(workers=1)
    with caplog.at_level(logging.INFO, "figreel"), contextlib.suppress(aiohttp.ClientError):
        await server.get(f"/animations/raises.gif?at={at}", headers={"X-Request-ID": "r-2"})
    (line,) = [fields for fields in events(caplog) if fields["event"] == "render failed"]
    assert (line["animation"], line["format"], line["request_id"]) == ("raises", "gif", "r-2")
    assert json.loads(line["parameters"])["at"] == at
    first, place, *_ = line["traceback"].splitlines()
    assert (first, "scenes.py" in place) == ("Traceback (most recent call last):", True)
    assert "ZeroDivisionError: a secret" in line["traceback"]


async def test_a_refusal_is_no_error(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    server = await start(workers=1)
    with caplog.at_level(logging.INFO, "figreel"):
        assert (await server.get("/animations/typed.gif?label=echo")).status == 422
    assert [record.levelname for record in caplog.records] == ["INFO", "INFO"]
    assert events(caplog)[0]["event"] == "render refused"
    assert server.service.metrics.count("renders_total", animation="typed", format="gif", outcome="refused") == 1


@pytest.mark.parametrize("debug", [True, False])
async def test_an_author_sees_the_traceback_if_the_operator_wants_that(start: Start, debug: bool) -> None:
    server = await start(workers=1, debug=debug)
    problem = await server.problem("/animations/raises.gif")
    assert problem["title"] == "The animation failed"
    assert ("ZeroDivisionError: a secret" in problem.get("traceback", "")) == debug
    assert ("a secret" in str(problem)) == debug


@pytest.mark.parametrize("more", ["", ", 'root': {}"], ids=["nothing", "root"])
async def test_a_catalog_that_configures_logging_silences_no_line(tmp_path: Path, more: str) -> None:
    configured = f"import logging.config\nlogging.config.dictConfig({{'version': 1{more}}})\n"
    async with command(tmp_path, code=configured + SCENES.format(color="red")) as it:
        await it.color()
        await it.until_it_says("path='/animations/pic.gif'")
