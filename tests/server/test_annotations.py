"""Many annotations, each by page, document, query, form and body."""

import json
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pytest

from renderer import formats
from server.catalog.bounds import Bounds
from server.catalog.entries import Entry
from server.catalog.reading import written_in_body, written_in_query
from server.rendering.picture import Picture
from tests.server.annotated import CASES, Case, catalog
from tests.server.support import Start


class Form(HTMLParser):
    """Collects what a browser sends for the form of a page when nothing in it was changed, beside the format."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name")
        if tag == "option" and self._select:
            self._options.append((values["value"] or "", "selected" in values))
        if not name or name == "format" or "disabled" in values or tag not in ("input", "select", "textarea"):
            return
        self.names.add(name)
        if tag == "select":
            self._select, self._options = name, []
        elif tag == "textarea":
            self._area = name
            self.pairs.append((name, ""))
        elif values.get("type") != "checkbox" or "checked" in values:
            self.pairs.append((name, values.get("value") or ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.pairs[-1] = self._area, self.pairs[-1][1] + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self.pairs.append((self._select, chosen[-1]))
            self._select = None
        elif tag == "textarea" and self._area:
            text = self.pairs[-1][1].removeprefix("\n").replace("\n", "\r\n")
            self.pairs[-1] = self._area, text
            self._area = None


def entry(name: str) -> Entry:
    found = catalog.get(name)
    assert found is not None
    return found


def key(name: str, *, query: str = "", body: bytes | None = None) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    one = entry(name)
    written = written_in_query(one.parameters, pairs) if body is None else written_in_body(body)
    values = one.values(written, Bounds(), still=False)
    return Picture(one, formats()["gif"], values, "", "").key


async def test_what_a_form_sends_unchanged_is_the_default(start: Start) -> None:
    server = await start(catalog)
    for name in CASES:
        form = Form((await server.get(f"/animations/{name}")).body.decode())
        values = entry(name).read(form.pairs, Bounds(), still=False)
        assert Picture(entry(name), formats()["gif"], values, "", "").key == key(name), (name, form.pairs)


async def test_a_query_has_names_of_the_form_and_of_the_document(start: Start) -> None:
    server = await start(catalog)
    described = json.loads((await server.get("/openapi.json")).body)["paths"]
    docs = (await server.get("/docs")).body.decode()
    for name, case in CASES.items():
        names = {pair[0] for pair in parse_qsl(case.query, keep_blank_values=True)}
        assert names <= Form((await server.get(f"/animations/{name}")).body.decode()).names, name
        assert names <= {field["name"] for field in described[f"/animations/{name}.gif"]["get"]["parameters"]}, name
        assert f'id="{name}"' in docs


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_a_query_and_a_body_that_say_the_same_have_one_key(name: str, case: Case) -> None:
    by_query = key(name, query=case.query)
    assert by_query == key(name, body=json.dumps({"x": case.json}).encode())
    assert by_query == key(name, query="x:json=" + json.dumps(case.json))
    assert by_query != key(name)


async def test_a_function_receives_what_its_annotation_says(start: Start) -> None:
    server = await start(catalog)
    for name, case in CASES.items():
        answers = [
            await server.problem(f"/animations/{name}.gif?{case.query}"),
            await server.problem(f"/animations/{name}.gif", "POST", json={"x": case.json}),
        ]
        for answer in answers:
            assert answer["errors"] == [{"field": "x", "message": case.shown}], name
