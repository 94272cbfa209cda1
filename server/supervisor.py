"""The process of ``figreel serve``: it holds the listening socket, and runs a server behind it.

On SIGHUP, and with ``--reload`` when a file has changed, it starts a second server on the same socket. Once that is
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
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

_STOP = (signal.SIGTERM, signal.SIGINT)


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
        self.ended = asyncio.ensure_future(process.wait())

    @classmethod
    async def start(cls, command: Sequence[str], listener: int) -> "Server":
        """Start a server.

        Parameters
        ----------
        command : sequence of str
            The command; the descriptors of its sockets are added to it.
        listener : int
            Descriptor of the listening socket.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *command, f"--listener={listener}", f"--control={theirs.fileno()}",
                pass_fds=(listener, theirs.fileno()), process_group=0,
            )  # fmt: skip
        ours.setblocking(False)
        return cls(process, ours)

    async def ready(self) -> dict[str, Any] | None:
        """Wait until it accepts connections; return what it says of itself, or None if it has ended before."""
        line = b""
        with suppress(ConnectionError):
            while not line.endswith(b"\n"):
                piece = await asyncio.get_running_loop().sock_recv(self._control, 1 << 16)
                if not piece:
                    await self.ended
                    return None
                line += piece
        return dict(json.loads(line))

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Send a signal to the process."""
        with suppress(ProcessLookupError):
            self._process.send_signal(number)


class Supervisor:
    """Keeps one server that is ready; more than one only while the others end.

    Parameters
    ----------
    command : sequence of str
        Starts a server.
    listener : int
        Descriptor of the listening socket.
    watch : callable, optional
        Takes folders, and returns when a file in them has changed.
    """

    def __init__(
        self, command: Sequence[str], listener: int, watch: Callable[[Sequence[str]], Awaitable[object]] | None = None
    ) -> None:
        self._command = command
        self._listener = listener
        self._watch = watch
        self._servers: list[Server] = []
        self._stopping = False
        self._reload = asyncio.Event()

    async def run(self) -> int:
        """Run until the server ends; return its exit code."""
        loop = asyncio.get_running_loop()
        for number in _STOP:
            loop.add_signal_handler(number, self._stop)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        current, facts = await self._start()
        while facts is not None:
            _notify("READY=1")
            news: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._reload.wait())]
            if self._watch is not None:
                news.append(asyncio.ensure_future(self._watch(facts["folders"])))
            await asyncio.wait([*news, current.ended], return_when=asyncio.FIRST_COMPLETED)
            for task in news:
                task.cancel()
            if self._stopping or current.ended.done():
                break
            current, facts = await self._replace(current, facts)
        codes = await asyncio.gather(*(server.ended for server in self._servers))
        return _exit_code(codes[-1])

    async def _start(self) -> tuple[Server, dict[str, Any] | None]:
        server = await Server.start(self._command, self._listener)
        self._servers.append(server)
        return server, await server.ready()

    async def _replace(self, old: Server, facts: dict[str, Any]) -> tuple[Server, dict[str, Any]]:
        """Return a new server and what it says; the old one, if no other starts."""
        self._reload.clear()
        _notify("RELOADING=1")
        new, new_facts = await self._start()
        if new_facts is None:
            self._servers.remove(new)
            if not self._stopping:
                print("figreel: the server before goes on", file=sys.stderr, flush=True)  # noqa: T201
            return old, facts
        old.stop()
        old.ended.add_done_callback(lambda _: self._servers.remove(old))
        return new, new_facts

    def _stop(self) -> None:
        """Close the socket and let all servers end; kill them at the second signal."""
        if not self._stopping:
            os.close(self._listener)
        for server in self._servers:
            server.stop(signal.SIGKILL if self._stopping else signal.SIGTERM)
        self._stopping = True
        _notify("STOPPING=1")


def _exit_code(code: int) -> int:
    """Return the exit code of a process, also of one that a signal has ended."""
    return code if code >= 0 else 128 - code


def _notify(state: str) -> None:
    """Tell systemd the state of this service, if it has asked for that: see sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifier, suppress(OSError):
            notifier.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
            notifier.sendall(state.encode())


async def _change(folders: Sequence[str]) -> None:
    """Wait until a Python file in one of the folders has changed."""
    import watchfiles  # only a reload needs it

    async for _ in watchfiles.awatch(*folders, watch_filter=watchfiles.PythonFilter(), debounce=200):
        return


def _main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--reload", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    return asyncio.run(Supervisor(chosen.command, chosen.listener, _change if chosen.reload else None).run())


if __name__ == "__main__":
    sys.exit(_main())
