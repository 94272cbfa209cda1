"""Kinds of figures, each with the way it is usually animated.

A kind is a function that fills an empty figure and returns an update function, which is called with 0, 1, 2, ...
"""

import datetime as dt
from collections.abc import Callable

import numpy as np
from matplotlib import patheffects
from matplotlib.collections import EllipseCollection, LineCollection, PatchCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, ConnectionPatch, Ellipse, FancyArrowPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.quiver import QuiverKey
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import Affine2D

Update = Callable[[int], object]
KINDS: dict[str, Callable[[Figure], Update]] = {}

X = np.linspace(0, 6, 60)


def kind(make: Callable[[Figure], Update]) -> Callable[[Figure], Update]:
    KINDS[make.__name__] = make
    return make


def noise(frame: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(frame).random(shape)


@kind
def line(figure):
    axes = figure.add_subplot(title="line")
    axes.grid(True)
    (curve,) = axes.plot(X, np.sin(X))
    return lambda frame: curve.set_ydata(np.sin(X + frame / 5))


@kind
def line_with_changing_title(figure):
    axes = figure.add_subplot()
    (curve,) = axes.plot(X, np.sin(X), label="sine")
    axes.legend(loc="upper right")

    def update(frame):
        curve.set_ydata(np.sin(X + frame / 5))
        axes.set_title(f"frame {frame}" + "\nand more" * (frame % 2))

    return update


@kind
def line_with_default_legend(figure):
    axes = figure.add_subplot(xlim=(0, 6), ylim=(-1, 3))
    (curve,) = axes.plot(X, np.sin(X), label="sine")
    axes.legend()
    return lambda frame: curve.set_ydata(np.sin(X + frame / 5))


@kind
def line_with_moving_legend(figure):
    axes = figure.add_subplot(xlim=(0, 6), ylim=(-2, 2))
    (curve,) = axes.plot(X, np.sin(X), label="sine")
    axes.legend(loc="best")
    return lambda frame: curve.set_ydata(np.sin(X + frame) + 1 - frame % 3)


@kind
def markers_and_styles(figure):
    axes = figure.add_subplot()
    (curve,) = axes.plot(X, np.sin(X), "o--", markevery=5, drawstyle="steps")
    return lambda frame: curve.set(color=f"C{frame}", linewidth=1 + frame, marker="os^"[frame % 3])


@kind
def growing_line(figure):
    axes = figure.add_subplot()
    (curve,) = axes.plot([], [])

    def update(frame):
        curve.set_data(X[: 10 * frame + 2], np.sin(X[: 10 * frame + 2]) * frame)
        axes.relim()
        axes.autoscale_view()

    return update


@kind
def line_on_a_lazy_autoscale(figure):
    axes = figure.add_subplot()
    return lambda frame: axes.plot(X[: 5 * frame + 5], np.cos(X[: 5 * frame + 5]) * frame)


@kind
def scrolling_limits(figure):
    axes = figure.add_subplot()
    axes.plot(X, np.sin(X))
    return lambda frame: axes.set_xlim(frame / 3, frame / 3 + 2)


@kind
def log_axes(figure):
    axes = figure.add_subplot(xscale="log", yscale="log")
    (curve,) = axes.plot(X + 1, X + 1)
    return lambda frame: curve.set_ydata((X + 1) ** (1 + frame / 4))


@kind
def symlog_and_logit(figure):
    upper, lower = figure.subplots(2)
    upper.set(yscale="symlog", ylim=(-100, 100))
    lower.set(yscale="logit", ylim=(0.01, 0.99))
    (one,), (two,) = upper.plot(X, X), lower.plot(X, X / 7 + 0.01)

    def update(frame):
        one.set_ydata(X * frame * 5)
        two.set_ydata(X / (7 + frame) + 0.01)

    return update


@kind
def dashboard(figure):
    panels = figure.subplots(2, 2).ravel()
    curves = [axes.plot(X, np.sin(X))[0] for axes in panels]
    title = figure.suptitle("0")

    def update(frame):
        for index, curve in enumerate(curves):
            curve.set_ydata(np.sin(X + frame * index))
        title.set_text(f"frame {frame}")

    return update


@kind
def one_panel_of_many(figure):
    panels = figure.subplots(2, 2).ravel()
    for axes in panels:
        axes.plot(X, np.cos(X))

    def update(frame):
        panels[2].set_ylim(-frame - 1, 1)

    return update


@kind
def shared_axes(figure):
    (one, two), (three, _) = figure.subplots(2, 2, sharex=True, sharey="row")
    (curve,) = one.plot(X, X)
    two.plot(X, -X)
    three.plot(X, X**2)

    def update(frame):
        curve.set_ydata(X * frame)
        if frame % 2:
            three.set_xlim(0, frame)
        one.relim()
        one.autoscale_view()

    return update


@kind
def twin_axes(figure):
    axes = figure.add_subplot(title="twins")
    twin = axes.twinx()
    (one,), (two,) = axes.plot(X, X), twin.plot(X, -X, "r")

    def update(frame):
        one.set_ydata(X + frame % 3)
        two.set_ydata(np.sin(X * frame))
        if frame == 3:
            twin.set_ylim(-5, 2e7)

    return update


@kind
def image(figure):
    axes = figure.add_subplot()
    shown = axes.imshow(noise(0, 20, 20))
    figure.colorbar(shown)
    return lambda frame: shown.set_data(noise(frame, 20, 20))


@kind
def image_with_changing_limits(figure):
    axes = figure.add_subplot()
    shown = axes.imshow(noise(0, 20, 20))
    figure.colorbar(shown, extend="both", orientation="horizontal")

    def update(frame):
        shown.set_data(noise(frame, 20, 20) * frame)
        if frame % 2:
            shown.autoscale()

    return update


@kind
def image_interpolated(figure):
    axes = figure.add_subplot()
    shown = axes.imshow(noise(0, 9, 9), interpolation="bicubic", extent=(0, 3, 0, 2), alpha=0.7)
    return lambda frame: shown.set(cmap=["viridis", "magma"][frame % 2], alpha=0.9 - frame / 10)


@kind
def image_changed_in_place(figure):
    shown = figure.add_subplot().imshow(np.zeros((5, 5)), vmin=0, vmax=1)

    def update(frame):
        shown.get_array()[frame % 5] = 1

    return update


@kind
def figure_image(figure):
    pixels = noise(0, 20, 30, 3)
    shown = figure.figimage(pixels, 10, 20)
    return lambda frame: shown.set_data(noise(frame, 20, 30, 3))


@kind
def scatter(figure):
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    points = axes.scatter(*noise(0, 2, 30), c=noise(1, 30), s=50 * noise(2, 30))
    figure.colorbar(points)

    def update(frame):
        points.set_offsets(noise(frame, 30, 2))
        points.set_array(noise(frame + 1, 30))
        points.set_sizes(90 * noise(frame + 2, 30))

    return update


@kind
def scatter_whose_colors_alone_change(figure):
    points = figure.add_subplot().scatter(*noise(0, 2, 30), c=noise(1, 30))
    return lambda frame: points.set_array(noise(frame, 30))


@kind
def scatter_with_edges(figure):
    points = figure.add_subplot().scatter(*noise(0, 2, 30), marker="*", s=90, ec="k", hatch="//")
    return lambda frame: points.set(facecolor=f"C{frame}", linewidth=frame, linestyle=[":", "-"][frame % 2])


@kind
def bars(figure):
    axes = figure.add_subplot(ylim=(0, 1))
    rectangles = axes.bar(["a", "b", "c"], [0.1, 0.5, 0.9])

    def update(frame):
        for rectangle, height in zip(rectangles, noise(frame, 3), strict=True):
            rectangle.set_height(height)

    return update


@kind
def bars_with_labels(figure):
    axes = figure.add_subplot(ylim=(0, 2))
    rectangles = axes.bar([1, 2, 3], [0.1, 0.5, 0.9], hatch="x")
    labels = axes.bar_label(rectangles)

    def update(frame):
        for rectangle, label, height in zip(rectangles, labels, noise(frame, 3), strict=True):
            rectangle.set_height(height)
            label.set_text(f"{height:.2f}")
            label.xy = (label.xy[0], height)

    return update


@kind
def cleared_bars(figure):
    axes = figure.add_subplot()

    def update(frame):
        axes.clear()
        axes.bar(range(4), noise(frame, 4))
        axes.set_title(f"frame {frame}")

    return update


@kind
def bar_race(figure):
    axes = figure.add_subplot()

    def update(frame):
        axes.clear()
        axes.barh(list("abcd"), np.sort(noise(frame, 4)), color=["C0", "C1", "C2", "C3"])
        axes.set_xlim(0, 1)

    return update


@kind
def histogram(figure):
    axes = figure.add_subplot(ylim=(0, 30))
    *_, patches = axes.hist(noise(0, 100), bins=8)

    def update(frame):
        counts, _ = np.histogram(noise(frame, 100), bins=8)
        for count, patch in zip(counts, patches, strict=True):
            patch.set_height(count)

    return update


@kind
def stairs(figure):
    steps = figure.add_subplot(ylim=(0, 1)).stairs(noise(0, 6), fill=True)
    return lambda frame: steps.set_data(noise(frame, 6))


@kind
def filled_between(figure):
    axes = figure.add_subplot(xlim=(0, 6), ylim=(-2, 2))
    areas = [axes.fill_between(X, np.sin(X), 1)]

    def update(frame):
        areas.pop().remove()
        areas.append(axes.fill_between(X, np.sin(X + frame), frame / 5, color="C1", alpha=0.5))

    return update


@kind
def stack(figure):
    axes = figure.add_subplot()

    def update(frame):
        for area in list(axes.collections):
            area.remove()
        axes.stackplot(X, np.abs(np.sin(X + frame)), X)

    return update


@kind
def error_bars(figure):
    axes = figure.add_subplot(ylim=(0, 2))
    data, caps, bars = axes.errorbar([1, 2, 3], [1, 1, 1], yerr=0.2, capsize=3, fmt="o")

    def update(frame):
        height = noise(frame, 3)
        data.set_ydata(height)
        caps[0].set_ydata(height - 0.2)
        caps[1].set_ydata(height + 0.2)
        bars[0].set_segments([[(x, y - 0.2), (x, y + 0.2)] for x, y in zip([1, 2, 3], height, strict=True)])

    return update


@kind
def stems(figure):
    markers, stem_lines, _ = figure.add_subplot(ylim=(0, 1)).stem(noise(0, 5))

    def update(frame):
        height = noise(frame, 5)
        markers.set_ydata(height)
        stem_lines.set_segments([[(x, 0), (x, y)] for x, y in enumerate(height)])

    return update


@kind
def boxes_and_violins(figure):
    axes = figure.add_subplot()

    def update(frame):
        axes.clear()
        axes.boxplot([noise(frame, 9), noise(frame + 1, 9)])
        axes.violinplot([noise(frame, 9)], [3])

    return update


@kind
def pie(figure):
    axes = figure.add_subplot()
    wedges = axes.pie([1, 2, 3], labels=list("abc"), shadow=True)[0]
    return lambda frame: wedges[0].set(theta1=frame * 20, radius=1 - frame / 10)


@kind
def mesh(figure):
    axes = figure.add_subplot()
    cells = axes.pcolormesh(noise(0, 6, 6))
    figure.colorbar(cells)
    return lambda frame: cells.set_array(noise(frame, 6, 6))


@kind
def mesh_smooth(figure):
    cells = figure.add_subplot().pcolormesh(noise(0, 6, 6), shading="gouraud")
    return lambda frame: cells.set_array(noise(frame, 6, 6))


@kind
def triangles(figure):
    axes = figure.add_subplot()
    faces = axes.tripcolor(*noise(0, 2, 12), noise(1, 12))
    axes.triplot(*noise(0, 2, 12), lw=0.5)
    return lambda frame: faces.set_array(noise(frame, len(faces.get_array())))


@kind
def contours(figure):
    axes = figure.add_subplot()
    kept = []

    def update(frame):
        while kept:
            kept.pop().remove()
        kept.append(axes.contourf(noise(frame, 6, 6), levels=4))
        kept.append(axes.contour(noise(frame, 6, 6), levels=3, colors="k"))
        axes.clabel(kept[-1])

    return update


@kind
def hexagons(figure):
    cells = figure.add_subplot().hexbin(*noise(0, 2, 200), gridsize=8)
    return lambda frame: cells.set_array(noise(frame, len(cells.get_array())))


@kind
def quiver(figure):
    axes = figure.add_subplot(xlim=(-1, 4), ylim=(-1, 4))
    arrows = axes.quiver(*np.mgrid[:4, :4], noise(0, 4, 4), noise(1, 4, 4))
    axes.add_artist(QuiverKey(arrows, 0.8, 0.9, 1, "one"))
    return lambda frame: arrows.set_UVC(noise(frame, 4, 4), noise(frame + 1, 4, 4))


@kind
def barbs(figure):
    flags = figure.add_subplot(xlim=(-1, 4), ylim=(-1, 4)).barbs(
        *np.mgrid[:3, :3], 50 * noise(0, 3, 3), 50 * noise(1, 3, 3)
    )
    return lambda frame: flags.set_UVC(50 * noise(frame, 3, 3).ravel(), 50 * noise(frame + 1, 3, 3).ravel())


@kind
def streams(figure):
    axes = figure.add_subplot()

    def update(frame):
        axes.clear()
        axes.streamplot(np.arange(4), np.arange(4), noise(frame, 4, 4), noise(frame + 1, 4, 4), density=0.3)

    return update


@kind
def collections(figure):
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    strokes = axes.add_collection(LineCollection(noise(0, 5, 4, 2), array=noise(0, 5)))
    shapes = axes.add_collection(PatchCollection([Circle(xy, 0.1) for xy in noise(1, 3, 2)], alpha=0.5))
    ellipses = axes.add_collection(
        EllipseCollection(0.1, 0.2, 30, units="xy", offsets=noise(2, 3, 2), offset_transform=axes.transData)
    )
    (events,) = axes.eventplot(noise(3, 5))

    def update(frame):
        strokes.set_segments(noise(frame, 5, 4, 2))
        shapes.set_paths([Rectangle(xy, 0.2, 0.1) for xy in noise(frame, 3, 2)])
        ellipses.set_offsets(noise(frame, 3, 2))
        events.set_positions(noise(frame, 5))

    return update


@kind
def patches(figure):
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    polygon = axes.add_patch(Polygon(noise(0, 4, 2)))
    arrow = axes.add_patch(FancyArrowPatch((0, 0), (1, 1), mutation_scale=20))
    circle = axes.add_patch(Circle((0.5, 0.5), 0.1, ec="r", ls="--"))

    def update(frame):
        polygon.set_xy(noise(frame, 4, 2))
        arrow.set_positions((0, 0), noise(frame, 2))
        circle.set(center=noise(frame, 2), radius=0.1 + frame / 20)

    return update


@kind
def annotations(figure):
    axes = figure.add_subplot()
    axes.plot(X, np.sin(X))
    note = axes.annotate("here", (1, 0), (3, 0.5), arrowprops={"arrowstyle": "->"}, bbox={"boxstyle": "round"})
    label = axes.text(0.1, 0.1, "0", transform=axes.transAxes, rotation=20)

    def update(frame):
        note.xy = (frame, np.sin(frame))
        label.set_text(f"$x_{frame}$")

    return update


@kind
def annotation_on_another_artist(figure):
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    box = axes.text(0.2, 0.2, "box")
    axes.annotate("follower", (1, 1), (10, 10), xycoords=box, textcoords="offset points")
    return lambda frame: box.set(x=0.1 * frame, text="box" * (frame + 1))


@kind
def connection_between_axes(figure):
    left, right = figure.subplots(1, 2)
    (point,) = left.plot([1], [1], "o")
    connection = figure.add_artist(ConnectionPatch((1, 1), (2, 2), left.transData, right.transData))
    right.set(xlim=(0, 3), ylim=(0, 3))

    def update(frame):
        right.set_xlim(0, 3 + frame)
        connection.xy1 = (1 + frame / 100, 1)
        point.set_ydata([1 + frame / 100])

    return update


@kind
def table(figure):
    axes = figure.add_subplot()
    axes.axis("off")
    cells = axes.table([["a", "b"], ["c", "d"]], loc="center")

    def update(frame):
        cells[0, 0].get_text().set_text(str(frame) * (frame + 1))
        cells[1, 1].set_facecolor(f"C{frame}")

    return update


@kind
def spans_and_infinite_lines(figure):
    axes = figure.add_subplot(xlim=(0, 5), ylim=(0, 5))
    span, level, slope = axes.axvspan(0, 1), axes.axhline(1), axes.axline((0, 0), slope=1)

    def update(frame):
        span.set(x=frame, width=1 + frame) if hasattr(span, "set_x") else span.set_xy([[frame, 0], [frame, 1], [1, 1]])
        level.set_ydata([frame, frame])
        slope.set_slope(1 + frame)

    return update


@kind
def inset(figure):
    axes = figure.add_subplot(title="inset")
    inner = axes.inset_axes([0.5, 0.5, 0.4, 0.4], xlim=(1, 2), ylim=(0, 1))
    (one,), (two,) = axes.plot(X, np.sin(X)), inner.plot(X, np.sin(X))
    axes.indicate_inset_zoom(inner)

    def update(frame):
        one.set_ydata(np.sin(X + frame))
        two.set_ydata(np.sin(X + frame))
        if frame > 2:
            inner.set_xlim(frame, frame + 1)

    return update


@kind
def secondary_axis(figure):
    axes = figure.add_subplot(title="secondary")
    axes.secondary_xaxis("top", functions=(np.square, np.sqrt)).set_xlabel("squared")
    (curve,) = axes.plot(X, np.sin(X))

    def update(frame):
        curve.set_ydata(np.sin(X + frame))
        if frame > 2:
            axes.set_xlim(1, 2 + frame)

    return update


@kind
def dates(figure):
    axes = figure.add_subplot()
    days = [dt.datetime(2026, 1, 1) + dt.timedelta(days=n) for n in range(20)]
    (curve,) = axes.plot(days, range(20))

    def update(frame):
        curve.set_ydata(np.sin(np.arange(20) + frame) * 20)
        if frame > 3:
            axes.set_xlim(days[frame], days[-1])

    return update


@kind
def formatter_that_reads_elsewhere(figure):
    axes = figure.add_subplot()
    state = {"unit": 0}
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}/{state['unit']}"))
    return lambda frame: state.update(unit=frame)


