"""Whatever bytes come over the wire, the answer is ours, and never an internal error."""

import asyncio
import gzip
import json
import logging
import zlib
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.web.headers.conditions import accepts_gzip, byte_range, lists, prefers_html
from server.web.headers.forwarding import address_of, read_forwarded
from tests.server.support import PATIENCE, Running, Start
from tests.server.test_logs import events

ROUTES = [
    "/",
    "/docs",
    "/openapi.json",
    "/healthz",
    "/metrics",
    "/assets/form.js",
    "/animations/quick",
    "/animations/quick.gif",
    "/animations/quick.png",
    "/nowhere",
]

HEADERS = [
    b"Range: bytes=-0",
    b"Range: bytes=" + b"9" * 6000 + b"-",
    b"Range: bytes=0-" + b"9" * 6000,
    b"Range: bytes=5-1",
    b"Range: bytes=",
    b"Range: lines=1-2",
    b"Range: \xff\xfe",
    b"Range: bytes=0-0,2-3\r\nRange: bytes=1-1",
    b"If-None-Match: W/",
    b'If-None-Match: "',
    b"If-None-Match: " + b'"a",' * 1500,
    b"If-Match: \xff",
    b"If-Range: W/\x80",
    b"If-Modified-Since: never",
    b"Accept: \xff/\xff;q=x",
    b"Accept-Encoding: gzip;q=9, *;q=, ;;;",
    b"Accept-Encoding: \xff",
    b"X-Forwarded-For: ,,,, \xff",
    b"X-Forwarded-For: [::1, 1.2.3.4:99999999",
    b"X-Forwarded-Host: x:abc\r\nX-Forwarded-For: 1.2.3.4",
    b"X-Forwarded-Host: <script>\r\nX-Forwarded-For: 1.2.3.4",
    b"X-Forwarded-Prefix: //evil.example\r\nX-Forwarded-For: 1.2.3.4",
    b"X-Forwarded-Proto: javascript\r\nX-Forwarded-For: 1.2.3.4",
    b'Forwarded: for="',
    b"Forwarded: for=1;for=2",
    b'Forwarded: for="[::1]:x";host="\\"";proto=\xff',
    b"Forwarded: " + b";" * 4000,
    b"Authorization: Bearer \xff\xfe",
    b"Authorization:",
    b"X-Request-ID: \xff",
    b"Content-Type: \xff;;;=",
    b"Cookie: \xff=\xff;;",
    b"Origin: \xff",
    b"Expect: 100-continue",
    b"Expect: the unexpected",
    b"Expect: \xff",
    b"Upgrade: websocket\r\nConnection: Upgrade",
    b"Content-Length: 0",
    b"TE: \xff",
]

HOSTS = [b"x:abc", b"x:99999", b"", b"\xff\xfe", b"a b", b"x:1:2", b"[::1", b"user@x", b"x/y", b"x\x7f", "é".encode()]

TARGETS = [
    b"/animations/%zz.gif",
    b"/animations/%.gif",
    b"/animations/quick.gif?%zz=%",
    b"/animations/quick.gif?%ff=%fe",
    b"/animations/quick.gif?frames=%00",
    b"/animations/typed.gif?label=%ed%a0%80",
    b"/animations/typed?label=%ed%a0%80",
    b"/animations/typed?label:json=%22%5Cud800%22",
    b"/animations/typed?label:json=%7B%22%5Cud800%22%3A1%7D",
    b"/animations/typed?values:json=%5B%22%5Cud800%22%5D&format=%ed%a0%80",
    b"/?q=%ed%a0%80",
    b"/animations/%ed%a0%80.gif",
    b"/animations/quick%00.gif",
    b"/animations/" + b"x" * 7000,
    b"/" * 4000,
    b"/animations/quick.gif?" + b"&" * 7000,
    b"/animations/..%2f..%2fetc/passwd.gif",
    b"/../../etc/passwd",
    b"/animations/quick.gif;x=1",
    b"/assets/%2e%2e%2fbase.html",
    b"//x/animations/quick.gif",
    b"http://x:abc/animations/quick.gif",
    b"http://x/animations/quick.gif",
    b"http://[/",
    b"*",
    b"?",
]

BROKEN = [
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nsecret-bytes",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: secret-bytes\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nsecret-bytes",
    b"GET /secret-bytes\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /secret-bytes\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /secret-bytes " + b"\r\n\r\n",
    b"secret-bytes\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03secret-bytes\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\nX: secret-bytes\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n secret-bytes: folded\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX y: secret-bytes\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: secret-bytes\x00\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"secret-bytes" * 2000 + b"\r\n\r\n",
    b"GET /" + b"secret-bytes" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: secret-bytes\r\n" * 500 + b"\r\n",
]


