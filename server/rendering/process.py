"""Worker processes that can be killed at any moment.

A process is started by `multiprocessing`'s fork server with matplotlib imported already, gets one job at a time over a
socket and streams its answer back. The event loop reads the socket as fast as its consumer takes the chunks; then the
socket fills, and the worker waits.

`concurrent.futures` loses all running jobs when one process dies, and a pool that gives results whole cannot stream;
here a process, its socket and its job are one thing, and killing it is a signal and a closed socket.
"""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from server.errors import RenderTimeoutError, WorkerDiedError, failure
from server.rendering.inside import Equipment, main
from server.rendering.wire import PING, Job, Kind, Message, Messages

__all__ = ["Worker"]

_BUFFER = 1 << 16
_PATIENCE = 2.0
"""Seconds that an idle worker has to say that it is there."""
_GRACE = 0.2
"""Seconds that a worker has to give up a render between two frames, before it is killed."""


class Worker:
    """One process, and the socket to it.

    Use `start` to make one.
    """

    def __init__(self, process: ForkServerProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._messages = Messages(reader)
        self._writer = writer
        self._expired = False
        self._killed = False
        self.jobs = 0
        self.report: dict[str, Any] = {"resident": 0}
        """What the process said at the end of its last job."""
        self.busy = False

    @classmethod
    async def start(cls, context: ForkServerContext, equipment: Equipment, timeout: float) -> "Worker":
        """Start a process and wait until it has imported what it needs.

        Raises
        ------
        WorkerDiedError
            It ended, or took more than *timeout* seconds.
        """
        ours, theirs = socket.socketpair()
        process = context.Process(target=main, args=(theirs, equipment), daemon=True, name="figreel-worker")
        try:
            with theirs:
                await asyncio.to_thread(_start, process)
            worker = cls(process, *await asyncio.open_connection(sock=ours, limit=_BUFFER))
        except (OSError, EOFError) as error:
            ours.close()
            raise WorkerDiedError("a worker process did not start") from error
        except BaseException:
            ours.close()  # a process that does start finds nobody to serve, and ends
            raise
        try:
            async with asyncio.timeout(timeout):
                await worker._receive()
        except (TimeoutError, WorkerDiedError) as error:
            await worker.stop()
            raise WorkerDiedError("a worker process did not start") from error
        except asyncio.CancelledError:
            worker.discard()
            raise
        return worker

    @property
    def pid(self) -> int | None:
        """Process id."""
        return self._process.pid

    async def stream(self, job: Job) -> AsyncGenerator[bytes, None]:
        """Render a job; give the bytes as they come.

        Raises
        ------
        RenderTimeoutError
            It took longer than the job may; the process is killed.
        WorkerDiedError
            The process ended.
        RenderFailedError
            The render failed; the process is well.
        """
        self.busy, self._expired = True, False
        deadline = asyncio.get_running_loop().call_later(job.timeout, self._expire)
        try:
            self._writer.write(job.line())
            while (message := await self._receive()).kind is Kind.CHUNK:
                yield message.body
        finally:
            deadline.cancel()
        self._finish(message)
        if message.kind is Kind.FAILED:
            raise failure(self.report)

    async def answers(self) -> bool:
        """Ask an idle process whether it is there; if it is not, it is killed."""
        try:
            async with asyncio.timeout(_PATIENCE):
                self._writer.write(PING)
                await self._receive()
        except (TimeoutError, WorkerDiedError):
            self.kill()
            return False
        return True

    async def abandon(self) -> None:
        """Stop the job that is running: ask, and kill if that does not help at once."""
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
        """Whether the process can take a job."""
        return not self._killed and self._process.exitcode is None and not self._messages.at_eof()

    @property
    def end(self) -> str:
        """How the process ended: ``"died"`` by itself, or ``"killed"``."""
        return "killed" if self._killed else "died"

    def kill(self) -> None:
        """Kill the process, whatever it does."""
        self._killed = True
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
        self.report = message.fields()

    async def _receive(self) -> Message:
        try:
            return await self._messages.next()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if self._expired:
                raise RenderTimeoutError from error
            raise WorkerDiedError("the worker process died") from error


def _start(process: ForkServerProcess) -> None:
    """Start a process, with a new fork server if the one there was has died; it takes a moment until that shows."""
    for pause in (0.05, 0.2, 0.8, 2.0):
        try:
            return process.start()
        except (ConnectionError, EOFError):
            time.sleep(pause)
    return process.start()
