"""Frames are what Animation.save grabs, bit for bit."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation, TimedAnimation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from renderer import Scene, SourceError, frames
from tests.support import assert_as_saved, assert_same_frames, drawn_frames, saved_frames, some_of

Make = Callable[[], Animation]


def line_figure(**figure: Any) -> tuple[Figure, Any, Any]:
    fig = Figure(figsize=(3, 2), **figure)
    ax = fig.subplots()
    ax.set(title="Sine", ylabel="height", xlim=(0, 6), ylim=(-1, 1))
    x = np.linspace(0, 6, 50)
    (line,) = ax.plot(x, np.sin(x))

    def update(i: float) -> list[Any]:
        line.set_ydata(np.sin(x + i / 3))
        return [line]

    return fig, line, update


def line(figure: dict[str, Any] | None = None, **animation: Any) -> Make:
    """Return a function that makes an animation of four frames, unless *animation* says otherwise."""

    def make() -> Animation:
        fig, _, update = line_figure(**(figure or {}))
        return FuncAnimation(fig, update, **({"frames": 4} | animation))

    return make


def count_to(end: int) -> Iterator[int]:
    yield from range(end)


def with_init_func() -> Animation:
    fig, artist, update = line_figure()
    return FuncAnimation(fig, update, frames=3, init_func=lambda: artist.set_color("r"))


def with_init_func_and_blit() -> Animation:
    fig, artist, update = line_figure()
    return FuncAnimation(fig, update, frames=3, init_func=lambda: [artist], blit=True)


def with_fargs() -> Animation:
    fig, artist, _ = line_figure()
    return FuncAnimation(fig, lambda i, a, b: artist.set_ydata([a * i / b] * 50), frames=3, fargs=(1, 4))


def animated_artists() -> Animation:
    fig, artist, update = line_figure()
    artist.set_animated(True)
    fig.text(0.1, 0.9, "left out by savefig", animated=True)
    return FuncAnimation(fig, update, frames=3)


def cleared_axes() -> Animation:
    fig = Figure(figsize=(3, 2))
    ax = fig.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.barh(range(3), [i, 2 * i, 3])
        ax.set_title(f"step {i}")

    return FuncAnimation(fig, update, frames=4)


def counts_calls() -> Animation:
    """Each call leaves a trace, so that one call more or less is seen."""
    fig = Figure(figsize=(3, 2))
    ax = fig.subplots()
    calls = itertools.count(1)
    text = ax.text(0.5, 0.5, "")
    return FuncAnimation(fig, lambda i: text.set_text(f"{i}: call {next(calls)}"), frames=3)


def artists_in_turn(**options: Any) -> Make:
    def make() -> Animation:
        fig = Figure(figsize=(3, 2))
        ax = fig.subplots()
        x = np.arange(4)
        steps = [[ax.plot(x, x * i)[0], ax.text(i, i, f"{i}")] for i in range(3)]
        return ArtistAnimation(fig, steps, **options)

    return make


class Pendulum(TimedAnimation):
    """A user's own subclass, with every method that it may override."""

    def __init__(self) -> None:
        fig, self.line, self.update = line_figure()
        self.log: list[str] = []
        super().__init__(fig, interval=40)

    def new_frame_seq(self) -> Iterator[int]:  # type: ignore[override]  # the stub says artists
        return iter(range(5))

    def _init_draw(self) -> None:
        self.line.set_color("g")

    def _pre_draw(self, framedata: int, blit: bool) -> None:
        self.line.set_linewidth(framedata + 1)

    def _draw_frame(self, framedata: int) -> None:
        self.update(framedata)
        self._drawn_artists = [self.line]


def translucent() -> Animation:
    fig, _, update = line_figure(facecolor=(1, 0, 0, 0.4))
    fig.axes[0].set_facecolor((0, 0, 1, 0.3))
    return FuncAnimation(fig, update, frames=2)


def other_canvas(canvas: type) -> Make:
    def make() -> Animation:
        fig, _, update = line_figure()
        canvas(fig)
        return FuncAnimation(fig, update, frames=2)

    return make


def draws_in_update() -> Animation:
    fig, _, update = line_figure()

    def update_and_draw(i: int) -> None:
        update(i)
        fig.canvas.draw()
        fig.canvas.draw_idle()

    return FuncAnimation(fig, update_and_draw, frames=3)


