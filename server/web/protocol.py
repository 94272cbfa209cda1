"""Requests that aiohttp cannot parse are answered as all others are."""

import secrets
from typing import Any

import structlog
from aiohttp import HttpVersion11, web

from server.telemetry.metrics import Metrics
from server.web.problems import SECURITY_HEADERS, SERVER, Problem

log = structlog.get_logger("figreel.requests")


class Protocol(web.RequestHandler):
    """Serves a connection.

    Parameters
    ----------
    server : Server
        From an application's runner.
    metrics : Metrics, optional
        Counts what could not be parsed.
    **options
        As for aiohttp's.
    """

    __slots__ = ("_metrics",)

    def __init__(self, server: web.Server, metrics: Metrics | None = None, **options: Any) -> None:
        super().__init__(server, **options)
        self._metrics = metrics

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the answer to a request that could not be parsed, or whose handler failed outside of ours.

        The parser's message is not sent: it has the request's bytes in it.
        """
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        request_id = secrets.token_hex(8)
        malformed = status < 500
        title = "The request is malformed" if malformed else "Internal error"
        answer = Problem(status=status, title=title).response(request_id)
        answer.headers.update({**SECURITY_HEADERS, "Server": SERVER, "X-Request-ID": request_id})
        answer.force_close()
        if malformed:
            # Since aiohttp 3.8 the request that stands for one that was not parsed is of HTTP/1.0, and so would be the
            # answer. There is no public way to say another version; where the attribute is gone, it stays so.
            request._version = HttpVersion11
            log.info("request", status=status, reason=type(exc).__name__, request_id=request_id)
        else:
            log.error("failed", exc_info=exc, request_id=request_id)
        if self._metrics is not None:
            self._metrics.requests.labels("none", "none", str(status)).inc()
        return answer
