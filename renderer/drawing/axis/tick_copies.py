"""Ticks that are copied instead of made.

``Axes.clear`` makes eight ticks with five artists each, and takes most of the time of a simple update with that.
``Axis._get_tick`` of matplotlib 3.10 and 3.11 makes a tick of the axis' tick parameters, rcParams and the positions of
the spines; as long as these stay the same, all its ticks come out alike. `TickPatterns` keeps the first. It also has an
axis clip its ticks by one transform of the axes' patch, instead of one for each.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from types import FunctionType, MappingProxyType, NoneType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.cbook import CallbackRegistry
from matplotlib.figure import FigureBase
from matplotlib.font_manager import FontProperties
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.spines import Spine
from matplotlib.transforms import BboxBase, Transform

from renderer.drawing.state.rc import Settings
from renderer.drawing.state.values import NoValueError, value_of
from renderer.mpl.axis import MAKE_TICK, makes_usual_ticks, tick_parameters
from renderer.mpl.hooks import hooked

__all__ = ["TickPattern", "TickPatterns"]


class TickPatterns:
    """Has axes copy the ticks that they would make like ones before."""

    MOST = 8
    """Patterns kept for an axis."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Axis, dict[Hashable, TickPattern | None]] = WeakKeyDictionary()
        self._settings = Settings()

    @contextmanager
    def inside(self, every_axis: Iterable[Axis]) -> Iterator[None]:
        """Let each axis copy its ticks inside the with block, where that makes no difference."""
        usual = [axis for axis in every_axis if _makes_usual_ticks(axis)]
        with hooked(usual, MAKE_TICK, self._make_tick), hooked(usual, "set_clip_path", _clip):
            yield

    def _make_tick(self, make: Callable[..., Any], axis: Axis, major: bool) -> Any:
        key = self._key(axis, major)
        if key is None:
            return make(major=major)
        known = self._known.setdefault(axis, {})
        if key not in known:
            if len(known) == self.MOST:
                known.clear()
            known[key] = TickPattern.of_tick(make(major=major))  # of a tick that nobody else gets hold of
        pattern = known[key]
        return make(major=major) if pattern is None else pattern.copy()

    def _key(self, axis: Any, major: bool) -> Hashable | None:
        """Give all that a tick is made of; None if that is not known."""
        try:
            spines = [axis.axes.spines[side] for side in _SIDES[type(axis)]]
            if any(type(spine) is not Spine for spine in spines):
                return None
            # asking for a spine's position sets it if it is not yet, and with it the ticks back; so does making a tick
            places = [(spine.spine_type, spine.get_position()) for spine in spines]
            kind, parameters = tick_parameters(axis, major)
            value = value_of([parameters, places], {})
        except (KeyError, NoValueError):
            return None
        grid = axis.axes.get_xaxis_transform() if type(axis) is XAxis else axis.axes.get_yaxis_transform()
        return major, kind, value, self._settings.number(), axis.axes.get_figure(root=False), id(grid)


def _clip(former: Callable[..., None], axis: Axis, path: Any, transform: Any = None) -> None:
    """Clip all ticks of an axis by a rectangle whose transform is made once."""
    if type(path) is not Rectangle or transform is not None:
        former(path, transform)
        return
    made = path.get_transform()
    with hooked([path], "get_transform", lambda *_: made):
        former(path)


_SIDES = {XAxis: ("bottom", "top"), YAxis: ("left", "right")}


def _makes_usual_ticks(axis: Any) -> bool:
    kind = type(axis)
    return kind in _SIDES and type(axis.axes) is Axes and makes_usual_ticks(axis) and "set_clip_path" not in vars(axis)


class TickPattern:
    """Makes copies of an artist that are equal to it and share nothing with it that changes.

    Parameters
    ----------
    artist : Artist
        A tick, or a part of one.
    parts : mapping of str to TickPattern, optional
        Attributes that are copied as artists.

    Raises
    ------
    TypeError
        The artist holds something of which it is not known whether copies may share it.
    """

    def __init__(self, artist: Any, parts: "Mapping[str, TickPattern]" = MappingProxyType({})) -> None:
        self._kind = type(artist)
        self._attributes = dict(vars(artist))
        self._parts = parts
        self._own = [name for name in _COPIES if name in self._attributes]
        for name, value in self._attributes.items():
            if not (name in parts or name in _COPIES or name in _REPLACED or _is_shared(value)):
                raise TypeError(name)

    @classmethod
    def of_tick(cls, tick: Any) -> "TickPattern | None":
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
    *(int, float, str, NoneType, np.generic, FunctionType),
    *(Axes, BboxBase, FigureBase, MarkerStyle, Path, Transform),
)
"""What ticks of one axis share, or what does not change."""

_REPLACED = frozenset({"_dash_pattern", "_x", "_xy", "_y"})
"""Lists and arrays that an artist makes for itself, and puts others in place of.

The program may change any other, a color say, and then all ticks that were given it change.
"""


def _is_shared(value: Any) -> bool:
    return all(map(_is_shared, value)) if isinstance(value, tuple) else isinstance(value, _SHARED)


_COPIES: dict[str, Callable[[Any], Any]] = {
    "_callbacks": lambda _: CallbackRegistry(signals=["pchanged"]),
    "_fontproperties": FontProperties.copy,
    "_path_effects": lambda effects: effects,  # matplotlib has the ticks of an axis share them
    "_sticky_edges": lambda edges: edges and type(edges)(*map(list, edges)),
    "_xorig": copy,
    "_yorig": copy,
}
"""How to copy the attributes that each artist has for itself."""
