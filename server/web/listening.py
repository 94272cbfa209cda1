"""Listen for an application, until a signal."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from server.settings import Settings
from server.telemetry.logs import get_logger
from server.web.connections import Gate
from server.web.keys import SERVICE

log = get_logger("run")


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
        The URL of the server.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        handler_cancellation=True,
        keepalive_timeout=settings.idle_timeout,
        shutdown_timeout=settings.drain_timeout,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        assert runner.server is not None  # noqa: S101 -- setup has made it
        caps = settings.max_connections, settings.max_connections_per_client
        gate = Gate(runner.server, *caps, settings.idle_timeout)
        server = await asyncio.get_running_loop().create_server(gate, settings.host, settings.port, backlog=128)
        stack.callback(server.close)
        host, port = server.sockets[0].getsockname()[:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
