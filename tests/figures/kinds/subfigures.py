"""Subfigures: next to each other, nested, and linked across."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from tests.figures.kinds.registry import Update, X, kind, noise


@kind()
def subfigures(figure: Figure) -> Update:
    parts: Any = figure.subfigures(1, 2)
    left, right = parts
    left.suptitle("left")
    (one,), (two,) = left.add_subplot().plot(X, X), right.add_subplot().plot(X, X)
    right.set_facecolor("0.9")

    def update(frame: int) -> None:
        one.set_ydata(X * frame)
        two.set_ydata(-X * frame)
        if frame > 2:
            left.suptitle(f"frame {frame}")

    return update


@kind("floor")
def line_in_a_subfigure(figure: Figure) -> Update:
    """two subfigures: `set_ydata` in one"""
    parts: Any = figure.subfigures(1, 2)
    left, right = parts
    left.suptitle("left")
    (curve,) = left.add_subplot(title="A line", ylim=(-1.1, 1.1)).plot(X, np.sin(X), label="sine")
    right.add_subplot(xlabel="x").plot(X, np.cos(X), label="cosine")
    figure.legend(loc="lower right")
    return lambda frame: curve.set_ydata(np.sin(X + frame / 5))


@kind()
def nested_subfigures(figure: Figure) -> Update:
    parts: Any = figure.subfigures(1, 2, width_ratios=(2, 1))
    left, right = parts
    upper, lower = left.subfigures(2, 1)
    shown = upper.add_subplot().imshow(noise(0, 5, 5), aspect="auto")
    upper.colorbar(shown)
    (curve,) = lower.add_subplot(title="lower", projection="polar").plot(X, X, label="spiral")
    lower.legend(loc="lower left")
    label = lower.text(0.8, 0.1, "0")
    right.add_artist(Line2D([0.1, 0.9], [0.1, 0.9], color="r"))
    right.add_subplot().plot(X, X)

    def update(frame: int) -> None:
        curve.set_ydata(X * (1 + frame % 3))
        label.set_text(f"{frame}")
        if frame == 3:
            shown.set_data(noise(1, 5, 5))

    return update


@kind()
def subfigures_that_change(figure: Figure) -> Update:
    parts: Any = figure.subfigures(1, 2)
    left, right = parts
    (curve,) = left.add_subplot(xlabel="x").plot(X, X)
    right.add_subplot(title="right").plot(X, -X)
    inner = right.add_subfigure(right.add_gridspec(2, 2)[0, 1], facecolor="0.8")
    inner.text(0.5, 0.5, "inner")

    def update(frame: int) -> None:
        curve.set_ydata(X + frame % 2)
        if frame == 2:
            right._redo_transform_rel_fig(Bbox([[0.4, 0.1], [0.9, 0.8]]))
        if frame == 3:
            left.set(facecolor="y", edgecolor="r")
            left.patch.set_linewidth(4)
        if frame == 4:
            inner.set_visible(False)
        if frame == 5:
            inner.set_visible(True)
            inner.suptitle("back")
            left.set_zorder(7)

    return update


@kind()
def axes_shared_across_subfigures(figure: Figure) -> Update:
    parts: Any = figure.subfigures(2, 1)
    upper, lower = parts
    first = upper.add_subplot(title="first")
    second = lower.add_subplot(sharex=first)
    (one,), (two,) = first.plot(X, X), second.plot(X, X**2)

    def update(frame: int) -> None:
        one.set_ydata(X * (frame + 1))
        two.set_ydata(X**2 - frame)
        if frame in (3, 5):
            second.set_xlim(0, frame)

    return update


@kind()
def labels_aligned_across_subfigures(figure: Figure) -> Update:
    """the label of the upper axes stands clear of the ticks of those below"""
    upper = figure.add_subplot(2, 1, 1, ylabel="upper")
    upper.set_position((0.3, 0.6, 0.6, 0.3))
    part = figure.add_subfigure(figure.add_gridspec(2, 1)[1])
    lower = part.add_subplot(ylabel="lower", aspect="equal", ylim=(0, 1))
    (curve,) = upper.plot(X, X)
    figure.align_ylabels([upper, lower])

    def update(frame: int) -> None:
        curve.set_ydata(X + frame % 3)
        if frame == 2:
            lower.set_ylim(0, 1e6)
        if frame == 5:
            lower.set_aspect(1e-6)

    return update
