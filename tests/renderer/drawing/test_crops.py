"""Parts of figures are drawn as savefig draws them, and what is in them is kept from frame to frame."""

from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from renderer import frames
from renderer.drawing import canvas as frame_canvas
from renderer.drawing.reference import Reference
from tests.figures.kinds import KINDS
from tests.renderer.drawing.counts import CountedFigure
from tests.support import assert_same_frames, drawn_frames, saved_frames, some_of

WHOLE_PIXELS = Bbox([[0.5, 0.2], [2.5, 2.2]])
FRACTIONS = Bbox([[0.313, 0.207], [2.871, 2.013]])
BEYOND = Bbox([[-0.31, 0.2], [2.7, 2.603]])
BOXES = {"tight": "tight", "whole pixels": WHOLE_PIXELS, "fractions": FRACTIONS, "beyond": BEYOND}
NAMES = [
    *("line", "bars", "equal_aspect", "polar", "constrained_layout", "nested_subfigures", "subfigures_that_change"),
]


def assert_as_cropped(make: Any, box: Any, save: dict[str, Any] | None = None, **options: Any) -> None:
    """Compare with savefig in Animation.save."""
    expected = saved_frames(make(), bbox_inches=box, **(save or {}))
    assert_same_frames(drawn_frames(make(), bbox_inches=box, **options), expected)


@some_of("name, box", NAMES, ["tight", FRACTIONS], one_in=3)
def test_frames_are_those_of_savefig(name: str, box: Any) -> None:
    assert_as_cropped(lambda: KINDS[name].animation(frames=5), box, verify="never", dpi="figure")


@some_of("box, canvas", BOXES.values(), [FigureCanvasAgg, FigureCanvasSVG], one_in=3)
def test_boxes(canvas: Any, box: Any) -> None:
    assert_as_cropped(lambda: KINDS["subfigures"].animation(canvas, 4), box, verify="never", dpi="figure")


@some_of(
    "look, box",
    [{}, {"dpi": 71.7}, {"transparent": True}, {"facecolor": (0, 0, 1, 0.4)}, {"verify": "always"}],
    ["tight", FRACTIONS],
    one_in=3,
)
def test_looks(look: dict[str, Any], box: Any) -> None:
    options = {"verify": "never", "dpi": "figure"} | look
    own = ("transparent", "facecolor")
    save = {"savefig_kwargs": {name: look[name] for name in own if name in look}}
    if "dpi" in look:
        save |= {"dpi": look["dpi"]}
    assert_as_cropped(lambda: KINDS["equal_aspect"].animation(FigureCanvasAgg, 4), box, save, **options)


@pytest.mark.parametrize("pad", [0, 0.37])
def test_padding(pad: float) -> None:
    with mpl.rc_context({"savefig.pad_inches": pad}):
        assert_as_cropped(KINDS["line"].animation, "tight", verify="never", dpi="figure")


@pytest.mark.parametrize("canvas", [FigureCanvasBase, FigureCanvasAgg])
@pytest.mark.parametrize("box", ["tight", FRACTIONS], ids=["tight", "fractions"])
def test_a_figure_of_a_listener(box: Any, canvas: Any) -> None:
    """It is drawn by the reference step, which makes no draw more."""

    def make() -> Animation:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        canvas(figure)
        (line,) = figure.add_subplot().plot([0, 1])
        text = figure.text(0.5, 0.5, "0")
        figure.canvas.mpl_connect("draw_event", lambda _: text.set_text(f"{int(text.get_text()) + 1}"))
        return FuncAnimation(figure, lambda frame: line.set_ydata([0, frame]), frames=4, init_func=list)

    assert_as_cropped(make, box, verify="never", dpi="figure")


