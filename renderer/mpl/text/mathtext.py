"""Formulas, parsed part by part (matplotlib 3.11).

Matplotlib opens the fonts anew for each formula and parses all of it. A formula that changes from frame to frame is
most often a constant part between dollar signs beside a number, so that here each part is parsed once, and what was
measured of the fonts is kept. Nothing of what is kept holds a font, which only one thread may use.

The result is matplotlib's to the bit. That takes care of one thing: matplotlib looks up a kerning at the size that the
font was last set to, which is the size of the last glyph that the formula was the first to use. A part is therefore
kept with the sizes that it met, and is parsed again where it would meet others.
"""

import os
import re
import threading
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from matplotlib import _mathtext
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import Kerning, LoadFlags
from matplotlib.mathtext import MathTextParser

from renderer.mpl.text.fonts import DRAWS_GLYPHS, FontName, font_name, has, open_font

KEEPS_PARTS = (
    DRAWS_GLYPHS
    and has(MathTextParser, "_font_type_mapping")
    and has(_mathtext, "ship")
    and has(_mathtext.Parser, "math_string", "non_math", "parse")
    and has(_mathtext, "Hlist", "ParseBaseException", "ParserElement", "ParserState")
    and has(_mathtext.TruetypeFonts, "_get_info", "get_kern", "get_quad")
)
"""Whether formulas can be parsed part by part."""

_MOST_EVENTS = 2048
"""Glyphs and kernings that a font set may keep; they take a MiB with the boxes made of them."""

_LOCK = threading.RLock()
"""Held while a formula is parsed: there is one parser, and threads share font sets."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)

_grammar: Any = _mathtext
"""Has what it imports of pyparsing, too."""

_OTHER_ENDS = re.compile(r"\\\$|[\t\n\r]")
"""Where the grammar may end a part otherwise than at each dollar sign, or changes the text first."""

_Glyph = tuple[str, str, str, float, float]
"""Font, class, symbol, size and resolution."""


class _Event(NamedTuple):
    """The use of a glyph, or of a kerning (*glyph* is then None), of a font at a size."""

    glyph: _Glyph | None
    font: FontName
    size: float


class _Part(NamedTuple):
    """A parsed part of a formula: its box, and what parsing it did beside that."""

    box: Any
    spaced: bool
    events: tuple[_Event, ...]


class FontSet:
    """The fonts of formulas in one look, without the fonts: what was measured of them, and the parts set in them.

    `font_set` makes it. It takes the place of one of matplotlib's font sets, and is of its class, too.

    Attributes
    ----------
    size : float
        The size of the font, in points.
    """

    _kind: Any
    """The class of matplotlib's font set."""

    def __init__(self, prop: FontProperties) -> None:
        # not super().__init__(), which opens the fonts
        self._prop = prop
        self.size = prop.get_size_in_points()
        self._infos: dict[_Glyph, Any] = {}
        self._kernings: dict[tuple[Any, ...], float] = {}
        self._alternatives: dict[tuple[str, ...], Any] = {}
        self._parts: dict[tuple[str, bool], _Part] = {}
        self._events_kept = 0

    def begin(self) -> None:
        """Begin a formula."""
        if self._events_kept + len(self._infos) + len(self._kernings) > _MOST_EVENTS:
            FontSet.__init__(self, self._prop)
        self._fonts: Any = None
        self._sizes: dict[FontName, float] = {}
        self._used: set[_Glyph] = set()
        self.begin_part()

    def end(self) -> None:
        """End a formula: close the fonts."""
        self._fonts = None

    def begin_part(self) -> None:
        """Begin a part of a formula."""
        self._events: list[_Event] = []

    def keep_part(self, key: tuple[str, bool], box: Any, *, spaced: bool) -> None:
        """Keep the part that was begun last, unless it is too large."""
        if len(self._events) < _MOST_EVENTS:
            self._parts[key] = _Part(box, spaced, tuple(self._events))
            self._events_kept += len(self._events)

    def repeat_part(self, key: tuple[str, bool]) -> _Part | None:
        """Return a part, if it would come out the same in the present formula, and have its effects."""
        part = self._parts.get(key)
        if part is None:
            return None
        sizes, used = self._sizes.copy(), self._used.copy()
        for glyph, font, size in part.events:
            if glyph is None:
                if sizes[font] != size:
                    return None
            elif glyph not in used:
                used.add(glyph)
                sizes[font] = size
        self._sizes, self._used = sizes, used
        return part

    def _get_info(self, *glyph: Any) -> Any:
        info = self._infos.get(glyph)
        if info is None:
            info = self._opened()._get_info(*glyph)
            info = self._infos[glyph] = info._replace(font=font_name(info.font), glyph=None)
        self._events.append(_Event(glyph, info.font, info.fontsize))
        if glyph not in self._used:
            self._used.add(glyph)
            self._sizes[info.font] = info.fontsize
        return info

    def get_kern(self, *pair: Any) -> float:
        """Return the kerning between two glyphs, of font, class, symbol and size each, at a resolution."""
        *glyphs, dpi = pair
        if glyphs[0] != glyphs[4] or glyphs[3] != glyphs[7]:
            return 0.0
        first, second = self._get_info(*glyphs[:4], dpi), self._get_info(*glyphs[4:], dpi)
        size = self._sizes[first.font]
        self._events.append(_Event(None, first.font, size))
        key = first.font, first.glyph_index, second.glyph_index, size
        if key not in self._kernings:
            font = open_font(first.font)
            font.set_size(size, dpi)
            self._kernings[key] = font.get_kerning(first.glyph_index, second.glyph_index, Kerning.DEFAULT) / 64
        return self._kernings[key]

    def get_sized_alternatives_for_symbol(self, *symbol: str) -> Any:
        """Return a symbol, of font and name, in several sizes."""
        if symbol not in self._alternatives:
            self._alternatives[symbol] = self._opened().get_sized_alternatives_for_symbol(*symbol)
        return self._alternatives[symbol]

    def _opened(self) -> Any:
        """Return matplotlib's font set, with the fonts of this thread."""
        if self._fonts is None:
            self._fonts = self._kind(self._prop, LoadFlags.NO_HINTING)
        return self._fonts


