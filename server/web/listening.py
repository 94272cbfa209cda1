"""Listen for an application, until a signal."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from server.settings import Settings
from server.web.connections import Gate
from server.web.keys import SERVICE

__all__ = ["listening", "serve"]

log = structlog.get_logger("figreel.run")


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
    await runner.setup()
    try:
        site = GatedSite(runner, settings)
        await site.start()
        yield site.name
    finally:
        await runner.cleanup()


class GatedSite(web.BaseSite):
    """A listening socket with caps on its connections.

    Parameters
    ----------
    runner : AppRunner
        Serves the connections.
    settings : Settings
        Where to listen, and the caps.
    """

    def __init__(self, runner: web.AppRunner, settings: Settings) -> None:
        super().__init__(runner)
        self._settings = settings

    @property
    def name(self) -> str:
        """The URL."""
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def start(self) -> None:
        """Listen."""
        await super().start()
        settings = self._settings
        assert self._runner.server is not None  # noqa: S101 -- super().start() has made sure of it
        caps = settings.max_connections, settings.max_connections_per_client
        gate = Gate(self._runner.server, *caps, settings.idle_timeout)
        self._server = await asyncio.get_running_loop().create_server(
            gate, settings.host, settings.port, backlog=self._backlog
        )


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
