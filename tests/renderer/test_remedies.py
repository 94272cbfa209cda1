"""Errors end with what to write instead, and matplotlib does not add a remedy of its own."""

import asyncio
import gc
import io
import re
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields
from functools import partial
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import PIL.Image
import pytest
from matplotlib.animation import ArtistAnimation, FuncAnimation, PillowWriter
from matplotlib.figure import Figure

import renderer
from renderer import (
    FormatError,
    Frame,
    LimitError,
    Limits,
    OptionError,
    OptionWarning,
    RenderError,
    RenderOptions,
    SourceError,
    remedies,
)
from renderer.encoding.formats import FORMATS, FRAMES, Output
from tests.support import drawn_frames

render: Any = renderer.render
FIGURE = Figure(figsize=(1, 1))
CLIP = renderer.Clip(b"", "gif", "image/gif", 1, 1, 1, 1.0)


def animation(frames: Any = 3) -> FuncAnimation:
    figure = Figure(figsize=(1, 1))
    return FuncAnimation(
        figure,
        lambda index: figure.set_facecolor((index / 3, 0, 0)),
        frames,
        repeat=False,
        cache_frame_data=False,
    )


def repr_of(value: object) -> str:
    return repr(value) if isinstance(value, str | bytes | list) else type(value).__name__


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ("out.gif", "render(ani, 'gif').save('out.gif')"),
        ("folder/out.MP4", "render(ani, 'mp4').save('folder/out.MP4')"),
        (Path("out.webp"), "render(ani, 'webp').save('out.webp')"),
        (b"gif", "'gif'"),
        (io.BytesIO(), "stream_to(ani, file, 'gif')"),
        ("image/gif", "'gif'"),
        ("video/mp4", "'mp4'"),
        ("giff", "did you mean 'gif'?"),
        ("web", "did you mean 'we"),
        ("jpg", "did you mean 'png', a still picture?"),
        ("mov", "did you mean 'mp4'?"),
        ("out.mov", "render(ani, 'mp4').save('out.mp4')"),
        ("text/html", "'html'"),
        ("bmp", "choose from gif, apng, webp, avif, mp4, webm, html, png"),
        (".", "choose from gif"),
        ("", "choose from gif"),
        (None, "a string such as 'gif', not NoneType"),
        (PillowWriter(), "a string such as 'gif', not PillowWriter"),
        (animation(), "the animation comes before the format: use render(ani, 'gif')"),
        (FIGURE, "the animation comes before the format"),
        (["gif", "mp4"], "a string such as 'gif', not list"),
    ],
    ids=repr_of,
)
def test_a_format_that_is_none(given: object, remedy: str) -> None:
    with pytest.raises(FormatError) as caught:
        render(animation(), given)
    assert remedy in str(caught.value)


CALLS: dict[str, Callable[..., object]] = {
    "render": lambda **options: render(animation(), **options),
    "render_many": lambda **options: renderer.render_many(animation(), ["gif", "png"], **options),
    "stream": lambda **options: renderer.stream(animation(), **options),
    "frames": lambda **options: renderer.frames(animation(), **options),
    "astream": lambda **options: renderer.astream(animation(), **options),
    "stream_to": lambda **options: renderer.stream_to(animation(), io.BytesIO(), **options),
    "rendered": lambda **options: renderer.rendered("gif", **options),
    "Job": lambda **options: renderer.Job(animation(), **options),
    "RenderOptions.of": lambda **options: RenderOptions.of(options),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("name", "remedy"),
    [("writer", "the format says it"), ("qualty", "did you mean quality=?"), ("zzz", "the options are bbox_inches")],
)
def test_every_function_names_the_remedy_of_an_option(call: str, name: str, remedy: str) -> None:
    with pytest.raises(OptionError, match=f"option '{name}': no such option; ") as caught:
        CALLS[call](**{name: 3})
    assert remedy in str(caught.value)


