"""Animations that are known to have no last frame: refused where the end is needed, streamed where it is not."""

import asyncio
import itertools
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from itertools import islice
from typing import Any

import numpy as np
import pytest
from matplotlib.animation import ArtistAnimation, FuncAnimation, HTMLWriter
from matplotlib.figure import Figure

from renderer import (
    Limits,
    Scene,
    SourceError,
    astream_to,
    drop_in,
    frames,
    render,
    render_many,
    rendered,
    stream,
    stream_to,
)
from renderer.plan import plan

pytestmark = pytest.mark.filterwarnings("ignore:frames=:UserWarning")


def figure() -> Figure:
    return Figure(figsize=(0.5, 0.5))


def animation(**options: Any) -> FuncAnimation:
    return FuncAnimation(figure(), lambda frame: None, **options)


ENDLESS: dict[str, Callable[[], Any]] = {
    "no frames": animation,
    "a counter": lambda: animation(frames=itertools.count()),
    "a counter, once": lambda: animation(frames=itertools.count(), repeat=False),
    "the class of counters": lambda: animation(frames=itertools.count),
    "a cycle": lambda: animation(frames=itertools.cycle([1, 2])),
    "a repetition": lambda: animation(frames=itertools.repeat(1)),
    "scene": lambda: Scene(figure(), lambda frame: None, itertools.count()),
    "scene with the class of counters": lambda: Scene(figure(), lambda frame: None, itertools.count),
    "figures": lambda: itertools.cycle([figure()]),
    "arrays": lambda: itertools.repeat(np.zeros((2, 2), np.uint8)),
    "factory": lambda: animation,
}
WITH_AN_END: dict[str, Callable[[], Any]] = {
    "save_count": lambda: animation(save_count=2),
    "a counter and save_count": lambda: animation(frames=itertools.count(), save_count=2),
    "a slice": lambda: animation(frames=islice(itertools.count(), 2)),
    "a bounded repetition": lambda: animation(frames=itertools.repeat(1, 2)),
    "scene": lambda: Scene(figure(), lambda frame: None, itertools.repeat(1, 2)),
    "arrays": lambda: itertools.repeat(np.zeros((2, 2), np.uint8), 2),
}
each_endless = pytest.mark.parametrize("make", ENDLESS.values(), ids=ENDLESS)


@each_endless
def test_a_file_that_needs_the_end_is_refused_at_once(make: Callable[[], Any]) -> None:
    with pytest.raises(SourceError, match=r"never ends.*frames=.*save_count=.*islice"):
        render(make())


@each_endless
def test_a_stream_begins(make: Callable[[], Any]) -> None:
    with closing(stream(make())) as pieces:
        assert next(pieces).startswith(b"GIF89a")


@each_endless
def test_frames_go_on(make: Callable[[], Any]) -> None:
    with closing(frames(make())) as drawn:
        assert [frame.index for frame in islice(drawn, 3)] == [0, 1, 2]


@each_endless
def test_a_still_picture_needs_no_end(make: Callable[[], Any]) -> None:
    assert render(make(), "png", frame=1).frame_count == 1


def saved(save: Callable[[Any], object]) -> object:
    with drop_in():
        return save(animation())


def refused() -> dict[str, Callable[[], object]]:
    async def written() -> None:
        await astream_to(animation(), BytesIO(), "webp")

    return {
        "render_many": lambda: render_many(animation(), ["png", "gif"]),
        "rendered": rendered(animation),
        "last frame": lambda: render(animation(), "png", frame="last"),
        "last frame but one, streamed": lambda: stream(animation(), "png", frame=-2),
        "a stream in one piece": lambda: stream(animation(), "apng"),
        "a sink": lambda: stream_to(animation(), BytesIO(), "avif"),
        "an asynchronous sink": lambda: asyncio.run(written()),
        "a budget": lambda: stream(animation(), "gif", max_bytes=10_000),
        "with a limit": lambda: render(animation(), limits=Limits(max_frames=3)),
        "save inside of drop_in": lambda: saved(lambda ani: ani.save(BytesIO())),
        "save by matplotlib inside of drop_in": lambda: saved(lambda ani: ani.save("a.gif", writer=HTMLWriter())),
        "to_jshtml inside of drop_in": lambda: saved(lambda ani: ani.to_jshtml()),
        "to_html5_video inside of drop_in": lambda: saved(lambda ani: ani.to_html5_video()),
        "all of several": lambda: render(animation(), extra_anim=[animation()]),
    }


@pytest.mark.parametrize("call", refused().values(), ids=refused())
def test_whatever_waits_for_the_end_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(SourceError, match="never ends"):
        call()


@pytest.mark.parametrize("make", WITH_AN_END.values(), ids=WITH_AN_END)
def test_what_ends_is_rendered(make: Callable[[], Any]) -> None:
    assert render(make(), "apng", durations=[1, 2]).duration == 3


def test_the_shortest_of_several_ends_them() -> None:
    endless = animation()
    shared = plan(endless, None, {}).source.figure
    assert shared is not None
    other = ArtistAnimation(shared, [[], []])
    assert render(endless, extra_anim=[other]).duration == 0.4
