"""The caching renderer against matplotlib's own, pixel by pixel."""

from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import patheffects
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from renderer.drawing.agg.caching import CachingRenderer, text_cache
from renderer.drawing.agg.glyphs import GlyphCache
from renderer.drawing.agg.lru import Lru
from renderer.drawing.agg.texts import TextCache
from renderer.mpl.text import fonts as internals

Update = Callable[[int], Any]


def pixels(renderer: RendererAgg, figure: Figure) -> np.ndarray:
    renderer.clear()
    figure.draw(renderer)
    return np.array(renderer.buffer_rgba())


def shown(renderer: RendererAgg) -> np.ndarray:
    return np.asarray(renderer.buffer_rgba())


def looks_of(texts: Any) -> Any:
    """Return the part of a text cache with the pixels of texts, or with their glyphs."""
    return texts.shaped if isinstance(texts, GlyphCache) else texts.strings


def assert_draws_alike(make: Callable[[], tuple[Figure, Update]], frames: int = 4) -> CachingRenderer:
    (ours, update_ours), (theirs, update_theirs) = make(), make()
    width, height = ours.bbox.size
    caching = CachingRenderer(width, height, ours.dpi, figure=ours)
    plain = RendererAgg(width, height, theirs.dpi)
    for frame in range(frames):
        update_ours(frame)
        update_theirs(frame)
        drawn, expected = pixels(caching, ours), pixels(plain, theirs)
        assert (expected != 255).any(), "the reference is blank"
        assert np.array_equal(drawn, expected), f"frame {frame}: {np.argwhere((drawn != expected).any(-1))[:5]}"
    return caching


def text_figure(**options: Any) -> Figure:
    return Figure(figsize=(4, 3), **options)


