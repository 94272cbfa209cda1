"""The application: its parts, put together."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

from aiohttp import web
from aiohttp.typedefs import Handler

from server.access import Access
from server.cache.disk import DiskStore
from server.cache.tiers import Cache, MemoryStore
from server.catalog.entries import Catalog
from server.machine import check_system
from server.rendering.service import Service
from server.rendering.workers.pool import Pool
from server.settings import Settings
from server.telemetry.metrics import Metrics
from server.web import handlers, health
from server.web.documents import Documents
from server.web.keys import ACCESS, DOCUMENTS, IN_PROGRESS, SERVICE
from server.web.middlewares import (
    PREFIXED,
    add_headers,
    answer_options,
    authorize,
    check_host,
    identify,
    report_problems,
    throttle,
)
from server.web.monitoring import monitoring
from server.web.pages import views
from server.web.places import Places

_DOCUMENTS = 64
"""Pages and documents that are held beyond one of each: proxies may show the server under several addresses."""


def create_app(catalog: Catalog, settings: Settings | None = None, *, module: str | None = None) -> web.Application:
    """Make the application that serves a catalog.

    Parameters
    ----------
    catalog : Catalog
        The animations. Their functions must be importable: worker processes find them by name. If they are in the
        main program, workers run that up to the line that starts the server; what must run once stands under
        ``if __name__ == "__main__":``.
    settings : Settings, optional
        The default reads the environment.
    module : str, optional
        Name of a module that worker processes import beside those of the functions, such as that of the catalog, which
        may set a style.

    Returns
    -------
    Application
        Can be run by itself or mounted with ``add_subapp``; run it with ``handler_cancellation=True``, so that
        renders stop when their clients leave.

    Raises
    ------
    CatalogError
        A function cannot be imported by its name.
    UnsupportedSystemError
        This is not Linux.

    Examples
    --------
    ::

        from aiohttp import web

        from server import create_app
        from server.demo import catalog

        app = web.Application()
        app.add_subapp("/pictures/", create_app(catalog))

        if __name__ == "__main__":
            web.run_app(app, handler_cancellation=True, keepalive_timeout=15)
    """
    check_system()
    settings = settings or Settings()
    metrics = Metrics()
    pool = Pool(settings, tuple(entry.reference for entry in catalog), metrics, () if module is None else (module,))
    cache = Cache(
        MemoryStore(int(settings.cache_memory)),
        DiskStore(settings.cache_folder, int(settings.cache_disk)) if settings.cache_folder is not None else None,
        int(settings.window),
        lambda result: metrics.lookups.labels(result).inc(),
        lambda doing: metrics.cache_errors.labels(doing).inc(),
    )
    service = Service(catalog, settings, pool, cache, metrics)

    app = web.Application(middlewares=[identify, report_problems, throttle, check_host, answer_options, authorize])
    app[SERVICE] = service
    app[ACCESS] = Access(settings)
    app[DOCUMENTS] = Documents(len(catalog) + _DOCUMENTS)
    if settings.trusted_proxies:  # then a connection is the proxy's, whoever the client is
        app[IN_PROGRESS] = Places(settings.max_connections, settings.max_connections_per_client)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_drain)
    app.cleanup_ctx.append(_running)
    routes = _routes(settings)
    _add_routes(app, routes)
    if settings.prefix:  # for a proxy that does not strip it
        _add_routes(app, {"entrance": ("", views.entrance), **routes}, settings.prefix, PREFIXED)
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    service = app[SERVICE]
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.cache.close)
        stack.push_async_callback(service.pool.close)
        await service.pool.start()
        await stack.enter_async_context(monitoring(service))
        if service.settings.prewarm:
            stack.callback(asyncio.create_task(service.warm()).cancel)
        yield


async def _drain(app: web.Application) -> None:
    app[SERVICE].draining = True


def _routes(settings: Settings) -> dict[str, tuple[str, Handler]]:
    """Return the paths and handlers by the names of the routes."""
    name = r"{name:[^/.]+}"
    own_port = settings.metrics_port is not None
    return {
        "healthz": ("/healthz", health.healthz),
        "deep": ("/healthz/deep", health.deep),
        "readyz": ("/readyz", health.readyz),
        **({} if own_port else {"metrics": ("/metrics", health.metrics)}),
        "openapi": ("/openapi.json", views.openapi),
        "docs": ("/docs", views.reference),
        "gallery": ("/", views.gallery),
        "favicon": ("/favicon.ico", views.favicon),
        "asset": ("/assets/{asset}", views.asset),
        "page": (f"/animations/{name}", views.page),
        "animation": (f"/animations/{name}.{{format:[^/.]+}}", handlers.animation),
    }


def _add_routes(
    app: web.Application, routes: Mapping[str, tuple[str, Handler]], prefix: str = "", name_prefix: str = ""
) -> None:
    for route, (path, handler) in routes.items():
        resource = app.router.add_resource(prefix + path, name=name_prefix + route)
        for method in ("GET", "HEAD", "POST") if route == "animation" else ("GET", "HEAD"):
            resource.add_route(method, handler)
