"""Figures and changes to them, built from numbers, so that hypothesis can search and shrink them.

Everything is a function of what it is given: the same recipe makes the same figure, and changes it in the same
way, as often as one likes.
"""

import datetime as dt
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import patheffects, ticker
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import EllipseCollection, LineCollection, PatchCollection
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Arc, Circle, ConnectionPatch, FancyArrowPatch, Rectangle, RegularPolygon, Wedge
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

Random = np.random.Generator
Named = tuple[str, int]


@dataclass(frozen=True)
class Recipe:
    """What to build, and what to do to it: each name with a number to draw its details from."""

    canvas: str
    layout: str
    axes: tuple[Named, ...]
    artists: tuple[Named, ...]
    steps: tuple[tuple[Named, ...], ...]

    def animation(self) -> FuncAnimation:
        figure = self.figure()
        return FuncAnimation(figure, lambda index: self.change(figure, index), frames=len(self.steps), init_func=list)

    def figure(self) -> Figure:
        figure = Figure(figsize=(2.6, 2), dpi=50, layout=None if self.layout == "none" else self.layout)
        CANVASES[self.canvas](figure)
        for index, (name, seed) in enumerate(self.axes):
            AXES[name](figure, len(self.axes), index, np.random.default_rng(seed))
        for name, seed in self.artists:
            random = np.random.default_rng(seed)
            with suppress(Exception):  # not everything goes into every kind of axes
                ARTISTS[name](pick(random, figure.axes), random)
        return figure

    def change(self, figure: Figure, index: int) -> None:
        for name, seed in self.steps[index]:
            with suppress(Exception), warnings.catch_warnings():  # nor can everything be done to everything
                warnings.simplefilter("ignore")
                CHANGES[name](figure, np.random.default_rng(seed))


CANVASES = {"base": FigureCanvasBase, "agg": FigureCanvasAgg}
"""Animation.save draws each frame once on the one, and twice on the other."""


def pick(random: Random, items: Any) -> Any:
    items = list(items)
    return items[random.integers(len(items))]


def _table(prefix: str) -> dict[str, Callable[..., Any]]:
    return {name.removeprefix(prefix): value for name, value in globals().items() if name.startswith(prefix)}


# Axes ---------------------------------------------------------------------------------------------------------


def axes_plain(figure, count, index, random):
    figure.add_subplot(1, count, index + 1)


def axes_decorated(figure, count, index, random):
    axes = figure.add_subplot(1, count, index + 1, title="title", xlabel="x", ylabel="y")
    axes.grid(True)
    axes.set_title("left", loc="left")


def axes_log(figure, count, index, random):
    figure.add_subplot(1, count, index + 1, xscale="log", yscale="log", xlim=(0.1, 10), ylim=(0.1, 10))


def axes_symlog(figure, count, index, random):
    figure.add_subplot(1, count, index + 1, yscale="symlog")


def axes_equal(figure, count, index, random):
    adjustable = pick(random, ["box", "datalim"])
    figure.add_subplot(1, count, index + 1, aspect="equal", adjustable=adjustable)


def axes_twin(figure, count, index, random):
    axes = figure.add_subplot(1, count, index + 1, title="twins")
    pick(random, [axes.twinx, axes.twiny])()


def axes_shared(figure, count, index, random):
    # Axes that share limits across subfigures take two draws to settle, so that even matplotlib's frames differ.
    first = next((axes for axes in figure.axes if axes.figure is figure), None)
    figure.add_subplot(1, count, index + 1, sharex=first, sharey=pick(random, [first, None]))


def axes_inset(figure, count, index, random):
    axes = figure.add_subplot(1, count, index + 1, title=pick(random, ["", "inset"]))
    inner = axes.inset_axes([0.4, 0.4, 0.5, 0.5])
    inner.plot([0, 1], [0, 1])
    axes.indicate_inset_zoom(inner)


def axes_secondary(figure, count, index, random):
    axes = figure.add_subplot(1, count, index + 1, title="secondary")
    axes.secondary_xaxis("top")


