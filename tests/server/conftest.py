from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from server import Catalog
from tests.server.support import Running, Start, running


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start servers; they stop after the test."""
    async with AsyncExitStack() as stack:

        async def start(catalog: Catalog | None = None, **settings: Any) -> Running:
            return await stack.enter_async_context(running(catalog, **settings))

        yield start


@pytest.fixture
async def server(start: Start) -> Running:
    """A server with the scenes of `scenes.py` and one worker."""
    return await start()