@kind
def polar(figure):
    axes = figure.add_subplot(projection="polar")
    (curve,) = axes.plot(X, X)
    (area,) = axes.fill([0, 1, 2], [1, 2, 3])

    def update(frame):
        curve.set_ydata(X * (1 - frame / 10))
        area.set_xy(np.column_stack([[0, 1, 2], [1 + frame, 2, 3]]))
        if frame == 3:
            axes.set_theta_offset(1)

    return update


@kind
def polar_wedge(figure):
    axes = figure.add_subplot(projection="polar", title="wedge")
    axes.set(thetamin=20, thetamax=200, rorigin=-1, theta_direction=-1)
    axes.bar(np.arange(3), [1, 2, 3], width=0.5)
    (curve,) = axes.plot(X, X)

    def update(frame):
        curve.set_ydata(X * (1 - frame / 10))
        if frame == 3:
            axes.set_rlabel_position(70)
        if frame == 4:
            axes.set_thetamax(380)
        if frame == 5:
            axes.set_thetalim(0, 2 * np.pi)

    return update


@kind
def polar_patches_of_shared_paths(figure):
    axes = figure.add_subplot(projection="polar", rmax=3)
    axes.add_patch(Rectangle((1, 1), 1, 1))
    (curve,) = axes.plot(X, X / 2)
    steps = Path.unit_rectangle()._interpolation_steps

    def update(frame):
        curve.set_ydata(X * (1 - frame / 10))
        Path.unit_rectangle()._interpolation_steps = 1 if frame < 4 else 100  # 100: as Axes.bar leaves it
        if frame == 6:
            Path.unit_rectangle()._interpolation_steps = steps

    return update


