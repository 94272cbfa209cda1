"""One render for each key at a time, however many requests wait for it.

The first request for a key starts the render. Requests that come while it runs join it and get the same bytes from the
beginning. The render goes on until it is complete or the last of these requests has left.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

Chunks = AsyncGenerator[bytes, None]


class Flight:
    """A render, and the readers of its bytes.

    The bytes are held for readers that join later. Past *window* bytes, the chunks that all readers have read are
    dropped: nobody can join any more, and the render waits for the slowest reader.

    Parameters
    ----------
    chunks : async generator of bytes
        The render.
    window : int
        Bytes to hold.
    """

    def __init__(self, chunks: Chunks, window: int) -> None:
        self._source = chunks
        self._window = window
        self._chunks: list[bytes] = []
        self._dropped = 0
        self.held = 0
        """Bytes that are held."""
        self._readers: dict[object, int] = {}
        """The chunks that each reader has read."""
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._done = False
        self._error: Exception | None = None
        self.task = asyncio.create_task(self._fly())

    @property
    def joinable(self) -> bool:
        """Whether a new reader could still read it from the beginning."""
        return self._dropped == 0 and self._error is None and not self.task.cancelling()

    async def read(self) -> Chunks:
        """Yield the bytes from the beginning.

        Raises
        ------
        Exception
            The exception that the render raised.
        """
        reader = object()
        self._readers[reader] = 0
        try:
            while True:
                while self._readers[reader] < self._dropped + len(self._chunks):
                    chunk = self._chunks[self._readers[reader] - self._dropped]
                    self._readers[reader] += 1
                    self._room.set()
                    yield chunk
                if self._error is not None:
                    raise self._error
                if self._done:
                    return
                await self._news.wait()
        finally:
            del self._readers[reader]
            self._room.set()
            if not self._readers:
                self.task.cancel()

    async def _fly(self) -> None:
        try:
            async with aclosing(self._source) as chunks:
                async for chunk in chunks:
                    self._chunks.append(chunk)
                    self.held += len(chunk)
                    self._announce()
                    while self.held > self._window:
                        await self._make_room()
        except Exception as error:
            self._error = error
        finally:
            self._done = True
            self._announce()

    def _announce(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _make_room(self) -> None:
        slowest = min(self._readers.values(), default=self._dropped)
        self.held -= sum(map(len, self._chunks[: slowest - self._dropped]))
        del self._chunks[: slowest - self._dropped]
        self._dropped = slowest
        if self.held > self._window:
            self._room.clear()
            await self._room.wait()
