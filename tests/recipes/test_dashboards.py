import io
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import av
import pytest
from PIL import Image, ImageSequence

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.recipes.conftest import Serve

STREAMLIT = ["--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]

# Run a script as python does, at a port that its library reads from the environment. The names are in lower case here
# because "PORT" in a command is replaced.
RUN = """
import os, runpy, sys
os.environ[sys.argv[2].upper()] = sys.argv[3]
runpy.run_path(sys.argv[1], run_name="__main__")
"""

STILLS = """
import io

import numpy as np
import streamlit as st
from PIL import Image

from renderer import render

frames = [np.full((90, 160, 3), level, np.uint8) for level in (0, 80, 160)]
for format in ("gif", "apng", "webp", "avif"):
    for width in (160, 80):
        st.image(render(frames, format, fps=5).data, caption=f"{format} at {width}", width=width)
"""


@pytest.fixture(autouse=True)
def local_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    monkeypatch.setenv("DO_NOT_TRACK", "1")


def shown(image: "Locator") -> Image.Image:
    """Wait until an ``<img>`` shows its picture, and return what Pillow reads from the same address."""
    width, url = image.evaluate("async image => (await image.decode(), [image.naturalWidth, image.currentSrc])")
    with urlopen(url) as response:
        picture = Image.open(io.BytesIO(response.read()))
    assert picture.width == width
    return picture


def frames_of(picture: Image.Image) -> list[bytes]:
    return [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(picture)]


def assert_drawn_anew(changed: Image.Image, first: Image.Image) -> None:
    assert len(frames_of(changed)) == len(frames_of(first))
    assert frames_of(changed)[0] != frames_of(first)[0]


def streamlit(serve: "Serve", script: str) -> str:
    return serve("-m", "streamlit", "run", script, "--server.port=PORT", *STREAMLIT)


def test_streamlit_shows_each_picture_format_playing_and_draws_anew(serve: "Serve", page: "Page") -> None:
    page.goto(streamlit(serve, "streamlit_app.py"))
    image = page.get_by_role("img", name="A Lissajous figure of ratio 3")
    first = shown(image)
    assert (first.format, first.size, first.n_frames) == ("WEBP", (320, 320), 20)  # type: ignore[attr-defined]

    page.get_by_role("slider", name="Ratio").press("ArrowRight")
    image = page.get_by_role("img", name="A Lissajous figure of ratio 4")
    assert_drawn_anew(shown(image), first)

    for label, name in (("gif", "GIF"), ("apng", "PNG"), ("avif", "AVIF")):
        before = image.get_attribute("src")
        page.get_by_text(label, exact=True).click()
        page.wait_for_function("before => document.querySelector('img')?.src !== before", arg=before)
        picture = shown(image)
        frames = frames_of(picture)
        assert (picture.format, len(frames)) == (name, 20)
        assert len(set(frames)) > 10


def test_streamlit_shows_the_player(serve: "Serve", page: "Page") -> None:
    page.goto(streamlit(serve, "streamlit_app.py"))
    page.get_by_text("html", exact=True).click()
    player = page.frame_locator("iframe")
    player.get_by_role("button", name="Pause").click()
    player.get_by_role("button", name="Last frame").click()
    player.locator("#screen[data-frame='19']").wait_for()


def test_streamlit_plays_mp4(serve: "Serve", page: "Page") -> None:
    page.goto(streamlit(serve, "streamlit_app.py"))
    page.get_by_text("mp4", exact=True).click()
    video = page.locator("video")
    width, url = video.evaluate(
        """video => new Promise(done => video.addEventListener("timeupdate",
            () => video.currentTime > 0 && done([video.videoWidth, video.currentSrc])))"""
    )
    with urlopen(url) as response:
        assert response.headers["Content-Type"] == "video/mp4"
        with av.open(io.BytesIO(response.read()), "r") as container:
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert width == 320
    assert len(frames) == 20
    assert (frames[0] != frames[5]).any()


def test_st_image_makes_stills_as_the_recipe_says(serve: "Serve", page: "Page", tmp_path: Path) -> None:
    (tmp_path / "stills.py").write_text(STILLS)
    page.goto(streamlit(serve, str(tmp_path / "stills.py")))
    page.get_by_text("avif at 80").wait_for()
    counts = [len(frames_of(shown(image))) for image in page.locator("img").all()]
    assert counts == [3, 1, 3, 1, 1, 1, 1, 1]


def test_gradio_shows_an_animation_and_draws_anew(serve: "Serve", page: "Page") -> None:
    page.goto(serve("-c", RUN, "gradio_app.py", "gradio_server_port", "PORT"))
    first = shown(page.get_by_role("img", name="A rose of 5 petals"))
    assert (first.format, first.size) == ("WEBP", (400, 400))
    assert len(frames_of(first)) == len(set(frames_of(first))) == 20

    page.get_by_role("slider").press("ArrowRight")
    assert_drawn_anew(shown(page.get_by_role("img", name="A rose of 6 petals")), first)


def test_gradio_shows_the_player(serve: "Serve", page: "Page") -> None:
    page.goto(serve("-c", RUN, "gradio_app.py", "gradio_server_port", "PORT"))
    page.get_by_label("html", exact=True).check()
    player = page.frame_locator("iframe[title='A rose of 5 petals that turns']")
    player.get_by_role("button", name="Pause").click()
    player.get_by_role("button", name="Last frame").click()
    player.locator("#screen[data-frame='19']").wait_for()


def test_panel_shows_an_animation_and_draws_anew(serve: "Serve", page: "Page") -> None:
    url = serve("-m", "panel", "serve", "panel_app.py", "--port=PORT")
    page.goto(f"{url}/panel_app")
    first = shown(page.get_by_role("img", name="Waves from 2 sources"))
    assert (first.format, first.size) == ("WEBP", (400, 400))
    assert len(frames_of(first)) == len(set(frames_of(first))) == 12

    page.get_by_role("slider").press("ArrowRight")
    assert_drawn_anew(shown(page.get_by_role("img", name="Waves from 3 sources")), first)


def test_dash_shows_an_animation_and_draws_anew(serve: "Serve", page: "Page") -> None:
    page.goto(serve("-c", RUN, "dash_app.py", "port", "PORT"))
    image = page.locator("img[src]")
    image.wait_for()
    before = image.get_attribute("src")
    first = shown(image)
    assert (first.format, first.size) == ("GIF", (600, 300))
    assert len(frames_of(first)) == len(set(frames_of(first))) == 20

    page.get_by_text("10", exact=True).click()
    page.wait_for_function("before => document.querySelector('img')?.src !== before", arg=before)
    assert_drawn_anew(shown(image), first)
