"""The command under a supervisor: new code without a lost request, and what is left after each way to end."""

import asyncio
import os
import pty
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.server.support import PATIENCE, descendants, lives, program, until
from tests.server.test_metrics import free_port

SCENES = """
import time
from matplotlib.figure import Figure
from renderer import Scene
from server import Catalog

catalog = Catalog()


@catalog.animation
def pic(n: int = 0, seconds: float = 0.0):
    def update(index):
        time.sleep(seconds)

    return Scene(figure=Figure(figsize=(1, 1), facecolor="{color}"), update=update, frames=3)
"""
RED, BLUE = (255, 0, 0), (0, 0, 255)


class Command:
    """``figreel serve`` with scenes in a file."""

    def __init__(self, process: asyncio.subprocess.Process, session: aiohttp.ClientSession, scenes: Path) -> None:
        self.process = process
        self.session = session
        self.scenes = scenes
        self.url = ""
        self.lines: list[str] = []

    def paint(self, color: str) -> None:
        self.scenes.write_text(SCENES.format(color=color))

    async def read(self) -> None:
        """Read what it says, so that it can go on saying."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(line.decode())

    async def until_it_says(self, words: str) -> str:
        """Return the first line with these words that was not returned before, and forget those up to it."""
        await until(lambda: any(words in line for line in self.lines), 2 * PATIENCE)
        place = next(number for number, line in enumerate(self.lines) if words in line)
        line = self.lines[place]
        del self.lines[: place + 1]
        return line

    async def color(self, query: str = "") -> Any:
        async with self.session.get(f"{self.url}/animations/pic.gif{query}") as answer:
            assert answer.status == 200
            with Image.open(BytesIO(await answer.read())) as image:
                return image.convert("RGB").getpixel((50, 50))

    def processes(self) -> dict[int, str]:
        """The command lines of all that it has started, by process id."""
        lines = {}
        for pid in descendants(self.process.pid):
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended since
                lines[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        return lines

    def servers(self) -> list[int]:
        return [pid for pid, line in self.processes().items() if " serve " in line]


@asynccontextmanager
async def command(
    folder: Path,
    *options: str,
    listen: tuple[str, ...] = ("--port", "0"),
    wrapper: tuple[str, ...] = (),
    code: str = SCENES.format(color="red"),
    **more: Any,
) -> AsyncIterator[Command]:
    scenes = folder / "scenes.py"
    scenes.write_text(code)
    connector = aiohttp.UnixConnector(listen[1]) if listen[0] == "--unix" else None
    figreel = Path(sys.executable).with_name("figreel")
    arguments = ("serve", f"{scenes}:catalog", "--workers", "1", *listen, *options)
    environment = os.environ | {"FIGREEL_MEMORY_RESERVE": "0"}
    async with (
        program(*wrapper, figreel, *arguments, env=environment, **more) as process,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        it = Command(process, session, scenes)
        reading = asyncio.create_task(it.read())
        try:
            place = (await it.until_it_says("Serving")).split()[-1]
            it.url = "http://figreel" if connector else place
            yield it
        finally:
            reading.cancel()
            await asyncio.wait([reading])


async def test_a_hangup_brings_the_new_code_and_loses_no_request(tmp_path: Path) -> None:
    async with command(tmp_path) as it:
        slow = asyncio.create_task(it.color("?seconds=0.5"))
        seen = [await it.color("?n=1")]
        it.paint("blue")
        it.process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(2 * PATIENCE):
            while seen[-1] != BLUE:
                seen.append(await it.color("?n=1"))
        assert (seen[0], await slow) == (RED, RED)
        assert set(seen) == {RED, BLUE}
        it.process.send_signal(signal.SIGTERM)
        assert await it.process.wait() == 0


@pytest.mark.parametrize("more", ['host = "*"', 'unix_socket = "socket"', "port = {other}"])
async def test_a_place_that_has_changed_is_said_to_count_later(tmp_path: Path, more: str) -> None:
    file = tmp_path / "figreel.toml"
    port, other = free_port(), free_port()
    file.write_text(f"port = {port}")
    async with command(tmp_path, listen=("--config", str(file))) as it:
        assert not any("have changed" in line for line in it.lines)
        again = f"port = {port}\n" if "host" in more else ""
        file.write_text(again + more.format(other=other))
        it.process.send_signal(signal.SIGHUP)
        await it.until_it_says("host, port and unix_socket have changed")
        assert (await it.until_it_says("Serving")).endswith(f":{port}\n")


THREADS = {
    "thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\n",
    "executor": "from concurrent import futures\nimport time\nfutures.ThreadPoolExecutor().submit(time.sleep, 1000)\n",
}


@pytest.mark.parametrize("begin", THREADS.values(), ids=THREADS)
async def test_threads_of_the_scenes_keep_no_server_from_its_end(tmp_path: Path, begin: str) -> None:
    async with command(tmp_path, code=begin + SCENES.format(color="red")) as it:
        (before,) = it.servers()
        it.process.send_signal(signal.SIGHUP)
        await until(lambda: not lives(before), 2 * PATIENCE)
        assert await it.color() == RED
        it.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await it.process.wait() == 0


async def test_the_file_of_a_catalog_counts_where_its_functions_are_in_others(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "pictures.py").write_text(SCENES.format(color="white"))
    code = "from figures.pictures import catalog\nimport matplotlib\nmatplotlib.rcParams['savefig.facecolor'] = '{}'\n"
    async with command(tmp_path, "--reload", code=code.format("red")) as it:
        assert await it.color() == RED
        it.scenes.write_text(code.format("blue"))

        async def is_blue() -> bool:
            return bool(await it.color() == BLUE)

        await until(is_blue, 2 * PATIENCE)


async def test_a_change_of_a_file_brings_the_new_code_if_that_is_wanted(tmp_path: Path) -> None:
    async with command(tmp_path, "--reload") as it:
        it.paint("blue")

        async def is_blue() -> bool:
            return bool(await it.color() == BLUE)

        await until(is_blue, 2 * PATIENCE)


async def test_code_that_does_not_start_leaves_the_server_and_says_why(tmp_path: Path) -> None:
    async with command(tmp_path) as it:
        it.scenes.write_text("import nosuch\n")
        it.process.send_signal(signal.SIGHUP)
        assert (await it.until_it_says("Error")).endswith("scenes.py, line 1: No module named 'nosuch'\n")
        await it.until_it_says("the server before goes on")
        assert await it.color() == RED


async def test_a_unix_socket_is_handed_over_and_removed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    async with command(tmp_path, listen=("--unix", str(path))) as it:
        assert await it.color() == RED
        it.paint("blue")
        it.process.send_signal(signal.SIGHUP)
        await it.until_it_says("Serving")
        await until(lambda: len(it.servers()) == 1)
        assert path.exists()
        assert await it.color() == BLUE
        it.process.send_signal(signal.SIGTERM)
        assert await it.process.wait() == 0
        assert not path.exists()


@pytest.mark.parametrize("who", ["supervisor", "server"])
async def test_no_process_is_left_when_one_is_killed(tmp_path: Path, who: str) -> None:
    async with command(tmp_path) as it:
        assert await it.color() == RED
        started = it.processes()
        assert len(started) >= 4
        (server,) = it.servers()
        os.kill(it.process.pid if who == "supervisor" else server, signal.SIGKILL)
        await until(lambda: not any(map(lives, started)))
        assert await it.process.wait() in (-signal.SIGKILL, 128 + signal.SIGKILL)


@asynccontextmanager
async def on_a_terminal(folder: Path, **more: Any) -> AsyncIterator[tuple[Command, Callable[[], None]]]:
    """Run the command on a terminal of its own; yield it, and what closes the terminal."""
    ours, theirs = pty.openpty()

    def take_terminal() -> None:
        os.setsid()
        os.close(os.open(os.ttyname(theirs), os.O_RDWR))

    async with command(folder, stdin=theirs, preexec_fn=take_terminal, **more) as it:
        os.close(theirs)
        assert await it.color() == RED
        yield it, partial(os.close, ours)


async def test_it_ends_with_its_terminal(tmp_path: Path) -> None:
    async with on_a_terminal(tmp_path) as (it, close):
        close()
        async with asyncio.timeout(PATIENCE):
            assert await it.process.wait() == 0


async def test_nohup_lets_it_outlive_its_terminal_and_reload(tmp_path: Path) -> None:
    async with on_a_terminal(tmp_path, wrapper=("nohup",)) as (it, close):
        servers = it.servers()
        close()
        await until(lambda: not has_terminal(it.process.pid))
        assert await it.color() == RED
        assert it.servers() == servers
        it.paint("blue")
        it.process.send_signal(signal.SIGHUP)

        async def is_blue() -> bool:
            return bool(await it.color() == BLUE)

        await until(is_blue, 2 * PATIENCE)


def has_terminal(pid: int) -> bool:
    """Whether a process has a controlling terminal: field 7 of its status, as in proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[4] != "0"
