"""3-D axes whose view stays the same in most frames."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from mpl_toolkits.mplot3d import art3d  # type: ignore[import-untyped]

from tests.figures.kinds.registry import Array, Update, X, kind, kind_on_axes, noise

GRID = np.mgrid[-1:1:8j, -1:1:8j]
SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])


Change = Callable[[], object]


def nothing() -> None:
    """Change nothing."""


def square_at(height: float) -> Array:
    """Return the corners of a level square."""
    return np.column_stack([SQUARE, np.full(4, height)])


@kind_on_axes("floor", "3d", projection="3d", title="line", xlabel="x")
def line_3d(axes: Any) -> Update:
    """3-D line beside points: `set_data_3d`"""
    axes.scatter(*noise(0, 3, 200), c=noise(0, 200))
    (curve,) = axes.plot(X, X, X)
    return lambda frame: curve.set_data_3d(X / 6, np.sin(X + frame), X / 6)


@kind_on_axes("floor", "3d", projection="3d")
def point_over_surface(axes: Any) -> Update:
    """3-D point that moves over a surface"""
    axes.plot_surface(*GRID, GRID[0] * GRID[1], cmap="viridis")
    point = axes.scatter([0.0], [0.0], [1.0])

    def update(frame: int) -> None:
        point._offsets3d = (np.cos([frame]), np.sin([frame]), np.array([1.0 - frame % 3]))

    return update


@kind_on_axes("3d", projection="3d")
def points_3d(axes: Any) -> Update:
    near, far = axes.scatter(*noise(0, 3, 20), c=noise(0, 20)), axes.scatter(*noise(1, 3, 20) + 1, s=90 * noise(2, 20))
    sized = axes.scatter(*noise(3, 3, 4), s=[9, 20, 40, 60], linewidths=[1, 2, 3, 4], edgecolors="k", depthshade=False)

    def update(frame: int) -> None:
        near._offsets3d = tuple(noise(frame, 3, 20) + 2 * (frame % 2))
        changes: dict[int, Change] = {
            1: lambda: far.set_depthshade(False),
            2: lambda: sized.set_sizes(np.array([60, 40, 20, 9])),
            3: lambda: sized.set_linewidth([4, 3, 2, 1]),
            4: lambda: near.set_array(noise(9, 20)),
            5: lambda: far.set_alpha(0.4),
            6: lambda: near.set_visible(False),
        }
        changes.get(frame, nothing)()

    return update


@kind_on_axes("3d", projection="3d")
def polygons_3d(axes: Any) -> Update:
    low, middle = (
        axes.add_collection3d(art3d.Poly3DCollection([square_at(height), square_at(height) / 2], alpha=0.7))
        for height in (0, 0.5)
    )
    upper = axes.add_collection3d(art3d.Poly3DCollection([square_at(1) / 3, square_at(1)], facecolors=["r", "b"]))

    def update(frame: int) -> None:
        low.set_verts([square_at(frame / 4), square_at(frame / 2) / 2])
        changes: dict[int, Change] = {
            1: lambda: middle.set_facecolor(["g", "y"]),
            2: lambda: middle.set_sort_zpos(3),
            3: lambda: upper.set_zsort("max"),
            4: lambda: middle.set_alpha(0.2),
            5: lambda: upper.set_edgecolor("k"),
            6: lambda: upper.remove(),
        }
        changes.get(frame, nothing)()

    return update


@kind_on_axes("3d", projection="3d")
def lines_3d(axes: Any) -> Update:
    arrows = axes.quiver(*noise(0, 3, 5), *noise(1, 3, 5), length=0.3)
    net = axes.plot_wireframe(*GRID, GRID[0] ** 2)
    axes.stem(*noise(2, 3, 4))
    axes.errorbar(*noise(3, 3, 4), zerr=0.1, xerr=0.2)

    def update(frame: int) -> None:
        arrows.set_segments(noise(frame, 6, 2, 3))
        if frame == 3:
            net.set_color("r")
        if frame == 5:
            net.set_linestyle("--")

    return update


@kind_on_axes("3d", projection="3d")
def bars_and_patches_3d(axes: Any) -> Update:
    block = axes.bar3d([0, 1], [0, 1], 0, 0.5, 0.5, [1, 2])
    flat = axes.bar([0, 1, 2], [1, 2, 1], zs=1, zdir="y")
    disc, triangle = axes.add_patch(Circle((1, 1), 0.5)), axes.add_patch(PathPatch(Path([(0, 0), (1, 0), (0, 1)])))
    for patch in (disc, triangle):
        art3d.pathpatch_2d_to_3d(patch, z=1)

    def update(frame: int) -> None:
        flat[frame % 3].set_facecolor(f"C{frame}")
        disc.set_3d_properties(Path.unit_circle(), zs=frame / 3)
        if frame == 3:
            block.set_facecolor("r")
        if frame == 5:
            triangle.set_visible(False)

    return update


@kind_on_axes("3d", projection="3d")
def contours_3d(axes: Any) -> Update:
    axes.contour(*GRID, GRID[0] * GRID[1])
    filled = axes.contourf(*GRID, GRID[0] * GRID[1], zdir="z", offset=-1)
    axes.tricontour(*noise(0, 3, 30))
    (curve,) = axes.plot(X / 6, X / 6, X / 6)

    def update(frame: int) -> None:
        curve.set_data_3d(X / 6, np.sin(X + frame), X / 6)
        if frame == 3:
            filled.set_alpha(0.3)
        if frame == 5:
            filled.remove()

    return update


@kind_on_axes("3d", projection="3d", title="texts", zlabel="z axis")
def texts_3d(axes: Any) -> Update:
    label, flat = axes.text(0, 0, 0, "label", zdir=(1, 1, 0)), axes.text2D(0.1, 0.9, "flat", transform=axes.transAxes)
    axes.annotate("note", (0, 0), (0.05, 0.05), arrowprops={"arrowstyle": "->"})
    axes.plot([0, 1], [0, 1], [0, 1], label="a line")
    axes.scatter([0, 1], [0, 1], [1, 0], label="points")
    axes.legend()

    def update(frame: int) -> None:
        label.set_position_3d((frame / 7, 0, 0), zdir="x" if frame % 2 else None)
        if frame == 2:
            flat.set_text("changed")
        if frame == 3:
            axes.set_title("two\nlines")
        if frame == 5:
            axes.set_zlabel("")

    return update


@kind_on_axes("3d", projection="3d")
def views(axes: Any) -> Update:
    axes.plot_surface(*GRID, GRID[0] * GRID[1])
    (curve,) = axes.plot(X / 6, X / 6, X / 6)

    def update(frame: int) -> None:
        curve.set_data_3d(X / 6, np.sin(X + frame), X / 6)
        changes: dict[int, Change] = {
            1: lambda: axes.view_init(20, 50, 10),
            2: lambda: axes.set_proj_type("ortho"),
            3: lambda: axes.set_box_aspect((1, 2, 1), zoom=0.8),
            4: lambda: (axes.set_xlim3d(-1, 3), axes.view_init(90)),
            5: lambda: axes.view_init(vertical_axis="y"),
            6: lambda: (axes.set_proj_type("persp", 0.3), axes.invert_zaxis()),
        }
        changes.get(frame, nothing)()

    return update


@kind_on_axes("3d", projection="3d", xlabel="x", ylabel="y")
def panes_and_ticks(axes: Any) -> Update:
    (curve,) = axes.plot(X / 6, X / 6, 1e6 * X)

    def update(frame: int) -> None:
        curve.set_data_3d(X / 6, np.sin(X + frame) / 2, 1e6 * X)
        changes: dict[int, Change] = {
            1: lambda: axes.xaxis.set_pane_color((1, 0, 0, 0.3)),
            2: lambda: axes.tick_params("z", labelsize=6, pad=9),
            3: lambda: axes.grid(visible=False),
            4: lambda: axes.yaxis.set_ticks_position("both"),
            5: lambda: axes.zaxis.set_label_position("upper"),
            6: lambda: axes.set_axis_off(),
        }
        changes.get(frame, nothing)()

    return update


@kind("3d")
def shared_views(figure: Figure) -> Update:
    left: Any = figure.add_subplot(1, 2, 1, projection="3d")
    right: Any = figure.add_subplot(1, 2, 2, projection="3d", shareview=left, sharez=left)
    left.plot_surface(*GRID, GRID[0])
    points = right.scatter(*noise(0, 3, 9))

    def update(frame: int) -> None:
        points._offsets3d = tuple(noise(frame, 3, 9))
        if frame == 3:
            left.view_init(10, 20, share=True)
        if frame == 5:
            right.set_zlim3d(-2, 2)

    return update


@kind_on_axes("3d", projection="3d", computed_zorder=False)
def ordered_by_hand(axes: Any) -> Update:
    squares = [
        axes.add_collection3d(art3d.Poly3DCollection([square_at(height)], color=f"C{height}")) for height in (0, 1, 2)
    ]
    axes.scatter(*noise(0, 3, 9), zorder=3)

    def update(frame: int) -> None:
        squares[frame % 3].set_zorder(frame)
        if frame == 4:
            axes.computed_zorder = True

    return update


@kind_on_axes("3d", projection="3d")
def artists_that_come_and_go(axes: Any) -> Update:
    axes.plot_trisurf(*noise(0, 3, 12))
    present = [axes.scatter(*noise(1, 3, 9))]

    def update(frame: int) -> None:
        present.append(axes.plot_surface(*GRID, GRID[0] / 2 + frame / 7))
        if frame % 3 == 2:
            present.pop(0).remove()
        if frame == 4:
            axes.voxels(np.ones((2, 2, 1)), facecolors="r")

    return update


@kind_on_axes("3d", projection="3d", xlim=(0, 0.5), zlim=(0, 0.7))
def clipped_to_limits(axes: Any) -> Update:
    points = axes.scatter(*noise(0, 3, 20), axlim_clip=True)
    (curve,) = axes.plot(*noise(1, 3, 9), axlim_clip=True)
    axes.plot_surface(*GRID, GRID[0], axlim_clip=True)
    holes = np.ma.masked_greater(noise(2, 3, 20), 0.8)
    gaps = axes.scatter(*holes)

    def update(frame: int) -> None:
        points._offsets3d = tuple(noise(frame, 3, 20))
        curve.set_data_3d(*noise(frame, 3, 9))
        if frame == 3:
            gaps._offsets3d = tuple(np.ma.masked_less(noise(3, 3, 20), 0.3))
        if frame == 5:
            axes.set_zlim(0, 2)

    return update


@kind("3d")
def surface_with_color_bar(figure: Figure) -> Update:
    axes: Any = figure.add_subplot(projection="3d")
    surface = axes.plot_surface(*GRID, GRID[0] * GRID[1], cmap="viridis")
    bar = figure.colorbar(surface)
    (curve,) = axes.plot(X / 6, X / 6, X / 6)

    def update(frame: int) -> None:
        curve.set_data_3d(X / 6, np.sin(X + frame), X / 6)
        if frame == 2:
            surface.set_clim(0, 0.5)
        if frame == 4:
            surface.set_cmap("magma")
        if frame == 6:
            bar.set_label("bar")

    return update


@kind("3d")
def new_surface(figure: Figure) -> Update:
    axes: Any = figure.add_subplot(projection="3d", zlim=(-1, 1))
    present = [axes.plot_surface(*GRID, GRID[0])]

    def update(frame: int) -> None:
        present.pop().remove()
        present.append(axes.plot_surface(*GRID, np.sin(GRID[0] + frame), cmap="viridis"))

    return update


@kind("3d")
def inset_in_space(figure: Figure) -> Update:
    axes: Any = figure.add_subplot()
    inner = axes.inset_axes((0.5, 0.5, 0.5, 0.5), projection="3d")
    (curve,) = inner.plot(X, X, X)
    (line,) = axes.plot(X, X)

    def update(frame: int) -> None:
        if frame % 2:
            line.set_ydata(X * frame)
        else:
            curve.set_data_3d(X, X, X / (1 + frame))
        if frame == 4:
            inner.set_title("inner")

    return update


@kind("3d", "layout")
def constrained_space(figure: Figure) -> Update:
    figure.set_layout_engine("constrained")
    axes: Any = figure.add_subplot(projection="3d", xlabel="x")
    points = axes.scatter(*noise(0, 3, 9))
    axes.plot_surface(*GRID, GRID[0])

    def update(frame: int) -> None:
        if frame % 3:
            points._offsets3d = tuple(noise(frame, 3, 9))
        if frame == 4:
            axes.set_title("title")

    return update