CASES: dict[str, Make] = {
    "frames int": line(),
    "frames list": line(frames=[0.5, 2, 1]),
    "frames list, no repeat": line(frames=[0.5, 2, 1], repeat=False),
    "frames array": line(frames=np.linspace(0, 1, 3)),
    "frames generator": lambda: line(frames=count_to(3), save_count=10)(),
    "frames generator, cut": lambda: line(frames=count_to(9), save_count=4)(),
    "frames iterator": lambda: line(frames=iter([3, 1, 2]), save_count=5, repeat=False)(),
    "frames function": line(frames=lambda: count_to(3), save_count=5),
    "frames function, no cache": line(frames=lambda: count_to(3), cache_frame_data=False),
    "frames none": line(frames=None, save_count=3),
    "init_func": with_init_func,
    "init_func and blit": with_init_func_and_blit,
    "fargs": with_fargs,
    "blit": line(blit=True),
    "animated artists": animated_artists,
    "cleared axes": cleared_axes,
    "counts calls": counts_calls,
    "artist animation": artists_in_turn(),
    "artist animation, blit": artists_in_turn(blit=True),
    "subclass": Pendulum,
    "translucent": translucent,
    "pdf canvas": other_canvas(FigureCanvasPdf),
    "svg canvas": other_canvas(FigureCanvasSVG),
    "draws in update": draws_in_update,
}


@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
def test_frames_are_those_of_save(make: Make) -> None:
    expected = assert_as_saved(make)
    assert len(expected) > 1
    assert any((expected[0] != other).any() for other in expected[1:]), "nothing moves"


@some_of(
    "layout, dpi, canvas",
    *([None, "tight", "constrained", "compressed"], [33, 100, 150.5], [FigureCanvasBase, FigureCanvasAgg]),
    one_in=5,
)
def test_layout_and_dpi(layout: Literal["tight", "constrained", "compressed"] | None, dpi: float, canvas: type) -> None:
    def make() -> Animation:
        fig = Figure(figsize=(3, 2), layout=layout)
        canvas(fig)
        left, right = fig.subplots(1, 2)
        left.set_ylabel("a label that needs room")
        image = right.imshow(np.eye(3))
        fig.colorbar(image, ax=right)

        def update(i: int) -> None:
            left.set_ylim(0, 10.0**i)
            left.set_xlabel("x\n" * i)
            image.set_data(np.eye(3) * i)

        return FuncAnimation(fig, update, frames=4)

    assert_as_saved(make, {"dpi": dpi}, dpi=dpi)


@pytest.mark.parametrize(
    "look",
    [
        {"transparent": True},
        {"facecolor": "lavender"},
        {"facecolor": (0, 1, 0, 0.25)},
        {"facecolor": "none"},
    ],
    ids=str,
)
@pytest.mark.parametrize("make", [line(), translucent])
def test_faces(make: Make, look: dict[str, Any]) -> None:
    assert_as_saved(make, {"savefig_kwargs": look}, **look)


def test_savefig_settings_count() -> None:
    with mpl.rc_context({"savefig.dpi": 50, "savefig.facecolor": "pink"}):
        expected = assert_as_saved(line())
    assert expected[0].shape == (100, 150, 4)
    with mpl.rc_context({"savefig.dpi": "figure", "savefig.transparent": True}):
        assert assert_as_saved(line())[0].shape == (200, 300, 4)


@pytest.mark.parametrize("face", ["auto", "pink"])
def test_an_update_may_draw_the_figure_on_a_canvas_of_its_own(face: str) -> None:
    canvases = []

    def make() -> Animation:
        fig, _, update = line_figure()

        def draw(index: int) -> None:
            update(index)
            canvases.append(FigureCanvasAgg(fig))
            canvases[-1].draw()

        return FuncAnimation(fig, draw, frames=3)

    with mpl.rc_context({"savefig.facecolor": face}):
        assert_as_saved(make)
    assert canvases[-1].figure.canvas is canvases[-1]


def test_transparency_goes_before_a_face_in_the_settings() -> None:
    with mpl.rc_context({"savefig.transparent": True, "savefig.facecolor": "pink"}):
        assert_as_saved(line())
        assert_as_saved(line(), {"savefig_kwargs": {"facecolor": "auto"}}, facecolor="auto")


