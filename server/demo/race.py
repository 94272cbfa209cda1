"""A bar chart race."""

from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server.demo.types import Seed

FRUITS = {
    "Plums": "#4e79a7", "Oranges": "#f28e2b", "Cherries": "#e15759", "Limes": "#76b7b2", "Apples": "#59a14f",
    "Lemons": "#edc948", "Grapes": "#b07aa1", "Peaches": "#ff9da7", "Dates": "#9c755f", "Figs": "#a39a94",
}  # fmt: skip
STEPS = 6  # frames from one year to the next


def race(
    bars: Annotated[int, Field(ge=2, le=len(FRUITS))] = 10,
    years: Annotated[int, Field(ge=2, le=30)] = 10,
    first_year: Annotated[int, Field(ge=1, le=9000)] = 2015,
    seed: Seed = 12,
) -> Scene:
    """Bar chart race: the harvests of ten fruits, which overtake one another."""
    random = np.random.default_rng(seed)
    harvests = random.uniform(20, 50, bars) * np.cumprod(random.lognormal(0.1, 0.2, (years, bars)), axis=0)
    ranks = harvests.argsort(axis=1).argsort(axis=1)
    figure = Figure()
    axes = figure.add_axes((0.14, 0.03, 0.83, 0.87), xlim=(0, 1.12 * harvests.max()), ylim=(-0.6, bars - 0.4))
    axes.set_axis_off()
    axes.set_title("Harvest in tons", loc="left", color="0.3")
    year = axes.text(
        0.99, 0.04, "", transform=axes.transAxes, size=40, weight="bold", color="0.82", ha="right", zorder=0
    )
    names = list(FRUITS)[:bars]
    rows = axes.barh(names, harvests[0], color=[FRUITS[name] for name in names])
    labels = [axes.text(0, 0, f"{name:>14} ", ha="right", va="center") for name in names]  # blanks widen the box
    for layer, (row, label) in enumerate(zip(rows, labels, strict=True), 1):
        row.set_zorder(layer)  # of two bars that pass each other, one hides the other, and so do their names
        label.set(zorder=layer, bbox={"color": "white", "pad": 0, "linewidth": 0})
    amounts = [axes.text(0, 0, "", ha="left", va="center", color="0.3", zorder=row.get_zorder()) for row in rows]

    def update(index: int) -> None:
        now, part = divmod(index / STEPS, 1)
        now = min(int(now), years - 1)
        after = min(now + 1, years - 1)
        slide = part**2 * (3 - 2 * part)  # slow at both ends: a bar passes another one in the middle of a year
        year.set_text(str(first_year + now))
        for number, row in enumerate(rows):
            harvest = (1 - part) * harvests[now, number] + part * harvests[after, number]
            rank = (1 - slide) * ranks[now, number] + slide * ranks[after, number]
            row.set(width=harvest, y=rank - row.get_height() / 2)
            labels[number].set_y(rank)
            amounts[number].set(position=(harvest, rank), text=f" {harvest:.0f}")

    return Scene(figure, update, frames=STEPS * years, interval=80)
