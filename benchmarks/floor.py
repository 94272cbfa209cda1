"""Drawing many kinds of animation, against ``Animation.save``: ``python -m benchmarks.floor``.

Both draw the same frames, and encode nothing. No kind may be slower than save.
"""

import sys

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.kinds import WORKLOADS
from benchmarks.measure import Measurement, ratio, ratio_range
from benchmarks.reference import grab
from benchmarks.report import digits, markdown_table
from benchmarks.suite import Results, Suite, run

SAVE, OURS = "save", "frames"


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


SUITE = Suite(
    module="benchmarks.floor",
    description="Measure that no kind of animation is drawn slower than by Animation.save.",
    workloads=WORKLOADS,
    contenders={SAVE: Contender(SAVE, grab), OURS: CONTENDERS[OURS]},
    compare=(OURS, SAVE),
    tables=tables,
    at_most=1.05,
)

if __name__ == "__main__":
    sys.exit(run(SUITE))
