"""The sockets that a server listens on."""

import errno
import socket
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from typing import Any

from server.errors import SettingsError
from server.settings import Settings
from server.web.sockets.unix import unix_listener

BACKLOG = 1024
"""Connections that the system accepts before the server does."""


def bind(settings: Settings) -> list[socket.socket]:
    """Return sockets that listen where the settings say: one for each address of the host, or a Unix socket.

    Raises
    ------
    SettingsError
        Nobody can listen there.
    """
    if settings.unix_socket is not None:
        listener = unix_listener(settings.unix_socket, int(settings.unix_socket_mode, 8))
        listener.listen(BACKLOG)
        return [listener]
    return bind_port(settings.host, settings.port)


def are_those_of(settings: Settings, listeners: Iterable[socket.socket]) -> bool:
    """Whether sockets listen where the settings say, which may have changed since `bind`."""
    if settings.unix_socket is not None:
        expected = {str(settings.unix_socket)}
        return {listener.getsockname() for listener in listeners} == expected
    hosts: set[str] = set()
    with suppress(OSError):  # the host is not known any more
        hosts = {address[0] for _, address in _places(settings.host, settings.port)}
    places = [listener.getsockname()[:2] for listener in listeners if listener.family != socket.AF_UNIX]
    return bool(places) and all(host in hosts and port == (settings.port or port) for host, port in places)


def bind_port(host: str, port: int, *, setting: str = "port", reuse_port: bool = False) -> list[socket.socket]:
    """Return sockets that listen on a port of all addresses of a host.

    Parameters
    ----------
    host : str
        A name or an address; ``*`` for all of this machine.
    port : int
        The port; 0 for a free one.
    setting : str
        The setting that the port is from.
    reuse_port : bool
        Whether other sockets of the same user may listen there too.

    Raises
    ------
    SettingsError
        Nobody can listen there.
    """
    try:
        return _listeners(host, port, reuse_port)
    except OSError as error:
        place = f"host = {host}, {setting} = {port}"
        raise SettingsError(f"{place}: cannot listen there: {error.strerror or error}") from error


def address_of(listener: socket.socket) -> str:
    """Return the URL of a server that listens on a socket, or ``unix:`` and a path."""
    if listener.family == socket.AF_UNIX:
        return f"unix:{listener.getsockname()}"
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listeners(host: str, port: int, reuse_port: bool) -> list[socket.socket]:
    places = _places(host, port)
    with ExitStack() as stack:
        listeners: list[socket.socket] = []
        failure: OSError | None = None
        for family, address in places:
            number = listeners[0].getsockname()[1] if listeners else address[1]
            try:
                listener = socket.create_server(
                    (address[0], number, *address[2:]), family=family, backlog=BACKLOG, reuse_port=reuse_port
                )
            except OSError as error:
                failure = error
                if _is_taken(error):
                    raise
            else:
                listeners.append(stack.enter_context(listener))
        if failure is not None and not listeners:
            raise failure
        stack.pop_all()
    return listeners


def _places(host: str, port: int) -> list[tuple[int, Any]]:
    """Return the families and addresses of a host."""
    found = socket.getaddrinfo(None if host == "*" else host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def _is_taken(error: OSError) -> bool:
    """Whether somebody else has the port, or may have it; an address that this machine lacks is another thing."""
    return error.errno in (errno.EADDRINUSE, errno.EACCES)
