"""What a supervisor, a load balancer and a monitor ask."""

from contextlib import aclosing

from aiohttp import web

from server.catalog.entries import Entry
from server.errors import ServerError, WorkersUnavailableError
from server.rendering.probe import probe
from server.rendering.service import SERVICE, Service

__all__ = ["deep", "healthz", "metrics", "readyz"]

_PROBE = Entry(probe)


async def healthz(request: web.Request) -> web.Response:
    """Say that the event loop turns."""
    return _text("ok")


async def readyz(request: web.Request) -> web.Response:
    """Say whether a request would be served: a worker answers, and the server is not about to end."""
    service: Service = request.app[SERVICE]
    if service.draining:
        raise WorkersUnavailableError("the server is ending")
    if not await service.pool.answers():
        raise WorkersUnavailableError("no worker answers")
    return _text("ready")


async def deep(request: web.Request) -> web.Response:
    """Render the smallest animation, whatever is in the cache; one render serves all who ask meanwhile."""
    service: Service = request.app[SERVICE]
    try:
        flight = service.flight(service.asked(_PROBE, "gif", _PROBE.playback()), store=False)
        async with aclosing(flight.read()) as chunks:
            size = sum([len(chunk) async for chunk in chunks])
    except ServerError as error:
        raise WorkersUnavailableError("a test render failed") from error
    return _text(f"ok, {size} bytes")


async def metrics(request: web.Request) -> web.Response:
    """Give the metrics, in the text format of Prometheus."""
    service: Service = request.app[SERVICE]
    return web.Response(
        body=service.metrics.exposition(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"},
    )


def _text(text: str) -> web.Response:
    return web.Response(text=text + "\n", headers={"Cache-Control": "no-store"})
