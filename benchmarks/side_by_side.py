"""A clip of ``ani.save`` and figreel at work, at their measured speed: ``python -m benchmarks.side_by_side PATH``."""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.animation import PillowWriter
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmarks.workloads import WORKLOADS, Workload
from renderer import Scene, frames, render

ROUNDS = 3
FRAMES = 120
FPS = 20
REST = 2.5
"""Seconds that the clip goes on after both have ended."""

_DPI = 60
_INK, _QUIET, _DONE = "#1b2733", "#8a97a5", "#0b7a4b"


@dataclass(frozen=True, slots=True)
class Run:
    """One way from an animation to the bytes of a GIF.

    Attributes
    ----------
    finished : ndarray of float
        Seconds after which each frame had been drawn.
    seconds : float
        How long all took.
    size : int
        Bytes of the file.
    """

    finished: NDArray[np.float64]
    seconds: float
    size: int

    def drawn(self, seconds: float) -> int:
        """Return how many frames had been drawn after so many seconds."""
        return int(np.searchsorted(self.finished, seconds, side="right"))


Way = Callable[[Workload, Callable[[int, int | None], object]], bytes]


def _tempfile(workload: Workload, progress: Callable[[int, int | None], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "animation.gif"
        writer = PillowWriter(fps=workload.fps)
        workload.animation(FRAMES).save(path, writer=writer, dpi=_DPI, progress_callback=progress)
        return path.read_bytes()


def _figreel(workload: Workload, progress: Callable[[int, int | None], object]) -> bytes:
    return render(workload.animation(FRAMES), "gif", fps=workload.fps, dpi=_DPI, progress=progress).data


def measure(workload: Workload) -> tuple[Run, Run]:
    """Return the median run of each way, after one that is not counted, in turn."""
    runs: tuple[list[Run], list[Run]] = ([], [])
    for turn in range(ROUNDS + 1):
        for way, kept in zip((_tempfile, _figreel), runs, strict=True):
            run = _measured(way, workload)
            if turn:
                kept.append(run)
    first, second = (sorted(kept, key=lambda run: run.seconds)[ROUNDS // 2] for kept in runs)
    return first, second


def _measured(way: Way, workload: Workload) -> Run:
    finished: list[float] = []
    started = time.perf_counter()
    data = way(workload, lambda *_: finished.append(time.perf_counter() - started))
    return Run(np.array(finished), time.perf_counter() - started, len(data))


def scene(workload: Workload, runs: tuple[Run, Run]) -> Scene:
    """Return the clip: two panels that show the frames as they are drawn; one that has ended plays its file."""
    pictures = [frame.pixels for frame in frames(workload.animation(FRAMES), dpi=_DPI)]
    figure = Figure(figsize=(8.2, 4.2), dpi=100, facecolor="white")
    panels = []
    for place, (name, run) in enumerate(zip(("ani.save to a temporary file", "figreel, in memory"), runs, strict=True)):
        axes = figure.add_axes((0.02 + 0.49 * place, 0.2, 0.47, 0.67))
        axes.set_axis_off()
        axes.set_title(name, color=_INK, fontsize=13, fontfamily="monospace" if place == 0 else None)
        picture = axes.imshow(np.full_like(pictures[0], 255))
        middle = 0.255 + 0.49 * place
        clock = figure.text(middle, 0.1, "", ha="center", fontsize=20, fontweight="bold", color=_INK)
        note = figure.text(middle, 0.035, "", ha="center", fontsize=11, color=_QUIET)
        panels.append((run, picture, clock, note))

    def update(tick: int) -> None:
        seconds = tick / FPS
        for run, picture, clock, note in panels:
            ended = seconds >= run.seconds
            drawn = run.drawn(seconds)
            if ended:
                picture.set_data(pictures[round((seconds - run.seconds) * workload.fps) % FRAMES])
            elif drawn:
                picture.set_data(pictures[drawn - 1])
            clock.set(text=f"{min(seconds, run.seconds):.2f} s", color=_DONE if ended else _INK)
            note.set_text(f"{run.size / 1024:,.0f} KiB, playing" if ended else f"frame {drawn} of {FRAMES}")

    ticks = round((max(run.seconds for run in runs) + REST) * FPS)
    return Scene(figure, update, ticks, interval=1000 / FPS)


def main() -> None:
    """Measure, and write the clip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--workload", default="line", choices=WORKLOADS)
    arguments = parser.parse_args()
    workload = WORKLOADS[arguments.workload]
    runs = measure(workload)
    clip = render(scene(workload, runs), "gif")
    clip.save(arguments.path)
    theirs, ours = (run.seconds for run in runs)
    print(f"ani.save {theirs:.2f} s, figreel {ours:.2f} s: {theirs / ours:.1f} times faster")
    print(clip)


if __name__ == "__main__":
    main()
