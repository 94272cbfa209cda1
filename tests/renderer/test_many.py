"""Several files from one pass, and pictures of one frame."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from PIL import Image

from renderer import (
    FormatError,
    FormatName,
    LimitError,
    OptionError,
    Scene,
    frames,
    render,
    render_many,
    rendered,
    stream,
)
from tests.media import decoded_by_ffmpeg

FORMATS: list[FormatName] = ["apng", "webp", "avif", "mp4", "webm"]


def growing_line(face: str = "white", count: int = 5, drawn: list[int] | None = None) -> Scene:
    figure = Figure(figsize=(1.4, 1.1), facecolor=face)
    axes = figure.add_subplot()

    def update(index: int) -> None:
        axes.plot([0, index + 1], [0, 1])
        if drawn is not None:
            drawn.append(index)

    return Scene(figure=figure, update=update, frames=count)


def arrays(count: int = 5) -> Iterator[np.ndarray]:
    return (np.full((4, 6, 4), 50 * index, np.uint8) for index in range(count))


def picture(data: bytes) -> np.ndarray:
    return decoded_by_ffmpeg(data).shots[0].pixels


def test_each_file_is_what_render_gives() -> None:
    clips = render_many(growing_line(), FORMATS)
    assert list(clips) == FORMATS
    for name in FORMATS:
        clip = clips[name]
        assert clip == render(growing_line(), name), name
        assert (clip.format, clip.frame_count) == (name, 5)
        assert clip.duration == pytest.approx(1.0)


def test_frames_are_drawn_once() -> None:
    drawn: list[int] = []
    render_many(growing_line(drawn=drawn), ["webp", "webm", "png"])
    assert drawn == [0, 1, 2, 3, 4]


def test_png_is_the_first_frame_beside_others() -> None:
    clips = render_many(arrays(), ["png", "apng"])
    assert clips["png"].format == "png"
    np.testing.assert_array_equal(picture(clips["png"].data), next(arrays()))
    assert clips["apng"].frame_count == 5


def test_png_is_the_frame_that_is_asked_for_beside_others() -> None:
    clips = render_many(arrays(), ["apng", "png"], frame=3)
    np.testing.assert_array_equal(picture(clips["png"].data), list(arrays())[3])
    assert clips["apng"].frame_count == 5


def test_names_are_kept_as_given() -> None:
    names: Any = ("WebP", ".apng", "WebP")
    assert list(render_many(arrays(), names)) == ["WebP", ".apng"]


def test_one_name_is_one_format() -> None:
    name: Any = "webp"
    assert list(render_many(arrays(), name)) == ["webp"]


def test_transparent_frames_are_on_white_for_formats_without_alpha() -> None:
    half = np.zeros((4, 6, 4), np.uint8)
    half[..., 3] = 51
    clips = render_many([half], ["apng", "webm"], lossless=True)
    np.testing.assert_array_equal(picture(clips["apng"].data), half)
    np.testing.assert_array_equal(picture(clips["webm"].data)[..., :3], 204)


@pytest.mark.parametrize("formats", [["webp", "nonsense"], [], ()])
def test_bad_formats(formats: Any) -> None:
    with pytest.raises(FormatError):
        render_many(arrays(), formats)


def test_option_that_one_of_the_formats_takes() -> None:
    clips = render_many(growing_line(), ["apng", "webp"], quality=20)
    assert clips["apng"] == render(growing_line(), "apng")
    assert clips["webp"] == render(growing_line(), "webp", quality=20)


@pytest.mark.parametrize("options", [{"colors": 5}, {"frame": 0}])
def test_option_that_none_of_the_formats_takes(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="format 'apng' and format 'webp' cannot keep"):
        render_many(arrays(), ["apng", "webp"], **options)


def test_limit_counts_for_each_file() -> None:
    sizes = {name: len(clip.data) for name, clip in render_many(growing_line(), ["apng", "webp"]).items()}
    limits = {"max_bytes": max(sizes.values())}
    from renderer import Limits

    render_many(growing_line(), ["apng", "webp"], limits=Limits(**limits))
    with pytest.raises(LimitError, match="max_bytes"):
        render_many(growing_line(), ["apng", "webp"], limits=Limits(max_bytes=limits["max_bytes"] - 1))


@pytest.mark.parametrize(("frame", "index"), [(0, 0), (3, 3), (4, 4), (-1, 4), ("last", 4), (-5, 0)])
@pytest.mark.parametrize("make", [arrays, lambda: list(arrays())], ids=["unknown length", "known length"])
def test_still(frame: int | Literal["last"], index: int, make: Callable[[], Any]) -> None:
    clip = render(make(), "png", frame=frame)
    assert (clip.format, clip.media_type, clip.frame_count, clip.duration) == ("png", "image/png", 1, 0.2)
    np.testing.assert_array_equal(picture(clip.data), list(arrays())[index])
    with Image.open(clip.open()) as image:
        assert not getattr(image, "is_animated", False)


@pytest.mark.parametrize("frame", [5, -6])
@pytest.mark.parametrize("make", [arrays, lambda: list(arrays())], ids=["unknown length", "known length"])
def test_still_of_a_frame_that_is_not_there(frame: int, make: Callable[[], Any]) -> None:
    with pytest.raises(OptionError, match=f"there is no frame {frame}; the animation has 5"):
        render(make(), "png", frame=frame)


def test_still_that_is_not_there_is_refused_before_drawing() -> None:
    drawn: list[int] = []
    with pytest.raises(OptionError, match="no frame 5"):
        render(growing_line(drawn=drawn), "png", frame=5)
    assert drawn == []


def test_still_is_the_frame_of_the_animation() -> None:
    *_, third, _, _ = frames(growing_line())
    np.testing.assert_array_equal(picture(render(growing_line(), "png", frame=2).data), third.pixels)


def test_nothing_is_drawn_after_the_still() -> None:
    drawn: list[int] = []
    render(growing_line(drawn=drawn), "png", frame=1)
    assert drawn == [0, 1]


def test_still_streams_too() -> None:
    assert b"".join(stream(arrays(), "png", frame=1)) == render(arrays(), "png", frame=1).data


def test_png_without_a_frame_is_the_first_one() -> None:
    clip = render(arrays(), "png")
    assert (clip.media_type, clip.frame_count) == ("image/png", 1)
    assert clip == render(arrays(), "png", frame=0)
    assert b"".join(stream(arrays(), "png")) == clip.data


@pytest.mark.parametrize("name", ["apng", "webp", "mp4"])
def test_frame_means_nothing_to_an_animation(name: FormatName) -> None:
    with pytest.raises(OptionError, match=r"'frame': .* png.* can"):
        render(arrays(), name, frame=0)


def test_function_that_gives_a_still() -> None:
    @rendered("png", frame="last")
    def fade() -> Iterator[np.ndarray]:
        return arrays()

    np.testing.assert_array_equal(picture(fade().data), list(arrays())[-1])


def test_file_ends_where_the_animation_repeats() -> None:
    figure = Figure(figsize=(1, 1))
    animation = FuncAnimation(figure, lambda index: None, frames=2, repeat=False)
    with Image.open(render(animation, "apng", loop="animation").open()) as image:
        assert image.info["loop"] == 1


@pytest.mark.parametrize("wrong", [None, 3, ["gif", 3]])
def test_formats_that_are_none_are_refused_by_name(wrong: Any) -> None:
    with pytest.raises(FormatError, match=r"the format must be a string such as 'gif', not (NoneType|int)"):
        render_many(Scene(Figure(figsize=(1, 1)), lambda index: None, 2), wrong)
