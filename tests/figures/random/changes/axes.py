"""Changes to axes: limits, scales, places, spines, and clearing them."""

from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.figures.random.properties import COLORS
from tests.figures.random.registry import CHANGES, Random, change, pick

Action = Callable[[], object]


def all_axes(figure: Figure) -> list[Axes]:
    """Return the axes of a figure."""
    return figure.axes


def with_limits(figure: Figure) -> list[Axes]:
    """Return the axes whose limits can be set: all but maps."""
    return [axes for axes in figure.axes if axes.name in ("rectilinear", "polar", "3d")]


def flat(figure: Figure) -> list[Axes]:
    """Return all axes but 3-D ones."""
    return [axes for axes in figure.axes if axes.name != "3d"]


@change(with_limits)
def limits(axes: Any, random: Random) -> None:
    widest = 5 if axes.name == "polar" else 2e6  # rounds of a circle become arcs, in gigabytes
    pick(random, [axes.set_xlim, axes.set_ylim])(sorted(random.random(2) * pick(random, [1, 5, widest])))


@change(all_axes)
def view_limits_directly(axes: Axes, random: Random) -> None:
    axes.viewLim.x1 = random.random() + 1


@change(all_axes)
def autoscale(axes: Any, random: Random) -> None:
    axes.relim()
    pick(random, [axes.autoscale_view, axes.autoscale])()


@change(all_axes)
def margins(axes: Axes, random: Random) -> None:
    axes.margins(random.random())


@change(with_limits)
def scale(axes: Axes, random: Random) -> None:
    setters: list[Any] = [axes.set_yscale] if axes.name == "polar" else [axes.set_xscale, axes.set_yscale]
    pick(random, setters)(pick(random, ["linear", "log", "symlog"]))


@change(with_limits)
def direction(axes: Axes, random: Random) -> None:
    axes.invert_yaxis()


@change(flat)
def aspect(axes: Any, random: Random) -> None:
    setters = [axes.set_aspect, axes.set_box_aspect] if axes.name == "rectilinear" else [axes.set_aspect]
    pick(random, setters)(pick(random, [1, 2, 0.5]))


@change(all_axes)
def place(axes: Axes, random: Random) -> None:
    axes.set_position((*(random.random(2) / 2), *(0.2 + random.random(2) / 3)))


@change(lambda figure: [spine for axes in figure.axes for spine in axes.spines.values()])
def spines(spine: Any, random: Random) -> None:
    actions: list[Action] = [lambda: spine.set_color("r"), lambda: spine.set_visible(False)]
    if spine.spine_type in ("left", "right", "top", "bottom"):
        actions += [
            lambda: spine.set_position(pick(random, ["zero", "center", ("outward", 5)])),
            lambda: spine.set_bounds(0, 0.5),
        ]
    pick(random, actions)()


@change(all_axes, weight=2)
def parts_of_axes(axes: Any, random: Random) -> None:
    actions: list[Action] = [
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
    ]
    others = [other for other in axes.figure.axes if other is not axes and other.figure is axes.figure]
    if others and axes._sharex is None:
        actions.append(lambda: axes.sharex(pick(random, others)))
    pick(random, actions)()


@change(flat)
def patch_of_axes(axes: Any, random: Random) -> None:
    """Change the rectangle that clips artists, and add one."""
    actions: list[Action] = [
        lambda: axes.patch.set(width=random.random()) if axes.name == "rectilinear" else None,
        lambda: axes.patch.set(angle=90 * random.random()) if axes.name == "rectilinear" else None,
        lambda: axes.patch.set_transform(axes.figure.transFigure),
        lambda: axes.patch.set_transform(axes.transAxes),
        axes.clear,
    ]
    pick(random, actions)()
    axes.plot(random.random(4), color="r", linewidth=4)


@change(with_limits)
def bars(axes: Any, random: Random) -> None:
    if axes.name == "3d":
        return
    x, y, width, height = random.normal(size=4)
    transforms = axes.transData, axes.transAxes, axes.get_xaxis_transform()
    angle = pick(random, [0, 0, 30 * random.random()])
    about: Any = pick(random, ["xy", "center", (0.5, 0.5)])
    bar = Rectangle((x, y), width, height, angle=angle, rotation_point=about, transform=pick(random, transforms))
    axes.add_patch(bar)
    pick(random, [axes.autoscale_view, axes.relim, lambda: bar.set_x(random.random())])()


@change(all_axes)
def projection(axes: Any, random: Random) -> None:
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


@change(all_axes, "line")
def legend(axes: Axes, random: Random) -> None:
    present: Any = axes.legend_
    if present is None:
        axes.legend()
        return
    actions: list[Action] = [
        lambda: axes.legend(),
        lambda: present.remove(),
        lambda: present.get_frame().set_facecolor("y"),
        lambda: present.set_bbox_to_anchor((0.5, 0.5)),
    ]
    if present.legend_handles:
        actions += [
            lambda: present.get_texts()[0].set_text("changed"),
            lambda: present.legend_handles[0].set_color("m"),
        ]
    pick(random, actions)()


@change(flat, weight=2)
def clearing(axes: Axes, random: Random) -> None:
    """Clear axes and begin anew, as many updates do, from time to time with other spines or ticks."""
    figure: Any = axes.get_figure(root=True)
    axes.clear()
    more = ["nothing", "nothing", "ticks", "spines", "single_tick", "limits"]
    for name in (pick(random, more), pick(random, more)):
        CHANGES[name].make(figure, random)
    axes.plot(random.random(5))
