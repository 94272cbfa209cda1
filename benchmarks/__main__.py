"""The eight workloads against saving through a temporary file: ``python -m benchmarks``."""

import sys
from collections.abc import Callable, Mapping
from statistics import geometric_mean

from benchmarks.contenders import CONTENDERS
from benchmarks.measure import Measurement, ratio, ratio_range
from benchmarks.report import digits, fidelity, markdown_table
from benchmarks.suite import Results, Suite, run
from benchmarks.workloads import WORKLOADS

Found = Mapping[str, Measurement]
Columns = Mapping[str, Callable[[Found], str]]
"""The text of a cell, by the column's heading; KeyError where a contender did not run."""


def _milliseconds(label: str) -> Callable[[Found], str]:
    return lambda found: digits(found[label].milliseconds)


def _faster(found: Found) -> str:
    pair = found["tempfile"], found["figreel"]
    return f"**{digits(ratio(*pair))}** ({' to '.join(map(digits, ratio_range(*pair)))})"


def _bound(found: Found) -> str:
    return digits(ratio(found["tempfile"], found["update"]))


def _draw(found: Found) -> str:
    return digits(found["frames"].milliseconds - found["update"].milliseconds)


def _kibibytes(label: str) -> Callable[[Found], str]:
    return lambda found: digits((found[label].size or 0) / 1024)


def _quality(label: str) -> Callable[[Found], str]:
    return lambda found: fidelity(found[label].quality)


_TIMES: Columns = {
    "tempfile": _milliseconds("tempfile"),
    "figreel": _milliseconds("figreel"),
    "times faster": _faster,
    "at most": _bound,
    "update": _milliseconds("update"),
    "draw": _draw,
    "encode": _milliseconds("encode"),
    "plain draw": _milliseconds("plain draw"),
}
_FILES: Columns = {
    "tempfile, KiB": _kibibytes("tempfile"),
    "figreel, KiB": _kibibytes("figreel"),
    "tempfile, PSNR and largest error": _quality("tempfile"),
    "figreel, PSNR and largest error": _quality("figreel"),
}


_LEGEND = (
    "Milliseconds a frame. *at most* is what would be reached if nothing but the animation's own *update* took time; "
    "*update*, *draw* and *encode* are the parts of figreel's time, each measured alone; *plain draw* is the update "
    "and one ordinary draw, with nothing encoded."
)


def _cell(text: Callable[[Found], str], found: Found) -> str:
    try:
        return text(found)
    except KeyError:
        return ""


def _table(columns: Columns, results: Results) -> str:
    rows = [[workload.title, *(_cell(text, found) for text in columns.values())] for workload, found in results.items()]
    return markdown_table(["workload", *columns], rows)


def _others(results: Results) -> Columns:
    """Return a column for each contender that is not ours."""
    labels = {label: None for found in results.values() for label in found if label not in CONTENDERS}
    return {label: _milliseconds(label) for label in labels}


def tables(results: Results) -> str:
    """Show the times, their mean ratio, and the files."""
    times = _table({**_TIMES, **_others(results)}, results)
    if not all(found.keys() >= {"tempfile", "figreel"} for found in results.values()):
        return times
    mean = geometric_mean(ratio(found["tempfile"], found["figreel"]) for found in results.values())
    return f"{times}\n\nGeometric mean: **{digits(mean)}** times faster. {_LEGEND}\n\n{_table(_FILES, results)}"


SUITE = Suite(
    module="benchmarks",
    description="Measure figreel side by side with Animation.save into a temporary file.",
    workloads=WORKLOADS,
    contenders=CONTENDERS,
    compare=("tempfile", "figreel"),
    tables=tables,
)


if __name__ == "__main__":
    sys.exit(run(SUITE))
