"""Polar axes, maps and 3-D axes."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from tests.figures.kinds.registry import Update, X, kind, kind_on_axes, noise, waves


@kind_on_axes("floor", "polar", projection="polar")
def polar(axes: Any) -> Update:
    """polar line and area: `set_ydata`, `set_xy`"""
    (curve,) = axes.plot(X, X)
    (area,) = axes.fill([0, 1, 2], [1, 2, 3])

    def update(frame: int) -> None:
        curve.set_ydata(X * (1 - frame % 10 / 10))
        area.set_xy(np.column_stack([[0, 1, 2], [1 + frame % 10, 2, 3]]))
        if frame == 3:
            axes.set_theta_offset(1)

    return update


@kind_on_axes("polar", projection="polar", title="wedge")
def polar_wedge(axes: Any) -> Update:
    axes.set(thetamin=20, thetamax=200, rorigin=-1, theta_direction=-1)
    axes.bar(np.arange(3), [1, 2, 3], width=0.5)
    (curve,) = axes.plot(X, X)

    def update(frame: int) -> None:
        curve.set_ydata(X * (1 - frame / 10))
        if frame == 3:
            axes.set_rlabel_position(70)
        if frame == 4:
            axes.set_thetamax(380)
        if frame == 5:
            axes.set_thetalim(0, 2 * np.pi)

    return update


@kind_on_axes("polar", projection="polar", rmax=3)
def polar_patches_of_shared_paths(axes: Any) -> Update:
    axes.add_patch(Rectangle((1, 1), 1, 1))
    (curve,) = axes.plot(X, X / 2)
    shared: Any = Path.unit_rectangle()
    steps = shared._interpolation_steps

    def update(frame: int) -> None:
        curve.set_ydata(X * (1 - frame / 10))
        shared._interpolation_steps = 1 if frame < 4 else 100  # 100: as Axes.bar leaves it
        if frame == 6:
            shared._interpolation_steps = steps

    return update


@kind("floor", "polar")
def polar_mesh_and_bar(figure: Figure) -> Update:
    """polar mesh below a grid: `set_array`"""
    axes = figure.add_subplot(projection="polar")
    cells = axes.pcolormesh(*np.meshgrid(np.linspace(0, 6.2, 40), np.linspace(0, 1, 20)), waves(0)[:20, :40])
    axes.grid(visible=True)
    figure.colorbar(cells)
    return lambda frame: cells.set_array(waves(frame)[:20, :40])


@kind_on_axes("polar", projection="polar")
def polar_mesh(axes: Any) -> Update:
    mesh = axes.pcolormesh(noise(0, 4, 4), shading="gouraud")  # snaps to pixels, unlike the grid
    axes.grid(visible=True)

    def update(frame: int) -> None:
        if frame == 2:
            mesh.set_array(noise(1, 4, 4))
        if frame == 4:
            mesh.set_visible(False)

    return update


@kind_on_axes("polar", projection="polar")
def polar_markers(axes: Any) -> Update:
    (curve,) = axes.plot(X, X, "o-")

    def update(frame: int) -> None:
        curve.set_ydata(X / (1 + frame))
        axes.grid(visible=frame < 4)

    return update


@kind_on_axes("polar", projection="polar")
def polar_logarithmic(axes: Any) -> Update:
    axes.set_rscale("log")
    (curve,) = axes.plot(X, np.exp(X))

    def update(frame: int) -> None:
        curve.set_ydata(np.exp(X / (1 + frame % 3)))
        if frame > 4:
            axes.set_rlim(0.1, 10 ** (frame - 2))

    return update


@kind_on_axes("polar", projection="polar")
def polar_whose_draw_puts_things_right(axes: Any) -> Update:
    (curve,) = axes.plot(X, X)

    def update(frame: int) -> None:
        curve.set_ydata(X * (1 - frame / 10))
        if frame == 2:
            axes.patch.set_radius(0.2)
        if frame == 4:
            axes.spines["inner"].set_visible(True)
        if frame == 5:
            axes.spines["start"].set_visible(True)

    return update


@kind_on_axes("floor", "map", projection="mollweide", title="map")
def world_map(axes: Any) -> Update:
    """world map: points on Mollweide"""
    axes.grid(visible=True)
    points = axes.scatter(X / 2 - 1.5, np.sin(X), c=X)

    def update(frame: int) -> None:
        points.set_offsets(np.column_stack([X / 2 - 1.5, np.sin(X + frame)]))
        if frame == 3:
            axes.set_longitude_grid_ends(60)
        if frame == 5:
            axes.set_latitude_grid(30)

    return update


@kind("map")
def other_maps(figure: Figure) -> Update:
    curves = [
        figure.add_subplot(1, 3, place, projection=name).plot(X / 2 - 1.5, np.sin(X))[0]
        for place, name in enumerate(["aitoff", "hammer", "lambert"], 1)
    ]
    return lambda frame: curves[frame % 3].set_ydata(np.sin(X + frame))


@kind_on_axes("3d", projection="3d")
def surface_3d(axes: Any) -> Update:
    x, y = np.mgrid[-1:1:6j, -1:1:6j]
    axes.plot_surface(x, y, x * y, cmap="viridis")
    return lambda frame: axes.view_init(30, 10 * frame)


@kind("floor", "3d")
def points_3d_beside_a_line(figure: Figure) -> Update:
    """3-D points beside a line: new positions"""
    points: Any = figure.add_subplot(1, 2, 1, projection="3d").scatter(*noise(0, 3, 60))
    (curve,) = figure.add_subplot(1, 2, 2).plot(X, X)

    def update(frame: int) -> None:
        points._offsets3d = tuple(noise(frame, 3, 60))  # the only way there is
        curve.set_ydata(X * frame)

    return update
