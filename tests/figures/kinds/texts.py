"""Texts, annotations, tables, and other artists of a whole figure."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tests.figures.kinds.registry import Update, X, kind, kind_on_axes


@kind("floor")
def clock(figure: Figure) -> Update:
    """text alone: a clock"""
    text = figure.text(0.5, 0.5, "", size=40, ha="center")
    return lambda frame: text.set_text(f"12:34:{frame:02}")


@kind_on_axes("floor")
def formula(axes: Axes) -> Update:
    """formula: mathtext changes"""
    text = axes.text(0.5, 0.5, "", size=20, ha="center")
    return lambda frame: text.set_text(rf"$\sum_{{k=0}}^{{{frame}}} \frac{{x^k}}{{k!}}$")


@kind_on_axes("floor")
def annotations(axes: Axes) -> Update:
    """annotation: an arrow follows a point"""
    axes.plot(X, np.sin(X))
    note = axes.annotate("here", (1, 0), (3, 0.5), arrowprops={"arrowstyle": "->"}, bbox={"boxstyle": "round"})
    label = axes.text(0.1, 0.1, "0", transform=axes.transAxes, rotation=20)

    def update(frame: int) -> None:
        note.xy = (frame % 7, np.sin(frame))
        note.set_text(f"here: {frame}")
        label.set_text(f"$x_{frame % 10}$")

    return update


@kind_on_axes(xlim=(0, 1), ylim=(0, 1))
def annotation_on_another_artist(axes: Axes) -> Update:
    box = axes.text(0.2, 0.2, "box")
    axes.annotate("follower", (1, 1), (10, 10), xycoords=box, textcoords="offset points")
    return lambda frame: box.set(x=0.1 * frame, text="box" * (frame + 1))


@kind_on_axes("floor")
def table(axes: Axes) -> Update:
    """table: cells count"""
    axes.set_axis_off()
    cells: Any = axes.table([["0"] * 5 for _ in range(8)], colLabels=list("abcde"), loc="center")

    def update(frame: int) -> None:
        for row in range(1, 9):
            cells[row, row % 5].get_text().set_text(str(row * frame))
        cells[1, 1].set_facecolor(f"C{frame}")

    return update


@kind()
def figure_artists(figure: Figure) -> Update:
    figure.add_subplot().plot(X, X)
    label = figure.text(0.1, 0.9, "0")
    stroke = Line2D([0, 1], [0, 1], lw=3, color="r")
    figure.add_artist(stroke)
    figure.legend([stroke], ["line"], loc="lower right")

    def update(frame: int) -> None:
        label.set(text=str(frame), x=frame / 10)
        stroke.set_ydata([0, 1 - frame / 10])

    return update


@kind()
def faces(figure: Figure) -> Update:
    axes = figure.add_subplot()

    def update(frame: int) -> None:
        figure.set_facecolor(f"C{frame}")
        axes.set_facecolor(str(1 - frame / 20))
        axes.spines["top"].set_visible(bool(frame % 2))
        axes.tick_params(color=f"C{frame}", length=3 + frame)

    return update
