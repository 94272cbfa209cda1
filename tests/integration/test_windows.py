"""Real windows on a display of their own (Xvfb): their animations are rendered while they play."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("window.py")
FRAMES = 12


@pytest.fixture(scope="module")
def display() -> Iterator[dict[str, str]]:
    """Return the environment of a program that opens windows."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None or importlib.util.find_spec("_tkinter") is None:
        if os.environ.get("FIGREEL_REQUIRE_TOOLS"):
            pytest.fail("Xvfb or tkinter is missing")
        pytest.skip("Xvfb or tkinter is missing")
    screen = ["-screen", "0", "960x960x24", "-dpi", "96"]  # 254 mm: at exactly 96 dots an inch, Tk resizes nothing
    command = [xvfb, "-noreset", "-displayfd", "1", *screen]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield {**os.environ, "DISPLAY": f":{server.stdout.readline().strip()}"}
        finally:
            server.terminate()


@pytest.mark.parametrize("how", ["here", "new", "thread"])
def test_a_window_that_plays_while_its_animation_is_rendered(display: dict[str, str], how: str) -> None:
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "tkagg", how],
        env=display, cwd=SCRIPT.parents[2], capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert answer["window"] == "matplotlib.backends.backend_tkagg"
    assert answer["right"] == [True] * FRAMES
    assert answer["updates"] == FRAMES
    assert answer["after"] > 2


@pytest.mark.parametrize(("backend", "canvas"), [("tkagg", "FigureCanvasTkAgg"), ("qtagg", "FigureCanvasQTAgg")])
def test_frames_of_a_window_are_those_of_save(display: dict[str, str], backend: str, canvas: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.integration.window_frames", backend],
        env=display | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=SCRIPT.parents[2], capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert answer["canvas"] == canvas
    assert len(answer["cases"]) == 12
    assert {case: result for case, result in answer["cases"].items() if result != [True, True]} == {}
