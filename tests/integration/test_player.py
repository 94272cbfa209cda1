"""What browsers make of the player: Chromium and Firefox show it, and we read what it shows."""

import base64
import json
import random
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from PIL import Image

from renderer import PLAYER_POLICY, frames, render
from tests.browser import chromium
from tests.firefox import Firefox, firefox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

COUNT = 30

SHOW = """async (number) => {
    const slider = document.getElementById("slider"), screen = document.getElementById("screen");
    slider.value = number;
    slider.dispatchEvent(new Event("input"));
    while (Number(screen.dataset.frame) !== number) await new Promise((resolve) => setTimeout(resolve, 5));
    const {data} = screen.getContext("2d").getImageData(0, 0, screen.width, screen.height);
    let text = "";
    for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
    return btoa(text);
}"""

MEASURE = """async () => {
    const {dataset} = document.getElementById("screen"), {documentElement: root} = document;
    while (!dataset.frame) await new Promise((resolve) => setTimeout(resolve, 5));
    const parts = [...document.querySelectorAll("canvas, input, button, select, label, output")];
    const boxes = parts.map((part) => part.getBoundingClientRect());
    return JSON.stringify({
        scrolls: root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight,
        outside: boxes.some((box) => box.left < 0 || box.right > innerWidth + 0.1 || box.bottom > innerHeight),
        overlapping: boxes.some((box, at) => boxes.slice(at + 1).some((other) => other.top < box.bottom
            && box.top < other.bottom && other.left < box.right && box.left < other.right
            && !parts[at].contains(parts[boxes.indexOf(other)]))),
        empty: innerHeight - Math.max(...boxes.map((box) => box.bottom)),
        shown: boxes[0].width,
    });
}"""

WIDTHS = (64, 200, 300, 320, 400, 429, 430, 640)
ROOM = 640  # pixels; of the page around the players

Serve = Callable[..., str]


