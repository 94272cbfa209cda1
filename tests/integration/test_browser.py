"""What a browser makes of the files: headless Chromium shows them, and we read what it shows."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from renderer import FormatName, formats, render, stream
from tests.browser import chromium
from tests.media import decoded_by_pillow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api")

SECONDS = 0.2
SIZE = (48, 32)

SHOW_PICTURE = """async ([url, type]) => {
    const response = await fetch(url);
    const decoder = new ImageDecoder({data: response.body, type});
    await decoder.completed;
    const track = decoder.tracks.selectedTrack;
    const frames = [];
    for (let index = 0; index < track.frameCount; index++) {
        const {image} = await decoder.decode({frameIndex: index});
        const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
        frames.push({pixels: Array.from(pixels), milliseconds: image.duration / 1000});
    }
    return {frames, plays: track.repetitionCount === Infinity ? 0 : track.repetitionCount + 1};
}"""

SHOW_VIDEO = """async ([url, times]) => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = URL.createObjectURL(await (await fetch(url)).blob());  // can be sought in
    const canvas = document.createElement("canvas");
    const event = name => new Promise((resolve, reject) => {
        video.addEventListener(name, resolve, {once: true});
        video.addEventListener("error", () => reject(video.error.message), {once: true});
    });
    await event("loadeddata");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const frames = [];
    for (const time of times) {
        const seeked = event("seeked");
        const presented = new Promise(resolve => video.requestVideoFrameCallback(resolve));
        video.currentTime = time;
        await seeked;
        // on a busy machine the picture of the seek comes after the event; none comes if it is there already
        await Promise.race([presented, new Promise(resolve => setTimeout(resolve, 1000))]);
        const context = canvas.getContext("2d", {willReadFrequently: true});
        let pixels;
        do {
            await new Promise(resolve => setTimeout(resolve, 20));
            context.drawImage(video, 0, 0);
            pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
        } while (pixels[3] === 0);
        frames.push(Array.from(pixels));
    }
    return {frames, duration: video.duration};
}"""

PLAY_VIDEO = """async url => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = url;
    const ended = new Promise((resolve, reject) => {
        video.addEventListener("ended", resolve);
        video.addEventListener("error", () => reject(video.error.message));
    });
    await video.play();
    await ended;
    return video.currentTime;
}"""

SHOW_ELEMENT = """async url => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
}"""


class Site:
    """Serves files, each in its pieces."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, Callable[[], Iterator[bytes]]]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                media_type, pieces = site._files.get(self.path, ("text/html", lambda: iter([b"<body></body>"])))
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.end_headers()
                for piece in pieces():
                    self.wfile.write(piece)
                    self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def add(self, name: str, media_type: str, pieces: Callable[[], Iterator[bytes]]) -> str:
        """Add a file, and return its address."""
        self._files[f"/{name}"] = (media_type, pieces)
        return self.url + name

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "Page":
    return browser.new_page()


@pytest.fixture
def page(tab: "Page", site: Site) -> "Page":
    """An empty page."""
    tab.goto(site.url)
    return tab


def pictures(*, transparent: bool = False) -> list[np.ndarray]:
    """Few colors, and a square that moves."""
    width, height = SIZE
    shown = []
    for index in range(4):
        pixels = np.full((height, width, 4), (250, 240, 20, 255), np.uint8)
        if transparent:
            pixels[:8] = 0
        pixels[10:22, 8 * index : 8 * index + 16] = (20, 30, 40 * index, 255)
        shown.append(pixels)
    return shown


def added(site: Site, name: FormatName, **options: Any) -> str:
    clip = render(pictures(), name, interval=1000 * SECONDS, **options)
    return site.add(f"clip.{name}", clip.media_type, lambda: iter([clip.data]))


def assert_close(shown: list[int], expected: np.ndarray, tolerance: float) -> None:
    pixels = np.array(shown, np.uint8).reshape(expected.shape).astype(int)
    error = np.abs(pixels - expected)
    assert error.mean() <= tolerance, f"mean error {error.mean():.2f}, largest {error.max()}"


@pytest.mark.parametrize(("name", "tolerance"), [("gif", 0), ("apng", 0), ("webp", 0), ("avif", 2)])
@pytest.mark.parametrize(("transparent", "loop"), [(False, 0), (True, 1), (False, 3)])
def test_pictures(page: "Page", site: Site, name: FormatName, tolerance: float, transparent: bool, loop: int) -> None:
    expected = pictures(transparent=transparent)
    clip = render(expected, name, interval=1000 * SECONDS, loop=loop)
    url = site.add(f"{transparent}-{loop}.{name}", clip.media_type, lambda: iter([clip.data]))
    shown = page.evaluate(SHOW_PICTURE, [url, clip.media_type.replace("apng", "png")])
    assert shown["plays"] == loop
    assert [frame["milliseconds"] for frame in shown["frames"]] == [200] * 4
    for frame, picture in zip(shown["frames"], expected, strict=True):
        assert_close(frame["pixels"], picture, tolerance)


