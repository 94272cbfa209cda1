"""The script that shows what a draw reads."""

import re
import subprocess
import sys

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from tests.reads import read_by_draw, report


def test_the_draw_of_a_line_reads_its_color_and_not_its_label() -> None:
    read = read_by_draw(Line2D([0, 1], [0, 1], color="red", label="a"))
    assert {"_color", "_linewidth", "_visible", "_alpha"} <= read
    assert "_picker" not in read


def test_an_artist_that_is_on_axes_stays_there() -> None:
    axes = Figure().add_subplot()
    patch = axes.add_patch(Rectangle((0, 0), 1, 1))
    assert "_facecolor" in read_by_draw(patch)
    assert type(patch) is Rectangle
    assert axes.patches[0] is patch


def test_what_is_followed_and_what_is_not_known() -> None:
    class Mine(Line2D):
        pass

    assert "followed" in report(Line2D([0, 1], [0, 1]))
    assert "Mine is not in known.py: it is drawn anew in every frame." in report(Mine([0, 1], [0, 1]))


def test_what_a_known_artist_holds_may_be_unknown() -> None:
    class Mine(Path):
        pass

    path = Path([(0, 0), (1, 1), (0, 1)])
    assert "anew" not in report(PathPatch(path))
    assert re.search(r"anew in every frame because of Path\((.|\n)*Mine\)\.$", report(PathPatch(Mine(path.vertices))))


def test_an_artist_on_axes_that_are_drawn_as_a_whole() -> None:
    class Mine(Axes):
        pass

    axes = Figure().add_subplot(axes_class=Mine)
    last = report(axes.add_artist(Line2D([0, 1], [0, 1]))).splitlines()[-1]
    assert last.startswith("It is drawn anew in every frame because of ")
    assert last.endswith("Mine).")


def test_the_script() -> None:
    command = [sys.executable, "-m", "tests.reads", "patches.Wedge((0.5, 0.5), 0.3, 0, 90)"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert any(line.split() == ["_facecolor", "followed"] for line in lines)
