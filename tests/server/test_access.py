"""Keys, signatures, limits, origins, and clients that waste connections."""

import asyncio
import base64
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from server.access import SIGNATURE_FIELDS, Signer
from server.catalog.models import RESERVED
from server.errors import ForbiddenError
from server.web.keys import ACCESS
from tests.server.support import PATIENCE, Running, Start, until

PICTURE = "/animations/quick.gif"
ONE, TWO = "one" * 8, "two" * 8
SIGNING = {"signing_keys": {"new": "ne" * 16, "old": "ol" * 16}}


def signed(server: Running, target: str = PICTURE, key: str = "new", seconds: int = 60) -> str:
    parts = urlsplit(target)
    signer = server.app[ACCESS].signer
    assert signer is not None
    return f"{parts.path}?" + urlencode(
        signer.sign(parts.path, parse_qsl(parts.query), key, int(time.time()) + seconds)
    )


@pytest.mark.parametrize("key", ["new", "old"])
async def test_a_signed_address_opens(start: Start, key: str) -> None:
    server = await start(**SIGNING)
    answer = await server.get(signed(server, f"{PICTURE}?frames=2&seed=1", key))
    assert answer.frames == 2
    still = await server.get(signed(server, "/animations/quick.png?frame=1"))
    assert still.frames == 1


async def test_the_signature_does_not_change_the_answer(start: Start) -> None:
    server = await start(**SIGNING)
    tags = {(await server.get(signed(server, seconds=s))).headers["ETag"] for s in (10, 20)}
    assert len(tags) == 1
    assert server.service.pool.jobs == 1


async def test_signatures_that_do_not_hold(start: Start) -> None:
    server = await start(**SIGNING)
    good = signed(server, f"{PICTURE}?frames=2")
    stranger = Signer({"new": b"x" * 32})
    forged = f"{PICTURE}?" + urlencode(stranger.sign(PICTURE, [], "new", int(time.time()) + 60))
    bad = {
        "changed value": good.replace("frames=2", "frames=3"),
        "more": good + "&seed=4",
        "another path": good.replace("quick", "slow"),
        "another format": good.replace(".gif", ".apng"),
        "expired": signed(server, seconds=-1),
        "later end": good.replace("expires=", "expires=9"),
        "twice": good + "&expires=99999999999",
        "no expiry": "&".join(part for part in good.split("&") if not part.startswith("expires")),
        "unknown key": good.replace("key=new", "key=other"),
        "another key": good.replace("key=new", "key=old"),
        "forged": forged,
        "cut": good[:-2],
        "not ascii": good[:-2] + "%C3%A9%00",
    }
    for name, path in bad.items():
        assert (await server.problem(path))["status"] == 403, name
    assert server.service.pool.jobs == 0


def test_what_the_signature_covers_is_fixed() -> None:
    signer = Signer({"k": b"secret"})
    query = signer.sign("/animations/a.gif", [("b", "2"), ("a", "é&=")], "k", 4102444800)
    message = b"/animations/a.gif?a=%C3%A9%26%3D&b=2&expires=4102444800&key=k"
    expected = base64.urlsafe_b64encode(hmac.new(b"secret", message, "sha256").digest()).decode().rstrip("=")
    assert dict(query)["signature"] == expected
    signer.check("/animations/a.gif", reversed(query))
    lists = signer.sign("/animations/a.gif", [("v", "20"), ("v", "9"), ("w", "1")], "k", 4102444800)
    one, two, *rest = lists
    signer.check("/animations/a.gif", [*rest, one, two])
    with pytest.raises(ForbiddenError):
        signer.check("/animations/a.gif", [two, one, *rest])
    with pytest.raises(ForbiddenError):
        signer.check("/animations/b.gif", query)


def test_no_parameter_has_the_name_of_a_field_that_signs() -> None:
    assert set(SIGNATURE_FIELDS) <= RESERVED


@pytest.mark.parametrize("settings", [{"bearer_keys": [ONE, TWO]}, {**SIGNING, "bearer_keys": [ONE, TWO]}])
async def test_a_key_opens_everything(start: Start, settings: dict[str, Any]) -> None:
    server = await start(**settings)
    for path in ("/", PICTURE, "/animations/quick", "/metrics", "/openapi.json", "/healthz/deep", "/nowhere"):
        problem = await server.problem(path)
        assert problem["status"] == 401, path
        answer = await server.get(path, headers={"Authorization": f"Bearer {TWO}"})
        assert answer.status == (404 if path == "/nowhere" else 200)
    for header in ("Bearer three", "Bearer", f"Basic {ONE}", ONE, f"Bearer {ONE} {TWO}", "Bearer \udcff"):
        answer = await server.get(
            PICTURE, headers={"Authorization": header.encode("utf-8", "surrogateescape").decode("latin-1")}
        )
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for path in ("/healthz", "/readyz"):
        assert (await server.get(path)).status == 200
    assert "private" in (await server.get(PICTURE, headers={"Authorization": f"Bearer {ONE}"})).headers["Cache-Control"]


async def test_a_signature_does_not_open_a_post(start: Start) -> None:
    server = await start(**SIGNING)
    assert (await server.problem(signed(server), "POST", json={}))["status"] == 403


