"""The inside of a worker process: take a job, render it, send the bytes as they are encoded."""

import json
import math
import os
import resource
import select
import signal
import socket
import sys
import traceback
import warnings
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import matplotlib as mpl

from renderer import FormatError, FormatName, LimitError, OptionError, RenderError, resolve
from renderer import Job as Rendering
from server.catalog.entries import Entry, ParameterError
from server.catalog.sizing import prepare
from server.rendering.wire import PING, Job, Kind, pack

__all__ = ["Equipment", "main"]

_GRACE = 2
_PIECE = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Equipment:
    """What a worker process is started with.

    Attributes
    ----------
    references : tuple of str
        The functions that it will be asked for, imported before the first job.
    paths : tuple of str
        Folders to import them from, besides the usual ones.
    memory : int
        Bytes of address space that it may take beyond what it starts with.
    """

    references: tuple[str, ...]
    paths: tuple[str, ...]
    memory: int


def main(connection: socket.socket, equipment: Equipment) -> None:
    """Serve jobs until the server closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    sys.path[:0] = [path for path in equipment.paths if path not in sys.path]
    mpl.use("agg")
    warnings.filterwarnings("ignore", "Animation was deleted")  # said of one that was refused before its first frame
    for reference in equipment.references:
        _entry(reference)
    _bound_memory(equipment.memory)
    with connection, connection.makefile("rb") as lines, suppress(_ServerGoneError):
        _send(connection, Kind.READY, b"{}")
        for line in lines:
            if line == PING:
                _send(connection, Kind.READY, b"{}")
            elif line.strip():
                _serve(Job.from_line(line), connection)


class _ServerGoneError(Exception):
    """Nobody reads what this process sends."""


def _send(connection: socket.socket, kind: Kind, body: bytes) -> None:
    try:
        connection.sendall(pack(kind, body))
    except OSError as error:
        raise _ServerGoneError from error


def _serve(job: Job, connection: socket.socket) -> None:
    # Should the server die, nobody is left to kill a render that never ends.
    signal.alarm(math.ceil(job.timeout) + _GRACE)
    try:
        with mpl.rc_context({"text.usetex": False}):
            rendering = _prepare(job)
            _send_chunks(rendering, connection)
    except _ServerGoneError:
        raise
    except Exception as error:
        kind, report = Kind.FAILED, _describe(error)
    else:
        kind = Kind.DONE
        report = {"drawing": rendering.drawing, "encoding": rendering.encoding}
    finally:
        signal.alarm(0)
        _close_figures()
    _send(connection, kind, json.dumps({**report, "resident": _resident()}).encode())


def _prepare(job: Job) -> Rendering:
    entry = _entry(job.reference)
    model = entry.still if job.still else entry.playback
    values = model.model_validate_json(job.values)
    source, options = prepare(entry, values)
    name = cast("FormatName", job.format)
    return Rendering(source, name, **options, limits=job.limits)


def _send_chunks(rendering: Rendering, connection: socket.socket) -> None:
    with closing(iter(rendering)) as chunks:
        for chunk in chunks:
            for start in range(0, len(chunk), _PIECE):
                _send(connection, Kind.CHUNK, chunk[start : start + _PIECE])
            if _unwanted(connection):
                break


@cache
def _entry(reference: str) -> Entry:
    return Entry(resolve(reference))


def _unwanted(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable)


def _describe(error: BaseException) -> dict[str, Any]:
    """Say what went wrong: the name of a case for the client, the traceback for the log."""
    report: dict[str, Any] = {"case": "error", "message": str(error)[:1000]}
    match error:
        case ParameterError():
            report = {"case": "parameter", "field": error.parameter, "message": error.message}
        case LimitError():
            report["case"] = "limit"
        case OptionError():
            report |= {"case": "parameter", "field": error.option}
        case FormatError():
            report["case"] = "format"
        case MemoryError():
            report["case"] = "memory"
        case RenderError():
            report["case"] = "error"
    report["traceback"] = "".join(traceback.format_exception(error))[-8000:]
    return report


def _close_figures() -> None:
    """Close what a function opened with pyplot, which keeps every figure."""
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close("all")


def _bound_memory(beyond: int) -> None:
    pages = int(_statm()[0])
    limit = pages * os.sysconf("SC_PAGE_SIZE") + beyond
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _resident() -> int:
    return int(_statm()[1]) * os.sysconf("SC_PAGE_SIZE")


def _statm() -> list[str]:
    with open("/proc/self/statm") as file:  # noqa: PTH123 - read once a job
        return file.read().split()