def test_dpi_figure_means_its_present_dpi() -> None:
    def make() -> Animation:
        animation = line()()
        animation._fig.dpi = 60  # type: ignore[attr-defined]
        return animation

    assert assert_as_saved(make, {"dpi": "figure"}, dpi="figure")[0].shape == (120, 180, 4)


def test_extra_animations_move_together_and_the_shortest_ends() -> None:
    def make() -> tuple[Animation, list[Animation]]:
        fig, artist, update = line_figure()
        other_figure, _, other_update = line_figure()
        return (
            FuncAnimation(fig, update, frames=5),
            [
                FuncAnimation(fig, lambda i: artist.set_linewidth(i + 1), frames=3),
                FuncAnimation(other_figure, other_update, frames=1),
            ],
        )

    animation, extra = make()
    expected = saved_frames(animation, extra_anim=extra)
    extra[1]._draw_was_started = True  # type: ignore[attr-defined]
    assert len(expected) == 3
    animation, extra = make()
    assert_same_frames(drawn_frames(animation, extra_anim=extra), expected)
    extra[1]._draw_was_started = True  # type: ignore[attr-defined]


def test_a_second_render_gives_the_same_frames() -> None:
    for make in (line(), line(frames=[2, 1]), artists_in_turn(), cleared_axes):
        animation = make()
        assert_same_frames(drawn_frames(animation), drawn_frames(animation))


def test_update_sees_the_figures_own_dpi_and_face() -> None:
    fig, _, update = line_figure(dpi=80, facecolor="khaki")
    seen = []

    def look(i: int) -> None:
        update(i)
        seen.append((fig.dpi, fig.get_facecolor(), tuple(fig.bbox.size)))

    drawn_frames(FuncAnimation(fig, look, frames=2), dpi=31, facecolor="red", bbox_inches="tight")
    assert len(set(seen)) == 1
    assert seen[0][0] == 80


def test_scene_calls_init_once_and_update_once_a_frame() -> None:
    fig, _, update = line_figure()
    calls: list[Any] = []

    def noted_update(frame: int) -> None:
        calls.append(frame)
        update(frame)

    scene = Scene(figure=fig, update=noted_update, frames=[3, 1, 2], init=lambda: calls.append("init"))
    drawn = drawn_frames(scene)
    assert calls == ["init", 3, 1, 2]
    assert_same_frames(drawn, [saved_frames(line(frames=[i])())[0] for i in (3, 1, 2)])


def test_iterable_of_figures() -> None:
    def figures() -> Iterator[Figure]:
        for i in range(3):
            fig, _, update = line_figure()
            update(i)
            yield fig

    assert_same_frames(drawn_frames(figures()), saved_frames(line(frames=3)()))
    assert_same_frames(drawn_frames(list(figures())), saved_frames(line(frames=3)()))


def test_the_same_figure_again_and_again() -> None:
    fig, _, update = line_figure()
    assert_same_frames(drawn_frames(update(i) and fig for i in range(3)), saved_frames(line(frames=3)()))


@pytest.mark.parametrize("make", [line(), lambda: [np.zeros((2, 3))] * 4, lambda: line_scene()])
def test_factory(make: Callable[[], object]) -> None:
    assert_same_frames(drawn_frames(make), drawn_frames(make()))


def line_scene() -> Scene:
    fig, _, update = line_figure()
    return Scene(figure=fig, update=update, frames=2)


@pytest.mark.parametrize(
    ("array", "pixel"),
    [
        (np.full((2, 3), 7, np.uint8), [7, 7, 7, 255]),
        (np.full((2, 3), 0.2), [51, 51, 51, 255]),
        (np.ones((2, 3), bool), [255, 255, 255, 255]),
        (np.tile(np.array([1, 2, 3], np.uint8), (2, 3, 1)), [1, 2, 3, 255]),
        (np.tile(np.array([1, 2, 3, 4], np.uint8), (2, 3, 1)), [1, 2, 3, 4]),
        (np.tile(np.array([0, 0.5, 1, 0.4], np.float32), (2, 3, 1)), [0, 128, 255, 102]),
    ],
    ids=lambda value: f"{value.dtype}{value.shape}" if isinstance(value, np.ndarray) else "",
)
def test_arrays(array: np.ndarray, pixel: list[int]) -> None:
    (frame,) = frames([array])
    assert frame.pixels.shape == (2, 3, 4)
    assert frame.pixels.dtype == np.uint8
    assert (frame.pixels == pixel).all()