@pytest.mark.parametrize("name", [name for name in remedies.OPTIONS if name != "format"])
def test_each_near_miss_names_something_that_exists(name: str) -> None:
    with pytest.raises(OptionError) as caught:
        render(animation(), **{name: 3})
    remedy = str(caught.value).partition("; ")[2]
    assert remedy == remedies.OPTIONS[name]
    named = [word.rstrip("=") for word in remedy.replace(",", " ").split() if word.endswith("=")]
    assert set(named) <= set(CHANGED), f"{named} are not all options"


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("fpss", "fps"), ("colours", "colors"), ("loops", "loop"), ("limit", "limits"), ("FPS", "fps"), ("Dpi", "dpi")],
)
def test_misspelt_options(misspelt: str, meant: str) -> None:
    with pytest.raises(OptionError, match=rf"did you mean {meant}=\?"):
        render(animation(), **{misspelt: 3})


@pytest.mark.parametrize("field", [item.name for item in fields(Limits)])
def test_a_limit_is_no_option(field: str) -> None:
    expected = "'max_bytes': format 'webp' cannot" if field == "max_bytes" else f"use limits=Limits({field}=...)"
    with pytest.raises(OptionError, match=re.escape(expected)):
        render(animation(), "webp", **{field: 1000})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_bytes": 1e5}, "must be a whole number, such as 100000, not 100000.0"),
        ({"max_bytes": 1.5}, "must be a whole number, not 1.5"),
        ({"loop": "forever"}, "must be a whole number or 'animation', not 'forever'"),
        ({"frame": "first"}, "must be a whole number or 'last', not 'first'"),
        ({"dpi": "150"}, "must be a number or 'figure', not '150'"),
        ({"limits": {"max_frames": 3}}, "must be a Limits, such as Limits(max_frames=500), not {'max_frames': 3}"),
        ({"bbox_inches": (0, 0, 1, 1)}, "a Bbox in inches, such as Bbox([[0, 0], [4, 3]]), not (0, 0, 1, 1)"),
    ],
    ids=repr,
)
def test_a_wrong_value_is_told_the_right_ones(options: Any, message: str) -> None:
    with pytest.raises(OptionError, match=re.escape(message)):
        render(animation(), **options)


class Camera:
    """As celluloid's."""

    def animate(self) -> None: ...


class FacetGrid:
    """As seaborn's."""

    figure = FIGURE


async def asynchronous_frames() -> AsyncIterator[np.ndarray]:
    yield np.zeros((2, 2))


