"""Answers whose bytes are complete: conditions, ranges, pieces."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

from aiohttp import web

from server.cache.disk import StoredFile
from server.errors import ReaderTooSlowError
from server.telemetry.logs import get_logger
from server.web.headers.conditions import LONG, byte_range, lists
from server.web.headers.fields import header
from server.web.keys import SERVICE
from server.web.problems import LEFT, problem_of
from server.web.sockets.breaking import reset

log = get_logger("answers")

_PIECE = 1 << 18

Send = Callable[[bytes], Awaitable[None]]

broken_off: ContextVar[int] = ContextVar("broken_off", default=0)
"""The status of an answer that broke off after it had begun, as the log and the metrics say it; 0 if it did not."""


def unchanged(request: web.Request, etag: str) -> bool:
    """Whether the client has the answer already, so that 304 is enough.

    There is no Last-Modified, so that conditions on a time do not count. A POST has no representation to compare with.

    Raises
    ------
    HTTPPreconditionFailed
        If-Match does not list the answer.
    """
    if request.method not in ("GET", "HEAD"):
        return False
    if "If-Match" in request.headers and not lists(header(request, "If-Match"), etag, weak=False):
        raise web.HTTPPreconditionFailed
    return lists(header(request, "If-None-Match"), etag, weak=True)


def wanted_range(request: web.Request, etag: str) -> str:
    """Return the Range header if it counts, else an empty text."""
    # An If-Range with a weak tag or a time matches nothing: there are only strong tags.
    if request.method != "GET" or ("If-Range" in request.headers and header(request, "If-Range").strip() != etag):
        return ""
    return header(request, "Range").strip()


def needs_length(request: web.Request, etag: str) -> bool:
    """Whether an answer can begin only when its length is known: for a range that is not the whole."""
    wanted = wanted_range(request, etag)
    return byte_range(wanted, LONG) not in (None, slice(0, LONG))


async def whole(
    request: web.Request, data: bytes | StoredFile, headers: dict[str, str], timeout: float
) -> web.StreamResponse:
    """Send an answer, or the range of it that the request names.

    Parameters
    ----------
    request : Request
        The request.
    data : bytes or StoredFile
        The answer.
    headers : dict
        Its headers.
    timeout : float
        Seconds that the client may take to accept a piece.
    """
    headers = headers | {"Accept-Ranges": "bytes"}
    status, start, stop = _range(request, len(data), headers["ETag"])
    if status == 416:
        del headers["Content-Type"]
        refused = {"Content-Range": f"bytes */{len(data)}", "Cache-Control": "no-store"}
        return web.Response(status=416, headers=headers | refused)
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    if request.method == "HEAD":
        return web.Response(status=status, headers=headers | {"Content-Length": str(stop - start)})
    if isinstance(data, bytes) and stop - start <= _PIECE:
        return web.Response(status=status, headers=headers, body=data[start:stop])
    response = web.StreamResponse(status=status, headers=headers)
    response.content_length = stop - start
    async with sending(request, response, timeout) as send:
        for place in range(start, stop, _PIECE):  # for a slow client the server holds one piece
            await send(await _piece(data, slice(place, min(place + _PIECE, stop))))
    return response


@asynccontextmanager
async def sending(request: web.Request, response: web.StreamResponse, timeout: float) -> AsyncIterator[Send]:
    """Send an answer piece by piece.

    If the context raises an exception, the connection breaks, so that no client takes the part for the whole.

    Parameters
    ----------
    request : Request
        The request.
    response : StreamResponse
        The answer, not yet prepared.
    timeout : float
        Seconds that the client may take to accept a piece.

    Yields
    ------
    callable
        Sends one piece.
    """

    async def send(piece: bytes) -> None:
        async with asyncio.timeout(timeout):
            await response.write(piece)

    try:
        await response.prepare(request)
        yield send
        await response.write_eof()
    except ConnectionError:
        broken_off.set(LEFT)
    except asyncio.CancelledError:
        broken_off.set(status_of_canceled(request))
        raise
    except Exception as error:
        too_slow = isinstance(error, TimeoutError | ReaderTooSlowError)
        broken_off.set(LEFT if too_slow else problem_of(error).status)
        _abort(request, error)


def status_of_canceled(request: web.Request) -> int:
    """Return the status of a request whose handler was canceled: the client has left, or the server waits no longer."""
    return 503 if request.app[SERVICE].draining else LEFT


async def _piece(data: bytes | StoredFile, part: slice) -> bytes:
    """Return a part of an answer; a disk may take its time, so that files are read in a thread."""
    return data[part] if isinstance(data, bytes) else await asyncio.to_thread(data.__getitem__, part)


def _range(request: web.Request, size: int, etag: str) -> tuple[int, int, int]:
    """Return status, start and stop for the range that the request names; for several ranges, those of the whole."""
    part = byte_range(wanted_range(request, etag), size)
    if part is None:
        return 200, 0, size
    return (206, part.start, part.stop) if part.start < part.stop else (416, 0, 0)


def _abort(request: web.Request, error: Exception) -> None:
    """Break the connection during an answer."""
    log.warning("answer broken off", error=type(error).__name__)
    reset(request.transport)
