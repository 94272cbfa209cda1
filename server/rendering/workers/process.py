"""Worker processes that can be killed at any moment.

The fork server forks a process with matplotlib imported. The process gets one order at a time over a socket and streams
the bytes back. The event loop reads the socket no faster than its consumer takes the chunks; then the socket fills, and
the worker waits.

The end of this socket does not tell the end of the process, since what the process has started can hold it open. A
second socket leads to the worker's keeper (`server.rendering.workers.keeper`): closing one end kills the worker and all
that it has started, and its closing tells that they are gone.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from operator import itemgetter
from typing import Any

from server.errors import RenderTimeoutError, WorkerDiedError
from server.rendering.workers.forkserver import ForkServer
from server.rendering.workers.wire import PING, Equipment, Kind, Message, Messages, Order, failure

_BUFFER = 1 << 16
_PATIENCE = 2.0
"""Seconds that an idle worker has to answer a ping."""
_GRACE = 0.2
"""Seconds that a worker has to stop a render between two frames before it is killed, and then to be gone."""


class Worker:
    """One process, and the sockets to it and to its keeper.

    Use `start` to make one.
    """

    def __init__(self, life: socket.socket, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._messages = Messages(reader)
        self._writer = writer
        self._life = life
        self._gone = asyncio.Event()
        self._expired = False
        self._on_end: Callable[[], object] | None = None
        self.pid: int | None = None
        """Process id."""
        self.code = ""
        """The version of the code that it has imported."""
        self.ending = "died"
        """Why the process has ended, if it has: died, killed, worn, outdated."""
        self.jobs = 0
        self.report: Mapping[str, Any] = {"resident": 0, "children": False}
        """The fields of the message that ended its last order."""
        self.busy = False
        self.alive = True
        """Whether the process can take an order."""
        asyncio.get_running_loop().add_reader(life, self._bury)

    @classmethod
    async def start(cls, forks: ForkServer, equipment: Equipment, timeout: float) -> "Worker":
        """Start a process, and wait until it has imported what it needs.

        Raises
        ------
        WorkerDiedError
            It ended, or took more than *timeout* seconds.
        """
        worker = None
        try:
            worker = await cls._forked(forks)
            worker._writer.write(equipment.line())
            async with asyncio.timeout(timeout):
                message = await worker._receive()
            if message.kind is Kind.FAILED:
                raise failure(message.fields)
            worker.pid, worker.code = itemgetter("pid", "code")(message.fields)
        except BaseException as error:
            if worker is not None:
                worker.kill()
                await worker.wait()
            if isinstance(error, TimeoutError):
                raise WorkerDiedError(f"it took longer than start_timeout, which is {timeout:g} seconds") from error
            if isinstance(error, OSError | WorkerDiedError):
                raise WorkerDiedError("the process ended while it imported the catalog") from error
            raise
        return worker

    @classmethod
    async def _forked(cls, forks: ForkServer) -> "Worker":
        ours, theirs = socket.socketpair()
        life, keeper = socket.socketpair()
        try:
            with theirs, keeper:
                await asyncio.to_thread(forks.fork, theirs, keeper)
            life.setblocking(False)
            return cls(life, *await asyncio.open_connection(sock=ours, limit=_BUFFER))
        except BaseException:
            ours.close()
            life.close()
            raise

    def on_end(self, call: Callable[[], object]) -> None:
        """Have a function called when the process has ended, or cannot be expected to end any more."""
        self._on_end = call

    async def stream(self, order: Order, on_kill: Callable[[], object] = lambda: None) -> AsyncGenerator[bytes, None]:
        """Render an order; yield the bytes as they come.

        Parameters
        ----------
        order : Order
            What to render.
        on_kill : callable
            Called when the process is killed at its deadline, whoever has the last chunk at that moment.

        Raises
        ------
        RenderTimeoutError
            It took longer than the order allows; the process is killed.
        WorkerDiedError
            The process ended.
        RenderFailedError
            The render failed; the process is well.
        """
        self.busy, self._expired = True, False
        deadline = asyncio.get_running_loop().call_later(order.timeout, self._expire, on_kill)
        try:
            self._writer.write(order.line())
            while (message := await self._receive()).kind is Kind.CHUNK:
                yield message.body
        finally:
            deadline.cancel()
        self._finish(message)
        if message.kind is Kind.FAILED:
            raise failure(self.report)

    async def ping(self) -> bool:
        """Ping an idle process, kill it if it does not answer, and return whether it does."""
        try:
            async with asyncio.timeout(_PATIENCE):
                self._writer.write(PING)
                await self._receive()
        except (TimeoutError, WorkerDiedError):
            self.kill()
            return False
        return True

    async def abandon(self) -> None:
        """Stop the running render: ask, and kill the process if that does not help at once."""
        try:
            async with asyncio.timeout(_GRACE):
                self._writer.write(b"\n")
                while (message := await self._receive()).kind is Kind.CHUNK:
                    pass
            self._finish(message)
        except (TimeoutError, RenderTimeoutError, WorkerDiedError):
            self.kill()

    def kill(self, ending: str = "killed") -> None:
        """Kill the process and all that it has started, whatever they do."""
        if self.alive:
            self.ending = ending
            self._close()
            self._life.shutdown(socket.SHUT_WR)
            asyncio.get_running_loop().call_later(_GRACE, self._end)

    async def wait(self) -> None:
        """Wait until the process and all that it has started are gone, or have resisted for long; close the sockets."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._gone.wait()
        self._bury()
        self._close()

    def _close(self) -> None:
        """Take no more messages; who waits for one is told."""
        self.alive = False
        self._writer.transport.abort()

    def _bury(self) -> None:
        if self._gone.is_set():
            return
        asyncio.get_running_loop().remove_reader(self._life)
        self._life.close()
        self._gone.set()
        self.alive = False
        asyncio.get_running_loop().call_later(_GRACE, self._close)  # until then, what it has sent can be read
        self._end()

    def _end(self) -> None:
        call, self._on_end = self._on_end, None
        if call is not None:
            call()

    def _expire(self, on_kill: Callable[[], object]) -> None:
        self._expired = True
        self.kill()
        on_kill()

    def _finish(self, message: Message) -> None:
        self.busy = False
        self.jobs += 1
        self.report = message.fields

    async def _receive(self) -> Message:
        try:
            return await self._messages.next()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            if self._expired:
                raise RenderTimeoutError from error
            self.kill("died")
            raise WorkerDiedError("the worker process died, or sends what is no message") from error
