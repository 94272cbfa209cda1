"""Functions with mistakes that their worker outlives, or not. Worker processes import this file."""

import asyncio
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Literal

from pydantic import AfterValidator

from renderer import Scene
from server import Catalog, ParameterError
from tests.server.scenes import scene

catalog = Catalog()

Raised = Literal["SystemExit", "KeyboardInterrupt", "CancelledError", "WithoutTextError"]
Mistake = Literal["KeyError", "ZeroDivisionError", "SystemExit", "CancelledError", "WithoutTextError", ""]
Child = Literal["returns", "raises", "exits"]
Written = Literal["text", "long", "no JSON"]


class WithoutTextError(Exception):
    def __str__(self) -> str:
        raise ValueError("there is no text")


ERRORS: dict[str, Callable[[], BaseException]] = {
    "SystemExit": lambda: SystemExit("a mistake"),
    "KeyboardInterrupt": KeyboardInterrupt,
    "CancelledError": asyncio.CancelledError,
    "WithoutTextError": WithoutTextError,
    "KeyError": lambda: KeyError("a mistake"),
    "ZeroDivisionError": ZeroDivisionError,
}


@catalog.animation
def raises(what: Raised) -> Scene:
    raise ERRORS[what]()


def _check(what: str) -> str:
    if what:
        raise ERRORS[what]()
    return what


@catalog.animation
def validates(what: Annotated[Mistake, AfterValidator(_check)] = "") -> Scene:
    """Check a parameter, with a mistake in the check."""
    return scene()


@catalog.animation
def refuses(n: int = 0) -> Scene:
    raise ParameterError("n", ValueError("is not nice"))  # type: ignore[arg-type]


@catalog.animation
def opens(n: int = 0) -> Scene:
    """Open a file whose name is no text, or refuse that name."""
    name = os.fsdecode(b"\xff")
    if n:
        raise ParameterError("n", f"is <{name}>")
    raise FileNotFoundError(f"there is no <{name}>")


def _go_on(child: Child) -> None:
    if child == "raises":
        raise FileNotFoundError("there is no such program")
    if child == "exits":
        sys.exit()


@catalog.animation
def forks(child: Child) -> Scene:
    """Start a process that does not end where it should."""
    if os.fork() == 0:
        _go_on(child)
    return scene(lambda index: os.wait() if index == 0 else None)


@catalog.animation
def writes(what: Written) -> Scene:
    """Write into every socket, such as that to the server."""
    messages: dict[Written, bytes] = {"text": b"hello world", "long": b"C\xff\xff\xff\xff", "no JSON": b"D\0\0\0\1x"}
    for descriptor in range(3, 64):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, messages[what])
    return scene()