class GGPlot:
    """As plotnine's."""

    def draw(self) -> Figure:
        return FIGURE


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        (FIGURE, "the animation made of this figure, or a Scene"),
        (FIGURE.add_subplot(), "axes.figure"),
        (Camera(), "source.animate()"),
        (FacetGrid(), "facetgrid.figure"),
        (GGPlot(), "ggplot.draw()"),
        (io.BytesIO(), "the source comes first, as in stream_to(ani, file)"),
        ("ani.gif", "imageio.v3.imiter(path)"),
        (Path("ani.gif"), "imageio.v3.imiter(path)"),
        (plt, "the module matplotlib.pyplot; give an Animation"),
        (3, "not animate int; give an Animation"),
        (lambda: 5, "the function returned int; give an Animation"),
        (CLIP, "a clip is finished: clip.save(path)"),
        (
            (animation(), animation()),
            "render each animation by itself, or those of one figure together with extra_anim=",
        ),
        (SimpleNamespace(), "give an Animation, a Scene"),
        (asynchronous_frames(), "[item async for item in source]"),
        (Frame(0, np.zeros((2, 2, 4), np.uint8), 1), "[picture]"),
        (PIL.Image.new("L", (2, 2)), "[picture]"),
        (np.zeros((9, 8)), "[picture]"),
        (np.zeros((9, 8, 3)), "[picture]"),
        (np.zeros((9, 8, 4)), "[picture]"),
        ({1: np.zeros((2, 2))}, "list(source.values())"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_source_that_is_none(source: object, remedy: str) -> None:
    with pytest.raises(SourceError) as caught:
        render(source)
    assert remedy.replace("not animate", "cannot animate") in str(caught.value)
    assert len(str(caught.value)) < 250


def test_a_file_opened_for_writing_as_the_source(tmp_path: Path) -> None:
    any_stream_to: Any = renderer.stream_to
    ani = animation()
    with (tmp_path / "out.gif").open("wb") as file, pytest.raises(SourceError, match="the source comes first"):
        any_stream_to(file, ani)
    render(ani)


def test_an_asynchronous_function_as_the_source() -> None:
    async def make() -> FuncAnimation:
        return animation()

    with pytest.raises(SourceError, match="coroutine; await it first"):
        render(make)


class Nameless:
    """A file without a name."""

    def write(self, data: bytes, /) -> None: ...


WRITING: dict[str, Callable[[Any], object]] = {
    "save": lambda file: renderer.render(animation()).save(file),
    "stream_to": lambda file: renderer.stream_to(animation(), file),
    "astream_to": lambda file: asyncio.run(renderer.astream_to(animation(), file)),
    "Writer": lambda file: animation().save(file, writer=renderer.Writer(format="gif")),
}


@pytest.mark.parametrize("call", WRITING)
def test_what_takes_no_bytes_is_refused_with_the_remedy(call: str, tmp_path: Path) -> None:
    with (
        (tmp_path / "a.gif").open("w") as file,
        pytest.raises(TypeError, match=r"opened for text; .* open\(path, 'wb'\)"),
    ):
        WRITING[call](file)
    for wrong in (None, 3):
        with pytest.raises(TypeError, match=rf"expected a path, or a file .* bytes, not {type(wrong).__name__}"):
            WRITING[call](wrong)
    WRITING[call](Nameless())


@pytest.mark.parametrize("call", WRITING)
def test_a_file_with_the_name_of_another_format_is_refused_before_anything_is_drawn(call: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with path.open("wb") as file, pytest.raises(FormatError, match=r"'a\.mp4' is the name of mp4, and this is gif"):
        WRITING[call](file)
    assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("item", "remedy"),
    [
        (FIGURE.add_subplot(), "axes.figure"),
        (FacetGrid(), "facetgrid.figure"),
        (GGPlot(), "ggplot.draw()"),
        ("a.png", "is the name of a file, not a picture; read it first"),
        ([FIGURE.text(0, 0, "a")], "not list; make an animation of lists of artists: ArtistAnimation(figure, lists)"),
        ((np.zeros((2, 2)), 0.5), "not tuple; give the seconds apart, as durations=[...]"),
        (Path("a.png"), "is the name of a file"),
        (b"GIF89a", "not bytes; decode them"),
        (CLIP, "not Clip; a clip is finished: give frames(ani)"),
        (np.zeros((3, 5, 5)), "np.moveaxis(image, 0, -1)"),
        (np.zeros((2, 2), int), "image.astype(np.uint8)"),
        (np.zeros((2, 2), np.uint16), "image / 65535"),
        (np.full((2, 2), 255.0), "image / 255"),
        (np.full((2, 2), np.nan), "np.nan_to_num(image)"),
        (np.ma.masked_greater(np.eye(2), 0.5), "image.filled(0)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_item_that_is_no_frame(item: object, remedy: str) -> None:
    with pytest.raises(SourceError) as caught:
        render([np.zeros((2, 2)), item])
    assert remedy in str(caught.value)


def test_frames_can_be_rendered_again() -> None:
    frames = list(renderer.frames(animation(), durations=[0.1, 0.2, 0.3]))
    again = list(renderer.frames(frames))
    assert [frame.duration for frame in again] == [0.1, 0.2, 0.3]
    assert all(np.array_equal(one.pixels, other.pixels) for one, other in zip(frames, again, strict=True))
    assert [frame.duration for frame in renderer.frames(frames, fps=5)] == [0.2] * 3


@pytest.mark.parametrize("durations", [0.1, 3, np.float64(0.5)], ids=str)
def test_one_duration_for_all(durations: float) -> None:
    with pytest.raises(OptionError) as caught:
        render(animation(), durations=durations)
    assert f"interval={1000 * durations:g}" in str(caught.value)
    assert f"fps={1 / durations:g}" in str(caught.value)


def generated() -> Iterator[np.ndarray]:
    yield np.zeros((2, 2))


USED_UP: dict[str, Callable[[], object]] = {
    "figures": lambda: (Figure(figsize=(1, 1)) for _ in range(2)),
    "arrays": generated,
    "animation": lambda: animation(frames=(index for index in range(3))),
    "map of arrays": lambda: map(np.full, [(2, 2)] * 3, [0.1, 0.2, 0.3]),
    "iterator of a list": lambda: iter([np.zeros((2, 2))]),
    "scene of a generator": lambda: scene(index for index in range(3)),
    "scene of a map": lambda: scene(map(float, range(3))),
    "scene of an iterator": lambda: scene(iter([1, 2])),
    "scene of a function of one iterator": lambda: scene(partial(next, repeat(iter([1, 2])))),
    "animation of a map": lambda: animation(frames=map(float, range(3))),
    "animation of an iterator": lambda: animation(frames=iter([1, 2, 3])),
}


def scene(frames: Any) -> renderer.Scene:
    return renderer.Scene(Figure(figsize=(1, 1)), lambda value: None, frames)


@pytest.mark.parametrize("name", USED_UP)
@pytest.mark.filterwarnings("ignore:Can not start iterating the frames")
def test_an_exhausted_iterator_is_named(name: str) -> None:
    source = USED_UP[name]()
    render(source)
    with pytest.raises(SourceError, match=r"no frames: .* used up .* list"):
        render(source)


def test_a_source_without_frames_is_not_called_exhausted() -> None:
    sources: list[Any] = [[], scene(0), scene([]), animation(frames=0), animation(frames=[])]
    for source in sources:
        for call in (render, renderer.stream, renderer.frames):
            with pytest.raises(SourceError) as caught:
                call(source)  # before matplotlib warns that it cannot draw the first frame
            assert str(caught.value) == "the animation has no frames"


def test_artists_of_a_generator_are_none() -> None:
    figure = Figure(figsize=(1, 1))
    artists: Any = ([figure.text(0, 0, str(index))] for index in range(3))
    with pytest.raises(SourceError, match=r"ArtistAnimation goes over its artists twice; give it a list"):
        renderer.stream(ArtistAnimation(figure, artists))


def test_an_animation_of_a_part_of_a_figure_is_told_to_take_the_whole() -> None:
    part: Any = Figure(figsize=(1, 1)).subfigures()
    with pytest.raises(SourceError, match=r"make it of the whole figure: subfigure\.figure"):
        renderer.stream(FuncAnimation(part, lambda index: None, 3))


REFUSED: dict[str, Callable[[], object]] = {
    "format": lambda: render(animation(), "x.gif"),
    "option": lambda: render(animation(), duration=100),
    "value": lambda: render(animation(), fps=0),
    "durations": lambda: render(animation(), durations=[1]),
    "limits": lambda: render(animation(), limits=Limits(max_frames=1)),
    "frame": lambda: render(animation(), "png", frame=9),
    "formats": lambda: renderer.render_many(animation(), []),
    "stream": lambda: renderer.stream(animation(), fps="x"),  # type: ignore[arg-type]
    "factory": lambda: render(animation, durations=[1]),
    "extra": lambda: render(animation(), extra_anim=[animation(), animation()], fps=0),
    "kept": lambda: render(animation(), "mp4", loop=3),
    "job": lambda: renderer.Job(animation(), "nothing"),  # type: ignore[arg-type]
    "items": lambda: render([animation(), animation()]),
    "swapped": lambda: render("gif", animation()),
    "sink": lambda: renderer.stream_to(io.BytesIO(), animation()),  # type: ignore[arg-type]
    "many": lambda: renderer.render_many(animation(), ["gif", "gfi"]),  # type: ignore[list-item]
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_animation_is_not_followed_by_a_warning_of_matplotlib(name: str) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            REFUSED[name]()
        except RenderError:
            pass
        else:
            pytest.fail("it was not refused")
        gc.collect()
    assert [str(warning.message) for warning in seen] == []


@pytest.mark.parametrize("call", [renderer.stream, renderer.frames, renderer.astream, renderer.Job])
def test_neither_is_one_that_is_never_read(call: Callable[..., object]) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        call(animation())
        gc.collect()
    assert [str(warning.message) for warning in seen] == []


CHANGED: dict[str, Any] = {
    "fps": 5,
    "interval": 40,
    "durations": [0.1, 0.2, 0.3],
    "final_pause": 1,
    "loop": 3,
    "dpi": 50,
    "facecolor": "red",
    "transparent": True,
    "bbox_inches": "tight",
    "extra_anim": [],
    "metadata": {"Title": "x"},
    "progress": lambda done, total: None,
    "verify": "always",
    "limits": Limits(max_frames=9),
    "frame": 1,
    "quality": 50,
    "lossless": True,
    "colors": 16,
    "dither": True,
    "max_bytes": 100_000,
}
"""A value of each option that is not the default."""

OUTPUTS: dict[str, Output] = {**FORMATS, "frames()": FRAMES}


def call_with(output: str, **options: Any) -> object:
    if output == "frames()":
        return drawn_frames(animation(), **options)
    return render(animation(), output, **options)


def test_every_option_is_in_the_table() -> None:
    assert set(CHANGED) == set(RenderOptions.of({}).changed() | CHANGED)
    for output in OUTPUTS.values():
        assert output.options_used | set(output.always) <= set(CHANGED)


@pytest.mark.parametrize("option", CHANGED)
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_option_by_every_format_is_kept_or_refused_by_name(output: str, option: str) -> None:
    options = {option: CHANGED[option]}
    if OUTPUTS[output].keeps(option, CHANGED[option]) or option == "extra_anim":
        assert call_with(output, **options)
    else:
        with pytest.raises(OptionError, match=f"'{option}': .* can$") as caught:
            call_with(output, **options)
        assert caught.value.option == option


@pytest.mark.parametrize("output", ["apng", "png", "frames()"])
def test_what_is_always_lossless_accepts_that(output: str) -> None:
    assert call_with(output, lossless=True)
    with pytest.raises(OptionError, match=r"cannot keep lossless=False; .*gif"):
        call_with(output, lossless=False)


@pytest.mark.parametrize("output", ["gif", "avif"])
def test_what_is_never_lossless_accepts_that(output: str) -> None:
    assert call_with(output, lossless=False)


@pytest.mark.parametrize("output", ["mp4", "webm"])
def test_a_video_is_opaque_and_plays_once(output: str) -> None:
    assert call_with(output, transparent=False, loop=1)
    assert call_with(output, loop="animation")
    with pytest.raises(
        OptionError, match=r"'loop': format '.*' cannot keep loop=3; gif, apng, webp, avif and html can"
    ):
        call_with(output, loop=3)


@pytest.mark.parametrize(
    "options", [{"dpi": 50}, {"facecolor": "red"}, {"transparent": False}, {"bbox_inches": "tight"}], ids=str
)
def test_an_option_that_means_nothing_to_arrays_is_warned_of_once(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.warns(OptionWarning, match=f"^{name}=.* has no effect on arrays of pixels") as seen:
        render([np.zeros((2, 2, 4), np.uint8)] * 3, **options)
    assert len(seen) == 1
    render([Figure(figsize=(1, 1))] * 2, **options)
    render([np.zeros((2, 2, 4), np.uint8)], transparent=True)


def test_an_option_that_one_of_several_formats_keeps_is_accepted() -> None:
    clips = renderer.render_many(animation(), ["gif", "mp4"], loop=3)
    assert list(clips) == ["gif", "mp4"]


def test_every_error_is_a_render_error() -> None:
    assert issubclass(LimitError, RenderError)
