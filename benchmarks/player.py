"""HTML players, by figreel and by ``Animation.to_jshtml``: ``python -m benchmarks.player``.

Processor time of drawing and encoding together, and the size of the text.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

import matplotlib as mpl

from benchmarks.contenders import Contender
from benchmarks.measure import Measurement, ratio, ratio_range
from benchmarks.reference import Pixels, Quality, check_identical
from benchmarks.report import digits, markdown_table
from benchmarks.suite import Results, Suite, run
from benchmarks.workloads import WORKLOADS, Setup, Workload
from renderer import render
from tests.player import Page

FRAMES = 60
THEIRS, OURS = "to_jshtml", "figreel"


def _jshtml(setup: Setup) -> bytes:
    with mpl.rc_context({"animation.embed_limit": 1000}):
        return setup.animation().to_jshtml().encode()


def _render(setup: Setup) -> bytes:
    return render(setup.animation(), "html", dpi=setup.dpi).data


def _check(data: bytes, setup: Setup, reference: Sequence[Pixels]) -> Quality:
    return check_identical([frame.pixels for frame in Page(data).frames()], reference)


CONTENDERS: Mapping[str, Contender] = {
    THEIRS: Contender(THEIRS, _jshtml),
    OURS: Contender(OURS, _render, check=_check),
}

ANIMATIONS: Mapping[str, Workload] = {
    name: replace(WORKLOADS[name], frames=FRAMES) for name in ("line", "dashboard", "image", "bars", "race")
}


def tables(results: Results) -> str:
    """Show size and time of both on all animations."""
    header = ["", "to_jshtml, KiB", "figreel, KiB", "of its size", "to_jshtml, ms", "figreel, ms", "times faster"]
    rows = [[workload.title, *_cells(found[THEIRS], found[OURS])] for workload, found in results.items()]
    return f"{markdown_table(header, rows)}\n\nMilliseconds a frame, drawing included; {FRAMES} frames."


def _cells(theirs: Measurement, ours: Measurement) -> list[str]:
    sizes = [(found.size or 0) / 1024 for found in (theirs, ours)]
    times = [found.milliseconds for found in (theirs, ours)]
    faster = f"**{digits(ratio(theirs, ours))}** ({' to '.join(map(digits, ratio_range(theirs, ours)))})"
    return [*map(digits, sizes), f"**{digits(sizes[1] / sizes[0])}**", *map(digits, times), faster]


SUITE = Suite(
    module="benchmarks.player",
    description="Measure how fast and how small a player is written, by figreel and by matplotlib.",
    workloads=ANIMATIONS,
    contenders=CONTENDERS,
    compare=(THEIRS, OURS),
    tables=tables,
    marker="player",
)


if __name__ == "__main__":
    sys.exit(run(SUITE))
