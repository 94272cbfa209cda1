"""The version of libraries, fonts and settings, which is part of every picture's key."""

import os
import subprocess
import sys

import matplotlib as mpl
import pytest
from matplotlib.font_manager import FontEntry, fontManager

from server.rendering.installation import environment_version

PRINT = "from server.rendering.installation import environment_version; print(environment_version())"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_the_same_in_every_process(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == environment_version()


def test_a_setting_of_matplotlib_counts() -> None:
    before = environment_version()
    with mpl.rc_context({"lines.linewidth": 7.25}):
        assert environment_version() != before
    assert environment_version() == before


def test_the_backend_does_not_count() -> None:
    before = environment_version()
    with mpl.rc_context({"toolbar": "None"}):
        assert environment_version() == before


@pytest.mark.parametrize("name", ["isal", "av"])
def test_a_library_that_encodes_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment_version()
    monkeypatch.setitem(sys.modules, name, None)
    assert environment_version() != before


def test_a_font_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment_version()
    monkeypatch.setattr(fontManager, "ttflist", [*fontManager.ttflist, FontEntry(fname="new.ttf", name="New")])
    assert environment_version() != before
