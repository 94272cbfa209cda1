"""The main program in a worker process, for a catalog whose functions are in it.

The worker runs it again as ``__mp_main__``, as the processes of `multiprocessing` do, but only up to the line that
starts its server. There the program itself stands as long as it serves, so that it needs no ``if __name__ ==
"__main__":``.
"""

import sys
from collections.abc import Mapping
from contextvars import ContextVar
from importlib import import_module
from multiprocessing import current_process
from types import ModuleType
from typing import Any

from renderer import user_traceback
from server.errors import CatalogError, RenderFailedError, ServerError, WorkersUnavailableError
from server.rendering.workers.sources import SourceLoader

WORKER = "figreel-worker"
"""Name of worker processes."""

_REMEDY = (
    "worker processes run the main program, in which there are animations, up to the line that starts the server; "
    'put what must run once under `if __name__ == "__main__":`, or the animations into a module of their own'
)

_running: ContextVar[bool] = ContextVar("running", default=False)


class _ServerStarts(BaseException):
    """The main program has come to the line that starts its server."""


def main_program() -> dict[str, Any]:
    """Return what workers have to know of the main program.

    Raises
    ------
    CatalogError
        It is no file, so that nobody else can run it.
    """
    main = sys.modules["__main__"]
    path = getattr(main, "__file__", None)
    if path is None:
        raise CatalogError("worker processes cannot import an interactive program; put the animations into a file")
    return {"path": path, "package": main.__package__ or "", "arguments": sys.argv}


def run_main_program(program: Mapping[str, Any]) -> None:
    """Run the main program, up to the line that starts the server, if it comes to one.

    Parameters
    ----------
    program : mapping
        What `main_program` has returned in the server's process.

    Raises
    ------
    RenderFailedError
        It has raised an exception; the message says what to do.
    """
    name = "__mp_main__"
    main = ModuleType(name)
    main.__file__, main.__package__ = program["path"], program["package"] or None
    sys.modules[name] = sys.modules["__main__"] = main
    sys.argv = list(program["arguments"])
    token = _running.set(True)
    try:
        if main.__package__:
            import_module(main.__package__)
        code = SourceLoader(name, program["path"]).get_code(name)
        exec(code, vars(main))  # type: ignore[arg-type]  # noqa: S102 -- as runpy does
    except _ServerStarts:
        pass
    except (Exception, SystemExit) as error:
        raise import_failure(error, _REMEDY) from error
    finally:
        _running.reset(token)


def import_failure(error: BaseException, remedy: str = "") -> RenderFailedError:
    """Return the error that tells the server why a worker could not import what it needs.

    Parameters
    ----------
    error : BaseException
        What was raised.
    remedy : str
        What can be done.
    """
    if isinstance(error, ServerError):
        return RenderFailedError(str(error))
    text = user_traceback(error)
    one_line = "\n" not in text
    reason = text if one_line else f"{type(error).__name__}: {error}"
    return RenderFailedError("; ".join(filter(None, (reason, remedy))), "" if one_line else text)


def check_that_a_server_may_start() -> None:
    """Let no worker process start workers of its own; this ends the main program there.

    Raises
    ------
    WorkersUnavailableError
        A module starts a server whenever it is imported.
    """
    if _running.get():
        raise _ServerStarts
    if current_process().name == WORKER:
        raise WorkersUnavailableError(
            "the catalog's module starts a server whenever it is imported, as worker processes do; "
            'put what starts it under `if __name__ == "__main__":`'
        )
