"""Rectangles in axes that change, against what matplotlib makes of them."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from renderer.mpl.artists.rectangles import Rectangles

TRIANGLE = Path(np.array([[0, 0], [0.25, 2], [0.5, 0]]))


class Narrow(Rectangle):
    """A rectangle with a path of its own."""

    def get_path(self) -> Path:
        """Return a triangle."""
        return TRIANGLE


def rectangle_with_path_of_its_own(axes: Any) -> None:
    patch: Any = Rectangle((0, 0), 1, 1)
    patch.get_path = lambda: TRIANGLE
    axes.add_patch(patch)


def moved(axes: Any) -> None:
    bar = axes.bar(1, 3)[0]
    bar.set(x=7, height=-2, angle=30)
    axes.relim()


def with_unit(axes: Any) -> None:
    axes.barh(["a", "b"], [3, 4])
    axes.axvspan(np.datetime64("2020-01-01"), np.datetime64("2020-02-01"))


ADDITIONS: dict[str, Callable[[Any], object]] = {
    "bars": lambda axes: axes.bar([1, 2, 3], [3, np.nan, -1], bottom=[0, 1, 2]),
    "histogram with gaps": lambda axes: axes.hist([1, 1, 2, 9], bins=20),
    "logarithmic": lambda axes: (axes.bar([1, 2], [0.01, 100]), axes.set_yscale("log")),
    "turned": lambda axes: axes.add_patch(Rectangle((1, 2), 3, 1, angle=33, rotation_point="center")),
    "turned about a point": lambda axes: axes.add_patch(Rectangle((1, 2), 3, 1, angle=33, rotation_point=(9.0, 1.0))),
    "without extent": lambda axes: axes.add_patch(Rectangle((5, 5), 0, 0)),
    "in coordinates of the axes": lambda axes: axes.add_patch(Rectangle((0, 0), 5, 5, transform=axes.transAxes)),
    "across": lambda axes: axes.axhspan(3, 4),
    "transformed": lambda axes: axes.add_patch(
        Rectangle((1, 1), 2, 2, transform=Affine2D().skew(0.3, 0.1) + axes.transData)
    ),
    "subclass": lambda axes: axes.add_patch(Narrow((1, 1), 3, 3)),
    "path of its own": rectangle_with_path_of_its_own,
    "moved": moved,
    "units": with_unit,
    "other patches": lambda axes: (axes.add_patch(Circle((3, 3), 2)), axes.add_patch(Ellipse((1, 1), 8, 1, angle=9))),
}


def limits(make_axes: Callable[[], Any], add: Callable[[Any], object], *, ours: bool) -> list[Any]:
    axes = make_axes()
    with Rectangles().while_changing([axes]) if ours else nullcontext():
        add(axes)
    return [axes.dataLim.get_points().tolist(), axes.dataLim.minpos.tolist(), axes.viewLim.get_points().tolist()]


@pytest.mark.parametrize("name", ADDITIONS)
@pytest.mark.parametrize("projection", ["rectilinear", "polar"])
def test_limits_are_those_of_matplotlib(name: str, projection: str) -> None:
    if projection == "polar" and name in ("units", "logarithmic"):
        pytest.skip("polar axes take neither")

    def make_axes() -> Any:
        return Figure().add_subplot(projection=projection)

    ours, theirs = (limits(make_axes, ADDITIONS[name], ours=ours) for ours in (True, False))
    np.testing.assert_equal(ours, theirs)


def test_the_edges_of_a_rectangle_are_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    axes: Any = Figure().subplots()
    with Rectangles().while_changing([axes]):
        axes.bar(1, 1)
        monkeypatch.setattr(Path, "iter_bezier", None)
        axes.bar(2, 3)
    assert axes.dataLim.bounds == pytest.approx((0.6, 0, 1.8, 3))


def clip_of_new_line(axes: Any) -> list[Any]:
    """Return the corners, in pixels, of what a line that is added now is clipped by."""
    clip = axes.plot([0, 1])[0].get_clip_box()
    return [] if clip is None else clip.get_points().tolist()


def cleared_with_another_transform(axes: Any) -> None:
    axes.transAxes = Affine2D().scale(20) + axes.transAxes
    axes.clear()


PATCHES: dict[str, Callable[[Any], object]] = {
    "as it is": lambda axes: None,
    "cleared": lambda axes: axes.clear(),
    "axes moved": lambda axes: axes.set_position((0.3, 0.3, 0.2, 0.2)),
    "patch narrower": lambda axes: axes.patch.set_width(0.5),
    "patch moved": lambda axes: axes.patch.set(x=0.25, y=0.5),
    "patch turned": lambda axes: axes.patch.set_angle(30),
    "patch in the figure": lambda axes: axes.patch.set_transform(axes.figure.transFigure),
    "its aspect corrected": lambda axes: setattr(axes.patch, "_aspect_ratio_correction", 2.0),
    "another patch": lambda axes: setattr(axes, "patch", Rectangle((0.5, 0.5), 0.1, 0.1, transform=axes.transAxes)),
    "a round patch": lambda axes: setattr(axes, "patch", Circle((0.5, 0.5), 0.1, transform=axes.transAxes)),
    "numbers of numpy": lambda axes: axes.patch.set(width=np.float64(0.75)),
    "other transform": lambda axes: setattr(axes, "transAxes", Affine2D().scale(20) + axes.transAxes),
    "cleared with another transform": cleared_with_another_transform,
}


@pytest.mark.parametrize("name", PATCHES)
def test_the_patch_clips_as_it_is_now(name: str) -> None:
    ours: list[Any] = []
    theirs: list[Any] = []
    rectangles = Rectangles()
    for clips, others in (theirs, True), (ours, False):
        axes: Any = Figure().subplots()
        with nullcontext() if others else rectangles.while_changing([axes]):
            clips += clip_of_new_line(axes)
            PATCHES[name](axes)
            clips += clip_of_new_line(axes)
            axes.set_position((0.1, 0.1, 0.5, 0.6))
            clips += clip_of_new_line(axes)
        clips += clip_of_new_line(axes)
    assert ours == theirs


def test_axes_that_are_cleared_make_one_transform(monkeypatch: pytest.MonkeyPatch) -> None:
    axes: Any = Figure().subplots()
    rectangles, made = Rectangles(), []
    make = Rectangle.get_transform
    with monkeypatch.context() as patched:
        patched.setattr("renderer.mpl.artists.rectangles._is_usual", lambda patch: type(patch) is Rectangle)
        patched.setattr(Rectangle, "get_transform", lambda patch: made.append(patch) or make(patch))  # type: ignore[func-returns-value]
        for _ in range(3):
            with rectangles.while_changing([axes]):
                axes.clear()
                axes.plot([0, 1])
    assert len(made) == 1


def test_methods_that_the_program_has_replaced_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def update_limits(axes: Any, patch: Any) -> None:
        calls.append(patch)

    monkeypatch.setattr(Axes, "_update_patch_limits", update_limits)
    axes: Any = Figure().subplots()
    with Rectangles().while_changing([axes]):
        axes.bar(1, 1)
    assert len(calls) == 1
