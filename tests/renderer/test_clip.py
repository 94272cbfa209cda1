import base64
import stat
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renderer import Clip, FormatName, render


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
    assert len(clip) == len(clip.data)


def test_what_is_known_of_it() -> None:
    clip = clip_of()
    assert (clip.format, clip.width, clip.height, clip.frame_count, clip.duration) == ("apng", 6, 4, 2, 0.4)
    assert "data" not in repr(clip)


def test_equal_if_the_bytes_are() -> None:
    assert made_up() == made_up(format="other", duration=9.0)
    assert hash(made_up()) == hash(made_up(width=1))
    assert made_up() != made_up(data=b"other bytes")


@pytest.mark.parametrize("name", ["apng", "webp", "avif"])
def test_notebook_shows_a_picture(name: FormatName) -> None:
    clip = clip_of(name)
    ((tag, attributes),) = elements(clip._repr_mimebundle_()["text/html"])
    assert tag == "img"
    assert attributes["src"] == clip.data_uri()
    assert (attributes["width"], attributes["height"]) == ("6", "4")


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_notebook_shows_a_video(name: FormatName) -> None:
    clip = clip_of(name)
    ((tag, attributes),) = elements(clip._repr_mimebundle_()["text/html"])
    assert tag == "video"
    assert attributes["src"] == clip.data_uri()
    assert {"controls", "autoplay", "loop", "muted"} <= attributes.keys()


def test_notebook_gets_no_markup_from_outside() -> None:
    html = made_up(media_type='"><script>', format='"><script>')._repr_mimebundle_()["text/html"]
    assert [tag for tag, _ in elements(html)] == ["img"]


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_of_any_kind(tmp_path: Path, kind: type) -> None:
    made_up().save(kind(tmp_path / "clip"))
    assert (tmp_path / "clip").read_bytes() == b"bytes"


def test_saved_file_has_usual_rights(tmp_path: Path) -> None:
    made_up().save(tmp_path / "clip")
    (tmp_path / "usual").write_bytes(b"")
    assert stat.S_IMODE((tmp_path / "clip").stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)


def test_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        made_up().save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["clip"]
    assert path.read_bytes() == b"old"


def test_save_into_no_directory(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        made_up().save(tmp_path / "missing" / "clip")
