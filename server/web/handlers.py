"""The way of a request: parse, admit, render, respond."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiohttp import HttpVersion11, web

from server.catalog.parameters import MalformedBodyError, read_json
from server.rendering.service import SERVICE, Asked, Service
from server.web.answers import abort, not_modified, whole

__all__ = ["animation", "poster"]


async def animation(request: web.Request) -> web.StreamResponse:
    """Answer with an animation, as it is rendered."""
    service: Service = request.app[SERVICE]
    name, ending = request.match_info["name"], request.match_info["format"]
    if request.method == "POST":
        return await _answer(request, service, await _posted(request, service, name, ending))
    return await _answer(request, service, service.parse(name, ending, request.rel_url.raw_query_string))


async def poster(request: web.Request) -> web.StreamResponse:
    """Answer with one frame."""
    service: Service = request.app[SERVICE]
    asked = service.parse(request.match_info["name"], "", request.rel_url.raw_query_string)
    return await _answer(request, service, asked)


async def _posted(request: web.Request, service: Service, name: str, ending: str) -> Asked:
    entry, format_ = service.entry(name), service.format(ending)
    if request.query_string:
        raise MalformedBodyError("parameters go into the body or into the query, not into both")
    values = read_json(entry.playback, await _body(request, service), service.settings.bounds)
    return service.asked(entry, format_, values)


async def _body(request: web.Request, service: Service) -> bytes:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="the body must be application/json")
    try:
        async with asyncio.timeout(service.settings.body_timeout):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body came too slowly") from None


async def _answer(request: web.Request, service: Service, asked: Asked) -> web.StreamResponse:
    headers = {
        "Content-Type": asked.media_type,
        "ETag": asked.etag,
        "Cache-Control": f"{service.privacy}, max-age={service.settings.max_age}",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if not_modified(request, asked.etag):
        return web.Response(status=304, headers=headers)
    data = await service.cache.get(asked.key)
    if data is not None:
        headers["Server-Timing"] = "cache"
        return await whole(request, data, headers, service.settings.write_timeout)
    if request.method == "HEAD":
        return web.Response(headers=headers)
    started = time.perf_counter()
    async with aclosing(service.flight(asked).read()) as chunks:
        begun, complete = await _begin(chunks, int(service.settings.window) if _length_matters(request) else 0)
        if complete:
            headers["Server-Timing"] = f"render;dur={_since(started)}"
            return await whole(request, begun, headers, service.settings.write_timeout)
        headers["Server-Timing"] = f"first;dur={_since(started)}"
        return await _stream(request, begun, chunks, headers, service.settings.write_timeout)


def _since(started: float) -> str:
    return f"{1000 * (time.perf_counter() - started):.1f}"


def _length_matters(request: web.Request) -> bool:
    """Tell whether it is worth waiting for the end: for a range, and where a stream's end looks like a break."""
    return "Range" in request.headers or request.version < HttpVersion11


async def _begin(chunks: AsyncGenerator[bytes, None], enough: int) -> tuple[bytes, bool]:
    """Take more than *enough* bytes, or all there are; tell which."""
    taken = []
    size = 0
    async for chunk in chunks:
        taken.append(chunk)
        size += len(chunk)
        if size > enough:
            return b"".join(taken), False
    return b"".join(taken), True


async def _stream(
    request: web.Request, first: bytes, rest: AsyncGenerator[bytes, None], headers: dict[str, str], timeout: float
) -> web.StreamResponse:
    """Send pieces as they come; break the connection if they stop, so that nobody takes the part for the whole."""
    response = web.StreamResponse(headers=headers)
    if request.version >= HttpVersion11:
        response.enable_chunked_encoding()
    try:
        await response.prepare(request)
        chunk: bytes | None = first
        while chunk is not None:
            async with asyncio.timeout(timeout):
                await response.write(chunk)
            chunk = await anext(rest, None)
        await response.write_eof()
    except ConnectionError:
        pass  # the client has left
    except Exception as error:
        abort(request, error)
    return response
