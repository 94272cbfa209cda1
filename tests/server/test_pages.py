"""The pages for people."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from renderer import resolve
from server import Catalog, create_app
from server.demo import catalog as demo
from server.settings import Settings
from server.web.sockets.listening import listening
from tests.server.support import QUIET, SCENES, Running, Start


class Links(HTMLParser):
    """Collects what a page refers to, and the names of its form."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inputs: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [value for name in ("href", "src", "action", "data-action") if (value := values.get(name))]
        if tag in ("input", "select") and values.get("name"):
            self.inputs.setdefault(str(values["name"]), []).append(values.get("value") or "")


async def test_the_gallery_shows_every_animation(start: Start) -> None:
    server = await start(demo)
    text = (await server.get("/")).body.decode()
    for entry in demo:
        assert f'href="/animations/{entry.name}"' in text
        assert f'src="/animations/{entry.name}.png" data-plays="/animations/{entry.name}.gif"' in text
        assert entry.summary in text


async def test_a_form_has_every_parameter_with_its_default(server: Running) -> None:
    form = Links((await server.get("/animations/typed")).body.decode()).inputs
    assert form["values"] == ["1", "2"]
    assert form["count"] == ["3"]
    assert form["color"] == ["red"]
    common = {"fps", "dpi", "width", "height", "loop", "frame", "format"}
    assert set(form) == {*server.service.entry("typed").arguments, *common, "gaps:json"}


async def test_every_link_of_every_page_leads_somewhere(start: Start) -> None:
    server = await start(demo)
    seen = {"/"}
    todo = ["/"]
    while todo:
        path = todo.pop()
        unrendered = {"If-None-Match": "*"} if "." in path else {}  # a picture that is there, without its render
        answer = await server.get(path, headers=unrendered)
        assert answer.status in (200, 304)
        if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html"):
            links = [link for link in Links(answer.body.decode()).links if link.startswith("/")]
            todo += [link for link in dict.fromkeys(links) if link not in seen]
            seen |= set(links)
    assert {"/animations/bars", "/animations/bars.gif", "/assets/form.js"} <= seen


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere", 404, "<h1>Not Found</h1>"),
        ("/animations/nothing.gif", 404, "<h1>Not found</h1>"),
        ("/animations/typed.gif?count=x", 422, "<li>count must be a whole number</li>"),
        ("/animations/typed.gif?values=1&values=x", 422, "<li>values, item 2 must be a number</li>"),
        ("/animations/typed.gif?<b>=1", 422, "<li>&lt;b&gt; "),
    ],
)
async def test_a_browser_gets_a_problem_as_a_page(server: Running, path: str, status: int, said: str) -> None:
    browsers = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}
    answer = await server.get(path, headers=browsers)
    text = answer.body.decode()
    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert said in text
    assert answer.headers["X-Request-ID"] in text
    assert "/assets/style.css" in Links(text).links
    assert (await server.get(path, "HEAD", headers=browsers)).body == b""


@pytest.mark.parametrize("accept", ["*/*", "application/json, text/html", "image/*, text/html;q=0", "text/html;q=", ""])
async def test_who_does_not_prefer_a_page_gets_a_problem_as_json(server: Running, accept: str) -> None:
    problem = await server.problem("/animations/nothing", headers={"Accept": accept})
    assert problem["title"] == "Not found"


async def test_a_page_of_a_problem_has_the_headers_of_the_problem(start: Start) -> None:
    server = await start(bearer_keys=["one" * 8])
    answer = await server.get("/", headers={"Accept": "text/html"})
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="figreel"')
    assert b"<h1>Not authorized</h1>" in answer.body
    answer = await (await start()).get("/", "POST", headers={"Accept": "text/html"})
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_pages_work_below_a_prefix() -> None:
    settings = Settings(**QUIET)
    outer = web.Application()
    outer.add_subapp("/pictures/", inner := create_app(resolve(f"{SCENES}:catalog"), settings))
    async with listening(outer, settings) as url, aiohttp.ClientSession() as session:
        server = Running(inner, url, session)
        links = Links((await server.get("/pictures/")).body.decode()).links
        assert all(link.startswith("/pictures/") for link in links if not link.startswith("data:"))
        assert (await server.get("/pictures/animations/quick.gif")).frames == 3
        assert (await server.problem("/pictures/animations/nope.gif"))["status"] == 404
        problem = (await server.get("/pictures/animations/nope", headers={"Accept": "text/html"})).body.decode()
        assert all(link.startswith("/pictures/") for link in Links(problem).links)
        assert json.loads((await server.get("/pictures/openapi.json")).body)["servers"] == [{"url": "/pictures"}]
        assert (await server.get("/pictures/assets/style.css")).status == 200


def followed(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within an OpenAPI document."""
    for name in schema.get("$ref", "#").split("/")[1:]:
        described = described[name]
    return described if "$ref" in schema else schema


async def test_the_path_of_the_server_leads_to_the_gallery_without_its_slash_too(start: Start) -> None:
    server = await start(root_path="/pictures")
    assert (await server.get("/pictures")).body == (await server.get("/pictures/")).body


async def test_what_is_described_is_there(server: Running) -> None:
    described = json.loads((await server.get("/openapi.json")).body)
    assert described["openapi"] == "3.1.0"
    assert "security" not in described
    for path, methods in described["paths"].items():
        needed = [field for field in methods["get"].get("parameters", ()) if field["required"]]
        answer = await server.get(path, "HEAD")
        assert answer.status == (422 if needed else 200), path
        assert str(answer.status) in methods["get"]["responses"] or not path.startswith("/animations")
        if path.startswith("/animations"):
            assert (
                answer.status == 422 or answer.headers["Content-Type"] in methods["get"]["responses"]["200"]["content"]
            )
    typed = described["paths"]["/animations/typed.gif"]
    fields = {field["name"]: field.get("schema") for field in typed["get"]["parameters"]}
    assert fields["level"]["enum"] == [1, 2, 3]
    assert fields["fps"]["maximum"] == 240
    assert fields["values"]["items"] == {"type": "number"}
    body = typed["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert followed(described, body)["additionalProperties"] is False
    assert followed(described, fields["shape"])["enum"] == ["round", "square"]
    still = {field["name"] for field in described["paths"]["/animations/typed.png"]["get"]["parameters"]}
    assert still - set(fields) == {"frame"}
    assert set(fields) - still == {"fps", "loop"}


async def test_a_type_that_several_animations_use_is_described_once(server: Running) -> None:
    described = json.loads((await server.get("/openapi.json")).body)
    assert "$defs" not in str(described)
    for reference in re.findall(r"'\$ref': '([^']*)'", str(described)):
        followed(described, {"$ref": reference})
    assert [name for name in described["components"]["schemas"] if "Shape" in name] == ["Shape"]


async def test_a_key_is_described_where_one_is_needed(start: Start) -> None:
    server = await start(bearer_keys=["one" * 8])
    described = json.loads((await server.get("/openapi.json", headers={"Authorization": "Bearer " + "one" * 8})).body)
    assert described["security"] == [{"bearer": []}]


async def test_nothing_in_a_page_runs_but_our_own_script(server: Running) -> None:
    for path in ("/", "/animations/typed"):
        text = (await server.get(path)).body.decode()
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=|javascript:", text)


async def test_an_empty_catalog_has_a_gallery(start: Start) -> None:
    server = await start(Catalog())
    assert b"empty" in (await server.get("/")).body
