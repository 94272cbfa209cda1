"""A suite: workloads, contenders, and the tables that they fill. Runs from the command line."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from benchmarks.contenders import Contender, find
from benchmarks.measure import CLOCKS, Measurement, Settings, measure, ratio
from benchmarks.report import describe, provenance, replace_between_markers, write_json
from benchmarks.workloads import Workload

__all__ = ["Results", "Suite", "run"]

Results = Mapping[Workload, Mapping[str, Measurement]]
"""For each workload, the contenders' measurements by label."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Workloads, contenders, and the layout of their results.

    Attributes
    ----------
    module : str
        What stands after ``python -m``.
    description : str
        One sentence.
    workloads : mapping of str to Workload
        The animations, by name.
    contenders : mapping of str to Contender
        Who runs unless others are named, by label.
    compare : pair of str
        The two labels whose ratio counts, the dividend first.
    tables : callable
        Returns the results in Markdown.
    at_most : float, optional
        Ratio above which a workload has failed.
    marker : str
        Name of the markers in the README between which the tables stand.
    """

    module: str
    description: str
    workloads: Mapping[str, Workload]
    contenders: Mapping[str, Contender]
    compare: tuple[str, str]
    tables: Callable[[Results], str]
    at_most: float | None = None
    marker: str = "benchmark"


def run(suite: Suite, arguments: Sequence[str] | None = None) -> int:
    """Run a suite; return the exit status: 1 if an output is wrong or a ratio is too large."""
    options = _parser(suite).parse_args(arguments)
    contenders = options.contender or list(suite.contenders.values())
    settings = Settings(options.rounds, options.frames, options.clock, options.dpi)
    results = {
        workload: measure(workload, contenders, settings)
        for workload in tqdm(options.workloads, unit="workload", disable=None, leave=False)
    }
    text = f"{suite.tables(results)}\n\n{provenance(suite.module, settings)}"
    print(text)
    problems = list(_problems(suite, results))
    for problem in problems:
        print(problem, file=sys.stderr)
    if options.output:
        described = {workload.name: describe(found, suite.compare) for workload, found in results.items()}
        write_json(options.output, settings, described)
    for readme in options.readme if not problems else []:
        replace_between_markers(readme, text, suite.marker)
    return int(bool(problems))


def _problems(suite: Suite, results: Results) -> Iterator[str]:
    for workload, measurements in results.items():
        for label, measurement in measurements.items():
            if measurement.problem:
                yield f"{workload.name}: {label} is wrong: {measurement.problem}"
        if suite.at_most is not None and measurements.keys() >= set(suite.compare):
            found = ratio(*(measurements[label] for label in suite.compare))
            if found > suite.at_most:
                yield f"{workload.name}: {' / '.join(suite.compare)} is {found:.2f}, more than {suite.at_most:.2f}"


def _parser(suite: Suite) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {suite.module}", description=suite.description)

    def workload(name: str) -> Workload:
        if name not in suite.workloads:
            raise argparse.ArgumentTypeError(f"no workload {name!r}; choose from {', '.join(suite.workloads)}")
        return suite.workloads[name]

    def contender(name: str) -> Contender:
        try:
            return find(name, suite.contenders)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    add = parser.add_argument
    add(
        "--workloads",
        nargs="+",
        type=workload,
        default=list(suite.workloads.values()),
        metavar="NAME",
        help=f"which animations, of {', '.join(suite.workloads)}",
    )
    add(
        "--contender",
        action="append",
        type=contender,
        metavar="LABEL",
        help=f"who runs, can be repeated: {', '.join(suite.contenders)}, or module:attribute for one of your own",
    )
    add("--rounds", type=_positive, default=Settings().rounds, help="turns of each contender (default: %(default)s)")
    add("--frames", type=_positive, help="frames of each animation (default: its own number)")
    add("--clock", choices=CLOCKS, default="wall", help="wall time, or processor time on a busy machine")
    add("--dpi", type=float, help="resolution of the frames (default: the figures')")
    add("--output", type=Path, metavar="JSON", help="write every figure to this file")
    add(
        "--readme",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="put the tables between the benchmark markers in these files",
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {number}")
    return number
