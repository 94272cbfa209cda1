"""The inside of a worker process: read an order, render it, send the bytes as they are encoded."""

import json
import os
import resource
import select
import socket
import sys
import warnings
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import cast

import matplotlib as mpl

from renderer import FormatName, Job, resolve
from server.catalog.code import code_files, code_version
from server.catalog.entries import Entry
from server.rendering.workers.installation import environment_version
from server.rendering.workers.program import import_failure, run_main_program
from server.rendering.workers.sources import Sources
from server.rendering.workers.wire import PING, Equipment, Kind, Order, pack, report

_PIECE = 1 << 16

Stamp = tuple[int, int, int]
"""By which a file is seen to have changed: its time, its size, and its number."""


def main(connection: socket.socket) -> None:
    """Serve orders until the server closes the connection.

    Parameters
    ----------
    connection : socket
        Leads to the server.
    """
    os.register_at_fork(after_in_child=partial(_disconnect, connection.fileno()))
    with connection, connection.makefile("rb") as lines, suppress(_ServerGoneError):
        try:
            equipment = Equipment.from_line(lines.readline())
            code, files = _equip(equipment)
            stamps = {name: (path, _stamp(path)) for name, path in files.items()}
        except Exception as error:
            _send(connection, Kind.FAILED, json.dumps(report(error)).encode())
        else:
            _serve_all(lines, connection, code, stamps)


def _disconnect(descriptor: int) -> None:
    """Take the connection from a child of the function; one that returns or raises an exception ends then."""
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 -- a descriptor is needed
        os.dup2(nothing.fileno(), descriptor)


def _serve_all(
    lines: Iterable[bytes], connection: socket.socket, code: str, files: Mapping[str, tuple[Path, Stamp | None]]
) -> None:
    """Serve orders while no file of the code has changed that a function will import in its call."""
    ready = json.dumps({"pid": os.getpid(), "code": code}).encode()
    _send(connection, Kind.READY, ready)
    for line in lines:
        if line == PING:
            _send(connection, Kind.READY, ready)
        elif any(name not in sys.modules and _stamp(path) != stamp for name, (path, stamp) in files.items()):
            return
        elif line.strip():
            _serve(Order.from_line(line), connection)


def _equip(equipment: Equipment) -> tuple[str, Mapping[str, Path]]:
    """Import what is needed; return the version of all that decides over the bytes, and the code's files by module."""
    sys.path[:] = equipment.paths
    mpl.use("agg")
    warnings.filterwarnings("ignore", "Animation was deleted")  # about one that was refused before its first frame
    sources = Sources(equipment.roots)
    sys.meta_path.insert(0, sources)
    before = code_files(equipment.roots)
    code = code_version(before)
    if equipment.main:
        run_main_program(equipment.main)
    try:
        for name in equipment.modules:
            import_module(name)
        for reference in equipment.references:
            _entry(reference)
    except (Exception, SystemExit) as error:
        raise import_failure(error) from error
    files = code_files(equipment.roots, sources.files)
    if code_version(before) != code or not before.items() <= files.items():
        raise RuntimeError("the code of the animations has changed while it was imported")
    _bound_memory(equipment.memory)
    return f"{code_version(files)} {environment_version()}", files


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


class _ServerGoneError(Exception):
    """The server has closed the connection."""


def _send(connection: socket.socket, kind: Kind, body: bytes) -> None:
    try:
        connection.sendall(pack(kind, body))
    except OSError as error:
        raise _ServerGoneError from error


def _serve(order: Order, connection: socket.socket) -> None:
    try:
        with mpl.rc_context({"text.usetex": False}):
            job = _job(order)
            _send_chunks(job, connection)
    except _ServerGoneError:
        raise
    except BaseException as error:  # whatever a function raises, the worker is well
        kind, fields = Kind.FAILED, report(error)
    else:
        kind, fields = Kind.DONE, {"drawing": job.drawing, "encoding": job.encoding}
    finally:
        _close_figures()
    more = {"resident": _memory(1), "children": _has_children()}
    _send(connection, kind, json.dumps(fields | more).encode())


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


def _has_children() -> bool:
    """Whether the function has left processes behind; those that have ended are reaped.

    They are ours however they were started, because the kernel gives us those that have lost their parents.
    """
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _bound_memory(beyond: int) -> None:
    limit = _memory(0) + beyond
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _memory(field: int) -> int:
    """Return bytes that the process has: 0 for its address space, 1 for what is resident of it."""
    with open("/proc/self/statm") as file:  # noqa: PTH123 - read once a job
        return int(file.read().split()[field]) * os.sysconf("SC_PAGE_SIZE")
