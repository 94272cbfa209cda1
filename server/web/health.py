"""Answers for supervisors, load balancers and monitors."""

from contextlib import aclosing

from aiohttp import web

from server.catalog.entries import Entry
from server.errors import ServerError, WorkersUnavailableError
from server.rendering.workers.probe import probe
from server.web.keys import SERVICE

_PROBE = Entry(probe)


async def healthz(request: web.Request) -> web.Response:
    """Answer as long as the event loop turns."""
    return _text("ok")


async def readyz(request: web.Request) -> web.Response:
    """Answer with 200 if a request would be served: a worker answers, and the server is not ending."""
    service = request.app[SERVICE]
    if service.draining:
        raise WorkersUnavailableError("the server is ending")
    if not await service.pool.ping():
        raise WorkersUnavailableError("no worker answers")
    return _text("ready")


async def deep(request: web.Request) -> web.Response:
    """Render the smallest animation, whatever is in the cache; requests that come meanwhile share its render."""
    service = request.app[SERVICE]
    try:
        flight = service.flight(service.picture(_PROBE, service.format("gif"), {}), store=False)
        async with aclosing(flight.read()) as chunks:
            size = sum([len(chunk) async for chunk in chunks])
    except ServerError as error:
        raise WorkersUnavailableError("a test render failed") from error
    return _text(f"ok, {size} bytes")


async def metrics(request: web.Request) -> web.Response:
    """Answer with the metrics, in the text format of Prometheus."""
    service = request.app[SERVICE]
    return web.Response(
        body=service.metrics.exposition(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"},
    )


def _text(text: str) -> web.Response:
    return web.Response(text=text + "\n", headers={"Cache-Control": "no-store"})
