"""Axes of all kinds."""

import datetime as dt
from typing import Any

from matplotlib.figure import Figure

from tests.figures.random.registry import AXES, Random, axes_maker, pick

AXES |= {
    "plain": lambda figure, place, random: figure.add_subplot(*place),
    "log": lambda figure, place, random: figure.add_subplot(
        *place, xscale="log", yscale="log", xlim=(0.1, 10), ylim=(0.1, 10)
    ),
    "symlog": lambda figure, place, random: figure.add_subplot(*place, yscale="symlog"),
    "equal": lambda figure, place, random: figure.add_subplot(
        *place, aspect="equal", adjustable=pick(random, ["box", "datalim"])
    ),
    "secondary": lambda figure, place, random: figure.add_subplot(*place, title="secondary").secondary_xaxis("top"),
    "top_ticks": lambda figure, place, random: figure.add_subplot(*place, title="top").xaxis.tick_top(),
    "polar": lambda figure, place, random: figure.add_subplot(*place, projection="polar"),
    "three_dimensional": lambda figure, place, random: figure.add_subplot(*place, projection="3d").plot(
        [0, 1], [0, 1], [0, 1]
    ),
    "categories": lambda figure, place, random: figure.add_subplot(*place).bar(["a", "b", "c"], random.random(3)),
    "free": lambda figure, place, random: figure.add_axes((*random.random(2) / 2, 0.4, 0.4), zorder=random.integers(3)),
}


@axes_maker
def decorated(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    axes = figure.add_subplot(*place, title="title", xlabel="x", ylabel="y")
    axes.grid(visible=True)
    axes.set_title("left", loc="left")


@axes_maker
def spatial_with_options(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    options: dict[str, Any] = {
        "computed_zorder": pick(random, [True, True, False]),
        "proj_type": pick(random, ["ortho", "persp"]),
        "shareview": next((axes for axes in figure.axes if axes.name == "3d"), None),
    }
    figure.add_subplot(*place, projection="3d", title=pick(random, ["", "title"]), zlabel="z", **options)


@axes_maker
def twin(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    axes = figure.add_subplot(*place, title="twins")
    pick(random, [axes.twinx, axes.twiny])()


@axes_maker
def shared(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    # Axes that share limits across subfigures take two draws to settle, so that even matplotlib's frames differ.
    first = next((axes for axes in figure.axes if axes.figure is figure), None)
    figure.add_subplot(*place, sharex=first, sharey=pick(random, [first, None]))


@axes_maker
def inset(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    axes = figure.add_subplot(*place, title=pick(random, ["", "inset"]))
    inner = axes.inset_axes((0.4, 0.4, 0.5, 0.5))
    inner.plot([0, 1], [0, 1])
    axes.indicate_inset_zoom(inner)


@axes_maker
def polar_wedge(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    axes = figure.add_subplot(*place, projection="polar", title="wedge")
    axes.set(thetamin=10, thetamax=pick(random, [90, 200]), rorigin=pick(random, [None, -1]))


@axes_maker
def world_map(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    name = pick(random, ["aitoff", "hammer", "lambert", "mollweide"])
    figure.add_subplot(*place, projection=name).grid(visible=pick(random, [True, False]))


@axes_maker
def dates(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    days: Any = [dt.date(2026, 1, day) for day in range(1, 9)]
    figure.add_subplot(*place).plot(days, range(8))


@axes_maker
def subfigure(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    part = figure.add_subfigure(figure.add_gridspec(*place[:2])[0, place[2] - 1])
    part.suptitle("part")
    part.add_subplot()


@axes_maker
def aligned(figure: Figure, place: tuple[int, int, int], random: Random) -> None:
    figure.add_subplot(*place, ylabel="y")
    figure.align_ylabels()
