"""Changes to axis objects and single ticks."""

from collections.abc import Callable
from typing import Any

from matplotlib import patheffects, ticker
from matplotlib.figure import Figure

from tests.figures.random.registry import Random, change, pick


def _axis_objects(figure: Figure) -> list[Any]:
    return [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]


@change(_axis_objects, weight=2)
def ticks(axis: Any, random: Random) -> None:
    actions: list[Callable[[], object]] = [
        lambda: axis.set_ticks([0, 0.5]),
        lambda: axis.set_ticks([0, 0.5], labels=["a", "b"]),
        lambda: axis.set_ticks([0.2, 0.7], minor=True),
        lambda: axis.set_major_locator(ticker.MaxNLocator(3)),
        lambda: axis.set_major_formatter("{x:.2f}"),
        lambda: axis.set_major_formatter(lambda x, pos: f"<{x:.1f}>"),
        lambda: axis.set_tick_params(color="r", labelsize=12, length=6),
        lambda: axis.set_tick_params(rotation=45, direction="in"),
        lambda: axis.set_label_text(pick(random, ["", "label", "two\nlines"])),
        lambda: axis.set_label_coords(0.5, 0.5),
        lambda: axis.set_visible(pick(random, [True, False])),
        lambda: axis.grid(pick(random, [True, False]), color=pick(random, ["r", "g"])),
        lambda: axis.get_offset_text().set_color("r"),
        lambda: setattr(axis, "labelpad", 10),
    ]
    if isinstance(axis.get_major_locator(), ticker.MaxNLocator):
        actions.append(lambda: axis.get_major_locator().set_params(nbins=2))
    if isinstance(axis.get_major_formatter(), ticker.ScalarFormatter):
        actions.append(lambda: axis.get_major_formatter().set_powerlimits((0, 0)))
    if axis.get_major_ticks():
        actions += [
            lambda: axis.get_ticklabels()[0].set_color("r"),
            lambda: axis.get_ticklines()[0].set_markersize(9),
            lambda: axis.get_gridlines()[0].set(color="r", visible=True),
        ]
    if axis.axes.name != "3d":
        sides = ["top", "bottom"] if axis.axis_name == "x" else ["left", "right"]
        actions += [
            lambda: axis.set_label_position(pick(random, sides)),
            lambda: axis.set_ticks_position(pick(random, [sides[0], "both", "default"])),
        ]
    pick(random, actions)()


def _ticks(figure: Figure) -> list[Any]:
    return [tick for axis in _axis_objects(figure) for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())]


@change(_ticks)
def single_tick(tick: Any, random: Random) -> None:
    line = pick(random, [tick.tick1line, tick.tick2line, tick.gridline])
    label = pick(random, [tick.label1, tick.label2])
    actions: list[Callable[[], object]] = [
        lambda: pick(random, [line, label]).set_visible(pick(random, [True, False])),
        lambda: pick(random, [line, label, tick]).set_visible(pick(random, [True, False])),
        lambda: (line.set(visible=True, color="r"), label.set(visible=True, color="b")),
        lambda: label.get_fontproperties().set_size(14),
        lambda: label.set(text="text", rotation=30),
        lambda: line.set(marker="o", markersize=7, alpha=0.5),
        lambda: line.get_xydata().__iadd__(0.01),
        lambda: tick.set_pad(9),
        lambda: tick.set_rasterized(True),
        lambda: label.set_path_effects([patheffects.withStroke(linewidth=3, foreground="y")]),
    ]
    pick(random, actions)()
