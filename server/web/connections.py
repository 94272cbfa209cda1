"""Caps on connections and on the time until the first request, which aiohttp lacks.

aiohttp closes a connection that is idle after a request, or slow with the headers of the next one, after its keep-alive
time. For new connections only the newest releases of aiohttp do so.
"""

import asyncio
from collections import Counter
from collections.abc import Callable

_END_OF_HEADERS = b"\r\n\r\n"


class Gate:
    """Makes protocols for a listening socket; one connection too many is closed before anything is read from it.

    Parameters
    ----------
    inner : callable
        Makes the protocols that serve.
    total : int
        Connections at once.
    per_client : int
        Connections at once from one address.
    patience : float
        Seconds that a new connection has to bring the headers of a request.
    """

    def __init__(self, inner: Callable[[], asyncio.Protocol], total: int, per_client: int, patience: float) -> None:
        self._inner = inner
        self.patience = patience
        self._total = total
        self._per_client = per_client
        self._clients: Counter[str] = Counter()

    def __call__(self) -> asyncio.Protocol:
        """Make the protocol of a new connection."""
        return _Connection(self, self._inner)

    def enter(self, client: str) -> bool:
        """Count a connection if there is room for it; return whether there is."""
        if self._clients.total() >= self._total or self._clients[client] >= self._per_client:
            return False
        self._clients[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Count it no more."""
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]


class _Connection(asyncio.Protocol):
    """Hands everything to the protocol that serves."""

    def __init__(self, gate: Gate, make: Callable[[], asyncio.Protocol]) -> None:
        self._gate = gate
        self._make = make
        self._inner = asyncio.Protocol()
        self._client: str | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, or close it."""
        address = transport.get_extra_info("peername")
        client = str(address[0]) if isinstance(address, tuple) else ""
        if self._gate.enter(client):
            self._client = client
            self._inner = self._make()
            self._inner.connection_made(transport)
            self._deadline = asyncio.get_running_loop().call_later(self._gate.patience, transport.close)
        else:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room."""
        self._stop_clock()
        if self._client is not None:
            self._gate.leave(self._client)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass it on; stop the clock once the headers of the first request are complete."""
        if self._deadline is not None:
            text = self._tail + data
            self._tail = text[-len(_END_OF_HEADERS) + 1 :]
            if _END_OF_HEADERS in text:
                self._stop_clock()
        self._inner.data_received(data)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def eof_received(self) -> bool | None:
        """Pass it on."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """Pass it on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass it on."""
        self._inner.resume_writing()
