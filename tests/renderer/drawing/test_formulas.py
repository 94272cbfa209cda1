"""Formulas that are parsed part by part, against matplotlib's parser."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import _mathtext
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

from renderer.drawing.agg import caching
from renderer.drawing.agg.caching import CachingRenderer
from renderer.mpl.text import fonts, mathtext

pytestmark = pytest.mark.skipif(not mathtext.KEEPS_PARTS, reason="this matplotlib parses each formula as a whole")

FAMILIES = ["cm", "custom", "dejavusans", "dejavuserif", "stix", "stixsans"]
PARTS = [
    *(r"$\bf{2015}$", " (15)", "T = 23.4 ", r"$^\circ$C", "AVAT ", r"\$5", r"$x^2$", r"$f_\mathrm{max}$", r"$x'$"),
    *(r"$\frac{a}{b}$", r"$\left(\frac{1}{x}\right)$", r"$\sqrt[3]{x}$", r"$\hat{a}\ \ddot{b}$", r"$\mathring{A}$"),
    *(
        r"$\sum_{i=1}^n x_i$",
        r"$\int_0^1 f$",
        r"$\lim x$",
        r"$\sin^2 x$",
        r"$\operatorname{sn} x$",
        r"$a+b=c$",
        r"$-1$",
    ),
    *(r"$\alpha>\beta_i$", r"$\mathcal{A}\mathbb{R}$", r"$\text{hi there}$", r"$\overline{ab}$", r"$\widehat{xy}$"),
    *(r"$\quad a\,b$", r"$_2$", r"$\rm V$", r"$\it V$", r"$\boldsymbol{x}$", r"$\substack{a\\b}$", r"$x_+$", r"$+y$"),
    *("  ", "a\tb", "two\nlines", "back\\slash", "\u2212", "\u20ac "),
    *(r"$\mathdefault{10^{-3}}$", r"$\mathdefault{{\frac{A}{x}}^2TA}$", "TATA"),
]


def parsed_by_matplotlib(text: str, prop: FontProperties, dpi: float = 100) -> Any:
    parse: Any = MathTextParser("path").parse(text, dpi, prop)
    return parse._replace(glyphs=[(fonts.font_name(font), *glyph) for font, *glyph in parse.glyphs])


def shown(renderer: Any) -> np.ndarray:
    return np.array(renderer.buffer_rgba())


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often matplotlib parsed each part."""
    counts: Counter[str] = Counter()
    parse = _mathtext.Parser.math_string

    def math_string(parser: Any, toks: Any) -> Any:
        counts[toks[0]] += 1
        return parse(parser, toks)

    monkeypatch.setattr(_mathtext.Parser, "math_string", math_string)
    return counts


@pytest.mark.parametrize("family", FAMILIES)
def test_formulas_come_out_as_in_matplotlib(family: str) -> None:
    chance = random.Random(family)
    prop = FontProperties(size=20, math_fontfamily=family)
    font_set = mathtext.font_set(prop)
    texts = [*PARTS, *("".join(chance.choices(PARTS, k=chance.randint(2, 4))) for _ in range(60))]
    for text in texts:
        assert mathtext.parse(text, 100, font_set) == parsed_by_matplotlib(text, prop), text


def test_kerning_depends_on_what_the_formula_used_before() -> None:
    """Matplotlib looks a kerning up at the size of the glyph that the font was set to last."""
    prop = FontProperties(size=20, math_fontfamily="custom")
    font_set = mathtext.font_set(prop)
    part = r"$\mathdefault{{\frac{A}{x}}^2TA}$"
    for text in (part, rf"$\rm V${part}", rf"$\mathdefault{{TA}}${part}", rf"TA{part}", f"{part}{part}", f"{part}TA"):
        assert mathtext.parse(text, 100, font_set) == parsed_by_matplotlib(text, prop), text
    widths = [mathtext.parse(text, 100, font_set).width for text in (f"{part}{part}", part)]
    assert widths[0] < 2 * widths[1]