TEXTS: dict[str, dict[str, Any]] = {
    "plain": {"s": "Hello, World 0.25"},
    "kerning": {"s": "AVAToLTWa rn fi fl"},
    "mathtext": {"s": r"$\sqrt{x^2} + \frac{\alpha}{\beta_i} = \int_0^1 f(t)\,dt$"},
    "text and mathtext": {"s": r"speed $v_0$ in $\mathrm{m\,s^{-1}}$"},
    "lines": {"s": "one\ntwo $x^2$\nthree", "linespacing": 1.5, "ha": "center", "ma": "right"},
    "quarter turn": {"s": "turned", "rotation": 90},
    "odd angle": {"s": "turned $x^2$", "rotation": 33.3, "rotation_mode": "anchor"},
    "upside down": {"s": "turned", "rotation": 180},
    "stroke": {"s": "stroked", "path_effects": [patheffects.withStroke(linewidth=3, foreground="r")], "color": "w"},
    "shadow": {"s": "shadow", "path_effects": [patheffects.withSimplePatchShadow()]},
    "aliased": {"s": "aliased $x$", "antialiased": False},
    "serif": {"s": "serif", "family": "serif", "style": "italic", "size": 17.3},
    "monospace": {"s": "mono 0123", "family": "monospace", "weight": "bold"},
    "families": {"s": "several", "family": ["monospace", "serif"]},
    "tiny": {"s": "tiny", "size": 3},
    "huge": {"s": "Huge", "size": 90},
    "accents": {"s": "Ünïcödé e\u0301a\u0308 Жд λ ﬁ"},
    "minus": {"s": "\u22121.5"},
    "wrapped": {"s": "a long text that does not fit into a line of this figure and wraps", "wrap": True},
    "transparent": {"s": "see through VAVA", "color": "g", "alpha": 0.3, "size": 40},
    "boxed": {"s": "boxed", "bbox": {"boxstyle": "round", "fc": "y"}},
    "clipped": {"s": "partly outside, and clipped", "x": 0.8, "clip_on": True},
    "outside": {"s": "outside", "x": -3.0},
    "empty line": {"s": "above\n\nbelow"},
    "space": {"s": " "},
    "stix": {"s": r"$\mathcal{L}\hat{x}$", "math_fontfamily": "stix"},
    "math turned": {"s": r"$\frac{a}{b}\sqrt{c}$", "rotation": 45},
    "dollars": {"s": r"cost \$5", "parse_math": False},
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("dpi", [100, 71.3])
def test_text(name: str, dpi: float) -> None:
    options = {"x": 0.1, "y": 0.5} | TEXTS[name]

    def make() -> tuple[Figure, Update]:
        figure = text_figure(dpi=dpi)
        figure.text(0.02, 0.02, "reference")
        text = figure.text(**options)
        x, y = text.get_position()
        return figure, lambda frame: text.set_position((x + frame * 0.0137, y - frame * 0.0071))

    assert_draws_alike(make)


@pytest.mark.parametrize(
    "settings",
    [
        *({"text.hinting": hinting} for hinting in ("default", "no_autohint", "force_autohint", "no_hinting")),
        {"text.antialiased": False},
        {"text.kerning_factor": 6},
        {"text.hinting_factor": 1},
        {"font.family": "serif"},
        {"font.size": 13.7},
        {"font.sans-serif": ["DejaVu Sans Mono"]},
        {"mathtext.fontset": "cm"},
        {"mathtext.fontset": "stixsans"},
        {"mathtext.default": "bf"},
        {"axes.unicode_minus": False},
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:.*(hinting|kerning)_factor:matplotlib.MatplotlibDeprecationWarning")
def test_settings_that_change_between_frames(settings: Any) -> None:
    def make() -> tuple[Figure, Update]:
        figure = text_figure()
        axes = figure.add_subplot()
        axes.set(xlim=(-1, 1), title="Title AV", xlabel=r"$x^2_i$ and minus")
        return figure, lambda frame: None

    figure, _ = make()
    texts, width, height = text_cache(), *figure.bbox.size
    for frame in range(6):
        # a renderer of its own each time: what a renderer has measured, matplotlib keeps in spite of new settings
        with mpl.rc_context(settings if frame % 2 else {}):
            ours = pixels(CachingRenderer(width, height, figure.dpi, figure=figure, texts=texts), figure)
            theirs = pixels(RendererAgg(width, height, figure.dpi), figure)
        assert np.array_equal(ours, theirs), frame


class OwnFont(FontProperties):
    """A font of the program's."""


def test_a_formula_that_a_renderer_knows_by_other_settings_is_not_shared() -> None:
    figure = text_figure()
    figure.text(0.1, 0.5, "A $x_1$")
    figure.text(0.1, 0.7, "B $x_1$", fontproperties=OwnFont())  # which is not cached
    texts, size = text_cache(), (*figure.bbox.size, figure.dpi)
    kept = CachingRenderer(*size, figure=figure, texts=texts)
    pixels(kept, figure)
    with mpl.rc_context({"mathtext.default": "bf"}):
        pixels(kept, figure)
        ours = pixels(CachingRenderer(*size, figure=figure, texts=texts), figure)
        assert np.array_equal(ours, pixels(RendererAgg(*size), figure))


def test_a_list_setting_changed_in_place() -> None:
    figure = text_figure()
    figure.text(0.1, 0.5, "families")
    texts, width, height = text_cache(), *figure.bbox.size
    with mpl.rc_context({"font.sans-serif": list(mpl.rcParams["font.sans-serif"])}):
        drawn = []
        for _ in range(2):
            drawn.append(pixels(CachingRenderer(width, height, figure.dpi, texts=texts), figure))
            assert np.array_equal(drawn[-1], pixels(RendererAgg(width, height, figure.dpi), figure))
            mpl.rcParams["font.sans-serif"].insert(0, "DejaVu Sans Mono")
    assert not np.array_equal(drawn[0], drawn[1])


def test_a_font_changed_in_place() -> None:
    def make() -> tuple[Figure, Update]:
        figure = text_figure()
        prop = FontProperties(size=10)
        text = figure.text(0.1, 0.5, "in place")
        text.set_fontproperties(prop)
        return figure, lambda frame: text.get_fontproperties().set_size(10 + frame % 2)

    assert_draws_alike(make)


def line() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot(title="A line")
    (drawn,) = axes.plot([0, 1, 2], [0, 1, 0])
    axes.grid()
    return figure, lambda frame: drawn.set_ydata([0, frame, 0])


def growing() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot()
    (drawn,) = axes.plot([], [])

    def update(frame: int) -> None:
        drawn.set_data(range(frame + 2), [1e6 + i * i for i in range(frame + 2)])
        axes.relim()
        axes.autoscale_view()

    return figure, update


def logarithmic() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot(xscale="log", yscale="symlog")
    axes.grid(which="both")
    return figure, lambda frame: axes.set(xlim=(1, 10 ** (2 + frame)), ylim=(-10 * frame - 1, 100))


def polar() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot(projection="polar")
    return figure, lambda frame: axes.plot([0, frame], [0, frame + 1])


def three_dimensional() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot(projection="3d", xlabel="x axis", zlabel="$z$")
    axes.plot([0, 1], [0, 1], [0, 1])
    return figure, lambda frame: axes.view_init(30, 7.3 * frame)


def color_bar() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot()
    image = axes.imshow(np.arange(12).reshape(3, 4))
    figure.colorbar(image, label="level")
    return figure, lambda frame: image.set_data(np.arange(12).reshape(3, 4) * frame)


def constrained() -> tuple[Figure, Update]:
    figure = text_figure(layout="constrained")
    (left, right) = figure.subplots(1, 2)
    left.set_ylabel("label")
    return figure, lambda frame: (right.set_title(f"frame {frame}\n" * (frame + 1)), left.set_ylim(0, 10**frame))


def legend_and_table() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot()
    axes.plot([1, 2], label="first")
    axes.plot([2, 1], label="$second$")
    axes.legend(title="Legend")
    table = axes.table([["a", "b"], ["c", "d"]], loc="bottom")
    return figure, lambda frame: table[0, 0].get_text().set_text(str(frame))


def annotated() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot()
    note = axes.annotate("here", (0.5, 0.5), (0.2, 0.8), arrowprops={"arrowstyle": "->"})
    return figure, lambda frame: setattr(note, "xy", (0.1 * frame, 0.3))


def filtered() -> tuple[Figure, Update]:
    figure = text_figure()
    text = figure.text(0.2, 0.5, "filtered", size=30)

    def upside_down(image: Any, dpi: float) -> tuple[np.ndarray, float, float]:
        return image[::-1], 3, 4

    text.set_agg_filter(upside_down)
    return figure, lambda frame: text.set_text(f"filtered {frame}")


def cleared() -> tuple[Figure, Update]:
    figure = text_figure()
    axes = figure.add_subplot()

    def update(frame: int) -> None:
        axes.clear()
        axes.bar(["a", "b", "c"], [1, frame, 2])
        axes.set_title(f"Frame {frame}")

    return figure, update


def subfigures() -> tuple[Figure, Update]:
    figure = text_figure()
    left, right = figure.subfigures(1, 2)  # type: ignore[misc]  # the stub allows for a single one
    left.suptitle("left")
    axes = right.add_subplot()
    return figure, lambda frame: axes.set_xlabel(f"{frame}")


FIGURES = [
    line,
    growing,
    logarithmic,
    polar,
    three_dimensional,
    color_bar,
    constrained,
    legend_and_table,
    annotated,
    filtered,
    cleared,
    subfigures,
]


@pytest.mark.parametrize("make", FIGURES, ids=lambda make: make.__name__)
def test_figure(make: Callable[[], tuple[Figure, Update]]) -> None:
    assert_draws_alike(make)


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.characters(codec="latin-1", categories=("L", "N", "P", "Zs")), min_size=1, max_size=12),
    x=st.floats(-50, 400),
    y=st.floats(-50, 300),
    angle=st.one_of(st.sampled_from([0, 90, 180, 270]), st.floats(0, 360)),
    size=st.floats(2, 40),
    antialiased=st.booleans(),
    alpha=st.floats(0, 1),
)
def test_any_text_anywhere(
    text: str, x: float, y: float, angle: float, size: float, antialiased: bool, alpha: float
) -> None:
    plain = RendererAgg(400, 300, 100)
    caching = CachingRenderer(400, 300, 100)
    prop = FontProperties(size=size)
    for shift in (0, 0.4, 17, -0.0001):
        for renderer in (plain, caching):
            gc = renderer.new_gc()
            gc.set_antialiased(antialiased)
            gc.set_alpha(alpha)
            renderer.draw_text(gc, x + shift, y - shift, text, prop, angle)
    assert np.array_equal(shown(caching), shown(plain))


def test_what_cannot_be_seen_is_left_out_alike() -> None:
    prop = FontProperties()
    for x, y in [(1e5, 10.0), (3e8, 10.0), (10.0, -1e5)]:
        outcomes: list[object] = []
        for renderer in (RendererAgg(100, 100, 100), CachingRenderer(100, 100, 100)):
            try:
                renderer.draw_text(renderer.new_gc(), x, y, "far", prop, 0)
            except Exception as error:
                outcomes.append(type(error))
            else:
                outcomes.append(shown(renderer).tobytes())
        assert outcomes[0] == outcomes[1], (x, y)


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[int, bool]]:
    """Count how often each cache, by its id, has a value that is looked up, and how often not."""
    counts: Counter[tuple[int, bool]] = Counter()
    get = Lru.get

    def counted(lru: Lru[Any], key: Hashable) -> Any:
        value = get(lru, key)
        counts[id(lru), value is not None] += 1
        return value

    monkeypatch.setattr(Lru, "get", counted)
    return counts


