"""An Agg renderer with a cache of texts."""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from renderer.drawing.agg.clip_masks import ClipMasks, WatchedContext
from renderer.drawing.agg.glyphs import GlyphCache
from renderer.drawing.agg.texts import Look, StringCache, TextCache
from renderer.mpl.text import fonts

Measured = tuple[str, FontProperties, Any]
"""A line of text, its font, and whether it is a formula: that by which matplotlib keeps its size."""

text_cache: type[TextCache] = GlyphCache if fonts.DRAWS_GLYPHS else StringCache if fonts.DRAWS_STRINGS else TextCache
"""The kind of cache for the way in which this matplotlib draws text."""


@cache
def shared_texts() -> TextCache:
    """Return the text cache of this process; one render draws much the same texts as the next."""
    return text_cache()


class CachingRenderer(RendererAgg):
    """Draws what `RendererAgg` draws, to the pixel, and caches the sizes and pixels of texts.

    Text set with TeX is left to matplotlib, which has a cache for it.

    Matplotlib measures a text once on each renderer, even if fonts are hinted in another way later. A text that was
    replayed has not been measured; when it is, it gets the size that it had at the time of the replay.

    Parameters
    ----------
    width, height : float
        In pixels.
    dpi : float
        Resolution.
    figure : Figure, optional
        The figure that is drawn. Only with a figure are the heights of fonts cached.
    texts : TextCache, optional
        A cache shared with other renderers; by default the renderer makes one.

    Attributes
    ----------
    clip_masks : ClipMasks
        The masks of clip paths of its calls.
    """

    def __init__(
        self, width: float, height: float, dpi: float, *, figure: Figure | None = None, texts: TextCache | None = None
    ) -> None:
        self.clip_masks = ClipMasks()
        super().__init__(width, height, dpi)  # type: ignore[no-untyped-call]
        self.texts = text_cache() if texts is None else texts
        self._figure = None if figure is None or not fonts.knows_font_heights() else weakref.ref(figure)
        self._first_settings = self._parser_settings = self.texts.settings()
        self._mixes_sizes = False
        self._listed: dict[Measured, None] | None = None
        self._replayed: dict[int, tuple[Measured, ...]] = {}

    def mixes_sizes(self) -> bool:
        """Whether the settings of texts have changed since the first ones, so that sizes of several may be kept."""
        self._mixes_sizes |= self.texts.settings() != self._first_settings
        return self._mixes_sizes

    @contextmanager
    def texts_listed(self) -> Iterator[dict[Measured, None]]:
        """List the texts that are drawn inside the with block."""
        former, self._listed = self._listed, {}
        try:
            yield self._listed
        finally:
            self._listed = former

    def replay_texts(self, texts: tuple[Measured, ...]) -> None:
        """Count texts as measured under the present settings, because what they have drawn is replayed."""
        self._replayed[id(texts)] = texts

    def _size_at_replay(self, *text: Any) -> tuple[float, float, float] | None:
        """Return the size that a text had when it was replayed; None if that is its present size, or not known."""
        if self.mixes_sizes() and any(text in texts for texts in self._replayed.values()):
            return self.texts.sizes.get((self._first_settings, self.dpi, *text))
        return None

    def _settings(self) -> int:
        """Return the number of the present settings; a parser of formulas, which knows others, is exchanged."""
        settings = self.texts.settings()
        if settings != self._parser_settings:
            another: Any = RendererAgg(1, 1, self.dpi)
            self.mathtext_parser, self._parser_settings = another.mathtext_parser, settings
        return settings

    def new_gc(self) -> WatchedContext:
        """Return a graphics context."""
        return WatchedContext(self.clip_masks)

    def _update_methods(self) -> None:
        """Take over the methods of the C++ renderer (private; 3.10 and 3.11 call this whenever they replace it)."""
        super()._update_methods()  # type: ignore[no-untyped-call]
        for name in ("draw_image", "draw_markers"):
            setattr(self, name, partial(self._draw_unbounded, getattr(self, name)))

    def _draw_unbounded(self, draw: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        with self.clip_masks.during("unbounded"):
            draw(*args, **kwargs)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Draw a line of text, from the cache if it can."""
        if self._listed is not None and _is_plain(prop):
            font = next((font for _, font, _ in reversed(self._listed) if font == prop), None) or prop.copy()
            self._listed |= {(s, font, ismath): None, ("lp", font, False): None}
        features = language = None
        if fonts.DRAWS_GLYPHS and mtext is not None:
            features, language = mtext.get_fontfeatures(), mtext.get_language()
        antialiased, settings = bool(gc.get_antialiased()), self._settings()
        look = Look(s, prop, bool(ismath), features, language, antialiased, self.dpi, settings)
        with self.clip_masks.during("texts"):
            if not (_is_plain(prop) and self.texts.draw(self, gc, x, y, angle, look)):
                draw: Any = super().draw_text
                draw(gc, x, y, s, prop, angle, ismath, mtext)

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the width of a line of text, its height, and its depth below the baseline, in pixels."""
        measure: Any = super().get_text_width_height_descent
        if ismath == "TeX" or not _is_plain(prop):
            return measure(s, prop, ismath)  # type: ignore[no-any-return]
        settings, sizes = self._settings(), self.texts.sizes
        size = self._size_at_replay(s, prop, ismath) or sizes.get((settings, self.dpi, s, prop, ismath))
        if size is None:
            if ismath:
                formula = self.texts.formula(self, s, prop)
                size = formula.width, formula.height, formula.depth
            else:
                size = measure(s, prop, ismath)
            sizes.put((settings, self.dpi, s, prop.copy(), ismath), size)
        return size

    def _get_font_height_metrics(self, prop: Any) -> fonts.Heights:
        """Return a font's ascent, descent and line gap (3.11 calls this, and computes heights that are None)."""
        figure = None if self._figure is None else self._figure()
        if figure is None or figure.dpi != self.dpi or not _is_plain(prop):
            return None, None, None
        settings, known = self.texts.settings(), self.texts.heights
        heights = known.get((settings, self.dpi, prop))
        if heights is None:
            heights = known.put((settings, self.dpi, prop.copy()), fonts.font_heights(prop, self.dpi))
        return heights


_FONT_ATTRIBUTES = vars(FontProperties()).keys()


def _is_plain(prop: Any) -> bool:
    """Whether a font has the methods of matplotlib's class, so that an equal one is drawn alike."""
    return type(prop) is FontProperties and vars(prop).keys() <= _FONT_ATTRIBUTES
