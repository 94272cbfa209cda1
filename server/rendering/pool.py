"""The pool of worker processes: it replaces those that end, and hands them orders."""

import asyncio
import multiprocessing
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any

from server.errors import WorkerDiedError, WorkersUnavailableError
from server.rendering.inside import main
from server.rendering.process import Worker
from server.rendering.wire import Order
from server.settings import Settings
from server.telemetry.logs import get_logger
from server.telemetry.metrics import Metrics

log = get_logger("pool")

_SMOOTHING = 0.2


class Pool:
    """A fixed number of slots, each with a worker process that is there or starting.

    Parameters
    ----------
    settings : Settings
        How many workers, and when they are replaced.
    references : tuple of str
        The functions of the catalog.
    metrics : Metrics
        Counts waits, deaths and replacements.
    """

    def __init__(self, settings: Settings, references: tuple[str, ...], metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        memory = int(settings.worker_memory)
        self._main = partial(main, references=references, paths=tuple(sys.path), memory=memory)
        self._context = multiprocessing.get_context("forkserver")
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._workers: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting = asyncio.Lock()
        self._closing = False
        self.mean_seconds = 1.0
        """Seconds that a render takes, the last ones counting most."""
        self.jobs = 0
        """Orders that were handed to a worker; a second try counts as one more."""

    async def start(self) -> None:
        """Start the workers.

        Raises
        ------
        WorkersUnavailableError
            The first one did not start; its output on standard error says why.
        """
        self._context.set_forkserver_preload(["server.rendering.preload"])
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
        """Process ids of the workers."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    @property
    def alive(self) -> int:
        """Number of worker processes that live."""
        return sum(worker.alive for worker in self._workers)

    async def ping(self) -> bool:
        """Ping an idle worker, and return whether it answers; if all of them render, whether one is alive."""
        if self._idle.empty():
            return self.alive > 0
        worker = await self._take()
        try:
            return await worker.ping()
        finally:
            self._spawn(self._give_back(worker))

    async def stream(self, order: Order) -> AsyncGenerator[bytes, None]:
        """Render an order in a worker; yield the bytes as they come.

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
                async with aclosing(worker.stream(order)) as chunks:
                    async for chunk in chunks:
                        if not started:
                            started = True
                            self._metrics.first_byte_seconds.observe(time.perf_counter() - clock)
                        yield chunk
                seconds = time.perf_counter() - clock
                self.mean_seconds += _SMOOTHING * (seconds - self.mean_seconds)
                self._metrics.render_seconds.observe(seconds)
                self._metrics.draw_seconds.observe(worker.report["drawing"])
                self._metrics.encode_seconds.labels(order.format).observe(worker.report["encoding"])
                return
            except WorkerDiedError:
                log.warning("worker died", pid=worker.pid, started=started, again=not (started or last))
                if started or last:
                    raise
            finally:
                self._spawn(self._give_back(worker))

    async def _take(self) -> Worker:
        while True:
            worker = await self._idle.get()
            if worker.alive:
                return worker
            self._spawn(self._give_back(worker))

    async def _give_back(self, worker: Worker) -> None:
        """Put a worker back into its slot, or another one in its place."""
        if worker.busy:
            await worker.abandon()
        well = worker.alive and not worker.busy
        if well and not self._spent(worker):
            self._idle.put_nowait(worker)
            return
        self._metrics.workers_replaced.labels("worn" if well else "killed" if worker.killed else "died").inc()
        self._workers.discard(worker)
        worker.discard()
        await self._refill()

    def _spent(self, worker: Worker) -> bool:
        return worker.jobs >= self._settings.worker_jobs or worker.report["resident"] > self._settings.worker_resident

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
            worker = await Worker.start(self._context, self._main, self._settings.start_timeout)
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
