"""Every option of the library, said on a command line."""

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import renderer
from renderer.cli.commands import main
from renderer.cli.options import LIMITS, OPTIONS
from renderer.cli.words import SIZE

SAID: dict[str, tuple[str, object]] = {
    "fps": ("12.5", 12.5),
    "interval": ("40", 40),
    "durations": ("0.1,0.1,2", [0.1, 0.1, 2]),
    "final_pause": ("1", 1),
    "loop": ("animation", "animation"),
    "dpi": ("figure", "figure"),
    "facecolor": ("#ffeecc", "#ffeecc"),
    "transparent": ("", True),
    "bbox_inches": ("tight", "tight"),
    "metadata": ("Title=a=b", {"Title": "a=b"}),
    "verify": ("always", "always"),
    "frame": ("-1", -1),
    "quality": ("60", 60),
    "lossless": ("", True),
    "colors": ("16", 16),
    "dither": ("", True),
    "max_bytes": ("1.5MB", 1_500_000),
}
"""A text and its value for each option of a render."""

UNSAID = {
    "extra_anim": "animations are no texts; what makes the animation can advance the others",
    "progress": "it is --quiet, the other way round",
    "limits": "each of its fields is an option",
}
"""Options that make no sense on a command line, and why."""


def test_the_command_has_every_option_of_the_library() -> None:
    assert set(SAID) == set(OPTIONS) == {item.name for item in fields(renderer.RenderOptions)} - set(UNSAID)
    assert set(LIMITS) == {item.name for item in fields(renderer.Limits)}
    flags = [said.flag for table in (OPTIONS, LIMITS) for said in table.values()]
    assert len(set(flags)) == len(flags)


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Return the options with which the command calls the library."""

    scene = tmp_path / f"{tmp_path.name}.py"  # a module of its own in each test
    scene.write_text("pictures = []")

    def of(*given: str, suffix: str = "gif") -> dict[str, Any]:
        called: dict[str, Any] = {}

        def render(source: object, name: str, **options: Any) -> renderer.Clip:
            called.update(options)
            return renderer.Clip(b"", suffix, "image/gif", 1, 1, 1, 1.0)

        monkeypatch.setattr("renderer.cli.render.render_clip", render)
        result = CliRunner().invoke(
            main, ["render", f"{scene}:pictures", "-o", str(tmp_path / f"out.{suffix}"), "-q", *given]
        )
        assert result.exit_code == 0, result.output
        return {name: value for name, value in called.items() if name != "progress"}

    return of


@pytest.mark.parametrize("name", SAID)
def test_an_option_of_the_library_is_said(name: str, options: Callable[..., dict[str, Any]]) -> None:
    text, value = SAID[name]
    suffix = {"frame": "png", "quality": "webp", "lossless": "webp"}.get(name, "gif")
    assert options(*filter(None, (OPTIONS[name].flag, text)), suffix=suffix) == {name: value}


def test_the_limits_are_said_one_by_one(options: Callable[..., dict[str, Any]]) -> None:
    given = options("--max-frames", "9", "--max-pixels", "1000", "--max-seconds", "2.5", "--limit-bytes", "64KiB")
    assert list(given) == ["limits"]
    assert given["limits"] == renderer.Limits(max_frames=9, max_pixels=1000, max_seconds=2.5, max_bytes=65536)
    assert options("--max-total-pixels", "7") == {"limits": renderer.Limits(max_total_pixels=7)}


def test_a_box_and_several_texts_are_said(options: Callable[..., dict[str, Any]]) -> None:
    given = options("--bbox-inches", "0,0.5,1,2", "--metadata", "Title=x", "--metadata", "Author=y")
    assert given["bbox_inches"].extents.tolist() == [0, 0.5, 1, 2]
    assert given["metadata"] == {"Title": "x", "Author": "y"}


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("100000", 100_000),
        ("100kB", 100_000),
        ("100 kb", 100_000),
        ("100k", 100_000),
        ("1.5MB", 1_500_000),
        ("64KiB", 65_536),
        (".5MiB", 524_288),
        ("2G", 2_000_000_000),
        ("7B", 7),
    ],
)
def test_sizes_are_written_as_people_write_them(text: str, size: int) -> None:
    assert SIZE.convert(text, None, None) == size


@pytest.mark.parametrize("text", ["", "kB", "-1", "1e5", "1,5MB", "5 apples", "1..5k", "10ib"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a size"):
        SIZE.convert(text, None, None)


def test_the_help_reads_well_in_a_terminal() -> None:
    said = CliRunner().invoke(main, ["render", "--help"]).stdout
    assert max(map(len, said.splitlines())) <= 80
    assert not re.search(r"None|`|numpy|\bint\b|FLOAT|INTEGER|TEXT", said)
    assert all(said.help.endswith(".") for table in (OPTIONS, LIMITS) for said in table.values())
