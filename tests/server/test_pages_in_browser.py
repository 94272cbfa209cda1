"""The pages in a browser: headless Chromium, keyboard, history, and what axe finds."""

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from tests.browser import chromium
from tests.server.pictured import catalog
from tests.server.support import Running, Start

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

SKY = "/animations/sky"
LONG = "/animations/stones_of_all_sizes_that_have_been_lying_at_the_beach_for_long"
EDGES: tuple[tuple[Literal["x", "y"], Literal["width", "height"]], ...] = (("x", "width"), ("y", "height"))
LATER = 20_000
"""Milliseconds that anything may take on a busy machine."""

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[tuple[ThreadPoolExecutor, "Browser"]]:
    """A browser, and the thread to use it in."""
    with ThreadPoolExecutor(1) as thread:
        context = chromium()
        yield thread, thread.submit(context.__enter__).result()
        thread.submit(context.__exit__, None, None, None).result()


@pytest.fixture
async def visit(start: Start, browser: tuple[ThreadPoolExecutor, "Browser"]) -> Visit:
    """Run a function with a page of a browser; addresses are those of a server with the catalog of `pictured.py`."""
    thread, chrome = browser

    async def visit(work: Callable[["Page"], None], *, settings: dict[str, Any] | None = None, **more: Any) -> Running:
        server = await start(catalog, **settings or {})

        def run() -> None:
            with chrome.new_context(base_url=server.url, **more) as context:
                page = context.new_page()
                page.set_default_timeout(LATER)
                sync_api.expect.set_options(timeout=LATER)
                faults: list[str] = []
                page.on("pageerror", lambda error: faults.append(str(error)))
                page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
                work(page)
                # A browser itself writes a line for an answer that is an error.
                assert [fault for fault in faults if "Failed to load resource" not in fault] == []

        await asyncio.get_running_loop().run_in_executor(thread, run)
        return server

    return visit


def drawn(page: "Page", text: str = "frame") -> None:
    sync_api.expect(page.locator("#status")).to_contain_text(text)