def axes_top_ticks(figure, count, index, random):
    axes = figure.add_subplot(1, count, index + 1, title="top")
    axes.xaxis.tick_top()


def axes_polar(figure, count, index, random):
    figure.add_subplot(1, count, index + 1, projection="polar")


def axes_polar_wedge(figure, count, index, random):
    axes = figure.add_subplot(1, count, index + 1, projection="polar", title="wedge")
    axes.set(thetamin=10, thetamax=pick(random, [90, 200]), rorigin=pick(random, [None, -1]))


def axes_map(figure, count, index, random):
    name = pick(random, ["aitoff", "hammer", "lambert", "mollweide"])
    figure.add_subplot(1, count, index + 1, projection=name).grid(pick(random, [True, False]))


def axes_3d(figure, count, index, random):
    figure.add_subplot(1, count, index + 1, projection="3d").plot([0, 1], [0, 1], [0, 1])


def axes_dates(figure, count, index, random):
    axes = figure.add_subplot(1, count, index + 1)
    axes.plot([dt.date(2026, 1, day) for day in range(1, 9)], range(8))


def axes_categories(figure, count, index, random):
    figure.add_subplot(1, count, index + 1).bar(["a", "b", "c"], random.random(3))


def axes_free(figure, count, index, random):
    figure.add_axes((*(random.random(2) / 2), 0.4, 0.4), zorder=random.integers(3))


def axes_subfigure(figure, count, index, random):
    part = figure.add_subfigure(figure.add_gridspec(1, count)[0, index])
    part.suptitle("part")
    part.add_subplot()


def axes_aligned(figure, count, index, random):
    figure.add_subplot(1, count, index + 1, ylabel="y")
    figure.align_ylabels()


# Artists ------------------------------------------------------------------------------------------------------


def artist_line(axes, random):
    axes.plot(random.random(9), random.random(9), pick(random, ["-", "o--", "s:", "^-."]), label="line")


def artist_steps(axes, random):
    axes.plot(random.random(9), drawstyle="steps-mid", markevery=2, marker="d", fillstyle="left")


def artist_scatter(axes, random):
    axes.scatter(*random.random((2, 7)), c=random.random(7), s=90 * random.random(7), label="points")


def artist_scatter_edges(axes, random):
    axes.scatter(*random.random((2, 7)), s=90, facecolor="none", edgecolor="r", marker=pick(random, ["*", "s", "P"]))


def artist_image(axes, random):
    axes.imshow(
        random.random((5, 5)), aspect="auto", extent=(0, 1, 0, 1), interpolation=pick(random, ["nearest", "bilinear"])
    )


def artist_image_and_bar(axes, random):
    shown = axes.imshow(random.random((5, 5)), aspect="auto", norm=pick(random, [Normalize(), LogNorm()]))
    axes.figure.colorbar(shown, ax=axes, extend=pick(random, ["neither", "both"]))


def artist_mesh(axes, random):
    axes.pcolormesh(random.random((4, 4)), shading=pick(random, ["flat", "gouraud"]) if random.random() < 0.5 else None)


def artist_pcolor(axes, random):
    axes.pcolor(random.random((4, 4)))


def artist_contours(axes, random):
    axes.contourf(random.random((5, 5)), levels=3)
    axes.clabel(axes.contour(random.random((5, 5)), levels=2))


def artist_bars(axes, random):
    axes.bar_label(axes.bar(range(3), random.random(3), hatch=pick(random, [None, "/", "x"])))


def artist_histogram(axes, random):
    axes.hist(random.random(30), bins=5, histtype=pick(random, ["bar", "step", "stepfilled"]))


def artist_area(axes, random):
    axes.fill_between(np.arange(5) / 4, random.random(5), alpha=0.5)


def artist_error_bars(axes, random):
    axes.errorbar(*random.random((2, 4)), yerr=0.1, capsize=2)


def artist_box(axes, random):
    axes.boxplot([random.random(9)], positions=[0.5])