@kind
def polar_mesh(figure):
    axes = figure.add_subplot(projection="polar")
    mesh = axes.pcolormesh(noise(0, 4, 4), shading="gouraud")  # snaps to pixels, unlike the grid
    axes.grid(True)

    def update(frame):
        if frame == 2:
            mesh.set_array(noise(1, 4, 4))
        if frame == 4:
            mesh.set_visible(False)

    return update


@kind
def polar_markers(figure):
    axes = figure.add_subplot(projection="polar")
    (curve,) = axes.plot(X, X, "o-")

    def update(frame):
        curve.set_ydata(X / (1 + frame))
        axes.grid(frame < 4)

    return update


@kind
def clip_paths_by_turns(figure):
    axes = figure.add_subplot()
    mesh = axes.pcolormesh(noise(0, 4, 4))
    lines = [axes.plot(X / 2, np.sin(X))[0], axes.plot(X / 2, np.cos(X))[0]]
    patches = [Circle((2, 0.5), 1.5, transform=axes.transData), Circle((1, 0.5), 1.2, transform=axes.transData)]
    for artist, patch in zip([mesh, *lines], [patches[0], patches[1], patches[0]], strict=True):
        artist.set_clip_path(patch)

    def update(frame):
        lines[1].set_ydata(np.cos(X + frame))
        mesh.set_visible(frame != 4)

    return update


