"""Around every request: give it an id, time it, log it, let it in or not, turn errors into answers."""

import json
import re
import secrets
import time
from contextvars import ContextVar

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from server.errors import ForbiddenError, ServerError
from server.telemetry.logs import get_logger
from server.web.keys import ACCESS, SERVICE
from server.web.problems import Problem, problem_of

log = get_logger("requests")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_PICTURES = "animation"
_OPEN = ("healthz", "readyz")

_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Set the id of the request, and write one line about it when it is over."""
    sent = request.headers.get("X-Request-ID", "")
    _request_id.set(sent if _ID.fullmatch(sent) else secrets.token_hex(8))
    structlog.contextvars.bind_contextvars(request_id=_request_id.get())  # for this request's task alone
    start = time.perf_counter()
    status = 499
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        seconds = time.perf_counter() - start
        route = _route(request)
        metrics = request.app[SERVICE].metrics
        metrics.requests.labels(route, request.method, str(status)).inc()
        metrics.request_seconds.labels(route).observe(seconds)
        log.info(
            "request", method=request.method, path=request.path, status=status, milliseconds=round(1000 * seconds, 1)
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
        headers = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        problem = Problem(status=error.status, title=error.reason, detail=detail, headers=headers)
    except ConnectionError:
        raise
    except Exception as error:
        problem = problem_of(error, debug=request.app[SERVICE].settings.debug)
        if not isinstance(error, ServerError):
            log.error("internal error", exc_info=error)
    return web.Response(
        status=problem.status,
        headers={"Cache-Control": "no-store", **problem.headers},
        body=json.dumps(problem.body(_request_id.get())).encode(),
        content_type="application/problem+json",
    )


@web.middleware
async def allow_origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a browser that asks whether a script of another origin may post."""
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
        return await handler(request)
    headers = {
        "Access-Control-Allow-Methods": "GET, HEAD, POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, Range, X-Request-ID",
        "Access-Control-Max-Age": "600",
    }
    return web.Response(status=204, headers=headers)


@web.middleware
async def authorize(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request in that shows a key or has a signed address; every request, if there are no keys."""
    access = request.app[ACCESS]
    if access.closed and _route(request) not in _OPEN:
        if access.signer is not None and _route(request) == _PICTURES and "signature" in request.query:
            if request.method not in ("GET", "HEAD"):
                raise ForbiddenError("a signature is good for GET only")
            access.signer.check(request.path, request.query.items())
        else:
            access.bearer.check(request.headers.get("Authorization", ""))
    return await handler(request)


@web.middleware
async def throttle(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the pictures that each client requests."""
    rate = request.app[ACCESS].rate
    if rate is not None and _route(request) == _PICTURES:
        rate.take(_client(request, request.app[SERVICE].settings.trusted_proxies))
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that every answer carries."""
    for name, value in _SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "figreel"  # aiohttp has set one with its version
    response.headers["X-Request-ID"] = _request_id.get()
    origins = request.app[SERVICE].settings.cors_origins
    origin = request.headers.get("Origin", "")
    if origins:
        response.headers.add("Vary", "Origin")
        if "*" in origins or origin in origins:
            response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
            response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, Server-Timing, X-Request-ID"


def _route(request: web.Request) -> str:
    """Return the name of the route; there are few, whatever clients send."""
    resource = request.match_info.route.resource
    return (resource.name if resource is not None else None) or "none"


def _client(request: web.Request, trusted_proxies: int) -> str:
    """Return the address of the client, as the outermost trusted proxy has written it into X-Forwarded-For."""
    hops = [hop.strip() for header in request.headers.getall("X-Forwarded-For", ()) for hop in header.split(",")]
    if 0 < trusted_proxies <= len(hops):
        return hops[-trusted_proxies]
    return request.remote or ""
