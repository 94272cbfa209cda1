"""The recipes of docs/recipes, each run with the library it is for; ``make test-recipes`` installs these."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_connection, create_server
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"

PATIENCE = 300  # seconds; a guard against hangs

Serve = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.recipes)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _listens(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


@contextmanager
def _served(*command: str, port: int) -> Iterator[str]:
    with subprocess.Popen([sys.executable, *command], cwd=RECIPES, stdin=subprocess.DEVNULL) as process:
        try:
            begun = time.monotonic()
            while not _listens(port):
                assert process.poll() is None, "the server has ended"
                assert time.monotonic() < begun + PATIENCE, f"nothing listens at the port of {command}"
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Run ``python ARGUMENTS`` in the folder of the recipes, PORT in them replaced, until something listens there.

    Returns the URL. The same command is started once; all are ended after the tests.
    """
    urls: dict[tuple[str, ...], str] = {}
    with ExitStack() as stack:

        def start(*arguments: str) -> str:
            if arguments not in urls:
                port = free_port()
                command = [re.sub(r"\bPORT\b", str(port), argument) for argument in arguments]
                urls[arguments] = stack.enter_context(_served(*command, port=port))
            return urls[arguments]

        yield start


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    page = browser.new_page()
    yield page
    page.close()
