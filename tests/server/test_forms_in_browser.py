"""The forms of the pages in a browser: headless Chromium fills them in."""

import asyncio
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from matplotlib.figure import Figure

from server import Catalog
from server.catalog.bounds import Bounds
from tests.browser import chromium
from tests.server.annotated import CASES, catalog
from tests.server.support import Start
from tests.server.test_annotations import entry

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest.importorskip("playwright.sync_api")

PAIRS = "() => [...new FormData(document.getElementById('form'))].filter(([name]) => name !== 'format')"


async def in_page(start: Start, work: Callable[["Page", str], None]) -> None:
    """Run a function with a page of a browser and the address of a server."""
    server = await start(catalog)

    def run() -> None:
        with chromium() as browser:
            work(browser.new_page(), server.url)

    await asyncio.to_thread(run)


async def test_a_browser_sends_the_default_of_an_unchanged_form(start: Start) -> None:
    def work(page: "Page", url: str) -> None:
        for name in CASES:
            page.goto(f"{url}/animations/{name}", wait_until="domcontentloaded")
            pairs = [(pair, text.replace("\n", "\r\n")) for pair, text in page.evaluate(PAIRS)]
            assert entry(name).read(pairs, Bounds(), still=False).canonical == entry(name).values({}).canonical, name

    await in_page(start, work)


def greeting(who: str) -> list[Figure]:
    figure = Figure(figsize=(1, 1))
    figure.text(0, 0.5, f"hello {who}")
    return [figure]


async def test_a_required_text_may_be_empty(start: Start) -> None:
    greetings = Catalog()
    greetings.animation(greeting)
    server = await start(greetings)

    def work() -> None:
        with chromium() as browser:
            page = browser.new_page()
            page.goto(f"{server.url}/animations/greeting")
            page.wait_for_function("() => document.querySelector('#preview img')?.naturalWidth > 0")
            assert urlsplit(page.input_value("#url")).query == "who="
            page.fill("[name=who]", "you")
            page.wait_for_function("() => document.getElementById('url').value.endsWith('who=you')")
            page.fill("[name=who]", "")
            page.wait_for_function("() => document.getElementById('url').value.endsWith('who=')")
            assert not page.locator("[data-name=who] [data-reset]").is_visible()

    await asyncio.to_thread(work)


def change(page: "Page", control: str, value: Any) -> None:
    field = page.locator(f"[data-name=x] {control}").first
    if isinstance(value, bool):
        field.set_checked(value)
    elif control == "select":
        field.select_option(value)
    else:
        field.fill(value)


@pytest.mark.parametrize(
    ("name", "control", "value", "query"),
    [
        ("text", "input", "", "x="),
        ("text", "input", " a ", "x= a "),
        ("lines", "textarea", "c\nd", "x=c\nd"),
        ("integer", "input", "", "x="),
        ("optional_number", "input", "", "x="),
        ("optional_choice", "select", "", "x="),
        ("optional_text", "input[type=checkbox]", True, "x:json=null"),
        ("optional_text_that_is_none", "input", "a", "x=a"),
        ("optional_text_that_is_none", "input[type=checkbox]", False, "x="),
        ("texts", "input[type=checkbox]", True, "x:json=[]"),
        ("model", "textarea", '{"text":"y"}', 'x={"text":"y"}'),
        ("color", "input[type=color]", "#0000ff", "x=#0000ff"),
        ("numbers", "input", "7", "x=7&x=2.5"),
    ],
)
async def test_the_address_says_what_the_form_shows(
    start: Start, name: str, control: str, value: Any, query: str
) -> None:
    def work(page: "Page", url: str) -> None:
        page.goto(f"{url}/animations/{name}", wait_until="domcontentloaded")
        change(page, control, value)
        page.wait_for_function("() => document.getElementById('url').value.includes('?')")
        address = urlsplit(page.input_value("#url"))
        assert [list(pair) for pair in parse_qsl(address.query, keep_blank_values=True)] == [
            part.split("=", 1) for part in query.split("&")
        ]

    await in_page(start, work)


def named_as_methods(
    querySelectorAll: int = 1,  # noqa: N803 -- as a form has it
    addEventListener: int = 2,  # noqa: N803
    elements: int = 3,
    submit: int = 4,
) -> list[Figure]:
    return [Figure(figsize=(1, 1))]


async def test_a_parameter_may_have_the_name_of_a_method_of_forms(start: Start) -> None:
    methods = Catalog()
    methods.animation(named_as_methods)
    server = await start(methods)

    def work() -> None:
        with chromium() as browser:
            page = browser.new_page()
            page.goto(f"{server.url}/animations/named_as_methods")
            for name in inspect.signature(named_as_methods).parameters:
                page.fill(f"[data-name={name}] [name={name}]", "7")
                page.wait_for_function("name => document.getElementById('url').value.includes(`${name}=7`)", arg=name)

    await asyncio.to_thread(work)
