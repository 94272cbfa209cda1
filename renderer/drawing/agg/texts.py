"""What Agg needs to draw texts, kept across frames: how large they are, and how they look.

Whatever a text is drawn with is a part of its key: font, features, language, angle, antialiasing, resolution, and
the rcParams of fonts and texts.
"""

import math
import threading
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from renderer.drawing.agg.lru import Lru
from renderer.drawing.state.rc import Settings
from renderer.mpl import fonts as internals

__all__ = ["OVERHEAD", "Image", "Look", "StringCache", "TextCache"]

OVERHEAD = 400
"""Bytes that an entry takes beside its pixels, roughly."""

Image = NDArray[np.uint8]


class Look(NamedTuple):
    """How a text is drawn, apart from where.

    Attributes
    ----------
    text : str
        One line.
    prop : FontProperties
        Its font.
    math : bool
        Whether it is a formula.
    features, language : tuple or str, optional
        What ``Text.get_fontfeatures`` and ``Text.get_language`` give; since matplotlib 3.11.
    antialiased : bool
        Whether pixels are covered in part.
    dpi : float
        Resolution.
    settings : int
        The rcParams of fonts and texts, as `TextCache.settings` numbers them.
    """

    text: str
    prop: FontProperties
    math: bool
    features: Any
    language: Any
    antialiased: bool
    dpi: float
    settings: int

    def frozen(self) -> "Look":
        """Give the same look with a font of its own, which nobody can change."""
        return self._replace(prop=self.prop.copy())


class TextCache:
    """Sizes and heights of texts. Renderers may share one, one after another.

    Parameters
    ----------
    capacity : int, default: 24 MiB
        Bytes that may be kept. What is used longest ago is forgotten first.

    Attributes
    ----------
    sizes, heights : Lru
        Width, height and descent by string and font; ascent, descent and line gap by font.
    """

    def __init__(self, capacity: int = 24 << 20) -> None:
        self.sizes: Lru[tuple[float, float, float]] = Lru(capacity // 16, lambda _: OVERHEAD)
        self.heights: Lru[internals.Heights] = Lru(capacity // 16, lambda _: OVERHEAD)
        self._settings = Settings("font.", "mathtext.", "text.", others=(internals.font_count, threading.get_ident))

    def settings(self) -> int:
        """Give a number for the present rcParams of fonts and texts, and for what else decides which font is used."""
        return self._settings.number()

    def draw(self, renderer: RendererAgg, gc: Any, x: float, y: float, angle: float, look: Look) -> bool:
        """Draw a text, and say whether that was possible; if it was not, nothing has been drawn."""
        return False


class StringCache(TextCache):
    """Texts as one bitmap each, which Agg turns and places: matplotlib 3.10."""

    def __init__(self, capacity: int = 24 << 20) -> None:
        super().__init__(capacity)
        self.strings: Lru[_String] = Lru(capacity // 8 * 7, lambda string: OVERHEAD + string.image.nbytes)

    def draw(self, renderer: RendererAgg, gc: Any, x: float, y: float, angle: float, look: Look) -> bool:
        """Draw a text."""
        string = self.strings.get(look)
        if string is None:
            rasterise = _rasterise_math if look.math else _rasterise_plain
            string = self.strings.put(look.frozen(), rasterise(renderer, look))
        radians = math.radians(angle)
        x = round(x + string.x + string.descent * math.sin(radians))
        y = round(y + string.y + string.descent * math.cos(radians))
        internals.target(renderer).draw_text_image(string.image, x, y + 1, angle, gc)
        return True


class _String(NamedTuple):
    """A bitmap, where it begins relative to the text's anchor, and how far it reaches below the baseline."""

    image: Image
    x: float
    y: float
    descent: float


def _rasterise_plain(renderer: RendererAgg, look: Look) -> _String:
    font = internals.prepare_font(renderer, look.prop)
    font.set_text(look.text, 0, flags=internals.get_hinting_flag())
    font.draw_glyphs_to_bitmap(antialiased=look.antialiased)
    x, y = font.get_bitmap_offset()
    return _String(np.array(font.get_image()), x / 64, y / 64, font.get_descent() / 64)


def _rasterise_math(renderer: RendererAgg, look: Look) -> _String:
    parse: Any = renderer.mathtext_parser.parse(look.text, look.dpi, look.prop, antialiased=look.antialiased)
    return _String(np.array(parse.image), parse.ox, -parse.oy, parse.depth)
