"""3-D axes: what is projected and drawn again while the view stays the same, and what changes too much for that."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter
from mpl_toolkits.mplot3d import Axes3D, art3d  # type: ignore[import-untyped]

from renderer.drawing.retained import making
from renderer.drawing.retained.nodes_3d import Axes3DNode
from renderer.mpl.hooks import hooked
from tests.figures.kinds.registry import Update, noise
from tests.figures.kinds.space import GRID, square_at
from tests.renderer.drawing.test_retained import Run, full_draw, redrawn_by
from tests.support import assert_as_saved

Fill = Callable[[Any], Update]


@pytest.mark.parametrize(
    ("name", "count"),
    [("line_3d", 1), ("point_over_surface", 1), ("bars_and_patches_3d", 2), ("polygons_3d", 2), ("contours_3d", 1)],
)
def test_only_what_changed_is_drawn_again(name: str, count: int) -> None:
    first, *others = redrawn_by(name, 3)
    assert first > 10
    assert others == [count] * 2


def test_axes_are_drawn_as_a_whole_when_the_view_changes() -> None:
    _, *others = redrawn_by("surface_3d", 4)
    assert min(others) > 10


def squares() -> tuple[Run, list[Any]]:
    axes: Any = Figure(figsize=(3.2, 2.4), dpi=50).add_subplot(projection="3d", zlim=(0, 3))
    return Run(axes.figure), [
        axes.add_collection3d(art3d.Poly3DCollection([square_at(height)], color=f"C{height}")) for height in (0, 1, 2)
    ]


def test_artists_that_did_not_change_are_not_projected() -> None:
    run, (low, middle, high) = squares()
    run.draw()
    node = run.retained._nodes[1]
    assert isinstance(node, Axes3DNode)
    low.set_verts([square_at(0.5)])
    before = dict(node._depths)
    run.draw()
    assert node._depths[low] != before[low]
    assert [node._depths[artist] is before[artist] for artist in (low, middle, high)] == [False, True, True]


def test_an_artist_that_changes_its_depth_changes_the_order_of_all() -> None:
    run, (low, middle, high) = squares()
    run.draw()
    assert low.zorder < middle.zorder < high.zorder
    low.set_verts([square_at(3)])
    redrawn, _, pixels = run.draw()
    assert redrawn == 1
    assert middle.zorder < high.zorder < low.zorder
    other, (moved, *_) = squares()
    moved.set_verts([square_at(3)])
    np.testing.assert_array_equal(pixels, other.draw()[2])


def animation_of(fill: Fill, canvas: Any = FigureCanvasAgg, **options: Any) -> Callable[[], Animation]:
    def make() -> Animation:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        canvas(figure)
        update = fill(figure.add_subplot(**{"projection": "3d", **options}))
        return FuncAnimation(figure, update, frames=6, init_func=list)

    return make


def test_what_the_program_does_to_the_results_of_a_draw_is_undone() -> None:
    """Projections, the zorders that follow from them, the frame, and what 3-D lines hold of their last draw."""

    def fill(axes: Any) -> Update:
        surface = axes.plot_surface(*GRID, GRID[0] * GRID[1])
        points, (line,) = axes.scatter(*noise(0, 3, 9)), axes.plot(*noise(1, 3, 9))

        def update(frame: int) -> None:
            match frame:
                case 1:
                    axes.M = np.eye(4)
                case 2:
                    surface._paths = []
                    points.set_offsets([(0, 0)])
                    line.set_data([0, 1], [0, 1])
                case 3:
                    surface.set_zorder(-3)
                    points.set_zorder(99)
                case 4:
                    axes._frameon = True
                    surface._facecolors2d = []
                case 5:
                    surface.set_alpha(0.5)
                    surface._paths = []

        return update

    assert_as_saved(animation_of(fill), verify="never")


def test_axis_that_share_a_formatter() -> None:
    def fill(axes: Any) -> Update:
        axes.plot([1e6, 1e6 + 1], [0, 1], [0, 2e-5])
        formatter = ScalarFormatter(useOffset=True)
        for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
            axis.set_major_formatter(formatter)
        return lambda frame: axes.view_init(30, 20 * frame)

    assert_as_saved(animation_of(fill), verify="never")


def test_equal_and_missing_depths() -> None:
    def fill(axes: Any) -> Update:
        for color in "rgb":
            axes.add_collection3d(art3d.Poly3DCollection([square_at(1)], color=color))
        points = axes.scatter([], [], [])
        empty = axes.add_collection3d(art3d.Line3DCollection([square_at(1)]))

        def update(frame: int) -> None:
            points._offsets3d = tuple(np.full((3, frame % 2), 0.5))
            empty.set_segments([square_at(1)] if frame == 3 else [])

        return update

    assert_as_saved(animation_of(fill), verify="never")


def test_a_flat_collection_fails_as_it_does_in_matplotlib() -> None:
    run, _ = squares()
    run.draw()
    axes: Any = run.figure.axes[0]
    axes._children.append(Figure().add_subplot().scatter([1], [1]))
    with pytest.raises(AttributeError, match="do_3d_projection"):
        run.draw()


class OwnAxes(Axes3D):  # type: ignore[misc]
    """Turns a little with each draw."""

    def get_proj(self) -> Any:
        """Return another projection each time."""
        self.azim += 1
        return super().get_proj()


def test_axes_and_artists_of_a_program_are_drawn_each_time() -> None:
    def fill(axes: Any) -> Update:
        axes.plot_surface(*GRID, GRID[0])
        return lambda frame: None

    def own_method(axes: Any) -> Update:
        shown = [0]
        axes.get_proj = lambda: Axes3D.get_proj(axes) + np.diag([0, 0, 0, 0.01 * shown[0]])
        axes.scatter(*noise(0, 3, 9))
        return lambda frame: shown.__setitem__(0, frame)

    def own_artist(axes: Any) -> Update:
        class Mine(art3d.Poly3DCollection):  # type: ignore[misc]
            frame = 0

            def do_3d_projection(self) -> Any:
                self.set_verts([square_at(self.frame)])
                return super().do_3d_projection()

        axes.add_collection3d(Mine([square_at(0)]))
        axes.add_collection3d(art3d.Poly3DCollection([square_at(2)], color="r"))
        return lambda frame: setattr(Mine, "frame", frame)

    assert_as_saved(animation_of(fill, projection=None, axes_class=OwnAxes), verify="never")
    assert_as_saved(animation_of(own_method), verify="never")
    assert_as_saved(animation_of(own_artist), verify="never")


def test_axes_of_an_unknown_matplotlib_are_drawn_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "has_known_parts", lambda axes: False)
    run, (low, *_) = squares()
    for height in (1, 2, 3):
        low.set_verts([square_at(height)])
        redrawn, _, pixels = run.draw()
        np.testing.assert_array_equal(pixels, full_draw(run.figure, run.renderer))
    assert redrawn == 1  # the axes


def test_axes_that_turn_update_their_ticks_once_a_draw() -> None:
    run, _ = squares()
    axes: Any = run.figure.axes[0]
    updated = 0

    def count(former: Callable[[], Any], axis: Any) -> Any:
        nonlocal updated
        updated += 1
        return former()

    with hooked([axes.xaxis, axes.yaxis, axes.zaxis], "_update_ticks", count):
        run.draw()
    assert updated == 3


def test_figures_are_drawn_without_mplot3d() -> None:
    program = (
        "import sys; sys.modules['mpl_toolkits.mplot3d'] = None\n"
        "import renderer; from matplotlib.figure import Figure\n"
        "figure = Figure(); figure.add_subplot().plot([1, 2])\n"
        "print(len(list(renderer.frames([figure]))), [name for name in sys.modules if 'mplot3d.' in name])"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-W", "ignore", "-c", program]
    assert subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout == "1 []\n"
