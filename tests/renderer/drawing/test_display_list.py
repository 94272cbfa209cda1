"""A replayed display list leaves the pixels that the artists left."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from renderer.drawing.agg.display_list import recording


def pixels(renderer: RendererAgg) -> np.ndarray:
    return np.array(renderer.buffer_rgba())


def figure_of(draw: Callable[[Figure], None]) -> Figure:
    figure = Figure(figsize=(3, 2))
    FigureCanvasAgg(figure)
    draw(figure)
    return figure


def lines(figure: Figure) -> None:
    axes = figure.add_subplot()
    axes.plot([1, 3, 2], "o--", label="line")
    axes.set_title("$x^2$ title")
    axes.legend()


def collections(figure: Figure) -> None:
    axes = figure.add_subplot()
    axes.scatter([1, 2, 3], [3, 1, 2], c=[1, 2, 3], s=[10, 100, 50], hatch="//")
    axes.pcolormesh(np.arange(12).reshape(3, 4))
    axes.pcolormesh(np.arange(12).reshape(3, 4), shading="gouraud", alpha=0.5)


def image(figure: Figure) -> None:
    axes = figure.add_subplot()
    shown = axes.imshow(np.arange(12).reshape(3, 4))
    figure.colorbar(shown)
    axes.text(1, 1, "stroke", rotation=30, path_effects=[withStroke(linewidth=3, foreground="w")])


def clipped(figure: Figure) -> None:
    axes = figure.add_subplot()
    shown = axes.imshow(np.arange(12).reshape(3, 4))
    shown.set_clip_path(Circle((1, 1), 1, transform=axes.transData))
    axes.bar([1, 2], [2, 1], hatch="x").patches[0].set_sketch_params(2)


def filtered(figure: Figure) -> None:
    axes = figure.add_subplot()
    (line,) = axes.plot([1, 3, 2], lw=4)

    def half(image: Any, dpi: float) -> tuple[np.ndarray, float, float]:
        return image * 0.5, 2, -3

    line.set_agg_filter(half)


def polar_and_3d(figure: Figure) -> None:
    figure.add_subplot(1, 2, 1, projection="polar").fill([0, 1, 2], [1, 2, 1])
    figure.add_subplot(1, 2, 2, projection="3d").scatter([1, 2], [1, 2], [1, 2])


@pytest.mark.parametrize("draw", [lines, collections, image, clipped, filtered, polar_and_3d])
def test_replay_leaves_the_pixels_that_drawing_left(draw: Callable[[Figure], None]) -> None:
    figure = figure_of(draw)
    renderer = RendererAgg(300, 200, 100)
    figure.draw(renderer)
    expected = pixels(renderer)
    renderer.clear()

    with recording(renderer) as display_list:
        figure.draw(renderer)
    np.testing.assert_array_equal(pixels(renderer), expected)

    renderer.clear()
    display_list.replay(renderer)
    assert display_list.complete
    assert len(display_list) > 10
    np.testing.assert_array_equal(pixels(renderer), expected)


def test_a_display_list_keeps_what_was_drawn_when_the_artist_changes() -> None:
    figure = figure_of(lines)
    (line,) = figure.axes[0].lines
    renderer = RendererAgg(300, 200, 100)
    with recording(renderer) as display_list:
        figure.draw(renderer)
    expected = pixels(renderer)

    vertices: Any = line.get_path().vertices
    vertices[:] += 1
    line.set(color="r", dashes=(1, 2))
    figure.axes[0].set(xlim=(-1, 5), title="other")
    figure.draw(renderer)
    assert (pixels(renderer) != expected).any()

    renderer.clear()
    display_list.replay(renderer)
    np.testing.assert_array_equal(pixels(renderer), expected)


def test_recordings_nest() -> None:
    figure = figure_of(lines)
    renderer = RendererAgg(300, 200, 100)
    with recording(renderer) as outer:
        figure.patch.draw(renderer)
        with recording(renderer) as inner:
            figure.axes[0].draw(renderer)
    assert len(outer) == len(inner) + 1


def test_a_restored_region_makes_a_list_incomplete() -> None:
    renderer = RendererAgg(30, 20, 100)
    region = renderer.copy_from_bbox(renderer.bbox)
    with recording(renderer) as display_list:
        renderer.restore_region(region)
    assert not display_list.complete


def test_the_renderer_comes_back_after_an_error() -> None:
    renderer = RendererAgg(30, 20, 100)
    target = renderer._renderer
    with pytest.raises(RuntimeError, match="broken"), recording(renderer):
        raise RuntimeError("broken")
    assert renderer._renderer is target
    assert renderer.draw_image == target.draw_image
