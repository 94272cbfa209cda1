"""Around every request: give it an id, time it, log it, let it in or not, turn errors into answers."""

import asyncio
import re
import secrets
import time
from contextvars import ContextVar

import structlog
from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Handler

from server.errors import CrowdedError, ForbiddenError, MalformedRequestError, ServerError
from server.telemetry.logs import get_logger
from server.web.answers import broken_off, status_of_canceled
from server.web.headers.caching import signed
from server.web.headers.conditions import prefers_html
from server.web.headers.fields import header
from server.web.headers.outside import is_host, outside
from server.web.headers.tracing import trace_id
from server.web.keys import ACCESS, DOCUMENTS, IN_PROGRESS, SERVICE
from server.web.pages.views import problem_page
from server.web.problems import LEFT, SECURITY_HEADERS, SERVER, Problem, problem_of

log = get_logger("requests")

PREFIXED = "prefixed:"
"""Begins the names of routes below ``root_path``."""

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
"""Methods of RFC 9110 and PATCH. Metrics call all others "other", so that clients cannot add to the labels."""

_OPEN = ("healthz", "readyz")
"""Routes that need no key and count in no rate: supervisors ask for them."""


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Set the id of the request, and write one line about it when it is over."""
    sent = request.headers.get("X-Request-ID", "")
    _request_id.set(sent if _ID.fullmatch(sent) else secrets.token_hex(8))
    # aiohttp makes a task for each request, so that these are of this request alone.
    structlog.contextvars.bind_contextvars(request_id=_request_id.get(), **trace_id(request))
    return await _watched(request, handler)


async def _watched(request: web.Request, handler: Handler) -> web.StreamResponse:
    broken_off.set(0)
    start = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        _say_close(request, response)
        return response
    except web.HTTPException as redirect:
        status = redirect.status
        _say_close(request, redirect)
        raise
    except ConnectionError:
        status = LEFT
        raise
    except asyncio.CancelledError:
        status = status_of_canceled(request)
        raise
    finally:
        _count(request, broken_off.get() or status, time.perf_counter() - start)


def _say_close(request: web.Request, response: web.StreamResponse) -> None:
    """Say in an answer that the connection closes, where aiohttp closes it and would not say so."""
    if request.content.exception() is not None or request.app[SERVICE].draining:
        response.force_close()


def _count(request: web.Request, status: int, seconds: float) -> None:
    """Count and log a request that is over."""
    route = _route(request)
    method = request.method if request.method in _METHODS else "other"
    metrics = request.app[SERVICE].metrics
    metrics.requests.labels(route, method, str(status)).inc()
    metrics.request_seconds.labels(route).observe(seconds)
    more = {"broken_off": True} if broken_off.get() else {}
    milliseconds = round(1000 * seconds, 1)
    log.info("request", method=request.method, path=request.path, status=status, milliseconds=milliseconds, **more)


@web.middleware
async def report_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors with ``application/problem+json``, or with a page for who prefers HTML where there are pages."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        detail = "" if error.text == f"{error.status}: {error.reason}" else error.text or ""
        headers = {"Allow": _allowed(error)} if isinstance(error, web.HTTPMethodNotAllowed) else {}
        problem = Problem(status=error.status, title=error.reason, detail=detail, headers=headers)
    except ConnectionError:
        raise
    except Exception as error:
        problem = problem_of(error, debug=request.app[SERVICE].settings.debug)
        if not isinstance(error, ServerError):
            log.error("internal error", exc_info=error)
    has_pages = DOCUMENTS in request.app
    if has_pages and prefers_html(header(request, "Accept")):
        return problem_page(request, problem, _request_id.get())
    return problem.response(_request_id.get())


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request of another HTTP than 1, and one whose Host is none, as RFC 9110 and RFC 9112 demand."""
    if request.version.major != 1:
        raise web.HTTPVersionNotSupported
    hosts = request.headers.getall("Host", ())
    needed = request.version >= HttpVersion11
    if len(hosts) > 1 or (needed and not hosts) or not all(map(is_host, hosts)):
        raise MalformedRequestError("Host must be there once, and name a host")
    return await handler(request)


@web.middleware
async def answer_options(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with the methods of a path, and tell a browser whether a script of another origin may use them."""
    if request.method != "OPTIONS":
        return await handler(request)
    error = request.match_info.http_exception
    if not isinstance(error, web.HTTPMethodNotAllowed):
        return await handler(request)
    methods = _allowed(error)
    if "Access-Control-Request-Method" not in request.headers:
        return web.Response(status=204, headers={"Allow": methods})
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, Range, X-Request-ID",
        "Access-Control-Max-Age": "600",
    }
    return web.Response(status=204, headers=headers)


@web.middleware
async def authorize(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request in that shows a key or has a signed address; every request, if there are no keys."""
    access = request.app[ACCESS]
    if access.closed and _route(request) not in _OPEN:
        if access.signer is not None and signed(request):
            if request.method not in ("GET", "HEAD"):
                raise ForbiddenError("a signature is good for GET only")
            # The path below every prefix, so that an address holds inside and outside of a proxy.
            path = "/animations/{name}.{format}".format(**request.match_info)
            access.signer.check(path, request.query.items())
        else:
            access.bearer.check(request.headers.get("Authorization", ""))
    return await handler(request)


@web.middleware
async def throttle(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the requests of each client: those of a period of time, and those in progress."""
    rate, places = request.app[ACCESS].rate, request.app.get(IN_PROGRESS)
    if (rate is None and places is None) or _route(request) in _OPEN:
        return await handler(request)
    client = outside(request).network
    if rate is not None:
        rate.take(client)
    if places is None:
        return await handler(request)
    if not places.enter(client):
        raise CrowdedError("there are too many requests in progress from this address")
    try:
        return await handler(request)
    finally:
        places.leave(client)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that every answer carries."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = SERVER  # aiohttp has set one with its version
    response.headers.setdefault("X-Request-ID", _request_id.get())
    origins = request.app[SERVICE].settings.cors_origins
    origin = request.headers.get("Origin", "")
    if origins:
        response.headers.add("Vary", "Origin")
        if "*" in origins or origin in origins:
            response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
            response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, Server-Timing, X-Request-ID"


def _allowed(error: web.HTTPMethodNotAllowed) -> str:
    """Return the methods of a path, as Allow lists them; `answer_options` answers one of them."""
    return ", ".join(sorted({*error.allowed_methods, "OPTIONS"}))


def _route(request: web.Request) -> str:
    """Return the name of the route; there are few, whatever clients send."""
    resource = request.match_info.route.resource
    name = (resource.name if resource is not None else None) or "none"
    return name.removeprefix(PREFIXED)
