"""The ticks of an axis that has been cleared, made when somebody looks.

``Axes.clear`` gives each list of ticks a first tick, clips it, and turns its grid line on or off. Most often nobody
reads it before the next clear. `FreshTicks` stands in for a list with such a tick and keeps what is done to it.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from matplotlib.axis import Axis, Tick
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

from renderer.drawing.axis.lazy_ticks import TickList
from renderer.drawing.axis.tick_pattern import TickPattern
from renderer.drawing.state.attributes import FORMS
from renderer.drawing.state.known import ATTRIBUTES
from renderer.mpl.artists.axis import APPLY_TICK_PARAMETERS, SWITCHES_OF_TICKS, attach_to_usual_spines
from renderer.mpl.hooks import hooked

TICK_LISTS = {"majorTicks": True, "minorTicks": False}
"""The lists of ticks of an axis, and whether these are major ones."""


class TickOrigin(NamedTuple):
    """What a tick is made of, and looks like in axes of the same place with the same transforms.

    Parameters
    ----------
    kind : type
        The class of the tick.
    major : bool
        Whether it is a major one.
    parameters : hashable
        The value of the tick parameters, and of the places of the spines.
    settings : int
        The number of the rcParams.
    """

    kind: type[Tick]
    major: bool
    parameters: Hashable
    settings: int


FORMS[TickOrigin] = "leaf"


class FreshTicks(TickList):
    """A list with a single tick that nobody has seen.

    Parameters
    ----------
    axis : Axis
        The axis that has the ticks. Its spines stand at the edges of the axes.
    name : {"majorTicks", "minorTicks"}
        Which ticks.
    pattern : TickPattern
        What the tick is a copy of.
    origin : TickOrigin
        What the tick is made of.
    """

    def __init__(self, axis: Axis, name: str, pattern: TickPattern, origin: TickOrigin) -> None:
        super().__init__(axis, name)
        self._pattern = pattern
        self._origin = origin
        self._path: Rectangle | None = None
        self._transform: Transform | None = None
        self._switches: dict[str, bool] = {}
        self._stands_in = False

    def clip(self, path: Rectangle, transform: Transform) -> None:
        """Clip the tick by a rectangle that has this transform now."""
        self._path, self._transform = path, transform

    def switch(self, switches: dict[str, bool]) -> None:
        """Turn parts of the tick on or off."""
        self._switches |= switches

    @contextmanager
    def standing_in(self) -> Iterator[None]:
        """Let a loop over the list find a `_TickToBe`, inside the with block."""
        self._stands_in = True
        try:
            yield
        finally:
            self._stands_in = False

    def first(self) -> Tick | None:
        """Return the tick, if it has been made."""
        return self._made[0] if self._made else None

    def __iter__(self) -> Iterator[Any]:
        return iter([_TickToBe(self)] if self._stands_in and self._made is None else self.made())

    def _make(self) -> list[Tick]:
        tick = self._pattern.copy()
        attach_to_usual_spines(tick, self._axis)
        if self._switches:
            getattr(tick, APPLY_TICK_PARAMETERS)(**self._switches)
        if self._path is not None:
            with hooked([self._path], "get_transform", lambda *_: self._transform):
                tick.set_clip_path(self._path)
        return [tick]

    def _count(self) -> int:
        return 1


FORMS[FreshTicks] = "object"
ATTRIBUTES[FreshTicks] = frozenset({"_origin", "_switches", "_transform"})


class _TickToBe:
    """Takes note of the switches that an axis sets on the tick of a list; anything else it does to the tick itself."""

    def __init__(self, ticks: FreshTicks) -> None:
        self._ticks = ticks

    def __getattr__(self, name: str) -> Any:
        return self._switch if name == APPLY_TICK_PARAMETERS else getattr(self._ticks.made()[0], name)

    def _switch(self, **parameters: Any) -> None:
        if parameters.keys() <= SWITCHES_OF_TICKS and all(type(value) is bool for value in parameters.values()):
            self._ticks.switch(parameters)
        else:
            getattr(self._ticks.made()[0], APPLY_TICK_PARAMETERS)(**parameters)


def fresh_ticks(axis: Axis) -> list[FreshTicks]:
    """Return the lists of an axis whose tick nobody has seen."""
    lists = (vars(axis).get(name) for name in TICK_LISTS)
    return [ticks for ticks in lists if type(ticks) is FreshTicks and ticks.first() is None]


def set_tick_parameters(former: Callable[..., None], axis: Axis, *args: Any, **parameters: Any) -> None:
    """Set parameters of the ticks of an axis as *former* does, without making ticks to turn parts of them on or off."""
    with ExitStack() as stack:
        for ticks in fresh_ticks(axis):
            stack.enter_context(ticks.standing_in())
        former(*args, **parameters)