async def test_the_rate_is_limited_for_each_client(start: Start) -> None:
    server = await start(rate_limit="5/hour", trusted_proxies=1)
    ann = {"X-Forwarded-For": "6.6.6.6, 10.0.0.1"}
    statuses = [(await server.get(PICTURE, headers=ann)).status for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    refused = await server.get(PICTURE, headers={"X-Forwarded-For": "7.7.7.7, 10.0.0.1"})
    assert refused.status == 429, "only what the trusted proxy wrote counts"
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await server.get(PICTURE, headers={"X-Forwarded-For": "10.0.0.2"})).status == 200
    for path in ("/", "/docs", "/openapi.json", "/animations/quick", "/assets/form.js", "/metrics", "/nowhere"):
        assert (await server.get(path, headers=ann)).status == 429, path
    for path in ("/healthz", "/readyz"):
        assert (await server.get(path, headers=ann)).status == 200, path


@pytest.mark.parametrize(
    ("settings", "method", "path", "headers", "status"),
    [
        ({"bearer_keys": [ONE]}, "GET", PICTURE, {"Authorization": f"Bearer {TWO}"}, 401),
        ({"bearer_keys": [ONE]}, "GET", "/nowhere", {}, 401),
        (SIGNING, "GET", f"{PICTURE}?signature=x&expires=1&key=new", {}, 403),
        ({}, "GET", "/nowhere", {}, 404),
        ({}, "DELETE", PICTURE, {}, 405),
        ({}, "OPTIONS", PICTURE, {}, 204),
        ({}, "OPTIONS", PICTURE, {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}, 204),
        ({}, "GET", "/", {"Host": "a b"}, 400),
    ],
)
async def test_a_request_counts_in_the_rate_whatever_its_answer(
    start: Start, settings: dict[str, Any], method: str, path: str, headers: dict[str, str], status: int
) -> None:
    server = await start(rate_limit="3/hour", trusted_proxies=1, **settings)
    ann = {**headers, "X-Forwarded-For": "10.0.0.1"}
    answers = [await server.get(path, method, headers=ann) for _ in range(5)]
    assert [answer.status for answer in answers] == [status] * 3 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) >= 1
    other = await server.get(path, method, headers={**headers, "X-Forwarded-For": "10.0.0.2"})
    assert other.status == status, "of other clients nothing is counted"
    assert (await server.get("/healthz", headers={"X-Forwarded-For": "10.0.0.1"})).status == 200


async def test_scripts_of_other_origins(start: Start) -> None:
    server = await start(cors_origins=["https://good.example"])
    good = await server.get(PICTURE, headers={"Origin": "https://good.example"})
    assert good.headers["Access-Control-Allow-Origin"] == "https://good.example"
    assert "Origin" in good.headers["Vary"]
    bad = await server.get(PICTURE, headers={"Origin": "https://bad.example"})
    assert "Access-Control-Allow-Origin" not in bad.headers
    preflight = await server.get(
        PICTURE, "OPTIONS", headers={"Origin": "https://good.example", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]


async def test_by_default_no_other_origin_reads(server: Running) -> None:
    answer = await server.get(PICTURE, headers={"Origin": "https://any.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


async def connect(server: Running, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(sent)
    return reader, writer


async def closed(reader: asyncio.StreamReader) -> bytes:
    """Read until the server closes the connection."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_request_that_never_comes_is_not_waited_for(start: Start, sent: bytes) -> None:
    server = await start(idle_timeout=1)
    reader, writer = await connect(server, sent)
    assert await closed(reader) == b""
    writer.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_second_request_that_never_comes_is_not_waited_for(start: Start, sent: bytes) -> None:
    server = await start(idle_timeout=1)
    reader, writer = await connect(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + sent)
    answer = await closed(reader)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"ok\n")
    writer.close()


async def test_headers_that_drip_are_not_waited_for(start: Start) -> None:
    server = await start(idle_timeout=1)
    reader, writer = await connect(server, b"GET / HTTP/1.1\r\n")

    async def drip() -> None:
        while not writer.is_closing():
            writer.write(b"X: y\r\n")
            await asyncio.sleep(0.2)

    task = asyncio.create_task(drip())
    assert await closed(reader) == b""
    writer.close()
    task.cancel()


async def test_a_body_that_never_ends_is_not_waited_for(start: Start) -> None:
    server = await start(body_timeout=1)
    head = "POST /animations/quick.gif HTTP/1.1", "Host: x", "Content-Type: application/json", "Content-Length: 9", ""
    reader, writer = await connect(server, "\r\n".join([*head, "{"]).encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()


async def test_half_open_connections_leave_room_for_others(start: Start) -> None:
    server = await start(idle_timeout=60, max_connections=600, max_connections_per_client=550)
    idle = [await connect(server, b"GET / HTTP/1.1\r\nHost:") for _ in range(500)]
    assert (await server.get("/healthz")).status == 200
    assert (await server.get(PICTURE)).status == 200
    for _, writer in idle:
        writer.close()


async def test_connections_are_capped(start: Start) -> None:
    server = await start(idle_timeout=60, max_connections_per_client=5)
    others = [await connect(server) for _ in range(5)]

    async def let_in() -> bool:
        reader, writer = await connect(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await closed(reader)
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
            head, _, body = answer.partition(b"\r\n\r\n")
            assert b"Retry-After: " in head
            assert json.loads(body)["status"] == 503
        return answer.startswith(b"HTTP/1.1 200")

    assert not await let_in()
    text = server.service.metrics.exposition().decode()
    assert 'figreel_requests_total{method="none",route="none",status="503"} 1.0' in text
    others[0][1].close()
    await until(let_in)
    for _, writer in others:
        writer.close()
