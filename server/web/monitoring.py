"""Metrics and health on a port of their own, which only the operator's network reaches. It asks for no keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from server.rendering.service import Service
from server.telemetry.logs import get_logger
from server.web import health
from server.web.keys import SERVICE
from server.web.middlewares import add_headers, check_host, identify, report_problems
from server.web.sockets.binding import bind_port

log = get_logger("monitoring")

_DRAIN = 1.0
"""Seconds that requests have to end; each of them is short."""


@asynccontextmanager
async def monitoring(service: Service) -> AsyncIterator[None]:
    """Listen on `metrics_port`, if it is set, while the context lasts.

    Raises
    ------
    SettingsError
        Somebody else listens there, or nobody can.
    """
    settings = service.settings
    if settings.metrics_port is None:
        yield
        return
    host = settings.metrics_host or settings.host
    # The port is shared for a moment when one server of `figreel serve` takes over from another.
    listeners = bind_port(host, settings.metrics_port, setting="metrics_port", reuse_port=True)
    runner = web.AppRunner(
        _application(service), keepalive_timeout=settings.idle_timeout, access_log=None, shutdown_timeout=_DRAIN
    )
    await runner.setup()
    try:
        for listener in listeners:
            await web.SockSite(runner, listener).start()
        log.info("metrics", host=host, port=settings.metrics_port)
        yield
    finally:
        await runner.cleanup()


def _application(service: Service) -> web.Application:
    app = web.Application(middlewares=[identify, report_problems, check_host])
    app[SERVICE] = service
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/healthz", health.healthz, name="healthz")
    app.router.add_get("/readyz", health.readyz, name="readyz")
    app.router.add_get("/metrics", health.metrics, name="metrics")
    return app