def artist_pie(axes, random):
    axes.pie(random.random(3), labels=list("abc"))


def artist_quiver(axes, random):
    arrows = axes.quiver(*random.random((4, 5)))
    axes.quiverkey(arrows, 0.5, 0.5, 1, "key")


def artist_barbs(axes, random):
    axes.barbs(*random.random((2, 3)), *(60 * random.random((2, 3))))


def artist_triangles(axes, random):
    axes.tripcolor(*random.random((3, 9)), shading=pick(random, ["flat", "gouraud"]))
    axes.triplot(*random.random((2, 9)))


def artist_strokes(axes, random):
    axes.add_collection(LineCollection(random.random((4, 3, 2)), array=random.random(4)))


def artist_shapes(axes, random):
    axes.add_collection(PatchCollection([Circle(xy, 0.2) for xy in random.random((3, 2))], alpha=0.5))


def artist_ellipses(axes, random):
    offsets = random.random((3, 2))
    axes.add_collection(EllipseCollection(9, 5, 30, offsets=offsets, offset_transform=axes.transData))


def artist_events(axes, random):
    axes.eventplot(random.random(4), lineoffsets=0.5)


def artist_hexagons(axes, random):
    axes.hexbin(*random.random((2, 50)), gridsize=4)


def artist_patches(axes, random):
    for patch in (
        Rectangle(random.random(2), 0.3, 0.2, angle=20, ls="--", ec="k"),
        Wedge(random.random(2), 0.3, 10, 200),
        RegularPolygon(random.random(2), 5, radius=0.2),
        Arc(random.random(2), 0.5, 0.3, theta1=10, theta2=200),
    ):
        axes.add_patch(patch)


def artist_arrow(axes, random):
    axes.add_patch(FancyArrowPatch(*random.random((2, 2)), mutation_scale=10, arrowstyle="fancy"))
    axes.arrow(0, 0, 0.5, 0.5)


def artist_text(axes, random):
    axes.text(*random.random(2), pick(random, ["text", "two\nlines", "$x^2$"]), rotation=pick(random, [0, 30, 90]))


def artist_boxed_text(axes, random):
    axes.text(*random.random(2), "boxed", bbox={"boxstyle": "round", "facecolor": "w"}, transform=axes.transAxes)


def artist_wrapped_text(axes, random):
    axes.text(0.5, 0.5, "a text that is wrapped " * 2, wrap=True)


def artist_note(axes, random):
    axes.annotate("note", random.random(2), random.random(2), arrowprops={"arrowstyle": "->"})


def artist_note_on_an_artist(axes, random):
    axes.annotate("on it", (1, 1), (3, 3), xycoords=pick(random, axes.get_children()), textcoords="offset points")


def artist_connection(axes, random):
    other = pick(random, axes.figure.axes)
    axes.add_artist(ConnectionPatch(random.random(2), random.random(2), "data", "data", axesA=axes, axesB=other))


def artist_legend(axes, random):
    axes.legend(*axes.get_legend_handles_labels(), loc=pick(random, ["best", "upper left", "center"]))


def artist_table(axes, random):
    axes.table([["a", "b"], ["c", "d"]], loc=pick(random, ["center", "bottom"]))


def artist_infinite(axes, random):
    axes.axline((0, 0), slope=random.random())
    axes.axhline(random.random(), ls=":")
    axes.axvspan(*random.random(2), alpha=0.3)


def artist_effects(axes, random):
    axes.plot(random.random(5), path_effects=[patheffects.withStroke(linewidth=4, foreground="y")])


def artist_animated(axes, random):
    axes.plot(random.random(5), animated=True)


def artist_clipped(axes, random):
    (line,) = axes.plot(random.random(5), lw=5)
    line.set_clip_path(Circle((0.5, 0.5), 0.3, transform=axes.transAxes))


def artist_user_transform(axes, random):
    axes.plot(random.random(5), transform=Affine2D().rotate(0.1) + axes.transData)


def artist_figure_line(axes, random):
    axes.figure.add_artist(Line2D(random.random(2), random.random(2), color="r"))


