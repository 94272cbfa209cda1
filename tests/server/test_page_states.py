"""What the address of a page says is what the page shows, without a script."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

from server import Catalog, CatalogError
from tests.server.pictured import catalog
from tests.server.support import Running, Start


class Page(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = text
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag and wanted.items() <= attrs.items()]

    def values(self, name: str) -> list[str | None]:
        return [attrs.get("value") for _, attrs in self.elements if attrs.get("name") == name]


async def page(server: Running, path: str, **options: Any) -> Page:
    answer = await server.get(path, **options)
    assert answer.status == 200
    return Page(answer.body.decode())


@pytest.fixture
async def server(start: Start) -> Running:
    return await start(catalog)


async def test_a_deep_link_shows_its_state_without_a_script(server: Running) -> None:
    shown = await page(server, "/animations/sky?color=%23ff000080&values=5&values=6&format=mp4")
    assert shown.values("color") == ["#ff000080"]
    assert shown.values("values") == ["5", "6"]
    assert shown.values("count") == ["3"]
    (option,) = [one for one in shown.all("option") if "selected" in one and "data-kind" in one]
    assert option["value"] == "mp4"
    (video,) = shown.all("video")
    address = "/animations/sky.mp4?color=%23ff000080&values=5&values=6"
    assert sorted(str(video["src"]).split("?")[1].split("&")) == sorted(address.split("?")[1].split("&"))
    assert (await server.get(str(video["src"]))).headers["Content-Type"] == "video/mp4"
    assert shown.all("input", id="url")[0]["value"] == video["src"]
    assert shown.all("a", id="download-link")[0]["href"] == video["src"]


@pytest.mark.parametrize(("name", "tag"), [("gif", "img"), ("webm", "video"), ("html", "iframe"), ("png", "img")])
async def test_each_format_has_its_element(server: Running, name: str, tag: str) -> None:
    shown = await page(server, f"/animations/sky?format={name}")
    assert [one["src"] for one in shown.all(tag)] == [f"/animations/sky.{name}"]


async def test_a_picture_of_the_page_stands_in_noscript_alone(server: Running) -> None:
    text = (await page(server, "/animations/sky")).text
    assert not Page(re.sub("<noscript>.*?</noscript>", "", text, flags=re.DOTALL)).all("img")


async def test_a_form_that_is_sent_whole_leads_to_an_address_of_what_was_changed(server: Running) -> None:
    sent = [("format", "png"), ("values", "3"), ("values", "2"), ("values", "1"), ("count", "4"), ("share", "")]
    sent += [("color", "red"), ("title", ""), ("url", "0"), ("seconds", "0"), ("dpi", ""), ("width", "")]
    sent += [("height", ""), ("fps", ""), ("loop", "0")]
    answer = await server.get(f"/animations/sky?{urlencode(sent)}", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/animations/sky?count=4&format=png")
    shown = await page(server, answer.headers["Location"])
    assert [("disabled" in one) for one in shown.all("input", name="fps")] == [True]
    assert [("disabled" in one) for one in shown.all("input", name="frame")] == [False]


async def test_an_address_is_shortened_below_a_prefix(start: Start) -> None:
    server = await start(catalog, root_path="/sky")
    answer = await server.get("/sky/animations/sky?count=3", allow_redirects=False)
    assert answer.headers["Location"] == "/sky/animations/sky"


async def test_a_value_as_json_is_shown_in_the_fields(server: Running) -> None:
    assert (await page(server, "/animations/sky?values:json=[7,8]")).values("values") == ["7", "8"]
    assert (await page(server, "/animations/sky?color=")).values("color") == [""]
    boxes = (await page(server, "/animations/sky?values=")).values("values")
    assert boxes == [""]


async def test_what_is_wrong_is_said_in_the_page_and_tied_to_its_field(server: Running) -> None:
    shown = await page(server, "/animations/sky?count=99&values=x&colour=red")
    (count,) = shown.all("input", name="count")
    assert (count["value"], count["aria-invalid"]) == ("99", "true")
    assert "problem-count" in str(count["aria-describedby"]).split()
    assert "count must be at most 20" in shown.text
    assert "values, item 1 must be a number" in shown.text
    assert "colour is not a parameter" in shown.text
    assert not shown.all("img")
    (title,) = shown.all("input", name="title")
    assert "aria-invalid" not in title


async def test_an_unknown_format_is_said(server: Running) -> None:
    assert "format must be one of gif" in (await page(server, "/animations/sky?format=exe")).text


async def test_what_a_client_writes_is_shown_as_text(server: Running) -> None:
    shown = await page(server, "/animations/sky?title=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert shown.values("title") == ['"><script>alert(1)</script>']
    assert "<script>alert" not in shown.text


async def test_every_id_is_there_once_and_every_reference_leads_to_one(server: Running) -> None:
    for path in ("/", "/docs", "/animations/sky", "/animations/sky?count=99", "/animations/stone"):
        shown = await page(server, path)
        ids = [str(attrs["id"]) for _, attrs in shown.elements if "id" in attrs]
        assert len(ids) == len(set(ids)), path
        for _, attrs in shown.elements:
            for name in ("for", "aria-describedby", "aria-labelledby", "list"):
                assert set(str(attrs.get(name) or "").split()) <= set(ids), (path, attrs)


async def test_a_slider_is_beside_a_bounded_number_whose_range_is_shown(server: Running) -> None:
    shown = await page(server, "/animations/sky")
    sliders = {one["aria-label"]: one for one in shown.all("input", type="range") if "data-slides" in one}
    assert sliders["Slider of count"]["max"] == "20"
    assert sliders["Slider of share"]["step"] == "0.01"
    assert "From 1 to 20." in shown.text
    assert "Slider of url" not in sliders


async def test_a_catalog_has_a_title_a_description_groups_and_tags(server: Running) -> None:
    for path in ("/", "/docs", "/animations/sky"):
        assert ">Weather</a>" in (await page(server, path)).text
    text = (await page(server, "/")).text
    assert "Every hour." in text
    assert [text.index(one) for one in ("<h2>Sky</h2>", "<h2>Ground</h2>")] == sorted(
        [text.index("<h2>Sky</h2>"), text.index("<h2>Ground</h2>")]
    )
    assert ">daily</span>" in text


@pytest.mark.parametrize(("query", "names"), [("blue", ["sky"]), ("GROUND", ["grass"]), ("that clouds", ["sky"]),
                                              ("", ["sky", "grass", "stone", "stones"]), ("snow", [])])  # fmt: skip
async def test_a_search_works_without_a_script(server: Running, query: str, names: list[str]) -> None:
    shown = await page(server, "/?" + urlencode({"q": query}))
    items = [one for one in shown.all("li") if "hidden" not in one]
    assert len(items) == len(names)
    assert all(name in str(one["data-searched"]) for name, one in zip(names, items, strict=True))
    assert ("Nothing found." in shown.text) == (not names)


async def test_a_poster_is_asked_for_only_where_it_can_be_drawn(server: Running) -> None:
    posters = [one["src"] for one in (await page(server, "/")).all("img")]
    assert posters == ["/animations/sky.png", "/animations/grass.png"]
    assert "needs weight" in (await page(server, "/")).text


def test_tags_are_several_texts() -> None:
    with pytest.raises(CatalogError, match="several"):
        Catalog().animation(tags="blue")


async def test_a_group_of_a_plain_decorator_is_none() -> None:
    entry = catalog.get("stone")
    assert entry is not None
    assert (entry.group, entry.tags) == ("", ())


async def test_a_page_links_to_its_own_section_of_the_docs(server: Running) -> None:
    assert [one for one in (await page(server, "/animations/sky")).all("a") if one["href"] == "/docs#sky"]
    assert [one for _, one in (await page(server, "/docs")).elements if one.get("id") == "sky"]


async def test_the_docs_have_statuses_bounds_and_defaults(server: Running) -> None:
    text = (await page(server, "/docs")).text
    assert "whole number from 1 to 20" in text
    assert "The animation took too long." in text
    assert "A key is needed." not in text
    assert "color or none" in text


async def test_the_icon_is_there_under_both_names(server: Running) -> None:
    for path in ("/favicon.ico", "/assets/favicon.svg"):
        answer = await server.get(path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert 'href="/assets/favicon.svg"' in (await page(server, "/")).text


async def test_the_page_of_an_address_is_made_once(server: Running) -> None:
    first = await server.get("/animations/sky?count=4")
    again = await server.get("/animations/sky?count=4", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert (await server.get("/animations/sky")).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("text", ["%ff", "%ed%a0%80", "%00", "%0d%0a", "a" * 3000, "[" * 2000])
async def test_any_query_has_a_page(server: Running, text: str) -> None:
    for path in (f"/?q={text}", f"/animations/sky?title={text}", f"/animations/sky?{text}={text}&format={text}"):
        assert (await server.get(path)).status in (200, 400), path
    for name in ("count", "values", "values:json", "color:json"):
        assert (await server.get(f"/animations/sky?{name}={text}")).status == 200, name
