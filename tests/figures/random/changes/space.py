"""Changes to 3-D axes and the artists in them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tests.figures.random.changes.artists import children_that
from tests.figures.random.properties import COLORS
from tests.figures.random.registry import Random, change, pick

Action = Callable[[], object]
SPATIAL = ("scatter_in_space", "surface_in_space")


def _is_spatial(artist: Any) -> bool:
    return type(artist).__module__.startswith("mpl_toolkits.mplot3d")


in_space = children_that(_is_spatial)


def _axes(figure: Figure) -> list[Any]:
    return [axes for axes in figure.axes if axes.name == "3d"]


@change(_axes, "surface_in_space")
def view(axes: Any, random: Random) -> None:
    actions: list[Action] = [
        lambda: axes.view_init(*(random.random(3) * 90), share=pick(random, [True, False])),
        lambda: axes.view_init(elev=90, azim=0, vertical_axis=pick(random, ["x", "y", "z"])),
        lambda: setattr(axes, "azim", 360 * random.random()),
        lambda: setattr(axes, "roll", 90 * random.random()),
        lambda: axes.set_proj_type(*pick(random, [("ortho",), ("persp",), ("persp", 0.4)])),
        lambda: axes.set_box_aspect(pick(random, [None, (1, 2, 3)]), zoom=0.5 + random.random()),
        lambda: pick(random, [axes.set_xlim3d, axes.set_ylim3d, axes.set_zlim3d])(sorted(random.random(2) * 2)),
        lambda: axes.set_aspect(pick(random, ["equal", "equalxy", "auto"])),
        lambda: pick(random, [axes.invert_xaxis, axes.invert_zaxis])(),
        lambda: setattr(axes, "computed_zorder", pick(random, [True, False])),
        lambda: setattr(axes, "M", axes.get_proj() + 0.1),
        lambda: axes.autoscale(),
    ]
    pick(random, actions)()


@change(_axes, "scatter_in_space")
def around_space(axes: Any, random: Random) -> None:
    axis = pick(random, [axes.xaxis, axes.yaxis, axes.zaxis])
    positions = ["lower", "upper", "default", "both", "none"]
    actions: list[Action] = [
        lambda: axis.set_pane_color((*random.random(3), 0.4)),
        lambda: axis.pane.set_visible(pick(random, [True, False])),
        lambda: axis.line.set_color("r"),
        lambda: axis.set_zorder(pick(random, [0, 1.5, 9])),
        lambda: axis.set_ticks_position(pick(random, positions)),
        lambda: axis.set_label_position(pick(random, positions)),
        lambda: axis.set_rotate_label(pick(random, [True, False])),
        lambda: axis.set_label_text(pick(random, ["", "a label"])),
        lambda: axis.gridlines.set_alpha(0.3),
        lambda: axis._axinfo["grid"].update(color=pick(random, ["r", "b"])),
        lambda: axis._axinfo["tick"].update(inward_factor=random.random()),
        lambda: axes.tick_params(pick(random, ["x", "z"]), pad=9 * random.random(), labelsize=7),
        lambda: axes.grid(pick(random, [True, False])),
        lambda: axes.set_zticks([0, 0.3, 1], labels=["a", "b", "c"]),
        lambda: axes.zaxis.set_major_formatter(axes.xaxis.get_major_formatter()),
        lambda: pick(random, [axes.set_axis_off, axes.set_axis_on])(),
        lambda: axes.set_title(pick(random, ["", "title"])),
        lambda: axes.patch.set_facecolor(pick(random, COLORS)),
    ]
    pick(random, actions)()


@change(in_space, *SPATIAL, weight=3)
def data_in_space(artist: Any, random: Random) -> None:
    count = int(random.integers(3, 9))
    points = random.random((3, count)) * pick(random, [0.3, 1, 2])
    actions: list[Action] = [lambda: artist.set_visible(pick(random, [True, False]))]
    if hasattr(artist, "set_data_3d"):
        actions.append(lambda: artist.set_data_3d(*points))
    if hasattr(artist, "_offsets3d"):
        same = random.random((3, len(artist._offsets3d[0])))
        actions += [lambda: setattr(artist, "_offsets3d", tuple(same)), lambda: _move(artist._offsets3d, random)]
    if hasattr(artist, "set_segments"):
        actions.append(lambda: artist.set_segments(random.random((count, 2, 3))))
    if hasattr(artist, "set_zsort"):
        squares = random.random((count, 4, 3))
        actions += [
            lambda: artist.set_verts(pick(random, [squares, list(squares), [squares[0], squares[1][:3]]])),
            lambda: artist.set_zsort(pick(random, ["average", "min", "max"])),
        ]
    if hasattr(artist, "set_position_3d"):
        actions.append(lambda: artist.set_position_3d(random.random(3), pick(random, [None, "x", (1, 1, 0)])))
    pick(random, actions)()


def _move(coordinates: Any, random: Random) -> None:
    for values in coordinates:
        if isinstance(values, np.ndarray) and values.flags.writeable:
            values[0] = random.random()


@change(in_space, *SPATIAL, weight=3)
def look_in_space(artist: Any, random: Random) -> None:
    values: dict[str, list[Any]] = {
        "set_depthshade": [True, False],
        "set_sort_zpos": [0, 1, 5],
        "set_facecolor": [*COLORS, ["r", "g", "b"]],
        "set_edgecolor": [*COLORS, "face"],
        "set_alpha": [None, 0.3],
        "set_sizes": [np.array([9.0]), np.array([9.0, 90.0, 30.0])],
        "set_linewidth": [0, 2, [1, 2, 3]],
        "set_zorder": [0, 3, 9],
        "set_cmap": ["magma"],
        "set_clim": [(0, 0.5)],
    }
    name = pick(random, [name for name in values if hasattr(artist, name)])
    getattr(artist, name)(pick(random, values[name]))


@change(in_space, *SPATIAL)
def state_in_space(artist: Any, random: Random) -> None:
    """Change what a draw makes, or one of the attributes that matplotlib has no setter for."""
    actions: list[Action] = [
        lambda: setattr(artist, "_axlim_clip", pick(random, [True, False])),
        lambda: artist.set_clip_path(artist.axes.patch),
    ]
    if hasattr(artist, "do_3d_projection"):
        actions.append(artist.do_3d_projection)
    if len(getattr(artist, "_paths", ())):
        actions.append(lambda: setattr(artist, "_paths", artist._paths[:1]))
    pick(random, actions)()
