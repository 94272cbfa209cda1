"""Ticks that are copied instead of made.

``Axes.clear`` makes eight ticks with five artists each, which takes most of the time of a simple update.
``Axis._get_tick`` of matplotlib 3.10 and 3.11 makes a tick of the axis' tick parameters, rcParams and the positions of
the spines; as long as these stay the same, ticks come out alike, in any figure, but for their transforms. The first is
kept, and an axis that is cleared has it copied when somebody looks at the ticks.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.patches import Rectangle

from renderer.drawing.agg.lru import Lru
from renderer.drawing.axis.fresh_ticks import TICK_LISTS, FreshTicks, TickOrigin, fresh_ticks, set_tick_parameters
from renderer.drawing.axis.tick_pattern import TickPattern
from renderer.drawing.axis.value import axis_spines
from renderer.drawing.state.attributes import UnknownError
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.values import value_of
from renderer.mpl.artists.axis import EDGE, MAKE_TICK, TICK_PLACES, attach, makes_usual_ticks, tick_parameters
from renderer.mpl.hooks import hooked

_PATTERNS: Lru[tuple[TickPattern | None]] = Lru(128, lambda _: 1)
"""The ticks that were made first, in any figure; None for those that cannot be copied. Each takes some 20 KiB."""

_Places = list[tuple[Any, Any]]
"""The type and the position of each spine of an axis."""


@contextmanager
def ticks_copied(every_axis: Iterable[Axis]) -> Iterator[None]:
    """Let each axis copy its ticks inside the with block, where that makes no difference."""
    usual = [axis for axis in every_axis if _makes_usual_ticks(axis)]
    with (
        hooked(usual, MAKE_TICK, _make_tick),
        hooked(usual, "set_clip_path", _clip),
        hooked(usual, "set_tick_params", set_tick_parameters),
    ):
        yield


def _makes_usual_ticks(axis: Any) -> bool:
    if type(axis) not in (XAxis, YAxis) or type(axis.axes) is not Axes or not makes_usual_ticks(axis):
        return False
    own = vars(axis).keys() & {"set_clip_path", "set_tick_params"} or vars(axis.axes).keys() & TICK_PLACES
    return not own


def _make_tick(make: Callable[..., Any], axis: Axis, major: bool) -> Any:
    try:
        origin = _origin(axis, major, _places(axis))
    except UnknownError:
        return make(major=major)
    kept = _PATTERNS.get(origin)
    if kept is None:
        kept = _PATTERNS.put(origin, (TickPattern.of_free_tick(make(major=major)),))
    (pattern,) = kept
    if pattern is None:
        return make(major=major)
    tick = pattern.copy()
    attach(tick, axis)
    return tick


def _origin(axis: Axis, major: bool, places: _Places) -> TickOrigin:
    """Return what a tick of an axis is made of; an `UnknownError` if that is not known."""
    kind, parameters = tick_parameters(axis, major)
    return TickOrigin(kind, major, value_of([places, parameters], {}), SETTINGS.number())


def _places(axis: Axis) -> _Places:
    """Return where the spines of an axis stand. A spine without a position gets one, as when a tick is made."""
    return [(spine.spine_type, spine.get_position()) for spine in axis_spines(axis)]


def _clip(former: Callable[..., None], axis: Axis, path: Any, transform: Any = None) -> None:
    """Clip all ticks of an axis by a rectangle whose transform is made once.

    Making the first tick places the spines, which resets the ticks, so that they are made and clipped again. Where the
    spines are placed before, this happens once.
    """
    if not _has_ticks(axis):
        with suppress(UnknownError):
            places = _places(axis)
            if not _has_ticks(axis):
                _keep_back(axis, places)
            elif path is axis.axes.patch and transform is None:
                return
    if type(path) is not Rectangle or transform is not None:
        former(path, transform)
        return
    common = path.get_transform()
    with hooked([path], "get_transform", lambda *_: common):
        fresh = fresh_ticks(axis)
        if len(fresh) < len(TICK_LISTS):
            former(path)
            return
        Artist.set_clip_path(axis, path)
        axis.stale = True
    for ticks in fresh:
        ticks.clip(path, common)


def _has_ticks(axis: Axis) -> bool:
    """Whether an axis has a list of ticks, as it does from the first look at them."""
    return not vars(axis).keys().isdisjoint(TICK_LISTS)


def _keep_back(axis: Axis, places: _Places) -> None:
    """Have the first ticks of an axis made when somebody looks, if they are known and its spines stand at the edges."""
    if places != _EDGES[type(axis)]:
        return
    for name, major in TICK_LISTS.items():
        origin = _origin(axis, major, places)
        (pattern,) = _PATTERNS.get(origin) or (None,)
        if pattern is not None:
            vars(axis)[name] = FreshTicks(axis, name, pattern, origin)


_EDGES: dict[type[Axis], list[tuple[str, tuple[str, float]]]] = {
    XAxis: [("bottom", EDGE), ("top", EDGE)],
    YAxis: [("left", EDGE), ("right", EDGE)],
}
