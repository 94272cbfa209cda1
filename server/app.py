"""The application: the one place where its parts are put together."""

from collections.abc import AsyncIterator

from aiohttp import web

from server import handlers, pages
from server.cache import Cache, DiskStore, MemoryStore
from server.catalog import Catalog
from server.middlewares import add_security_headers, identify, report_problems
from server.service import SERVICE, Service
from server.settings import Settings
from server.workers import Pool

__all__ = ["create_app"]


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
        A function cannot be imported by its name.
    """
    settings = settings or Settings()
    pool = Pool(settings, tuple(entry.reference for entry in catalog))
    cache = Cache(MemoryStore(int(settings.cache_memory)), _disk(settings), lambda result: None)
    service = Service(catalog, settings, pool, cache)

    app = web.Application(middlewares=[identify, report_problems], client_max_size=int(settings.max_body))
    app[SERVICE] = service
    app.on_response_prepare.append(add_security_headers)
    app.cleanup_ctx.append(_running)
    _add_routes(app)
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    service: Service = app[SERVICE]
    await service.pool.start()
    yield
    await service.pool.close()
    await service.cache.close()


def _disk(settings: Settings) -> DiskStore | None:
    if settings.cache_folder is None:
        return None
    return DiskStore(settings.cache_folder, int(settings.cache_disk))


def _add_routes(app: web.Application) -> None:
    name = r"{name:[^/.]+}"
    route = app.router
    route.add_get("/", pages.gallery, name="gallery")
    route.add_get("/assets/{asset}", pages.asset, name="asset")
    route.add_get(f"/animations/{name}", pages.page, name="page")
    route.add_get(f"/animations/{name}/poster.png", handlers.poster, name="poster")
    animation = route.add_resource(f"/animations/{name}.{{format:[^/.]+}}", name="animation")
    for method in ("GET", "HEAD", "POST"):
        animation.add_route(method, handlers.animation)