@kind
def clip_path_that_snaps_later(figure):
    axes = figure.add_subplot(xlim=(0, 4), ylim=(-1, 4))
    lines = [axes.plot(X, np.sin(X) + place)[0] for place in range(3)]
    patches = [Circle((2, 0.5), 1.5, transform=axes.transData), Circle((1, 0.5), 1.2, transform=axes.transData)]
    for artist, patch in zip(lines, [patches[0], patches[1], patches[0]], strict=True):
        artist.set_clip_path(patch)

    def update(frame):
        lines[2].set_ydata(np.cos(X + frame))
        if frame == 3:
            mesh = axes.pcolormesh(noise(0, 4, 4))
            mesh.set_clip_path(patches[0])

    return update


@kind
def clip_path_changed_in_place(figure):
    axes = figure.add_subplot()
    image = axes.imshow(noise(0, 8, 8))
    path = Path(np.array([[1.0, 1], [6, 1], [4, 6], [1, 1]]))
    image.set_clip_path(path, axes.transData)

    def update(frame):
        path.vertices[2] = 4 - frame / 2, 6 - frame / 3

    return update


@kind
def clip_paths_of_the_same_vertices(figure):
    axes = figure.add_subplot(xlim=(0, 6), ylim=(0, 6))
    vertices = np.array([[1.0, 1], [5, 1], [5, 5], [1, 5], [1, 1]])
    lines = [axes.plot(X, y, lw=15)[0] for y in (X, 6 - X, 3 + 0 * X)]
    paths = Path(vertices), Path(vertices, [1, 3, 3, 3, 3]), Path(vertices + 0.5)
    for artist, path in zip(lines, paths, strict=True):
        artist.set_clip_path(path, axes.transData)
    return lambda frame: lines[1].set_ydata(6 - X + frame / 4)


