"""The process of ``figreel serve``: it holds the listening sockets, and runs a server behind them.

On SIGHUP, and with ``--reload`` when a file has changed, it starts a second server on the same sockets. Once that is
ready, the first one takes no more connections, answers the requests that it has, and ends. If the second one does not
start, the first one goes on.

This file is run as a script and imports nothing of figreel, so that the process stays small. A server tells it through
a socket that it is ready, and ends when that socket closes, whatever became of this process.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_STOP = (signal.SIGTERM, signal.SIGINT)
_IGNORED = (signal.SIGUSR1, signal.SIGUSR2)
_STANDARD_ERROR = 2
_GRACE = 2
"""Seconds for the end of a server that has not become ready; if it is about to, it answers what it has accepted."""
_PAUSE = 0.2
"""Seconds between two looks at the files; more where a look takes long."""
_PAUSES_A_LOOK = 20
_PASSED_OVER = {"__pycache__", "node_modules", "site-packages"}
"""Folders that are not looked into, beside hidden ones."""


class Server:
    """A server process.

    Parameters
    ----------
    process : Process
        The process.
    control : socket
        The server writes one line of JSON into its other end when it is ready.
    """

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._stopping = False
        self.ended = asyncio.ensure_future(process.wait())

    @classmethod
    async def start(cls, command: Sequence[str], listeners: Sequence[int]) -> "Server":
        """Start a server.

        Parameters
        ----------
        command : sequence of str
            The command; the descriptors of its sockets are added to it.
        listeners : sequence of int
            Descriptors of the listening sockets.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            options = [f"--control={theirs.fileno()}", *(f"--listener={listener}" for listener in listeners)]
            process = await asyncio.create_subprocess_exec(
                *command, *options, pass_fds=(*listeners, theirs.fileno()), process_group=0
            )
        ours.setblocking(False)
        return cls(process, ours)

    async def ready(self) -> dict[str, Any] | None:
        """Wait until it accepts connections; return what it says of itself, or None if it has ended before."""
        line = b""
        while not line.endswith(b"\n"):
            piece = await self._said()
            if not piece:
                await self.ended
                return None
            line += piece
        return dict(json.loads(line))

    async def _said(self) -> bytes:
        try:
            return await asyncio.get_running_loop().sock_recv(self._control, 1 << 16)
        except ConnectionError:
            return b""

    def stop(self) -> None:
        """Let the process answer what it has, and end; the second time it is asked, it would end at once."""
        if not self._stopping:
            self._stopping = True
            self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the process."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)


class Watch:
    """Tells whether a Python file in some folders, or below them, has changed since a server was started.

    It looks at the files again and again: that works in every file system, and needs nothing that can run out.
    """

    def __init__(self) -> None:
        self._folders: Sequence[str] = ()
        self._known: dict[Path, tuple[int, int]] = {}
        self._since = 0

    def begin(self) -> None:
        """Take the files as they are now, for a server that starts next."""
        self._since = time.time_ns()
        self._known = _files(self._folders)

    def follow(self, folders: Sequence[str]) -> None:
        """Turn to the folders of that server; files there that nobody has watched count by their times."""
        now = _files(folders)
        old = {path: (changed, size) for path, (changed, size) in now.items() if changed < self._since}
        self._known = old | {path: self._known[path] for path in now.keys() & self._known.keys()}
        self._folders = folders

    async def change(self) -> None:
        """Wait until files are not as they were."""
        while True:
            begin = time.monotonic()
            if _files(self._folders) != self._known:
                return
            await asyncio.sleep(max(_PAUSE, _PAUSES_A_LOOK * (time.monotonic() - begin)))


