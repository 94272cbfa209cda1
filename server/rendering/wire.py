"""What the server and a worker process say to each other, over a pair of sockets.

The server sends jobs, one JSON object a line; a second line during a job means that nobody wants it any more. The
worker answers with messages: a kind, a length and that many bytes. Nothing a worker sends is unpickled.
"""

import asyncio
import json
import struct
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, NamedTuple

from renderer import Limits

__all__ = ["PING", "Job", "Kind", "Message", "Messages", "pack"]

PING = b"ping\n"
"""A line that an idle worker answers with `Kind.READY`."""

_HEAD = struct.Struct("!cI")


class Kind(Enum):
    """What a message is about."""

    READY = b"R"
    CHUNK = b"C"
    DONE = b"D"
    FAILED = b"F"


class Message(NamedTuple):
    """One message of a worker. All but chunks are JSON."""

    kind: Kind
    body: bytes

    def fields(self) -> dict[str, Any]:
        """Give the JSON object that the body holds."""
        fields: dict[str, Any] = json.loads(self.body)
        return fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One render.

    Attributes
    ----------
    reference : str
        Where the animation's function is found.
    format : str
        Format of the answer; ``"png"`` of one frame if *still*.
    still : bool
        Whether one frame is wanted.
    values : str
        Validated parameters, as JSON.
    limits : Limits
        What the render may use.
    timeout : float
        Seconds after which the process is killed.
    """

    reference: str
    format: str
    still: bool
    values: str
    limits: Limits
    timeout: float

    def line(self) -> bytes:
        """Write the job on one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Job":
        """Read what `line` wrote."""
        fields = json.loads(line)
        return cls(**{**fields, "limits": Limits(**fields["limits"])})


def pack(kind: Kind, body: bytes) -> bytes:
    """Write a message."""
    return _HEAD.pack(kind.value, len(body)) + body


class Messages:
    """Reads messages; a wait that is cancelled loses nothing."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._head: tuple[Kind, int] | None = None

    async def next(self) -> Message:
        """Wait for the next message.

        Raises
        ------
        asyncio.IncompleteReadError
            The worker is gone.
        """
        if self._head is None:
            kind, length = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
            self._head = Kind(kind), length
        kind, length = self._head
        body = await self._reader.readexactly(length)
        self._head = None
        return Message(kind, body)

    def at_eof(self) -> bool:
        """Whether there will be no more."""
        return self._reader.at_eof()
