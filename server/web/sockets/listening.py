"""Listen for an application, until a signal."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from aiohttp import web

from server.settings import Settings
from server.telemetry.logs import get_logger
from server.web.keys import SERVICE
from server.web.sockets.binding import BACKLOG, address_of, bind
from server.web.sockets.connections import Gate
from server.web.sockets.protocol import Protocol
from server.web.sockets.unix import remove_socket

log = get_logger("run")

_ENDING = (signal.SIGTERM, signal.SIGINT)
_TURNS = 4
"""Turns of asyncio's loop after which a connection that was accepted has its protocol."""
_FIRST_REQUEST = 0.5
"""Seconds that connections have for their first request once nothing more is accepted."""


@asynccontextmanager
async def listening(
    app: web.Application, settings: Settings, listeners: Sequence[socket.socket] | None = None
) -> AsyncIterator[str]:
    """Serve while the context lasts; at its end, let running requests end.

    Parameters
    ----------
    app : Application
        From `server.app.create_app`.
    settings : Settings
        Where to listen, and how patiently.
    listeners : sequence of socket, optional
        Sockets that listen already. The default makes them.

    Yields
    ------
    str
        The URL of the server, or ``unix:`` and a path.
    """
    half = settings.drain_timeout / 2  # aiohttp waits twice
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=half)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        assert runner.server is not None  # noqa: S101 -- setup has made it
        if listeners is None:
            listeners = bind(settings)
            if settings.unix_socket is not None:
                stack.callback(remove_socket, settings.unix_socket, settings.unix_socket.stat().st_ino)
        gate = _gate(app, settings, runner.server)
        stack.push_async_callback(gate.settle, min(_FIRST_REQUEST, half))
        for listener in listeners:
            server = await asyncio.get_running_loop().create_server(gate, sock=listener, backlog=BACKLOG)
            stack.push_async_callback(_close, server, listener)
        yield address_of(listeners[0])


async def _close(server: asyncio.Server, listener: socket.socket) -> None:
    """Close a server whose listening socket may go on elsewhere; what it has accepted is served.

    ``Server.close`` alone resets connections that were accepted in the same turn of the loop.
    """
    asyncio.get_running_loop().remove_reader(listener)
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    server.close()


def _gate(app: web.Application, settings: Settings, server: web.Server) -> Gate:
    service = app.get(SERVICE)  # not there if the application is around one of `create_app`
    metrics = None if service is None else service.metrics
    loop = asyncio.get_running_loop()
    options = {"loop": loop, "keepalive_timeout": settings.idle_timeout, "access_log": None}
    make = partial(Protocol, server, settings.write_timeout, metrics, **options)
    total, per_client = settings.max_connections, settings.max_connections_per_client
    refused = (lambda: None) if metrics is None else metrics.requests.labels("none", "none", "503").inc
    return Gate(make, total, total if settings.trusted_proxies else per_client, settings.idle_timeout, refused)


async def serve(
    app: web.Application,
    settings: Settings,
    announce: Callable[[str], object],
    listeners: Sequence[socket.socket] | None = None,
    control: socket.socket | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; the second one ends the process at once. SIGUSR1 and SIGUSR2 do nothing.

    With *control*, the second one does nothing either, nor does SIGHUP: who sends a signal to every process of a server
    means the one that holds *control*.

    Parameters
    ----------
    app, settings, listeners
        As for `listening`.
    announce : callable
        Called with the URL once connections are accepted.
    control : socket, optional
        Its closing at the other end is another signal.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _ENDING:
        loop.add_signal_handler(number, stop.set)
    ignored = [signal.SIGUSR1, signal.SIGUSR2]
    if control is not None:
        loop.add_reader(control, stop.set)
        ignored.append(signal.SIGHUP)
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)
    async with listening(app, settings, listeners) as url:
        announce(url)
        await stop.wait()
        for number in _ENDING:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL if control is None else signal.SIG_IGN)
        log.info("ending", connections_close_within=settings.drain_timeout)
        app[SERVICE].draining = True
        await asyncio.sleep(settings.drain_delay)
