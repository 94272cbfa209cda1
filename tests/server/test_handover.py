"""The end of a server whose socket goes on: each connection is answered by it or by the next one."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from aiohttp import web

from server import Settings
from server.web.sockets.listening import listening
from tests.server.support import PATIENCE

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.setblocking(False)
        yield made


def application(name: str) -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=name)

    app = web.Application()
    app.router.add_get("/", answer)
    return app


def connected(listener: socket.socket) -> socket.socket:
    """Return a client's socket; the kernel has made the connection, and no server knows of it."""
    client = socket.create_connection(listener.getsockname(), PATIENCE)
    client.setblocking(False)
    return client


async def answer_to(client: socket.socket) -> str:
    reader, writer = await asyncio.open_connection(sock=client)
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return answer.decode().rpartition("\r\n")[2]


@pytest.mark.parametrize("turns", range(8))
async def test_a_connection_is_answered_whenever_it_comes(listener: socket.socket, turns: int) -> None:
    async with listening(application("old"), Settings(), [listener.dup()]):
        client = connected(listener)
        client.send(REQUEST)
        for _ in range(turns):
            await asyncio.sleep(0)
    async with listening(application("new"), Settings(), [listener.dup()]):
        assert await answer_to(client) in {"old", "new"}


async def test_a_first_request_may_come_after_the_end_has_begun(listener: socket.socket) -> None:
    async with listening(application("old"), Settings(), [listener.dup()]):
        client = connected(listener)
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_later(0.1, client.send, REQUEST)
    assert await answer_to(client) == "old"


async def test_a_connection_without_a_request_does_not_hold_the_end_up(listener: socket.socket) -> None:
    async with listening(application("old"), Settings(), [listener.dup()]):
        client = connected(listener)
        await asyncio.sleep(0.05)
        begin = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begin < PATIENCE / 2
    assert await answer_to(client) == ""