@kind
def clip_path_beyond_the_axes(figure):
    axes = figure.add_subplot(xlim=(0, 6), ylim=(0, 6))
    patches = Ellipse((1, 2), 7, 9, transform=axes.transData), Circle((3, 3), 2, transform=axes.transData)
    points = axes.scatter(X, 6 - X, s=300, zorder=3)
    artists = axes.plot(X, X)[0], points, axes.plot(X, 3 + 0 * X, zorder=4)[0]
    for artist, patch in zip(artists, [patches[0], patches[0], patches[1]], strict=True):
        artist.set_clip_path(patch)
    return lambda frame: points.set_offsets(np.column_stack([X, 6 - X + frame / 4]))


@kind
def clip_path_of_a_text(figure):
    axes = figure.add_subplot(xlim=(0, 6), ylim=(0, 6))
    patches = Circle((3, 3), 2.1, transform=axes.transData), Circle((3, 2), 2.4, transform=axes.transData)
    lines = [axes.plot(X, y, zorder=2)[0] for y in (X, 3 + 0 * X)]
    artists = axes.text(1, 1, "text", clip_on=True, zorder=0), axes.pcolormesh(noise(0, 6, 6)), *lines
    for artist, patch in zip(artists, [patches[0], patches[0], patches[1], patches[0]], strict=True):
        artist.set_clip_path(patch)
    return lambda frame: lines[0].set_ydata(X + frame / 2)


