"""From a state to pixels: figures are drawn, arrays are converted."""

import warnings
from typing import Any, NamedTuple, Self

import matplotlib as mpl
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from renderer.drawing.canvas import FrameCanvas
from renderer.errors import OptionWarning
from renderer.options import RenderOptions
from renderer.pixels import as_rgba, size_of
from renderer.sources.source import State
from renderer.types import Pixels, Size

_OF_FIGURES = ("dpi", "facecolor", "transparent", "bbox_inches")
"""Options that change nothing in an array of pixels; alpha, which ``transparent=True`` wants, it brings along."""


class _Fixed(NamedTuple):
    """What ``Animation.save`` fixes before the first frame: the resolution, and the face for a format without alpha."""

    dpi: float
    face: Any


class Painter:
    """Draws figures as ``Animation.save`` does, for which it calls ``savefig(format="rgba")``.

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
        self._fixed = _Fixed(0, None)
        self._bbox = options.bbox_inches
        changed = options.changed()
        self._of_figures = [name for name in _OF_FIGURES if changed.get(name, True) is not True]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()

    def take(self, figure: Figure) -> FrameCanvas:
        """Put *figure* on a canvas of ours and return the canvas; the former figure gets its own canvas back."""
        if self._canvas is None or self._canvas.figure is not figure:
            self.release()
            self._fixed = _Fixed(self._dpi(figure), self._face(figure))
            self._canvas = FrameCanvas(figure, self._options.verify, self._fixed.dpi)
        self._canvas.take_back()
        return self._canvas

    def size(self, state: State) -> Size:
        """Return the size of a frame; before the first frame, that of a tight box is the whole figure's."""
        if not isinstance(state, Figure):
            return size_of(state)
        box = self._bbox if isinstance(self._bbox, Bbox) else state.bbox_inches
        dpi = self._fixed.dpi if self._canvas is not None and self._canvas.figure is state else self._dpi(state)
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
        if not isinstance(state, Figure):
            self._warn_of_what_figures_alone_have()
            return as_rgba(state)
        canvas = self.take(state)
        pixels = canvas.frame(self._look())
        if self._bbox == "tight":
            self._bbox = canvas.drawn_box
        return pixels

    def _warn_of_what_figures_alone_have(self) -> None:
        """Warn of options that change nothing in an array of pixels, once."""
        without_effect, self._of_figures = self._of_figures, []
        if without_effect:
            given = ", ".join(f"{name}={getattr(self._options, name)!r:.60}" for name in without_effect)
            warnings.warn(
                f"{given} has no effect on arrays of pixels, but only on figures", OptionWarning, stacklevel=2
            )

    def _dpi(self, figure: Figure) -> float:
        dpi = self._options.dpi if self._options.dpi is not None else mpl.rcParams["savefig.dpi"]
        return float(figure.dpi if dpi == "figure" else dpi)

    def _face(self, figure: Figure) -> Any:
        """Return the face that frames are drawn on; None is savefig's default, which it reads for each frame."""
        color = self._options.facecolor
        if not self._opaque:
            return color
        color = mpl.rcParams["savefig.facecolor"] if color is None else color
        *channels, alpha = to_rgba(figure.get_facecolor() if _is_auto(color) else color)
        return tuple(alpha * channel + 1 - alpha for channel in channels)

    def _look(self) -> dict[str, Any]:
        """Return the arguments of savefig; they equal its defaults, unless an option says otherwise."""
        look: dict[str, Any] = {"dpi": self._fixed.dpi, "bbox_inches": self._bbox}
        look["transparent"] = False if self._opaque else self._options.transparent
        return look if self._fixed.face is None else look | {"facecolor": self._fixed.face}

    def release(self) -> None:
        """Restore the own canvas of the figure that was taken last."""
        if self._canvas is not None:
            self._canvas.give_back()
            self._canvas = None


def _is_auto(color: object) -> bool:
    return isinstance(color, str) and color == "auto"
