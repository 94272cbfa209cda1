"""Texts glyph by glyph, as matplotlib 3.11 draws them.

The shape of a text does not depend on its position. The pixels of a glyph depend on the glyph's phase within its pixel
(in 1/64 pixel, both ways). Shaped texts and glyphs are therefore cached apart. Runs are a third cache: all glyphs of a
text at one set of phases, merged into one image where that makes no difference.
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from renderer.drawing.agg.lru import Lru
from renderer.drawing.agg.texts import OVERHEAD, Image, Look, TextCache
from renderer.mpl.agg import target
from renderer.mpl.text import fonts, mathtext

_FAR = 1e6
"""Pixels from the origin, beyond which text is left to matplotlib, with its integer overflows."""

_MOST_SPREAD = 4
"""How many times the area of its glyphs a run may cover to become one image."""

_FONT_SET = 1 << 20
"""Bytes that a font set may take, roughly."""

_Spots = tuple[tuple[int, int], ...]
"""Positions of glyphs: right and up, in 1/64 pixels."""


class GlyphCache(TextCache):
    """Caches shaped texts, glyphs and runs."""

    def __init__(self, capacity: int = 32 << 20) -> None:
        super().__init__(capacity)
        self.shaped: Lru[_ShapedText] = Lru(capacity // 8, lambda shaped: OVERHEAD * (1 + len(shaped.glyphs)))
        self.glyphs: Lru[_Raster] = Lru(capacity // 16 * 3, _Raster.weight)
        self.runs: Lru[tuple[_Raster, ...]] = Lru(
            capacity // 8 * 3, lambda run: OVERHEAD + sum(map(_Raster.weight, run))
        )
        self.font_sets: Lru[mathtext.FontSet] = Lru(capacity // 8, lambda _: _FONT_SET)
        self.formulas: Lru[Any] = Lru(capacity // 16, lambda formula: OVERHEAD * (1 + len(formula.glyphs)))

    def formula(self, renderer: RendererAgg, text: str, prop: FontProperties) -> Any:
        """Parse a formula; its glyphs have names of fonts, which threads may share, instead of fonts."""
        if not mathtext.KEEPS_PARTS:
            parse: Any = super().formula(renderer, text, prop)
            return parse._replace(glyphs=[(fonts.font_name(font), *glyph) for font, *glyph in parse.glyphs])
        look = self.settings(), renderer.dpi, prop
        formula = self.formulas.get((look, text))
        if formula is None:
            frozen = prop.copy()
            look = *look[:2], frozen
            font_set = self.font_sets.get(look) or self.font_sets.put(look, mathtext.font_set(frozen))
            formula = self.formulas.put((look, text), mathtext.parse(text, renderer.dpi, font_set))
        return formula

    def draw(self, renderer: RendererAgg, gc: Any, x: float, y: float, angle: float, look: Look) -> bool:
        """Draw a text, unless it is out of reach or in a font of bitmaps."""
        if not (-_FAR < x < _FAR and -_FAR < y < _FAR):
            return False
        shaped = self.shaped.get(look)
        if shaped is None:
            shaped = self.shaped.put(look.frozen(), self._shape(renderer, look))
        if not shaped.movable:
            return False
        if shaped.glyphs:
            self._draw_glyphs(renderer, gc, shaped.place(x, renderer.height - y, angle), angle, shaped)
        if shaped.boxes:
            fonts.draw_boxes(renderer, gc, x, y, angle, shaped.boxes)
        return True

    def _draw_glyphs(self, renderer: RendererAgg, gc: Any, spots: _Spots, angle: float, shaped: "_ShapedText") -> None:
        # a shift by whole pixels shifts the bitmaps and leaves them as they are
        left, bottom = spots[0][0] >> 6, spots[0][1] >> 6
        shifted = tuple((right - (left << 6), up - (bottom << 6)) for right, up in spots)
        key = (shaped, angle, shifted)
        run = self.runs.get(key)
        if run is None:
            run = self.runs.put(key, self._rasterize(shaped, angle, shifted))
        draw = target(renderer).draw_text_image
        base = int(renderer.height) - bottom
        for image, right, down in run:
            draw(image, left + right, base + down, 0, gc)

    def _rasterize(self, shaped: "_ShapedText", angle: float, spots: _Spots) -> "tuple[_Raster, ...]":
        rasters = []
        for glyph, (right, up) in zip(shaped.glyphs, spots, strict=True):
            key = (glyph.font, glyph.size, glyph.number, angle, right & 63, up & 63, *shaped.look[5:])
            raster = self.glyphs.get(key)
            if raster is None:
                raster = self.glyphs.put(key, _rasterize(glyph, shaped.look, angle, right & 63, up & 63))
            if raster.image.size:
                rasters.append(_Raster(raster.image, raster.right + (right >> 6), raster.down - (up >> 6)))
        return tuple(_merge(rasters))

    def _shape(self, renderer: RendererAgg, look: Look) -> "_ShapedText":
        boxes: tuple[Any, ...] = ()
        if look.math:
            parse = self.formula(renderer, look.text, look.prop)
            glyphs = [_Glyph(font, size, number, dx, dy) for font, size, _, number, dx, dy in parse.glyphs]
            boxes = tuple(parse.rects)
        else:
            font, size = fonts.prepare_font(renderer, look.prop), look.prop.get_size_in_points()
            items = fonts.shape(font, look.text, look.features, look.language)
            glyphs = [_Glyph(fonts.font_name(item.ft_object), size, item.glyph_index, item.x, item.y) for item in items]
        movable = not any(fonts.open_font(name).num_fixed_sizes for name in {glyph.font for glyph in glyphs})
        return _ShapedText(look.frozen(), tuple(glyphs), boxes, movable)


class _Glyph(NamedTuple):
    """One glyph of a shaped text; *right* and *up* are in pixels, from the beginning of the text."""

    font: fonts.FontName
    size: float
    number: int
    right: float
    up: float


class _Raster(NamedTuple):
    """Coverage, and the place of its lower left corner: right of and below a reference, in pixels."""

    image: Image
    right: int
    down: int

    def weight(self) -> int:
        return OVERHEAD + self.image.nbytes


@dataclass(frozen=True, eq=False, slots=True)
class _ShapedText:
    """The glyphs and boxes of a text. Within a key it counts by its identity."""

    look: Look
    glyphs: tuple[_Glyph, ...]
    boxes: tuple[Any, ...]
    movable: bool
    """Whether the fonts are outlines; FreeType does not move bitmaps by parts of a pixel."""

    def place(self, x: float, y: float, angle: float) -> _Spots:
        """Return the positions of the glyphs, rounded as matplotlib rounds them; *y* is upwards."""
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        return tuple(
            (round(0x40 * (x + right * cos - up * sin)), round(0x40 * (y + right * sin + up * cos)))
            for _, _, _, right, up in self.glyphs
        )


def _rasterize(glyph: _Glyph, look: Look, angle: float, right: int, up: int) -> _Raster:
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    font = fonts.open_font(glyph.font)
    font.set_size(glyph.size, look.dpi)
    matrix = (0x10000 * np.array([[cos, -sin], [sin, cos]])).round().astype(int)
    bitmap = fonts.render_glyph(font, glyph.number, matrix, [right, up], look.antialiased)
    image = np.array(bitmap.buffer)
    if not look.antialiased:
        image *= 0xFF
    return _Raster(image, bitmap.left, image.shape[0] - bitmap.top)


def _merge(rasters: list[_Raster]) -> list[_Raster]:
    """Merge images into as few as possible, none of which covers a pixel twice.

    Blending two images one after the other differs from blending their sum, so that a glyph that overlaps another goes
    to a later image. Agg leaves a pixel without coverage alone.
    """
    if len(rasters) < 2:
        return rasters
    left = min(raster.right for raster in rasters)
    top = min(raster.down - raster.image.shape[0] for raster in rasters)
    width = max(raster.right + raster.image.shape[1] for raster in rasters) - left
    bottom = max(raster.down for raster in rasters)
    if (bottom - top) * width > _MOST_SPREAD * sum(raster.image.size for raster in rasters):
        return rasters
    merged: list[Image] = []
    for image, right, down in rasters:
        window = np.s_[down - image.shape[0] - top : down - top, right - left : right - left + image.shape[1]]
        overlaps = [depth for depth, below in enumerate(merged) if np.minimum(below[window], image).any()]
        depth = overlaps[-1] + 1 if overlaps else 0
        if depth == len(merged):
            merged.append(np.zeros((bottom - top, width), np.uint8))
        merged[depth][window] |= image
    return [_Raster(image, left, bottom) for image in merged]
