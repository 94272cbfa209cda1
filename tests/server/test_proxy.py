"""Behind a real proxy: addresses, limits, signatures, and answers that never break."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import pytest
from click.testing import CliRunner

from renderer.cli.commands import main
from server.errors import SettingsError
from server.web.sockets.unix import unix_listener
from tests.server.proxy import nginx
from tests.server.support import Answer, Running, Start, running
from tests.server.test_pages import Links

PUBLIC = "https://site.example"


class Site:
    """A client of nginx, which sends every path as it is."""

    def __init__(self, port: int, session: aiohttp.ClientSession) -> None:
        self._url = f"https://127.0.0.1:{port}"
        self._session = session

    async def get(self, path: str, method: str = "GET", host: str = "site.example", **more: Any) -> Answer:
        headers = {"Host": host, **more.pop("headers", {})}
        request = self._session.request(method, self._url + path, headers=headers, ssl=False, **more)
        async with request as response:
            return Answer(response.status, response.headers, await response.read())


@asynccontextmanager
async def client(port: int, address: str = "127.0.0.1") -> AsyncIterator[Site]:
    """Make a client that comes from an address of its own."""
    connector = aiohttp.TCPConnector(limit=0, local_addr=(address, 0))
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60)) as session:
        yield Site(port, session)


class Behind(Protocol):
    def __call__(self, server: Running, *, strips: bool = True) -> int: ...


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    """Put nginx in front of a server; returns its port."""
    with ExitStack() as stack:

        def put(server: Running, *, strips: bool = True) -> int:
            upstream = urlsplit(server.url).netloc if "://" in server.url else server.url
            return stack.enter_context(nginx(tmp_path, upstream, strips=strips))

        yield put


@pytest.mark.parametrize("strips", [True, False], ids=["strips", "keeps"])
@pytest.mark.parametrize(
    "settings",
    [
        {"public_url": f"{PUBLIC}/pictures"},
        {"root_path": "/pictures", "trusted_proxies": 1},
        {"root_path": "/pictures/"},
    ],
    ids=["public", "root and proxy", "root"],
)
async def test_everything_works_under_a_path(
    start: Start, behind: Behind, strips: bool, settings: dict[str, Any]
) -> None:
    server = await start(**settings)
    port = behind(server, strips=strips)
    async with client(port) as site:
        seen, todo = {"/pictures/"}, ["/pictures/"]
        while todo:
            path = todo.pop()
            unrendered = {"If-None-Match": "*"} if "." in path else {}
            answer = await site.get(path, headers=unrendered)
            assert answer.status in (200, 304, 422), path  # 422: a parameter has no default
            if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html"):
                links = [link for link in Links(answer.body.decode()).links if not link.startswith(("data:", "#"))]
                assert all(link.startswith("/pictures/") for link in links)
                fresh = [link for link in dict.fromkeys(links) if link not in seen]
                todo += fresh
                seen |= set(fresh)
        assert {"/pictures/animations/quick", "/pictures/assets/form.js", "/pictures/docs"} <= seen
        assert json.loads((await site.get("/pictures/openapi.json")).body)["servers"] == [{"url": "/pictures"}]
        assert (await site.get("/pictures/animations/quick.gif")).frames == 3
        assert (await site.get("/pictures/metrics")).status == 403, "as the example says"
        docs = (await site.get("/pictures/docs")).body.decode()
        assert "http://" not in docs
        origin = "" if "root_path" in settings and "trusted_proxies" not in settings else PUBLIC
        assert f"'{origin}/pictures/animations/quick.gif'" in docs


async def test_a_proxy_that_says_where_it_is_needs_no_setting(start: Start, behind: Behind) -> None:
    server = await start(trusted_proxies=1)
    async with client(behind(server)) as site:
        assert f"'{PUBLIC}/pictures/animations/quick.gif'" in (await site.get("/pictures/docs")).body.decode()


async def test_no_host_that_a_client_writes_is_shown(start: Start, behind: Behind) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Prefix": "/evil"}
    server = await start()
    for path in ("/", "/docs", "/openapi.json", "/animations/quick"):
        answer = await server.get(path, headers={"Host": "evil.example", **forged})
        assert b"evil" not in answer.body
    public = await start(public_url=f"{PUBLIC}/pictures", trusted_proxies=1)
    async with client(behind(public)) as site:
        for path in ("/", "/docs", "/openapi.json", "/animations/quick"):
            answer = await site.get(f"/pictures{path}", host="evil.example", headers=forged)
            assert b"evil" not in answer.body


@pytest.mark.parametrize("strips", [True, False], ids=["strips", "keeps"])
async def test_a_signed_address_holds_outside_and_inside(
    start: Start, behind: Behind, monkeypatch: pytest.MonkeyPatch, strips: bool
) -> None:
    keys = {"k": "one" * 8}
    server = await start(signing_keys=keys, root_path="/pictures", trusted_proxies=1)
    monkeypatch.setenv("FIGREEL_SIGNING_KEYS", json.dumps(keys))
    printed = CliRunner().invoke(main, ["sign", f"{PUBLIC}/pictures/animations/quick.gif?frames=2"]).stdout.strip()
    path = printed.removeprefix(PUBLIC)
    async with client(behind(server, strips=strips)) as site:
        assert (await site.get(path)).frames == 2
        assert (await site.get(path.replace("frames=2", "frames=3"))).status == 403
    assert (await server.get(path.removeprefix("/pictures"))).status == 200


async def test_limits_count_clients_and_not_the_proxy(start: Start, behind: Behind) -> None:
    server = await start(trusted_proxies=1, rate_limit="3/hour")
    port = behind(server)
    path = "/pictures/animations/quick.gif"
    async with client(port, "127.0.0.2") as ann, client(port, "127.0.0.3") as bob:
        forged = [{"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"} for n in range(5)]
        statuses = [(await ann.get(path, headers=headers)).status for headers in forged]
        assert statuses == [200] * 3 + [429] * 2
        assert (await bob.get(path)).status == 200


async def test_many_clients_get_an_answer_or_a_refusal_and_never_a_reset(start: Start, behind: Behind) -> None:
    server = await start(trusted_proxies=1, max_connections_per_client=100, timeout=60)
    port = behind(server)
    async with client(port) as site:
        slow = "/pictures/animations/slow.gif?seconds=0.6&frames=5"
        answers = await asyncio.gather(*(site.get(slow) for _ in range(160)))
    assert {answer.status for answer in answers} == {200, 503}
    for answer in answers:
        if answer.status == 503:
            assert answer.headers["Retry-After"]
            assert answer.headers["Content-Type"] == "application/problem+json"
    sites = [client(port, f"127.0.0.{2 + n % 8}") for n in range(160)]

    async def once(number: int) -> int:
        async with sites[number] as site:
            return (await site.get("/pictures/animations/quick.gif")).status

    assert set(await asyncio.gather(*(once(number) for number in range(160)))) == {200}


async def test_connections_over_the_cap_are_refused_through_the_proxy_without_a_502(
    start: Start, behind: Behind
) -> None:
    server = await start(trusted_proxies=1, max_connections=20, timeout=60)
    async with client(behind(server)) as site:
        slow = "/pictures/animations/slow.gif?seconds=0.3&frames=4"
        answers = await asyncio.gather(*(site.get(slow) for _ in range(60)))
    assert {answer.status for answer in answers} == {200, 503}
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 503)


async def test_a_direct_client_over_the_cap_reads_its_refusal(start: Start) -> None:
    server = await start(max_connections_per_client=10, timeout=60)

    async def one(method: str) -> int:
        async with aiohttp.ClientSession() as session:
            url = f"{server.url}/animations/slow.gif"
            body = {"seconds": 0.3} if method == "POST" else None
            async with session.request(method, url, json=body) as response:
                await response.read()
                return response.status

    statuses = await asyncio.gather(*(one(method) for method in ["GET", "POST"] * 20))
    assert set(statuses) == {200, 503}


async def test_a_unix_socket_is_an_upstream(start: Start, behind: Behind, tmp_path: Path) -> None:
    path = tmp_path / "figreel.sock"
    server = await start(unix_socket=path, unix_socket_mode="600", trusted_proxies=1, max_connections_per_client=3)
    assert server.url == f"unix:{path}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with client(behind(server)) as site:
        answers = await asyncio.gather(*(site.get("/pictures/animations/quick.gif") for _ in range(3)))
        assert {answer.status for answer in answers} == {200}


async def test_a_socket_that_nobody_listens_on_is_replaced_and_no_other(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "figreel.sock"
    unix_listener(path, 0o600).close()
    assert path.is_socket(), "left behind, as by a server that was killed"
    async with running(unix_socket=path) as server:
        assert server.url == f"unix:{path}"
    assert not path.exists(), "the server has removed it"
    await start(unix_socket=path)
    with pytest.raises(SettingsError, match="another server listens there"):
        unix_listener(path, 0o600)
    (tmp_path / "file").write_text("precious")
    with pytest.raises(SettingsError, match="there is something else"):
        unix_listener(tmp_path / "file", 0o600)
    assert (tmp_path / "file").read_text() == "precious"
    with pytest.raises(SettingsError, match="No such file"):
        unix_listener(tmp_path / "no" / "such", 0o600)
