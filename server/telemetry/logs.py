"""The log of a server."""

import logging
import sys
from typing import Any, Literal

import structlog


def configure(format: Literal["text", "json"]) -> None:  # noqa: A002 -- the name of the setting
    """Write structured lines to standard error, each with the id of its request.

    Parameters
    ----------
    format : {"text", "json"}
        For people or for programs.
    """
    # Plain tracebacks: prettier ones show the values of variables, which may be secret.
    plain = structlog.dev.plain_traceback
    text: list[Any] = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    renderer: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *(renderer if format == "json" else text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
