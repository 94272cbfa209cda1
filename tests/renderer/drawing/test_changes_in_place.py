"""Objects that are changed in place, or replaced in part, so that who holds them holds the same object as before."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import Animation, PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import NoNorm
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.ticker import NullFormatter
from matplotlib.transforms import Affine2D, IdentityTransform, TransformedPath
from numpy.typing import NDArray

import renderer
from renderer import frames
from tests.renderer.drawing.conftest import FRAMES, figure_of
from tests.support import assert_as_saved

Update = Callable[[int], Any]


def at(frame: int, change: Callable[[], Any]) -> Update:
    """Return an update that changes something in one frame."""
    return lambda index: change() if index == frame else None


# Arrays -----------------------------------------------------------------------------------------------------------


def two_triangles(figure: Figure) -> tuple[NDArray[np.float64], PathCollection]:
    """Draw two triangles; return the array that both of them hold, and the two."""
    corners = np.array([[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]])
    axes = figure.add_subplot()
    shapes = PathCollection([Path(corners), Path(corners)], facecolors=["r", "b"])
    shapes.set(offset_transform=IdentityTransform(), transform=axes.transData)
    axes.add_collection(shapes)
    return corners, shapes


def one_array_in_two_paths(figure: Figure) -> Update:
    corners, shapes = two_triangles(figure)

    def update(index: int) -> None:
        if index == 2:
            shapes.get_paths()[0].vertices = corners.copy()
        if index == 4:
            corners[:] *= 0.4

    return update


def one_matrix_in_two_transforms(figure: Figure) -> Update:
    matrix = np.eye(3)
    moved, clipped = Affine2D(), Affine2D()
    moved.set_matrix(matrix)
    clipped.set_matrix(matrix)
    axes = figure.add_subplot()
    points = axes.scatter([0.2, 0.5, 0.8], [0.2, 0.5, 0.8], s=900)
    points.set_offset_transform(moved + axes.transData)
    points.set_clip_path(TransformedPath(Path.unit_circle(), clipped + axes.transData))

    def update(index: int) -> None:
        if index == 2:
            moved.set_matrix(matrix.copy())
        if index > 2:
            matrix[0, 2] = 0.1 * index
            clipped.invalidate()

    return update


def two_copies_of_one_array(figure: Figure) -> Update:
    corners, shapes = two_triangles(figure)
    copies = [corners.copy(), corners.copy()]

    def update(index: int) -> None:
        if index == 2:
            for path, copy in zip(shapes.get_paths(), copies, strict=True):
                path.vertices = copy
        if index > 3:
            copies[index % 2][:] *= 0.6

    return update


def one_color_in_two_artists(figure: Figure) -> Update:
    axes = figure.add_subplot()
    color = np.array([1.0, 0, 0, 1])
    bars = [axes.add_patch(Rectangle((x, 0), 0.3, 1)) for x in (0, 0.5)]
    for bar in bars:
        bar._facecolor = color  # type: ignore[attr-defined]

    def update(index: int) -> None:
        if index == 2:
            bars[0]._facecolor = color.copy()  # type: ignore[attr-defined]
        if index == 4:
            color[:] = 0, 0, 1, 1

    return update


@pytest.mark.parametrize(
    "make",
    [one_array_in_two_paths, one_matrix_in_two_transforms, two_copies_of_one_array, one_color_in_two_artists],
)
def test_an_array_that_two_hold_is_followed_when_one_of_them_gets_an_equal_one(
    check: Callable[..., None], make: Callable[[Figure], Update]
) -> None:
    check(make)


def another_shape(figure: Figure) -> Update:
    image: Any = figure.add_subplot().imshow(
        np.random.default_rng(0).random((4, 9)), aspect="auto", extent=(0, 1, 0, 1)
    )
    return at(3, lambda: setattr(image.get_array(), "shape", (9, 4)))


def another_shape_of_colors(figure: Figure) -> Update:
    image: Any = figure.add_subplot().imshow(np.random.default_rng(0).random((4, 6, 3)), aspect="auto")
    return at(3, lambda: setattr(image.get_array(), "shape", (6, 4, 3)))


def another_shape_of_a_mesh(figure: Figure) -> Update:
    mesh: Any = figure.add_subplot().pcolormesh(np.random.default_rng(0).random((6, 6)), shading="gouraud")
    return at(3, lambda: setattr(mesh._coordinates, "shape", (3, 12, 2)))


def another_dtype(figure: Figure) -> Update:
    image: Any = figure.add_subplot().imshow(np.arange(36, dtype=np.int32).reshape(6, 6) << 25)
    return at(3, lambda: setattr(image.get_array(), "dtype", np.float32))


@pytest.mark.parametrize("make", [another_shape, another_shape_of_colors, another_shape_of_a_mesh, another_dtype])
@pytest.mark.filterwarnings("ignore:Setting the (shape|dtype):DeprecationWarning")
def test_arrays_get_another_shape_or_dtype(check: Callable[..., None], make: Callable[[Figure], Update]) -> None:
    check(make)


# Classes and methods ----------------------------------------------------------------------------------------------


def another_norm(figure: Figure) -> Update:
    image: Any = figure.add_subplot().imshow(np.random.default_rng(0).random((5, 5)) * 200)
    return at(3, lambda: setattr(image.norm, "__class__", NoNorm))


def another_formatter(figure: Figure) -> Update:
    axis = figure.add_subplot().xaxis
    return at(3, lambda: setattr(axis.get_major_formatter(), "__class__", NullFormatter))


def another_formatter_of_cleared_axes(figure: Figure) -> Update:
    axes = figure.add_subplot()

    def update(index: int) -> None:
        axes.clear()
        axes.plot([0, 1])
        if index % 2:
            axes.yaxis.get_major_formatter().__class__ = NullFormatter

    return update


@pytest.mark.parametrize("make", [another_norm, another_formatter, another_formatter_of_cleared_axes])
def test_objects_get_another_class(check: Callable[..., None], make: Callable[[Figure], Update]) -> None:
    check(make)


def test_an_object_without_state_gets_a_method(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        transform: Any = IdentityTransform()
        figure.add_artist(Line2D([10, 150], [10, 100], transform=transform))
        return at(3, lambda: setattr(transform, "get_affine", lambda: Affine2D().scale(0.5)))

    check(make)


def test_a_font_gets_a_method(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        sizes = [10]
        font: Any = figure.add_subplot().text(0.1, 0.5, "hello").get_fontproperties()
        font.get_size_in_points = lambda: sizes[0]
        return lambda index: sizes.__setitem__(0, 8 + index)

    check(make)


def test_a_font_of_an_own_class_beside_an_equal_one(check: Callable[..., None]) -> None:
    class Big(FontProperties):
        def get_size_in_points(self) -> float:
            return 2 * super().get_size_in_points()

    def make(figure: Figure) -> Update:
        axes = figure.add_subplot()
        axes.text(0.1, 0.8, "hello", size=10)
        axes.text(0.1, 0.5, "hello", fontproperties=Big(size=10))
        return lambda index: None

    check(make, varies=False)


# What the program is told of --------------------------------------------------------------------------------------


def counted(figure: Figure, listen: Callable[[Any, Callable[..., None]], Any]) -> Update:
    """Return an update that shows how often something was called."""
    axes = figure.add_subplot(title="title", xlabel="label")
    text = axes.text(0.1, 0.5, "0")
    note = axes.annotate("note", (0.2, 0.2), (0.5, 0.5), arrowprops={"arrowstyle": "->"})
    calls: list[Any] = []
    listen(note, lambda *args: calls.append(args))
    return lambda index: text.set_text(str(len(calls)))


def by_callback_of_an_annotation(note: Any, called: Callable[..., None]) -> None:
    note.add_callback(called)


def by_callback_of_the_figure(note: Any, called: Callable[..., None]) -> None:
    note.get_figure().add_callback(called)


def by_stale_callback_of_a_title(note: Any, called: Callable[..., None]) -> None:
    note.axes.title.stale_callback = called


@pytest.mark.parametrize(
    "listen",
    [by_callback_of_an_annotation, by_callback_of_the_figure, by_stale_callback_of_a_title],
)
def test_a_program_that_is_told_of_changes_is_told_of_all(listen: Callable[..., None]) -> None:
    assert_as_saved(lambda: figure_of(lambda figure: counted(figure, listen)), verify="never")


def test_a_text_that_follows_the_place_of_a_title(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        axes = figure.add_subplot(title="title")
        note = figure.text(0.1, 0.9, "?", zorder=-1)
        axes.xaxis.tick_top()
        former: Any = axes.title.stale_callback

        def changed(title: Any, stale: bool) -> None:
            note.set_text(f"{title.get_position()[1]:.3f}")
            former(title, stale)

        axes.title.stale_callback = changed
        return lambda index: axes.tick_params(pad=3 + 3 * index)

    check(make)


@pytest.mark.parametrize("method", ["draw", "draw_idle", "print_figure", "get_renderer"])
def test_a_canvas_with_a_method_of_the_programs(check: Callable[..., None], method: str) -> None:
    def make(figure: Figure) -> Update:
        text = figure.text(0.1, 0.5, "0")
        former, calls = getattr(figure.canvas, method), [0]

        def called(*args: Any, **options: Any) -> Any:
            calls[0] += 1
            text.set_text(f"called {calls[0]}")
            return former(*args, **options)

        setattr(figure.canvas, method, called)
        return lambda index: None

    check(make)


def test_a_figure_with_a_method_of_the_programs(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        text = figure.text(0.1, 0.5, "0")
        former, calls = figure.savefig, [0]

        def savefig(*args: Any, **options: Any) -> None:
            calls[0] += 1
            text.set_text(f"saved {calls[0]}")
            former(*args, **options)

        figure.savefig = savefig  # type: ignore[method-assign]
        return lambda index: None

    check(make)


def test_a_canvas_of_an_own_class(check: Callable[..., None]) -> None:
    class Canvas(FigureCanvasAgg):
        def print_figure(self, *args: Any, **options: Any) -> Any:
            self.figure.texts[0].set_text(f"{self.figure.texts[0].get_text()}.")
            return super().print_figure(*args, **options)

    def make(figure: Figure) -> Update:
        Canvas(figure)
        figure.text(0.1, 0.5, "0")
        return lambda index: None

    check(make)


def test_axes_that_come_from_another_figure(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        axes: Any = Figure(figsize=(2, 2)).add_subplot(ylabel="label")
        axes.remove()
        axes.figure = figure
        figure.add_axes(axes)
        axes.set_position([0.5, 0.5, 0.4, 0.4])
        return lambda index: None

    check(make, varies=False)


# Saves in the middle ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [{}, {"dpi": 137}, {"bbox_inches": "tight"}, {"transparent": True}], ids=str)
@pytest.mark.parametrize("format_", ["rgba", "raw", "png"])
def test_an_update_saves_what_it_sees(look: dict[str, Any], format_: str) -> None:
    def animation(saved: list[bytes]) -> Animation:
        def make(figure: Figure) -> Update:
            line = figure.add_subplot().plot([0, 1])[0]

            def update(index: int) -> None:
                line.set_ydata([0, index])
                file = BytesIO()
                figure.savefig(file, format=format_, **look)
                saved.append(file.getvalue())

            return update

        return figure_of(make)

    saved: list[list[bytes]] = [[], [], []]
    list(frames(animation(saved[0])))
    animation(saved[1]).save(BytesIO(), writer=renderer.Writer())  # type: ignore[arg-type]
    with mpl.rc_context({"savefig.bbox": None}):
        animation(saved[2]).save("unused.gif", writer=Unwritten())
    assert all(saved[2])
    assert saved[0] == saved[1] == saved[2]
    assert_as_saved(lambda: animation([]), verify="never")


class Unwritten(PillowWriter):
    """Draws frames, and writes no file."""

    def finish(self) -> None:
        pass


def test_an_animation_is_saved_by_another_writer_in_the_middle_of_a_render() -> None:
    def make(figure: Figure) -> Update:
        line = figure.add_subplot().plot([0, 1])[0]
        return lambda index: line.set_ydata([0, index])

    animation = figure_of(make)
    writer = Unwritten()
    some = frames(animation)
    next(some)
    animation.save("unused.gif", writer=writer)
    some.close()
    assert len(writer._frames) == FRAMES  # type: ignore[attr-defined]