COLORS = np.array([[[200, 60, 30, 255], [0, 0, 0, 255], [255, 255, 255, 255]]] * 2, np.uint8)
HALF = np.where([True, True, True, False], COLORS, 128).astype(np.uint8)
GRAY = np.where([True, True, True, False], COLORS[..., 1:2], 100).astype(np.uint8)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        *((mode, COLORS) for mode in ("RGB", "RGBX", "CMYK", "YCbCr", "HSV", "P")),
        *((mode, HALF) for mode in ("RGBA", "RGBa")),
        *((mode, GRAY) for mode in ("LA", "La")),
        ("LAB", np.full((2, 3, 4), [199, 60, 30, 255])),
        *((mode, COLORS[..., [1, 1, 1, 3]]) for mode in ("L", "PA")),
        ("1", np.full((2, 3, 4), [255, 255, 255, 255])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pictures_of_pillows_are_seen_as_pillow_shows_them(mode: str, expected: np.ndarray) -> None:
    (frame,) = frames([in_mode(mode, expected.astype(np.uint8))])
    assert abs(frame.pixels.astype(int) - expected).max() <= 2


def in_mode(mode: str, rgba: np.ndarray) -> Image.Image:
    """Return a picture of these colors; a conversion to some modes takes others on its way."""
    picture = Image.fromarray(rgba)
    if mode == "LAB":
        return Image.new("LAB", (3, 2), (120, 183, 177))
    if mode == "P":
        return picture.convert("RGB").quantize(16)
    way = {"La": ["LA"], "PA": ["LA"], "CMYK": ["RGB"], "YCbCr": ["RGB"], "HSV": ["RGB"], "1": ["L"]}
    for step in [*way.get(mode, []), mode]:
        picture = picture.convert(step)
    return picture


def test_a_transparent_color_of_a_palette_is_transparent() -> None:
    picture = Image.fromarray(COLORS[..., :3]).quantize(16)
    picture.info["transparency"] = picture.getpixel((0, 0))
    (frame,) = frames([picture])
    assert (frame.pixels[:, :, 3] == [0, 255, 255]).all()


@pytest.mark.parametrize("mode", ["I", "F", "I;16", "I;16B"])
def test_a_picture_of_pillows_whose_white_is_not_known_is_refused(mode: str) -> None:
    with pytest.raises(SourceError, match=rf"mode '{mode}' .* np\.asarray\(image\) / white"):
        list(frames([Image.new(mode, (3, 2))]))


def test_an_array_of_images_is_a_source() -> None:
    assert len(drawn_frames(np.zeros((5, 2, 3)))) == 5


def test_frames_own_their_pixels() -> None:
    first, second, *_ = frames(line()())
    assert not np.shares_memory(first.pixels, second.pixels)


def test_bbox_inches_crops() -> None:
    box = Bbox([[0.5, 0.25], [2, 1.75]])
    make = line()
    expected = []
    fig, _, update = line_figure()
    for i in range(4):
        update(i)
        expected.append(savefig_array(fig, bbox_inches=box))
    assert_same_frames(drawn_frames(make(), bbox_inches=box), expected)


def test_tight_box_is_computed_once() -> None:
    def make() -> Animation:
        fig, _, _ = line_figure()
        ax = fig.axes[0]
        return FuncAnimation(fig, lambda i: [ax.set_ylabel("wide\n" * i)], frames=3)

    drawn = drawn_frames(make(), bbox_inches="tight")
    assert len({frame.shape for frame in drawn}) == 1
    fig, _, _ = line_figure()
    fig.axes[0].set_ylabel("")
    assert (drawn[0] == savefig_array(fig, bbox_inches="tight")).all()


def savefig_array(fig: Figure, **savefig: Any) -> np.ndarray:
    """Return the picture that savefig writes, with the size read from a PNG of the same figure."""
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    fig.savefig(file, format="png", **savefig)
    return np.asarray(Image.open(file).convert("RGBA"))
