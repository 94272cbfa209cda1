"""What a client gets for anything else."""

import aiohttp
import pytest

from tests.server.support import Running, Start

INVALID = [
    ("nope=1", "nope"),
    ("count=1&count=2", "count"),
    ("values=1&values=x", "values.1"),
    ("values=nan", "values.0"),
    ("values=inf", "values.0"),
    ("values=1e999", "values.0"),
    ("count=1.5", "count"),
    ("count=99999999999999999999", "count"),
    ("level=4", "level"),
    ("shape=oval", "shape"),
    ("color=reddish", "color"),
    ("color=" + "r" * 40, "color"),
    ("label=" + "x" * 201, "label"),
    ("label=a%00b", "label"),
    ("label=a%0Db", "label"),
    ("pair=1", "pair.1"),
    ("pair=1&pair=2&pair=3", "pair"),
    ("bold=perhaps", "bold"),
    ("fps=0", "fps"),
    ("fps=5e-324", "fps"),
    ("fps=nan", "fps"),
    ("dpi=1e9", "dpi"),
    ("width=-1", "width"),
    ("loop=65536", "loop"),
    ("frame=1", "frame"),
    ("%3Cscript%3E=1", "<script>"),
    ("&".join(["gaps="] * 1001), "gaps"),
    ("&".join(["count=1"] * 1000), "count"),
]


@pytest.mark.parametrize(("query", "field"), INVALID, ids=[query[:30] for query, _ in INVALID])
async def test_the_field_is_named(server: Running, query: str, field: str) -> None:
    problem = await server.problem(f"/animations/typed.gif?{query}")
    assert problem["status"] == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert all(error["message"] for error in problem["errors"])
    assert server.service.pool.jobs == 0


async def test_a_thousand_unknown_parameters_get_a_short_answer(server: Running) -> None:
    problem = await server.problem("/animations/typed.gif?" + "&".join(f"k{index}=1" for index in range(1000)))
    assert problem["status"] == 422
    assert len(problem["errors"]) == 10


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, None),
        (b"[]", 400, None),
        (b"\xff", 400, None),
        (b'{"count": 1, "count": 2}', 400, None),
        (b'{"maybe": NaN}', 400, None),
        (b'{"maybe": 1e999}', 422, "maybe"),
        (b"[" * 20_000, 400, None),
        (b'{"count": ' + b"9" * 5000 + b"}", 400, None),
        (b'{"label": "\\ud800"}', 400, None),
        (b'{"values": 5}', 422, "values"),
        (b'{"values": [1, null]}', 422, "values.1"),
        (b'{"other": {"a": [1]}}', 422, "other"),
        (b'"' + b"x" * 70_000 + b'"', 413, None),
    ],
    ids=range(13),
)
async def test_bodies(server: Running, body: bytes, status: int, field: str | None) -> None:
    problem = await server.problem(
        "/animations/typed.gif", "POST", data=body, headers={"Content-Type": "application/json"}
    )
    assert problem["status"] == status
    assert (problem["errors"][0]["field"] if field else problem.get("errors")) == field


async def test_a_number_of_many_digits_is_refused_in_plain_words(server: Running) -> None:
    path, number = "/animations/typed.gif", "9" * 5000
    by_query, as_json = [await server.problem(f"{path}?{name}={number}") for name in ("count", "count:json")]
    assert (by_query["status"], by_query["errors"][0]["message"]) == (422, "must have at most 200 characters")
    assert as_json["errors"][0]["message"] == "must be JSON: a number has more than 640 digits"
    body = f'{{"count": {number}}}'
    posted = await server.problem(path, "POST", data=body, headers={"Content-Type": "application/json"})
    assert posted["detail"] == "the body must be one JSON object, in UTF-8: a number has more than 640 digits"


async def test_a_body_must_say_that_it_is_json(server: Running) -> None:
    assert (await server.problem("/animations/typed.gif", "POST", data=b"{}"))["status"] == 415


async def test_parameters_come_from_one_place(server: Running) -> None:
    assert (await server.problem("/animations/typed.gif?count=1", "POST", json={}))["status"] == 400


@pytest.mark.parametrize(
    "path",
    [
        "/animations/nope",
        "/animations/nope.gif",
        "/animations/quick/poster.png",
        "/animations/nope.png",
        "/animations/quick.exe",
        "/animations/quick.GIF",
        "/animations/.gif",
        "/animations/..%2f..%2fetc%2fpasswd.gif",
        "/animations/quick%00.gif",
        "/animations/quick%0d%0aSet-Cookie:x.gif",
        "/animations/__init__.gif",
        "/assets/..%2fbase.html",
        "/assets/nope.css",
        "/nowhere",
    ],
)
async def test_what_is_not_there(server: Running, path: str) -> None:
    problem = await server.problem(path)
    assert problem["status"] == 404
    assert "root:" not in str(problem)


async def test_methods_that_mean_nothing(server: Running) -> None:
    answer = await server.get("/animations/quick.gif", "DELETE")
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]


async def test_a_function_that_raises_shows_no_traceback(server: Running) -> None:
    answer = await server.get("/animations/raises.gif")
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    ("limit", "path"),
    [
        ({"max_frames": 5}, "/animations/quick.gif?frames=6"),
        ({"max_pixels": 2000}, "/animations/quick.gif"),
        ({"max_total_pixels": 10_000}, "/animations/quick.gif?frames=5"),
    ],
    ids=["frames", "pixels", "total"],
)
async def test_limits_are_named(start: Start, limit: dict[str, int], path: str) -> None:
    server = await start(**limit)
    problem = await server.problem(path)
    assert problem["status"] == 422
    assert next(iter(limit)) in problem["detail"]


@pytest.mark.parametrize("limit", [{"max_frames": 50}, {"max_total_pixels": 600 * 50}], ids=["frames", "total"])
async def test_frames_without_a_number_are_counted_as_they_come(start: Start, limit: dict[str, int]) -> None:
    server = await start(**limit)
    with pytest.raises(aiohttp.ClientPayloadError):
        await server.get("/animations/endless.gif")
    problem = await server.problem("/animations/endless.apng")  # its bytes come at the end, so nothing has left yet
    assert problem["status"] == 422
    assert next(iter(limit)) in problem["detail"]


async def test_an_answer_that_grows_too_large_is_broken_off(start: Start) -> None:
    server = await start(max_bytes=200_000)
    with pytest.raises(aiohttp.ClientPayloadError):
        await server.get("/animations/noisy.gif")
    assert (await server.get("/animations/noisy.gif?frames=1")).status == 200


async def test_headers_that_every_answer_carries(server: Running) -> None:
    for path in ("/", "/animations/quick", "/animations/quick.gif", "/nowhere", "/animations/quick.gif?x=1"):
        answer = await server.get(path, headers={"X-Request-ID": "abc-1"})
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Request-ID"] == "abc-1"
        assert "aiohttp" not in answer.headers["Server"]
    answer = await server.get("/", headers={"X-Request-ID": "<script>"})
    assert "<" not in answer.headers["X-Request-ID"]