def pictures(page: "Page") -> list[str]:
    """Return a list that comes to hold the requests for pictures."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if re.search(r"/sky\.\w+", request.url) else None)
    return asked


def query(page: "Page") -> str:
    return page.url.partition("?")[2]


async def test_each_change_asks_for_one_picture(visit: Visit) -> None:
    def work(page: "Page") -> None:
        asked = pictures(page)
        page.goto(SKY)
        drawn(page)
        assert len(asked) == 1
        with page.expect_response(lambda response: "count=4" in response.url):
            page.fill("#count", "4")
        drawn(page)
        assert len(asked) == 2
        page.fill("#count", "99")
        drawn(page, "count must be at most 20")
        assert len(asked) == 3
        page.select_option("#format", "mp4")
        page.fill("#count", "5")
        sync_api.expect(page.locator("#preview video")).to_be_visible()
        drawn(page, "pixels")
        assert [url for url in asked[3:] if "count=5" in url] == asked[-1:]

    await visit(work)


async def test_a_change_stops_the_render_before_it(visit: Visit) -> None:
    ended: list[str] = []

    def work(page: "Page") -> None:
        page.on("requestfailed", lambda request: ended.append(request.url))
        page.goto(f"{SKY}?seconds=20")
        page.wait_for_selector("#progress-row:visible")
        page.fill("#seconds", "0")
        drawn(page)
        assert len(ended) == 1

    await visit(work)


async def test_a_render_shows_its_progress_and_can_be_cancelled(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(SKY)
        drawn(page)
        page.fill("#seconds", "3")
        sync_api.expect(page.locator("#progress-text")).to_contain_text("received")
        found(page, "progress")
        page.focus("#cancel-button")
        page.keyboard.press("Enter")
        drawn(page, "Cancelled.")
        sync_api.expect(page.locator("#preview img")).to_be_visible()
        sync_api.expect(page.locator("#again-button")).to_be_focused()
        sync_api.expect(page.locator("#progress-row")).to_be_hidden()

    server = await visit(work)
    async with asyncio.timeout(LATER / 1000):
        while server.service.flights:
            await asyncio.sleep(0.01)


async def test_an_error_keeps_the_last_good_picture_under_the_reason(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(SKY)
        drawn(page)
        source = page.locator("#preview img").get_attribute("src")
        page.fill("#count", "99")
        drawn(page, "count must be at most 20")
        assert page.locator("#preview img").get_attribute("src") == source
        assert float(page.evaluate("() => getComputedStyle(document.querySelector('#preview img')).opacity")) < 1
        field = page.locator("#count")
        assert field.get_attribute("aria-invalid") == "true"
        described = str(field.get_attribute("aria-describedby")).split()
        assert "count must be at most 20" in [page.inner_text(f"#{name}") for name in described]
        found(page, "error")
        page.fill("#count", "4")
        drawn(page)
        assert field.get_attribute("aria-invalid") is None
        sync_api.expect(page.locator("#problem-count")).to_be_hidden()
        page.fill("#values-2", "")
        drawn(page, "values, item 2 must be a number")
        assert page.locator("#values-2").get_attribute("aria-invalid") == "true"
        assert page.locator("#values-1").get_attribute("aria-invalid") is None

    await visit(work)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", "<html>Bad gateway"),
        ("application/json", '{"message": "no route"}'),
        ("application/json", "null"),
        ("application/problem+json", '{"title'),
    ],
)
async def test_what_a_proxy_answers_is_said_by_its_status(visit: Visit, kind: str, body: str) -> None:
    def work(page: "Page") -> None:
        page.route("**/sky.gif", lambda route: route.fulfill(status=502, body=body, content_type=kind))
        page.goto(SKY)
        sync_api.expect(page.locator("#status")).to_have_text("The server answers with 502.")
        page.unroute_all()
        page.click("#again-button")
        drawn(page)

    await visit(work)


async def test_the_address_is_the_state_through_reload_and_back(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(SKY)
        drawn(page)
        page.fill("#count", "4")
        page.fill("#count", "5")
        page.fill("#title", "Hello")
        page.select_option("#format", "webp")
        assert query(page) == "count=5&title=Hello&format=webp"
        drawn(page)
        page.reload()
        assert (page.input_value("#count"), page.input_value("#format")) == ("5", "webp")
        drawn(page)
        page.go_back()
        sync_api.expect(page.locator("#format")).to_have_value("gif")
        assert query(page) == "count=5&title=Hello"
        page.go_back()
        sync_api.expect(page.locator("#title")).to_have_value("")
        page.go_back()
        sync_api.expect(page.locator("#count")).to_have_value("3")
        assert query(page) == ""
        page.go_forward()
        sync_api.expect(page.locator("#count")).to_have_value("5")
        page.click("#reset-link")
        sync_api.expect(page.locator("#count")).to_have_value("3")

    await visit(work)


async def test_an_address_with_a_stranger_is_refused_until_the_form_is_changed(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(f"{SKY}?colour=red&values:json=[7,8]")
        drawn(page, "colour is not a parameter")
        assert [page.input_value(f"#values-{number}") for number in (1, 2)] == ["7", "8"]
        page.fill("#count", "4")
        drawn(page)
        assert query(page) == "values=7&values=8&count=4"
        page.go_back()
        drawn(page, "colour is not a parameter")
        assert [page.input_value(f"#values-{number}") for number in (1, 2)] == ["7", "8"]

    await visit(work)


async def test_a_list_is_edited_by_keyboard(visit: Visit) -> None:
    def values(page: "Page") -> list[str]:
        inputs = page.locator("[data-name=values] .item input[name]").all()
        labels = [str(one.get_attribute("aria-label")) for one in inputs]
        assert labels == [f"values, item {index + 1}" for index in range(len(labels))]
        assert [one.get_attribute("id") for one in inputs] == [f"values-{index + 1}" for index in range(len(labels))]
        return [one.input_value() for one in inputs]

    def work(page: "Page") -> None:
        page.goto(SKY)
        page.focus("[data-name=values] [data-add]")
        page.keyboard.press("Enter")
        page.keyboard.type("9")
        assert values(page) == ["3", "2", "1", "9"]
        page.keyboard.press("Alt+ArrowUp")
        assert values(page) == ["3", "2", "9", "1"]
        page.get_by_role("button", name="Move item 1 of values back").focus()
        page.keyboard.press("Space")
        assert values(page) == ["2", "3", "9", "1"]
        page.get_by_role("button", name="Remove item 2 of values").focus()
        page.keyboard.press("Enter")
        assert values(page) == ["2", "9", "1"]
        assert query(page) == "values=2&values=9&values=1"
        found(page, "list editing")
        page.get_by_role("button", name="Reset values").focus()
        page.keyboard.press("Enter")
        assert values(page) == ["3", "2", "1"]
        assert query(page) == ""
        sync_api.expect(page.locator("[data-name=values] [data-reset]")).to_be_hidden()

    await visit(work)


async def test_sliders_and_pickers_say_what_their_fields_say(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(SKY)
        page.get_by_label("Slider of count").focus()
        page.keyboard.press("ArrowRight")
        assert page.input_value("#count") == "4"
        page.fill("#count", "7")
        assert page.get_by_label("Slider of count").input_value() == "7"
        page.fill("#color", "C1")
        assert page.get_by_label("Pick color").input_value() == "#ff7f0e"
        page.get_by_label("Opacity of color").fill("0.5")
        assert page.input_value("#color") == "#ff7f0e80"
        page.fill("#color", "")
        assert "color=&" in query(page) + "&"
        assert page.locator("#color-names option[value=tomato]").count() == 1

    await visit(work)


async def test_an_animation_can_be_paused_and_stepped_through(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(f"{SKY}?count=4")
        drawn(page)
        page.click("#pause-button")
        sync_api.expect(page.locator("#preview canvas")).to_be_visible()
        asked = pictures(page)
        page.focus("#frame-slider")
        page.keyboard.press("ArrowRight")
        drawn(page, "Frame 1")
        assert [url.partition("/sky.")[2] for url in asked] == ["png?count=4&frame=1"]
        assert page.get_attribute("#frame-slider", "max") == "2"
        page.click("#pause-button")
        sync_api.expect(page.locator("#preview img[alt=sky]")).to_be_visible()

    await visit(work)


async def test_nothing_moves_where_less_motion_is_wanted(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(SKY)
        drawn(page)
        sync_api.expect(page.locator("#preview canvas")).to_be_visible()
        sync_api.expect(page.locator("#pause-button")).to_have_text("Play")
        page.select_option("#format", "mp4")
        sync_api.expect(page.locator("#preview video")).to_be_visible()
        assert page.evaluate("() => document.querySelector('video').paused")
        page.goto("/")
        asked = pictures(page)
        page.hover(".card >> nth=0")
        page.focus(".card >> nth=0")
        page.wait_for_load_state("networkidle")
        assert not [url for url in asked if url.endswith(".gif")]

    await visit(work, reduced_motion="reduce")


async def test_a_poster_plays_while_it_is_focused(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto("/")
        image = sync_api.expect(page.locator(".card img").first)
        image.to_have_attribute("src", f"{SKY}.png")
        page.focus(".card >> nth=0")
        image.to_have_attribute("src", re.compile(r"sky\.gif$"))
        page.focus(".card >> nth=1")
        image.to_have_attribute("src", re.compile(r"sky\.png$"))

    await visit(work)


async def test_a_poster_that_is_left_asks_for_its_picture_no_more(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.route("**/sky.gif", lambda route: None)  # it is drawn for long
        page.goto("/")
        with page.expect_request("**/sky.gif"):
            page.focus(".card >> nth=0")
        with page.expect_event("requestfailed", lambda request: request.url.endswith("/sky.gif")):
            page.focus(".card >> nth=1")

    await visit(work)


async def test_the_gallery_is_searched_as_one_types(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto("/")
        page.fill("#gallery-search", "blue")
        sync_api.expect(page.locator(".card:visible")).to_have_count(1)
        sync_api.expect(page.locator("#gallery-count")).to_have_text("1 found.")
        assert query(page) == "q=blue"
        page.reload()
        sync_api.expect(page.locator(".card:visible")).to_have_count(1)
        page.fill("#gallery-search", "")
        sync_api.expect(page.locator(".card:visible")).to_have_count(4)

    await visit(work)


async def test_a_picture_is_copied_as_many_things(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(f"{SKY}?values=5&values=6&title=it's&share=")
        drawn(page)
        texts = {}
        for kind in ("curl", "html", "markdown", "python", "json"):
            page.select_option("#copy-as", kind)
            texts[kind] = page.inner_text("#copy-text")
        url = page.input_value("#url")
        assert url.endswith("/animations/sky.gif?values=5&values=6&title=it%27s")
        assert texts["curl"] == f"curl -o sky.gif '{url}'"
        assert texts["html"] == f'<img src="{url.replace("&", "&amp;")}" alt="sky">'
        assert texts["markdown"] == f"![sky]({url})"
        assert f'urlopen("{url}")' in texts["python"]
        assert texts["json"] == """{"values": [5, 6], "title": "it's"}"""
        for name, tag in (("mp4", "<video"), ("html", "<iframe")):
            page.select_option("#format", name)
            page.select_option("#copy-as", "html")
            assert page.inner_text("#copy-text").startswith(tag)
        page.fill("#color", "")
        page.select_option("#copy-as", "json")
        assert '"color": null' in page.inner_text("#copy-text")

    await visit(work)


async def test_a_picture_is_downloaded_without_another_request(visit: Visit) -> None:
    def work(page: "Page") -> None:
        asked = pictures(page)
        page.goto(SKY)
        drawn(page)
        with page.expect_download() as download:
            page.click("#download-link")
        assert download.value.suggested_filename == "sky.gif"
        assert download.value.path().read_bytes()[:3] == b"GIF"
        assert len(asked) == 1

    await visit(work)


async def test_formats_are_compared_one_after_the_other(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(f"{SKY}?title=a")
        drawn(page)
        page.click("#sizes-button")
        sync_api.expect(page.locator("#sizes-status")).to_have_text("Done.")
        rows = page.locator("#sizes-rows tr").all_inner_texts()
        names = page.locator("#format option").all_inner_texts()
        assert [re.split(r"[\t,]", row)[0] for row in rows] == [name.strip() for name in names]
        assert all(re.search(r"\d+(\.\d+)? k?B", row) for row in rows)
        found(page, "sizes")

    await visit(work)


async def test_a_comparison_can_be_cancelled(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(SKY)
        drawn(page)
        page.fill("#seconds", "20")
        page.click("#cancel-button")
        page.click("#sizes-button")
        page.click("#sizes-cancel")
        sync_api.expect(page.locator("#sizes-status")).to_have_text("Cancelled.")
        assert page.locator("#sizes-rows tr").count() == 1

    await visit(work)


async def test_an_author_sees_the_traceback(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(f"{SKY}?title=fail")
        text = page.locator("#traceback-text")
        sync_api.expect(text).to_contain_text("ZeroDivisionError: in the sky")
        text.focus()
        sync_api.expect(text).to_be_focused()
        found(page, "traceback")
        page.goto(f"{SKY}.gif?title=fail")
        sync_api.expect(page.locator("h1")).to_have_text("The animation failed")
        sync_api.expect(page.locator("pre")).to_contain_text("ZeroDivisionError: in the sky")
        found(page, "problem with a traceback")

    await visit(work, settings={"debug": True})


async def embedding(request: web.BaseRequest) -> web.Response:
    """A page of another site, which shows a picture and a player of the server that its query names."""
    path = request.query["server"] + SKY
    tags = f'<!doctype html><link rel="icon" href="data:,"><img src="{path}.gif"><iframe src="{path}.html"></iframe>'
    return web.Response(text=tags, content_type="text/html")


async def test_another_site_shows_pictures_also_after_their_revalidation(visit: Visit) -> None:
    async with RawTestServer(embedding) as other:

        def work(page: "Page") -> None:
            page.goto("/healthz")
            address = f"http://localhost:{other.port}/?server={page.url.removesuffix('/healthz')}"
            for _ in range(3):
                page.goto(address)
                assert page.evaluate("() => document.querySelector('img').naturalWidth") == 80
                sync_api.expect(page.frame_locator("iframe").locator("#controls")).to_be_visible()

        server = await visit(work, settings={"max_age": 0})
    count = server.service.metrics.count
    assert count("requests_total", route="animation", method="GET", status="304") == 4


async def test_an_address_that_leads_nowhere_leads_to_the_gallery(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto("/animations/nothing")
        sync_api.expect(page.locator("h1")).to_have_text("Not found")
        page.get_by_role("link", name="All animations").click()
        sync_api.expect(page.locator("h1")).to_have_text("Animations")

    await visit(work)


async def test_the_docs_try_requests_and_are_searched(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto("/docs")
        page.fill("#try-sky-query", "count=4")
        page.press("#try-sky-query", "Enter")
        tried = page.locator("[data-name=sky] .tried")
        sync_api.expect(tried.locator("[role=status]")).to_contain_text("200 · image/gif")
        sync_api.expect(tried.locator("img")).to_be_visible()
        page.fill("#try-sky-query", "count=99")
        page.press("#try-sky-query", "Enter")
        sync_api.expect(tried.locator("pre")).to_contain_text("must be at most 20")
        found(page, "docs tried")
        page.fill("#docs-search", "blades")
        sync_api.expect(page.locator(".described:visible")).to_have_count(1)
        sync_api.expect(page.locator("[data-section=sky]")).to_be_hidden()

    await visit(work)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", ["width=100&height=900", "width=900&height=100", "width=1600&height=1200"])
async def test_a_picture_of_any_shape_is_seen_whole(visit: Visit, size: str, script: bool) -> None:
    def work(page: "Page") -> None:
        page.goto(f"{SKY}?{size}&seconds=0")
        page.wait_for_load_state("networkidle")
        frame, shown = (page.locator(place).bounding_box() for place in (".picture", ".picture img"))
        assert frame
        assert shown
        for corner, length in EDGES:
            assert frame[corner] <= shown[corner]
            assert shown[corner] + shown[length] <= frame[corner] + frame[length]

    await visit(work, java_script_enabled=script)


async def test_a_form_works_without_a_script(visit: Visit) -> None:
    def work(page: "Page") -> None:
        page.goto(SKY)
        sync_api.expect(page.locator("#copy-button")).to_be_hidden()
        page.fill("#count", "4")
        page.select_option("#format", "mp4")
        page.click("#form noscript button")
        assert query(page) == "count=4&format=mp4"
        assert page.get_attribute("video", "src") == f"{SKY}.mp4?count=4"
        page.fill("#count", "99")
        page.click("#form noscript button")
        drawn(page, "count must be at most 20")

    await visit(work, java_script_enabled=False)


def found(page: "Page", state: str) -> None:
    """Fail if axe finds anything, or the page is wider than the window."""
    violations = axe.Axe().run(page).response["violations"]
    assert not violations, (state, [(one["id"], one["nodes"][0]["html"]) for one in violations])
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), state


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375, 320])
async def test_axe_finds_nothing(visit: Visit, scheme: str, width: int) -> None:
    def work(page: "Page") -> None:
        forms = (SKY, f"{SKY}?count=99", f"{SKY}?format=html", "/animations/stone", LONG)
        problems = ("/animations/nothing", f"{SKY}.gif?count=99", f"{SKY}.gif?title=fail")
        for path in ("/", "/?q=snow", "/docs", *forms, *problems):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            found(page, path)

    await visit(work, color_scheme=scheme, viewport={"width": width, "height": 800})
