"""The log of a server: lines of the loggers below ``figreel``, each with the id of its request.

Where the lines go is up to the program: the command calls `configure`, and another program that mounts the application
routes the logger ``figreel`` as it likes.
"""

import logging
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal, cast

import structlog

_STACK_LEVEL = 4
"""Calls between that of a method of structlog's and that of the logger, by which a record knows its line of code."""


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger whose methods take an event and what is known about it, as keywords.

    The keyword ``traceback`` is a text of several lines, which stands below the others.

    Parameters
    ----------
    name : str
        Name of the logger, below ``figreel``.
    """
    processors: list[structlog.typing.Processor] = [
        structlog.stdlib.filter_by_level,
        structlog.contextvars.merge_contextvars,
        _as_record,
    ]
    logger = structlog.wrap_logger(
        logging.getLogger(f"figreel.{name}"),
        processors,
        structlog.stdlib.BoundLogger,
        dict,
        cache_logger_on_first_use=True,
    )
    return cast("structlog.stdlib.BoundLogger", logger)


def configure(format: Literal["text", "json"]) -> None:  # noqa: A002 -- the name of the setting
    """Write all lines to standard error, those of other libraries from warnings on.

    Parameters
    ----------
    format : {"text", "json"}
        For people or for programs.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FORMATTERS[format]())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("figreel").setLevel(logging.INFO)
    # What no line says need not be found out, as "Optimization" in the HOWTO of logging recommends.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def enable() -> None:
    """Let the loggers below ``figreel`` write again; `logging.config` disables all that it is not told of."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] == "figreel" and isinstance(logger, logging.Logger):
            logger.disabled = False


class Event(dict[str, Any]):
    """What has happened, and what is known about it, by name; the text of it is one that any handler can write."""

    def __str__(self) -> str:
        pairs = [f"{name}={value!r}" for name, value in self.items() if name not in ("event", "traceback")]
        below = f"\n{self['traceback']}" if self.get("traceback") else ""
        text = " ".join([self["event"], *pairs]) + below
        return text.encode(errors="backslashreplace").decode()  # a lone surrogate has no encoding


def _as_record(_: Any, __: str, fields: MutableMapping[str, Any]) -> tuple[tuple[Event], dict[str, Any]]:
    """Return the arguments for a method of a logger."""
    exception = fields.pop("exc_info", None)
    return (Event(fields),), {"exc_info": exception, "stacklevel": _STACK_LEVEL}


class _Plain(logging.Formatter):
    """Writes a record as one line, and its traceback below."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return _printable(super().format(record))


class _Rendered(logging.Formatter):
    """Writes a record with a renderer of structlog's."""

    def __init__(self, render: Callable[[Any, str, dict[str, Any]], str | bytes]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        event = record.msg if isinstance(record.msg, Event) else {"event": record.getMessage(), "logger": record.name}
        moment = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        fields = {"timestamp": moment, "level": record.levelname.lower(), **event}
        tracebacks = [fields.pop("traceback", None), record.exc_info and self.formatException(record.exc_info)]
        if any(tracebacks):
            fields["exception"] = "\n".join(filter(None, tracebacks))
        return str(self._render(None, record.levelname.lower(), fields))


def _text() -> logging.Formatter:
    if not sys.stderr.isatty():
        return _Plain()
    # Plain tracebacks: prettier ones show the values of variables, which may be secret.
    render = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return _Rendered(
        lambda logger, name, fields: render(
            logger, name, {key: _printable(value) if isinstance(value, str) else value for key, value in fields.items()}
        )
    )


def _printable(text: str) -> str:
    """Return a text without what would command a terminal; whatever a client sends may be in it."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in "\n\r\t" else one.encode("unicode_escape").decode() for one in text
    )


_FORMATTERS: Mapping[str, Callable[[], logging.Formatter]] = {
    "text": _text,
    "json": lambda: _Rendered(structlog.processors.JSONRenderer()),
}
