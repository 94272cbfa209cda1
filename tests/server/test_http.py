"""What RFC 9110 says of each header that the server looks at, and how cheap constant answers are."""

import asyncio
import gzip
import json
import resource
import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import CIMultiDict
from pydantic import ByteSize

from renderer import resolve
from server import Settings, create_app
from server.cache.disk import StoredFile
from server.web.headers.conditions import accepts_gzip, byte_range, lists, prefers_html
from server.web.headers.forwarding import address_of, outermost, read_forwarded
from server.web.headers.outside import is_host, network_of
from server.web.openapi import document
from server.web.sockets.listening import listening
from tests.server.support import PATIENCE, QUIET, SCENES, Running, Start

PICTURE = "/animations/quick.gif"
PAGES = ["/", "/docs", "/openapi.json", "/animations/quick", "/assets/form.js", "/assets/style.css"]
POLICIES = [
    "Cross-Origin-Resource-Policy",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "ETag",
]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", slice(0, 10)),
        ("bytes=0-0", slice(0, 1)),
        ("bytes=3-5", slice(3, 6)),
        ("bytes=3-99", slice(3, 10)),
        ("bytes=-3", slice(7, 10)),
        ("bytes=-99", slice(0, 10)),
        ("BYTES=3-5", slice(3, 6)),
        ("bytes= 3-5 ", slice(3, 6)),
        ("bytes=9-" + "9" * 5000, slice(9, 10)),
        ("bytes=-0", slice(10, 10)),
        ("bytes=10-", slice(10, 10)),
        ("bytes=" + "9" * 5000 + "-", slice(10, 10)),
        ("bytes=5-3", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes", None),
        ("bytes=a-b", None),
        ("bytes=1", None),
        ("bytes=--1", None),
        ("bytes=+1-2", None),
        ("bytes=1-2-3", None),
        ("bytes=\u0663-\u0665", None),
        ("bytes=0-1,4-5", None),
        ("bytes=0-1\n", None),
        ("lines=0-1", None),
        ("", None),
    ],
)
def test_a_range_is_read_by_its_grammar(header: str, expected: slice | None) -> None:
    assert byte_range(header, 10) == expected


@pytest.mark.parametrize(
    ("header", "weak", "strong"),
    [
        ('"x"', True, True),
        ('W/"x"', True, False),
        ("*", True, True),
        (" * ", True, True),
        ('"a", "x"', True, True),
        ('"a",W/"x"', True, False),
        (' , "a",, "x" ,', True, True),
        ('"a,"x"', False, False),
        ('"x', False, False),
        ("x", False, False),
        ('w/"x"', False, False),
        ('"y"', False, False),
        ('"a, x"', False, False),
        ("", False, False),
    ],
)
def test_entity_tags_are_read_by_their_grammar(header: str, weak: bool, strong: bool) -> None:
    assert (lists(header, '"x"', weak=True), lists(header, '"x"', weak=False)) == (weak, strong)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZip", True),
        ("x-gzip", True),
        ("deflate, gzip;q=0.5, br", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity, gzip;q=0.5", False),
        ("identity;q=0.5, gzip", True),
        ("identity;q=0", False),
        ("gzip ; q=1.0", True),
        ("gzip;q=7", False),
        ("gzip;q=x", False),
        ("br", False),
    ],
)
def test_the_coding_is_what_the_client_likes(header: str | None, expected: bool) -> None:
    assert accepts_gzip(header) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", True),
        ("text/html", True),
        ("TEXT/HTML;q=0.1", True),
        ("text/html, */*", True),
        ("text/*", True),
        ("text/html;charset=utf-8", True),
        ("text/html;charset=utf-8;q=0.9, application/problem+json;profile=x;q=0.8", True),
        ('text/html;a=",;q=0", application/json;q=0.9', True),
        ("text/html, application/json;q=0", True),
        ("text/html;q=0.4, */*;q=0.3", True),
        ("text/html;q=0.3, */*;q=0.8", False),
        ("text/html;q=0.3, application/*;q=0.8", False),
        ("text/html;q=0.9, application/problem+json;profile=x", False),
        ('text/html;q=0.9, application/json;profile="a, b"', False),
        ("text/html;q=0, */*", False),
        ("text/html;level=1;q=0", False),
        ("text/html;q", False),
        ("text/html;q=0", False),
        ("text/*, application/*", False),
        ("application/json, text/html", False),
        ("application/problem+json", False),
        ("*/*", False),
        ("image/png", False),
        ('text/html;a="', True),
        ('"text/html', False),
        ("", False),
    ],
)
def test_a_page_is_for_who_likes_it_better_than_json(header: str, expected: bool) -> None:
    assert prefers_html(header) is expected


