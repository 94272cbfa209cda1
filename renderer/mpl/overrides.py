"""Methods that a program has put in place of matplotlib's; they may do anything, also to other artists."""

from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.figure import FigureBase

from renderer.mpl.hooks import Hook


def draws_by_itself(artist: Artist) -> bool:
    """Whether an artist, or one in it, has a draw method that is not matplotlib's."""
    kind: Any = type(artist)
    if "draw" in vars(artist) or _has_own_draw(kind):
        return True
    return isinstance(artist, Axes | FigureBase) and any(map(draws_by_itself, artist.get_children()))


def _has_own_draw(kind: Any) -> bool:
    return not _is_matplotlib(getattr(kind.draw, "__module__", None))


def _is_matplotlib(home: object) -> bool:  # None in code that was made by exec
    return isinstance(home, str) and home.startswith(("matplotlib.", "mpl_toolkits."))


def has_own_methods(item: Any) -> bool:
    """Whether single methods of axes, a figure or a canvas were replaced, other than by a color bar, for clearing."""
    attributes = vars(item)
    replaced = [attributes[name] for name in _methods_of(type(item)).intersection(attributes)]
    return any(type(own) is not Hook and type(getattr(own, "__self__", None)) is not Colorbar for own in replaced)


_methods: WeakKeyDictionary[type, frozenset[str]] = WeakKeyDictionary()


def _methods_of(kind: type) -> frozenset[str]:
    names = _methods.get(kind)
    if names is None:
        names = frozenset(name for name in dir(kind) if isinstance(getattr(kind, name, None), FunctionType))
        _methods[kind] = names
    return names


def has_own_listeners(registry: Any) -> bool:
    """Whether anything but matplotlib listens to an object, such as axes, whose limits a color bar follows."""
    listeners = (listener() for group in registry.callbacks.values() for listener in group.values())
    return any(not _is_matplotlib(getattr(listener, "__module__", None)) for listener in listeners)
