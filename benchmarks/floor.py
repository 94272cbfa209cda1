"""Many kinds of animation against plain drawing: ``python -m benchmarks.floor``.

A plain draw is one full draw a frame, on an Agg canvas that keeps its renderer. No kind may be slower than that.
"""

import sys

from benchmarks.contenders import CONTENDERS
from benchmarks.kinds import WORKLOADS
from benchmarks.measure import Measurement, ratio, ratio_range
from benchmarks.report import digits, markdown_table
from benchmarks.suite import Results, Suite, run

PLAIN, OURS = "plain draw", "frames"


def tables(results: Results) -> str:
    """Return a table of the times of a frame, with the ratio of ours to a plain draw."""
    header = ["kind", "plain draw", "figreel", "part of it", "range"]
    return markdown_table(
        header, [[workload.title, *_cells(found[PLAIN], found[OURS])] for workload, found in results.items()]
    )


def _cells(plain: Measurement, ours: Measurement) -> list[str]:
    return [
        digits(plain.milliseconds),
        digits(ours.milliseconds),
        digits(ratio(ours, plain)),
        " to ".join(map(digits, ratio_range(ours, plain))),
    ]


SUITE = Suite(
    module="benchmarks.floor",
    description="Measure that no kind of animation is drawn slower than by one plain draw a frame.",
    workloads=WORKLOADS,
    contenders={label: CONTENDERS[label] for label in (PLAIN, OURS)},
    compare=(OURS, PLAIN),
    tables=tables,
    at_most=1.05,
)

if __name__ == "__main__":
    sys.exit(run(SUITE))