def artist_figure_text(axes, random):
    axes.figure.text(*random.random(2), "figure", transform=pick(random, [None, axes.transAxes, axes.transData]))


def artist_figure_title(axes, random):
    axes.figure.suptitle("suptitle")


def artist_figure_image(axes, random):
    axes.figure.figimage(random.random((20, 20)), *random.integers(0, 50, 2))


def artist_figure_legend(axes, random):
    axes.figure.legend(loc="lower left")


# Changes ------------------------------------------------------------------------------------------------------

COLORS = ["r", "C1", "0.5", (0, 0, 1, 0.5), "none"]
VALUES: dict[str, list[Any]] = {
    "set_visible": [True, False],
    "set_zorder": [-1, 0, 1, 2, 3, 10],
    "set_alpha": [None, 0.2, 0.9],
    "set_animated": [True, False],
    "set_clip_on": [True, False],
    "set_clip_box": [None],
    "set_sketch_params": [None, 1, 3],
    "set_snap": [None, True, False],
    "set_agg_filter": [None, lambda image, _dpi: (image, 3, 3)],
    "set_path_effects": [[], [patheffects.SimpleLineShadow(), patheffects.Normal()]],
    "set_rasterized": [True, False],
    "set_color": COLORS,
    "set_facecolor": COLORS,
    "set_edgecolor": COLORS,
    "set_linewidth": [0, 1, 3.5],
    "set_linestyle": ["-", "--", (1, (2, 3))],
    "set_capstyle": ["butt", "round"],
    "set_joinstyle": ["miter", "bevel"],
    "set_solid_capstyle": ["butt", "round"],
    "set_dash_joinstyle": ["miter", "bevel"],
    "set_gapcolor": ["y", None],
    "set_hatch": [None, "/", "oo"],
    "set_hatch_linewidth": [0.5, 3],
    "set_hatchcolor": ["r", "b"],
    "set_antialiased": [True, False],
    "set_marker": ["o", "s", "*", ""],
    "set_markersize": [3, 9],
    "set_markeredgecolor": COLORS,
    "set_markerfacecolor": COLORS,
    "set_markevery": [None, 2, [0, 2]],
    "set_fillstyle": ["full", "left", "none"],
    "set_drawstyle": ["default", "steps"],
    "set_fill": [True, False],
    "set_text": ["", "new", "$\\alpha$", "two\nlines"],
    "set_fontsize": [5, 14],
    "set_fontweight": ["bold", "normal"],
    "set_fontstyle": ["italic", "normal"],
    "set_fontfamily": ["serif", "monospace"],
    "set_rotation": [0, 45],
    "set_rotation_mode": ["default", "anchor"],
    "set_horizontalalignment": ["left", "right"],
    "set_verticalalignment": ["top", "center"],
    "set_linespacing": [1, 2],
    "set_bbox": [None, {"facecolor": "y"}],
    "set_wrap": [True, False],
    "set_parse_math": [True, False],
    "set_usetex": [False],
    "set_cmap": ["magma", "gray"],
    "set_clim": [(0, 2), (0.3, 0.5)],
    "set_norm": [Normalize(0, 3), None],
    "set_interpolation": ["nearest", "bicubic"],
    "set_interpolation_stage": ["data", "rgba"],
    "set_resample": [True, False],
    "set_filternorm": [True, False],
    "set_extent": [(0, 1, 0, 1), (0, 3, 0, 3)],
    "set_angle": [0, 33],
    "set_width": [0.2, 0.6],
    "set_height": [0.2, 0.6],
    "set_radius": [0.1, 0.4],
    "set_theta1": [0, 50],
    "set_arrowstyle": ["->", "simple"],
    "set_connectionstyle": ["arc3", "arc3,rad=0.4"],
    "set_mutation_scale": [5, 20],
    "set_slope": [0.5, 2],
    "set_xy1": [(0, 0), (0.5, 0.2)],
    "set_loc": ["upper right", "best", "center"],
    "set_frame_on": [True, False],
    "set_title": ["", "a title"],
    "set_ncols": [1, 2],
    "set_urls": [["x"]],
    "set_offset_transform": [Affine2D().translate(20, 20)],
    "set_in_layout": [True, False],
    "set_annotation_clip": [True, False, None],
    "set_fontproperties": ["sans:bold"],
    "set_pad": [0.1],
}


