"""Scenes as values: how they are made and compared."""

import inspect

import pytest
from matplotlib.figure import Figure

from renderer import Scene


def test_figure_update_and_frames_go_by_position_and_the_rest_by_name() -> None:
    figure, start = Figure(), lambda: None
    scene = Scene(figure, print, 3, init=start, interval=50)
    assert (scene.figure, scene.update, scene.frames, scene.init, scene.interval) == (figure, print, 3, start, 50)
    with pytest.raises(TypeError, match="positional"):
        Scene(figure, print, 3, start)  # type: ignore[call-arg]


def test_the_constructor_takes_what_is_documented() -> None:
    assert list(inspect.signature(Scene).parameters) == ["figure", "update", "frames", "init", "interval"]


def test_scenes_compare_by_identity() -> None:
    figure = Figure()
    scene, same = Scene(figure, print, 3), Scene(figure, print, 3)
    assert scene != same
    assert len({scene, same, scene}) == 2


def test_a_scene_of_frames_that_cannot_be_hashed_or_compared_is_hashable() -> None:
    assert hash(Scene(Figure(), print, [[1], [2]])) is not None


def test_a_scene_repeats_without_a_pause() -> None:
    assert Scene(Figure(), print, 3).repeat_pause == 0
