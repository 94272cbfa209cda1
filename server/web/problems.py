"""From errors to answers: the one table of statuses, and the members of RFC 9457."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web

from server import errors

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers that every answer carries."""

LEFT = 499
"""Stands in the log and the metrics for an answer whose client has left, or has taken nothing for too long."""

SERVER = "figreel"
"""The Server header, without versions."""

_MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """An error as the client sees it, in the terms of RFC 9457. Lone surrogates in its texts become escapes.

    Attributes
    ----------
    status : int
        HTTP status.
    title : str
        The kind of problem; one text for each kind.
    detail : str
        What is wrong with this request.
    errors : sequence of mappings
        The parameters to blame, ``{"field": ..., "message": ...}``.
    traceback : str
        Where the animation failed, for its author.
    headers : mapping
        Headers that go with it.
    """

    status: int
    title: str
    detail: str = ""
    errors: Sequence[Mapping[str, str]] = ()
    traceback: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        errors = [{name: _encodable(text) for name, text in error.items()} for error in self.errors]
        object.__setattr__(self, "errors", errors)
        for name in ("title", "detail", "traceback"):
            object.__setattr__(self, name, _encodable(getattr(self, name)))

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the members of an ``application/problem+json`` document."""
        members = {
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": list(self.errors),
            "traceback": self.traceback,
            "request_id": request_id,
        }
        return {name: value for name, value in members.items() if value}

    def response(self, request_id: str) -> web.Response:
        """Return the answer to a request of a program."""
        return self._response(json.dumps(self.body(request_id)), _MEDIA_TYPE)

    def page(self, text: str) -> web.Response:
        """Return the answer to a request of a person, as HTML."""
        return self._response(text, "text/html", "utf-8")

    def _response(self, text: str, content_type: str, charset: str | None = None) -> web.Response:
        headers = {"Cache-Control": "no-store", **self.headers}
        body = text.encode()
        return web.Response(status=self.status, headers=headers, body=body, content_type=content_type, charset=charset)

    def last_words(self, request_id: str, *, with_body: bool) -> bytes:
        """Return the answer to a request that no handler sees, after which the connection ends."""
        body = json.dumps(self.body(request_id)).encode()
        headers = {
            **SECURITY_HEADERS,
            **self.headers,
            "Server": SERVER,
            "X-Request-ID": request_id,
            "Cache-Control": "no-store",
            "Content-Type": _MEDIA_TYPE,
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", *map(": ".join, headers.items()), "", ""]
        return "\r\n".join(lines).encode() + (body if with_body else b"")


def _encodable(text: str) -> str:
    """Return a text with its lone surrogates written as escapes, since no encoding has them."""
    return text.encode("utf-8", "backslashreplace").decode()


_TABLE: dict[type, tuple[int, str, bool]] = {
    errors.NotFoundError: (404, "Not found", True),
    errors.MalformedBodyError: (400, "The body cannot be read", True),
    errors.MalformedRequestError: (400, "The request is malformed", True),
    errors.MalformedTextError: (400, "A parameter cannot be read", False),
    errors.InvalidParametersError: (422, "Invalid parameters", False),
    errors.ParameterError: (422, "Invalid parameters", False),
    errors.TooLargeError: (422, "The animation is too large", True),
    errors.RenderFailedError: (500, "The animation failed", False),
    errors.WorkerDiedError: (500, "The animation crashed", False),
    errors.RenderTimeoutError: (504, "The animation took too long", False),
    errors.UnauthorizedError: (401, "Not authorized", True),
    errors.ForbiddenError: (403, "Forbidden", True),
    errors.TooManyRequestsError: (429, "Too many requests", True),
    errors.CrowdedError: (503, "The server is busy", True),
    errors.WorkersUnavailableError: (503, "The server is busy", True),
}
"""Status, title, and whether the error's message goes into the detail."""


def problem_of(error: Exception, *, debug: bool = False) -> Problem:
    """Return the problem for an error; an error that is not in the table is an internal one, without details.

    Parameters
    ----------
    error : Exception
        The error.
    debug : bool, default: False
        Whether the client may see the traceback of an animation that failed.
    """
    entries = [_TABLE[kind] for kind in type(error).__mro__ if kind in _TABLE]
    status, title, detailed = entries[0] if entries else (500, "Internal error", False)
    detail = str(error) if detailed else ""
    problems = error.problems if isinstance(error, errors.InvalidParametersError | errors.ParameterError) else ()
    traceback = error.traceback if debug and isinstance(error, errors.RenderFailedError) else ""
    return Problem(
        status=status, title=title, detail=detail, errors=problems, traceback=traceback, headers=_headers(error)
    )


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, errors.UnauthorizedError):
        return {"WWW-Authenticate": 'Bearer realm="figreel"'}
    return {"Retry-After": str(error.retry_after)} if isinstance(error, errors.RetryLaterError) else {}
