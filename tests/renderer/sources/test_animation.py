"""What is known of an animation before it is stepped, and how stepping leaves it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib.animation import ArtistAnimation, FuncAnimation
from matplotlib.figure import Figure

from renderer.sources.adapters import as_source
from renderer.sources.animation import AnimationSource


def function(**options: Any) -> FuncAnimation:
    return FuncAnimation(Figure(), lambda frame: (), **options)


def artists(count: int) -> ArtistAnimation:
    figure = Figure()
    axes = figure.add_subplot()
    return ArtistAnimation(figure, [axes.plot([index, 1]) for index in range(count)])


class Own(FuncAnimation):
    def new_saved_frame_seq(self) -> Iterator[int]:  # type: ignore[override]  # the stub says artists
        return iter([1])


def drawn(source: AnimationSource) -> int:
    return sum(1 for _ in source.states())


@pytest.mark.parametrize("repeat", [True, False])
@pytest.mark.parametrize("frames", [4, range(4), [1, 2, 3, 4], np.arange(4)], ids=repr)
def test_the_number_of_frames_is_known(frames: Any, repeat: bool) -> None:
    animation = function(frames=frames, repeat=repeat)
    for _ in range(2):
        source = AnimationSource(animation)
        assert source.frame_count == drawn(source) == 4


def test_the_number_of_frames_of_artists_is_known() -> None:
    source = AnimationSource(artists(3))
    assert source.frame_count == drawn(source) == 3


@pytest.mark.parametrize(
    "animation",
    [
        function(save_count=5),
        function(frames=iter([1, 2]), save_count=5),
        function(frames=lambda: iter([1, 2]), save_count=5),
        Own(Figure(), lambda frame: (), frames=4),
    ],
    ids=["endless", "iterator", "the user's function", "the user's class"],
)
def test_the_number_of_frames_is_not_guessed(animation: FuncAnimation) -> None:
    source = AnimationSource(animation)
    assert source.frame_count is None
    assert drawn(source) > 0


def test_the_shortest_of_several_animations_ends_the_run() -> None:
    figure = Figure()
    first, second, elsewhere = (
        FuncAnimation(item, lambda frame: (), frames=count) for item, count in ((figure, 4), (figure, 3), (Figure(), 2))
    )
    source = as_source(first, [second, elsewhere])
    assert isinstance(source, AnimationSource)
    assert source.frame_count == drawn(source) == 3
    drawn(AnimationSource(elsewhere))


def test_the_pause_between_two_plays() -> None:
    sources = [
        AnimationSource(function(frames=1, interval=40, **options))
        for options in ({}, {"repeat_delay": 1500}, {"repeat": False})
    ]
    assert [source.repeat_pause for source in sources] == [0, 1.5, None]
    assert [source.interval for source in sources] == [40, 40, 40]
    assert list(map(drawn, sources)) == [1, 1, 1]  # matplotlib warns of animations that nobody draws


@pytest.mark.parametrize("close_after", [1, 9])
def test_artists_get_their_flags_back(close_after: int) -> None:
    animation = artists(3)
    lines = animation._fig.axes[0].lines  # type: ignore[attr-defined]
    before = [(line.get_visible(), line.get_animated()) for line in lines]
    states = AnimationSource(animation).states()
    for _, _ in zip(range(close_after), states, strict=False):
        pass
    states.close()
    assert [(line.get_visible(), line.get_animated()) for line in lines] == before
