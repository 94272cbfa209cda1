"""A bar for each year."""

from typing import Annotated

from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from pydantic import Field

from server.catalog.types import Color
from server.demo.types import Amount


def bars(
    values: Annotated[list[Amount | None], Field(min_length=1, max_length=60)] = [20, 15, 14, 13, 12, 11, 10],  # noqa: B006
    first_year: Annotated[int, Field(ge=1, le=9999)] = 2014,
    reference: Amount = 60,
    color: Color = "c",
) -> FuncAnimation:
    """Bar that changes from year to year, over a reference bar.

    A year without a value leaves a gap. The reference is that of the year before the first.
    """
    figure = Figure()
    axes = figure.subplots()
    axes.get_yaxis().set_visible(False)
    axes.spines[["top", "bottom", "left", "right"]].set_visible(False)

    def label(year: int, value: float, at: tuple[float, float], offset: float, ink: str) -> None:
        text = rf"$\bf{year}$ ({value:g})"
        axes.annotate(text, at, (0, offset), textcoords="offset points", size=8, color=ink, ha="center", va="bottom")

    def update(index: int) -> None:
        axes.clear()
        axes.set_ylim(16, 24)
        axes.barh(20, reference, 4)
        axes.plot(reference, 18, marker=6, markersize=18, clip_on=False)
        label(first_year - 1, reference, (reference, 18), -25, "black")
        value = values[index]
        if value is not None:
            axes.barh(20, value, 4, color=color)
            axes.plot(value, 22, color=color, marker=7, markersize=18, clip_on=False)
            label(first_year + index, value, (value, 22), 15, color)

    return FuncAnimation(figure, update, frames=len(values), interval=1000)
