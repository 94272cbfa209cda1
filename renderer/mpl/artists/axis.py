"""What an axis is made of: its ticks, spines, scale and transforms (matplotlib 3.10 and 3.11).

Where an attribute is missing, the functions raise AttributeError, and the axis draws itself. `has_tick_steps` and
`makes_usual_ticks` tell of missing methods: ticks are then made and updated as often as matplotlib does.
"""

from operator import is_
from typing import Any

from matplotlib.axis import Axis, Tick, XAxis, XTick, YTick
from matplotlib.text import Text
from matplotlib.transforms import (
    BboxTransformFrom,
    BboxTransformTo,
    BlendedAffine2D,
    BlendedGenericTransform,
    CompositeGenericTransform,
    Transform,
)

from renderer.mpl.hooks import hooked

MAKE_TICK = "_get_tick"
"""The method by which an axis makes a tick, called with ``major`` as a keyword."""

COPY_TICK = "_copy_tick_props"
"""The method by which an axis gives a tick the properties of another one."""

APPLY_TICK_PARAMETERS = "_apply_params"
"""The method by which an axis has a tick take parameters."""

SWITCHES_OF_TICKS = frozenset({"gridOn", "label1On", "label2On", "tick1On", "tick2On"})
"""The parameters that say whether a part of a tick is visible."""

TICK_PLACES = frozenset(f"get_{name}axis_{kind}transform" for name in "xy" for kind in ("", "text1_", "text2_"))
"""The methods of axes that place the parts of a tick."""

UPDATE_TICKS = "_update_ticks"
"""The method by which an axis updates its ticks, and returns those to draw."""

MEASURE_LABELS = "_get_ticklabel_bboxes"
"""The method by which an axis measures the labels of ticks, on a renderer."""

LAY_OUT_TEXT = "_get_layout"
"""The method by which a text is laid out, on a renderer."""

LAST_RENDERER = "_renderer"
"""The attribute in which a text keeps the renderer it was last drawn or measured on."""


def has_tick_steps(axis: Axis) -> bool:
    """Whether an axis and its texts have the methods named here."""
    methods = (COPY_TICK, MAKE_TICK, MEASURE_LABELS, UPDATE_TICKS)
    return all(hasattr(axis, name) for name in methods) and hasattr(Text, LAY_OUT_TEXT)


def is_major(tick: Any) -> bool | None:
    """Whether a tick is a major one; None if it does not say."""
    return getattr(tick, "_major", None)


def makes_usual_ticks(axis: Any) -> bool:
    """Whether an axis makes ticks of matplotlib's classes, by a method that nobody has replaced."""
    usual = getattr(axis, "_tick_class", None) in (XTick, YTick) and MAKE_TICK not in vars(axis)
    return usual and all(hasattr(axis, name) for name in (MAKE_TICK, "_major_tick_kw", "_minor_tick_kw"))


def tick_parameters(axis: Any, major: bool) -> tuple[type[Tick], dict[str, Any]]:
    """Return the class and the parameters of the ticks that an axis makes."""
    return axis._tick_class, axis._major_tick_kw if major else axis._minor_tick_kw


def detach(tick: Any) -> None:
    """Have a tick forget its axes, its figure and its transforms."""
    for artist in (tick, *tick.get_children()):
        vars(artist).update(_axes=None, _parent_figure=None, _transform=None)


def attach(tick: Any, axis: Any) -> None:
    """Put a tick into the axes of an axis, as the tick's class does when it makes one."""
    axes = axis.axes
    place = axes.get_xaxis_transform if type(axis) is XAxis else axes.get_yaxis_transform
    for artist in (tick, *tick.get_children()):
        vars(artist)["_parent_figure"] = axes.get_figure(root=False)
    vars(tick)["_axes"] = axes
    vars(tick.tick1line)["_transform"] = place("tick1")
    vars(tick.tick2line)["_transform"] = place("tick2")
    vars(tick.gridline)["_transform"] = place("grid")
    vars(tick.label1)["_transform"] = tick._get_text1_transform()[0]
    vars(tick.label2)["_transform"] = tick._get_text2_transform()[0]


def attach_to_usual_spines(tick: Any, axis: Any) -> None:
    """Put a tick into the axes of an axis whose spines stand at the edges of the axes, and leave the spines be.

    A spine that is asked for its place may reset the ticks of its axis.
    """
    with (
        hooked([axis.axes], "get_xaxis_transform", lambda former, *_, **__: former("grid")),
        hooked([axis.axes], "get_yaxis_transform", lambda former, *_, **__: former("grid")),
    ):
        attach(tick, axis)


def ticks_after_reset(axis: Any) -> list[Tick]:
    """Make the ticks that ``Axis.reset_ticks`` would put in place of the present ones."""
    ticks = [axis._get_tick(major=True), axis._get_tick(major=False)]
    for tick in ticks:
        tick.set_clip_path(axis.axes.patch)
    return ticks


EDGE = ("outward", 0.0)
"""The position of a spine that stands at the edge of the axes."""


def has_position(spine: Any) -> bool:
    """Whether a spine has a position; ``Axes.clear`` leaves it without, and ``get_position`` sets it."""
    return spine._position is not None


def stands_at_value(spine: Any) -> bool:
    """Whether a spine stands at a value of the other axis."""
    position = spine._position
    return position is not None and position != "center" and (position == "zero" or position[0] == "data")


def has_aligned_label(axis: Any) -> bool:
    """Whether the label is aligned with that of other axes."""
    group = axis.get_figure(root=False)._align_label_groups[axis.axis_name]
    return len(list(group.get_siblings(axis.axes))) > 1


def scales(axes: Any) -> tuple[Transform, Transform, Transform]:
    """Return the transform of both scales, that of the x axis and that of the y axis.

    Raises
    ------
    AttributeError
        The transform is not made of one for each axis.
    """
    both: Any = axes.transScale._child
    if type(both) not in (BlendedAffine2D, BlendedGenericTransform):
        raise AttributeError(both)
    return both, both._x, both._y


def axis_transforms(axes: Any) -> tuple[Any, Any]:
    """Return the transforms of things that stand along the x axis and along the y axis."""
    return axes._xaxis_transform, axes._yaxis_transform


_KINDS = (*[CompositeGenericTransform] * 2, BboxTransformFrom, BboxTransformTo, *[BlendedGenericTransform] * 2)


def has_usual_transforms(axes: Any) -> bool:
    """Whether the transforms of axes are made of one another as `Axes` makes them."""
    data, limits = axes.transData, axes.transLimits
    horizontal, vertical = axis_transforms(axes)
    kinds = tuple(map(type, (data, data._b, limits, axes.transAxes, horizontal, vertical)))
    if kinds != _KINDS:
        return False
    box, place = limits._boxin, axes.transAxes
    parts = data._a, data._b._a, data._b._b, box._bbox, box._transform, place._boxout
    expected = axes.transScale, limits, place, axes._viewLim, axes.transScale, axes.bbox
    blended = horizontal._x, horizontal._y, vertical._x, vertical._y
    return all(map(is_, (*parts, *blended), (*expected, data, place, place, data)))