def _artists(figure: Figure) -> list[Artist]:
    """Give the artists that a user would get hold of."""
    found: list[Artist] = [figure.patch, *figure.texts, *figure.lines, *figure.legends, *figure.images, *figure.patches]
    for axes in figure.axes:
        found += [axes.patch, axes.title, axes.xaxis.label, axes.yaxis.label, *axes.spines.values()]
        found += [*axes._children] * 3
        found += [axes.legend_] if axes.legend_ else []
    return found


def change_property(figure, random):
    artist = pick(random, _artists(figure))
    name = pick(random, [name for name in VALUES if hasattr(artist, name)])
    getattr(artist, name)(pick(random, VALUES[name]))


def change_property_again(figure, random):
    change_property(figure, random)


def change_data(figure, random):
    artist = pick(random, [artist for axes in figure.axes for artist in axes._children])
    count = random.integers(3, 9)
    for name, value in {
        "set_data": random.random((2, count)) if isinstance(artist, Line2D) else random.random((5, 5)),
        "set_offsets": random.random((count, 2)),
        "set_segments": random.random((4, 3, 2)),
        "set_positions": random.random(4),
        "set_xy": random.random((5, 2)),
        "set_center": random.random(2),
        "set_position": random.random(2),
        "set_UVC": random.random((2, 5)),
    }.items():
        if hasattr(artist, name):
            with suppress(Exception):
                getattr(artist, name)(*value) if name == "set_UVC" else getattr(artist, name)(value)
                return


def change_array(figure, random):
    artists = [artist for axes in figure.axes for artist in axes._children if hasattr(artist, "set_array")]
    artist = pick(random, [artist for artist in artists if artist.get_array() is not None])
    artist.set_array(random.random(artist.get_array().shape))


def change_array_in_place(figure, random):
    artists = [artist for axes in figure.axes for artist in axes._children if hasattr(artist, "get_array")]
    array = pick(random, [artist for artist in artists if artist.get_array() is not None]).get_array()
    array[random.integers(len(array))] = pick(random, [0, 0.5, np.ma.masked])


def change_vertices_in_place(figure, random):
    artist = pick(random, [artist for axes in figure.axes for artist in axes._children])
    path = artist.get_path() if hasattr(artist, "get_path") else pick(random, artist.get_paths())
    path.vertices[random.integers(len(path.vertices))] += random.random(2) / 3


def change_points_in_place(figure, random):
    line = pick(random, [line for axes in figure.axes for line in axes.lines])
    line.get_xydata()[1] = random.random(2)


def change_offsets_in_place(figure, random):
    points = pick(random, [points for axes in figure.axes for points in axes.collections])
    points._offsets[0] = random.random(2)


def change_colors_in_place(figure, random):
    points = pick(random, [points for axes in figure.axes for points in axes.collections])
    pick(random, [points._facecolors, points._edgecolors, points._linewidths])[0] = 0.5


def change_font_in_place(figure, random):
    texts = [artist for artist in _artists(figure) if hasattr(artist, "get_fontproperties")]
    pick(random, texts).get_fontproperties().set_size(random.integers(5, 15))


def change_box_of_text(figure, random):
    boxes = [text.get_bbox_patch() for axes in figure.axes for text in axes.texts]
    pick(random, [box for box in boxes if box is not None]).set_facecolor(pick(random, COLORS))


def change_note(figure, random):
    notes = [text for axes in figure.axes for text in axes.texts if hasattr(text, "xycoords")]
    note = pick(random, notes)
    what = pick(random, ["xy", "xycoords", "arrow"])
    if what == "xy":
        note.xy = tuple(random.random(2))
    elif what == "xycoords":
        note.xycoords = pick(random, ["data", "axes fraction"])
    else:
        note.arrow_patch.set_color(pick(random, COLORS))


