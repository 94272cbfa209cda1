"""Caches of texts: their sizes, and their pixels as Agg draws them.

The key of a text holds everything that its pixels depend on: font, features, language, angle, antialiasing, resolution,
and the rcParams of fonts and texts.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from renderer.drawing.agg.lru import Lru
from renderer.drawing.state.inputs import known_fonts, methods
from renderer.drawing.state.rc import Settings
from renderer.mpl.agg import target
from renderer.mpl.text import fonts

OVERHEAD = 400
"""Bytes that an entry takes beside its pixels, roughly."""

Image = NDArray[np.uint8]


class Look(NamedTuple):
    """Everything that a text is drawn with, except its position and angle.

    Attributes
    ----------
    text : str
        One line.
    prop : FontProperties
        Its font.
    math : bool
        Whether it is a formula.
    features, language : tuple or str, optional
        Of ``Text.get_fontfeatures`` and ``Text.get_language``; since matplotlib 3.11.
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
        """Return the same look with a copy of the font, which nobody can change."""
        return self._replace(prop=self.prop.copy())


class TextCache:
    """Sizes and heights of texts. Renderers may share one, also in different threads.

    Parameters
    ----------
    capacity : int, default: 32 MiB
        Bytes that may be kept. The texts used longest ago are forgotten first.

    Attributes
    ----------
    sizes, heights : Lru
        Width, height and descent by string and font; ascent, descent and line gap by font.
    """

    def __init__(self, capacity: int = 32 << 20) -> None:
        self.sizes: Lru[tuple[float, float, float]] = Lru(capacity // 16, lambda _: OVERHEAD)
        self.heights: Lru[fonts.Heights] = Lru(capacity // 16, lambda _: OVERHEAD)
        self._settings = Settings("font.", "mathtext.", "text.", others=(known_fonts, methods))

    def settings(self) -> int:
        """Return a number for the present rcParams of fonts and texts, and the known fonts."""
        return self._settings.number()

    def formula(self, renderer: RendererAgg, text: str, prop: FontProperties) -> Any:
        """Parse a formula."""
        return renderer.mathtext_parser.parse(text, renderer.dpi, prop)

    def draw(self, renderer: RendererAgg, gc: Any, x: float, y: float, angle: float, look: Look) -> bool:
        """Draw a text, and return True; if the cache cannot draw it, draw nothing and return False."""
        return False


class StringCache(TextCache):
    """Caches texts as one bitmap each, which Agg rotates and places: matplotlib 3.10."""

    def __init__(self, capacity: int = 32 << 20) -> None:
        super().__init__(capacity)
        self.strings: Lru[_String] = Lru(capacity // 8 * 7, lambda string: OVERHEAD + string.image.nbytes)

    def draw(self, renderer: RendererAgg, gc: Any, x: float, y: float, angle: float, look: Look) -> bool:
        """Draw a text."""
        string = self.strings.get(look)
        if string is None:
            rasterize = _rasterize_math if look.math else _rasterize_plain
            string = self.strings.put(look.frozen(), rasterize(renderer, look))
        radians = math.radians(angle)
        x = round(x + string.x + string.descent * math.sin(radians))
        y = round(y + string.y + string.descent * math.cos(radians))
        target(renderer).draw_text_image(string.image, x, y + 1, angle, gc)
        return True


class _String(NamedTuple):
    """A bitmap, its place relative to the text's anchor, and its extent below the baseline."""

    image: Image
    x: float
    y: float
    descent: float


def _rasterize_plain(renderer: RendererAgg, look: Look) -> _String:
    font = fonts.prepare_font(renderer, look.prop)
    font.set_text(look.text, 0, flags=fonts.get_hinting_flag())
    font.draw_glyphs_to_bitmap(antialiased=look.antialiased)
    x, y = font.get_bitmap_offset()
    return _String(np.array(font.get_image()), x / 64, y / 64, font.get_descent() / 64)


def _rasterize_math(renderer: RendererAgg, look: Look) -> _String:
    parse: Any = renderer.mathtext_parser.parse(look.text, look.dpi, look.prop, antialiased=look.antialiased)
    return _String(np.array(parse.image), parse.ox, -parse.oy, parse.depth)