FORWARDED = [
    ('for="[2001:db8::1]:4711"', [{"for": "[2001:db8::1]:4711"}]),
    (
        "for=192.0.2.43;proto=https;host=a.example:8443, for=198.51.100.17",
        [{"for": "192.0.2.43", "proto": "https", "host": "a.example:8443"}, {"for": "198.51.100.17"}],
    ),
    ('For="_gazonk";by="a;b,c\\"d"', [{"for": "_gazonk", "by": 'a;b,c"d'}]),
    ("for=unknown , for=1.2.3.4", [{"for": "unknown"}, {"for": "1.2.3.4"}]),
    (", for=1.2.3.4;;proto=http;", [{"for": "1.2.3.4", "proto": "http"}]),
    ("for=1;for=2", []),
    ('for="1', []),
    ("for", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "elements"), FORWARDED)
def test_forwarded_is_read_by_the_grammar_of_rfc_7239(text: str, elements: list[dict[str, str]]) -> None:
    assert read_forwarded(text) == elements


@pytest.mark.parametrize(
    ("node", "address"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("1.2.3.4:80", "1.2.3.4"),
        ("1.2.3.4:_port", "1.2.3.4"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:DB8::1]:80", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", None),
        ("_hidden", None),
        ("1.2.3.999", None),
        ("", None),
    ],
)
def test_a_node_is_an_address_with_or_without_a_port(node: str, address: str | None) -> None:
    assert address_of(node) == address


def test_a_client_is_an_ipv4_address_or_an_ipv6_network() -> None:
    assert network_of("1.2.3.4") == network_of("::ffff:1.2.3.4") == "1.2.3.4"
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9%eth0") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("") == ""


@pytest.mark.parametrize(("text", "expected"), [("a.example:80", True), ("[::1]:80", True), ("a b", False), ("", False),
                                                ("a:65536", False), ("a/b", False), ("u@a", False)])  # fmt: skip
def test_a_host_is_a_name_and_a_port(text: str, expected: bool) -> None:
    assert is_host(text) is expected


