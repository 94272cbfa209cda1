"""What is made once of the rectangles in axes (matplotlib 3.10 and 3.11).

Simple updates spend much of their time on transforms of rectangles: ``Axes.clear`` and each artist that is added clip
by the patch of the axes, which makes its transform anew each time, and a bar that is added has the edges of its path
searched for extremes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Transform
from numpy.typing import NDArray

from renderer.mpl.hooks import hooked

_USUAL_METHODS = {name: getattr(Rectangle, name) for name in ("get_path", "get_patch_transform", "get_transform")}
_MAKE_PATCH = "_gen_axes_patch"
_TAKE_LIMITS = "_update_patch_limits"
_USUAL_LIMITS: Any = getattr(Axes, _TAKE_LIMITS, None)
_PLAIN = frozenset({int, float, str})

_SHAPE: dict[str, object] = {
    "_x0": 0.0,
    "_y0": 0.0,
    "_width": 1.0,
    "_height": 1.0,
    "angle": 0.0,
    "_rotation_point": "xy",
    "_aspect_ratio_correction": 1.0,
}
"""The attributes of the patch of axes, which say what its transform is made of."""


class Rectangles:
    """The transforms of the patches of axes, each made once for as long as the patch fills its axes."""

    def __init__(self) -> None:
        self._transforms: WeakKeyDictionary[Axes, tuple[object, Transform]] = WeakKeyDictionary()

    @contextmanager
    def while_changing(self, all_axes: Sequence[Axes]) -> Iterator[None]:
        """Make nothing of a rectangle twice while the program changes axes inside the with block."""
        with ExitStack() as stack:

            def make_patch(former: Callable[[], Any], axes: Axes) -> Any:
                patch = former()
                stack.enter_context(self.known_patch(axes, patch))
                return patch

            for axes in all_axes:
                stack.enter_context(self.known_patch(axes, axes.patch))
            clearing = [axes for axes in all_axes if hasattr(axes, _MAKE_PATCH)]
            stack.enter_context(hooked(clearing, _MAKE_PATCH, make_patch))
            usual = [axes for axes in all_axes if _takes_limits_as_usual(axes)]
            stack.enter_context(hooked(usual, _TAKE_LIMITS, _take_limits))
            yield

    def known_patch(self, axes: Axes, patch: Any) -> AbstractContextManager[None]:
        """Let the patch of axes keep its transform inside the with block, if it is a rectangle."""
        usual = [patch] if _is_usual(patch) else []
        return hooked(usual, "get_transform", lambda former, _: self._transform(axes, former, patch))

    def _transform(self, axes: Axes, former: Callable[[], Transform], patch: Any) -> Transform:
        """Return the transform of the patch of axes."""
        attributes = vars(patch)
        if any(attributes.get(name) != usual or type(attributes[name]) not in _PLAIN for name, usual in _SHAPE.items()):
            return former()
        place = attributes["_transform"]
        known, transform = self._transforms.get(axes, (None, None))
        if transform is None or place is not known:
            transform = former()
            self._transforms[axes] = attributes["_transform"], transform
        return transform


def _is_usual(patch: object) -> bool:
    """Whether a patch is a rectangle with matplotlib's methods."""
    return (
        type(patch) is Rectangle
        and vars(patch).keys().isdisjoint(_USUAL_METHODS)
        and all(getattr(Rectangle, name) is method for name, method in _USUAL_METHODS.items())
    )


def _takes_limits_as_usual(axes: Any) -> bool:
    usual = _USUAL_LIMITS is not None and getattr(Axes, _TAKE_LIMITS, None) is _USUAL_LIMITS
    return usual and type(axes) is Axes and _TAKE_LIMITS not in vars(axes)


def _take_limits(former: Callable[[Any], None], axes: Any, patch: Any) -> None:
    """Take a patch into the limits of axes; the points that count are known of a rectangle among their data."""
    if not _is_usual(patch) or vars(patch)["_transform"] is not axes.transData:
        former(patch)
    elif patch.get_width() or patch.get_height():
        axes.update_datalim(patch.get_patch_transform().transform(_corners()), updatex=True, updatey=True)


@cache
def _corners() -> NDArray[np.float64]:
    """Return the begin, the turns and the end of each edge of a rectangle, as matplotlib finds them; shape (n, 2)."""
    points: list[Any] = []
    curves: Any = Path.unit_rectangle().iter_bezier(simplify=False)
    for curve, _ in curves:
        _, turns = curve.axis_aligned_extrema()
        points.append(curve([0, *turns, 1]))
    corners = np.vstack(points)
    corners.flags.writeable = False
    return corners
