"""Animations for the pages, quick to draw. Worker processes import this file."""

import time
from typing import Annotated

import numpy as np
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server import Catalog, Color, ParameterError

catalog = Catalog(title="Weather", description="What the sky does.\n\nEvery hour.")


@catalog.animation(group="Sky", tags=["blue", "daily"])
def sky(
    values: Annotated[list[float], Field(min_length=1, max_length=6)] = [3, 2, 1],  # noqa: B006
    count: Annotated[int, Field(ge=1, le=20)] = 3,
    share: Annotated[float | None, Field(ge=0, le=1)] = None,
    color: Color | None = "red",
    title: str = "",
    url: int = 0,
    seconds: Annotated[float, Field(ge=0, le=60)] = 0.0,
) -> Scene:
    """Clouds that pass."""
    if title == "refuse":
        raise ParameterError("values", "must sink")
    if title == "fail":
        raise ZeroDivisionError("in the sky")
    figure = Figure(figsize=(1.6, 1.2), dpi=50)

    def update(index: int) -> None:
        time.sleep(seconds)
        figure.suptitle(f"{title} {index}")
        figure.patch.set_facecolor(color or (0, 0, 0, 0.2 * (index % 4)))

    return Scene(figure, update, frames=max(2, len(values)), interval=100)


@catalog.animation(group="Ground")
def grass(length: float = 1.0) -> list[np.ndarray]:
    """Blades that grow."""
    return [np.full((30, 40, 3), value, np.uint8) for value in (0, 80, 160)]


@catalog.animation
def stone(weight: float) -> list[np.ndarray]:
    """Nothing moves."""
    return [np.full((30, 40, 3), 90, np.uint8)] * 2


@catalog.animation(tags=["everything_that_lies_at_the_beach_and_has_done_so_for_long"])
def stones_of_all_sizes_that_have_been_lying_at_the_beach_for_long(weight_of_all_the_stones_in_pounds: float) -> object:
    """A name for which a phone has no room."""
    return stone(weight_of_all_the_stones_in_pounds)
