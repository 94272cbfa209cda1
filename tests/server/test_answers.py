"""What a client gets for a valid request."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from renderer import render
from server.demo import catalog as demo
from tests.server.support import Running, Start


async def test_the_bytes_are_those_of_the_library(server: Running) -> None:
    entry = server.service.entry("quick")
    source, options = entry.call(entry.values({}))
    answer = await server.get("/animations/quick.gif")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.body == render(source, **options).data


async def test_the_second_answer_is_the_first_one_with_its_length(server: Running) -> None:
    first = await server.get("/animations/quick.gif")
    second = await server.get("/animations/quick.gif?frames=3&seed=0")
    assert first.headers["Transfer-Encoding"] == "chunked"
    assert first.headers["Server-Timing"].startswith("first;dur=")
    assert second.headers["Server-Timing"] == "cache"
    assert second.headers["Content-Length"] == str(len(second.body))
    assert first.body == second.body
    assert first.headers["ETag"] == second.headers["ETag"]
    assert server.service.pool.jobs == 1


async def test_the_demo_draws_a_frame_a_value(start: Start) -> None:
    server = await start(demo)
    assert (await server.get("/animations/bars.gif?color=red&values=20&values=15&values=&values=9")).frames == 4
    assert (await server.get("/animations/bars.gif")).frames == 7


@pytest.mark.parametrize("name", [entry.name for entry in demo if "frames" in entry.arguments])
async def test_the_demo_draws(start: Start, name: str) -> None:
    server = await start(demo)
    answer = await server.get(f"/animations/{name}.gif?frames=4&width=160")
    assert (answer.status, answer.frames) == (200, 4)


async def test_a_png_is_one_frame(server: Running) -> None:
    answer = await server.get("/animations/quick.png?frame=2")
    posted = await server.get("/animations/quick.png", "POST", json={"frame": 2})
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.frames == 1
    assert (posted.body, posted.headers["ETag"]) == (answer.body, answer.headers["ETag"])
    assert answer.body != (await server.get("/animations/quick.png")).body
    assert (await server.problem("/animations/quick.png?frame=3"))["status"] == 422
    for field in ("fps", "loop"):
        assert (await server.problem(f"/animations/quick.png?{field}=2"))["errors"][0]["field"] == field
        problem = await server.problem("/animations/quick.png", "POST", json={field: 2})
        assert problem["errors"][0]["field"] == field


async def test_an_apng_is_the_animation(server: Running) -> None:
    answer = await server.get("/animations/quick.apng")
    assert (answer.headers["Content-Type"], answer.frames) == ("image/apng", 3)


async def test_a_post_means_the_same_as_a_get(server: Running) -> None:
    queried = await server.get("/animations/typed.gif?values=1&values=5&color=blue")
    posted = await server.get("/animations/typed.gif", "POST", json={"values": [1, 5], "color": "blue"})
    assert posted.status == 200
    assert posted.headers["ETag"] == queried.headers["ETag"]
    assert posted.body == queried.body


async def test_the_function_gets_typed_values(server: Running) -> None:
    query = "values=1&values=2e1&gaps=3&gaps=&gaps=4&pair=5&pair=6&count=7&level=3&shape=square&color=C1&bold=true"
    problem = await server.problem(f"/animations/typed.gif?{query}&maybe=&json=4&label=echo")
    assert problem["errors"] == [
        {"field": "label", "message": "[1.0, 20.0] [3.0, None, 4.0] (5.0, 6.0) 7 3 Shape.SQUARE C1 True None 4"}
    ]


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("", (60, 40)),
        ("?width=120", (120, 80)),
        ("?height=20", (30, 20)),
        ("?width=99&height=77&dpi=144", (99, 77)),
        ("?dpi=100", (120, 80)),
    ],
)
async def test_sizes_are_in_pixels(server: Running, query: str, size: tuple[int, int]) -> None:
    answer = await server.get(f"/animations/quick.gif{query}")
    width, height = (int.from_bytes(answer.body[at : at + 2], "little") for at in (6, 8))
    assert (width, height) == size


async def test_arrays_have_a_size_of_their_own(server: Running) -> None:
    assert (await server.get("/animations/sized.gif")).frames == 3
    problem = await server.problem("/animations/sized.gif?height=40")
    assert problem["errors"][0]["field"] == "height"


async def test_the_first_bytes_leave_before_the_last_frame_is_drawn(server: Running) -> None:
    async with server.session.get(f"{server.url}/animations/slow.gif?seconds=0.4&frames=5") as response:
        first = await response.content.readany()
        (flight,) = server.service.flights.values()
        assert not flight.task.done()
        rest = await response.read()
    assert first.startswith(b"GIF89a")
    assert rest.endswith(b";")


async def test_a_client_of_http_1_0_gets_a_length(server: Running) -> None:
    async with (
        aiohttp.ClientSession(version=aiohttp.HttpVersion10) as session,
        session.get(f"{server.url}/animations/quick.gif") as response,
    ):
        assert response.headers["Content-Length"] == str(len(await response.read()))
        assert response.headers["Server-Timing"].startswith("render;dur=")


@pytest.mark.parametrize("version", [aiohttp.HttpVersion10, aiohttp.HttpVersion11], ids=["1.0", "1.1"])
async def test_nobody_makes_the_server_hold_more_than_the_window(
    start: Start, version: aiohttp.HttpVersion, tmp_path: Path
) -> None:
    """A range of a large answer that is not stored yet is answered with all of it, as it comes."""
    server = await start(window="64KiB", timeout=60, cache_folder=tmp_path)
    path = "/animations/noisy.gif?frames=20"
    async with aiohttp.ClientSession(version=version) as session:
        client = Running(server.app, server.url, session)
        cold = await client.get(path, headers={"Range": "bytes=5-9"})
        stored = await client.get(path, headers={"Range": "bytes=5-9"})
    assert (cold.status, cold.frames) == (200, 20)
    assert "Content-Length" not in cold.headers
    assert (stored.status, stored.body) == (206, cold.body[5:10])


async def test_head_says_what_get_would(server: Running) -> None:
    cold = await server.get("/animations/quick.gif", "HEAD")
    assert server.service.pool.jobs == 0
    warm = await server.get("/animations/quick.gif")
    assert (cold.status, cold.body) == (200, b"")
    assert cold.headers["ETag"] == warm.headers["ETag"]
    cached = await server.get("/animations/quick.gif", "HEAD")
    assert cached.headers["Content-Length"] == str(len(warm.body))


async def test_an_unchanged_answer_is_not_rendered_again(server: Running) -> None:
    tag = (await server.get("/animations/quick.gif", "HEAD")).headers["ETag"]
    for value in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = await server.get("/animations/quick.gif", headers={"If-None-Match": value})
        assert (answer.status, answer.body) == (304, b"")
    assert server.service.pool.jobs == 0
    answer = await server.get("/animations/quick.gif", headers={"If-None-Match": '"other"'})
    assert answer.status == 200


@pytest.mark.parametrize("path", ["/animations/quick.gif", "/animations/quick.gif?loop=2"], ids=["warm", "cold"])
@pytest.mark.parametrize(
    ("ranges", "begin", "end"), [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-5", -5, None)]
)
async def test_ranges(server: Running, path: str, ranges: str, begin: int, end: int | None) -> None:
    await server.get("/animations/quick.gif")
    part = await server.get(path, headers={"Range": ranges})
    whole = (await server.get(path)).body
    assert part.status == 206
    assert part.body == whole[begin:end]
    first, last = range(len(whole))[begin:end][0], range(len(whole))[begin:end][-1]
    assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"


@pytest.mark.parametrize("ending", ["mp4", "webm"])
async def test_video_can_be_sought_in(server: Running, ending: str) -> None:
    pytest.importorskip("av")
    path = f"/animations/quick.{ending}?width=64&height=48"
    first = await server.get(path, headers={"Range": "bytes=0-1"})  # what Safari asks for before anything else
    assert (first.status, len(first.body)) == (206, 2)
    size = int(first.headers["Content-Range"].rpartition("/")[2])
    parts = [await server.get(path, headers={"Range": f"bytes={at}-{at + 999}"}) for at in range(0, size, 1000)]
    whole = await server.get(path)
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Content-Type"] == f"video/{ending}"
    assert b"".join(part.body for part in parts) == whole.body
    assert len(whole.body) == size
    assert server.service.pool.jobs == 1


async def test_ranges_that_cannot_be_given(server: Running) -> None:
    whole = await server.get("/animations/quick.gif")
    beyond = await server.get("/animations/quick.gif", headers={"Range": "bytes=999999-"})
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole.body)}")
    for headers in ({"Range": "bytes=a-b"}, {"Range": "bytes=0-1", "If-Range": '"old"'}, {"Range": "bytes=0-1,4-5"}):
        assert (await server.get("/animations/quick.gif", headers=headers)).body == whole.body


async def test_fifty_at_once_make_one_render(server: Running) -> None:
    answers = await asyncio.gather(*(server.get("/animations/slow.gif?seconds=0.05") for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert server.service.pool.jobs == 1
