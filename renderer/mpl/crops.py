"""A part of a figure that is drawn alone, as ``savefig(bbox_inches=...)`` draws it (matplotlib 3.10 and 3.11).

For one draw, savefig shifts the figure and keeps its axes in their places (``_tight_bbox.adjust_bbox``). It makes new
objects for each draw, so that nothing in the figure is what it was in the draw before. A `Crop` uses the same again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D, Bbox, BboxBase, TransformedBbox

from renderer.mpl.hooks import hooked


class _Shift(NamedTuple):
    """What a shifted figure has in place of its own boxes."""

    bbox_inches: Bbox
    bbox: BboxBase
    place: Bbox
    """Where the whole figure is, in pixels from the corner of the part."""
    patch: tuple[float, float, float, float]
    """The part as fractions of the figure."""


class Crop:
    """Lets parts of a figure be drawn alone; for the same part, the figure gets the same objects again.

    Parameters
    ----------
    figure : Figure
        The figure.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure: Any = figure
        self._key: object = None
        self._shift: _Shift | None = None

    @contextmanager
    def of(self, box: Bbox) -> Iterator[None]:
        """Make the figure that part of itself, in inches, inside the with block."""
        figure = self._figure
        all_axes = figure.axes
        for axes in all_axes:
            locator = axes.get_axes_locator()
            axes.apply_aspect(None if locator is None else locator(axes, None))
        own = figure.bbox_inches, figure.bbox, figure.transFigure._boxout, (0, 0, 1, 1)
        with hooked(all_axes, "apply_aspect", lambda *_: None):
            try:
                self._put(*self._shift_to(box))
                yield
            finally:
                self._put(*own)

    def _put(self, bbox_inches: Bbox, bbox: BboxBase, place: Bbox, patch: tuple[float, ...]) -> None:
        figure = self._figure
        figure.bbox_inches, figure.bbox, figure.transFigure._boxout = bbox_inches, bbox, place
        figure.transFigure.invalidate()
        figure.patch.set_bounds(*patch)

    def _shift_to(self, box: Bbox) -> _Shift:
        figure = self._figure
        width, height = figure.bbox.size
        key = box.get_points().tobytes(), width, height, figure.dpi
        if self._shift is None or self._key != key:
            scale = Affine2D().scale(figure.dpi)
            left, bottom = scale.transform(box.p0)
            bbox_inches = Bbox.from_bounds(0, 0, *box.size)
            bbox = TransformedBbox(bbox_inches, scale)
            place = Bbox.from_bounds(-left, -bottom, width, height)
            patch = left / width, bottom / height, bbox.width / width, bbox.height / height
            self._key, self._shift = key, _Shift(bbox_inches, bbox, place, patch)
        return self._shift
