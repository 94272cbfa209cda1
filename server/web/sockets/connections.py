"""Caps on connections and on the time until the first request, which aiohttp lacks.

aiohttp closes a connection that is idle after a request, or slow with the headers of the next one, after its keep-alive
time. For new connections only the newest releases of aiohttp do so.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from server.errors import CrowdedError
from server.web.headers.outside import network_of
from server.web.places import Places
from server.web.problems import problem_of

_END_OF_HEADERS = b"\r\n\r\n"
_LONGEST_HEAD = 1 << 16
_REFUSALS = 1024
"""Connections that are being refused at once; beyond, they are closed without an answer."""
_LINGER = 5.0
"""Seconds that a client has to close after it was refused."""
_STEP = 0.01
"""Seconds between two looks whether all connections have brought a request."""

_CROWDED = problem_of(CrowdedError("there are too many connections"))


class Gate:
    """Makes protocols for a listening socket; one connection too many is answered with 503.

    Parameters
    ----------
    inner : callable
        Makes the protocols that serve.
    total : int
        Connections at once.
    per_client : int
        Connections at once from one address. Those of a Unix socket have none, and are counted in the total alone.
    patience : float
        Seconds that a new connection has to bring the headers of a request.
    refused : callable
        Called for each request that was answered with 503.
    """

    def __init__(
        self,
        inner: Callable[[], asyncio.Protocol],
        total: int,
        per_client: int,
        patience: float,
        refused: Callable[[], object] = lambda: None,
    ) -> None:
        self.inner = inner
        self.patience = patience
        self.refused = refused
        self.serving = Places(total, per_client)
        self.refusing = Places(_REFUSALS, _REFUSALS)
        self.expecting: set[asyncio.Protocol] = set()
        """Connections that have not brought the headers of their first request."""

    def __call__(self) -> asyncio.Protocol:
        """Make the protocol of a new connection."""
        return _Connection(self)

    async def settle(self, patience: float) -> None:
        """Wait until all connections have brought their first request, for *patience* seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self.expecting:
                    await asyncio.sleep(_STEP)


class _Connection(asyncio.Protocol):
    """Hands everything to the protocol that serves, or to one that refuses."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._inner = asyncio.Protocol()
        self._leave: Callable[[], None] = lambda: None
        self._deadline: asyncio.TimerHandle | None = None
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, or refuse it."""
        address = transport.get_extra_info("peername")
        client = network_of(str(address[0])) if isinstance(address, tuple) else ""
        if self._gate.serving.enter(client):
            self._leave = partial(self._gate.serving.leave, client)
            self._inner = self._gate.inner()
        elif self._gate.refusing.enter(client):
            self._leave = partial(self._gate.refusing.leave, client)
            self._inner = _Refusal(self._gate.refused)
        else:
            transport.close()
            return
        self._deadline = asyncio.get_running_loop().call_later(self._gate.patience, transport.close)
        self._gate.expecting.add(self)
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room."""
        self._stop_clock()
        self._leave()
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
            self._gate.expecting.discard(self)

    def eof_received(self) -> bool | None:
        """Pass it on."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """Pass it on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass it on."""
        self._inner.resume_writing()


class _Refusal(asyncio.Protocol):
    """Answers the first request with 503, and reads on until the client closes.

    Closing a socket with unread bytes resets the connection, and the client would lose the answer.
    """

    def __init__(self, refused: Callable[[], object]) -> None:
        self._refused = refused
        self._head = bytearray()
        self._answered = False
        self._transport: asyncio.WriteTransport | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 -- sockets have no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once the headers are complete."""
        if self._answered or self._transport is None:
            return
        self._head += data
        if _END_OF_HEADERS in self._head or len(self._head) > _LONGEST_HEAD:
            self._answered = True
            with_body = not self._head.startswith(b"HEAD ")
            self._transport.write(_CROWDED.last_words(secrets.token_hex(8), with_body=with_body))
            self._transport.write_eof()
            self._deadline = asyncio.get_running_loop().call_later(_LINGER, self._transport.close)
            self._refused()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        if self._deadline is not None:
            self._deadline.cancel()
