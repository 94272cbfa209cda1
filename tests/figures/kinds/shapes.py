"""Bars, patches, collections and artists of the user's own."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import EllipseCollection, LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import (
    Arc,
    Circle,
    ConnectionPatch,
    FancyArrowPatch,
    Polygon,
    Rectangle,
    RegularPolygon,
    Wedge,
)
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from tests.figures.kinds.registry import Update, X, cleared_kind, kind, kind_on_axes, noise


@kind_on_axes("floor", ylim=(0, 1))
def bars(axes: Axes) -> Update:
    """vertical bars: `set_height`"""
    rectangles = axes.bar(list("abcdefghijklmnopqrst"), np.ones(20))

    def update(frame: int) -> None:
        for rectangle, height in zip(rectangles, noise(frame, 20), strict=True):
            rectangle.set_height(height)

    return update


@kind_on_axes(ylim=(0, 2))
def bars_with_labels(axes: Axes) -> Update:
    rectangles = axes.bar([1, 2, 3], [0.1, 0.5, 0.9], hatch="x")
    labels = axes.bar_label(rectangles)

    def update(frame: int) -> None:
        for rectangle, label, height in zip(rectangles, labels, noise(frame, 3), strict=True):
            rectangle.set_height(height)
            label.set_text(f"{height:.2f}")
            label.xy = (label.xy[0], height)

    return update


@cleared_kind()
def bar_race(axes: Axes, frame: int) -> None:
    axes.barh(list("abcd"), np.sort(noise(frame, 4)), color=["C0", "C1", "C2", "C3"])
    axes.set_xlim(0, 1)


@cleared_kind("floor")
def histogram(axes: Axes, frame: int) -> None:
    """histogram: cleared each frame"""
    axes.hist(np.random.default_rng(0).normal(size=5000)[: 100 * (frame + 1)], bins=30)
    axes.set_title(f"frame {frame}")


@kind_on_axes(ylim=(0, 1))
def stairs(axes: Axes) -> Update:
    steps = axes.stairs(noise(0, 6), fill=True)
    return lambda frame: steps.set_data(noise(frame, 6))


@cleared_kind("floor")
def boxes_and_violins(axes: Axes, frame: int) -> None:
    """boxes, violins and error bars: cleared each frame"""
    x = np.arange(20) / 9
    axes.errorbar(x, np.sin(x + frame / 10), yerr=0.2, fmt="o", capsize=3)
    axes.boxplot([noise(frame, 9), noise(frame + 1, 9)])
    axes.violinplot([noise(frame, 9)], [3])


@cleared_kind("floor")
def pie(axes: Axes, frame: int) -> None:
    """pie: cleared each frame"""
    labels = ["north", "east", "south", "west"]
    axes.pie([1 + frame / 10, 2, 3, 2], labels=labels, autopct="%.1f%%", shadow=bool(frame % 2))


@kind_on_axes(xlim=(0, 1), ylim=(0, 1), aspect="equal")
def patches(axes: Any) -> Update:
    polygon = axes.add_patch(Polygon(noise(0, 4, 2)))
    arrow = axes.add_patch(FancyArrowPatch((0, 0), (1, 1), mutation_scale=20))
    circle = axes.add_patch(Circle((0.5, 0.5), 0.1, ec="r", ls="--"))
    wedge = axes.add_patch(Wedge((0.5, 0.5), 0.4, 0, 50))
    for patch in (RegularPolygon((0.2, 0.7), 5, radius=0.2), Arc((0.7, 0.7), 0.5, 0.3, theta1=10, theta2=200)):
        axes.add_patch(patch)
    axes.arrow(0, 0, 0.5, 0.5)

    def update(frame: int) -> None:
        polygon.set_xy(noise(frame, 4, 2))
        arrow.set_positions((0, 0), tuple(noise(frame, 2)))
        circle.set(center=noise(frame, 2), radius=0.1 + frame / 20)
        wedge.set(theta1=frame * 20, radius=0.4 - frame / 20)

    return update


@kind_on_axes("floor", xlim=(0, 6), ylim=(-2, 32))
def segments(axes: Axes) -> Update:
    """LineCollection: `set_segments`"""
    strokes = LineCollection([], array=np.arange(30))
    axes.add_collection(strokes)
    return lambda frame: strokes.set_segments(
        [np.column_stack([X, row + np.sin(X + row / 5 + frame / 10)]) for row in range(30)]
    )


@kind_on_axes(xlim=(0, 1), ylim=(0, 1))
def collections(axes: Any) -> Update:
    shapes = axes.add_collection(PatchCollection([Circle((x, y), 0.1) for x, y in noise(1, 3, 2)], alpha=0.5))
    ellipses = axes.add_collection(
        EllipseCollection([0.1], [0.2], [30], units="xy", offsets=noise(2, 3, 2), offset_transform=axes.transData)
    )
    (events,) = axes.eventplot(noise(3, 5))

    def update(frame: int) -> None:
        shapes.set_paths([Rectangle((x, y), 0.2, 0.1) for x, y in noise(frame, 3, 2)])
        ellipses.set_offsets(noise(frame, 3, 2))
        events.set_positions(noise(frame, 5))

    return update


@kind()
def connection_between_axes(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    (point,) = left.plot([1], [1], "o")
    connection: Any = ConnectionPatch((1, 1), (2, 2), left.transData, right.transData)
    figure.add_artist(connection)
    right.set(xlim=(0, 3), ylim=(0, 3))

    def update(frame: int) -> None:
        right.set_xlim(0, 3 + frame)
        connection.xy1 = (1 + frame / 100, 1)
        point.set_ydata([1 + frame / 100])

    return update


class _Star(Artist):
    turn = 0.0

    def draw(self, renderer: RendererBase) -> None:
        assert self.axes is not None
        box = self.axes.bbox
        place = (
            Affine2D().rotate(self.turn).scale(box.height / 4).translate(*box.p0).translate(box.height, box.height / 2)
        )
        gc = renderer.new_gc()
        renderer.draw_path(gc, Path.unit_regular_star(5), place, (1, 0.8, 0))
        gc.restore()


@kind_on_axes("floor")
def own_artist(axes: Axes) -> Update:
    """an artist with a draw method of its own"""
    star = _Star()
    axes.add_artist(star)
    return lambda frame: setattr(star, "turn", frame / 10)