def test_what_changes_in_the_run() -> None:
    """Sizes, resolutions and places of the figure, and axes that come and go."""

    def make() -> Animation:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        axes = figure.add_subplot(title="title")
        (line,) = axes.plot([0, 1])

        def update(frame: int) -> None:
            line.set_ydata([0, frame])
            if frame == 2:
                figure.set_size_inches(3, 3)
            if frame == 4:
                axes.set_aspect("equal")
            if frame == 5:
                figure.add_axes((0.6, 0.6, 0.3, 0.3), aspect="equal")
            if frame == 7:
                axes.remove()
            if frame == 8:
                figure.patch.set_bounds(0.1, 0.1, 0.8, 0.8)

        return FuncAnimation(figure, update, frames=10, init_func=list)

    assert_as_cropped(make, FRACTIONS, verify="never", dpi="figure")


@pytest.fixture
def redrawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of artists that each frame of our own canvas draws again."""
    counts: list[int] = []

    class Counted(CountedFigure):
        def draw(self, renderer: Any) -> None:
            before = self.redrawn
            super().draw(renderer)
            counts.append(self.redrawn - before)

    monkeypatch.setattr(frame_canvas, "RetainedFigure", Counted)
    return counts


@pytest.mark.parametrize("look", [{}, {"dpi": 70}, {"transparent": True}])
@pytest.mark.parametrize("name", ["line", "line_in_a_subfigure"])
def test_only_what_changed_is_drawn_again(name: str, look: dict[str, Any], redrawn: list[int]) -> None:
    options = {"dpi": "figure", "verify": "never"} | look
    list(frames(KINDS[name].animation(), bbox_inches=FRACTIONS, **options))
    assert redrawn[0] > 10
    assert redrawn[1:] == [1] * 3


def test_a_tight_box_is_drawn_in_full_in_two_frames(redrawn: list[int]) -> None:
    """Where it was found, and where it is kept."""
    list(frames(KINDS["line"].animation(), bbox_inches="tight", dpi="figure", verify="never"))
    assert redrawn[0] == redrawn[1] > 10
    assert redrawn[2:] == [1] * 2


def test_updates_see_the_whole_figure() -> None:
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    axes = figure.add_subplot()
    seen = []

    def update(frame: int) -> None:
        own = "apply_aspect" in vars(axes)
        seen.append((own, *figure.bbox.size, *figure.transFigure.transform((0, 0)), *figure.patch.get_xy()))

    list(frames(FuncAnimation(figure, update, frames=4), bbox_inches=FRACTIONS, dpi="figure"))
    assert set(seen) == {(False, 160, 120, 0, 0, 0, 0)}


def test_an_error_leaves_the_figure_whole() -> None:
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    axes: Axes = figure.add_subplot()
    axes.plot([0, 1])[0].set_path_effects([None])  # type: ignore[list-item]
    with pytest.raises(AttributeError):
        list(frames(FuncAnimation(figure, lambda _: [], frames=2), bbox_inches=FRACTIONS, dpi="figure"))
    assert tuple(figure.bbox.size) == (160, 120)
    assert np.array_equal(figure.transFigure.transform((1, 1)), (160, 120))


def test_the_reference_step_tells_the_tight_box() -> None:
    figure = Figure(figsize=(3.2, 2.4), dpi=50)
    figure.add_subplot()
    reference = Reference(figure, figure.canvas)
    pixels = reference.grab({"dpi": 50, "bbox_inches": "tight"})
    assert reference.drawn_box is not None
    assert pixels.shape[:2] == (int(reference.drawn_box.height * 50), int(reference.drawn_box.width * 50))


@pytest.mark.parametrize("canvas", [FigureCanvasAgg, FigureCanvasBase])
@pytest.mark.parametrize("box", ["tight", WHOLE_PIXELS])
def test_texts_that_change_their_sizes_with_the_settings(canvas: Any, box: Any) -> None:
    def make() -> Animation:
        figure = Figure(figsize=(3, 2.4), dpi=60)
        canvas(figure)
        figure.add_subplot(title="AVAV $x^2$")
        families = ("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono")
        return FuncAnimation(
            figure, lambda i: mpl.rcParams.update({"font.sans-serif": [families[i % 3]]}), 6, init_func=list
        )

    with mpl.rc_context():
        assert_as_cropped(make, box, verify="never")
