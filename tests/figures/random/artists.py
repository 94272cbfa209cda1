"""Artists of all kinds, and on which axes they can be drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryConverter
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, ConnectionPatch
from mpl_toolkits.mplot3d.art3d import Poly3DCollection  # type: ignore[import-untyped]

from tests.figures.kinds import FILLS
from tests.figures.random.registry import Apply, Condition, Random, artist, pick


def anywhere(_: Axes) -> bool:
    """Whether artists that know 3-D axes, or have nothing to do with them, can be drawn: always."""
    return True


def flat(axes: Axes) -> bool:
    """Whether two coordinates make a point."""
    return axes.name != "3d"


def spatial(axes: Axes) -> bool:
    """Whether three coordinates make a point."""
    return axes.name == "3d"


def numeric(axes: Axes) -> bool:
    """Whether floats can be drawn as they are."""
    return flat(axes) and not isinstance(axes.xaxis.get_converter(), StrCategoryConverter)


def linear(axes: Axes) -> bool:
    """Whether straight lines stay straight."""
    return axes.name == "rectilinear" and {axes.get_xscale(), axes.get_yscale()} == {"linear"}


def straight_or_polar(axes: Axes) -> bool:
    """Whether limits can be set."""
    return axes.name in ("rectilinear", "polar")


def of_a_figure(axes: Axes) -> bool:
    """Whether the axes are in a figure itself, not in a part of it."""
    return isinstance(axes.figure, Figure)


HOMES: dict[Condition, tuple[str, ...]] = {spatial: ("spatial_with_options", "three_dimensional")}
"""The axes that meet a condition which few meet."""

ONE_CALL: dict[Condition, dict[str, Apply]] = {
    anywhere: {
        "line": lambda axes, random: axes.plot(
            random.random(9), random.random(9), pick(random, ["-", "o--", "s:", "^-."]), label="line"
        ),
        "scatter": lambda axes, random: axes.scatter(
            *random.random((2, 7)), c=random.random(7), s=90 * random.random(7), label="points"
        ),
        "image": lambda axes, random: axes.imshow(
            random.random((5, 5)),
            aspect="auto",
            extent=(0, 1, 0, 1),
            interpolation=pick(random, ["nearest", "bilinear"]),
        ),
        "note": lambda axes, random: axes.annotate(
            "note", random.random(2), random.random(2), arrowprops={"arrowstyle": "->"}
        ),
        "note_on_an_artist": lambda axes, random: axes.annotate(
            "on it", (1, 1), (3, 3), xycoords=pick(random, axes.get_children()), textcoords="offset points"
        ),
        "legend": lambda axes, random: axes.legend(
            *axes.get_legend_handles_labels(), loc=pick(random, ["best", "upper left", "center"])
        ),
        "figure_line": lambda axes, random: axes.figure.add_artist(
            Line2D(random.random(2), random.random(2), color="r")
        ),
        "figure_text": lambda axes, random: axes.figure.text(
            *random.random(2), "figure", transform=pick(random, [None, axes.transAxes, axes.transData])
        ),
        "figure_title": lambda axes, random: axes.figure.suptitle("suptitle"),
        "figure_legend": lambda axes, random: axes.figure.legend(loc="lower left"),
    },
    flat: {
        "mesh": lambda axes, random: axes.pcolormesh(
            random.random((4, 4)), shading=pick(random, ["flat", "gouraud"]) if random.random() < 0.5 else None
        ),
        "pcolor": lambda axes, random: axes.pcolor(random.random((4, 4))),
        "histogram": lambda axes, random: axes.hist(
            random.random(30), bins=5, histtype=pick(random, ["bar", "step", "stepfilled"])
        ),
        "text": lambda axes, random: axes.text(
            *random.random(2), pick(random, ["text", "two\nlines", "$x^2$"]), rotation=pick(random, [0, 30, 90])
        ),
        "boxed_text": lambda axes, random: axes.text(
            *random.random(2), "boxed", bbox={"boxstyle": "round", "facecolor": "w"}, transform=axes.transAxes
        ),
        "wrapped_text": lambda axes, random: axes.text(0.5, 0.5, "a text that is wrapped " * 2, wrap=True),
        "animated": lambda axes, random: axes.plot(random.random(5), animated=True),
    },
    spatial: {
        "scatter_in_space": lambda axes, random: axes.scatter(
            *random.random((3, 7)),
            c=pick(random, [None, random.random(7)]),
            s=pick(random, [20, 90 * random.random(7)]),
        ),
        "surface_in_space": lambda axes, random: axes.plot_surface(
            *np.mgrid[0:1:5j, 0:1:5j],
            random.random((5, 5)),
            cmap=pick(random, [None, "magma"]),
            alpha=pick(random, [None, 0.5]),
        ),
        "text_in_space": lambda axes, random: axes.text(*random.random(3), "text", pick(random, [None, "x", "z"])),
        "polygons_in_space": lambda axes, random: axes.add_collection3d(
            Poly3DCollection(list(random.random((3, 4, 3))), facecolors=["r", "g", "b"])
        ),
    },
    straight_or_polar: {
        "pie": lambda axes, random: axes.pie(random.random(3), labels=list("abc")),
    },
    of_a_figure: {
        "figure_image": lambda axes, random: axes.figure.figimage(random.random((20, 20)), *random.integers(0, 50, 2)),
    },
}
for fits, makers in ONE_CALL.items():
    for name, add in makers.items():
        artist(fits, name)(add)

OF_KINDS: dict[Condition, str] = {
    flat: (
        "scatter_with_edges markers_and_styles error_bars stems path_effects_and_sketch bars_with_labels stairs stack "
        "filled_between contours streams boxes_and_violins triangles hexagons segments collections "
        "patches table user_transform"
    ),
    numeric: "quiver barbs",
    spatial: (
        "line_3d point_over_surface points_3d polygons_3d lines_3d bars_and_patches_3d contours_3d texts_3d "
        "ordered_by_hand artists_that_come_and_go clipped_to_limits"
    ),
    linear: "spans_and_infinite_lines",
}
for fits, names in OF_KINDS.items():
    for name in names.split():
        artist(fits, name)(lambda axes, random, fill=FILLS[name]: fill(axes))  # type: ignore[misc]


@artist(anywhere)
def image_and_bar(axes: Any, random: Random) -> None:
    shown = axes.imshow(random.random((5, 5)), aspect="auto", norm=pick(random, [Normalize(), LogNorm()]))
    axes.figure.colorbar(shown, ax=axes, extend=pick(random, ["neither", "both"]))


@artist(numeric)
def connection(axes: Any, random: Random) -> None:
    other = pick(random, axes.figure.axes)
    ends: Any = random.random((2, 2))
    axes.add_artist(ConnectionPatch(ends[0], ends[1], "data", "data", axesA=axes, axesB=other))


@artist(flat)
def clipped(axes: Any, random: Random) -> None:
    (line,) = axes.plot(random.random(5), lw=5)
    line.set_clip_path(Circle((0.5, 0.5), 0.3, transform=axes.transAxes))


@artist(anywhere)
def subfigure(axes: Any, random: Random) -> None:
    """A part of the figure, or of the subfigure, that the axes are in; its axes may share limits with any others."""
    outer, others = axes.figure, axes.get_figure(root=True).axes
    place = outer.add_gridspec(2, 2)[tuple(random.integers(2, size=2))]
    part = outer.add_subfigure(place, facecolor=pick(random, ["none", "0.9", (1, 0, 0, 0.3)]))
    shared = pick(random, [None, None, *(other for other in others if other.name == "rectilinear")])
    inner = part.add_subplot(ylabel=pick(random, ["", "y"]), title=pick(random, ["", "inner"]), sharex=shared)
    inner.plot(random.random(5), label="inner")
    inner.set_aspect(pick(random, ["auto", "auto", 1]))
    additions: list[Callable[[], object]] = [
        lambda: part.suptitle("part"),
        lambda: part.legend(loc="upper right"),
        lambda: part.text(*random.random(2), "text"),
        lambda: part.add_artist(Line2D(random.random(2), random.random(2))),
        lambda: part.colorbar(inner.imshow(random.random((3, 3)))),
        lambda: axes.get_figure(root=True).align_labels(),
        lambda: outer.align_labels([axes, inner]),
    ]
    for addition in random.permutation(len(additions))[:2]:
        additions[addition]()
