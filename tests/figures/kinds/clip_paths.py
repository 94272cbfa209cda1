"""Clip paths: masks that Agg keeps, and figures in which their history counts."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, ConnectionPatch, Ellipse
from matplotlib.path import Path

from tests.figures.kinds.registry import Update, X, kind, kind_on_axes, noise


@kind_on_axes("clip")
def clip_paths_by_turns(axes: Axes) -> Update:
    mesh = axes.pcolormesh(noise(0, 4, 4))
    lines = [axes.plot(X / 2, np.sin(X))[0], axes.plot(X / 2, np.cos(X))[0]]
    patches = [Circle((2, 0.5), 1.5, transform=axes.transData), Circle((1, 0.5), 1.2, transform=axes.transData)]
    for artist, patch in zip([mesh, *lines], [patches[0], patches[1], patches[0]], strict=True):
        artist.set_clip_path(patch)

    def update(frame: int) -> None:
        lines[1].set_ydata(np.cos(X + frame))
        mesh.set_visible(frame != 4)

    return update


@kind_on_axes("clip", xlim=(0, 4), ylim=(-1, 4))
def clip_path_that_snaps_later(axes: Axes) -> Update:
    lines = [axes.plot(X, np.sin(X) + place)[0] for place in range(3)]
    patches = [Circle((2, 0.5), 1.5, transform=axes.transData), Circle((1, 0.5), 1.2, transform=axes.transData)]
    for artist, patch in zip(lines, [patches[0], patches[1], patches[0]], strict=True):
        artist.set_clip_path(patch)

    def update(frame: int) -> None:
        lines[2].set_ydata(np.cos(X + frame))
        if frame == 3:
            mesh = axes.pcolormesh(noise(0, 4, 4))
            mesh.set_clip_path(patches[0])

    return update


@kind_on_axes("clip")
def clip_path_changed_in_place(axes: Any) -> Update:
    image = axes.imshow(noise(0, 8, 8))
    path: Any = Path(np.array([[1.0, 1], [6, 1], [4, 6], [1, 1]]))
    image.set_clip_path(path, axes.transData)

    def update(frame: int) -> None:
        path.vertices[2] = 4 - frame / 2, 6 - frame / 3

    return update


@kind_on_axes("clip", xlim=(0, 6), ylim=(0, 6))
def clip_paths_of_the_same_vertices(axes: Axes) -> Update:
    vertices = np.array([[1.0, 1], [5, 1], [5, 5], [1, 5], [1, 1]])
    lines = [axes.plot(X, y, lw=15)[0] for y in (X, 6 - X, 3 + 0 * X)]
    paths = Path(vertices), Path(vertices, [1, 3, 3, 3, 3]), Path(vertices + 0.5)
    for artist, path in zip(lines, paths, strict=True):
        artist.set_clip_path(path, axes.transData)
    return lambda frame: lines[1].set_ydata(6 - X + frame / 4)


@kind_on_axes("clip", xlim=(0, 6), ylim=(0, 6))
def clip_path_beyond_the_axes(axes: Axes) -> Update:
    patches = Ellipse((1, 2), 7, 9, transform=axes.transData), Circle((3, 3), 2, transform=axes.transData)
    points = axes.scatter(X, 6 - X, s=300, zorder=3)
    artists = axes.plot(X, X)[0], points, axes.plot(X, 3 + 0 * X, zorder=4)[0]
    for artist, patch in zip(artists, [patches[0], patches[0], patches[1]], strict=True):
        artist.set_clip_path(patch)
    return lambda frame: points.set_offsets(np.column_stack([X, 6 - X + frame / 4]))


@kind_on_axes("clip", xlim=(0, 6), ylim=(0, 6))
def clip_path_of_a_text(axes: Axes) -> Update:
    patches = Circle((3, 3), 2.1, transform=axes.transData), Circle((3, 2), 2.4, transform=axes.transData)
    lines = [axes.plot(X, y, zorder=2)[0] for y in (X, 3 + 0 * X)]
    artists = axes.text(1, 1, "text", clip_on=True, zorder=0), axes.pcolormesh(noise(0, 6, 6)), *lines
    for artist, patch in zip(artists, [patches[0], patches[0], patches[1], patches[0]], strict=True):
        artist.set_clip_path(patch)
    return lambda frame: lines[0].set_ydata(X + frame / 2)


@kind_on_axes("clip", "polar", projection="polar", rmax=6)
def clip_path_between_those_of_polar_axes(axes: Any) -> Update:
    axes.grid(False)
    axes.plot(X, X * 2, "s", ms=30, zorder=0.1, snap=True)
    (middle,) = axes.plot(X, X, lw=9, zorder=3)
    middle.set_clip_path(Circle((0.5, 0.5), 0.3, transform=axes.transAxes))
    axes.plot(X, 4 + 0 * X, zorder=4)
    return lambda frame: middle.set_ydata(X / (1 + frame))


@kind("clip", "polar")
def clip_paths_and_limits_that_change_together(figure: Figure) -> Update:
    axes = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2, projection="polar")
    axes[0].add_artist(ConnectionPatch((0.5, 0.5), (1, 0.5), "data", "data", axesA=axes[0], axesB=axes[1]))
    axes[1].plot([0, 1], [0, 1])

    def update(frame: int) -> None:
        if frame == 3:
            axes[1].plot(X, X, "o")  # the connection is drawn before the limits follow

    return update


@kind_on_axes("clip")
def clip_paths(axes: Axes) -> Update:
    shown = axes.imshow(noise(0, 9, 9))
    clip = Circle((4, 4), 3, transform=axes.transData)
    shown.set_clip_path(clip)
    (line,) = axes.plot([0, 8], [0, 8])
    line.set_clip_path(Path([[0, 0], [1, 0], [0, 1], [0, 0]]), axes.transAxes)

    def update(frame: int) -> None:
        clip.set_radius(1 + frame)
        line.set_clip_path(Path(np.array([[0, 0], [1, 0], [frame / 5, 1], [0, 0]])), axes.transAxes)

    return update