@pytest.mark.parametrize(
    ("headers", "proxies", "client"),
    [
        ([("X-Forwarded-For", "6.6.6.6, 10.0.0.1")], 1, "10.0.0.1"),
        ([("X-Forwarded-For", "6.6.6.6, 10.0.0.1")], 2, "6.6.6.6"),
        ([("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "10.0.0.1")], 1, "10.0.0.1"),
        ([("X-Forwarded-For", "6.6.6.6")], 2, None),
        ([("X-Forwarded-For", "6.6.6.6")], 0, None),
        ([("Forwarded", "for=6.6.6.6, for=10.0.0.1")], 1, "10.0.0.1"),
        ([("Forwarded", "for=6.6.6.6"), ("Forwarded", 'for="[2001:db8::1]:1"')], 1, "[2001:db8::1]:1"),
        ([("Forwarded", "for=6.6.6.6"), ("X-Forwarded-For", "10.0.0.1")], 1, "10.0.0.1"),
        ([("Forwarded", 'for="')], 1, None),
        ([], 1, None),
    ],
)
def test_the_client_is_what_the_outermost_trusted_proxy_saw(
    headers: list[tuple[str, str]], proxies: int, client: str | None
) -> None:
    from multidict import CIMultiDict, CIMultiDictProxy

    hop = outermost(CIMultiDictProxy(CIMultiDict(headers)), proxies)
    assert (hop.client if hop else None) == client


async def test_limits_see_the_network_of_a_forwarded_client(start: Start) -> None:
    server = await start(trusted_proxies=1, rate_limit="2/hour")

    async def status(client: str) -> int:
        return (await server.get("/", headers={"Forwarded": f'for="{client}"'})).status

    assert [await status(f"[2001:db8::{n}]:{n}") for n in range(1, 4)] == [200, 200, 429]
    assert await status("[2001:db8:0:1::1]") == 200


async def test_an_open_range_is_a_stream_while_the_render_runs(server: Running) -> None:
    headers = {"Range": "bytes=0-"}
    path = "/animations/slow.gif?seconds=0.4&frames=5"
    async with server.session.get(server.url + path, headers=headers) as response:
        assert response.status == 200
        assert (await response.content.readany()).startswith(b"GIF89a")
        (flight,) = server.service.flights.values()
        assert not flight.task.done()
        await response.read()
    stored = await server.get(path, headers=headers)
    assert (stored.status, stored.headers["Content-Range"]) == (
        206,
        f"bytes 0-{len(stored.body) - 1}/{len(stored.body)}",
    )


@pytest.mark.parametrize("ignored", [{"Range": "bytes=5-1"}, {"Range": "bytes=0-1,3-4"}, {"Range": "lines=1-2"},
                                     {"Range": "bytes=1-2", "If-Range": '"old"'}])  # fmt: skip
async def test_a_range_that_does_not_count_does_not_wait(server: Running, ignored: dict[str, str]) -> None:
    path = "/animations/slow.gif?seconds=0.3&frames=4"
    async with server.session.get(server.url + path, headers=ignored) as response:
        await response.content.readany()
        (flight,) = server.service.flights.values()
        assert not flight.task.done()
        assert response.status == 200


async def test_conditions_on_a_picture(server: Running) -> None:
    whole = await server.get(PICTURE)
    tag = whole.headers["ETag"]
    for headers, status in [
        ({"If-Match": tag}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": f'"a", {tag}'}, 200),
        ({"If-Match": '"other"'}, 412),
        ({"If-Match": f"W/{tag}"}, 412),
        ({"If-Match": '"other"', "If-None-Match": tag}, 412),
        ({"If-None-Match": f"W/{tag}"}, 304),
        ({"If-None-Match": tag, "Range": "bytes=0-1"}, 304),
        ({"If-Modified-Since": "Sun, 29 Nov 2099 00:00:00 GMT"}, 200),
        ({"Range": "bytes=0-1", "If-Range": tag}, 206),
        ({"Range": "bytes=0-1", "If-Range": f"W/{tag}"}, 200),
        ({"Range": "bytes=0-1", "If-Range": "Sun, 29 Nov 2099 00:00:00 GMT"}, 200),
        ({"Range": "bytes=-0"}, 416),
    ]:
        answer = await server.get(PICTURE, headers=headers)
        assert answer.status == status, headers
        assert answer.headers["Date"]
    unchanged = await server.get(PICTURE, headers={"If-None-Match": tag})
    assert unchanged.headers["ETag"] == tag
    assert unchanged.headers["Cache-Control"] == whole.headers["Cache-Control"]
    head = await server.get(PICTURE, "HEAD", headers={"Range": "bytes=0-1"})
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(whole.body)))
    refused = await server.get(PICTURE, headers={"Range": "bytes=-0"})
    assert (refused.headers["Content-Range"], refused.headers["Cache-Control"]) == (
        f"bytes */{len(whole.body)}",
        "no-store",
    )


@pytest.mark.parametrize("name", ["gif", "html", "png"])
async def test_every_answer_about_a_picture_has_the_policy_of_the_picture(server: Running, name: str) -> None:
    path = f"/animations/quick.{name}"
    rendered = await server.get(path)
    assert rendered.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert ("sandbox allow-scripts" in rendered.headers["Content-Security-Policy"]) == (name == "html")
    tag = rendered.headers["ETag"]
    for method, sent, status in [
        ("GET", {}, 200),
        ("GET", {"If-None-Match": tag}, 304),
        ("GET", {"Range": "bytes=0-1"}, 206),
        ("GET", {"Range": "bytes=-0"}, 416),
        ("HEAD", {}, 200),
        ("HEAD", {"If-None-Match": tag}, 304),
    ]:
        answer = await server.get(path, method, headers=sent)
        assert answer.status == status
        assert {policy: answer.headers[policy] for policy in POLICIES} == {
            policy: rendered.headers[policy] for policy in POLICIES
        }


@web.middleware
async def reads_bodies(request: web.Request, handler: Handler) -> web.StreamResponse:
    await request.read()
    return await handler(request)


@pytest.mark.parametrize(
    ("outer", "size", "status"),
    [
        (web.Application(), 999, 413),
        (web.Application(), 99, 200),
        (web.Application(client_max_size=10), 99, 200),
        (web.Application(middlewares=[reads_bodies]), 999, 413),
        (web.Application(middlewares=[reads_bodies]), 99, 200),
    ],
)
async def test_a_body_has_the_bound_of_the_settings_also_in_another_application(
    outer: web.Application, size: int, status: int
) -> None:
    settings = Settings(**QUIET, max_body=ByteSize(100))
    outer.add_subapp("/pictures/", inner := create_app(resolve(f"{SCENES}:catalog"), settings))
    body = b'{"frames": 1}'.ljust(size)
    async with listening(outer, settings) as url, aiohttp.ClientSession() as session:
        server = Running(inner, url, session)
        answer = await server.get(
            f"/pictures{PICTURE}", "POST", data=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status == status
        if status == 413:
            assert json.loads(answer.body)["detail"].startswith("Maximum request body size 100 exceeded")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_made_once_and_has_a_tag_for_each_coding(server: Running, path: str) -> None:
    async with server.session.get(server.url + path, headers={"Accept-Encoding": "identity"}) as response:
        plain = await response.read()
        tag = response.headers["ETag"]
        assert "Content-Encoding" not in response.headers
        assert response.headers["Vary"] == "Accept-Encoding"
    async with server.session.get(
        server.url + path, headers={"Accept-Encoding": "gzip"}, auto_decompress=False
    ) as response:
        packed = await response.read()
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["ETag"] != tag
        assert int(response.headers["Content-Length"]) == len(packed) < len(plain)
    assert gzip.decompress(packed) == plain
    assert (await server.get(path, headers={"Accept-Encoding": "identity"})).headers["ETag"] == tag
    for accepted in ("identity", "gzip"):
        coding = {"Accept-Encoding": accepted}
        known = (await server.get(path, headers=coding)).headers["ETag"]
        unchanged = await server.get(path, headers={**coding, "If-None-Match": f"W/{known}"})
        assert (unchanged.status, unchanged.body, unchanged.headers["ETag"]) == (304, b"", known)
        assert unchanged.headers["Vary"] == "Accept-Encoding"
        assert (await server.get(path, headers={**coding, "If-Match": '"x"'})).status == 412
    head = await server.get(path, "HEAD", headers={"Accept-Encoding": "identity"})
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(plain)), b"")


async def test_a_document_is_made_once_however_many_ask(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await start()
    made = []

    def counted(*arguments: Any) -> dict[str, Any]:
        made.append(threading.current_thread() is threading.main_thread())
        return document(*arguments)

    monkeypatch.setattr("server.web.pages.views.document", counted)
    answers = await asyncio.gather(*(server.get("/openapi.json") for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert made == [False], "once, and not in the thread that serves"


@pytest.mark.parametrize("version", ["0.9", "2.0"])
async def test_a_version_that_is_not_1_is_refused(server: Running, version: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(f"GET /healthz HTTP/{version}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert b" 505 HTTP Version Not Supported" in await reader.readline()
    writer.close()


async def test_an_if_range_of_two_lines_matches_nothing(server: Running) -> None:
    etag = (await server.get("/animations/quick.gif")).headers["ETag"]
    headers = CIMultiDict([("Range", "bytes=0-1"), ("If-Range", etag)])
    assert (await server.get("/animations/quick.gif", headers=headers)).status == 206
    headers.add("If-Range", '"other"')
    assert (await server.get("/animations/quick.gif", headers=headers)).status == 200


async def test_options_and_methods_that_are_not_there(server: Running) -> None:
    for path, methods in [(PICTURE, "GET, HEAD, OPTIONS, POST"), ("/docs", "GET, HEAD, OPTIONS")]:
        answer = await server.get(path, "OPTIONS")
        assert (answer.status, answer.headers["Allow"], answer.body) == (204, methods, b"")
    assert (await server.get("/nowhere", "OPTIONS")).status == 404
    for path, method in [(PICTURE, "PUT"), ("/", "POST"), ("/healthz", "DELETE"), ("/openapi.json", "PATCH")]:
        answer = await server.get(path, method)
        assert answer.status == 405
        assert answer.headers["Allow"] == (await server.get(path, "OPTIONS")).headers["Allow"]


async def test_head_is_there_wherever_get_is(server: Running) -> None:
    for route in server.app.router.resources():
        methods = {route.method for route in route}
        assert "HEAD" in methods
        assert "GET" in methods
    for path in (*PAGES, "/healthz", "/readyz", "/metrics", PICTURE):
        answer = await server.get(path, "HEAD")
        assert (answer.status, answer.body) == (200, b""), path


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "application/json;x=1"]
)
async def test_a_body_may_say_more_than_that_it_is_json(server: Running, content_type: str) -> None:
    answer = await server.get(PICTURE, "POST", data=b"{}", headers={"Content-Type": content_type})
    assert answer.status == 200


async def test_files_are_read_beside_the_loop(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await start(cache_folder=tmp_path, window="64KiB", timeout=60)
    path = "/animations/noisy.gif?frames=20"
    body = (await server.get(path)).body
    read, on_loop = StoredFile.__getitem__, []

    def watched(self: StoredFile, part: slice) -> bytes:
        on_loop.append(threading.current_thread() is threading.main_thread())
        return read(self, part)

    monkeypatch.setattr(StoredFile, "__getitem__", watched)
    assert (await server.get(path)).body == body
    assert (await server.get(path, headers={"Range": "bytes=5-9"})).body == body[5:10]
    assert on_loop
    assert not any(on_loop)


async def cost(server: Running, path: str, count: int) -> float:
    """Return the seconds of this process, which is server and client, for requests over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode()

    async def once() -> None:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200")
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))

    async with asyncio.timeout(PATIENCE):
        await once()
        before = resource.getrusage(resource.RUSAGE_SELF)
        for _ in range(count):
            await once()
        after = resource.getrusage(resource.RUSAGE_SELF)
    writer.close()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


async def test_a_page_costs_no_more_than_a_stored_picture(server: Running) -> None:
    await server.get(PICTURE)
    picture = min([await cost(server, PICTURE, 100) for _ in range(3)])
    for path in PAGES:
        page = min([await cost(server, path, 100) for _ in range(3)])
        assert page < 5 * picture, path
