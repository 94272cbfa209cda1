import base64
import hashlib
import sys
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import flask
import jinja2
import numpy as np
import pytest
from markupsafe import Markup, escape
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import Clip, FormatName, render
from tests.media import decoded_by_ffmpeg, decoded_by_pillow
from tests.player import Page


def clip_of(name: FormatName = "apng") -> Clip:
    return render([np.full((4, 6, 4), value, np.uint8) for value in (10, 200)], name)


def made_up(**fields: Any) -> Clip:
    known: dict[str, Any] = {
        "data": b"bytes",
        "format": "gif",
        "media_type": "image/gif",
        "width": 6,
        "height": 4,
        "frame_count": 2,
        "duration": 0.4,
    }
    return Clip(**(known | fields))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    found = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attributes)))

    Parser().feed(html)
    return found


def test_bytes_in_every_form(tmp_path: Path) -> None:
    clip = clip_of()
    buffer, path = BytesIO(), tmp_path / "clip.png"
    clip.save(buffer)
    clip.save(path)
    head, _, body = clip.data_uri().partition(",")
    assert head == "data:image/apng;base64"
    copies = [bytes(clip), clip.open().read(), buffer.getvalue(), path.read_bytes(), base64.b64decode(body)]
    assert copies == [clip.data] * 5
    assert list(clip) == [clip.data]
    assert not hasattr(clip, "__len__")  # it is no sequence
    assert clip.__buffer__(0) == clip.data


def test_what_is_known_of_it() -> None:
    clip = clip_of()
    assert (clip.format, clip.width, clip.height, clip.frame_count, clip.duration) == ("apng", 6, 4, 2, 0.4)
    assert "data" not in repr(clip)


@pytest.mark.parametrize(
    ("count", "fps", "seconds"), [(60, 20, 3), (10, 20, 0.5), (30, 10, 3), (7, 25, 0.28), (3, 20, 0.15)]
)
def test_its_duration_is_no_sum_with_errors(count: int, fps: float, seconds: float) -> None:
    assert render([np.zeros((2, 2), np.uint8)] * count, fps=fps).duration == seconds


@pytest.mark.parametrize("milliseconds", [50, 40, 70, 33, 0.001, 1e9])
def test_its_duration_is_as_many_milliseconds_as_its_frames(milliseconds: float) -> None:
    pictures = [np.zeros((2, 2), np.uint8)] * 300
    for count in (*range(1, 20), 300):
        duration = render(pictures[:count], "html", interval=milliseconds).duration
        assert duration == float(Fraction(str(milliseconds)) * count / 1000)


SHORTEST = {"gif": 0.01, "mp4": 1 / 90_000}
"""Seconds that a format counts in, where they are not milliseconds."""


@pytest.mark.parametrize("fps", [10, 30, 7])
@pytest.mark.parametrize("name", sorted({*get_args(FormatName)} - {"png"}))
def test_its_fields_are_what_a_decoder_reads(name: FormatName, fps: float) -> None:
    chance = np.random.default_rng(1)
    pictures = list(chance.integers(0, 256, (5, 59, 77, 3), np.uint8))
    clip = render(pictures, name, fps=fps)
    if name == "html":
        played = Page(clip.data).frames()
        shots, seconds = [frame.pixels for frame in played], sum(frame.milliseconds for frame in played) / 1000
    else:
        film = (decoded_by_ffmpeg if name in ("mp4", "webm") else decoded_by_pillow)(clip.data)
        shots, seconds = [shot.pixels for shot in film.shots], film.duration
    assert clip.frame_count == len(shots)
    assert (clip.height, clip.width) == shots[0].shape[:2]
    assert clip.duration == pytest.approx(seconds, abs=1.01 * SHORTEST.get(name, 0.001))
    kind = {"mp4": "video/mp4", "webm": "video/webm", "html": "text/html"}.get(name, f"image/{name}")
    assert (clip.format, clip.media_type) == (name, kind)


def test_equal_if_the_bytes_are() -> None:
    assert made_up() == made_up(format="other", duration=9.0)
    assert hash(made_up()) == hash(made_up(width=1))
    assert made_up() != made_up(data=b"other bytes")


