"""An Agg renderer that remembers text."""

import threading
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from renderer.drawing.agg.clip_masks import ClipMasks, WatchedContext
from renderer.drawing.agg.glyphs import GlyphCache
from renderer.drawing.agg.texts import Look, StringCache, TextCache
from renderer.mpl import fonts as internals

__all__ = ["CachingRenderer", "IdleTexts", "text_cache"]


def text_cache() -> TextCache:
    """Make the cache that fits this matplotlib's way to draw text."""
    if internals.DRAWS_GLYPHS:
        return GlyphCache()
    return StringCache() if internals.DRAWS_STRINGS else TextCache()


class IdleTexts(threading.local):
    """A text cache that nobody uses at the moment: one a thread, since fonts are not shared between threads.

    Renders that follow one another draw much the same texts.
    """

    def __init__(self) -> None:
        self._texts: TextCache | None = None

    def take(self) -> TextCache:
        """Take the cache, or a new one if it is in use."""
        texts, self._texts = self._texts, None
        return text_cache() if texts is None else texts

    def put_back(self, texts: TextCache) -> None:
        """Leave a cache for the next to take."""
        self._texts = texts

    def forget(self) -> None:
        """Have the next one start with nothing."""
        self._texts = None


class CachingRenderer(RendererAgg):
    """Draws what `RendererAgg` draws, to the pixel, and keeps what it learns of texts.

    Text set with TeX is left to matplotlib, which has a cache for it.

    Parameters
    ----------
    width, height : float
        In pixels.
    dpi : float
        Resolution.
    figure : Figure, optional
        The figure that is drawn. The heights of its fonts are kept only if it is known.
    texts : TextCache, optional
        Shared with other renderers; without it the renderer has its own.

    Attributes
    ----------
    clip_masks : ClipMasks
        What is known of the clip paths that were used.
    """

    def __init__(
        self,
        width: float,
        height: float,
        dpi: float,
        *,
        figure: Figure | None = None,
        texts: TextCache | None = None,
    ) -> None:
        self.clip_masks = ClipMasks()
        super().__init__(width, height, dpi)  # type: ignore[no-untyped-call]
        self.texts = text_cache() if texts is None else texts
        self._figure = None if figure is None or not internals.knows_font_heights() else weakref.ref(figure)

    def new_gc(self) -> WatchedContext:
        """Give a graphics context."""
        return WatchedContext(self.clip_masks)

    def _update_methods(self) -> None:
        """Take over the methods of the C++ renderer (private; 3.10 and 3.11 call it whenever that is another one)."""
        super()._update_methods()  # type: ignore[no-untyped-call]
        for name in ("draw_image", "draw_markers"):
            setattr(self, name, partial(self._draw_unbounded, getattr(self, name)))

    def _draw_unbounded(self, draw: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        with self.clip_masks.during("unbounded"):
            draw(*args, **kwargs)

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a line of text, from what is known of it."""
        shaped = mtext if internals.DRAWS_GLYPHS else None
        look = Look(
            text=s,
            prop=prop,
            math=bool(ismath),
            features=None if shaped is None else shaped.get_fontfeatures(),
            language=None if shaped is None else shaped.get_language(),
            antialiased=bool(gc.get_antialiased()),
            dpi=self.dpi,
            settings=self.texts.settings(),
        )
        with self.clip_masks.during("texts"):
            if not self.texts.draw(self, gc, x, y, angle, look):
                draw: Any = super().draw_text
                draw(gc, x, y, s, prop, angle, ismath, mtext)

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Give the size of a line of text, and how far it reaches below its baseline, in pixels."""
        measure: Any = super().get_text_width_height_descent
        settings, sizes = self.texts.settings(), self.texts.sizes
        size = None if ismath == "TeX" else sizes.get((settings, self.dpi, s, prop, ismath))
        if size is None:
            size = measure(s, prop, ismath)
            if ismath != "TeX":
                sizes.put((settings, self.dpi, s, prop.copy(), ismath), size)
        return size

    def _get_font_height_metrics(self, prop: Any) -> internals.Heights:
        """Give a font's ascent, descent and line gap (3.11 asks; it computes them itself if they are None)."""
        figure = None if self._figure is None else self._figure()
        if figure is None or figure.dpi != self.dpi:
            return None, None, None
        settings, fonts = self.texts.settings(), self.texts.heights
        heights = fonts.get((settings, self.dpi, prop))
        if heights is None:
            heights = fonts.put((settings, self.dpi, prop.copy()), internals.font_heights(prop, self.dpi))
        return heights
