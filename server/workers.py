"""Worker processes that can be killed at any moment, and the pool that keeps their number.

A process is started by `multiprocessing`'s fork server with matplotlib imported already, gets one job at a time over a
socket and streams its answer back. The event loop reads the socket as fast as its consumer takes the chunks; then the
socket fills, and the worker waits.

`concurrent.futures` loses all running jobs when one process dies, and a pool that gives results whole cannot stream;
here a process, its socket and its job are one thing, and killing it is a signal and a closed socket.
"""

import asyncio
import multiprocessing
import socket
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

import structlog

from server.errors import (
    RenderTimeoutError,
    WorkerDiedError,
    WorkersUnavailableError,
    failure,
)
from server.metrics import Metrics
from server.settings import Settings
from server.wire import PING, Job, Kind, Message, Messages
from server.worker import Equipment, main

__all__ = ["Pool", "Worker"]

log = structlog.get_logger("figreel.workers")

_BUFFER = 1 << 16
_SMOOTHING = 0.2
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
        self.resident = 0
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
                await asyncio.to_thread(process.start)
            worker = cls(process, *await asyncio.open_connection(sock=ours, limit=_BUFFER))
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
            raise failure(message.fields())

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
        return self._process.exitcode is None and not self._messages.at_eof()

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
        self.resident = message.fields()["resident"]

    async def _receive(self) -> Message:
        try:
            return await self._messages.next()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if self._expired:
                raise RenderTimeoutError from error
            raise WorkerDiedError("the worker process died") from error


class Pool:
    """A fixed number of slots, each with a worker process in it or on its way.

    Parameters
    ----------
    settings : Settings
        How many workers, and when they are replaced.
    references : tuple of str
        The functions that they will be asked for.
    metrics : Metrics
        Where waits, deaths and replacements are counted.
    """

    def __init__(self, settings: Settings, references: tuple[str, ...], metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._equipment = Equipment(references=references, paths=tuple(sys.path), memory=int(settings.worker_memory))
        self._context = multiprocessing.get_context("forkserver")
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._workers: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting = asyncio.Lock()
        self._closing = False
        self.mean_seconds = 1.0
        """Seconds that a render takes, the last ones counting most."""
        self.jobs = 0
        """Jobs that were handed to a worker; a second try counts as one more."""

    async def start(self) -> None:
        """Start the workers.

        Raises
        ------
        WorkersUnavailableError
            The first one did not start; what it printed says why.
        """
        self._context.set_forkserver_preload(["server.preload"])
        try:
            await self._add()
        except WorkerDiedError as error:
            raise WorkersUnavailableError("the worker processes do not start") from error
        for _ in range(1, self._settings.workers):
            self._spawn(self._refill())

    async def close(self) -> None:
        """Kill all workers."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        self._workers.clear()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers there are."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    @property
    def alive(self) -> int:
        """Number of worker processes that live."""
        return sum(worker.alive for worker in self._workers)

    async def answers(self) -> bool:
        """Whether a worker answers; those that render are busy enough to be believed."""
        if self._idle.empty():
            return self.alive > 0
        worker = await self._take()
        try:
            return await worker.answers()
        finally:
            self._spawn(self._give_back(worker))

    async def stream(self, job: Job) -> AsyncGenerator[bytes, None]:
        """Render a job in a worker; give the bytes as they come.

        A worker that dies before its first byte costs a second try in another one.

        Raises
        ------
        RenderTimeoutError, WorkerDiedError, RenderFailedError
            As in `Worker.stream`.
        """
        for last in (False, True):
            with self._metrics.queue_seconds.time():
                worker = await self._take()
            started = False
            self.jobs += 1
            clock = time.perf_counter()
            try:
                async with aclosing(worker.stream(job)) as chunks:
                    async for chunk in chunks:
                        if not started:
                            started = True
                            self._metrics.first_byte_seconds.observe(time.perf_counter() - clock)
                        yield chunk
                self._learn(time.perf_counter() - clock)
                return
            except WorkerDiedError:
                log.warning("worker died", pid=worker.pid, started=started, again=not (started or last))
                if started or last:
                    raise
            finally:
                self._spawn(self._give_back(worker))

    def _learn(self, seconds: float) -> None:
        self._metrics.render_seconds.observe(seconds)
        self.mean_seconds += _SMOOTHING * (seconds - self.mean_seconds)

    async def _take(self) -> Worker:
        while True:
            worker = await self._idle.get()
            if worker.alive:
                return worker
            self._spawn(self._give_back(worker))

    async def _give_back(self, worker: Worker) -> None:
        """Put a worker back into its slot, or another one."""
        if worker.busy:
            await worker.abandon()
        if worker.alive and not worker.busy and not self._worn(worker):
            self._idle.put_nowait(worker)
            return
        self._metrics.workers_replaced.labels("worn" if worker.alive and not worker.busy else worker.end).inc()
        self._workers.discard(worker)
        worker.discard()
        await self._refill()

    def _worn(self, worker: Worker) -> bool:
        return worker.jobs >= self._settings.worker_jobs or worker.resident > self._settings.worker_resident

    async def _refill(self) -> None:
        delay = 0.1
        while not self._closing:
            try:
                await self._add()
            except WorkerDiedError:
                log.exception("no worker process", again_in=delay)
                await asyncio.sleep(delay)
                delay = min(2 * delay, 10)
            else:
                return

    async def _add(self) -> None:
        async with self._starting:
            worker = await Worker.start(self._context, self._equipment, self._settings.start_timeout)
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
