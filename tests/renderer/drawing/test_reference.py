"""Frames are those of Animation.save: on each kind of canvas, at each size, with each setting that saving reads."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_ps import FigureCanvasPS
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.backends.backend_template import FigureCanvasTemplate
from matplotlib.backends.backend_webagg_core import FigureCanvasWebAggCore
from matplotlib.figure import Figure

from renderer import frames
from renderer.drawing.painter import Painter
from renderer.drawing.reference import Reference, drawing_of
from renderer.options import RenderOptions
from renderer.sources.animation import AnimationSource
from tests.support import assert_as_saved, saved_frames, some_of

Update = Callable[[int], Any]


class Window(FigureCanvasAgg):
    """Draws later, as the canvases of windows do."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        pass


CANVASES = {
    "base": (FigureCanvasBase, "never"),
    "agg": (FigureCanvasAgg, "at once"),
    "svg": (FigureCanvasSVG, "another way"),
    "pdf": (FigureCanvasPdf, "another way"),
    "ps": (FigureCanvasPS, "another way"),
    "window": (Window, "later"),
}
KINDS_OF_CANVASES = [kind for kind, _ in CANVASES.values()]


@pytest.fixture(autouse=True)
def figures_closed() -> Iterator[None]:
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


def on(canvas: Callable[[Figure], Any], fill: Callable[[Figure], Update], **options: Any) -> Callable[[], Animation]:
    """Return what makes an animation of a figure on a canvas."""

    def make() -> Animation:
        size: dict[str, Any] = {"figsize": (3, 2.25), "dpi": 60}
        figure = Figure(**(size | options))
        canvas(figure)
        return FuncAnimation(figure, fill(figure), frames=3, init_func=list)

    return make


def texts_and_lines(figure: Figure) -> Update:
    axes = figure.add_subplot(title="title", ylabel="turned", xlabel=r"$x^2$")
    (line,) = axes.plot([0, 1], "o-", label="line")
    axes.legend()
    axes.annotate("here", (0.5, 0.5), (0.2, 0.8), arrowprops={"arrowstyle": "->"})
    return lambda frame: line.set_ydata([frame, 1])


def listener(figure: Figure) -> Update:
    axes = figure.add_subplot()
    line: Any = axes.plot([0, 1])[0]
    text = axes.text(0.5, 0.5, "?")
    figure.canvas.mpl_connect("draw_event", lambda event: text.set_text(f"{text.get_text()}{line.get_ydata()[1]:.1f}"))
    return lambda frame: line.set_ydata([0, 1 / (frame + 1)])


@pytest.mark.parametrize(("canvas", "drawing"), CANVASES.values(), ids=list(CANVASES))
def test_what_a_canvas_does_when_it_is_asked_to_draw(canvas: Any, drawing: str) -> None:
    assert drawing_of(canvas(Figure())) == drawing


def test_other_canvases_of_matplotlib() -> None:
    assert drawing_of(FigureCanvasWebAggCore(Figure())) == "later"
    assert drawing_of(FigureCanvasTemplate(Figure())) == "another way"
    assert drawing_of(plt.figure().canvas) == "at once"


@some_of(
    "canvas, fill, dpi, verify",
    *(KINDS_OF_CANVASES, [texts_and_lines, listener], ["figure", 83], ["never", "always"]),
    one_in=5,
)
def test_each_canvas(canvas: Any, fill: Callable[[Figure], Update], dpi: Any, verify: str) -> None:
    save = {} if dpi == "figure" else {"dpi": dpi}
    assert_as_saved(on(canvas, fill), save, dpi=dpi, verify=verify)


@some_of("canvas, layout", KINDS_OF_CANVASES, ["constrained", "tight"], one_in=3)
def test_each_canvas_with_a_layout(canvas: Any, layout: Any) -> None:
    assert_as_saved(on(canvas, texts_and_lines, layout=layout), verify="never")


