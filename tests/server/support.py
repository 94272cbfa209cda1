"""A server on a real socket, with real worker processes, and a client of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from PIL import Image

from renderer import resolve
from server import Settings, create_app
from server.rendering.service import SERVICE, Service
from server.web.listening import listening

SCENES = Path(__file__).with_name("scenes.py")
QUIET = {"port": 0, "workers": 1, "memory_reserve": 0, "drain_timeout": 5}

Start = Callable[..., Any]


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
            for index in range(image.n_frames):
                image.seek(index)
                image.load()
            return image.n_frames


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
        """Give the answer to a request."""
        async with self.session.request(method, self.url + path, **options) as response:
            return Answer(response.status, response.headers, await response.read())

    async def problem(self, path: str, method: str = "GET", **options: Any) -> dict[str, Any]:
        """Give the problem that a request meets."""
        async with self.session.request(method, self.url + path, **options) as response:
            assert response.content_type == "application/problem+json", await response.read()
            problem = await response.json()
            assert problem["status"] == response.status
            assert problem["request_id"] == response.headers["X-Request-ID"]
            return problem


def children(pid: int) -> set[int]:
    """Give the process ids of what any thread of a process has started."""
    return {int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()}


@asynccontextmanager
async def running(catalog: Any = None, **given: Any) -> AsyncIterator[Running]:
    """Run a server with the scenes of `scenes.py` and one worker, unless told otherwise."""
    settings = Settings(**{**QUIET, **given})
    app = create_app(resolve(f"{SCENES}:catalog") if catalog is None else catalog, settings)
    client = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(60), requote_redirect_url=False
    )
    async with listening(app, settings) as url, client as session:
        yield Running(app, url, session)