def waves(count: int = COUNT) -> FuncAnimation:
    figure = Figure(figsize=(4, 3))
    axes: Any = figure.subplots()
    x = np.linspace(0, 9, 200)
    (line,) = axes.plot(x, np.sin(x))
    title = axes.set_title("")

    def update(index: int) -> None:
        line.set_ydata(np.sin(x + (index // 2) / 3))
        title.set_text(f"{index // 5}")

    return FuncAnimation(figure, update, count, interval=40)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    page = browser.new_page(viewport={"width": 500, "height": 500})
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert errors == []


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve pieces of a page, with an event waited for between each two; return the address."""
    servers = []

    def serve(*pieces: bytes, gate: threading.Event | None = None, **headers: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                for piece in pieces:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    if gate is not None and piece is not pieces[-1]:
                        gate.wait(60)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def player(page: "Page", serve: Serve) -> "Page":
    """A page with the player, stopped at the first frame."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(serve(render(waves(), "html", metadata={"Title": "Waves"}).data))
    return page


def shown(page: "Page | Frame") -> str:
    return page.locator("#place").inner_text()


def compare(show: Callable[[int], Any]) -> None:
    expected = [frame.pixels for frame in frames(waves())]
    chance = random.Random(5)
    for number in [0, COUNT - 1, 1, *(chance.randrange(COUNT) for _ in range(60))]:
        pixels = np.frombuffer(base64.b64decode(show(number)), np.uint8).reshape(expected[number].shape)
        np.testing.assert_array_equal(pixels, expected[number])


def test_chromium_shows_each_frame_after_any_jump(player: "Page") -> None:
    compare(lambda number: player.evaluate(SHOW, number))


def test_firefox_shows_each_frame_after_any_jump(serve: Serve) -> None:
    with firefox() as page:
        page.goto(serve(render(waves(), "html").data))
        compare(lambda number: page.evaluate(SHOW, number))


def test_firefox_plays(serve: Serve) -> None:
    with firefox() as page:
        page.goto(serve(render(waves(), "html", loop=1).data))
        assert _end_of(page) == str(COUNT - 1)


def _end_of(page: Firefox) -> object:
    return page.evaluate("""async () => {
        const {dataset} = document.getElementById("screen"), play = document.getElementById("play");
        while (play.getAttribute("aria-label") === "Pause") await new Promise((resolve) => setTimeout(resolve, 20));
        return dataset.frame;
    }""")


def test_it_plays_as_often_as_asked_and_stops_at_the_end(page: "Page", serve: Serve) -> None:
    page.goto(serve(render(waves(), "html", loop=2).data))
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert shown(page) == f"{COUNT} / {COUNT}"
    seconds = page.evaluate("performance.now()") / 1000
    assert seconds > 2 * 0.04 * COUNT * 0.9


def test_frames_that_change_nothing(page: "Page", serve: Serve) -> None:
    still = [np.full((300, 400, 3), 200, np.uint8)] * 70
    page.goto(serve(render([*still, np.zeros_like(still[0]), *still], "html", fps=200, loop=1).data))
    page.get_by_role("button", name="Play").wait_for()
    page.locator("#screen[data-frame='140']").wait_for()
    assert page.locator("#status").inner_text() == ""


def test_it_stands_still_for_those_who_want_less_motion(player: "Page") -> None:
    player.get_by_role("button", name="Play").wait_for()
    assert shown(player) == f"1 / {COUNT}"


def test_buttons_and_keys(player: "Page") -> None:
    for name, place in (("One frame forward", 2), ("Last frame", COUNT), ("One frame back", 29), ("First frame", 1)):
        player.get_by_role("button", name=name).click()
        assert shown(player) == f"{place} / {COUNT}"
    player.locator("body").click(position={"x": 1, "y": 1})
    for key, place in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", COUNT), ("Home", 1), (".", 2)):
        player.keyboard.press(key)
        assert shown(player) == f"{place} / {COUNT}"
    player.keyboard.press("+")
    assert player.get_by_label("Speed").input_value() == "2"
    player.keyboard.press("l")
    assert not player.get_by_label("Loop").is_checked()
    player.keyboard.press(" ")
    player.get_by_role("button", name="Pause").wait_for()
    player.get_by_role("button", name="Play").wait_for()  # at the end, as it does not loop
    assert shown(player) == f"{COUNT} / {COUNT}"


def test_the_slider_has_its_own_keys(player: "Page") -> None:
    slider = player.get_by_label("Frame", exact=True)
    slider.focus()
    player.keyboard.press("ArrowRight")
    player.keyboard.press("ArrowRight")
    assert shown(player) == f"3 / {COUNT}"
    assert slider.get_attribute("aria-valuetext") == f"frame 3 of {COUNT}"


def test_it_plays_while_it_loads(page: "Page", serve: Serve) -> None:
    data = render(waves(), "html").data
    first = data.index(b"</script>", data.index(b'<script type="text/x-frames"')) + len(b"</script>\n")
    gate = threading.Event()
    page.goto(serve(data[:first], data[first : first + 900], data[first + 900 :], gate=gate), wait_until="commit")
    page.locator("#screen[data-frame='0']").wait_for()
    assert "…" in shown(page)
    gate.set()
    page.locator("#place", has_text=f"/ {COUNT}").wait_for()
    page.wait_for_load_state()
    assert page.locator("#status").inner_text() == ""


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_page_that_was_cut_says_so(page: "Page", serve: Serve, kept: float) -> None:
    data = render(waves(), "html").data
    start = data.index(b'<script type="text/x-frames"')
    page.goto(serve(data[: int(start + kept * (len(data) - start))]))
    page.get_by_text("The file is not complete").wait_for()
    page.keyboard.press("End")
    number, count = map(int, shown(page).split("/"))
    assert 1 <= number == count < COUNT


def test_a_strict_policy_that_names_its_hashes_lets_it_play_in_a_frame(page: "Page", serve: Serve) -> None:
    around = f"<!doctype html><title>x</title>{render(waves(), 'html').html()}"
    policy = f"default-src 'none'; img-src data:; {PLAYER_POLICY}; style-src-attr 'unsafe-inline'"
    page.goto(serve(around.encode(), Content_Security_Policy=policy))
    frame = page.frames[1]
    frame.locator("#screen[data-frame]").wait_for()
    frame.get_by_role("button", name="Pause").wait_for()


def test_two_of_them_in_a_page_without_a_policy(page: "Page", serve: Serve) -> None:
    players = "".join(render(waves(count), "html").html() for count in (3, 5))
    page.goto(serve(f"<!doctype html><title>x</title>{players}".encode()))
    for frame, count in zip(page.frames[1:], (3, 5), strict=True):
        frame.locator("#place", has_text=f"/ {count}").wait_for()


def players_of_all_widths(room: int) -> bytes:
    """Return a page with a player of each width, in a column of so many pixels; frames have numbers of four digits."""
    frames = [[np.full((50, width, 3), 80, np.uint8)] * 1000 for width in WIDTHS]
    players = "".join(render(each, "html").html() for each in frames)
    return f"<!doctype html><title>x</title><div style='width:{room}px'>{players}</div>".encode()


def check_room(measured: str, width: int) -> None:
    found = json.loads(measured)
    assert 0 <= found.pop("empty") < 12
    assert found.pop("shown") == pytest.approx(width, abs=2)  # a picture that is made smaller has no whole height
    assert found == {"scrolls": False, "outside": False, "overlapping": False}


@pytest.mark.parametrize("room", [ROOM, 430, 340, 250])
def test_chromium_has_room_for_the_controls_of_a_player_in_a_page_and_no_more(
    page: "Page", serve: Serve, room: int
) -> None:
    page.set_viewport_size({"width": ROOM + 16, "height": 500})
    page.goto(serve(players_of_all_widths(room)))
    for frame, width in zip(page.frames[1:], WIDTHS, strict=True):
        check_room(frame.evaluate(MEASURE), min(width, room))


def test_firefox_has_room_for_the_controls_of_a_player_in_a_page_and_no_more(serve: Serve) -> None:
    with firefox() as page:
        page.goto(serve(players_of_all_widths(ROOM)))
        for number, width in enumerate(WIDTHS):
            check_room(page.evaluate(MEASURE, frame=number), width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 800])
def test_it_is_accessible(player: "Page", scheme: Any, width: int) -> None:
    player.set_viewport_size({"width": width, "height": 600})
    player.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = axe.Axe().run(player).response["violations"]
    assert [(violation["id"], violation["nodes"]) for violation in found] == []


def test_a_large_frame_fits_into_the_window(player: "Page") -> None:
    player.set_viewport_size({"width": 380, "height": 300})
    box = player.locator("main").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 300


ALPHAS = (0, 1, 40, 128, 200, 254, 255)


def translucent(number: int) -> np.ndarray:
    """Return a picture of a column for each alpha, a row for each color, and a box that moves."""
    colors = np.array([(255, 0, 0), (10, 200, 60), (0, 0, 0), (255, 255, 255), (128, 90, 250)], np.uint8)
    picture = np.zeros((len(colors) * 20, len(ALPHAS) * 20, 4), np.uint8)
    picture[..., :3] = np.roll(colors, number, axis=0).repeat(20, axis=0)[:, None]
    picture[..., 3] = np.roll(ALPHAS, number).repeat(20)
    picture[30:50, 10 + 7 * number : 50 + 7 * number] = (200, 30, 90, 77)
    return picture


def on_color(page: "Page", selector: str) -> np.ndarray:
    """Return what is seen of an element over a colored page, shape (height, width, 3)."""
    page.evaluate("document.body.style.background = 'rgb(230, 160, 20)'")
    with Image.open(BytesIO(page.locator(selector).screenshot())) as image:
        return np.asarray(image.convert("RGB")).astype(int)


@pytest.mark.parametrize("number", [0, 3, 1])
def test_a_transparent_frame_looks_as_the_same_png_does(page: "Page", serve: Serve, number: int) -> None:
    pictures = [translucent(each) for each in range(5)]
    page.emulate_media(reduced_motion="reduce")
    page.goto(serve(render(pictures, "html").data))
    page.evaluate(SHOW, 4)
    page.evaluate(SHOW, number)
    played = on_color(page, "#screen")
    still = render(pictures, "png", frame=number)
    page.goto(serve(f"<!doctype html><title>x</title>{still.html()}".encode()))
    expected = on_color(page, "img")
    assert abs(played - expected).max() <= 2
    assert len(np.unique(expected.reshape(-1, 3), axis=0)) > len(ALPHAS) * 4


def test_inside_of_a_page_it_is_light(page: "Page", serve: Serve) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(serve(f"<!doctype html><title>x</title>{render(waves(2), 'html').html()}".encode()))
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    page.frames[1].locator("#screen[data-frame]").wait_for()
    assert page.frames[1].evaluate(scheme) == "light"


def test_without_scripts_it_shows_no_controls(browser: "Browser", serve: Serve) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(serve(render(waves(2), "html").data))
    assert page.get_by_text("scripts are off").is_visible()
    assert page.get_by_role("button").count() == page.get_by_role("slider").count() == 0
    page.close()