def test_gif_of_noise(page: "Page", site: Site) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2, 90, 120, 4), np.uint8) | np.array([0, 0, 0, 255], np.uint8)
    clip = render(list(noise), "gif")
    shown = page.evaluate(
        SHOW_PICTURE, [site.add("noise.gif", clip.media_type, lambda: iter([clip.data])), "image/gif"]
    )
    for frame, shot in zip(shown["frames"], decoded_by_pillow(clip.data).shots, strict=True):
        assert_close(frame["pixels"], shot.pixels, 0)


@pytest.mark.parametrize("name", ["gif", "apng", "webp", "avif"])
def test_image_element(page: "Page", site: Site, name: FormatName) -> None:
    assert page.evaluate(SHOW_ELEMENT, added(site, name)) == list(SIZE)


@pytest.mark.parametrize("name", ["mp4", "webm"])
@pytest.mark.parametrize("lossless", [False, True])
def test_video(page: "Page", site: Site, name: FormatName, lossless: bool) -> None:
    url = added(site, name, lossless=lossless)
    times = [SECONDS * (index + 0.5) for index in range(4)]
    shown = page.evaluate(SHOW_VIDEO, [url, times])
    assert shown["duration"] == pytest.approx(4 * SECONDS, abs=0.001)
    for pixels, picture in zip(shown["frames"], pictures(), strict=True):
        assert_close(pixels, picture, 1 if lossless else 8)


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_streamed_video_plays_to_the_end_of_the_pause(page: "Page", site: Site, name: FormatName) -> None:
    media_type = formats()[name].media_type
    url = site.add(
        f"streamed.{name}",
        media_type,
        lambda: stream(pictures(), name, interval=1000 * SECONDS, final_pause=0.7),
    )
    assert page.evaluate(PLAY_VIDEO, url) == pytest.approx(4 * SECONDS + 0.7, abs=0.01)


def test_notebook_markup_is_shown(page: "Page") -> None:
    clip = render(pictures(), "webp")
    page.set_content(clip.html())
    assert seen(page, "img", lambda color: np.allclose(color, (250, 240, 20), atol=2))


def test_gif_that_comes_slowly_is_seen_before_its_end(page: "Page", site: Site) -> None:
    red, blue = (np.full((32, 48, 4), color, np.uint8) for color in ((255, 0, 0, 255), (0, 0, 255, 255)))
    go_on = threading.Event()

    def slowly() -> Iterator[bytes]:
        def frames() -> Iterator[np.ndarray]:
            yield red
            yield red // 2 + 127
            go_on.wait(30)
            yield blue

        return stream(frames(), "gif", interval=50, loop=1)

    url = site.add("slow.gif", "image/gif", slowly)
    page.evaluate("url => { document.body.innerHTML = `<img src='${url}'>` }", url)
    try:
        assert seen(page, "img", lambda color: color[0] == 255 and color[2] < 255)
        assert not page.evaluate("document.images[0].complete")
    finally:
        go_on.set()
    assert seen(page, "img", lambda color: tuple(color) == (0, 0, 255))


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of the demo."""
    command: list[str | Path] = [Path(sys.executable).with_name("figreel"), "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        yield process.stderr.readline().split()[-1]
        process.terminate()
        process.stderr.read()


def test_a_form_has_the_parameters_of_its_format(page: "Page", served: str) -> None:
    page.goto(f"{served}/animations/bars")
    drawn = sync_api.expect(page.locator("#status"))
    address = sync_api.expect(page.locator("#url"))
    drawn.to_contain_text("Drawn in")
    address.to_have_value(f"{served}/animations/bars.gif")
    page.locator("summary").click()
    sync_api.expect(page.locator("#frame")).to_be_hidden()
    page.fill("#fps", "2")
    page.select_option("#format", "png")
    sync_api.expect(page.locator("#fps")).to_be_hidden()
    page.fill("#frame", "3")
    address.to_have_value(f"{served}/animations/bars.png?frame=3")
    drawn.to_contain_text("Drawn in")
    page.select_option("#format", "webp")
    address.to_have_value(f"{served}/animations/bars.webp?fps=2")
    sync_api.expect(page.locator("#frame")).to_be_hidden()
    page.fill("#fps", "1000")
    sync_api.expect(page.locator("[data-name=fps] .problem")).to_contain_text("fps must be at most 240")


def seen(page: "Page", selector: str, wanted: Callable[[np.ndarray], bool]) -> bool:
    """Whether the corner of an element comes to have a color."""
    for _ in range(100):
        screenshot = Image.open(BytesIO(page.locator(selector).screenshot())).convert("RGB")
        if wanted(np.asarray(screenshot)[3, 3]):
            return True
        page.wait_for_timeout(30)
    return False