def change_norm(figure, random):
    artists = [artist for axes in figure.axes for artist in axes._children if getattr(artist, "norm", None)]
    setattr(pick(random, artists).norm, pick(random, ["vmin", "vmax"]), random.random() * 2)


def change_color_map_in_place(figure, random):
    artists = [artist for axes in figure.axes for artist in axes._children if hasattr(artist, "cmap")]
    artist = pick(random, artists)
    artist.set_cmap(artist.cmap.copy())
    artist.cmap.set_under("r")


def change_autoscaled_colors(figure, random):
    pick(random, [artist for axes in figure.axes for artist in axes._children if hasattr(artist, "cmap")]).autoscale()


def change_user_transform(figure, random):
    line = pick(random, [line for axes in figure.axes for line in axes.lines])
    line.get_transform()._a.rotate(0.2)


def change_clip_path(figure, random):
    axes = pick(random, figure.axes)
    artist = pick(random, axes._children)
    path = pick(random, [None, Path.unit_circle(), Path([[0, 0], [1, 0], [0, 1], [0, 0]])])
    artist.set_clip_path(path, axes.transAxes)


def change_clip_patch(figure, random):
    axes = pick(random, figure.axes)
    pick(random, axes._children).set_clip_path(axes.patch)


def change_removal(figure, random):
    pick(random, pick(random, figure.axes)._children).remove()


def change_removal_from_figure(figure, random):
    pick(random, [*figure.texts, *figure.lines, *figure.legends, *figure.images]).remove()


def change_addition(figure, random):
    ARTISTS[pick(random, sorted(ARTISTS))](pick(random, figure.axes), random)


def change_second_addition(figure, random):
    change_addition(figure, random)


def change_limits(figure, random):
    axes = pick(random, figure.axes)
    widest = 5 if axes.name == "polar" else 2e6  # rounds of a circle become arcs, in gigabytes
    pick(random, [axes.set_xlim, axes.set_ylim])(sorted(random.random(2) * pick(random, [1, 5, widest])))


def change_view_limits_directly(figure, random):
    pick(random, figure.axes).viewLim.x1 = random.random() + 1


def change_autoscale(figure, random):
    axes = pick(random, figure.axes)
    axes.relim()
    pick(random, [axes.autoscale_view, axes.autoscale])()


def change_margins(figure, random):
    pick(random, figure.axes).margins(random.random())


def change_scale(figure, random):
    axes = pick(random, figure.axes)
    pick(random, [axes.set_xscale, axes.set_yscale])(pick(random, ["linear", "log", "symlog"]))


def change_direction(figure, random):
    pick(random, figure.axes).invert_yaxis()


def change_aspect(figure, random):
    axes = pick(random, figure.axes)
    pick(random, [axes.set_aspect, axes.set_box_aspect])(pick(random, [1, 2, 0.5]))


def change_place(figure, random):
    pick(random, figure.axes).set_position((*(random.random(2) / 2), *(0.2 + random.random(2) / 3)))


def change_ticks(figure, random):
    axis = pick(random, [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)])
    pick(
        random,
        [
            lambda: axis.set_ticks([0, 0.5]),
            lambda: axis.set_ticks([0, 0.5], labels=["a", "b"]),
            lambda: axis.set_ticks([0.2, 0.7], minor=True),
            lambda: axis.set_major_locator(ticker.MaxNLocator(3)),
            lambda: axis.get_major_locator().set_params(nbins=2),
            lambda: axis.set_major_formatter("{x:.2f}"),
            lambda: axis.set_major_formatter(lambda x, pos: f"<{x:.1f}>"),
            lambda: axis.set_tick_params(color="r", labelsize=12, length=6),
            lambda: axis.set_tick_params(rotation=45, direction="in"),
            lambda: axis.set_label_text(pick(random, ["", "label", "two\nlines"])),
            lambda: axis.set_label_coords(0.5, 0.5),
            lambda: axis.set_visible(pick(random, [True, False])),
            lambda: axis.grid(pick(random, [True, False]), color=pick(random, ["r", "g"])),
            lambda: axis.get_ticklabels()[0].set_color("r"),
            lambda: axis.get_ticklines()[0].set_markersize(9),
            lambda: axis.get_gridlines()[0].set(color="r", visible=True),
            lambda: axis.get_offset_text().set_color("r"),
            lambda: axis.set_label_position(pick(random, ["top", "bottom"])),
            lambda: axis.set_ticks_position(pick(random, ["top", "both", "default"])),
            lambda: setattr(axis, "labelpad", 10),
            lambda: axis.get_major_formatter().set_powerlimits((0, 0)),
        ],
    )()


