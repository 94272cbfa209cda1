"""Images, meshes, scatters and all else that has a color map."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.quiver import QuiverKey

from tests.figures.kinds.registry import (
    GRID_X,
    GRID_Y,
    Update,
    cleared_kind,
    kind,
    kind_on_axes,
    noise,
    remade_kind,
    waves,
)


@kind()
def image(figure: Figure) -> Update:
    shown = figure.add_subplot().imshow(noise(0, 20, 20))
    figure.colorbar(shown)
    return lambda frame: shown.set_data(noise(frame, 20, 20))


@kind("floor", size=(12, 9))
def large_image(figure: Figure) -> Update:
    """large image: 1000x1000 in 1200x900, `set_data`"""
    y, x = np.mgrid[0:1:1000j, 0:1:1000j]
    shown = figure.add_subplot().imshow(x + y, vmin=0, vmax=2)
    return lambda frame: shown.set_data((x + y + frame / 10) % 2)


@kind()
def image_with_changing_limits(figure: Figure) -> Update:
    shown = figure.add_subplot().imshow(noise(0, 20, 20))
    figure.colorbar(shown, extend="both", orientation="horizontal")

    def update(frame: int) -> None:
        shown.set_data(noise(frame, 20, 20) * frame)
        if frame % 2:
            shown.autoscale()

    return update


@kind_on_axes()
def image_interpolated(axes: Axes) -> Update:
    shown = axes.imshow(noise(0, 9, 9), interpolation="bicubic", extent=(0, 3, 0, 2), alpha=0.7)
    return lambda frame: shown.set(cmap=["viridis", "magma"][frame % 2], alpha=0.9 - frame / 10)


@kind_on_axes()
def image_changed_in_place(axes: Axes) -> Update:
    values: Any = axes.imshow(np.zeros((5, 5)), vmin=0, vmax=1).get_array()
    return lambda frame: values.__setitem__(frame % 5, 1)


@kind()
def figure_image(figure: Figure) -> Update:
    shown = figure.figimage(noise(0, 20, 30, 3), 10, 20)
    return lambda frame: shown.set_data(noise(frame, 20, 30, 3))


@kind("floor", size=(16, 12))
def large_picture(figure: Figure) -> Update:
    """large picture: `figimage` that fills 1600x1200"""
    width, height = map(int, figure.bbox.size)
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    shown = figure.figimage(x + y)
    return lambda frame: shown.set_data((x + y + frame / 10) % 2)


@kind()
def log_colors(figure: Figure) -> Update:
    shown = figure.add_subplot().imshow(noise(0, 9, 9) + 0.1, norm=LogNorm())
    figure.colorbar(shown)
    return lambda frame: setattr(shown.norm, "vmax", 2 + frame)


@kind()
def scatter(figure: Figure) -> Update:
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    points = axes.scatter(*noise(0, 2, 30), c=noise(1, 30), s=50 * noise(2, 30))  # type: ignore[misc]
    figure.colorbar(points)

    def update(frame: int) -> None:
        points.set_offsets(noise(frame, 30, 2))
        points.set_array(noise(frame + 1, 30))
        points.set_sizes(90 * noise(frame + 2, 30))

    return update


@kind_on_axes()
def scatter_whose_colors_alone_change(axes: Axes) -> Update:
    points = axes.scatter(noise(0, 30), noise(2, 30), c=noise(1, 30))
    return lambda frame: points.set_array(noise(frame, 30))


@kind_on_axes()
def scatter_with_edges(axes: Axes) -> Update:
    points = axes.scatter(noise(0, 30), noise(2, 30), marker="*", s=90, ec="k", hatch="//")
    return lambda frame: points.set(facecolor=f"C{frame}", linewidth=frame, linestyle=[":", "-"][frame % 2])


@kind("floor")
def mesh(figure: Figure) -> Update:
    """pcolormesh: `set_array`, color bar"""
    cells = figure.add_subplot().pcolormesh(GRID_X, GRID_Y, waves(0))
    figure.colorbar(cells)
    return lambda frame: cells.set_array(waves(frame))


@kind_on_axes()
def mesh_smooth(axes: Axes) -> Update:
    cells = axes.pcolormesh(noise(0, 6, 6), shading="gouraud")
    return lambda frame: cells.set_array(noise(frame, 6, 6))


@kind_on_axes()
def triangles(axes: Any) -> Update:
    faces: Any = axes.tripcolor(noise(0, 12), noise(2, 12), noise(1, 12))
    axes.triplot(noise(0, 12), noise(2, 12), lw=0.5)
    return lambda frame: faces.set_array(noise(frame, len(faces.get_array())))


@kind_on_axes()
def hexagons(axes: Axes) -> Update:
    cells: Any = axes.hexbin(*noise(0, 2, 200), gridsize=8)
    return lambda frame: cells.set_array(noise(frame, len(cells.get_array())))


@remade_kind("floor")
def contours(axes: Axes, frame: int) -> Iterable[ContourSet]:
    """contours and areas between them: removed and made anew"""
    filled = axes.contourf(waves(frame), levels=4)
    drawn = axes.contour(waves(frame + 9), levels=3, colors="k")
    axes.clabel(drawn)
    return [filled, drawn]


@cleared_kind("floor")
def contours_cleared(axes: Axes, frame: int) -> None:
    """contours: cleared each frame"""
    axes.clabel(axes.contour(GRID_X, GRID_Y, waves(frame)))


@kind_on_axes("floor", xlim=(-4, 4), ylim=(-4, 4))
def quiver(axes: Axes) -> Update:
    """quiver: `set_UVC`"""
    some = np.s_[::2, ::2]
    arrows = axes.quiver(GRID_X[some], GRID_Y[some], GRID_X[some], GRID_Y[some])
    axes.add_artist(QuiverKey(arrows, 0.8, 0.9, 1, "one"))
    return lambda frame: arrows.set_UVC(waves(frame)[some], waves(frame + 9)[some])


@kind_on_axes(xlim=(-1, 4), ylim=(-1, 4))
def barbs(axes: Axes) -> Update:
    flags = axes.barbs(*np.mgrid[:3, :3], 50 * noise(0, 3, 3), 50 * noise(1, 3, 3))
    return lambda frame: flags.set_UVC(50 * noise(frame, 3, 3).ravel(), 50 * noise(frame + 1, 3, 3).ravel())


@cleared_kind()
def streams(axes: Axes, frame: int) -> None:
    axes.streamplot(np.arange(4), np.arange(4), noise(frame, 4, 4), noise(frame + 1, 4, 4), density=0.3)