@kind
def clip_path_between_those_of_polar_axes(figure):
    axes = figure.add_subplot(projection="polar", rmax=6)
    axes.grid(False)
    axes.plot(X, X * 2, "s", ms=30, zorder=0.1, snap=True)
    (middle,) = axes.plot(X, X, lw=9, zorder=3)
    middle.set_clip_path(Circle((0.5, 0.5), 0.3, transform=axes.transAxes))
    axes.plot(X, 4 + 0 * X, zorder=4)
    return lambda frame: middle.set_ydata(X / (1 + frame))


@kind
def update_that_draws(figure):
    axes = figure.add_subplot(xlabel="x")
    (curve,) = axes.plot(X, X)

    def update(frame):
        axes.set_ylabel("two\nlines")
        figure.canvas.draw()
        axes.set_ylabel("y")
        curve.set_ydata(X + frame + axes.xaxis.label.get_position()[1] / 10)

    return update


@kind
def clip_paths_and_limits_that_change_together(figure):
    axes = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2, projection="polar")
    axes[0].add_artist(ConnectionPatch((0.5, 0.5), (1, 0.5), "data", "data", axesA=axes[0], axesB=axes[1]))
    axes[1].plot([0, 1], [0, 1])

    def update(frame):
        if frame == 3:
            axes[1].plot(X, X, "o")  # the connection is drawn before the limits follow

    return update


