"""Listen for an application, and stop when told to."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from server.settings import Settings

__all__ = ["listening", "serve"]


@asynccontextmanager
async def listening(app: web.Application, settings: Settings) -> AsyncIterator[str]:
    """Serve for as long as the context lasts; on leaving, let running requests end.

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
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        host, port = runner.addresses[0][:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        await runner.cleanup()


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