def test_a_part_is_parsed_once(parts: Counter[str]) -> None:
    font_set = mathtext.font_set(FontProperties())
    for number in range(5):
        mathtext.parse(rf"{number} $\mu$m of $\bf{{x^2}}$", 100, font_set)
    assert parts == {r"$\mu$": 1, r"$\bf{x^2}$": 1}


def test_parts_are_found_without_the_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    font_set = mathtext.font_set(FontProperties())
    first = mathtext.parse(r"$\mu$", 100, font_set)
    monkeypatch.setattr(_mathtext.Parser, "parse", None)
    assert mathtext.parse(r"$\mu$", 100, font_set) == first
    assert len(mathtext.parse(r"1 $\mu$ 2", 100, font_set).glyphs) == 5


def outcome(parse: Callable[[], Any]) -> Any:
    try:
        return parse()
    except ValueError as error:
        return str(error)


def test_a_formula_that_fails_leaves_no_trace() -> None:
    prop = FontProperties()
    font_set = mathtext.font_set(prop)
    wrong = [r"$x_+\frac{a}$", r"$a_+$b$\nosuchthing$", "$$", "a $x$ b $", r"$x\$", "$x\ny$ z", "$ $ $"]
    for text in (*wrong, "$a+$", "$+y$"):
        ours = outcome(partial(mathtext.parse, text, 100, font_set))
        assert ours == outcome(partial(parsed_by_matplotlib, text, prop)), text
        assert isinstance(ours, str) == (text in wrong)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mathtext, "_MOST_EVENTS", 60)
    prop = FontProperties()
    font_set: Any = mathtext.font_set(prop)
    for number in range(40):
        text = rf"$x_{{{number}}}$"
        assert mathtext.parse(text, 100, font_set) == parsed_by_matplotlib(text, prop)
        assert len(font_set._parts) < 20


def test_a_setting_that_changes() -> None:
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, r"A $x_1$ of $\alpha$")
    ours, theirs = CachingRenderer(200, 100, 100, figure=figure), RendererAgg(200, 100, 100)
    for default in ("it", "rm", "it"):
        with mpl.rc_context({"mathtext.default": default}):
            for renderer in (ours, theirs):
                renderer.mathtext_parser = MathTextParser("path")  # matplotlib's keeps what it parsed
                renderer.clear()
                figure.draw(renderer)
            assert np.array_equal(shown(ours), shown(theirs))


def test_without_parts_the_pixels_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mathtext, "KEEPS_PARTS", False)
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, r"$\frac{1}{2}$ of $\alpha$")
    renderers = CachingRenderer(200, 100, 100, figure=figure), RendererAgg(200, 100, 100)
    for renderer in renderers:
        figure.draw(renderer)
    ours, theirs = map(shown, renderers)
    assert np.array_equal(ours, theirs)


def test_threads_share_texts(parts: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    shaped: list[str] = []
    shape = fonts.shape

    def note(font: Any, text: str, *look: Any) -> Any:
        shaped.append(text)
        return shape(font, text, *look)

    monkeypatch.setattr(fonts, "shape", note)
    texts = caching.text_cache()

    def draw(number: int) -> np.ndarray:
        figure = Figure(figsize=(2, 1))
        figure.text(0.1, 0.5, f"number {number}")
        figure.text(0.1, 0.1, rf"$\alpha^2$ {number}")
        renderer = CachingRenderer(200, 100, 100, figure=figure, texts=texts)
        figure.draw(renderer)
        return shown(renderer)

    expected = [draw(number) for number in range(3)]
    before = len(shaped)
    for _ in range(4):  # new threads each time
        with ThreadPoolExecutor(3) as pool:
            for drawn, want in zip(pool.map(draw, range(3)), expected, strict=True):
                assert np.array_equal(drawn, want)
    assert len(shaped) == before
    assert parts == {r"$\alpha^2$": 1}
