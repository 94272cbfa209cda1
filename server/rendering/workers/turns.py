"""Who gets the next worker."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

from server.rendering.workers.process import Worker


class Turns:
    """Idle workers, and the renders that wait for one.

    A worker goes to the client that has the fewest at that moment, or among several to the one that has not got one for
    the longest time; and among its renders to the one that came first.
    """

    def __init__(self) -> None:
        self._idle: list[Worker] = []
        self._waiting: list[tuple[str, asyncio.Future[Worker]]] = []
        self._busy: Counter[str] = Counter()
        self._last: dict[str, int] = {}
        self._numbers = count(1)

    @property
    def idle(self) -> Sequence[Worker]:
        """The idle workers."""
        return tuple(self._idle)

    def put(self, worker: Worker) -> None:
        """Add an idle worker, or hand it to a render that waits."""
        if self._waiting:
            turn = min(self._waiting, key=lambda turn: (self._busy.get(turn[0], 0), self._last.get(turn[0], 0)))
            self._waiting.remove(turn)
            client, future = turn
            self._begin(client)
            future.set_result(worker)
        else:
            self._idle.append(worker)

    def remove(self, worker: Worker) -> None:
        """Forget a worker, if it is idle."""
        if worker in self._idle:
            self._idle.remove(worker)

    @asynccontextmanager
    async def worker(self, client: str, seconds: float) -> AsyncIterator[Worker]:
        """Wait for a worker; the turn ends with the context, and who ends it puts the worker back.

        Raises
        ------
        TimeoutError
            There was none within these seconds.
        """
        worker = await self._take(client, seconds)
        try:
            yield worker
        finally:
            self._leave(client)

    async def _take(self, client: str, seconds: float) -> Worker:
        if self._idle:
            self._begin(client)
            return self._idle.pop()  # the one that worked last: its caches are warm
        turn = client, asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(turn[1])
        except BaseException:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:  # it was handed over in the same moment
                self._leave(client)
                self.put(turn[1].result())
            raise

    def _begin(self, client: str) -> None:
        self._busy[client] += 1
        present = {client, *self._busy, *(other for other, _ in self._waiting)}
        self._last = {other: number for other, number in self._last.items() if other in present}
        self._last[client] = next(self._numbers)

    def _leave(self, client: str) -> None:
        self._busy[client] -= 1
        if not self._busy[client]:
            del self._busy[client]
