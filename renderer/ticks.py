"""An axis that updates its ticks once where it would do so three times, and copies them where it would make them.

``Axis.draw`` and ``Axis.get_tightbbox`` of matplotlib 3.10 and 3.11 update the ticks (``_update_ticks``) for
themselves, for the place of the label and for the length of the spine, and measure the tick labels
(``_get_ticklabel_bboxes``) twice. Nothing changes in between, unless a locator or a formatter of the program's own
gives something else each time.

An axis that lacks ticks makes each one (``_get_tick``) and gives it what the first one looks like
(``_copy_tick_props``). All that are made in one go come out alike, so that one is made and the others are its copies.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from types import FunctionType, MappingProxyType, NoneType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, XTick, YAxis, YTick
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.cbook import CallbackRegistry
from matplotlib.figure import FigureBase
from matplotlib.font_manager import FontProperties
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import BboxBase, Transform

from renderer.hooks import hooked
from renderer.values import NoValueError, value_of

__all__ = ["ticks_made_once", "ticks_updated_once"]


@contextmanager
def ticks_updated_once(axis: Axis) -> Iterator[None]:
    """Let *axis* update its ticks and measure their labels once inside the with block, if that makes no difference."""
    if not _are_repeatable(axis):
        yield
        return
    known: dict[str, Any] = {}

    def update(former: Callable[[], Any], axis: Axis) -> Any:
        if "ticks" not in known:
            with ticks_made_once(axis):
                known["ticks"] = former()
        return known["ticks"]

    def measure(former: Callable[..., Any], axis: Axis, ticks: list[Any], renderer: RendererAgg) -> Any:
        if ticks is not known.get("ticks"):
            return former(ticks, renderer)
        if "boxes" not in known:
            known["boxes"] = former(ticks, renderer)
        return known["boxes"]

    with hooked([axis], "_update_ticks", update), hooked([axis], "_get_ticklabel_bboxes", measure):
        yield


@contextmanager
def ticks_made_once(axis: Axis) -> Iterator[None]:
    """Let *axis* copy ticks that it would make alike, inside the with block; nobody else may change them there."""
    patterns: dict[bool | None, _Pattern | None] = {}
    copies: list[Any] = []

    def make(former: Callable[..., Any], axis: Axis, major: bool) -> Any:
        pattern = patterns.get(major)
        if pattern is None:
            return former(major=major)
        copies.append(pattern.copy())
        return copies[-1]

    def dress(former: Callable[..., None], axis: Axis, first: Any, tick: Any) -> None:
        if not any(tick is copied for copied in copies):
            former(first, tick)
            patterns[getattr(tick, "_major", None)] = _Pattern.of_tick(tick)

    with hooked([axis], "_get_tick", make), hooked([axis], "_copy_tick_props", dress):
        yield


class _Pattern:
    """Makes copies of an artist that are equal to it and share nothing with it that changes.

    Parameters
    ----------
    artist : Artist
        A tick, or a part of one.
    parts : mapping of str to _Pattern, optional
        Attributes that are copied as artists.

    Raises
    ------
    TypeError
        The artist holds something of which it is not known whether copies may share it.
    """

    def __init__(self, artist: Any, parts: "Mapping[str, _Pattern]" = MappingProxyType({})) -> None:
        self._kind = type(artist)
        self._attributes = dict(vars(artist))
        self._parts = parts
        self._own = [name for name in _COPIES if name in self._attributes]
        for name, value in self._attributes.items():
            if not (name in parts or name in _COPIES or isinstance(value, _SHARED)):
                raise TypeError(name)

    @classmethod
    def of_tick(cls, tick: Any) -> "_Pattern | None":
        """Give what copies a tick, if it can be copied."""
        try:
            return cls(tick, {name: cls(vars(tick)[name]) for name in _TICK_PARTS})
        except (KeyError, TypeError):
            return None

    def copy(self) -> Any:
        """Make a copy."""
        attributes = self._attributes.copy()
        for name in self._own:
            attributes[name] = _COPIES[name](attributes[name])
        for name, part in self._parts.items():
            attributes[name] = part.copy()
        copied = object.__new__(self._kind)
        vars(copied).update(attributes)
        return copied


_TICK_PARTS = ("tick1line", "tick2line", "gridline", "label1", "label2")

_SHARED = (
    *(int, float, str, NoneType, tuple, np.generic, FunctionType),
    *(Axes, BboxBase, FigureBase, MarkerStyle, Path, Transform),
    np.ndarray,  # of a line's points, which are put in place of others when the tick is moved
)
"""What ticks of one axis share, or what does not change."""

_COPIES: dict[str, Callable[[Any], Any]] = {
    "_callbacks": lambda _: CallbackRegistry(signals=["pchanged"]),
    "_fontproperties": FontProperties.copy,
    "_path_effects": lambda effects: effects,  # matplotlib has the ticks of an axis share them
    "_sticky_edges": lambda edges: edges and type(edges)(*map(list, edges)),
    "_xorig": copy,
    "_yorig": copy,
}
"""How to copy the attributes that each artist has for itself."""


_STEPS = ("_copy_tick_props", "_get_tick", "_get_ticklabel_bboxes", "_update_ticks")


def _are_repeatable(axis: Axis) -> bool:
    """Tell whether ticks come out the same when they are asked for again."""
    names = {id(axis): "axis"}
    try:
        value_of(axis.major, names)
        value_of(axis.minor, names)
    except NoValueError:
        return False
    made = (*vars(axis).get("majorTicks", ()), *vars(axis).get("minorTicks", ()))
    return (
        type(axis) in (XAxis, YAxis)
        and all(hasattr(axis, name) for name in _STEPS)
        and all(type(tick) in (XTick, YTick) for tick in made)
    )
