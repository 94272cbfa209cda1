"""The kinds of animation that the floor is measured on, at the size of a usual figure."""

from functools import partial

from matplotlib.figure import Figure

from benchmarks.workloads import Update, Workload, agg_figure
from tests.figures.kinds import KINDS, tagged

__all__ = ["WORKLOADS"]


def _build(name: str) -> tuple[Figure, Update]:
    figure = agg_figure(*KINDS[name].size)
    return figure, KINDS[name].fill(figure)


WORKLOADS = {
    name: Workload(name, kind.title, partial(_build, name), frames=30) for name, kind in tagged("floor").items()
}
"""Each kind with the tag ``floor``, by its name."""