@pytest.mark.parametrize("name", ["apng", "webp", "avif"])
def test_notebook_shows_a_picture(name: FormatName) -> None:
    clip = clip_of(name)
    ((tag, attributes),) = elements(clip.html())
    assert tag == "img"
    assert attributes["src"] == clip.data_uri()
    assert (attributes["width"], attributes["height"]) == ("6", "4")


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_notebook_shows_a_video(name: FormatName) -> None:
    clip = clip_of(name)
    ((tag, attributes),) = elements(clip.html())
    assert tag == "video"
    assert attributes["src"] == clip.data_uri()
    assert {"controls", "autoplay", "loop", "muted"} <= attributes.keys()


@pytest.mark.parametrize("name", ["mp4", "webm"])
@pytest.mark.parametrize(("loop", "loops"), [(0, True), (1, False), ("animation", False)])
def test_a_video_is_played_again_only_if_the_clip_is_to_loop(name: FormatName, loop: Any, loops: bool) -> None:
    figure = Figure(figsize=(1, 1))
    clip = render(FuncAnimation(figure, lambda index: None, 2, repeat=False), name, loop=loop)
    ((_, attributes),) = elements(clip.html())
    assert ("loop" in attributes) == loops
    assert clip.plays == (0 if loops else 1)


def test_notebook_gets_no_markup_from_outside() -> None:
    html = made_up(media_type='"><script>', format='"><script>').html(alt='"><script>')
    assert [tag for tag, _ in elements(html)] == ["img"]


@pytest.mark.parametrize("name", ["gif", "mp4"])
def test_what_it_shows_can_be_said(name: FormatName) -> None:
    said = {"gif": "alt", "mp4": "aria-label"}[name]
    clip = clip_of(name)
    ((_, attributes),) = elements(clip.html())
    assert attributes[said] == f"animation, {name}, 6 x 4 pixels"
    ((_, attributes),) = elements(clip.html(alt='a "moving" bar'))
    assert attributes[said] == 'a "moving" bar'


@pytest.mark.parametrize("name", ["gif", "png", "apng", "mp4"])
def test_representations_of_notebooks(name: FormatName) -> None:
    clip = clip_of(name)
    shown = clip._repr_mimebundle_()
    assert shown.pop("text/plain") == repr(clip)
    assert shown.pop("text/html") == clip._repr_html_() == clip.html()
    if name in ("png", "apng"):
        assert base64.b64decode(shown.pop("image/png")) == clip.data
    assert shown == {}


def test_templates_show_it() -> None:
    template = jinja2.Environment(autoescape=True).from_string("<p>{{ clip }}</p>")
    assert template.render(clip=clip_of()) == f"<p>{clip_of().html()}</p>"


@pytest.mark.parametrize("value", [clip_of, lambda: str(clip_of())], ids=["clip", "its text"])
def test_markup_shows_it_wherever_it_is_put(value: Any) -> None:
    shown = f"<p>{clip_of().html()}</p>"
    assert Markup("<p>{}</p>").format(value()) == shown
    assert Markup("<p>{clip}</p>").format_map({"clip": value()}) == shown
    assert Markup("<p>%s</p>") % value() == shown
    assert Markup("<p>") + value() + Markup("</p>") == shown
    assert Markup("").join([Markup("<p>"), value(), Markup("</p>")]) == shown
    assert escape(value()) == clip_of().html()


def test_its_text_is_a_description_that_templates_show_as_the_clip() -> None:
    clip = clip_of()
    text: Any = str(clip)
    assert text == f"{clip}" == repr(clip)
    assert text.__html__() == clip.html()


def test_a_response_of_flask_has_its_bytes() -> None:
    clip = clip_of()
    response = flask.Response(clip, mimetype=clip.media_type)
    assert response.get_data() == clip.data


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python has no __buffer__ yet")
def test_buffers_are_its_bytes() -> None:
    clip: Any = clip_of()
    assert BytesIO(clip).read() == clip.data
    assert hashlib.sha256(clip).digest() == hashlib.sha256(clip.data).digest()
