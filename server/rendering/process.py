"""Worker processes that can be killed at any moment.

The fork server of `multiprocessing` starts a process with matplotlib imported. The process gets one order at a time
over a socket and streams the bytes back. The event loop reads the socket no faster than its consumer takes the chunks;
then the socket fills, and the worker waits.

When one process dies, `concurrent.futures` loses all running jobs; and a pool that returns whole results cannot stream.
Here each process has its own socket and one order, so that killing it is a signal and a closed socket.
"""

import asyncio
import json
import socket
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from server.errors import RenderTimeoutError, WorkerDiedError
from server.rendering.wire import PING, Kind, Message, Messages, Order, failure

_BUFFER = 1 << 16
_PATIENCE = 2.0
"""Seconds that an idle worker has to answer a ping."""
_GRACE = 0.2
"""Seconds that a worker has to stop a render between two frames, before it is killed."""


class Worker:
    """One process, and the socket to it.

    Use `start` to make one.
    """

    def __init__(self, process: ForkServerProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._messages = Messages(reader)
        self._writer = writer
        self._expired = False
        self.killed = False
        """Whether the server has killed the process, or tried to."""
        self.jobs = 0
        self.report: dict[str, Any] = {"resident": 0}
        """The fields of the message that ended its last order."""
        self.busy = False

    @classmethod
    async def start(cls, context: ForkServerContext, main: Callable[..., None], timeout: float) -> "Worker":
        """Start a process that runs *main* with a socket, and wait until it has imported what it needs.

        Raises
        ------
        WorkerDiedError
            It ended, or took more than *timeout* seconds.
        """
        ours, theirs = socket.socketpair()
        process = context.Process(target=main, args=(theirs,), daemon=True, name="figreel-worker")
        with ExitStack() as cleanup:
            cleanup.callback(ours.close)  # a process that does start finds nobody to serve, and ends
            try:
                with theirs:
                    await asyncio.to_thread(_start, process)
                worker = cls(process, *await asyncio.open_connection(sock=ours, limit=_BUFFER))
                cleanup.callback(worker.discard)
                async with asyncio.timeout(timeout):
                    await worker._receive()
            except (OSError, EOFError, WorkerDiedError) as error:  # TimeoutError is an OSError
                raise WorkerDiedError("a worker process did not start") from error
            cleanup.pop_all()
        return worker

    @property
    def pid(self) -> int | None:
        """Process id."""
        return self._process.pid

    async def stream(self, order: Order) -> AsyncGenerator[bytes, None]:
        """Render an order; yield the bytes as they come.

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
        deadline = asyncio.get_running_loop().call_later(order.timeout, self._expire)
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
            await self.stop()

    @property
    def alive(self) -> bool:
        """Whether the process can take an order."""
        return not self.killed and self._process.exitcode is None and not self._messages.at_eof()

    def kill(self) -> None:
        """Kill the process, whatever it does."""
        self.killed = True
        with suppress(ProcessLookupError):
            self._process.kill()

    def discard(self) -> None:
        """Kill the process and close the socket."""
        self.kill()
        self._writer.close()

    async def stop(self) -> None:
        """Kill the process and wait until it is gone."""
        self.discard()
        await asyncio.to_thread(self._process.join)

    def _expire(self) -> None:
        self._expired = True
        self.kill()

    def _finish(self, message: Message) -> None:
        self.busy = False
        self.jobs += 1
        self.report = json.loads(message.body)

    async def _receive(self) -> Message:
        try:
            return await self._messages.next()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if self._expired:
                raise RenderTimeoutError from error
            raise WorkerDiedError("the worker process died") from error


def _start(process: ForkServerProcess) -> None:
    """Start a process, with a new fork server if the last one has died; its death takes a moment to show."""
    for pause in (0.05, 0.2, 0.8, 2.0):
        try:
            return process.start()
        except (ConnectionError, EOFError):
            time.sleep(pause)
    return process.start()
