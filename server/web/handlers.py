"""The way of a request for a picture: read it, look into the cache, join or start a render, send the bytes."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiohttp import HttpVersion11, web

from renderer import PLAYER_POLICY
from server.access import SIGNATURE_FIELDS
from server.catalog.reading import written_in_body
from server.errors import MalformedBodyError
from server.rendering.picture import Picture
from server.rendering.service import Service
from server.web.answers import needs_length, sending, unchanged, whole
from server.web.headers.caching import storable
from server.web.headers.fields import header
from server.web.headers.outside import outside
from server.web.keys import ACCESS, SERVICE


async def animation(request: web.Request) -> web.StreamResponse:
    """Answer with an animation or a still picture, as it is rendered."""
    service = request.app[SERVICE]
    name, format_name = request.match_info["name"], request.match_info["format"]
    if request.method == "POST":
        picture = await _posted(request, service, name, format_name)
    else:
        signed = request.app[ACCESS].signer is not None
        pairs = (pair for pair in request.query.items() if not (signed and pair[0] in SIGNATURE_FIELDS))
        picture = service.read(name, format_name, tuple(pairs))
    return await _answer(request, service, picture)


_CODINGS = ("", "identity", "gzip", "deflate")
"""Codings of a body. aiohttp takes them off before it is read."""


async def _posted(request: web.Request, service: Service, name: str, format_name: str) -> Picture:
    entry, format_ = service.entry(name), service.format(format_name)
    if request.query_string:
        raise MalformedBodyError("parameters go into the body or into the query, not into both")
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="the body must be application/json")
    if header(request, "Content-Encoding").lower() not in _CODINGS:
        raise web.HTTPUnsupportedMediaType(text="the body may be coded by gzip or deflate")
    try:
        async with asyncio.timeout(service.settings.body_timeout):
            body = await _body(request, int(service.settings.max_body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body came too slowly") from None
    except web.RequestPayloadError:
        raise MalformedBodyError("the body is not coded as its headers say") from None
    return service.picture(entry, format_, written_in_body(body))


async def _body(request: web.Request, most: int) -> bytes:
    """Read the body. An application around this one has a bound of its own, and may have read the body already."""
    unread = not request.content.at_eof()
    body = await (request.clone(client_max_size=most) if unread else request).read()
    if len(body) > most:
        raise web.HTTPRequestEntityTooLarge(most, len(body))
    return body


_MORE_HEADERS = {
    "text/html": {"Content-Security-Policy": f"default-src 'none'; {PLAYER_POLICY}; sandbox allow-scripts"}
}
"""Headers of pictures by their media type. A player runs its script, in an origin of its own."""


async def _answer(request: web.Request, service: Service, picture: Picture) -> web.StreamResponse:
    settings = service.settings
    headers = {
        "Content-Type": picture.format.media_type,
        "ETag": f'"{picture.key[:32]}"',
        "Cache-Control": storable(request),
        "Cross-Origin-Resource-Policy": "cross-origin",
        **_MORE_HEADERS.get(picture.format.media_type, {}),
    }
    if unchanged(request, headers["ETag"]):
        del headers["Content-Type"]  # clients take the headers of a 304 over into the answer that they have stored
        return web.Response(status=304, headers=headers)
    data = await service.cache.get(picture.key)
    if data is not None:
        headers["Server-Timing"] = "cache"
        return await whole(request, data, headers, settings.write_timeout)
    if request.method == "HEAD":
        return web.Response(headers=headers | {"Accept-Ranges": "bytes"})
    start = time.perf_counter()
    async with aclosing(service.flight(picture, outside(request).network).read()) as chunks:
        # A range needs the length, and in HTTP/1.0 the end of a stream looks like a break: wait for the end then.
        wait = needs_length(request, headers["ETag"]) or request.version < HttpVersion11
        first, complete = await _first(chunks, int(settings.window) if wait else 0)
        milliseconds = f"{1000 * (time.perf_counter() - start):.1f}"
        headers["Server-Timing"] = f"{'render' if complete else 'first'};dur={milliseconds}"
        headers["Cache-Control"] = storable(request)  # the signature is older by now
        if complete:
            return await whole(request, first, headers, settings.write_timeout)
        response = web.StreamResponse(headers=headers)
        if request.version >= HttpVersion11:
            response.enable_chunked_encoding()
        async with sending(request, response, settings.write_timeout) as send:
            await send(first)
            async for chunk in chunks:
                await send(chunk)
        return response


async def _first(chunks: AsyncGenerator[bytes, None], enough: int) -> tuple[bytes, bool]:
    """Return the first bytes, more than *enough*, or all there are; and whether these are all."""
    parts = []
    size = 0
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > enough:
            return b"".join(parts), False
    return b"".join(parts), True