def test_a_text_is_shaped_and_rasterized_once(lookups: Counter[tuple[int, bool]]) -> None:
    caching = assert_draws_alike(line, frames=6)
    assert isinstance(caching.texts, GlyphCache) == internals.DRAWS_GLYPHS
    looks = looks_of(caching.texts)
    assert lookups[id(looks), False] == len(looks) > 0
    assert lookups[id(looks), True] >= 2 * len(looks)


@pytest.mark.skipif(not internals.DRAWS_GLYPHS, reason="this matplotlib rasterizes strings")
def test_text_that_moves_by_whole_pixels_is_not_rasterized_again(lookups: Counter[tuple[int, bool]]) -> None:
    renderer = CachingRenderer(200, 100, 100)
    texts: Any = renderer.texts
    for step in range(10):
        renderer.draw_text(renderer.new_gc(), 10.25 + step, 50.5 - step, "moving", FontProperties(), 0)
    assert (lookups[id(texts.shaped), False], lookups[id(texts.runs), False]) == (1, 1)
    renderer.draw_text(renderer.new_gc(), 10.75, 50.5, "moving", FontProperties(), 0)
    assert (lookups[id(texts.shaped), False], lookups[id(texts.runs), False]) == (1, 2)


@pytest.mark.skipif(not internals.DRAWS_GLYPHS, reason="this matplotlib reads no heights")
def test_heights_are_read_once_and_only_at_the_renderers_own_resolution(lookups: Counter[tuple[int, bool]]) -> None:
    figure = text_figure()
    text = figure.text(0.1, 0.5, "height")
    caching = CachingRenderer(*figure.bbox.size, figure.dpi, figure=figure)
    plain = RendererAgg(*figure.bbox.size, figure.dpi)
    for dpi in (None, 50, 200, None):
        assert text.get_window_extent(caching, dpi=dpi).bounds == text.get_window_extent(plain, dpi=dpi).bounds
    heights = id(caching.texts.heights)
    assert (lookups[heights, False], lookups[heights, True]) == (1, 1)


