"""The errors of the server. How HTTP says them is in `server.web.problems`.

::

    ServerError
    ├── CatalogError                 an animation cannot be put into a catalog
    ├── SettingsError                the settings cannot be read, or not be met on this machine
    ├── UnsupportedSystemError       this is not Linux
    ├── UnsignableError              an address is none that a server would accept
    ├── NotFoundError                there is no such animation, format or file
    ├── MalformedRequestError        a request breaks the rules of HTTP
    ├── MalformedBodyError           a body is not a JSON object
    ├── InvalidParametersError       parameters are unknown or not valid
    │   └── MalformedTextError       ... because a text in a query has to be JSON, and is not
    ├── UnauthorizedError            a key is missing or not known
    ├── ForbiddenError               a signature does not hold
    ├── RenderFailedError            the animation's function, or drawing its source, raised an exception
    │   ├── ParameterError           ... to refuse a parameter
    │   └── TooLargeError            ... because a limit was passed
    ├── RenderTimeoutError           the render took too long
    ├── WorkerDiedError              a worker process ended during its work
    ├── ReaderTooSlowError           a client read too slowly for the render to wait
    └── RetryLaterError              the request is fine, but not now
        ├── TooManyRequestsError     one client sends too many
        ├── CrowdedError             one client, or all together, have too many requests in progress
        └── WorkersUnavailableError  there is no worker process, or no room to wait for one
"""

from collections.abc import Mapping, Sequence

__all__ = [
    "CatalogError",
    "CrowdedError",
    "ForbiddenError",
    "InvalidParametersError",
    "MalformedBodyError",
    "MalformedRequestError",
    "MalformedTextError",
    "NotFoundError",
    "ParameterError",
    "ReaderTooSlowError",
    "RenderFailedError",
    "RenderTimeoutError",
    "RetryLaterError",
    "ServerError",
    "SettingsError",
    "TooLargeError",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnsignableError",
    "UnsupportedSystemError",
    "WorkerDiedError",
    "WorkersUnavailableError",
]


class ServerError(Exception):
    """Base of every error that the server raises itself."""


class CatalogError(ServerError):
    """An animation cannot be put into a catalog; the message says what to change."""


class SettingsError(ServerError):
    """The settings cannot be read, contradict each other or cannot be met on this machine; the message says which."""


class UnsupportedSystemError(ServerError):
    """The server does not run on this system."""


class UnsignableError(ServerError):
    """An address is none that a server would accept; the message says why."""


class NotFoundError(ServerError):
    """There is no such animation, format or file."""


class MalformedRequestError(ServerError):
    """The request breaks the rules of HTTP."""


class MalformedBodyError(ServerError):
    """The body is not a JSON object."""


class InvalidParametersError(ServerError, ValueError):
    """Parameters are unknown or not valid.

    Attributes
    ----------
    problems : sequence of mappings
        ``{"field": ..., "message": ...}`` for each.
    """

    def __init__(self, problems: Sequence[Mapping[str, str]]) -> None:
        lines = [f"{problem['field']}: {problem['message']}" for problem in problems]
        super().__init__("\n  ".join(["invalid parameters", *lines]))
        self.problems = problems


class MalformedTextError(InvalidParametersError):
    """A text in a query has to be JSON, and is not."""


class UnauthorizedError(ServerError):
    """The request shows no key, or one that is not known."""


class ForbiddenError(ServerError):
    """The address is not signed, or its signature does not hold."""


class RenderFailedError(ServerError):
    """The animation's function, or drawing its source, raised an exception.

    Attributes
    ----------
    traceback : str
        For the log; no client sees it.
    """

    def __init__(self, message: str = "", traceback: str = "") -> None:
        super().__init__(message)
        self.traceback = traceback


class ParameterError(RenderFailedError, ValueError):
    """Raised by an animation's function to refuse values that are valid one by one but not together.

    Parameters
    ----------
    parameter : str
        Name of the parameter to blame.
    message : str
        What is wrong with it, for the client to read.

    Attributes
    ----------
    problems : sequence of mappings
        As in `InvalidParametersError`.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.args = (parameter, message)
        self.parameter = str(parameter)
        self.message = str(message)  # an author may pass an exception
        self.problems = [{"field": self.parameter, "message": self.message}]

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}"


class TooLargeError(RenderFailedError):
    """The render passed a limit, or would have passed one."""


class RenderTimeoutError(ServerError):
    """The render took too long, and its process was killed."""


class WorkerDiedError(ServerError):
    """A worker process ended during its work."""


class ReaderTooSlowError(ServerError):
    """A client read too slowly for the render to wait."""


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
    """One client sends too many requests."""


class CrowdedError(RetryLaterError):
    """One client, or all together, have too many connections or requests in progress."""


class WorkersUnavailableError(RetryLaterError):
    """There is no worker process, or no room to wait for one."""
