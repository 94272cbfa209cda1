"""The process from which workers are forked, with all that they need imported.

The fork server of `multiprocessing` looks modules up in the working directory first, and it is shared by all that use
it: what a worker starts by it would be the fork server's child, and not end with the worker.
"""

import atexit
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from threading import Lock

from server.telemetry.streams import open_standard_streams

_ROOT = str(Path(__file__).parents[3])
_CODE = f"""
import sys
if {_ROOT!r} not in sys.path:
    sys.path.insert(0, {_ROOT!r})
from server.rendering.workers.forkserver import main
main(*map(int, sys.argv[1:]))
"""
_PRELOAD = "server.rendering.workers.preload"
_KEEPER = "server.rendering.workers.keeper"


class ForkServer:
    """Starts the process with the first fork, and again when it has died. Its methods block."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lock = Lock()

    @property
    def pid(self) -> int | None:
        """Process id, once it was started."""
        return None if self._process is None else self._process.pid

    def fork(self, connection: socket.socket, life: socket.socket) -> None:
        """Fork a keeper with its worker.

        Parameters
        ----------
        connection : socket
            The worker's end of the socket for orders.
        life : socket
            The keeper's end of the socket whose closing ends them; see `server.rendering.workers.keeper`.

        Raises
        ------
        OSError
            The process does not start.
        """
        with self._lock:
            try:
                self._send(connection, life)
            except OSError:  # it has died, or was not started yet
                self._start()
                self._send(connection, life)

    def close(self) -> None:
        """End the process. What was forked from it ends by its own sockets."""
        with self._lock:
            self._end()

    def forget(self) -> None:
        """Leave the process to the parent of this one, which has started it."""
        if self._control is not None:
            self._control.close()
        self._process, self._control, self._lock = None, None, Lock()

    def _send(self, *ends: socket.socket) -> None:
        if self._control is None:
            raise ConnectionError("there is no fork server")
        socket.send_fds(self._control, [b"\n"], [end.fileno() for end in ends])

    def _start(self) -> None:
        self._end()
        ours, theirs = socket.socketpair()
        with ExitStack() as cleanup, theirs:
            cleanup.callback(ours.close)
            # -P keeps the working directory out of the path; a session of its own keeps it from the terminal's signals.
            self._process = subprocess.Popen(  # noqa: S603 -- our own code
                [sys.executable, "-P", "-c", _CODE, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            cleanup.pop_all()
        self._control = ours

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@cache
def fork_server() -> ForkServer:
    """Return the fork server of this process, which ends with it and is shared by all pools."""
    forks = ForkServer()
    atexit.register(forks.close)
    os.register_at_fork(after_in_child=forks.forget)
    return forks


def main(control: int, parent: int) -> None:
    """Fork on demand, until the server closes the socket or is gone.

    Parameters
    ----------
    control : int
        Descriptor of the socket over which pairs of descriptors come, one pair for each fork.
    parent : int
        Process id of the server.
    """
    try:
        server = os.pidfd_open(parent)
    except ProcessLookupError:
        return
    if os.getppid() != parent:  # it has died, and its number is another process's now
        return
    open_standard_streams()  # for the workers too, whose animations may print
    importlib.import_module(_PRELOAD)
    keep = importlib.import_module(_KEEPER).keep  # not needed elsewhere, and on Linux alone
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the keepers
    with socket.socket(fileno=control) as orders:
        while server not in select.select([control, server], [], [])[0]:
            order, ends, *_ = socket.recv_fds(orders, 1, 2)
            if not order:
                return
            connection, life = ends
            if os.fork() == 0:
                orders.close()
                keep(connection, life, server)
            for end in (connection, life):
                os.close(end)
