"""A stream of any length needs little memory."""

import subprocess
import sys

import pytest

MEBIBYTE = 1024

STREAM = """
import resource
import sys

import numpy as np
from matplotlib.figure import Figure

from renderer import Scene, stream


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def scene(count):
    figure = Figure()
    axes = figure.subplots()
    x = np.linspace(0, 20, 500)
    (line,) = axes.plot(x, np.sin(x))
    return Scene(figure=figure, update=lambda index: line.set_ydata(np.sin(x + index / 10)), frames=count)


name, count = sys.argv[1], int(sys.argv[2])
next(stream([np.zeros((8, 8, 4), np.uint8)], name))  # loads the libraries
before = peak()
size = sum(map(len, stream(scene(count), name, fps=30)))
print(size, peak() - before)
"""


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", ["gif", "mp4", "webm"])
def test_ten_thousand_frames_grow_memory_by_at_most_64_mebibytes(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STREAM, name, "10000"], capture_output=True, text=True, check=True, timeout=1200
    )
    size, growth = map(int, done.stdout.split())
    assert size > 1_000_000
    assert growth <= 64 * MEBIBYTE