def test_a_cache_outlives_its_renderer(lookups: Counter[tuple[int, bool]]) -> None:
    figure, _ = line()
    texts = text_cache()
    for _ in range(2):
        pixels(CachingRenderer(*figure.bbox.size, figure.dpi, figure=figure, texts=texts), figure)
    looks = looks_of(texts)
    assert lookups[id(looks), False] == len(looks)


def test_the_cache_is_bounded() -> None:
    texts = type(text_cache())(200_000)
    renderer = CachingRenderer(300, 100, 100, texts=texts)
    plain = RendererAgg(300, 100, 100)
    prop = FontProperties(size=20)
    for number in range(300):
        for each in (renderer, plain):
            each.clear()
            each.get_text_width_height_descent(f"{number}", prop, False)
            each.draw_text(each.new_gc(), 10 + number / 7, 50, f"{number}", prop, 0)
        assert np.array_equal(shown(renderer), shown(plain))
    weights = [lru.weight for lru in vars(texts).values() if hasattr(lru, "weight")]
    assert 0 < sum(weights) <= 200_000


def test_a_text_heavier_than_the_cache_is_drawn() -> None:
    renderer, plain = CachingRenderer(300, 100, 100, texts=type(text_cache())(100)), RendererAgg(300, 100, 100)
    for each in (renderer, plain):
        each.draw_text(each.new_gc(), 10, 50, "heavy", FontProperties(), 0)
    assert np.array_equal(shown(renderer), shown(plain))


def test_without_a_known_way_to_draw_text_matplotlib_draws_it() -> None:
    renderer, plain = CachingRenderer(300, 100, 100, texts=TextCache()), RendererAgg(300, 100, 100)
    for each in (renderer, plain):
        each.draw_text(each.new_gc(), 10, 50, "plain", FontProperties(), 30)
    drawn = shown(renderer)
    assert drawn.any()
    assert np.array_equal(drawn, shown(plain))
