"""What a render has yielded so far: for those who read it meanwhile, and in the end for the cache."""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable

from server.cache.disk import Draft

_PIECE = 1 << 18

Write = Callable[..., Awaitable[bool]]


class Recording:
    """The bytes of a render.

    Past *window* bytes they go to a draft on disk, if there is one, and only the last ones stay in memory. Without a
    draft, bytes leave the memory when all readers have them.

    Parameters
    ----------
    window : int
        Bytes to hold in memory.
    draft : Draft, optional
        Where the bytes of a large answer go.
    put : callable, optional
        Stores a small answer.
    write : callable
        Runs a method that writes in another thread, and returns whether it could.
    release : callable
        Closes a draft in the background.
    """

    def __init__(
        self,
        window: int,
        draft: Draft | None,
        put: Callable[[bytes], object] | None,
        write: Write,
        release: Callable[[Draft], object],
    ) -> None:
        self._window = window
        self._draft = draft
        self._put = put
        self._write = write
        self._release = release
        self._chunks: list[bytes] = []
        self._starts: list[int] = []
        self._drafting = draft is not None
        self._drafted = 0
        self._closed = False
        self.size = 0
        """Bytes that there have been."""

    @property
    def _start(self) -> int:
        """The place of the first byte in memory."""
        return self._starts[0] if self._starts else self.size

    @property
    def held(self) -> int:
        """Bytes in memory."""
        return self.size - self._start

    @property
    def whole(self) -> bool:
        """Whether all bytes from the first one on can be read."""
        return self._start == 0 or (self._start <= self._drafted and not self._closed)

    async def add(self, chunk: bytes) -> None:
        """Add bytes."""
        self._chunks.append(chunk)
        self._starts.append(self.size)
        self.size += len(chunk)
        if self._draft is not None and self._drafting and self.size > self._window:
            rest = b"".join(self._chunks) if self._drafted == 0 else chunk
            self._drafting = await self._write(self._draft.write, rest)
            if self._drafting:
                self._drafted = self.size

    def trim(self, place: int) -> bool:
        """Drop bytes before a place from memory if there are more than fit, and all that are on disk.

        Returns
        -------
        bool
            Whether the rest fits.
        """
        free = max(place, self._drafted)
        count = 0
        while count < len(self._chunks) - 1 and self.size - self._starts[count] > self._window:
            if self._starts[count + 1] > free:
                break
            count += 1
        del self._chunks[:count], self._starts[:count]
        return self.held <= self._window or len(self._chunks) <= 1

    async def read(self, place: int) -> bytes:
        """Return some of the bytes from a place on.

        Raises
        ------
        OSError
            They were on disk, and cannot be read.
        """
        if place < self._start and self._draft is not None:
            return await asyncio.to_thread(self._draft.read, place, min(self._drafted, place + _PIECE))
        index = bisect_right(self._starts, place) - 1
        return self._chunks[index][place - self._starts[index] :]

    async def finish(self) -> None:
        """Store the answer, which is complete."""
        if self._put is not None and self._start == 0 and self.size <= self._window:
            self._put(b"".join(self._chunks))
        elif self._draft is not None and self._drafting:
            self._drafting = await self._write(self._draft.keep)

    def close(self) -> None:
        """Release the draft; what is on disk alone cannot be read any more."""
        if self._draft is not None and self.size > self._window and not self._closed:
            self._closed = True
            self._release(self._draft)
