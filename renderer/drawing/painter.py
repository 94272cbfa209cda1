"""From a state to pixels: figures are drawn, arrays are converted."""

from io import BytesIO
from typing import Any, Self

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from renderer.drawing.canvas import FrameCanvas
from renderer.options import RenderOptions
from renderer.pixels import as_rgba
from renderer.sources.source import State
from renderer.types import Pixels, Size


class Painter:
    """Draws figures as ``savefig(format="rgba")`` does, one draw a frame.

    A context manager: on leaving, the figure has its own canvas again. Changes of dpi and face last for one draw only,
    so that update functions see the figure unchanged.

    Parameters
    ----------
    options : RenderOptions
        Of these, *dpi*, *facecolor*, *transparent* and *bbox_inches* count.
    opaque : bool
        Draw for a format without alpha: on the figure's face composited on white, as ``Animation.save`` does.
    """

    def __init__(self, options: RenderOptions, *, opaque: bool) -> None:
        self._options = options
        self._opaque = opaque
        self._canvas: FrameCanvas | None = None
        self._bbox = options.bbox_inches if options.bbox_inches is not None else mpl.rcParams["savefig.bbox"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._release()

    def take(self, figure: Figure) -> FrameCanvas:
        """Put *figure* on a canvas of ours and return the canvas; the former figure gets its own canvas back."""
        if self._canvas is None or self._canvas.figure is not figure:
            self._release()
            self._canvas = FrameCanvas(figure, self._options.verify)
        self._canvas.take_back()
        return self._canvas

    def size(self, state: State) -> Size:
        """Return the size of a frame; before the first frame, that of a tight box is the whole figure's."""
        if not isinstance(state, Figure):
            height, width = (*getattr(state, "shape", ()), 0, 0)[:2]
            return Size(width, height)
        box = self._bbox if isinstance(self._bbox, Bbox) else state.bbox_inches
        dpi = self._dpi(state)
        return Size(int(box.width * dpi + 1e-8), int(box.height * dpi + 1e-8))

    def paint(self, state: State) -> Pixels:
        """Draw a figure in its present state, or convert an array.

        Returns
        -------
        ndarray of uint8, shape (height, width, 4)
            A copy, RGBA with straight alpha.

        Raises
        ------
        SourceError
            The state is neither.
        """
        if isinstance(state, Figure):
            return self._draw(state)
        return as_rgba(state)

    def _draw(self, figure: Figure) -> Pixels:
        canvas = self.take(figure)
        look = self._look(figure)
        with canvas.laid_out():
            if self._is_drawn_as_it_is(figure, look):
                canvas.print_rgba(None)
            else:
                figure.savefig(BytesIO(), format="rgba", bbox_inches=self._bbox, **look)
        if self._bbox == "tight":
            self._bbox = canvas.drawn_box
        return np.array(canvas.renderer.buffer_rgba())

    def _is_drawn_as_it_is(self, figure: Figure, look: dict[str, Any]) -> bool:
        """Whether savefig would draw the figure without changing anything, so that it can be left out."""
        face, edge = look.get("facecolor", mpl.rcParams["savefig.facecolor"]), mpl.rcParams["savefig.edgecolor"]
        transparent = look["transparent"]
        return (
            type(figure) is Figure
            and self._bbox is None
            and figure.get_layout_engine() is None
            and look["dpi"] == figure.dpi
            and _is_auto(face)
            and _is_auto(edge)
            and not (mpl.rcParams["savefig.transparent"] if transparent is None else transparent)
        )

    def _dpi(self, figure: Figure) -> float:
        dpi = self._options.dpi if self._options.dpi is not None else mpl.rcParams["savefig.dpi"]
        return float(figure.dpi if dpi == "figure" else dpi)

    def _look(self, figure: Figure) -> dict[str, Any]:
        """Return the arguments of savefig; they equal its defaults, unless an option says otherwise."""
        color, transparent = self._options.facecolor, self._options.transparent
        if self._opaque:
            transparent = False
            color = _opaque_face(figure, mpl.rcParams["savefig.facecolor"] if color is None else color)
        look = {"dpi": self._dpi(figure), "transparent": transparent}
        return look if color is None else look | {"facecolor": color}

    def _release(self) -> None:
        if self._canvas is not None:
            self._canvas.give_back()
            self._canvas = None


def _is_auto(color: object) -> bool:
    return isinstance(color, str) and color == "auto"


def _opaque_face(figure: Figure, color: Any) -> Any:
    """Composite a translucent face on white; return an opaque one as it is, so that no draw has to change it."""
    *channels, alpha = to_rgba(figure.get_facecolor() if _is_auto(color) else color)
    return color if alpha == 1 else tuple(alpha * channel + 1 - alpha for channel in channels)