def wedge_and_arrow(figure: Figure) -> Update:
    wedge: Any = figure.add_subplot(1, 2, 1, projection="polar", title="wedge")
    wedge.set(thetamin=10, thetamax=90)
    axes = figure.add_subplot(1, 2, 2)
    axes.annotate("note", (0.2, 0.3), (1.4, 1.3), arrowprops={"arrowstyle": "->"}, annotation_clip=False)
    return lambda frame: None


@some_of("layout", ["constrained", "compressed", "tight"], one_in=3)
def test_a_frame_is_compared_from_the_state_in_which_it_began(layout: Any) -> None:
    make = on(FigureCanvasAgg, wedge_and_arrow, figsize=(3.333, 2.417), dpi=72.5, layout=layout)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_as_saved(make, {"dpi": 33.3}, dpi=33.3, verify="always")


@some_of("canvas, dpi", KINDS_OF_CANVASES, ["figure", 83], one_in=3)
def test_an_update_that_measures_texts(canvas: Any, dpi: Any) -> None:
    def fill(figure: Figure) -> Update:
        parts: Any = figure.subfigures(1, 2)
        axes = parts[1].add_subplot(aspect="equal", adjustable="datalim")
        return lambda frame: axes.clabel(axes.contour(np.sin(np.arange(36).reshape(6, 6) + frame)))

    assert_as_saved(on(canvas, fill), {} if dpi == "figure" else {"dpi": dpi}, dpi=dpi, verify="never")


@pytest.mark.parametrize("canvas", KINDS_OF_CANVASES)
def test_the_figure_comes_back(canvas: Any) -> None:
    animation: Any = on(canvas, listener)()
    figure = animation._fig
    own, dpi = figure.canvas, figure.dpi
    assert len(list(drawn(animation))) == 3
    assert figure.canvas is own
    assert figure.dpi == dpi
    assert not own.is_saving()


def drawn(animation: Animation, **options: Any) -> Iterator[np.ndarray]:
    return (frame.pixels for frame in frames(animation, **options))


@some_of(
    "size, dpi, other, verify",
    *([(3.333, 2.417), (2.001, 1.999), (3.17, 2.05)], [100, 72.5, 33.3], [None, 91.7], ["never", "always"]),
    one_in=5,
)
def test_sizes_that_are_no_whole_pixels(
    size: tuple[float, float], dpi: float, other: float | None, verify: str
) -> None:
    make = on(FigureCanvasAgg, texts_and_lines, figsize=size, dpi=dpi)
    assert_as_saved(make, {"dpi": other} if other else {}, dpi=other or "figure", verify=verify)


SETTINGS: list[Any] = [
    {"savefig.bbox": "tight"},
    {"savefig.bbox": "tight", "savefig.pad_inches": 0.5},
    {"savefig.dpi": 83},
    {"savefig.facecolor": "0.7"},
    {"savefig.facecolor": (1, 0, 0, 0.4)},
    {"savefig.edgecolor": "red", "figure.edgecolor": "blue"},
    {"savefig.transparent": True},
    {"savefig.transparent": True, "savefig.facecolor": "yellow"},
    {"savefig.orientation": "landscape"},
    {"figure.facecolor": (0, 0, 1, 0.3)},
    {"figure.autolayout": True},
    {"figure.constrained_layout.use": True},
    {"axes.facecolor": (0, 1, 0, 0.5), "savefig.transparent": True},
    {"text.hinting": "none", "text.antialiased": False},
    {"path.snap": False, "lines.antialiased": False},
    {"agg.path.chunksize": 100},
]


