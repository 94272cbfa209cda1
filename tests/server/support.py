"""A server on a real socket, with real worker processes, and a client of it."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from PIL import Image, ImageSequence

from renderer import resolve
from server import Catalog, Settings, create_app
from server.rendering.service import Service
from server.web.keys import SERVICE
from server.web.sockets.listening import listening

SCENES = Path(__file__).with_name("scenes.py")
QUIET: dict[str, Any] = {
    "port": 0,
    "workers": 1,
    "max_renders_per_client": 1000,
    "memory_reserve": 0,
    "drain_timeout": 5,
}

PATIENCE = 20
"""Seconds that anything may take on a busy machine, and less than any deadline that would do it anyway."""


@dataclass
class Answer:
    """An answer that was read to its end."""

    status: int
    headers: Any
    body: bytes

    @property
    def frames(self) -> int:
        """Frames of the picture, each decoded."""
        with Image.open(BytesIO(self.body)) as image:
            return sum(frame.load() is not None for frame in ImageSequence.Iterator(image))


@dataclass
class Running:
    """A server, and a client of it."""

    app: web.Application
    url: str
    session: aiohttp.ClientSession

    @property
    def service(self) -> Service:
        return self.app[SERVICE]

    async def get(self, path: str, method: str = "GET", **options: Any) -> Answer:
        """Return the answer to a request."""
        async with self.session.request(method, self.url + path, **options) as response:
            return Answer(response.status, response.headers, await response.read())

    async def problem(self, path: str, method: str = "GET", **options: Any) -> dict[str, Any]:
        """Return the problem that a request meets."""
        async with self.session.request(method, self.url + path, **options) as response:
            assert response.content_type == "application/problem+json", await response.read()
            problem: dict[str, Any] = await response.json()
            assert problem["status"] == response.status
            assert problem["request_id"] == response.headers["X-Request-ID"]
            return problem


Start = Callable[..., Awaitable[Running]]


@asynccontextmanager
async def program(*arguments: str | Path, **options: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program; at the end kill it, and wait until all that it has started has closed its standard error too."""
    process = await asyncio.create_subprocess_exec(*arguments, stderr=asyncio.subprocess.PIPE, **options)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        async with asyncio.timeout(PATIENCE):
            await process.communicate()


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds; fail if it takes too long."""
    async with asyncio.timeout(seconds):
        while not (await result if inspect.isawaitable(result := condition()) else result):
            await asyncio.sleep(0.01)


def children(pid: int) -> set[int]:
    """Return the process ids of what any thread of a process has started."""
    return {int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()}


def descendants(pid: int) -> set[int]:
    """Return the process ids of what a process has started, and of what that has started."""
    ours = children(pid)
    return ours.union(*map(descendants, ours))


def lives(pid: int) -> bool:
    """Whether there is a process that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@asynccontextmanager
async def running(catalog: Catalog | None = None, **settings: Any) -> AsyncIterator[Running]:
    """Run a server with the scenes of `scenes.py` and one worker, or with another catalog and other settings."""
    quiet = {name: value for name, value in QUIET.items() if "unix_socket" not in settings or name != "port"}
    chosen = Settings(**{**quiet, **settings})
    app = create_app(resolve(f"{SCENES}:catalog") if catalog is None else catalog, chosen)
    client = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(60), requote_redirect_url=False
    )
    async with listening(app, chosen) as url, client as session:
        yield Running(app, url, session)