@kind
def polar_logarithmic(figure):
    axes = figure.add_subplot(projection="polar")
    axes.set_rscale("log")
    (curve,) = axes.plot(X, np.exp(X))

    def update(frame):
        curve.set_ydata(np.exp(X / (1 + frame % 3)))
        if frame > 4:
            axes.set_rlim(0.1, 10 ** (frame - 2))

    return update


@kind
def polar_whose_draw_puts_things_right(figure):
    axes = figure.add_subplot(projection="polar")
    (curve,) = axes.plot(X, X)

    def update(frame):
        curve.set_ydata(X * (1 - frame / 10))
        if frame == 2:
            axes.patch.set_radius(0.2)
        if frame == 4:
            axes.spines["inner"].set_visible(True)
        if frame == 5:
            axes.spines["start"].set_visible(True)

    return update


@kind
def world_map(figure):
    axes = figure.add_subplot(projection="mollweide", title="map")
    axes.grid(True)
    points = axes.scatter(X / 2 - 1.5, np.sin(X), c=X)

    def update(frame):
        points.set_offsets(np.column_stack([X / 2 - 1.5, np.sin(X + frame)]))
        if frame == 3:
            axes.set_longitude_grid_ends(60)
        if frame == 5:
            axes.set_latitude_grid(30)

    return update


@kind
def other_maps(figure):
    lines = [
        figure.add_subplot(1, 3, place, projection=name).plot(X / 2 - 1.5, np.sin(X))[0]
        for place, name in enumerate(["aitoff", "hammer", "lambert"], 1)
    ]
    return lambda frame: lines[frame % 3].set_ydata(np.sin(X + frame))


@kind
def surface_3d(figure):
    axes = figure.add_subplot(projection="3d")
    x, y = np.mgrid[-1:1:6j, -1:1:6j]
    axes.plot_surface(x, y, x * y, cmap="viridis")
    return lambda frame: axes.view_init(30, 10 * frame)


@kind
def points_3d_beside_a_line(figure):
    axes = figure.add_subplot(1, 2, 1, projection="3d")
    points = axes.scatter(*noise(0, 3, 9))
    (curve,) = figure.add_subplot(1, 2, 2).plot(X, X)

    def update(frame):
        points._offsets3d = tuple(noise(frame, 3, 9))
        curve.set_ydata(X * frame)

    return update


@kind
def subfigures(figure):
    left, right = figure.subfigures(1, 2)
    left.suptitle("left")
    (one,), (two,) = left.add_subplot().plot(X, X), right.add_subplot().plot(X, X)
    right.set_facecolor("0.9")

    def update(frame):
        one.set_ydata(X * frame)
        two.set_ydata(-X * frame)
        if frame > 2:
            left.suptitle(f"frame {frame}")

    return update


@kind
def constrained_layout(figure):
    figure.set_layout_engine("constrained")
    left, right = figure.subplots(1, 2)
    (curve,) = left.plot(X, X)
    figure.colorbar(right.imshow(noise(0, 5, 5)))

    def update(frame):
        curve.set_ydata(X * frame)
        if frame > 2:
            left.set_ylabel("label\n" * frame)

    return update


@kind
def tight_layout(figure):
    figure.set_layout_engine("tight")
    (curve,) = figure.add_subplot(xlabel="x").plot(X, X)
    return lambda frame: curve.set_ydata(X * frame * 1000)