@some_of("settings, transparency, canvas", SETTINGS, [True, False], [FigureCanvasAgg, FigureCanvasBase], one_in=5)
def test_settings_that_saving_reads(settings: Any, transparency: bool, canvas: Any) -> None:
    def make() -> Any:
        return on(canvas, lambda figure: texts_and_lines(figure), linewidth=3)()

    with mpl.rc_context(settings):
        expected = saved_frames(make(), transparency=transparency)
    with mpl.rc_context(settings), Painter(RenderOptions(verify="never"), opaque=not transparency) as painter:
        animation = make()
        painter.take(animation._fig)
        pixels = [painter.paint(state) for state in AnimationSource(animation).states()]
    np.testing.assert_array_equal(pixels, expected)


CHANGES: dict[str, Callable[[Any, int], object]] = {
    "the figure's dpi": lambda figure, frame: figure.set_dpi(60 + 20 * frame),
    "savefig.dpi": lambda figure, frame: mpl.rcParams.update({"savefig.dpi": 60 + 20 * frame}),
    "the face": lambda figure, frame: figure.set_facecolor(f"C{frame}"),
    "savefig.facecolor": lambda figure, frame: mpl.rcParams.update({"savefig.facecolor": f"C{frame}"}),
    "savefig.transparent": lambda figure, frame: mpl.rcParams.update({"savefig.transparent": frame % 2 == 1}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("canvas", [FigureCanvasAgg, FigureCanvasBase])
@pytest.mark.parametrize("transparency", [True, False])
def test_changes_of_what_save_fixes_and_of_what_it_reads_anew(
    change: Callable[[Any, int], object], canvas: Any, transparency: bool
) -> None:
    def fill(figure: Figure) -> Update:
        (line,) = figure.add_subplot().plot([0, 1])

        def update(frame: int) -> None:
            line.set_ydata([0, frame])
            change(figure, frame)

        return update

    with mpl.rc_context():
        expected = saved_frames(on(canvas, fill)(), transparency=transparency)
    with mpl.rc_context(), Painter(RenderOptions(verify="never"), opaque=not transparency) as painter:
        animation: Any = on(canvas, fill)()
        painter.take(animation._fig)
        pixels = [painter.paint(state) for state in AnimationSource(animation).states()]
    np.testing.assert_array_equal(pixels, expected)


def test_a_window_is_not_resized() -> None:
    """An update may change the size of the figure; neither save nor a render passes that on to the window."""
    figure = plt.figure(figsize=(2, 2), dpi=50)
    manager: Any = figure.canvas.manager
    sizes: list[Any] = []
    manager.resize = lambda *size: sizes.append(size)
    animation = FuncAnimation(figure, lambda frame: figure.set_size_inches(2, 2), frames=3, init_func=list)
    assert len(list(drawn(animation))) == 3
    assert sizes == []
    assert figure.canvas.manager is manager


@pytest.mark.parametrize(
    "adopt", [plt.sca, plt.axes, lambda axes: plt.figure(axes.figure)], ids=["sca", "axes", "figure"]
)
def test_pyplot_knows_the_figure_in_an_update(adopt: Callable[[Any], object]) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(3, 2), dpi=50)
    canvas, manager = figure.canvas, figure.canvas.manager

    def update(frame: int) -> None:
        adopt(axes[frame % 2])
        plt.cla()
        plt.plot([0, frame])

    assert len(list(drawn(FuncAnimation(figure, update, frames=6, init_func=list)))) == 6
    assert figure.canvas is canvas
    assert figure.canvas.manager is manager
    assert plt.get_fignums() == [figure.number]
    assert plt.gcf() is figure


def test_a_reference_of_a_window_leaves_its_canvas_alone() -> None:
    figure = Figure(figsize=(2, 2), dpi=50)
    window = Window(figure)
    window._device_pixel_ratio = 2  # type: ignore[attr-defined]
    reference = Reference(figure, window)
    assert figure.canvas is window
    assert reference.agg_canvas is not window
    assert reference.agg_canvas is not None
    assert reference.agg_canvas.device_pixel_ratio == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reference.grab({"dpi": 50}).shape == (100, 100, 4)
    assert figure.canvas is window
