"""Fonts and texts, each private name with the versions of matplotlib it was seen in.

A name that is missing switches off the cache that needs it. Texts are then drawn by matplotlib, which is slower and
the same to the pixel.
"""

import logging
from functools import cache
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_agg import get_hinting_flag as get_hinting_flag
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font

try:  # new in 3.11
    from matplotlib.font_manager import FontPath
    from matplotlib.ft2font import RenderMode
except ImportError:
    FontPath = RenderMode = None  # type: ignore[assignment, misc]

_log = logging.getLogger(__name__)

Heights = tuple[float | None, float | None, float | None]

FontName = tuple[str, int]
"""The file of a font, and which of its faces it is."""


def has(owner: object, *names: str) -> bool:
    """Whether an object has all attributes of these names."""
    return all(hasattr(owner, name) for name in names)


_KNOWS_FONTS = has(fontManager, "_find_fonts_by_props") and has(RendererAgg, "_prepare_font")

DRAWS_GLYPHS = (
    _KNOWS_FONTS
    and RenderMode is not None
    and has(RendererAgg, "_draw_text_glyphs_and_boxes")
    and has(FT2Font, "_layout", "_set_transform", "_render_glyph", "face_index", "num_fixed_sizes")
)
"""Whether text is laid out first and then drawn glyph by glyph, at 1/64 of a pixel (matplotlib 3.11)."""

DRAWS_STRINGS = (
    _KNOWS_FONTS and not DRAWS_GLYPHS and has(FT2Font, "draw_glyphs_to_bitmap", "get_bitmap_offset", "get_image")
)
"""Whether a string becomes one bitmap, which Agg rotates (matplotlib 3.10)."""

if not (DRAWS_GLYPHS or DRAWS_STRINGS):
    _log.warning("this matplotlib draws text in a way that is not known here; text is drawn without a cache")


def prepare_font(renderer: RendererAgg, prop: FontProperties) -> Any:
    """Return the font of *prop*, empty and in the size for *renderer* (3.10 and 3.11: ``_prepare_font``)."""
    return renderer._prepare_font(prop)


def font_name(font: Any) -> FontName:
    """Return the name of a font; unlike the font, threads may share it."""
    return font.fname, font.face_index


def open_font(name: FontName) -> Any:
    """Return the font of a name, for this thread."""
    return get_font(FontPath(*name))


def shape(font: Any, text: str, features: Any, language: Any) -> list[Any]:
    """Shape a text; each item has a font, a glyph index and a position in pixels (3.11: ``FT2Font._layout``)."""
    items: list[Any] = font._layout(text, flags=get_hinting_flag(), features=features, language=language)
    return items


def render_glyph(font: Any, index: int, matrix: Any, delta: list[int], antialiased: bool) -> Any:
    """Rasterize a glyph at *delta* 1/64 pixels (3.11: ``FT2Font._set_transform`` and ``_render_glyph``)."""
    font._set_transform(matrix, delta)
    return font._render_glyph(index, get_hinting_flag(), RenderMode.NORMAL if antialiased else RenderMode.MONO)


def draw_boxes(renderer: RendererAgg, gc: Any, x: float, y: float, angle: float, boxes: Any) -> None:
    """Draw the rules of a formula, such as its fraction bars (3.11: ``_draw_text_glyphs_and_boxes``)."""
    renderer._draw_text_glyphs_and_boxes(gc, x, y, angle, (), boxes)


def font_heights(prop: FontProperties, dpi: float) -> Heights:
    """Return the heights that ``Text._get_layout`` of matplotlib 3.11 reads from the font's tables for every text.

    Returns
    -------
    ascent, descent, line gap : float or None
        In pixels; None where the font has no such table.
    """
    font: Any = get_font(fontManager._find_fonts_by_props(prop))
    for table_name, *keys in (
        ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"),
        ("hhea", "ascent", "descent", "lineGap"),
    ):
        table = font.get_sfnt_table(table_name)
        if table is not None:
            scale = 1 / font.get_sfnt_table("head")["unitsPerEm"] * prop.get_size_in_points() * dpi / 72
            ascent, descent, gap = (table[key] for key in keys)
            return ascent * scale, -descent * scale, gap * scale
    return None, None, None


@cache
def knows_font_heights() -> bool:
    """Whether a text laid out with `font_heights` comes out as matplotlib lays it out.

    Matplotlib 3.11 calls ``_get_font_height_metrics`` of the renderer first, if it has that; 3.10 does not.
    """
    figure = Figure()
    text = figure.text(0, 0, "lp\nlp")
    if not hasattr(text, "_get_layout"):
        return False

    class WithHeights(RendererAgg):
        def _get_font_height_metrics(self, prop: FontProperties) -> Heights:
            return font_heights(prop, figure.dpi)

    kinds: tuple[Any, Any] = (RendererAgg, WithHeights)
    plain, ours = (str(text._get_layout(kind(1, 1, figure.dpi))) for kind in kinds)
    return plain == ours
