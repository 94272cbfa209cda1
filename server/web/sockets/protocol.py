"""Requests that aiohttp cannot parse are answered as all others are, and what a client does not take breaks off."""

import asyncio
import secrets
from typing import Any

from aiohttp import HttpVersion11, web

from server.telemetry.logs import get_logger
from server.telemetry.metrics import Metrics
from server.web.problems import SECURITY_HEADERS, SERVER, Problem
from server.web.sockets.breaking import reset

log = get_logger("requests")


class Protocol(web.RequestHandler):
    """Serves a connection.

    Parameters
    ----------
    server : Server
        From an application's runner.
    write_timeout : float
        Seconds that a client may take to accept the end of an answer.
    metrics : Metrics, optional
        Counts what could not be parsed.
    **options
        As for aiohttp's.
    """

    __slots__ = ("_metrics", "_write_timeout")

    def __init__(
        self, server: web.Server, write_timeout: float, metrics: Metrics | None = None, **options: Any
    ) -> None:
        super().__init__(server, **options)
        self._write_timeout = write_timeout
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
        # Since aiohttp 3.8 the request that stands for one that was not parsed is of HTTP/1.0, and so would be the
        # answer. There is no public way to say another version; where the attribute is gone, it stays so.
        request._version = HttpVersion11
        if isinstance(exc, UnicodeEncodeError) and "Expect" in request.headers:
            status = 417  # aiohttp quotes an Expect that it does not know in an answer, which must be UTF-8
        return self._refusal(status, exc)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer; one of aiohttp's own, such as that to an Expect that it does not know, is replaced.

        The connection breaks if the client does not take it.
        """
        if isinstance(resp, web.HTTPException) and resp.status >= 400:
            resp = self._refusal(resp.status, resp)
        try:
            async with asyncio.timeout(self._write_timeout):
                return await super().finish_response(request, resp, start_time)
        except TimeoutError:
            log.warning("answer broken off", error="TimeoutError")
            reset(self.transport)
            return resp, True

    def log_exception(self, *args: Any, **options: Any) -> None:
        """Log what goes wrong beside the answers; that a body cannot be decoded, the answer has said."""
        error = options.get("exc_info")
        if not isinstance(error, web.RequestPayloadError):
            log.error("connection broken off", exc_info=error)

    def _refusal(self, status: int, error: BaseException | None) -> web.Response:
        request_id = secrets.token_hex(8)
        if status < 500:
            log.info("request", status=status, reason=type(error).__name__, request_id=request_id)
        else:
            log.error("failed", exc_info=error, request_id=request_id)
        if self._metrics is not None:
            self._metrics.requests.labels("none", "none", str(status)).inc()
        title = "The request is malformed" if status < 500 else "Internal error"
        answer = Problem(status=status, title=title).response(request_id)
        answer.headers.update({**SECURITY_HEADERS, "Server": SERVER, "X-Request-ID": request_id})
        answer.force_close()
        return answer
