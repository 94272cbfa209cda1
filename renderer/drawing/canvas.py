"""An Agg canvas that takes a figure over, draws its frames, and gives it back."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from renderer.drawing.agg.caching import CachingRenderer, shared_texts
from renderer.drawing.agg.clip_masks import ClipMasks
from renderer.drawing.layout import Layout
from renderer.drawing.looks import is_drawn_as_it_is
from renderer.drawing.one_draw import OneDraw
from renderer.drawing.reference import Reference, without_crop_setting
from renderer.drawing.retained.figure import RetainedFigure
from renderer.drawing.retained.verification import Sampling, Verify, first_difference
from renderer.errors import VerificationWarning
from renderer.mpl.artists.rectangles import Rectangles
from renderer.mpl.artists.single import leave_stale
from renderer.mpl.crops import Crop
from renderer.mpl.figure_state import FigureState
from renderer.mpl.hooks import hooked
from renderer.mpl.steps import new_renderer, pixel_ratio_of, set_pixel_ratio, settle
from renderer.types import Pixels


class FrameCanvas(FigureCanvasAgg):
    """An Agg canvas that takes a figure over, draws its frames, and gives it back.

    Frames are drawn by `RetainedFigure`, and without the draws that ``Animation.save`` makes before, as long as that is
    known to give the same pixels. All others are drawn by the reference step.

    Its attribute ``_is_saving`` is always true, as during ``Animation.save``: axes then draw animated artists, and an
    animation's timer does not start at the first draw. (The attribute is private, as of matplotlib 3.10 and 3.11;
    without it, animated artists would be missing.) Its manager is that of the figure's own canvas, so that pyplot knows
    the figure.

    Parameters
    ----------
    figure : Figure
        The figure to take over.
    verify : {"sampled", "always", "never"}
        Which frames to compare with the reference step.
    dpi : float, optional
        Resolution of the frames; by default the figure's.

    Attributes
    ----------
    drawn_box : Bbox or None
        The part of the figure, in inches, that the last frame shows; None for the whole figure.
    """

    def __init__(self, figure: Figure, verify: Verify = "sampled", dpi: float | None = None) -> None:
        self._original = figure.canvas
        self._original_dpi = figure.dpi
        self._reference = Reference(figure, self._original)
        self._dpi = figure.dpi if dpi is None else dpi
        self._renderers: dict[tuple[float | None, ...], CachingRenderer] = {}
        super().__init__(figure)
        self._is_saving = True
        self._stand_in_for(self._original)
        self._layout = Layout(figure, self._before_layout)
        self._retained = RetainedFigure(figure)
        self._one_draw = OneDraw(figure)
        self._sampling = Sampling(verify)
        self._trusted = True
        self._frames = 0
        self._by_reference = False
        self._left_out: int | None = None
        """Draws before this frame that were left out; None if the figure has asked for none yet."""
        self._before_update = 0
        """Those of them that an update asked for before it ended."""
        self._masks: ClipMasks | None = None
        """Those of the renderer that drew the last frame, unless that was drawn by the reference step."""
        self._before: FigureState | None = None
        """The figure as it was before the frame, if the frame may be drawn again from there."""
        self._compared = False
        """Whether the frame is compared with the reference step."""
        self._rectangles = Rectangles()
        self._crop = Crop(figure)
        self._box: Bbox | None = None
        """The part to draw, if savefig is not asked to crop."""
        self.drawn_box: Bbox | None = None
        self._draws_frame = False
        """Whether savefig draws a frame now; else the program calls it."""

    def _stand_in_for(self, canvas: Any) -> None:
        self.manager = canvas.manager
        set_pixel_ratio(self, pixel_ratio_of(canvas))

    def take_back(self) -> None:
        """Take the figure over again if the program has put it on another canvas; `give_back` restores that one."""
        if self.figure.canvas is not self:
            self._original = self.figure.canvas
            self._reference = Reference(self.figure, self._original)
            self.figure.set_canvas(self)
            self._stand_in_for(self._original)

    def give_back(self) -> None:
        """Restore the figure's own canvas, and the resolution, which some canvases change when they draw."""
        if self._reference.drawing == "another way":
            self.manager = None
            self.figure.dpi = self._original_dpi
        self.figure.set_canvas(self._original)

    @contextmanager
    def while_updating(self) -> Iterator[None]:
        """Let the program change the figure inside the with block.

        Ticks that equal former ones are copied. A window keeps its size, as during ``Animation.save``.
        """
        managers = [] if self.manager is None else [self.manager]
        with (
            self._sampling.rendering(),
            self._retained.values.while_changing(self.figure),
            self._rectangles.while_changing(self.figure.axes),
            hooked(managers, "resize", lambda *_: None),
            self._reference.while_updating(),
        ):
            yield

    def get_renderer(self) -> RendererAgg:
        """Return the renderer of the canvas that draws the present frame."""
        reference = self._reference.agg_canvas if self._by_reference else None
        self.renderer: RendererAgg = self._caching_renderer() if reference is None else reference.get_renderer()
        return self.renderer

    def _caching_renderer(self) -> CachingRenderer:
        """Return our renderer for the figure's present size and resolution.

        A figure saved at a dpi other than its own needs two in turn. Matplotlib keeps the sizes of texts by the
        renderer, also when fonts are added or hinted in another way: ours is kept where that of the figure's own canvas
        is.
        """
        texts = None if self._keeps_renderer() else shared_texts().settings()
        key = (*self.figure.bbox.size, self.figure.dpi, self.device_pixel_ratio, texts)
        if key not in self._renderers:
            if len(self._renderers) == 2:
                del self._renderers[next(iter(self._renderers))]
            plain = new_renderer(self)
            size = plain.width, plain.height, plain.dpi
            self._renderers[key] = CachingRenderer(*size, figure=self.figure, texts=shared_texts())
        return self._renderers[key]

    def _keeps_renderer(self) -> bool:
        """Whether the figure's own canvas saves each frame on the renderer of the frame before."""
        is_never_drawn = self._reference.drawing == "later"
        is_drawn_as_saved = self._dpi == self._original_dpi and self._box is None
        return self._reference.agg_canvas is not None and (is_never_drawn or is_drawn_as_saved)

    def draw(self) -> None:
        """Draw when an update calls this, as the figure's own canvas would."""
        if self._by_reference or self._reference.drawing in ("never", "another way"):
            self._reference.draw()
        else:
            super().draw()  # type: ignore[no-untyped-call]

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        """Make the draw that the figure's own canvas makes here, or only the changes that come with it.

        ``Animation.save`` makes that canvas draw before each frame. The pixels of that draw are lost, but it moves the
        axes: a layout engine starts the next draw from the places, at the figure's own dpi, where it left them. Without
        a layout engine only limits and aspects count, in figures of which one draw is enough.
        """
        if self._reference.drawing in ("never", "later"):
            return
        if self._left_out is None:
            self._choose_the_way()
        elif not self._by_reference and (self._compared or self._has_obstacle()):
            self._begin_reference()
        if self._by_reference:
            self._reference.draw_idle()
        else:
            self._before_update = self._left_out or 0
            if not self._compared:
                self._before = None
            self._settle()
            self._left_out = self._before_update + 1

    def _choose_the_way(self) -> None:
        """Find out whether the frame that begins is drawn by the reference step, or compared with it."""
        self._by_reference = self._compared = False
        self._left_out = self._before_update = 0
        self._before = None
        if not self._trusted or self._has_obstacle():
            self._begin_reference()
        elif self._sampling.is_due() and self._can_be_compared():
            self._compared = True
            self._keep_state()

    def _can_be_compared(self) -> bool:
        """Whether the reference step measures texts as ``Animation.save`` would by now.

        Its renderer has not measured those of the frames that were not compared, when the settings were others.
        """
        if self._sampling.compares_all or not self._keeps_renderer():
            return True
        return not any(renderer.mixes_sizes() for renderer in self._renderers.values())

    def _before_layout(self) -> None:
        """Keep what a layout is about to change, if masks of clip paths may have the frame drawn again."""
        if self._one_draw.has_clip_paths:
            self._keep_state()

    def _keep_state(self) -> None:
        if self._before is None:
            self._before = FigureState(self.figure)

    def _has_obstacle(self) -> bool:
        rescaled = self._dpi != self.figure.dpi
        return self._reference.drawing == "another way" or self._one_draw.obstacle(rescaled=rescaled) is not None

    def _begin_reference(self, *, drawn: bool = False) -> None:
        """Draw this frame by the reference step, which begins with the draws that were left out so far.

        The renderer of that canvas gets the mask of a clip path that it would have by now. It is the one that our
        renderer had before this frame, which may have been *drawn* already.
        """
        self._by_reference = True
        self._compared = False
        self._before = None
        canvas = self._reference.agg_canvas
        if self._masks is not None and canvas is not None and self._dpi == self.figure.dpi:
            self._masks.put_on(canvas.get_renderer(), last_draw=not drawn)
        self._masks = None
        self._retained.forget()
        self._layout.forget()
        self._repeat_left_out_draws()

    def _repeat_left_out_draws(self) -> None:
        for _ in range(self._before_update, self._left_out or 0):
            self._reference.draw_idle()

    def _settle(self) -> None:
        if self._layout.is_idle():
            settle(self.figure, self._caching_renderer())
        else:
            self._layout.draw_idle()

    def frame(self, look: dict[str, Any]) -> Pixels:
        """Draw the figure in its present state.

        Parameters
        ----------
        look : dict of str to object
            Arguments of `Figure.savefig`: *dpi*, *transparent*, *bbox_inches*, and *facecolor* if not the default.

        Returns
        -------
        ndarray of uint8, shape (height, width, 4)
            A copy, RGBA with straight alpha.
        """
        if self._left_out is None:
            self._choose_the_way()
        pixels = self._grab(look) if self._by_reference else self._checked(self._shortcut(look), look)
        self._frames += 1
        self._left_out = self._before = None
        return pixels

    def _grab(self, look: dict[str, Any]) -> Pixels:
        pixels = self._reference.grab(look)
        self.drawn_box = self._reference.drawn_box
        return pixels

    def _shortcut(self, look: dict[str, Any]) -> Pixels:
        self._box = None
        if isinstance(look["bbox_inches"], Bbox):
            self._box, look = look["bbox_inches"], look | {"bbox_inches": None}
        with self._sampling.rendering(), self._layout.frame(), without_crop_setting(), self._drawing_frame():
            if is_drawn_as_it_is(self.figure, look):
                self.print_rgba(None, bbox_inches_restore=None)
                leave_stale(self.figure, stale=True)  # savefig sets the resolution, and sets it back
            else:
                self.figure.savefig(BytesIO(), format="rgba", **look)
        return np.array(self.renderer.buffer_rgba())

    @contextmanager
    def _drawing_frame(self) -> Iterator[None]:
        self._draws_frame = True
        try:
            yield
        finally:
            self._draws_frame = False

    def print_rgba(self, filename_or_obj: Any, **look: Any) -> None:
        """Draw a frame, whose pixels stay in the renderer; where the program saves the figure, write its pixels.

        `Figure.savefig` calls this for ``format="rgba"``. Where it measures first, it calls this for the renderer
        alone, and then says nothing of a crop.
        """
        if not self._draws_frame:
            self.print_raw(filename_or_obj, metadata=look.get("metadata"))  # type: ignore[no-untyped-call]
            return
        cropped_by_savefig = look.get("bbox_inches_restore")
        self.drawn_box = cropped_by_savefig[0] if cropped_by_savefig else self._box
        box = self._box if "bbox_inches_restore" in look else None
        with nullcontext() if box is None else self._crop.of(box):
            self.renderer = renderer = self._caching_renderer()
            self._masks = renderer.clip_masks
            self._retained.draw(renderer)

    def _checked(self, pixels: Pixels, look: dict[str, Any]) -> Pixels:
        """Return the pixels of the shortcut, or those of the reference step where they may be others."""
        if self._by_reference:
            return self._grab(look)
        if self._masks is not None and self._masks.ambiguous:
            self._trusted = False
            if self._before is not None:
                self._before.restore()
            self._begin_reference(drawn=True)
            return self._grab(look)
        return self._verified(pixels, look) if self._compared else pixels

    def _verified(self, pixels: Pixels, look: dict[str, Any]) -> Pixels:
        """Compare the pixels of the shortcut with those of the reference step, and return the latter."""
        before: Any = self._before
        with self._sampling.verifying():
            before.restore()
            self._repeat_left_out_draws()
            expected = self._grab(look)
            if np.array_equal(pixels, expected):
                self._retained.follow_again()
                self._layout.follow_again()
            else:
                after = FigureState(self.figure)
                before.restore()
                self._warn(expected, look)
                after.restore()
        return expected

    def _warn(self, expected: Pixels, look: dict[str, Any]) -> None:
        """Say what the shortcut missed, if that can be found out, and draw by the reference step from here on."""
        before = self._retained.drawings()
        with self._retained.drawn_in_full():
            complete = np.array_equal(self._shortcut(look), expected)
        artist = first_difference(self.renderer, before, self._retained.drawings()) if complete else None
        cause = (
            "a frame differed, for a reason that is not known" if artist is None else f"{artist} was not drawn again"
        )
        warnings.warn(
            f"frame {self._frames}: {cause}; this frame is right, and from here on each frame is drawn as "
            "Animation.save draws it, which is slower",
            VerificationWarning,
            stacklevel=2,
        )
        self._trusted, self._left_out = False, 0
        self._begin_reference()
