"""Listen for an application, until a signal."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from aiohttp import web

from server.errors import SettingsError
from server.settings import Settings
from server.telemetry.logs import get_logger
from server.web.connections import Gate
from server.web.keys import SERVICE
from server.web.protocol import Protocol
from server.web.unix import remove_socket, unix_listener

log = get_logger("run")

_BACKLOG = 1024
"""Connections that the system accepts before the server does."""


@asynccontextmanager
async def listening(app: web.Application, settings: Settings) -> AsyncIterator[str]:
    """Serve while the context lasts; at its end, let running requests end.

    Parameters
    ----------
    app : Application
        From `server.app.create_app`.
    settings : Settings
        Where to listen, and how patiently.

    Yields
    ------
    str
        The URL of the server, or ``unix:`` and a path.
    """
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=settings.drain_timeout)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        assert runner.server is not None  # noqa: S101 -- setup has made it
        server = await _listen(_gate(app, settings, runner.server), settings)
        if settings.unix_socket is not None:
            stack.callback(remove_socket, settings.unix_socket, settings.unix_socket.stat().st_ino)
        stack.callback(server.close)
        yield _address(server, settings)


def _gate(app: web.Application, settings: Settings, server: web.Server) -> Gate:
    service = app.get(SERVICE)  # not there if the application is around one of `create_app`
    metrics = None if service is None else service.metrics
    loop = asyncio.get_running_loop()
    make = partial(Protocol, server, metrics, loop=loop, keepalive_timeout=settings.idle_timeout, access_log=None)
    total, per_client = settings.max_connections, settings.max_connections_per_client
    refused = (lambda: None) if metrics is None else metrics.requests.labels("none", "none", "503").inc
    return Gate(make, total, total if settings.trusted_proxies else per_client, settings.idle_timeout, refused)


async def _listen(gate: Gate, settings: Settings) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    if settings.unix_socket is None:
        try:
            return await loop.create_server(gate, settings.host, settings.port, backlog=_BACKLOG)
        except OSError as error:
            place = f"host = {settings.host}, port = {settings.port}"
            raise SettingsError(f"{place}: cannot listen there: {error.strerror or error}") from error
    listener = unix_listener(settings.unix_socket, int(settings.unix_socket_mode, 8))
    return await loop.create_unix_server(gate, sock=listener, backlog=_BACKLOG)


def _address(server: asyncio.Server, settings: Settings) -> str:
    if settings.unix_socket is not None:
        return f"unix:{settings.unix_socket}"
    host, port = server.sockets[0].getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(app: web.Application, settings: Settings, announce: Callable[[str], object]) -> None:
    """Serve until SIGTERM or SIGINT.

    Parameters
    ----------
    app, settings
        As for `listening`.
    announce : callable
        Called with the URL once connections are accepted.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listening(app, settings) as url:
        announce(url)
        await stop.wait()
        log.info("ending", connections_close_within=settings.drain_timeout)
        app[SERVICE].draining = True
        await asyncio.sleep(settings.drain_delay)
