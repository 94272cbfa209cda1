"""Figures of which one draw is enough, where ``Animation.save`` draws twice.

Save makes an Agg canvas draw before it saves a frame. That draw may be left out if the next one would come out alike
without it: if no artist reads in the second draw what an artist that is drawn later set in the first. This is known of
the classes in `renderer.drawing.draw_checks`, under the conditions that their checks state, once the limits and places
of all axes are settled (`renderer.mpl.steps.settle`). Where there is a listener, a class that is not listed, or a
function that may read anything, both draws are made.

The draws of the listed classes set, and others may read:

- the masks of clip paths, where artists that share one disagree about it;
- the places of texts, legends, tables and boxes, and the outlines of boxes around texts: arrows, annotations and clip
  paths may refer to them;
- the limits of a color scale that has none yet: a color bar shows them;
- the categories of an axis, where data are words: the ticks show them;
- the lengths of quivers and the fonts of tables, which depend on the resolution of the first draw.
"""

from operator import is_
from types import NoneType
from typing import Any
from weakref import WeakKeyDictionary

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine, PlaceHolderLayoutEngine, TightLayoutEngine
from matplotlib.ticker import FuncFormatter

from renderer.drawing.agg.clip_users import ClipUsers
from renderer.drawing.draw_checks import (
    CHECKS_OF_PARENTS,
    check_of,
    is_axis,
    is_known_object,
    is_known_transform,
    is_pure,
)
from renderer.drawing.state.attributes import METHOD_NAMES, has_own_methods
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.methods import METHODS
from renderer.mpl import overrides, steps


class OneDraw:
    """Finds out, frame by frame, whether one draw of a figure is enough.

    Parameters
    ----------
    figure : Figure
        The figure.
    """

    def __init__(self, figure: Figure) -> None:
        METHODS.look_at_all()
        self._figure: Any = figure
        self._clip_users = ClipUsers()
        self._known_tickers: WeakKeyDictionary[Any, tuple[object, ...]] = WeakKeyDictionary()

    def obstacle(self, *, rescaled: bool) -> object:
        """Return the first thing in the figure for which one draw may not be enough, None if there is none.

        Parameters
        ----------
        rescaled : bool
            Whether the frame has another resolution than the figure, in which the first draw is made.
        """
        figure = self._figure
        SETTINGS.look()
        if METHODS.replaced or not steps.can_retain() or type(figure) is not Figure:
            return figure
        if steps.has_listeners(figure) or overrides.has_own_methods(figure):
            return figure
        if not steps.changes_unheard(figure, figure):
            return figure
        if type(figure.get_layout_engine()) not in _ENGINES:
            return figure.get_layout_engine()
        self._clip_users.next_frame()
        return self._first_unknown(figure.get_children(), rescaled)

    @property
    def has_clip_paths(self) -> bool:
        """Whether the last look at the figure met an artist with a clip path."""
        return len(self._clip_users) > 0

    def _first_unknown(self, children: list[Artist], rescaled: bool) -> object:
        for artist in children:
            check = check_of(artist)
            if check is None or not check(artist, rescaled) or not steps.changes_unheard(artist, self._figure):
                return artist
            if not METHOD_NAMES[type(artist)].isdisjoint(vars(artist)) and has_own_methods(artist):
                return artist
            if check is is_axis:
                if not self._has_known_tickers(artist):
                    return artist
            elif artist.get_clip_path() is not None and not self._clip_users.agree_with(artist):
                return artist
            if check in CHECKS_OF_PARENTS:
                unknown = self._first_unknown(artist.get_children(), rescaled)
                if unknown is not None:
                    return unknown
        return None

    def _has_known_tickers(self, axis: Any) -> bool:
        """Whether the locators, the formatters and the scale of an axis are known; they are looked at once."""
        tickers = axis.major.locator, axis.major.formatter, axis.minor.locator, axis.minor.formatter
        parts = *tickers, axis.get_transform()
        if all(map(is_, parts, self._known_tickers.get(axis, _NOTHING))):
            return True
        functions = [ticker.func for ticker in tickers if type(ticker) is FuncFormatter]
        known = all(map(is_known_object, tickers)) and is_known_transform(parts[-1]) and all(map(is_pure, functions))
        if known and not functions:  # which may change in place
            self._known_tickers[axis] = parts
        return known


_NOTHING = (object(),) * 5

_ENGINES = frozenset({NoneType, PlaceHolderLayoutEngine, ConstrainedLayoutEngine, TightLayoutEngine})
