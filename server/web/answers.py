"""Answers whose bytes are complete: conditions, ranges, pieces."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from server.cache.disk import StoredFile
from server.telemetry.logs import get_logger

log = get_logger("answers")

_PIECE = 1 << 18

Send = Callable[[bytes], Awaitable[None]]


def not_modified(request: web.Request, etag: str) -> bool:
    """Whether the client has the answer already."""
    if request.method not in ("GET", "HEAD"):
        return False
    tags = request.headers.get("If-None-Match", "")
    return tags.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))


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
        return web.Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(data)}"})
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    if request.method == "HEAD":
        return web.Response(status=status, headers=headers | {"Content-Length": str(stop - start)})
    if stop - start <= _PIECE:
        return web.Response(status=status, headers=headers, body=data[start:stop])
    response = web.StreamResponse(status=status, headers=headers)
    response.content_length = stop - start
    async with sending(request, response, timeout) as send:
        for place in range(start, stop, _PIECE):  # for a slow client the server holds one piece
            await send(data[place : min(place + _PIECE, stop)])
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
        pass  # the client has left
    except Exception as error:
        _abort(request, error)


def _range(request: web.Request, size: int, etag: str) -> tuple[int, int, int]:
    """Return status, start and stop for the range that the request names; for several ranges, those of the whole."""
    header = request.headers.get("Range", "")
    if request.method != "GET" or not header or request.headers.get("If-Range", etag) != etag:
        return 200, 0, size
    try:
        part = request.http_range
    except ValueError:
        return 200, 0, size
    start, stop, _ = part.indices(size)
    if start >= stop:
        return 416, 0, 0
    return 206, start, stop


def _abort(request: web.Request, error: Exception) -> None:
    """Break the connection during an answer. It is reset, because in HTTP/1.0 a plain end means that all is there."""
    log.warning("answer broken off", error=type(error).__name__)
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
