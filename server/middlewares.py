"""What is done around every request: name it, time it, write it down, turn errors into answers."""

import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

import structlog
from aiohttp import web

from server.errors import Problem, RenderFailedError, problem_of

__all__ = ["add_security_headers", "identify", "report_problems"]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger("figreel.requests")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and write one line about it when it is over."""
    given = request.headers.get("X-Request-ID", "")
    _request_id.set(given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8))
    started = time.perf_counter()
    with structlog.contextvars.bound_contextvars(request_id=_request_id.get()):
        status = 499
        try:
            response = await handler(request)
            status = response.status
            return response
        finally:
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=status,
                milliseconds=round(1000 * (time.perf_counter() - started), 1),
            )


@web.middleware
async def report_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors with ``application/problem+json``."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        detail = "" if error.text == f"{error.status}: {error.reason}" else error.text or ""
        kept = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        problem = Problem(status=error.status, title=error.reason, detail=detail, headers=kept)
    except ConnectionError:
        raise
    except Exception as error:
        problem = problem_of(error)
        if problem.status == 500:
            log.error("failed", exc_info=error, inside=getattr(error, "traceback", None))
        elif isinstance(error, RenderFailedError):
            log.info("refused", reason=str(error))
    return web.Response(
        status=problem.status,
        headers={"Cache-Control": "no-store", **(problem.headers or {})},
        body=json.dumps(problem.body(_request_id.get())).encode(),
        content_type="application/problem+json",
    )


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that every answer carries."""
    for name, value in _SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "figreel"  # aiohttp has set one that tells its version
    response.headers["X-Request-ID"] = _request_id.get()
