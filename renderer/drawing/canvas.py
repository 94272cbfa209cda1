"""An Agg canvas that takes a figure over, draws it once a frame, and gives it back."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from renderer.drawing.agg.caching import CachingRenderer, IdleTexts
from renderer.drawing.layout import Layout
from renderer.drawing.retained.figure import RetainedFigure
from renderer.drawing.retained.verification import Verify
from renderer.mpl.steps import can_retain, settle, without_layout

idle_texts = IdleTexts()
"""The texts that one render leaves for the next."""


class FrameCanvas(FigureCanvasAgg):
    """An Agg canvas that takes a figure over and gives it back.

    Its attribute ``_is_saving`` is always true, as during ``Animation.save``: axes then draw animated artists, and an
    animation's timer does not start at the first draw. (The attribute is private, as of matplotlib 3.10 and 3.11;
    without it, animated artists would be missing.)

    Parameters
    ----------
    figure : Figure
        The figure to take over.
    verify : {"sampled", "always", "never"}
        Which frames to compare with a full draw.
    """

    def __init__(self, figure: Figure, verify: Verify = "sampled") -> None:
        self._original = figure.canvas
        self._texts = idle_texts.take()
        self._renderers: dict[tuple[int, int, float], CachingRenderer] = {}
        super().__init__(figure)
        self._is_saving = True
        self._layout = Layout(figure)
        self._retained = RetainedFigure(figure, verify)
        self._idle_dpi: float | None = None
        """The resolution of the last `draw_idle`; None if the figure's own canvas would not have drawn."""
        self.drawn_box: Bbox | None = None
        """The part of the figure, in inches, drawn by the last `print_rgba`; None for the whole figure."""

    def take_back(self) -> None:
        """Take the figure over again if the program has put it on another canvas; `give_back` restores that one."""
        if self.figure.canvas is not self:
            self._original = self.figure.canvas
            self.figure.set_canvas(self)

    def give_back(self) -> None:
        """Restore the figure's own canvas."""
        self.figure.set_canvas(self._original)
        idle_texts.put_back(self._texts)

    def while_updating(self) -> AbstractContextManager[None]:
        """Make updates of the figure cheaper inside the with block: ticks that equal former ones are copied."""
        return self._retained.values.while_changing(self.figure)

    def laid_out(self) -> AbstractContextManager[None]:
        """Let the figure be saved inside the with block, without its layout engine where that changes nothing."""
        return self._layout.frame() if can_retain() else nullcontext()

    def get_renderer(self) -> CachingRenderer:
        """Return the renderer for the figure's present size and resolution.

        The base class keeps one; a figure saved at a dpi other than its own needs two in turn.
        """
        width, height = self.get_width_height(physical=True)
        key = width, height, self.figure.dpi
        if key not in self._renderers:
            if len(self._renderers) == 2:
                del self._renderers[next(iter(self._renderers))]
            self._renderers[key] = CachingRenderer(*key, figure=self.figure, texts=self._texts)
        self.renderer = renderer = self._renderers[key]
        return renderer

    def draw(self) -> None:
        """Draw when an update calls this, if the figure's own canvas would."""
        if not self._never_draws():
            super().draw()  # type: ignore[no-untyped-call]

    def _never_draws(self) -> bool:
        return type(self._original).draw is FigureCanvasBase.draw

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        """Apply the side effects of the draw that the figure's own canvas makes here, without rasterizing.

        ``Animation.save`` makes that canvas draw before each frame. The pixels of that draw are lost, but it moves the
        axes: a layout engine starts the next draw from the places, at the figure's own dpi, where it left them. Without
        a layout engine only limits and aspects count: an artist may read the limits of axes that are drawn after it.
        """
        if self._never_draws():
            return
        self._idle_dpi = self.figure.dpi
        if not can_retain():
            if self.figure.get_layout_engine() is not None:
                self.figure.draw_without_rendering()
        elif self._layout.is_idle():
            settle(self.figure, self.get_renderer())
        else:
            self._layout.draw_idle()

    def print_rgba(
        self, filename_or_obj: object, *, bbox_inches_restore: tuple[Bbox, object] | None = None, **_look: object
    ) -> None:
        """Draw; the pixels stay in the renderer. `Figure.savefig` calls this for ``format="rgba"``."""
        self.drawn_box = bbox_inches_restore[0] if bbox_inches_restore else None
        known, first = self._retained.masks_vary, self._retained.frames == 0
        if known and not self._keeps_renderer():
            self._renderers.clear()
        self._retained.draw(self.get_renderer())
        if self._retained.masks_vary:
            self._draw_again(surprise=not known and not first)

    def _draw_again(self, *, surprise: bool) -> None:
        """Draw again, with the masks of clip paths that the figure's own canvas has.

        That canvas draws each frame twice if it keeps its renderer, or else once on a new renderer. In the second case
        the calls are repeated without the artists, which might draw something else when they draw twice.
        """
        if self._keeps_renderer():
            missing = 2 if surprise else int(not self.renderer.clip_masks.would_stay())
            with without_layout(self.figure):  # it was laid out for the first draw
                for _ in range(missing):
                    self._retained.draw(self.renderer)
        elif surprise:
            self._renderers.clear()
            self._retained.redraw(self.get_renderer())

    def _keeps_renderer(self) -> bool:
        """Whether the figure's own canvas would draw the frame on the renderer of its last draw."""
        return isinstance(self._original, FigureCanvasAgg) and self._idle_dpi == self.figure.dpi
