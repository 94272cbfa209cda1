"""The application: its parts, put together."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from server.access import Access
from server.cache.disk import DiskStore
from server.cache.tiers import Cache, MemoryStore
from server.catalog.entries import Catalog
from server.rendering.pool import Pool
from server.rendering.service import Service
from server.settings import Settings
from server.telemetry.metrics import Metrics
from server.web import handlers, health, pages
from server.web.keys import ACCESS, SERVICE
from server.web.middlewares import add_headers, allow_origins, authorize, identify, report_problems, throttle


def create_app(catalog: Catalog, settings: Settings | None = None) -> web.Application:
    """Make the application that serves a catalog.

    Parameters
    ----------
    catalog : Catalog
        The animations. Their functions must be importable: worker processes find them by name.
    settings : Settings, optional
        The default reads the environment.

    Returns
    -------
    Application
        Can be run by itself or mounted with ``add_subapp``; run it with ``handler_cancellation=True``, so that
        renders stop when their clients leave.

    Raises
    ------
    CatalogError
        A function cannot be imported by its name, or a parameter's type has no JSON Schema.
    """
    settings = settings or Settings()
    for entry in catalog:
        entry.parameters  # noqa: B018 -- a type without a JSON Schema is an error at the start
    metrics = Metrics()
    pool = Pool(settings, tuple(entry.reference for entry in catalog), metrics)
    cache = Cache(
        MemoryStore(int(settings.cache_memory)),
        DiskStore(settings.cache_folder, int(settings.cache_disk)) if settings.cache_folder is not None else None,
        int(settings.window),
        lambda result: metrics.lookups.labels(result).inc(),
    )
    service = Service(catalog, settings, pool, cache, metrics)

    app = web.Application(
        middlewares=[identify, report_problems, allow_origins, authorize, throttle],
        client_max_size=int(settings.max_body),
    )
    app[SERVICE] = service
    app[ACCESS] = Access(settings)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_running)
    _add_routes(app)
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    service = app[SERVICE]
    await service.pool.start()
    warming = asyncio.create_task(service.warm()) if service.settings.prewarm else None
    yield
    if warming is not None:
        warming.cancel()
    await service.pool.close()
    await service.cache.close()


def _add_routes(app: web.Application) -> None:
    name = r"{name:[^/.]+}"
    route = app.router
    route.add_get("/healthz", health.healthz, name="healthz")
    route.add_get("/healthz/deep", health.deep, name="deep")
    route.add_get("/readyz", health.readyz, name="readyz")
    route.add_get("/metrics", health.metrics, name="metrics")
    route.add_get("/openapi.json", pages.openapi, name="openapi")
    route.add_get("/docs", pages.reference, name="docs")
    route.add_get("/", pages.gallery, name="gallery")
    route.add_get("/assets/{asset}", pages.asset, name="asset")
    route.add_get(f"/animations/{name}", pages.page, name="page")
    animation = route.add_resource(f"/animations/{name}.{{format:[^/.]+}}", name="animation")
    for method in ("GET", "HEAD", "POST"):
        animation.add_route(method, handlers.animation)
