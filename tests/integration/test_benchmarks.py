"""The benchmarks: that they measure what they say, and that no wrong output passes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import median
from textwrap import dedent
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from benchmarks import __main__ as eight
from benchmarks import floor, formats, suite
from benchmarks.answer import app as answer_app
from benchmarks.contenders import Contender
from benchmarks.measure import Measurement
from benchmarks.reference import Pixels, Quality, WrongOutputError, check_gif, check_identical, grab
from benchmarks.report import replace_between_markers
from benchmarks.workloads import WORKLOADS, Workload
from renderer import render
from server.demo.bars import bars
from tests.figures.kinds import KINDS, tagged
from tests.support import assert_same_frames, drawn_frames

ROOT = Path(__file__).parents[2]
MARKED = "before\n<!-- benchmark:start -->\n{}\n<!-- benchmark:end -->\nafter\n"


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(MARKED.format("old"))
    return path


def run(*arguments: object, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_run_gives_a_table_and_every_sample(tmp_path: Path, readme: Path) -> None:
    output = tmp_path / "out.json"
    arguments = ["--workloads", "line", "--rounds", 2, "--frames", 3, "--dpi", 61.5, "--output", output]
    done = run(*arguments, "--readme", readme)
    assert done.returncode == 0, done.stderr

    document = json.loads(output.read_text())
    assert document["environment"]["matplotlib"] == version("matplotlib")
    assert document["settings"] == {"rounds": 2, "frames": 3, "clock": "wall", "dpi": 61.5}
    line = document["workloads"].pop("line")
    assert document["workloads"] == {}
    contenders = line["contenders"]
    assert contenders.keys() == {"tempfile", "figreel", "frames", "encode", "update", "plain draw"}
    for contender in contenders.values():
        assert len(contender["seconds"]) == 2
        assert min(contender["seconds"]) > 0
        assert contender["milliseconds"] == pytest.approx(1000 * median(contender["seconds"]) / 3)
        assert contender["problem"] is None
    assert contenders["frames"]["quality"] == {"max_error": 0, "psnr": None}
    assert contenders["figreel"]["quality"]["max_error"] <= 16
    assert contenders["figreel"]["size"] > 1000
    tempfile, figreel = (median(contenders[label]["seconds"]) for label in ("tempfile", "figreel"))
    assert line["ratio"] == pytest.approx(tempfile / figreel)
    assert document["geometric_mean"] == pytest.approx(line["ratio"])

    assert WORKLOADS["line"].title in done.stdout
    assert readme.read_text() == MARKED.format(done.stdout.rstrip("\n"))


def test_run_fails_on_a_contender_that_drops_a_frame(tmp_path: Path, readme: Path) -> None:
    (tmp_path / "hasty.py").write_text(
        dedent("""
            from dataclasses import replace
            from benchmarks.contenders import CONTENDERS, Contender

            def run(setup):
                return CONTENDERS["tempfile"].run(replace(setup, frames=setup.frames - 1))

            contender = Contender("hasty", run, check=CONTENDERS["tempfile"].check)
        """)
    )
    options = ("--workloads", "line", "--rounds", 1, "--frames", 3, "--readme", readme)
    done = run("--contender", "tempfile", "--contender", "hasty:contender", *options, path=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1:] == ["line: hasty is wrong: plays 0.10 s instead of 0.15 s"]
    assert "hasty |" in done.stdout
    assert readme.read_text() == MARKED.format("old")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workloads", "lines"], "no workload 'lines'; choose from line, "),
        (["--contender", "slow"], "no contender 'slow'"),
        (["--contender", "json:no_such_name"], "no contender 'json:no_such_name'"),
        (["--contender", "json:dumps"], "json:dumps is not a Contender"),
        (["--rounds", "0"], "must be at least 1, not 0"),
    ],
)
def test_wrong_argument_is_named(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        suite.run(eight.SUITE, arguments)
    assert exit_.value.code == 2
    assert message in capsys.readouterr().err


def measuring(monkeypatch: pytest.MonkeyPatch, found: Mapping[str, Measurement]) -> None:
    monkeypatch.setattr(suite, "measure", lambda *_: found)


def test_table_of_the_eight(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seconds = {
        "tempfile": [8.0, 9.0, 7.0],
        "figreel": [1.0, 1.0, 2.0],
        "frames": [0.9, 0.9, 0.9],
        "update": [0.5, 0.5, 0.5],
        "encode": [0.1, 0.1, 0.1],
        "plain draw": [3.0, 3.0, 3.0],
    }
    found = {
        label: Measurement(values, frames=100, size=2048, quality=Quality(3, 60)) for label, values in seconds.items()
    }
    measuring(monkeypatch, found)
    assert suite.run(eight.SUITE, ["--workloads", "line", "race"]) == 0
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if WORKLOADS["race"].title in line)
    cells = [cell.strip() for cell in row.split("|")[2:-1]]
    assert cells == ["80.0", "10.0", "**8.00** (3.50 to 9.00)", "16.0", "5.00", "4.00", "1.00", "30.0"]
    assert "Geometric mean: **8.00** times faster" in printed
    assert "60 dB, 3" in printed


@pytest.mark.parametrize(("ours", "status"), [(1.04, 0), (1.06, 1)])
def test_floor_has_a_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ours: float, status: int
) -> None:
    measuring(monkeypatch, {"save": Measurement([1.0], frames=30), "frames": Measurement([ours], frames=30)})
    assert suite.run(floor.SUITE, ["--workloads", "pie"]) == status
    assert capsys.readouterr().err == ("pie: frames / save is 1.06, more than 1.05\n" if status else "")


def test_floor_of_files_says_what_is_beyond_the_updates(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = {"save": [3.0, 4.0, 2.0], "update": [1.0, 1.0, 1.0], "figreel": [1.5, 1.5, 1.8]}
    measuring(monkeypatch, {label: Measurement(values, frames=100) for label, values in seconds.items()})
    assert floor.main(["--format", "mp4", "--workloads", "pie"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| pie"))
    assert [cell.strip() for cell in row.split("|")[2:-1]] == ["30.0", "10.0", "15.0", "0.50", "0.38 to 0.90", "0.25"]


def test_floor_of_files_has_every_kind() -> None:
    assert all(each.workloads.keys() == KINDS.keys() for each in floor.FILES.values())


@pytest.mark.parametrize("name", floor.FILES)
def test_files_of_the_floor_show_the_animation(name: str) -> None:
    workload = floor.FILES[name].workloads["pie"]
    shown = {}
    for label in (floor.SAVE, floor.FILE):
        data = floor.FILES[name].contenders[label].run(workload.setup(3))
        with av.open(BytesIO(data), "r") as container:
            pictures = [frame.to_ndarray(format="rgba").astype(int) for frame in container.decode(video=0)]
        shown[label] = [picture * (picture[..., 3:] > 127) for picture in pictures]
    assert len(shown[floor.SAVE]) == len(shown[floor.FILE]) == 3
    for saved, ours in zip(*shown.values(), strict=True):
        assert saved.shape == ours.shape
        assert np.abs(saved - ours).mean() < 2


@pytest.mark.parametrize("contender", formats.CONTENDERS.values(), ids=lambda contender: contender.label)
def test_every_writer_of_the_formats_shows_the_animation(contender: Contender) -> None:
    workload = formats.FRAMES["bars"]
    data = contender.run(contender.prepare(workload.setup(3)))
    assert contender.check is not None
    quality = contender.check(data, workload.setup(3), grab(workload.setup(3)))
    exact = "APNG" in contender.label or "lossless" in contender.label
    assert (quality.max_error == 0) == (quality.psnr is None) == exact


def test_markers_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("<!-- benchmark:end --> <!-- benchmark:start -->")
    with pytest.raises(ValueError, match="followed by"):
        replace_between_markers(path, "new", "benchmark")
    assert path.read_text() == "<!-- benchmark:end --> <!-- benchmark:start -->"


def gif(frames: Sequence[Pixels], durations: int | list[int] = 50) -> bytes:
    first, *others = (Image.fromarray(frame).convert("P") for frame in frames)
    buffer = BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=durations)
    return buffer.getvalue()


def gray(*levels: int) -> list[Pixels]:
    return [np.full((8, 10, 4), (level, level, level, 255), np.uint8) for level in levels]


def spotted(level: int) -> Pixels:
    (frame,) = gray(level)
    frame[3, 4, :3] = 255 - level
    return frame


def test_right_gif_passes_also_with_equal_neighbors_merged() -> None:
    frames = gray(0, 102, 102, 255)
    exact = Quality(max_error=0, psnr=None)
    assert check_gif(gif(frames), frames, 20, max_error=0, min_psnr=99) == exact
    merged = gif([frames[0], frames[1], frames[3]], [50, 100, 50])
    assert check_gif(merged, frames, 20, max_error=0, min_psnr=99) == exact


def test_error_of_a_gif_is_measured() -> None:
    quality = check_gif(gif(gray(0, 102)), gray(0, 104), 20, max_error=2, min_psnr=30)
    assert quality.max_error == 2
    assert quality.psnr == pytest.approx(10 * np.log10(255**2 / 2))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(lambda: gif(gray(0, 102)), "plays 0.10 s instead of 0.15 s", id="missing frame"),
        pytest.param(lambda: gif(gray(0, 102, 204, 51), [40, 40, 40, 30]), "4 frames instead of 3", id="extra frame"),
        pytest.param(lambda: gif(gray(102, 0, 204)), "frame 0 is off by 102, more than 16", id="wrong order"),
        pytest.param(lambda: gif(gray(0, 102, 204), [70, 30, 50]), "changes between two frames", id="wrong times"),
        pytest.param(lambda: gif(gray(0, 102, 204), 60), "plays 0.18 s instead of 0.15 s", id="wrong length"),
        pytest.param(lambda: gif([*gray(0, 102), spotted(204)]), "frame 2 is off by 153", id="one wrong pixel"),
        pytest.param(lambda: gif([frame[:7] for frame in gray(0, 102, 204)]), r"size \(10, 7\)", id="wrong size"),
    ],
)
def test_wrong_gif_is_refused(data: Callable[[], bytes], problem: str) -> None:
    with pytest.raises(WrongOutputError, match=problem):
        check_gif(data(), gray(0, 102, 204), 20, max_error=16, min_psnr=20)


def test_noisy_gif_is_refused() -> None:
    with pytest.raises(WrongOutputError, match=r"PSNR 32.1 dB, less than 35 dB"):
        check_gif(gif(gray(0, 204)), gray(0, 195), 20, max_error=16, min_psnr=35)


def test_one_wrong_bit_is_refused() -> None:
    frames, reference = gray(0, 102), gray(0, 102)
    assert check_identical(frames, reference) == Quality(max_error=0, psnr=None)
    frames[1][2, 3, 0] ^= 1
    with pytest.raises(WrongOutputError, match="frame 1 is not bit-identical"):
        check_identical(frames, reference)
    with pytest.raises(WrongOutputError, match="1 frames instead of 2"):
        check_identical(frames[:1], reference)


def assert_moving(frames: Sequence[Pixels]) -> None:
    assert all((before != after).any() for before, after in pairwise(frames))


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)
def test_every_animation_moves_and_is_drawn_exactly(workload: Workload) -> None:
    expected = grab(workload.setup(3))
    assert_moving(expected)
    assert_same_frames(drawn_frames(workload.animation(3)), expected)


def test_kinds_of_the_floor_have_the_size_of_a_usual_figure() -> None:
    figure = floor.SUITE.workloads["large_image"].setup().figure
    assert tuple(figure.bbox.size) == (1200, 900)
    assert floor.SUITE.workloads.keys() == tagged("floor").keys()


def test_the_answers_application_and_the_demo_draw_the_same_animation() -> None:
    values: list[float | None] = [20, 15.5, 30]
    query = "&".join(f"values={value}" for value in values)
    answer = answer_app.test_client().get(f"/bars.gif?{query}")
    theirs: Any = Image.open(BytesIO(answer.data))
    ours: Any = Image.open(render(bars(values), "gif").open())
    assert theirs.n_frames == ours.n_frames == 3
    for index in range(3):
        theirs.seek(index)
        ours.seek(index)
        difference = np.asarray(theirs.convert("RGB")).astype(int) - np.asarray(ours.convert("RGB"))
        assert np.abs(difference).max() < 40  # of colors, which either reduces in its way
