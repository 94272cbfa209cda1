"""The kinds of animation that the floor is measured on, at the size of a usual figure."""

from collections.abc import Mapping
from functools import partial

from matplotlib.figure import Figure

from benchmarks.workloads import Update, Workload, agg_figure
from tests.figures.kinds import KINDS, Kind, tagged

__all__ = ["EVERY_KIND", "WORKLOADS"]


def _build(name: str) -> tuple[Figure, Update]:
    figure = agg_figure(*KINDS[name].size)
    return figure, KINDS[name].fill(figure)


def _workloads(kinds: Mapping[str, Kind]) -> dict[str, Workload]:
    return {name: Workload(name, kind.title, partial(_build, name), frames=30) for name, kind in kinds.items()}


WORKLOADS = _workloads(tagged("floor"))
"""Each kind with the tag ``floor``, by its name."""

EVERY_KIND = _workloads(KINDS)
"""Each kind of the tests, by its name."""