class Supervisor:
    """Keeps one server that is ready; more than one only while the others end.

    Parameters
    ----------
    command : sequence of str
        Starts a server.
    listeners : sequence of int
        Descriptors of the listening sockets.
    watch : Watch, optional
        Its changes have the same effect as SIGHUP.
    """

    def __init__(
        self,
        command: Sequence[str],
        listeners: Sequence[int],
        watch: Watch | None = None,
    ) -> None:
        self._command = command
        self._listeners = listeners
        self._watch = watch
        self._servers: list[Server] = []
        self._stopping = False
        self._reload = asyncio.Event()
        self._terminal = _has_terminal()
        self._outlives_terminal = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN  # as nohup(1) leaves it

    async def run(self) -> int:
        """Run until the server ends; return its exit code."""
        loop = asyncio.get_running_loop()
        for number in _STOP:
            loop.add_signal_handler(number, self._stop)
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        current, ready = await self._start()
        if await ready:
            while not self._stopping:
                _notify("READY=1")
                if not await self._wanted(current.ended):
                    break
                _notify("RELOADING=1")
                current = await self._replace(current)
        await asyncio.gather(*(server.ended for server in self._servers))
        return self._exit_code(current.ended.result())

    def _exit_code(self, code: int) -> int:
        """Return the exit code for that of the server; 0 if it ended by our SIGTERM before it could answer that."""
        if code >= 0:
            return code
        return 0 if self._stopping and code == -signal.SIGTERM else 128 - code

    async def _start(self) -> tuple[Server, asyncio.Future[bool]]:
        """Start a server; return it, and whether it becomes ready."""
        self._reload.clear()
        if self._watch is not None:
            self._watch.begin()
        server = await Server.start(self._command, self._listeners)
        self._servers.append(server)
        if self._stopping:  # since the process was started
            server.stop()
        return server, asyncio.ensure_future(self._ready(server))

    async def _ready(self, server: Server) -> bool:
        facts = await server.ready()
        if facts is not None and self._watch is not None:
            self._watch.follow(facts["folders"])
        return facts is not None

    async def _wanted(self, before: asyncio.Future[Any]) -> bool:
        """Wait until another server is wanted; return whether that was before the future."""
        news: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._reload.wait())]
        if self._watch is not None:
            news.append(asyncio.ensure_future(self._watch.change()))
        await asyncio.wait([*news, before], return_when=asyncio.FIRST_COMPLETED)
        for task in news:
            task.cancel()
        return not before.done() and not self._stopping

    async def _replace(self, old: Server) -> Server:
        """Return a new server; the old one, if the new one does not start or another one is wanted before that."""
        new, ready = await self._start()
        if await self._wanted(ready):
            new.stop()
            await asyncio.wait([ready], timeout=_GRACE)
            if not ready.done():
                new.kill()
            self._leave(new)
            return old
        if await ready:
            old.stop()
            self._leave(old)
            return new
        self._leave(new)
        if not self._stopping:
            _say("the server before goes on")
        return old

    def _leave(self, server: Server) -> None:
        """Forget a server that has ended or was told to, once it has."""
        server.ended.add_done_callback(lambda _: self._servers.remove(server))

    def _hang_up(self) -> None:
        """Reload; if the signal came because the terminal is gone, end, or go on if that was asked for."""
        if not self._terminal or _has_terminal():
            self._reload.set()
        elif self._outlives_terminal:
            self._terminal = False
        else:
            self._stop()

    def _stop(self) -> None:
        """Close the sockets and let all servers end; kill them at the second signal."""
        if not self._stopping:
            for listener in self._listeners:
                os.close(listener)
        for server in self._servers:
            if self._stopping:
                server.kill()
            else:
                server.stop()
        self._stopping = True
        _notify("STOPPING=1")


def _files(folders: Sequence[str]) -> dict[Path, tuple[int, int]]:
    """Return when each Python file in folders and below them was changed, and its size."""
    found = {}
    for top in folders:
        for folder, inside, names in os.walk(top):
            inside[:] = [name for name in inside if not name.startswith(".") and name not in _PASSED_OVER]
            for path in (Path(folder, name) for name in names if name.endswith(".py")):
                with suppress(OSError):  # it is gone since
                    status = path.stat()
                    found[path] = (status.st_ctime_ns, status.st_size)
    return found


def _say(text: str) -> None:
    """Write a line to standard error, unless nothing can be written there."""
    with suppress(OSError):
        os.write(_STANDARD_ERROR, f"figreel: {text}\n".encode())


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _paths(listeners: Sequence[int]) -> dict[Path, int]:
    """Return the paths of Unix sockets, and the numbers of the files there."""
    paths = {}
    for listener in listeners:
        with socket.socket(fileno=os.dup(listener)) as copy:
            if copy.family == socket.AF_UNIX:
                path = Path(copy.getsockname())
                paths[path] = path.stat().st_ino
    return paths


def _remove(paths: dict[Path, int]) -> None:
    """Remove Unix sockets, unless another server has put others there."""
    for path, number in paths.items():
        with suppress(OSError):
            if path.stat().st_ino == number:
                path.unlink()


def _notify(state: str) -> None:
    """Send systemd the state of this service, if it has asked for that: see sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifier, suppress(OSError):
            notifier.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
            notifier.sendall(state.encode())


def _main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--listener", type=int, action="append", required=True)
    parser.add_argument("--reload", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    paths = _paths(chosen.listener)
    try:
        return asyncio.run(Supervisor(chosen.command, chosen.listener, Watch() if chosen.reload else None).run())
    finally:
        _remove(paths)


if __name__ == "__main__":
    sys.exit(_main())
