"""Runs of display lists that are replayed as pixels, against the calls themselves."""

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.spines import Spine

from renderer.drawing.agg import pixel_runs
from renderer.drawing.agg.caching import CachingRenderer
from renderer.drawing.agg.display_list import DisplayList, recording
from renderer.drawing.agg.pixel_runs import PixelRuns
from tests.figures.kinds import KINDS
from tests.support import some_of


def drawn_alone(figure: Figure, renderer: RendererAgg) -> list[tuple[Artist, DisplayList]]:
    """Return what each artist in the axes draws."""
    FigureCanvasAgg(figure).draw()
    pairs = []
    for artist in (artist for axes in figure.axes for artist in axes.get_children()):
        with recording(renderer) as drawn:
            artist.draw(renderer)
        if drawn.complete:
            pairs.append((artist, drawn))
    return pairs


def fill(renderer: RendererAgg, pixels: np.ndarray) -> None:
    np.copyto(np.asarray(renderer.buffer_rgba()), pixels)


def grids(seed: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Return pixels to draw on: the same ones, others in some places, others everywhere, the first again."""
    random = np.random.default_rng(seed)
    first = random.integers(0, 256, shape, np.uint8)
    some = np.where(random.random(shape) < 0.001, random.integers(0, 256, shape, np.uint8), first)
    clear = np.zeros(shape, np.uint8)
    return [first, first, some, some, clear, clear, first, first]


@pytest.fixture
def everything_as_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixel_runs, "_FEWEST_CALLS", {Artist: 1})
    monkeypatch.setattr(pixel_runs, "_LARGEST_SHARE", 1)


@pytest.mark.usefixtures("everything_as_pixels")
@some_of("name", KINDS, one_in=3)
def test_the_pixels_are_those_of_the_calls(name: str) -> None:
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    KINDS[name].fill(figure)(0)
    width, height = map(int, figure.bbox.size)
    ours, theirs = CachingRenderer(width, height, figure.dpi), RendererAgg(width, height, figure.dpi)
    drawn, kept = drawn_alone(figure, ours), PixelRuns()
    if ours.clip_masks.ambiguous:
        pytest.skip("such figures are drawn in full: the same calls may give other pixels")
    for pixels in grids(len(name), (height, width, 4)):
        for renderer in (ours, theirs):
            fill(renderer, pixels)
        kept.next_frame()
        kept.replay(ours, drawn)
        for _, display_list in drawn:
            display_list.replay(theirs)
        assert np.array_equal(ours.buffer_rgba(), theirs.buffer_rgba())  # type: ignore[no-untyped-call]


def test_pixels_that_are_as_before_are_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    figure.add_subplot().grid()
    renderer, kept = RendererAgg(160, 120, 50), PixelRuns()
    sparse = [pair for pair in drawn_alone(figure, renderer) if isinstance(pair[0], (Axis, Spine))]

    def replayed() -> np.ndarray:
        renderer.clear()
        kept.next_frame()
        kept.replay(renderer, sparse)
        return np.array(renderer.buffer_rgba())

    first, *_ = [replayed() for _ in range(3)]
    monkeypatch.setattr(DisplayList, "replay", lambda *_: pytest.fail("drawn again"))
    assert np.array_equal(replayed(), first)
    assert len(np.unique(first.reshape(-1, 4), axis=0)) > 5