async def exchange(server: Running, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes, and return status, headers and body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(sent)
            line = await reader.readline()
            while line.startswith(b"HTTP/1.1 100"):
                assert await reader.readline() == b"\r\n"
                line = await reader.readline()
            assert line.startswith(b"HTTP/1.1 "), line
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
            length = 0 if sent.startswith(b"HEAD ") else int(headers.get("content-length", "0"))
            return int(line.split()[1]), headers, await reader.readexactly(length) if length else b""
    finally:
        writer.close()


def check_ours(status: int, headers: dict[str, str], body: bytes | None) -> None:
    assert status < 500, (status, body)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["server"] == "figreel"
    assert headers["x-request-id"]
    if status >= 400 and status != 416:
        assert headers["content-type"].startswith("application/problem+json")
        if body is None:
            return
        problem = json.loads(body)
        assert problem["status"] == status
        assert problem["request_id"] == headers["x-request-id"]


@pytest.mark.parametrize("host", HOSTS)
async def test_a_host_that_is_none_gets_400_and_a_line(
    server: Running, caplog: pytest.LogCaptureFixture, host: bytes
) -> None:
    for route in ROUTES:
        caplog.clear()
        with caplog.at_level(logging.INFO, "figreel"):
            answer = await exchange(server, b"GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (route.encode(), host))
        assert answer[0] == 400, route
        check_ours(*answer)
        assert [line["event"] for line in events(caplog)] == ["request"]


async def test_a_request_needs_one_host(server: Running) -> None:
    assert (await exchange(server, b"GET /healthz HTTP/1.1\r\n\r\n"))[0] == 400
    assert (await exchange(server, b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"))[0] == 400
    for host in (b"x", b"x:", b"x:80", b"[::1]:80", b"127.0.0.1", b"xn--e1afmkfd.example"):
        assert (await exchange(server, b"GET /healthz HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"))[0] == 200


@pytest.mark.parametrize("sent", BROKEN, ids=range(len(BROKEN)))
async def test_what_cannot_be_parsed_is_answered_as_all_else_and_not_echoed(
    server: Running, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    with caplog.at_level(logging.INFO, "figreel"):
        status, headers, body = await exchange(server, sent)
    assert status == 400
    check_ours(status, headers, body)
    assert b"secret-bytes" not in body
    assert "secret-bytes" not in str(headers) + caplog.text
    assert [(line["event"], record.levelname) for line, record in zip(events(caplog), caplog.records, strict=True)] == [
        ("request", "INFO")
    ]
    assert server.service.metrics.count("requests_total", route="none", method="none", status="400") == 1


async def test_no_header_makes_an_internal_error(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    server = await start(trusted_proxies=1, cors_origins=["https://a.example"], rate_limit="100000/second")
    await server.get("/animations/quick.gif")
    await server.get("/animations/quick.png")
    with caplog.at_level(logging.INFO, "figreel"):
        for route, header in product(ROUTES, HEADERS):
            check_ours(*await exchange(server, b"GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n" % (route.encode(), header)))
    assert {record.levelname for record in caplog.records} == {"INFO"}


@pytest.mark.parametrize("target", TARGETS)
async def test_no_target_makes_an_internal_error(server: Running, target: bytes) -> None:
    for method in (b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"TRACE", b"BREW"):
        status, headers, body = await exchange(server, b"%s %s HTTP/1.1\r\nHost: x\r\n\r\n" % (method, target))
        check_ours(status, headers, body if method != b"HEAD" else None)


@pytest.mark.parametrize(
    "content_type", [b"application/json", b"\xff", b"", b"application/json; charset=\xff", b"a/b;;="]
)
async def test_no_body_makes_an_internal_error(server: Running, content_type: bytes) -> None:
    head = b"POST /animations/quick.gif HTTP/1.1\r\nHost: x\r\nContent-Type: " + content_type + b"\r\n"
    for rest in (
        b"Content-Length: 3\r\n\r\n{\xff}",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Encoding: nonsense\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Encoding: deflate\r\nContent-Length: 0\r\n\r\n",
        b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
    ):
        check_ours(*await exchange(server, head + rest))


@pytest.mark.parametrize("coding", ["nonsense", "gzip, gzip", "x-gzip"])
async def test_a_coding_that_is_not_read_is_said(server: Running, coding: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    problem = await server.problem("/animations/quick.gif", "POST", data=b"{}", headers=headers)
    assert (problem["status"], problem["detail"]) == (415, "the body may be coded by gzip or deflate")


@pytest.mark.parametrize("coding", [gzip.compress, zlib.compress])
async def test_a_body_may_be_coded(server: Running, coding: Callable[[bytes], bytes]) -> None:
    name = "gzip" if coding is gzip.compress else "deflate"
    headers = {"Content-Type": "application/json", "Content-Encoding": name}
    answer = await server.get("/animations/quick.gif", "POST", data=coding(b'{"seed": 3}'), headers=headers)
    assert answer.status == 200


@pytest.mark.parametrize("target", [b"POST /animations/quick.gif", b"GET /healthz", b"POST /nowhere"])
async def test_an_answer_says_that_the_connection_closes_behind_it(server: Running, target: bytes) -> None:
    body = b"Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
    _, headers, _ = await exchange(server, target + b" HTTP/1.1\r\nHost: x\r\n" + body)
    assert headers["connection"] == "close"


texts = st.text(st.characters(codec="latin-1"), max_size=40) | st.text('W/"*,;= bytes-0123gziq.[]:for', max_size=40)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts)
def test_every_header_can_be_read(text: str) -> None:
    lists(text, '"x"', weak=True)
    accepts_gzip(text)
    prefers_html(text)
    read_forwarded(text)
    address_of(text)
    part = byte_range(text, 10)
    assert part is None or 0 <= part.start <= part.stop <= 10
