"""The command where nothing can be written to standard output and error."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests.server.support import PATIENCE, children, program, until

TALKATIVE = """
import sys
from matplotlib.figure import Figure
from renderer import Scene
from server import Catalog

catalog = Catalog()
print("imported")
print("imported", file=sys.stderr)


@catalog.animation
def pic(fails: bool = False):
    def update(index):
        print("x" * 10_000)
        print("x" * 10_000, file=sys.stderr)
        if fails:
            raise ValueError("it fails")

    return Scene(figure=Figure(figsize=(1, 1)), update=update, frames=3)
"""


def without_reader() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def without_room() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def without_terminal() -> int:
    ours, theirs = pty.openpty()
    os.close(ours)
    return theirs


@pytest.mark.parametrize("opened", [without_reader, without_room, without_terminal])
async def test_nothing_fails_because_it_cannot_be_said(tmp_path: Path, opened: Callable[[], int]) -> None:
    scenes, path = tmp_path / "scenes.py", tmp_path / "socket"
    scenes.write_text(TALKATIVE)
    figreel = Path(sys.executable).with_name("figreel")
    output = opened()
    command = f'exec "$0" serve {scenes}:catalog --workers 1 --set memory_reserve=0 --unix {path} 2>&1'
    async with (
        program("sh", "-c", command, figreel, stdout=output) as process,
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as session,
    ):
        os.close(output)

        async def answer(query: str = "") -> int:
            async with session.get(f"http://figreel/animations/pic.gif{query}") as response:
                await response.read()
                return response.status

        async def answers() -> bool:
            assert process.returncode is None
            try:
                return await answer() == 200
            except aiohttp.ClientConnectionError:
                return False

        await until(answers, 2 * PATIENCE)
        assert await answer("?fails=true") == 500
        before = children(process.pid)
        process.send_signal(signal.SIGHUP)
        await until(lambda: children(process.pid).isdisjoint(before), 2 * PATIENCE)
        assert await answer() == 200
        new = children(process.pid)
        scenes.write_text("import nosuch\n")
        process.send_signal(signal.SIGHUP)
        await until(lambda: children(process.pid) > new)
        await until(lambda: children(process.pid) == new, 2 * PATIENCE)
        assert await answer("?fails=true") == 500
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


def test_a_full_pipe_that_does_not_block_changes_no_exit_code() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    os.write(writer, bytes(1 << 20))
    code = "from server.telemetry import streams; streams.open_standard_streams(); print('x' * 100_000); exit(7)"
    done = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(reader)
    os.close(writer)
    assert (done.returncode, done.stderr) == (7, b"")