def change_ticks_again(figure, random):
    change_ticks(figure, random)


def change_a_tick(figure, random):
    axis = pick(random, [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)])
    tick = pick(random, [*axis.get_major_ticks(), *axis.get_minor_ticks()])
    line = pick(random, [tick.tick1line, tick.tick2line, tick.gridline])
    label = pick(random, [tick.label1, tick.label2])
    pick(
        random,
        [
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
        ],
    )()


def change_by_clearing(figure, random):
    """Clear axes and begin anew, as many updates do, from time to time with other spines or ticks."""
    axes = pick(random, figure.axes)
    axes.clear()
    more = [change_nothing, change_nothing, change_ticks, change_spines, change_a_tick, change_limits]
    for change in (pick(random, more), pick(random, more)):
        change(figure, random)
    axes.plot(random.random(5))


def change_by_clearing_again(figure, random):
    change_by_clearing(figure, random)


def change_spines(figure, random):
    spine = pick(random, pick(random, figure.axes).spines.values())
    pick(
        random,
        [
            lambda: spine.set_position(pick(random, ["zero", "center", ("outward", 5)])),
            lambda: spine.set_bounds(0, 0.5),
            lambda: spine.set_color("r"),
            lambda: spine.set_visible(False),
        ],
    )()


def change_axes(figure, random):
    axes = pick(random, figure.axes)
    pick(
        random,
        [
            lambda: axes.set_title(pick(random, ["", "title", "two\nlines"])),
            lambda: axes.set_title("right", loc="right"),
            lambda: axes.set_title("low", y=0.5),
            lambda: axes.set_axis_off(),
            lambda: axes.set_axis_on(),
            lambda: axes.set_frame_on(pick(random, [True, False])),
            lambda: axes.set_axisbelow(pick(random, [True, False, "line"])),
            lambda: axes.set_visible(pick(random, [True, False])),
            lambda: axes.set_zorder(pick(random, [-1, 0, 5])),
            lambda: axes.set_facecolor(pick(random, COLORS)),
            lambda: axes.set_rasterization_zorder(pick(random, [None, 2])),
            lambda: axes.set_anchor(pick(random, ["C", "SW"])),
            lambda: axes.clear(),
            lambda: axes.remove(),
            lambda: axes.grid(axis="x", which="both"),
            lambda: axes.minorticks_on(),
            lambda: axes.locator_params(nbins=3),
            lambda: axes.ticklabel_format(style="sci", scilimits=(0, 0)),
            lambda: axes.label_outer(),
            lambda: axes.set_animated(pick(random, [True, False])),
            lambda: axes.set_agg_filter(lambda image, _dpi: (image, 1, 1)),
            lambda: axes.set_alpha(0.5),
            lambda: axes.set_axes_locator(lambda axes, renderer: axes.get_position(original=True)),
            lambda: axes.sharex(pick(random, [other for other in figure.axes if other.figure is axes.figure])),
        ],
    )()


def change_axes_again(figure, random):
    change_axes(figure, random)


