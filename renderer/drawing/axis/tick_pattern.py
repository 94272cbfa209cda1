"""Artists that are copied instead of made."""

from collections.abc import Callable, Mapping
from types import FunctionType, MappingProxyType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path

from renderer.drawing.state.attributes import FORMS, UnknownError
from renderer.drawing.state.known import ATTRIBUTES
from renderer.drawing.state.parts import COPIES, REPLACED, TICK_PARTS
from renderer.mpl.artists.axis import detach


class TickPattern:
    """Makes copies of an artist that are equal to it, and share nothing with it that changes.

    Parameters
    ----------
    artist : Artist
        A tick, or a part of one.
    may_share : callable
        Whether copies may share a value.
    parts : mapping of str to TickPattern, optional
        Attributes that are copied as artists.

    Raises
    ------
    UnknownError
        The artist holds an object of which it is not known whether copies may share it.
    """

    def __init__(
        self,
        artist: Any,
        may_share: Callable[[Any], bool],
        parts: "Mapping[str, TickPattern]" = MappingProxyType({}),
    ) -> None:
        self._kind = type(artist)
        if FORMS[self._kind] == "unknown":
            raise UnknownError(artist)
        self._attributes = dict(vars(artist))
        self._parts = parts
        self._copies = [(name, copy) for name, copy in COPIES.items() if name in self._attributes]
        for name, value in self._attributes.items():
            if not (name in parts or name in COPIES or name in REPLACED or may_share(value)):
                raise UnknownError(value)

    @classmethod
    def of_tick(cls, tick: Any) -> "TickPattern | None":
        """Return the pattern of a tick, for others of its axis; None if it cannot be copied."""
        return cls._of(tick, _is_shared_by_axis)

    @classmethod
    def of_free_tick(cls, tick: Any) -> "TickPattern | None":
        """Return the pattern of a tick, for any axis, to which the copy must be attached; None if it cannot be copied.

        Nobody else may hold the tick. Effects belong to the program, so that ticks with effects are not copied.
        """
        if any(part.get_path_effects() for part in tick.get_children()):
            return None
        detach(tick)
        return cls._of(tick, _is_shared_by_all)

    @classmethod
    def _of(cls, tick: Any, may_share: Callable[[Any], bool]) -> "TickPattern | None":
        try:
            return cls(tick, may_share, {name: cls(vars(tick)[name], may_share) for name in TICK_PARTS})
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


def _is_shared_by_axis(value: Any) -> bool:
    """Whether the ticks of an axis may share a value, because it never changes or matplotlib has them share it."""
    if isinstance(value, tuple):
        return all(map(_is_shared_by_axis, value))
    return isinstance(value, (Axes, FigureBase, FunctionType)) or type(value) in ATTRIBUTES or _is_shared_by_all(value)


def _is_shared_by_all(value: Any) -> bool:
    """Whether the ticks of all figures may share a value: it never changes, and belongs to none of them."""
    if isinstance(value, tuple):
        return all(map(_is_shared_by_all, value))
    if isinstance(value, FunctionType):
        return value.__closure__ is None and value.__module__.startswith("matplotlib.")
    return isinstance(value, (MarkerStyle, Path)) or FORMS[type(value)] == "leaf"
