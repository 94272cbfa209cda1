"""What the server and a worker process say to each other, over a pair of sockets.

The server sends the equipment and then orders, one JSON object a line; a second line during a render cancels it. The
worker answers with messages: a kind, a length and that many bytes. Nothing that a worker sends is unpickled.
"""

import asyncio
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from renderer import FormatError, LimitError, Limits, OptionError, user_traceback
from server.errors import ParameterError, RenderFailedError, TooLargeError

PING = b"ping\n"
"""A line that an idle worker answers with `Kind.READY`."""

_HEAD = struct.Struct("!cI")
_LONGEST = 1 << 20
"""Bytes of a message; workers send less."""


class Kind(Enum):
    """What a message says."""

    READY = b"R"
    CHUNK = b"C"
    DONE = b"D"
    FAILED = b"F"


class Message(NamedTuple):
    """One message of a worker: the bytes of a chunk, or the fields of any other kind."""

    kind: Kind
    body: bytes
    fields: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Equipment:
    """What a worker process has to know before its first order.

    Attributes
    ----------
    modules : sequence of str
        Modules that it imports first.
    references : sequence of str
        The functions of the catalog, which it imports.
    paths : sequence of str
        Folders to import them from, in order.
    code : mapping of str to str
        The files of these modules and of the functions', by the modules' names.
    main : mapping
        The main program, as `server.rendering.workers.program.run_main_program` takes it; empty if no function is in
        it.
    memory : int
        Bytes of address space that it may add to those with which it starts.
    """

    modules: Sequence[str]
    references: Sequence[str]
    paths: Sequence[str]
    code: Mapping[str, str]
    main: Mapping[str, Any]
    memory: int

    @property
    def roots(self) -> dict[str, Path]:
        """The files of these modules, as `server.catalog.code` takes them."""
        return {name: Path(path) for name, path in self.code.items()}

    def line(self) -> bytes:
        """Write the equipment on one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Equipment":
        """Read a line that `line` wrote."""
        return cls(**json.loads(line))


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One render.

    Attributes
    ----------
    reference : str
        Leads to the animation's function.
    format : str
        Name of the format.
    still : bool
        Whether that is a format of still pictures.
    values : str
        Parameters as the client wrote them, as JSON.
    code : str
        The version of the code that is to draw it.
    limits : Limits
        What the render may use.
    timeout : float
        Seconds after which the process is killed.
    """

    reference: str
    format: str
    still: bool
    values: str
    code: str
    limits: Limits
    timeout: float

    def line(self) -> bytes:
        """Write the order on one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Order":
        """Read a line that `line` wrote."""
        fields = json.loads(line)
        return cls(**{**fields, "limits": Limits(**fields["limits"])})


def report(error: BaseException) -> dict[str, Any]:
    """Describe an error: a case and a message for the client, the traceback for the log."""
    fields: dict[str, Any] = {"case": "error", "message": _message(error)[:1000]}
    match error:
        case ParameterError():
            fields = {"case": "parameter", "field": error.parameter, "message": error.message}
        case OptionError():
            fields |= {"case": "parameter", "field": error.option}
        case LimitError() | FormatError():
            fields["case"] = "size"
        case MemoryError():
            fields = {"case": "size", "message": "it needs more memory than a render may take"}
    traceback = error.traceback if isinstance(error, RenderFailedError) else user_traceback(error)
    return fields | {"traceback": traceback[-8000:]}


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an author's class may do so
        return type(error).__name__


def failure(fields: Mapping[str, Any]) -> RenderFailedError:
    """Return the error that `report` described."""
    match fields["case"]:
        case "parameter":
            return ParameterError(fields["field"], fields["message"])
        case "size":
            return TooLargeError(fields["message"])
    return RenderFailedError(fields["message"], fields["traceback"])


def pack(kind: Kind, body: bytes) -> bytes:
    """Write a message."""
    return _HEAD.pack(kind.value, len(body)) + body


class Messages:
    """Reads messages; a wait that is canceled loses nothing."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._head: tuple[Kind, int] | None = None

    async def next(self) -> Message:
        """Wait for the next message.

        Raises
        ------
        asyncio.IncompleteReadError
            The worker is gone.
        ValueError
            What comes is no message.
        """
        if self._head is None:
            kind, length = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
            if length > _LONGEST:
                raise ValueError("a message is too long")
            self._head = Kind(kind), length
        kind, length = self._head
        body = await self._reader.readexactly(length)
        self._head = None
        return Message(kind, body, {}) if kind is Kind.CHUNK else Message(kind, b"", json.loads(body))

    def at_eof(self) -> bool:
        """Whether there will be no more."""
        return self._reader.at_eof()
