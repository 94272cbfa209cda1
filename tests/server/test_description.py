"""The OpenAPI document and the router say the same, and each operation gives each status that it claims."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from server import Catalog
from tests.server import scenes
from tests.server.support import PATIENCE, Running, Start, until

KEY = "one" * 8
SHOWN = {"Authorization": f"Bearer {KEY}"}
PATHS = {
    "/animations/dies.gif",
    "/animations/dies.png",
    "/healthz",
    "/healthz/deep",
    "/metrics",
    "/openapi.json",
    "/readyz",
}
PAGES = {"/", "/docs", "/animations/{name}", "/assets/{asset}", "/favicon.ico"}
"""For people, and not described."""


def catalog() -> Catalog:
    """One animation, which can do whatever a status needs."""
    one = Catalog()
    one.animation(scenes.dies)
    return one


async def described(server: Running, **headers: str) -> dict[str, Any]:
    answer = await server.get("/openapi.json", headers=headers)
    assert answer.status == 200
    document: dict[str, Any] = json.loads(answer.body)
    return document


async def test_the_document_has_every_route_and_no_other(server: Running) -> None:
    document = await described(server)
    routed = {(resource.canonical, route.method) for resource in server.app.router.resources() for route in resource}
    pictures = "/animations/{name}.{format}"
    expected = {(path, method) for path, method in routed if path not in {*PAGES, pictures} and method != "HEAD"}
    for entry in server.service.catalog:
        for format_name in server.service.formats:
            path = f"/animations/{entry.name}.{format_name}"
            expected |= {(path, method) for other, method in routed if other == pictures and method != "HEAD"}
    assert {(path, method.upper()) for path, methods in document["paths"].items() for method in methods} == expected
    assert len(
        {operation["operationId"] for methods in document["paths"].values() for operation in methods.values()}
    ) == (len(expected))


async def test_only_what_settings_make_possible_is_claimed(start: Start) -> None:
    plain, limited = await start(), await start(bearer_keys=[KEY], signing_keys={"k": KEY}, rate_limit="9/second")
    for server, headers, extra in [(plain, {}, {"429"}), (limited, SHOWN, {"401", "403", "429"})]:
        document = await described(server, **headers)
        claimed = {
            status
            for methods in document["paths"].values()
            for operation in methods.values()
            for status in operation["responses"]
        }
        assert claimed & {"401", "403", "429"} == extra
        assert ("429" in document["paths"]["/openapi.json"]["get"]["responses"]) == (server is limited)
        for path in ("/healthz", "/readyz"):
            assert not set(document["paths"][path]["get"]["responses"]) & {"401", "403", "429"}


async def raw(server: Running, sent: str) -> int:
    """Send text, and return the status of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(sent.encode())
    async with asyncio.timeout(PATIENCE):
        status = int((await reader.readline()).split()[1])
    writer.close()
    return status


class Asker:
    """Brings about each status at one operation."""

    def __init__(self, start: Start, method: str, path: str) -> None:
        self._start = start
        self._method = method.upper()
        self._path = path

    async def ask(self, status: str) -> int:
        """Return the status that comes, where *status* is meant to come."""
        special: dict[str, Callable[[], Awaitable[int]]] = {
            "400": self._malformed, "401": self._without_key, "403": self._badly_signed, "408": self._slow,
            "429": self._often, "503": self._busy,
        }  # fmt: skip
        if status in special:
            return await special[status]()
        server = await self._start(catalog(), timeout=1 if status == "504" else 30, max_body=100)
        return await self._get(server, **self._request(status))

    def _request(self, status: str) -> dict[str, Any]:
        how = {"500": ("kill", 0), "504": ("spin", 0)}.get(status, ("kill", 99))
        values: dict[str, Any] = {"how": how[0], "at": how[1]}
        headers = {
            "206": {"Range": "bytes=0-0"}, "304": {"If-None-Match": "*"}, "412": {"If-Match": '"x"'},
            "416": {"Range": "bytes=-0"}, "415": {"Content-Type": "text/plain"},
        }.get(status, {})  # fmt: skip
        if status == "422":
            values = {"how": "nothing"}
        if status == "413":
            values["padding"] = "x" * 1000
        return {"values": values, "headers": headers}

    async def _get(self, server: Running, values: dict[str, Any] | None = None, **options: Any) -> int:
        values = {"how": "kill", "at": 99} if values is None else values
        if self._method == "POST":
            headers = {"Content-Type": "application/json", **options.pop("headers", {})}
            options |= {"data": json.dumps(values).encode(), "headers": headers}
        elif self._path.startswith("/animations"):
            options["params"] = {name: str(value) for name, value in values.items()}
        return (await server.get(self._path, self._method, **options)).status

    async def _malformed(self) -> int:
        return await raw(await self._start(catalog()), f"{self._method} {self._path} HTTP/1.1\r\nHost: x:abc\r\n\r\n")

    async def _without_key(self) -> int:
        return await self._get(await self._start(catalog(), bearer_keys=[KEY]))

    async def _badly_signed(self) -> int:
        server = await self._start(catalog(), signing_keys={"k": KEY})
        return (await server.get(f"{self._path}?signature=x", self._method)).status

    async def _slow(self) -> int:
        server = await self._start(catalog(), body_timeout=0.2)
        head = f"{self._method} {self._path} HTTP/1.1", "Host: x", "Content-Type: application/json", "Content-Length: 9"
        return await raw(server, "\r\n".join([*head, "", "{"]))

    async def _often(self) -> int:
        server = await self._start(catalog(), rate_limit="1/hour")
        await self._get(server)
        return await self._get(server)

    async def _busy(self) -> int:
        if self._path == "/readyz":
            server = await self._start(catalog())
            server.service.draining = True
            return await self._get(server)
        if self._path in ("/healthz", "/metrics", "/openapi.json"):
            server = await self._start(catalog(), max_connections=1)
            _, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
            try:
                return await self._get(server)
            finally:
                writer.close()
        server = await self._start(catalog(), queue=0, timeout=PATIENCE)
        busy = asyncio.create_task(server.get("/animations/dies.apng?how=spin"))
        await until(lambda: server.service.admission.inside == 1)
        try:
            return await self._get(server)
        finally:
            busy.cancel()
            with suppress(asyncio.CancelledError, aiohttp.ClientError):
                await busy


@pytest.mark.parametrize("path", sorted(PATHS))
async def test_each_operation_gives_each_status_that_it_claims(start: Start, path: str) -> None:
    guards = {"bearer_keys": [KEY], "signing_keys": {"k": KEY}, "rate_limit": "99/second"}
    document = await described(await start(catalog(), **guards), **SHOWN)
    for method, operation in document["paths"][path].items():
        asker = Asker(start, method, path)
        given = {status: await asker.ask(status) for status in operation["responses"]}
        assert given == {status: int(status) for status in operation["responses"]}, method