def change_projection(figure, random):
    axes = pick(random, figure.axes)
    for name, value in {
        "set_theta_offset": random.random(),
        "set_rmax": 1 + random.random(),
        "set_rlabel_position": 90 * random.random(),
        "set_theta_direction": pick(random, [-1, 1]),
        "set_theta_zero_location": pick(random, ["N", "E"]),
        "set_thetamin": 90 * random.random(),
        "set_thetamax": pick(random, [180, 360]),
        "set_rmin": -random.random(),
        "set_rorigin": pick(random, [None, -1]),
        "set_rscale": pick(random, ["linear", "symlog"]),
        "set_rgrids": [0.5, 1],
        "set_thetagrids": [0, 45 + 90 * random.random()],
        "set_longitude_grid": pick(random, [30, 60]),
        "set_latitude_grid": pick(random, [15, 40]),
        "set_longitude_grid_ends": 90 * random.random(),
        "view_init": 90 * random.random(),
    }.items():
        if hasattr(axes, name) and random.random() < 0.25:
            getattr(axes, name)(value)


def change_legend(figure, random):
    axes = pick(random, figure.axes)
    pick(
        random,
        [
            lambda: axes.legend(),
            lambda: axes.legend_.remove(),
            lambda: axes.legend_.get_texts()[0].set_text("changed"),
            lambda: axes.legend_.get_frame().set_facecolor("y"),
            lambda: axes.legend_.set_bbox_to_anchor((0.5, 0.5)),
            lambda: axes.legend_.legend_handles[0].set_color("m"),
        ],
    )()


def change_table(figure, random):
    cells = pick(random, [table for axes in figure.axes for table in axes.tables])
    cell = cells[pick(random, [(0, 0), (1, 1)])]
    pick(random, [lambda: cell.get_text().set_text("changed"), lambda: cell.set_facecolor("y")])()


def change_figure(figure, random):
    pick(
        random,
        [
            lambda: figure.set_facecolor(pick(random, COLORS)),
            lambda: figure.patch.set_alpha(0.5),
            lambda: figure.set_edgecolor("r"),
            lambda: figure.set_linewidth(4),
            lambda: figure.suptitle(pick(random, ["", "new", "two\nlines"])),
            lambda: figure.subplots_adjust(left=random.random() / 3),
            lambda: figure.text(*random.random(2), "added"),
            lambda: figure.add_axes((*(random.random(2) / 2), 0.3, 0.3)),
            lambda: figure.set_frameon(pick(random, [True, False])),
            lambda: figure.align_labels(),
            lambda: figure.autofmt_xdate(),
            lambda: figure.set_layout_engine(pick(random, ["none", "tight", "constrained"])),
            lambda: figure.tight_layout(),
            lambda: figure.subfigs[0].set_facecolor("y"),
            lambda: setattr(figure, "suppressComposite", pick(random, [None, True, False])),
        ],
    )()


def change_settings(figure, random):
    name, values = pick(
        random,
        [
            ("axes.unicode_minus", [True, False]),
            ("hatch.linewidth", [0.5, 3]),
            ("text.antialiased", [True, False]),
            ("path.simplify_threshold", [0.1, 1]),
            ("agg.path.chunksize", [0, 101]),
            ("lines.scale_dashes", [True, False]),
            ("mathtext.fontset", ["cm", "dejavuserif"]),
            ("axes.formatter.limits", [[-5, 6], [0, 0]]),
            ("image.resample", [True, False]),
            ("axes.titlelocation", ["left"]),
        ],
    )
    mpl.rcParams[name] = pick(random, values)


def change_nothing(figure, random):
    pass


def change_by_asking(figure, random):
    """Ask for what makes matplotlib compute, and so change, what drawing also computes."""
    axes = pick(random, figure.axes)
    pick(
        random,
        [
            lambda: axes.get_xticklabels(),
            lambda: axes.get_tightbbox(),
            lambda: figure.get_tightbbox(),
            lambda: axes.title.get_window_extent(),
            lambda: pick(random, axes._children).get_window_extent(),
            lambda: figure.draw_without_rendering(),
            lambda: axes.get_xlim(),
        ],
    )()


AXES = _table("axes_")
ARTISTS = _table("artist_")
CHANGES = _table("change_")
