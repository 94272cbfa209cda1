"""The inside of a worker process: read an order, render it, send the bytes as they are encoded."""

import json
import math
import os
import resource
import select
import signal
import socket
import sys
import warnings
from contextlib import closing, suppress
from functools import cache
from typing import cast

import matplotlib as mpl

from renderer import FormatName, Job, resolve
from server.catalog.entries import Entry
from server.rendering.wire import PING, Kind, Order, pack, report

_GRACE = 2
_PIECE = 1 << 16


def main(connection: socket.socket, references: tuple[str, ...], paths: tuple[str, ...], memory: int) -> None:
    """Serve orders until the server closes the connection.

    Parameters
    ----------
    connection : socket
        Leads to the server.
    references : tuple of str
        The functions of the catalog, imported before the first order.
    paths : tuple of str
        Folders to import them from, besides the usual ones.
    memory : int
        Bytes of address space that the process may add to those it starts with.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    sys.path[:0] = [path for path in paths if path not in sys.path]
    mpl.use("agg")
    warnings.filterwarnings("ignore", "Animation was deleted")  # about one that was refused before its first frame
    for reference in references:
        _entry(reference)
    _bound_memory(memory)
    with connection, connection.makefile("rb") as lines, suppress(_ServerGoneError):
        _send(connection, Kind.READY, b"{}")
        for line in lines:
            if line == PING:
                _send(connection, Kind.READY, b"{}")
            elif line.strip():
                _serve(Order.from_line(line), connection)


class _ServerGoneError(Exception):
    """The server has closed the connection."""


def _send(connection: socket.socket, kind: Kind, body: bytes) -> None:
    try:
        connection.sendall(pack(kind, body))
    except OSError as error:
        raise _ServerGoneError from error


def _serve(order: Order, connection: socket.socket) -> None:
    # If the server dies, this alarm ends a render that never ends.
    signal.alarm(math.ceil(order.timeout) + _GRACE)
    try:
        with mpl.rc_context({"text.usetex": False}):
            job = _job(order)
            _send_chunks(job, connection)
    except _ServerGoneError:
        raise
    except Exception as error:
        kind, fields = Kind.FAILED, report(error)
    else:
        kind, fields = Kind.DONE, {"drawing": job.drawing, "encoding": job.encoding}
    finally:
        signal.alarm(0)
        _close_figures()
    _send(connection, kind, json.dumps({**fields, "resident": _memory(1)}).encode())


def _job(order: Order) -> Job:
    entry = _entry(order.reference)
    source, options = entry.call(entry.values(json.loads(order.values), still=order.still))
    return Job(source, cast("FormatName", order.format), **options, limits=order.limits)


def _send_chunks(job: Job, connection: socket.socket) -> None:
    with closing(iter(job)) as chunks:
        for chunk in chunks:
            for start in range(0, len(chunk), _PIECE):
                _send(connection, Kind.CHUNK, chunk[start : start + _PIECE])
            if _unwanted(connection):
                break


@cache
def _entry(reference: str) -> Entry:
    function = resolve(reference)
    entry: Entry | None = getattr(function, "__figreel_entry__", None)
    return entry or Entry(function)


def _unwanted(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def _close_figures() -> None:
    """Close the figures that a function has opened with pyplot, which holds every one."""
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close("all")


def _bound_memory(beyond: int) -> None:
    limit = _memory(0) + beyond
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _memory(field: int) -> int:
    """Return bytes that the process has: 0 for its address space, 1 for what is resident of it."""
    with open("/proc/self/statm") as file:  # noqa: PTH123 - read once a job
        return int(file.read().split()[field]) * os.sysconf("SC_PAGE_SIZE")