class _Parser(_mathtext.Parser):
    """Parses a part between dollar signs once, and finds the parts without the grammar where that is simple."""

    def parse(self, text: str, *look: Any) -> Any:
        """Return the box of a formula, of a font set, a size and a resolution."""
        parts = text.split("$")
        if len(parts) % 2 and not _OTHER_ENDS.search(text):
            with suppress(_grammar.ParseBaseException):  # the grammar says what is wrong
                return self._joined(parts, look)
        return super().parse(text, *look)

    def _joined(self, parts: list[str], look: tuple[Any, ...]) -> Any:
        """Return the box of parts that are text and mathematics in turn, as the actions of the grammar make it."""
        self._state_stack = [_mathtext.ParserState(look[0], "default", "rm", *look[1:])]
        self._em_width_cache = {}
        actions: Any = self
        boxes = actions.non_math(parts[:1])
        for mathematics, text in zip(parts[1::2], parts[2::2], strict=True):
            boxes += [*actions.math_string([f"${mathematics}$"]), *actions.non_math([text])]
        self._state_stack = []
        self._needs_space_after_subsuper = False
        self._em_width_cache = {}
        _grammar.ParserElement.reset_cache()
        return _mathtext.Hlist(boxes)

    def math_string(self, toks: Any) -> Any:
        """Return the box of a part, of which *toks* has the text."""
        fonts: Any = self.get_state().fontset
        key = toks[0], self._needs_space_after_subsuper
        part = fonts.repeat_part(key)
        if part is None:
            fonts.begin_part()
            self._em_width_cache = {}  # what it holds was not measured in this part
            parsed = super().math_string(toks)
            fonts.keep_part(key, parsed[0], spaced=self._needs_space_after_subsuper)
            return parsed
        self.pop_state()
        self._needs_space_after_subsuper = part.spaced
        return [part.box]


@cache
def _parser() -> _Parser:
    return _Parser()


@cache
def _kept(kind: Any) -> Any:
    """Return `FontSet` for a class of matplotlib's."""
    return type(kind)(f"Kept{kind.__name__}", (FontSet, kind), {"_kind": kind})


def font_set(prop: FontProperties) -> FontSet:
    """Return a font set for a font that does not change."""
    kinds: Any = MathTextParser._font_type_mapping  # type: ignore[attr-defined]
    fonts: FontSet = _kept(kinds[prop.get_math_fontfamily()])(prop)
    return fonts


def parse(text: str, dpi: float, fonts: FontSet) -> Any:
    """Return what ``MathTextParser("path").parse`` returns, with the names of the fonts in place of the fonts.

    Parameters
    ----------
    text : str
        A formula.
    dpi : float
        Resolution; always the same for a font set.
    fonts : FontSet
        What is kept from other formulas of the same look, under the same rcParams.
    """
    with _LOCK:
        parser = _parser()
        parser._needs_space_after_subsuper = False  # a formula that failed may have left it
        fonts.begin()
        try:
            stand_in: Any = fonts
            return _mathtext.ship(parser.parse(text, stand_in, fonts.size, dpi)).to_vector()
        finally:
            fonts.end()
