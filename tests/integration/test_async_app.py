"""An asynchronous app whose requests share one animation, over real sockets."""

import asyncio

from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer
from matplotlib.animation import Animation

from renderer import astream_to, stream
from tests.integration.shared import ani, endless


async def answer(request: web.Request, source: Animation) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await astream_to(source, response)
    return response


async def finite(request: web.Request) -> web.StreamResponse:
    return await answer(request, ani)


async def without_end(request: web.Request) -> web.StreamResponse:
    return await answer(request, endless)


async def get(session: ClientSession, server: BaseTestServer) -> bytes:
    async with session.get(server.make_url("/ani.gif")) as response:
        return await response.read()


async def leave_in_the_middle(session: ClientSession, server: BaseTestServer) -> None:
    response = await session.get(server.make_url("/endless.gif"))
    await response.content.readexactly(6)
    response.close()


async def test_clients_of_one_event_loop_that_stay_and_that_leave() -> None:
    good = b"".join(stream(ani))
    app = web.Application()
    app.router.add_get("/ani.gif", finite)
    app.router.add_get("/endless.gif", without_end)
    async with TestServer(app) as server, ClientSession() as session:
        clients = [(get if number % 3 else leave_in_the_middle)(session, server) for number in range(9)]
        answers = await asyncio.gather(*clients)
        assert [data for data in answers if data is not None] == [good] * 6
