"""The process that holds the socket: servers behind it come and go, and no connection is lost."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

import server.supervisor
from tests.server.support import PATIENCE, program, until

SUPERVISOR = str(server.supervisor.__file__)

SERVER = '''
"""Answers each connection with the text of a file, as it was at the start; one begun answer waits for a file ``go``.

It does not become ready while there is a file ``hold``.
"""
import asyncio, json, signal, socket, sys, time
from pathlib import Path
from typing import Any

folder = Path(sys.argv[1])
fds = dict(part.removeprefix("--").split("=") for part in sys.argv[2:])
text = (folder / "text.py").read_text()
with (folder / "starts").open("a") as starts:
    starts.write(".")
while (folder / "hold").exists():
    time.sleep(0.01)
if text == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if text in ("deaf", "stuck"):
    time.sleep(100)
if text == "broken":
    sys.exit("it is broken")

async def answer(reader, writer):
    slow = (await reader.readline()) == b"slow\\n"
    while slow and not (folder / "go").exists():
        await asyncio.sleep(0.01)
    writer.write(text.encode())
    writer.close()

async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    control = socket.socket(fileno=int(fds["control"]))
    asyncio.get_running_loop().add_reader(control, stop.set)
    listener = socket.socket(fileno=int(fds["listener"]))
    await asyncio.start_server(answer, sock=listener)
    control.sendall(json.dumps({"folders": [str(folder)]}).encode() + b"\\n")
    await stop.wait()
    asyncio.get_running_loop().remove_reader(listener)
    listener.close()
    while tasks := asyncio.all_tasks() - {asyncio.current_task()}:  # those of connections that were accepted just now
        await asyncio.gather(*tasks)
    sys.exit(3 if text == "three" else 0)

asyncio.run(main())
'''


class Supervised:
    """A supervisor, the folder of its server, and a client."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, port: int) -> None:
        self.process = process
        self.folder = folder
        self.port = port

    def write(self, text: str) -> None:
        (self.folder / "text.py").write_text(text)

    async def ask(self, line: str = "quick") -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"{line}\n".encode())
        answer = await reader.read()
        writer.close()
        return answer.decode()

    async def until_it_says(self, text: str) -> None:
        async def says() -> bool:
            return await self.ask() == text

        await until(says)

    async def refuses(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except ConnectionRefusedError:
            return True
        writer.close()
        return False

    async def exit_code(self) -> int:
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    def starts(self) -> int:
        """Servers that have read the text."""
        path = self.folder / "starts"
        return len(path.read_text()) if path.exists() else 0

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@asynccontextmanager
async def supervised(
    folder: Path, *options: str, within: Sequence[str] = (), **environment: str
) -> AsyncIterator[Supervised]:
    script = folder / "server_of_the_test"
    script.write_text(SERVER)
    (folder / "text.py").write_text("one")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        supervisor = (*within, sys.executable, "-P", SUPERVISOR, f"--listener={listener.fileno()}", *options)
        more: Any = {"pass_fds": (listener.fileno(),), "env": os.environ | environment}
        async with program(*supervisor, sys.executable, script, folder, **more) as process:
            port = listener.getsockname()[1]
            listener.close()
            yield Supervised(process, folder, port)


@contextmanager
def manager(path: Path) -> Iterator[Callable[[], Awaitable[bytes]]]:
    """Listen as systemd does; yield a function that waits for what it is told next."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(PATIENCE)
        yield lambda: asyncio.to_thread(listener.recv, 100)


async def test_a_hangup_brings_a_new_server_and_lets_the_old_one_answer(tmp_path: Path) -> None:
    async with supervised(tmp_path) as it:
        assert await it.ask() == "one"
        slow = asyncio.create_task(it.ask("slow"))
        await asyncio.sleep(0)
        assert await it.ask() == "one"  # the slow request, which came before, has been accepted
        it.write("two")
        it.process.send_signal(signal.SIGHUP)
        await it.until_it_says("two")
        assert len(it.children()) == 2
        (tmp_path / "go").touch()
        assert await slow == "one"
        await until(lambda: len(it.children()) == 1)


async def test_no_connection_is_refused_or_reset_while_servers_change(tmp_path: Path) -> None:
    async with supervised(tmp_path) as it:
        await it.ask()
        changes = [f"text {number}" for number in range(3)]
        answers = set()
        for text in changes:
            it.write(text)
            it.process.send_signal(signal.SIGHUP)
            while (answer := await it.ask()) != text:
                answers.add(answer)
        assert answers <= {"one", *changes}


async def test_a_server_that_does_not_start_leaves_the_one_before(tmp_path: Path) -> None:
    async with supervised(tmp_path) as it:
        assert await it.ask() == "one"
        it.write("broken")
        it.process.send_signal(signal.SIGHUP)
        assert it.process.stderr is not None
        lines = [await asyncio.wait_for(it.process.stderr.readline(), PATIENCE) for _ in range(2)]
        assert lines == [b"it is broken\n", b"figreel: the server before goes on\n"]
        assert await it.ask() == "one"
        it.write("mended")
        it.process.send_signal(signal.SIGHUP)
        await it.until_it_says("mended")


@pytest.mark.parametrize("options", [(), ("--reload",)])
@pytest.mark.parametrize("text", ["stuck", "deaf"])
async def test_a_server_that_hangs_in_its_start_makes_room_for_the_next_one(
    tmp_path: Path, text: str, options: tuple[str, ...]
) -> None:
    async with supervised(tmp_path, *options) as it:
        assert await it.ask() == "one"
        for number, stuck in enumerate([text, text], 2):
            it.write(stuck)
            it.process.send_signal(signal.SIGHUP)
            await until(lambda: it.starts() >= number)  # noqa: B023 -- called before the next turn
        assert await it.ask() == "one"
        it.write("two")
        if not options:
            it.process.send_signal(signal.SIGHUP)
        await it.until_it_says("two")
        await until(lambda: len(it.children()) == 1)
        it.process.terminate()
        assert await it.exit_code() == 0


async def test_a_changed_file_brings_a_new_server(tmp_path: Path) -> None:
    async with supervised(tmp_path, "--reload") as it:
        assert await it.ask() == "one"
        it.write("two")
        await it.until_it_says("two")


async def test_changes_are_seen_where_the_kernel_tells_of_none(tmp_path: Path) -> None:
    script = 'echo 0 > /proc/sys/user/max_inotify_instances && exec "$0" "$@"'
    async with supervised(tmp_path, "--reload", within=("unshare", "-U", "-r", "sh", "-c", script)) as it:
        assert await it.ask() == "one"
        it.write("two")
        await it.until_it_says("two")
        await until(lambda: len(it.children()) == 1)
        assert it.starts() == 2


async def test_a_change_while_the_first_server_starts_brings_another_one(tmp_path: Path) -> None:
    (tmp_path / "hold").touch()
    async with supervised(tmp_path, "--reload") as it:
        await until(lambda: it.starts() == 1)
        it.write("two")
        (tmp_path / "hold").unlink()
        await it.until_it_says("two")
        assert it.starts() == 2


async def test_a_change_while_a_new_server_starts_brings_another_one(tmp_path: Path) -> None:
    async with supervised(tmp_path, "--reload") as it:
        assert await it.ask() == "one"
        (tmp_path / "hold").touch()
        it.write("two")
        await until(lambda: it.starts() == 2)
        it.write("three")
        (tmp_path / "hold").unlink()
        await it.until_it_says("three")


async def test_a_change_after_a_server_did_not_start_brings_another_one(tmp_path: Path) -> None:
    async with supervised(tmp_path, "--reload") as it:
        assert await it.ask() == "one"
        (tmp_path / "hold").touch()
        it.write("broken")
        await until(lambda: it.starts() == 2)
        it.write("three")
        (tmp_path / "hold").unlink()
        await it.until_it_says("three")


async def test_a_folder_that_is_gone_for_a_while_is_one_change_each_way(tmp_path: Path) -> None:
    folder, away, notify = tmp_path / "folder", tmp_path / "away", tmp_path / "notify"
    folder.mkdir()
    with manager(notify) as told:
        async with supervised(folder, "--reload", NOTIFY_SOCKET=str(notify)) as it:
            assert await told() == b"READY=1"
            stderr = it.process.stderr
            assert stderr is not None
            folder.rename(away)
            async with asyncio.timeout(PATIENCE):
                await stderr.readuntil(b"goes on\n")
            for _ in range(5):  # as long as a few more starts would take
                async with program(sys.executable, "-c", "") as other:
                    await other.wait()
            assert await it.ask() == "one"
            (away / "text.py").write_text("two")
            away.rename(folder)
            await it.until_it_says("two")
            it.process.terminate()
            assert b"goes on" not in await asyncio.wait_for(stderr.read(), PATIENCE)


@pytest.mark.parametrize("text", ["one", "three"])
async def test_the_exit_code_is_that_of_the_server(tmp_path: Path, text: str) -> None:
    async with supervised(tmp_path) as it:
        await it.ask()
        it.write(text)
        it.process.send_signal(signal.SIGHUP)
        await it.until_it_says(text)
        it.process.send_signal(signal.SIGTERM)
        assert await it.exit_code() == (3 if text == "three" else 0)


async def test_a_server_that_does_not_start_at_all_is_the_end(tmp_path: Path) -> None:
    (tmp_path / "text.py").write_text("broken")
    script = tmp_path / "server_of_the_test"
    script.write_text(SERVER)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", SUPERVISOR, f"--listener={listener.fileno()}", sys.executable, script, tmp_path,
            pass_fds=(listener.fileno(),), stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
    _, said = await process.communicate()
    assert (process.returncode, said) == (1, b"it is broken\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_end_while_the_first_server_starts_is_no_failure(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "hold").touch()
    async with supervised(tmp_path) as it:
        await until(lambda: it.starts() == 1)
        it.process.send_signal(number)
        assert await it.exit_code() == 0


async def test_a_killed_server_is_the_end(tmp_path: Path) -> None:
    async with supervised(tmp_path) as it:
        await it.ask()
        os.kill(it.children()[0], signal.SIGKILL)
        assert await it.exit_code() == 128 + signal.SIGKILL


async def test_a_server_ends_with_a_killed_supervisor(tmp_path: Path) -> None:
    async with supervised(tmp_path) as it:
        await it.ask()
        (child,) = it.children()
        it.process.kill()
        await until(lambda: not Path(f"/proc/{child}").exists())


async def test_the_second_signal_kills(tmp_path: Path) -> None:
    async with supervised(tmp_path) as it:
        slow = asyncio.create_task(it.ask("slow"))
        await asyncio.sleep(0)
        await it.ask()
        it.process.send_signal(signal.SIGINT)
        await until(it.refuses)
        it.process.send_signal(signal.SIGINT)
        assert await it.exit_code() == 128 + signal.SIGKILL
        assert await slow == ""


async def test_systemd_is_told_the_state(tmp_path: Path) -> None:
    with manager(tmp_path / "notify") as told:
        async with supervised(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify")) as it:
            assert await told() == b"READY=1"
            it.process.send_signal(signal.SIGHUP)
            assert [await told() for _ in range(2)] == [b"RELOADING=1", b"READY=1"]
            it.process.send_signal(signal.SIGTERM)
            assert await told() == b"STOPPING=1"


async def test_a_server_that_starts_while_all_is_stopped_ends_too(tmp_path: Path) -> None:
    (tmp_path / "text.py").write_text("one")
    listener = socket.create_server(("127.0.0.1", 0))
    supervisor = server.supervisor.Supervisor([sys.executable, "-c", SERVER, str(tmp_path)], [listener.detach()])
    running = asyncio.create_task(supervisor.run())
    await asyncio.sleep(0)  # the process is there, and its supervisor has not heard of it
    supervisor._stop()
    async with asyncio.timeout(PATIENCE):
        assert await running == 0
    (started,) = supervisor._servers
    started._control.close()
