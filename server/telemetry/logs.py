"""The log of a server: lines of the loggers below ``figreel``, each with the id of its request.

Where the lines go is up to the program: the command calls `configure`, and another program that mounts the application
routes the logger ``figreel`` as it likes.
"""

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal, cast

import structlog

_FIELDS = "figreel"
"""The attribute of a record that holds its event and all that is known about it."""

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
    handler.setFormatter(_Formatter(_RENDERERS[format]()))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("figreel").setLevel(logging.INFO)


Render = Callable[[Any, str, dict[str, Any]], str | bytes]


def _text() -> Render:
    # Plain tracebacks: prettier ones show the values of variables, which may be secret.
    render = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return lambda logger, name, fields: render(logger, name, {key: _printable(value) for key, value in fields.items()})


def _printable(value: Any) -> Any:
    """Return a text without what would command a terminal; whatever a client sends may be in it."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(
        one if one.isprintable() or one in "\n\r\t" else one.encode("unicode_escape").decode() for one in value
    )


_RENDERERS: Mapping[str, Callable[[], Render]] = {"text": _text, "json": structlog.processors.JSONRenderer}


def _as_record(_: Any, __: str, fields: MutableMapping[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    """Return the arguments for a method of a logger: a message that any handler can write, and the fields."""
    exception = fields.pop("exc_info", None)
    pairs = [f"{name}={value!r}" for name, value in fields.items() if name not in ("event", "traceback")]
    below = f"\n{fields['traceback']}" if fields.get("traceback") else ""
    message = " ".join([fields["event"], *pairs]) + below
    return (message,), {"extra": {_FIELDS: fields}, "exc_info": exception, "stacklevel": _STACK_LEVEL}


class _Formatter(logging.Formatter):
    """Writes a record with structlog's *render*."""

    def __init__(self, render: Render) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            **getattr(record, _FIELDS, {"event": record.getMessage(), "logger": record.name}),
        }
        tracebacks = [fields.pop("traceback", None), record.exc_info and self.formatException(record.exc_info)]
        if any(tracebacks):
            fields["exception"] = "\n".join(filter(None, tracebacks))
        return str(self._render(None, record.levelname.lower(), fields))
