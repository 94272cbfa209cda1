"""The version of libraries, fonts and settings, which is part of every picture's key."""

import os
import subprocess
import sys
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.font_manager import FontEntry, fontManager

from server.rendering.workers.installation import environment_version, libraries

PRINT = "from server.rendering.workers.installation import environment_version; print(environment_version())"
SKETCHED = "import matplotlib.pyplot; matplotlib.pyplot.xkcd();"
"""Settings that are objects: what is drawn around lines."""


def in_another_process(code: str, seed: str = "1") -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_the_same_in_every_process(seed: str) -> None:
    assert in_another_process(PRINT, seed) == environment_version()


def test_it_is_the_same_in_every_process_though_settings_are_objects() -> None:
    one, other = (in_another_process(SKETCHED + more + PRINT) for more in ("", "kept = [object()] * 99;"))
    assert one == other
    wider = "matplotlib.rcParams['path.effects'][0]._gc['linewidth'] += 1;"
    assert in_another_process(SKETCHED + wider + PRINT) != one


def test_a_setting_of_matplotlib_counts() -> None:
    before = environment_version()
    with mpl.rc_context({"lines.linewidth": 7.25}):
        assert environment_version() != before
    assert environment_version() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("toolbar", "None"), ("savefig.directory", "/tmp/other"), ("svg.hashsalt", "x"), ("keymap.quit", ["q"])],
)
def test_a_setting_that_changes_no_picture_does_not_count(name: Any, value: Any) -> None:
    before = environment_version()
    with mpl.rc_context({name: value}):
        assert environment_version() == before


@pytest.mark.parametrize(("name", "value"), [("path.snap", False), ("savefig.facecolor", "red")])
def test_a_setting_whose_name_begins_as_others_do_counts(name: Any, value: Any) -> None:
    before = environment_version()
    with mpl.rc_context({name: value}):
        assert environment_version() != before


@pytest.mark.parametrize("name", ["isal", "av"])
def test_a_library_that_encodes_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = libraries.__wrapped__()
    monkeypatch.setitem(sys.modules, name, None)
    assert libraries.__wrapped__() != before
    assert libraries() == before  # those with which the process began


def test_a_font_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment_version()
    monkeypatch.setattr(fontManager, "ttflist", [*fontManager.ttflist, FontEntry(fname="new.ttf", name="New")])
    assert environment_version() != before
