"""Many kinds of animation against ``Animation.save``, of which none may be slower: ``python -m benchmarks.floor``.

Both draw the same frames, and encode nothing. ``--format gif``, ``gif-transparent`` or ``mp4`` has both make files of
every kind of figure in the tests, and runs the updates alone as well: kinds that are drawn by less than the reference
step shall take at most half of what saving takes beyond the updates. Texts and axes of earlier rounds are known then,
as in a process that goes on.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.animation import AbstractMovieWriter, PillowWriter

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.kinds import EVERY_KIND, WORKLOADS
from benchmarks.measure import Measurement, ratio, ratio_range
from benchmarks.reference import grab
from benchmarks.report import digits, markdown_table
from benchmarks.suite import Results, Suite, run
from benchmarks.workloads import Setup
from benchmarks.writers import VideoWriter
from renderer import FormatName, render

SAVE, OURS, UPDATE = "save", "frames", "update"
FILE = "figreel"

AT_MOST = 1.05


def tables(results: Results) -> str:
    """Return a table of the times of a frame, with the ratio of ours to those of save."""
    header = ["kind", "save", "figreel", "part of it", "range"]
    return markdown_table(
        header, [[workload.title, *_cells(found[SAVE], found[OURS])] for workload, found in results.items()]
    )


def _cells(save: Measurement, ours: Measurement) -> list[str]:
    return [
        digits(save.milliseconds),
        digits(ours.milliseconds),
        digits(ratio(ours, save)),
        " to ".join(map(digits, ratio_range(ours, save))),
    ]


def tables_of_files(results: Results) -> str:
    """Return a table of the times of a frame, with their ratio, and that of what they take beyond the updates."""
    header = ["kind", "save", "update", "figreel", "part of it", "range", "beyond the update"]
    rows = []
    for workload, found in results.items():
        save, ours, update = (found[label].milliseconds for label in (SAVE, FILE, UPDATE))
        *times, part, span = _cells(found[SAVE], found[FILE])
        beyond = (ours - update) / (save - update)
        rows.append([workload.name, times[0], digits(update), times[1], part, span, digits(beyond)])
    return markdown_table(header, rows)


def _saved(suffix: str, writer: Callable[..., AbstractMovieWriter], look: Mapping[str, Any], setup: Setup) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"saved{suffix}"
        setup.animation().save(path, writer=writer(fps=setup.fps), dpi=setup.dpi, savefig_kwargs=dict(look))
        return path.read_bytes()


def _rendered(name: FormatName, look: Mapping[str, Any], setup: Setup) -> bytes:
    return render(setup.animation(), name, dpi=setup.dpi, **look).data


def _files(choice: str, name: FormatName, writer: Callable[..., AbstractMovieWriter], **look: Any) -> Suite:
    return Suite(
        module=f"benchmarks.floor --format {choice}",
        description=f"Measure that no kind of animation is rendered slower to {name} than by Animation.save.",
        workloads=EVERY_KIND,
        contenders={
            SAVE: Contender(SAVE, partial(_saved, f".{name}", writer, look)),
            UPDATE: CONTENDERS[UPDATE],
            FILE: Contender(FILE, partial(_rendered, name, look)),
        },
        compare=(FILE, SAVE),
        tables=tables_of_files,
        at_most=AT_MOST,
    )


SUITE = Suite(
    module="benchmarks.floor",
    description="Measure that no kind of animation is drawn slower than by Animation.save (or --format: rendered).",
    workloads=WORKLOADS,
    contenders={SAVE: Contender(SAVE, grab), OURS: CONTENDERS[OURS]},
    compare=(OURS, SAVE),
    tables=tables,
    at_most=AT_MOST,
)

FILES: Mapping[str, Suite] = {
    "gif": _files("gif", "gif", PillowWriter),
    "gif-transparent": _files("gif-transparent", "gif", PillowWriter, transparent=True),
    "mp4": _files("mp4", "mp4", VideoWriter),
}
"""The suites that make files, by what ``--format`` calls them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite that the arguments choose; return the exit status."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--format", choices=FILES)
    options, others = parser.parse_known_args(arguments)
    return run(FILES[options.format] if options.format else SUITE, others)


if __name__ == "__main__":
    sys.exit(main())
