"""Ticks that are copied instead of made.

``Axes.clear`` makes eight ticks with five artists each, which takes most of the time of a simple update.
``Axis._get_tick`` of matplotlib 3.10 and 3.11 makes a tick of the axis' tick parameters, rcParams and the positions of
the spines; as long as these stay the same, all its ticks come out alike. `TickPatterns` keeps the first. It also has an
axis clip its ticks by one transform of the axes' patch, instead of one for each.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FunctionType, MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.figure import FigureBase
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle

from renderer.drawing.axis.value import axis_spines, present_ticks
from renderer.drawing.state.attributes import FORMS, UnknownError
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.known import ATTRIBUTES, COPIES, REPLACED, TICK_PARTS
from renderer.drawing.state.values import value_of
from renderer.mpl.axis import MAKE_TICK, makes_usual_ticks, tick_parameters
from renderer.mpl.hooks import hooked


class TickPatterns:
    """Has axes copy ticks that would come out like earlier ones."""

    MOST = 8
    """Patterns kept for an axis."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Axis, dict[Hashable, TickPattern | None]] = WeakKeyDictionary()

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
            known[key] = TickPattern.of_tick(make(major=major))  # of a tick that nobody else holds
        pattern = known[key]
        return make(major=major) if pattern is None else pattern.copy()

    def _key(self, axis: Any, major: bool) -> Hashable | None:
        """Return all that decides what a tick looks like; None if that is not known."""
        try:
            kind, parameters = tick_parameters(axis, major)
            value = value_of([_places(axis), parameters], {})
        except UnknownError:
            return None
        grid = axis.axes.get_xaxis_transform() if type(axis) is XAxis else axis.axes.get_yaxis_transform()
        return major, kind, value, SETTINGS.number(), axis.axes.get_figure(root=False), id(grid)


def _clip(former: Callable[..., None], axis: Axis, path: Any, transform: Any = None) -> None:
    """Clip all ticks of an axis by a rectangle whose transform is made once.

    Making the first tick places the spines, which resets the ticks, so that they are made and clipped again. Where the
    spines are placed before, this happens once.
    """
    if not present_ticks(axis):
        with suppress(UnknownError):
            _places(axis)
        if present_ticks(axis) and path is axis.axes.patch and transform is None:
            return
    if type(path) is not Rectangle or transform is not None:
        former(path, transform)
        return
    common = path.get_transform()
    with hooked([path], "get_transform", lambda *_: common):
        former(path)


def _places(axis: Axis) -> list[tuple[Any, Any]]:
    """Return where the spines of an axis stand. A spine without a position gets one, as when a tick is made."""
    return [(spine.spine_type, spine.get_position()) for spine in axis_spines(axis)]


def _makes_usual_ticks(axis: Any) -> bool:
    usual = type(axis) in (XAxis, YAxis) and type(axis.axes) is Axes
    return usual and makes_usual_ticks(axis) and "set_clip_path" not in vars(axis)


class TickPattern:
    """Makes copies of an artist that are equal to it, and share nothing with it that changes.

    Parameters
    ----------
    artist : Artist
        A tick, or a part of one.
    parts : mapping of str to TickPattern, optional
        Attributes that are copied as artists.

    Raises
    ------
    UnknownError
        The artist holds an object of which it is not known whether copies may share it.
    """

    def __init__(self, artist: Any, parts: "Mapping[str, TickPattern]" = MappingProxyType({})) -> None:
        self._kind = type(artist)
        if FORMS[self._kind] == "unknown":
            raise UnknownError(artist)
        self._attributes = dict(vars(artist))
        self._parts = parts
        self._copies = [(name, copy) for name, copy in COPIES.items() if name in self._attributes]
        for name, value in self._attributes.items():
            if not (name in parts or name in COPIES or name in REPLACED or _is_shared(value)):
                raise UnknownError(value)

    @classmethod
    def of_tick(cls, tick: Any) -> "TickPattern | None":
        """Return the pattern of a tick, if it can be copied."""
        try:
            return cls(tick, {name: cls(vars(tick)[name]) for name in TICK_PARTS})
        except (KeyError, UnknownError):
            return None

    def copy(self) -> Any:
        """Return a copy."""
        attributes = self._attributes.copy()
        for name, copy in self._copies:
            attributes[name] = copy(attributes[name])
        for name, part in self._parts.items():
            attributes[name] = part.copy()
        artist = object.__new__(self._kind)
        vars(artist).update(attributes)
        return artist


_SHARED = (FunctionType, Axes, FigureBase, MarkerStyle)


def _is_shared(value: Any) -> bool:
    """Whether the ticks of an axis may share a value, because it never changes or matplotlib has them share it."""
    if isinstance(value, tuple):
        return all(map(_is_shared, value))
    return isinstance(value, _SHARED) or type(value) in ATTRIBUTES or FORMS[type(value)] == "leaf"
