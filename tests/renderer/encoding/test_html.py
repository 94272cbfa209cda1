"""HTML players, read by another parser and composed with Pillow."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import PLAYER_POLICY, FormatError, frames, render, stream
from tests.media import encoded
from tests.player import Page


def line(count: int = 12, **look: Any) -> FuncAnimation:
    figure = Figure(figsize=(3, 2), **look)
    (curve,) = figure.subplots().plot([0, 1, 2], [0, 1, 0])
    return FuncAnimation(figure, lambda i: curve.set_ydata([0, (i // 2) % 5 / 4, 0]), count, interval=70)


def seen(pixels: np.ndarray) -> np.ndarray:
    """Return pixels without the colors of those that cannot be seen."""
    return pixels * (pixels[..., 3:] > 0)


@pytest.mark.parametrize("transparent", [False, True])
def test_its_frames_are_those_of_the_animation(transparent: bool) -> None:
    page = Page(render(line(), "html", transparent=transparent).data)
    expected = [frame.pixels for frame in frames(line(), transparent=transparent)]
    for played, pixels in zip(page.frames(), expected, strict=True):
        np.testing.assert_array_equal(seen(played.pixels), seen(pixels))
    assert {frame.milliseconds for frame in page.frames()} == {70}


@given(st.data())
def test_any_pixels_and_times(data: st.DataObject) -> None:
    height, width = data.draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    chance = np.random.default_rng(data.draw(st.integers(0, 1000)))
    pictures = [np.full((height, width, 4), 255, np.uint8)]
    for _ in range(data.draw(st.integers(0, 12))):
        picture = pictures[-1].copy()
        top, left = chance.integers(height), chance.integers(width)
        part = picture[top : top + chance.integers(1, 9), left : left + chance.integers(1, 9)]
        kind = data.draw(st.sampled_from(["equal", "opaque", "clear", "any"]))
        if kind != "equal":
            part[...] = chance.integers(0, 256, part.shape)
            if kind != "any":
                part[..., 3] = 255 if kind == "opaque" else 0
        pictures.append(picture)
    times = [data.draw(st.sampled_from([0.001, 0.0166, 0.1, 3.0])) for _ in pictures]
    played = Page(encoded("html", pictures, times)).frames()
    for frame, picture in zip(played, pictures, strict=True):
        np.testing.assert_array_equal(seen(frame.pixels), seen(picture))
    assert sum(frame.milliseconds for frame in played) == round(sum(times) * 1000)


def test_many_frames_without_a_change_leave_in_time() -> None:
    still = np.full((2, 3, 4), 255, np.uint8)
    pieces = list(stream([still] * 200, "html"))
    assert len(pieces) == 5  # the first frame, three times 64 frames, and the rest
    assert len(Page(b"".join(pieces)).frames()) == 200


def test_the_first_frame_leaves_at_once() -> None:
    figure = Figure(figsize=(1, 1))
    text = figure.text(0, 0, "")
    drawn: list[int] = []

    def update(index: int) -> None:
        drawn.append(index)
        text.set_text(str(index))

    pieces = stream(FuncAnimation(figure, update, 40, init_func=lambda: None), "html")
    first = next(pieces)
    assert drawn == [0]
    assert len(re.findall(rb'<script type="text/x-frames"', first)) == 1
    pieces.close()


def test_sheets_are_bounded() -> None:
    chance = np.random.default_rng(0)
    tall = [chance.integers(0, 2, (9000, 2, 4), np.uint8) | np.uint8(254) for _ in range(5)]
    for picture in tall:
        picture[..., 3] = 255
    played = Page(encoded("html", tall)).frames()
    for frame, picture in zip(played, tall, strict=True):
        np.testing.assert_array_equal(frame.pixels, picture)


def test_a_frame_that_is_too_large_is_refused() -> None:
    with pytest.raises(FormatError, match="16383 pixels a side, not 16384 x 1"):
        render([np.zeros((1, 16384), np.uint8)], "html")


def test_what_a_user_writes_is_text() -> None:
    title = "</title><script>alert(1)</script> & $width \N{SNOWMAN}"
    page = Page(render(line(2), "html", metadata={"Title": title, 'a"b': '"><b>'}).data)
    assert page.texts["title"] == [title]
    assert page.attributes_of("canvas")["aria-label"] == title
    assert page.attributes_of("meta", name='a"b')["content"] == '"><b>'
    scripts = [attributes for tag, attributes in page.elements if tag == "script" and "type" not in attributes]
    assert len(scripts) == 1
    assert "b" not in {tag for tag, _ in page.elements}


def test_script_and_style_are_the_same_in_every_page() -> None:
    pages = [Page(render(line(2), "html", loop=3).data), Page(render([np.zeros((9, 5), np.uint8)], "html").data)]
    for page in pages:
        policy = page.attributes_of("meta", **{"http-equiv": "Content-Security-Policy"})["content"]
        assert policy == f"default-src 'none'; {PLAYER_POLICY}"
    assert pages[0].texts["style"] == pages[1].texts["style"]
    assert pages[0].texts["script"][0] == pages[1].texts["script"][0]


def test_nothing_is_loaded_and_nothing_needs_a_policy_of_its_own() -> None:
    page = Page(render(line(2), "html").data)
    for _, attributes in page.elements:
        assert not {"src", "href", "style"} & attributes.keys()
        assert not any(name.startswith("on") for name in attributes)


@pytest.mark.parametrize(("loop", "plays"), [(0, "0"), (1, "1"), (5, "5")])
def test_it_plays_as_often_as_asked(loop: int, plays: str) -> None:
    assert Page(render(line(2), "html", loop=loop).data).attributes_of("canvas")["data-plays"] == plays


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render(line(), "html") == render(line(), "html")
    assert b"".join(stream(line(), "html")) == render(line(), "html").data


def test_a_clip_shows_it_in_a_frame_over_its_first_picture() -> None:
    clip = render(line(), "html")
    page = Page(clip.html(alt='a "line"').encode())
    frame, picture = page.attributes_of("iframe"), page.attributes_of("img")
    assert frame["srcdoc"].encode() == clip.data
    assert frame["sandbox"] == "allow-scripts"
    assert frame["title"] == picture["alt"] == 'a "line"'
    assert picture["src"].startswith("data:image/webp;base64,UklG")
    assert clip.data_uri().startswith("data:text/html;base64,")


def test_its_title_is_what_the_frame_is_called() -> None:
    clip = render(line(2), "html", metadata={"Title": 'One & "two"'})
    assert Page(clip.html().encode()).attributes_of("iframe")["title"] == 'One & "two"'
