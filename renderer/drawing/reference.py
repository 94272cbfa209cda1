"""The reference step: what ``Animation.save`` does to make a frame of a figure in its present state.

Save makes the figure's own canvas draw after each update (``draw_idle``), and then saves the figure as ``"rgba"``.
Every shortcut is measured by this step, and a figure for which no shortcut is known to be right is drawn by it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from renderer.mpl.hooks import hooked
from renderer.mpl.overrides import has_own_methods
from renderer.mpl.steps import as_in_save, pixel_ratio_of, saving, set_pixel_ratio
from renderer.types import Pixels

Drawing = Literal["at once", "later", "never", "another way"]
"""What a canvas does when it is asked to ``draw_idle``.

``"at once"``
    It draws on its Agg renderer, which it keeps: Agg, pyplot without a window, notebooks.
``"later"``
    It draws when the program returns to its event loop, which save does not wait for: windows, WebAgg.
``"never"``
    Nothing: a figure that is not pyplot's, and never had another canvas.
``"another way"``
    Anything else, for example a draw by the program's own methods, or in the units of a vector format: SVG, PDF, PS,
    PGF.
"""

_WAYS_TO_DRAW = ("draw", "get_renderer", "print_figure", "print_raw", "print_rgba")
"""Methods by which an Agg canvas draws and saves."""


def drawing_of(canvas: FigureCanvasBase) -> Drawing:
    """Return what a canvas does when it is asked to ``draw_idle``."""
    kind: Any = type(canvas)
    if kind.draw_idle is not FigureCanvasBase.draw_idle:
        return "later"
    if has_own_methods(canvas):
        return "another way"
    if all(getattr(kind, name, None) is getattr(FigureCanvasAgg, name) for name in _WAYS_TO_DRAW):
        return "at once"
    return "never" if kind.draw is FigureCanvasBase.draw else "another way"


class _WindowStandIn(FigureCanvasAgg):
    """Draws as the canvas of a window does while the program does not return to its event loop."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing."""


class Reference:
    """Draws a figure as ``Animation.save`` draws it.

    Parameters
    ----------
    figure : Figure
        The figure.
    canvas : FigureCanvasBase
        The canvas that the figure came with. Draws are made on this canvas itself; for that of a window, which only the
        thread of its event loop may touch, an Agg canvas stands in.

    Attributes
    ----------
    drawing : Drawing
        What the canvas does when it is asked to ``draw_idle``.
    drawn_box : Bbox or None
        The part of the figure, in inches, drawn by the last `grab`; None for the whole figure.
    """

    def __init__(self, figure: Figure, canvas: FigureCanvasBase) -> None:
        self.drawing = drawing_of(canvas)
        self.drawn_box: Bbox | None = None
        self._figure: Any = figure
        self._canvas: Any = canvas
        if self.drawing == "later":
            self._canvas = _WindowStandIn(figure)
            set_pixel_ratio(self._canvas, pixel_ratio_of(canvas))
            figure.set_canvas(canvas)

    @property
    def agg_canvas(self) -> FigureCanvasAgg | None:
        """The canvas that is drawn on, if it keeps an Agg renderer."""
        return self._canvas if isinstance(self._canvas, FigureCanvasAgg) else None

    def draw(self) -> None:
        """Make the canvas draw."""
        with self._on_its_canvas():
            self._canvas.draw()

    def draw_idle(self) -> None:
        """Ask the canvas to draw, as an animation does after each update."""
        with self._on_its_canvas():
            self._canvas.draw_idle()

    def grab(self, look: dict[str, Any]) -> Pixels:
        """Save the figure as ``"rgba"``.

        Parameters
        ----------
        look : dict of str to object
            Arguments of `Figure.savefig`: *dpi*, *bbox_inches*, and others.

        Returns
        -------
        ndarray of uint8, shape (height, width, 4)
            RGBA with straight alpha.
        """
        file = BytesIO()
        box = look.get("bbox_inches")
        with self._on_its_canvas(), self._tight_boxes() as tight_boxes:
            self._figure.savefig(file, format="rgba", **look)
        self.drawn_box = tight_boxes[-1] if box == "tight" else box
        width = (self.drawn_box or self._figure.bbox_inches).width * look["dpi"]
        pixels = np.frombuffer(file.getvalue(), np.uint8).reshape(-1, 4)
        columns = int(width + 1e-8) if len(pixels) % int(width + 1e-8) == 0 else int(width)
        return pixels.reshape(-1, columns, 4)

    @contextmanager
    def _tight_boxes(self) -> Iterator[list[Bbox]]:
        """List the boxes that savefig draws for ``bbox_inches="tight"`` inside the with block."""
        boxes: list[Bbox] = []

        def measure(former: Callable[..., Bbox], _: Figure, *args: Any, **options: Any) -> Bbox:
            box = former(*args, **options)
            if "bbox_extra_artists" in options:  # savefig itself asks
                boxes.append(box.padded(mpl.rcParams["savefig.pad_inches"]))
            return box

        with hooked([self._figure], "get_tightbbox", measure):
            yield boxes

    @contextmanager
    def while_updating(self) -> Iterator[None]:
        """Leave the figure on a canvas that draws in another way while the program changes it, inside the with block.

        The program may ask that canvas to draw, or for a renderer to measure texts on.
        """
        if self.drawing != "another way":
            yield
            return
        outer = self._figure.canvas
        with saving(self._canvas):
            self._figure.canvas = self._canvas
            try:
                yield
            finally:
                if self._figure.canvas is self._canvas:  # the program has not put it on another one
                    self._figure.canvas = outer

    @contextmanager
    def _on_its_canvas(self) -> Iterator[None]:
        """Put the figure on its canvas inside the with block, under the settings that save fixes for a run."""
        outer = self._figure.canvas
        with as_in_save(self._canvas), without_crop_setting():
            self._figure.canvas = self._canvas
            try:
                yield
            finally:
                self._figure.canvas = outer


@contextmanager
def without_crop_setting() -> Iterator[None]:
    """Switch ``savefig.bbox`` off inside the with block, as ``Animation.save`` does for a run."""
    before = mpl.rcParams["savefig.bbox"]
    if before is None:
        yield
        return
    mpl.rcParams["savefig.bbox"] = None
    try:
        yield
    finally:
        mpl.rcParams["savefig.bbox"] = before
