"""The pool of worker processes: it replaces those that end, and hands them orders."""

import asyncio
import math
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any
from weakref import WeakSet

from server.catalog.code import code_roots
from server.errors import (
    RenderFailedError,
    RenderTimeoutError,
    ServerError,
    WorkerDiedError,
    WorkersUnavailableError,
)
from server.rendering.workers.forkserver import fork_server
from server.rendering.workers.process import Worker
from server.rendering.workers.program import check_that_a_server_may_start, main_program
from server.rendering.workers.turns import Turns
from server.rendering.workers.wire import Equipment, Order
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
    modules : tuple of str
        Other modules that workers import before those of the functions.
    """

    def __init__(
        self, settings: Settings, references: tuple[str, ...], metrics: Metrics, modules: tuple[str, ...] = ()
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        roots = code_roots([*references, *modules])
        self._equipment = Equipment(
            modules=modules,
            references=references,
            paths=tuple(sys.path),
            code={name: str(path) for name, path in roots.items()},
            main=main_program() if any(name.startswith("__main__:") for name in references) else {},
            memory=int(settings.worker_memory),
        )
        self._forks = fork_server()
        self._turns = Turns()
        self._workers: set[Worker] = set()
        self._started: WeakSet[Worker] = WeakSet()
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting = asyncio.Lock()
        self._closing = False
        self.code = ""
        """The version of the code that workers run, and of the libraries, fonts and settings that they have."""
        self.on_new_code: Callable[[], object] = lambda: None
        """Called when that has changed."""
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
        check_that_a_server_may_start()
        try:
            await self._add()
        except (WorkerDiedError, RenderFailedError) as error:
            await self.close()
            if isinstance(error, RenderFailedError) and error.traceback:
                _log(error)
            raise WorkersUnavailableError(f"the worker processes do not start: {error}") from error
        for _ in range(1, self._settings.workers):
            self._spawn(self._refill())

    async def close(self) -> None:
        """Kill all workers."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._workers:
            worker.kill()
        await asyncio.gather(*(worker.wait() for worker in self._started))

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    @property
    def fork_server(self) -> int | None:
        """Process id of the process from which workers are forked."""
        return self._forks.pid

    @property
    def alive(self) -> int:
        """Number of worker processes that live."""
        return sum(worker.alive for worker in self._workers)

    async def ping(self) -> bool:
        """Ping an idle worker, and return whether it answers; if all of them render, whether one is alive."""
        if not self._turns.idle:
            return self.alive > 0
        async with self._turns.worker("", 0) as worker:
            try:
                return await worker.ping()
            finally:
                self._spawn(self._give_back(worker))

    async def stream(
        self, order: Order, client: str = "", on_kill: Callable[[], object] = lambda: None
    ) -> AsyncGenerator[bytes, None]:
        """Render an order in a worker; yield the bytes as they come.

        A worker that dies before its first byte costs a second try in another one.

        Parameters
        ----------
        order : Order
            What to render.
        client : str
            Who gets a worker in its turn.
        on_kill : callable
            Called when the worker is killed at the deadline.

        Raises
        ------
        WorkersUnavailableError
            No worker became free in time, or workers run other code than the order names.
        RenderTimeoutError, WorkerDiedError, RenderFailedError
            As in `Worker.stream`.
        """
        for last in (False, True):
            started = False
            waiting = time.perf_counter()
            try:
                async with self._turns.worker(client, self._settings.queue_timeout) as worker:
                    self._metrics.queue_seconds.observe(time.perf_counter() - waiting)
                    try:
                        if worker.code != order.code:
                            raise WorkersUnavailableError("the code of the animations has just changed", 1)
                        async with aclosing(self._timed(worker, order, on_kill)) as chunks:
                            async for chunk in chunks:
                                started = True
                                yield chunk
                        return
                    finally:
                        self._spawn(self._give_back(worker))
            except TimeoutError:
                raise WorkersUnavailableError("no worker became free in time", self._retry_after()) from None
            except WorkerDiedError:
                log.warning("worker died", pid=worker.pid, started=started, again=not (started or last))
                if started or last:
                    raise

    async def _timed(self, worker: Worker, order: Order, on_kill: Callable[[], object]) -> AsyncGenerator[bytes, None]:
        """Render an order in this worker, and observe how long it takes."""
        self.jobs += 1
        first = True
        clock = time.perf_counter()
        try:
            async with aclosing(worker.stream(order, on_kill)) as chunks:
                async for chunk in chunks:
                    if first:
                        first = False
                        self._metrics.first_byte_seconds.observe(time.perf_counter() - clock)
                    yield chunk
        except RenderTimeoutError:
            self._learn(order.timeout)
            raise
        seconds = time.perf_counter() - clock
        self._learn(seconds)
        self._metrics.render_seconds.observe(seconds)
        self._metrics.draw_seconds.observe(worker.report["drawing"])
        self._metrics.encode_seconds.labels(order.format).observe(worker.report["encoding"])

    def _learn(self, seconds: float) -> None:
        self.mean_seconds += _SMOOTHING * (seconds - self.mean_seconds)

    def _retry_after(self) -> int:
        return max(1, math.ceil(self.mean_seconds))

    async def _give_back(self, worker: Worker) -> None:
        """Let a worker take its next turn, or end it; its end brings another one in its place."""
        if worker.busy:
            await worker.abandon()
        if worker not in self._workers or not worker.alive:
            return
        if worker.code != self.code:
            worker.kill("outdated")
        elif self._spent(worker):
            worker.kill("worn")
        else:
            self._turns.put(worker)

    def _spent(self, worker: Worker) -> bool:
        report = worker.report
        full = report["resident"] > self._settings.worker_resident
        return full or report["children"] or worker.jobs >= self._settings.worker_jobs

    def _replace(self, worker: Worker) -> None:
        """Put another worker in the place of one that has ended, whatever its last render does."""
        self._turns.remove(worker)
        self._workers.discard(worker)
        if not self._closing:
            self._metrics.workers_replaced.labels(worker.ending).inc()
            self._spawn(self._refill())

    async def _refill(self) -> None:
        delay = 0.1
        while not self._closing:
            try:
                await self._add()
            except (WorkerDiedError, RenderFailedError) as error:
                _log(error, again_in=delay)
                await asyncio.sleep(delay)
                delay = min(2 * delay, 10)
            else:
                return

    async def _add(self) -> None:
        async with self._starting:
            worker = await Worker.start(self._forks, self._equipment, self._settings.start_timeout)
        self._workers.add(worker)
        self._started.add(worker)
        worker.on_end(partial(self._replace, worker))
        if worker.code != self.code:
            self._adopt(worker.code)
        self._turns.put(worker)

    def _adopt(self, code: str) -> None:
        """Let other code count from now on, and replace the workers that run the code before."""
        if self.code:
            log.info("the code of the animations has changed")
        self.code = code
        for worker in self._turns.idle:
            worker.kill("outdated")
        self.on_new_code()

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _log(error: ServerError, **more: Any) -> None:
    """Write why a worker process does not start, with the frames of the catalog's author if it is that code."""
    traceback = error.traceback if isinstance(error, RenderFailedError) else ""
    log.error("no worker process", reason=str(error), traceback=traceback, **more)
