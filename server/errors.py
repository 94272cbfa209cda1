"""What can go wrong on the way of a request, and how HTTP says it.

::

    ServerError
    ├── NotFoundError            no such animation or format                404
    ├── RenderFailedError        the animation's function raised            500
    │   ├── RefusedError         ... because of what the client asked for   422
    │   └── TooLargeError        ... because a limit was passed             422
    ├── RenderTimeoutError       it took too long                           504
    ├── WorkerDiedError          its process ended, twice                   500
    ├── UnauthorizedError        a key is missing or not known              401
    ├── ForbiddenError           a signature does not hold                  403
    └── RetryLaterError
        ├── TooManyRequestsError     from one client                        429
        └── WorkersUnavailableError  no process, or no room for one more    503
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.catalog.parameters import InvalidParametersError, MalformedBodyError

__all__ = [
    "ForbiddenError",
    "NotFoundError",
    "Problem",
    "RefusedError",
    "RenderFailedError",
    "RenderTimeoutError",
    "RetryLaterError",
    "ServerError",
    "TooLargeError",
    "TooManyRequestsError",
    "UnauthorizedError",
    "WorkerDiedError",
    "WorkersUnavailableError",
    "failure",
    "problem_of",
]


class ServerError(Exception):
    """Base of what the server raises itself."""


class NotFoundError(ServerError):
    """There is no such animation or format."""


class RenderFailedError(ServerError):
    """The animation's function, or drawing what it gave, raised an exception.

    Attributes
    ----------
    traceback : str
        For the log; no client sees it.
    """

    def __init__(self, message: str = "", traceback: str = "") -> None:
        super().__init__(message)
        self.traceback = traceback


class RefusedError(RenderFailedError):
    """The animation refused a parameter.

    Attributes
    ----------
    field : str
        Name of the parameter.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TooLargeError(RenderFailedError):
    """The render would pass a limit, or passed one."""


class RenderTimeoutError(ServerError):
    """The render took too long and was killed."""


class WorkerDiedError(ServerError):
    """A worker process ended in the middle of its work."""


class UnauthorizedError(ServerError):
    """The request shows no key, or one that is not known."""


class ForbiddenError(ServerError):
    """The address is not signed, or its signature does not hold."""


class RetryLaterError(ServerError):
    """The request is fine, but not now.

    Attributes
    ----------
    retry_after : int
        Seconds after which it may be worth trying again.
    """

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManyRequestsError(RetryLaterError):
    """A client asks too often."""


class WorkersUnavailableError(RetryLaterError):
    """There is no worker process, or no room to wait for one."""


def failure(report: Mapping[str, Any]) -> RenderFailedError:
    """Give the error for what a worker reports."""
    match report["case"]:
        case "parameter":
            return RefusedError(report["field"], report["message"])
        case "limit" | "format":
            return TooLargeError(report["message"])
        case "memory":
            return TooLargeError("it needs more memory than a render may take")
    return RenderFailedError(report["message"], report["traceback"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """An error as the client sees it, in the terms of RFC 9457.

    Attributes
    ----------
    status : int
        HTTP status.
    title : str
        What kind of problem it is; always the same for a kind.
    detail : str
        What it is this time.
    errors : list of dict
        The parameters to blame, ``{"field": ..., "message": ...}``.
    headers : dict
        Headers that go with it.
    """

    status: int
    title: str
    detail: str = ""
    errors: tuple[Mapping[str, str], ...] = ()
    headers: Mapping[str, str] | None = None

    def body(self, request_id: str) -> dict[str, Any]:
        """Give the members of an ``application/problem+json`` document."""
        members = {
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": list(self.errors),
            "request_id": request_id,
        }
        return {name: value for name, value in members.items() if value}


_TABLE: dict[type[Exception], tuple[int, str]] = {
    NotFoundError: (404, "Not found"),
    MalformedBodyError: (400, "The body cannot be read"),
    InvalidParametersError: (422, "Invalid parameters"),
    RefusedError: (422, "Invalid parameters"),
    TooLargeError: (422, "The animation is too large"),
    RenderFailedError: (500, "The animation failed"),
    WorkerDiedError: (500, "The animation crashed"),
    RenderTimeoutError: (504, "The animation took too long"),
    UnauthorizedError: (401, "Not authorized"),
    ForbiddenError: (403, "Forbidden"),
    TooManyRequestsError: (429, "Too many requests"),
    WorkersUnavailableError: (503, "The server is busy"),
}


def problem_of(error: Exception) -> Problem:
    """Look an exception up in the table; one that is not in it is an internal error that says nothing."""
    for kind in type(error).__mro__:
        if kind in _TABLE:
            status, title = _TABLE[kind]
            break
    else:
        return Problem(status=500, title="Internal error")
    match error:
        case InvalidParametersError():
            return Problem(status=status, title=title, errors=tuple(error.problems))
        case RefusedError():
            return Problem(status=status, title=title, errors=({"field": error.field, "message": str(error)},))
        case RetryLaterError():
            headers = {"Retry-After": str(error.retry_after)}
            return Problem(status=status, title=title, detail=str(error), headers=headers)
        case UnauthorizedError():
            headers = {"WWW-Authenticate": 'Bearer realm="figreel"'}
            return Problem(status=status, title=title, detail=str(error), headers=headers)
        case NotFoundError() | ForbiddenError() | MalformedBodyError() | TooLargeError():
            return Problem(status=status, title=title, detail=str(error))
    return Problem(status=status, title=title)
