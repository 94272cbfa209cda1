"""Answers that are the same for every request: made once, compressed once, with a strong entity tag."""

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Representation:
    """The bytes of a document in one coding.

    Attributes
    ----------
    body : bytes
        The bytes.
    etag : str
        Their entity tag, in quotes.
    coding : str
        ``"gzip"``, or empty for the plain bytes.
    """

    body: bytes
    etag: str
    coding: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A text, plain and compressed; the plain one stands for both where compression does not pay."""

    plain: Representation
    compressed: Representation

    @classmethod
    def of(cls, text: str) -> "Document":
        """Encode and compress a text."""
        body = text.encode()
        digest = hashlib.sha256(body).hexdigest()[:32]
        plain = Representation(body, f'"{digest}"')
        packed = gzip.compress(body, mtime=0)
        if len(packed) >= len(body):
            return cls(plain, plain)
        return cls(plain, Representation(packed, f'"{digest}-gzip"', "gzip"))


class Documents:
    """Documents by key, each made once, in a thread, when it is first needed.

    Parameters
    ----------
    capacity : int
        Documents to hold at most; those that were asked for least recently go first.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._made: OrderedDict[Hashable, asyncio.Task[Document]] = OrderedDict()

    async def get(self, key: Hashable, text: Callable[[], str]) -> Document:
        """Return the document of a key; *text* returns what it says, and runs in a thread."""
        task = self._made.get(key)
        if task is None:
            task = self._made[key] = asyncio.create_task(asyncio.to_thread(lambda: Document.of(text())))
            while len(self._made) > self._capacity:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        try:
            return await asyncio.shield(task)  # others may wait for it
        except Exception:
            if self._made.get(key) is task:
                del self._made[key]
            raise
