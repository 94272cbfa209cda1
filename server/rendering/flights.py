"""One render for each key at a time, however many requests wait for it.

The first request for a key starts the render. Requests that come while it runs join it and get the same bytes from the
beginning. The render goes on until it is complete or the last of these requests has left.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from server.cache.recording import Recording
from server.errors import ReaderTooSlowError

Chunks = AsyncGenerator[bytes, None]


class _Reader:
    """A reader, and how many bytes it has taken."""

    def __init__(self) -> None:
        self.place = 0
        self.dropped = False


class Flight:
    """A render, and the readers of its bytes.

    Where the recording has no more room, the render waits for the slowest reader. If no reader takes anything for
    *patience* seconds, those that hold the render up are dropped.

    Parameters
    ----------
    chunks : async generator of bytes
        The render.
    recording : Recording
        Holds the bytes for the readers.
    patience : float
        Seconds that a render waits for its readers.
    """

    def __init__(self, chunks: Chunks, recording: Recording, patience: float) -> None:
        self._source = chunks
        self._recording = recording
        self._patience = patience
        self._readers: set[_Reader] = set()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._hurried = False
        self._done = False
        self._error: Exception | None = None
        self.task = asyncio.create_task(self._fly())

    @property
    def joinable(self) -> bool:
        """Whether a new reader could still read it from the beginning."""
        return self._recording.whole and self._error is None and not self.task.cancelling()

    @property
    def held(self) -> int:
        """Bytes that are held in memory."""
        return self._recording.held

    def hurry(self) -> None:
        """Wait for readers no more: the render has ended, and what it still yields is little."""
        self._hurried = True
        self._room.set()

    async def read(self) -> Chunks:
        """Yield the bytes from the beginning.

        Raises
        ------
        ReaderTooSlowError
            The render did not wait any longer.
        Exception
            The exception that the render raised.
        """
        reader = _Reader()
        self._readers.add(reader)
        try:
            while True:
                while reader.place < self._recording.size and not reader.dropped:
                    piece = await self._recording.read(reader.place)
                    reader.place += len(piece)
                    self._room.set()
                    yield piece
                if reader.dropped:
                    raise ReaderTooSlowError("a reader was too slow for the render to wait")
                if self._error is not None:
                    raise self._error
                if self._done:
                    return
                await self._news.wait()
        finally:
            self._leave(reader)

    async def _fly(self) -> None:
        try:
            async with aclosing(self._source) as chunks:
                async for chunk in chunks:
                    await self._recording.add(chunk)
                    self._announce()
                    await self._make_room()
            await self._recording.finish()
        except Exception as error:
            self._error = error
        finally:
            self._done = True
            self._announce()
            self._tidy()

    def _announce(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _make_room(self) -> None:
        while not self._recording.trim(self._slowest()) and not self._hurried:
            self._room.clear()
            try:
                async with asyncio.timeout(self._patience):
                    await self._room.wait()
            except TimeoutError:
                self._drop(self._slowest())

    def _slowest(self) -> int:
        return min((reader.place for reader in self._readers), default=self._recording.size)

    def _drop(self, place: int) -> None:
        for reader in [reader for reader in self._readers if reader.place == place]:
            reader.dropped = True
            self._leave(reader)

    def _leave(self, reader: _Reader) -> None:
        self._readers.discard(reader)
        self._room.set()
        if not self._readers:
            self.task.cancel()
        self._tidy()

    def _tidy(self) -> None:
        if self._done and not self._readers:
            self._recording.close()