@kind
def aligned_labels(figure):
    upper, lower = figure.subplots(2)
    upper.set_ylabel("upper")
    lower.set_ylabel("lower")
    figure.align_ylabels()
    return lambda frame: lower.set_ylim(0, 10.0 ** (3 * frame))


@kind
def equal_aspect(figure):
    axes = figure.add_subplot(aspect="equal", adjustable="datalim")
    (curve,) = axes.plot(np.cos(X), np.sin(X))
    return lambda frame: curve.set_data(np.cos(X) / (frame + 1), np.sin(X))


@kind
def path_effects_and_sketch(figure):
    axes = figure.add_subplot()
    (curve,) = axes.plot(X, np.sin(X), path_effects=[patheffects.withStroke(linewidth=4, foreground="y")])
    (wavy,) = axes.plot(X, np.cos(X), sketch_params=(2, 20, 5))
    axes.text(3, 0, "shadow", path_effects=[patheffects.withSimplePatchShadow()])

    def update(frame):
        curve.set_ydata(np.sin(X + frame))
        wavy.set_sketch_params(1 + frame)

    return update


@kind
def filters(figure):
    axes = figure.add_subplot()
    state = {"dx": 0}
    (curve,) = axes.plot(X, np.sin(X), lw=3)
    (still,) = axes.plot(X, np.cos(X), lw=3)
    still.set_agg_filter(lambda image, _dpi: (image, state["dx"], 0))

    def update(frame):
        curve.set_ydata(np.sin(X + frame))
        state["dx"] = 3 * frame

    return update


@kind
def clip_paths(figure):
    axes = figure.add_subplot()
    shown = axes.imshow(noise(0, 9, 9))
    clip = Circle((4, 4), 3, transform=axes.transData)
    shown.set_clip_path(clip)
    (line,) = axes.plot([0, 8], [0, 8])
    line.set_clip_path(Path([[0, 0], [1, 0], [0, 1], [0, 0]]), axes.transAxes)

    def update(frame):
        clip.set_radius(1 + frame)
        line.set_clip_path(Path([[0, 0], [1, 0], [frame / 5, 1], [0, 0]]), axes.transAxes)

    return update


@kind
def rasterized(figure):
    axes = figure.add_subplot()
    axes.set_rasterization_zorder(1)
    (curve,) = axes.plot(X, np.sin(X), zorder=0, rasterized=True)
    return lambda frame: curve.set_ydata(np.sin(X + frame))


@kind
def user_transform(figure):
    axes = figure.add_subplot(xlim=(-8, 8), ylim=(-8, 8))
    turn = Affine2D()
    axes.plot(X, np.sin(X), transform=turn + axes.transData)
    return lambda frame: turn.rotate_deg(20)


@kind
def figure_artists(figure):
    figure.add_subplot().plot(X, X)
    label = figure.text(0.1, 0.9, "0")
    stroke = figure.add_artist(Line2D([0, 1], [0, 1], lw=3, color="r"))
    figure.legend([stroke], ["line"], loc="lower right")

    def update(frame):
        label.set(text=str(frame), x=frame / 10)
        stroke.set_ydata([0, 1 - frame / 10])

    return update


@kind
def coming_and_going(figure):
    axes = figure.add_subplot(xlim=(0, 6), ylim=(-2, 2))
    first, second = (axes.plot(X, np.sin(X) + n)[0] for n in range(2))
    extra = []

    def update(frame):
        first.set_visible(frame % 2)
        second.set_zorder(1 + frame)
        if frame == 2:
            extra.append(axes.text(1, 1, "new"))
        if frame == 4:
            extra.pop().remove()
            figure.add_axes((0.7, 0.7, 0.2, 0.2))

    return update


@kind
def faces(figure):
    axes = figure.add_subplot()

    def update(frame):
        figure.set_facecolor(f"C{frame}")
        axes.set_facecolor(str(1 - frame / 20))
        axes.spines["top"].set_visible(frame % 2)
        axes.tick_params(color=f"C{frame}", length=3 + frame)

    return update


@kind
def log_colors(figure):
    axes = figure.add_subplot()
    shown = axes.imshow(noise(0, 9, 9) + 0.1, norm=LogNorm())
    figure.colorbar(shown)
    return lambda frame: setattr(shown.norm, "vmax", 2 + frame)
