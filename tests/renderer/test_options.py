"""Bad input is refused before the first frame, with the option named."""

import pickle
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from PIL import Image

from renderer import (
    FormatError,
    FormatName,
    Frame,
    LimitError,
    Limits,
    OptionError,
    RenderError,
    RenderOptions,
    Scene,
    SourceError,
    Writer,
    frames,
    render,
    rendered,
    stream,
)
from tests.support import drawn_frames


async def asynchronous(*frame: int) -> None:
    pass


def generating(frame: int) -> Iterator[int]:
    yield frame


class TouchedError(AssertionError):
    """The source was asked for a frame."""


def untouchable() -> Scene:
    def update(_: int) -> None:
        raise TouchedError

    return Scene(figure=Figure(), update=update, frames=3)


BAD: list[tuple[str, object]] = [
    ("fps", 0),
    ("fps", -1),
    ("fps", "10"),
    ("fps", True),
    ("fps", float("nan")),
    ("fps", float("inf")),
    ("fps", 10**400),
    ("fps", 5e-324),
    ("fps", 1e300),
    ("interval", 0),
    ("interval", "slow"),
    ("durations", []),
    ("durations", "abc"),
    ("durations", 3),
    ("durations", [1, 2]),
    ("durations", [1, 2, 3, 4]),
    ("durations", [1, 0, 1]),
    ("durations", [1, float("nan"), 1]),
    ("final_pause", -1),
    ("final_pause", None),
    ("loop", -1),
    ("loop", 1.5),
    ("loop", 65536),
    ("loop", "twice"),
    ("loop", True),
    ("dpi", 0),
    ("dpi", "screen"),
    ("facecolor", "no such color"),
    ("facecolor", (1, 2, 3)),
    ("transparent", "yes"),
    ("bbox_inches", "loose"),
    ("bbox_inches", mpl.transforms.Bbox([[0, 0], [0, 1]])),
    ("extra_anim", 3),
    ("extra_anim", [1]),
    ("metadata", {"comment": 3}),
    ("metadata", "text"),
    ("metadata", {"title": "cut\0off"}),
    ("metadata", {"na\0me": "text"}),
    ("metadata", {"title": "\ud800"}),
    ("progress", 1),
    ("verify", "often"),
    ("limits", {"max_frames": 3}),
    ("frame", 1.5),
    ("quality", 101),
    ("quality", 50.5),
    ("lossless", 1),
    ("colors", 1),
    ("colors", 257),
    ("dither", "floyd"),
    ("max_bytes", 0),
    ("frames", 3),
    ("bbox", "tight"),
]


@pytest.mark.parametrize(("option", "value"), BAD, ids=str)
@pytest.mark.parametrize("call", [render, stream, frames])
def test_bad_options_are_named_before_anything_is_drawn(
    call: Callable[..., object], option: str, value: object
) -> None:
    with pytest.raises(OptionError, match=option) as caught:
        call(untouchable(), **{option: value})
    assert caught.value.option.partition("[")[0] == option


def test_an_unknown_option_lists_the_known_ones() -> None:
    with pytest.raises(OptionError, match=r"'framerate': no such option.*\bfps\b"):
        render(untouchable(), framerate=3)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("apng", {"Ω": "no Latin-1 letter"}),
        ("png", {"a" * 80: "a name of 80 characters"}),
        ("webp", {"Title": "\x01"}),
        ("avif", {"Title": "\ufffe"}),
    ],
)
@pytest.mark.parametrize("call", [render, stream])
def test_a_text_that_the_format_cannot_hold_is_refused_before_anything_is_drawn(
    call: Callable[..., object], name: FormatName, metadata: dict[str, str]
) -> None:
    with pytest.raises(OptionError, match="metadata"):
        call(untouchable(), name, metadata=metadata)


@pytest.mark.parametrize(("name", "most"), [("gif", 65_535), ("webp", 16_383), ("mp4", 16_384), ("html", 16_383)])
@pytest.mark.parametrize("call", [render, stream])
def test_a_side_that_is_too_long_for_the_format_is_refused_before_anything_is_drawn(
    call: Callable[..., Any], name: FormatName, most: int
) -> None:
    source = untouchable()
    source.figure.set_size_inches((most + 1) / 100, 0.01)
    with pytest.raises(
        FormatError, match=f"{name} holds at most {most} pixels a side, not {most + 1} x 1; lower the dpi"
    ):
        next(iter(call(source, name, dpi=100)))


@pytest.mark.parametrize("pair", [{"fps": 1, "interval": 2}, {"interval": 1, "durations": [1, 1, 1]}], ids=str)
def test_times_exclude_each_other(pair: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="cannot be combined"):
        render(untouchable(), **pair)


def test_options_for_encoders_mean_nothing_to_frames() -> None:
    with pytest.raises(OptionError, match=r"'quality': frames\(\) cannot keep quality=3; webp, avif, mp4 and webm can"):
        frames(untouchable(), quality=3)


@pytest.mark.parametrize("format_", ["bmp", "", None, 3, "../gif", "gif\0"])
@pytest.mark.parametrize("call", [render, stream])
def test_unknown_formats(call: Callable[..., object], format_: Any) -> None:
    with pytest.raises(FormatError, match="format"):
        call(untouchable(), format_)


@pytest.mark.parametrize("name", ["gif", "GIF", ".gif"])
def test_formats_are_read_kindly(name: Any) -> None:
    assert render([np.zeros((2, 2))], name).format == "gif"


@pytest.mark.parametrize(
    "source",
    [None, 3, "ani.gif", b"", {"a": 1}, Figure(), int, lambda: None, lambda: 5],
    ids=["none", "int", "str", "bytes", "dict", "figure", "type", "factory of none", "factory of int"],
)
@pytest.mark.parametrize("call", [render, stream, frames])
def test_what_cannot_be_animated(call: Callable[..., object], source: object) -> None:
    with pytest.raises(SourceError):
        call(source)


@pytest.mark.parametrize("source", [[], iter([]), np.zeros((0, 2, 2))], ids=["list", "iterator", "array"])
def test_no_frames(source: Any) -> None:
    with pytest.raises(SourceError, match="no frames"):
        render(source)


def test_an_animation_without_frames() -> None:
    fig = Figure()
    animation = FuncAnimation(fig, lambda i: None, frames=0, init_func=lambda: None)
    with pytest.raises(SourceError, match="no frames"):
        render(animation)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("text", "name of a file"),
        (None, "array of pixels|shape"),
        (np.zeros(3), "shape"),
        (np.zeros((2, 2, 2)), r"shape .* not \(2, 2, 2\)"),
        (np.zeros((2, 2, 5)), "shape"),
        (np.zeros((0, 2)), "shape"),
        (np.full((2, 2), 1.5), "from 0 to 1"),
        (np.full((2, 2), np.nan), "from 0 to 1"),
        (np.zeros((2, 2), np.int32), "int32"),
        (np.zeros((2, 2), complex), "complex"),
        ([[1], [1, 2]], "not an image"),
    ],
    ids=str,
)
def test_bad_frames_are_named_by_their_index(item: Any, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        render([np.zeros((2, 2)), item])
    assert caught.value.__notes__ == ["figreel: in frame 1"]


@pytest.mark.parametrize(
    "image", [np.zeros((9, 8)), [[0.0] * 8] * 9, Image.new("RGB", (8, 9))], ids=["array", "list", "Pillow"]
)
def test_an_image_of_any_kind_has_as_many_pixels_as_it_shows(image: Any) -> None:
    render([image], limits=Limits(max_pixels=72))
    with pytest.raises(LimitError, match="a frame of 8 x 9 has 72 pixels"):
        render([image], limits=Limits(max_pixels=71))


def test_frames_of_different_size() -> None:
    with pytest.raises(SourceError, match=r"frame 1 is 3 x 2 pixels, the first one is 2 x 2"):
        render([np.zeros((2, 2)), np.zeros((2, 3))])


@pytest.mark.parametrize(
    "bad",
    [
        {"figure": None},
        {"update": 3},
        {"init": 3},
        {"frames": None},
        {"frames": -1},
        {"interval": 0},
        {"interval": float("nan")},
        {"interval": "fast"},
        {"interval": True},
        {"interval": np.float32("nan")},
    ],
    ids=str,
)
def test_bad_scenes(bad: dict[str, Any]) -> None:
    good: dict[str, Any] = {"figure": Figure(), "update": print, "frames": 3}
    with pytest.raises(SourceError, match=f"Scene: {next(iter(bad))}"):
        Scene(**(good | bad))


@pytest.mark.parametrize("dpi", [0.1, 1e9])
@pytest.mark.parametrize(
    "call",
    [
        render,
        lambda source, dpi: list(frames(source, dpi=dpi)),
        lambda source, dpi: source.save("none.gif", dpi=dpi, writer=Writer()),
    ],
    ids=["render", "frames", "Writer"],
)
def test_a_size_that_cannot_be_drawn_is_refused_at_once(call: Callable[..., object], dpi: float) -> None:
    calls: list[int] = []
    animation = FuncAnimation(Figure(figsize=(2, 1)), calls.append, frames=2)
    with pytest.raises(SourceError, match=r"x \d+ pixels cannot be drawn; change dpi="):
        call(animation, dpi=dpi)
    assert not calls


@pytest.mark.parametrize("name", ["update", "init"])
def test_scenes_of_functions_that_would_have_to_be_awaited(name: str) -> None:
    good: dict[str, Any] = {"figure": Figure(), "update": print, "frames": 3}
    with pytest.raises(SourceError, match=f"Scene: {name} is asynchronous"):
        Scene(**(good | {name: asynchronous}))


def test_a_scene_of_an_update_that_yields() -> None:
    with pytest.raises(SourceError, match="leave the yield out"):
        Scene(Figure(), generating, 3)


@pytest.mark.parametrize("options", [{"fargs": (1,)}, {"init_func": asynchronous}], ids=["func", "init_func"])
def test_a_function_that_would_have_to_be_awaited_is_refused(options: dict[str, Any]) -> None:
    func: Any = asynchronous if "fargs" in options else lambda i: None
    animation = FuncAnimation(Figure(figsize=(1, 1)), func, frames=2, **options)
    with pytest.raises(SourceError, match="func is asynchronous"):
        render(animation)


@pytest.mark.parametrize(
    ("limit", "value"),
    [("max_frames", 2), ("max_pixels", 640 * 480 - 1), ("max_total_pixels", 3 * 640 * 480 - 1)],
)
def test_limits_are_checked_before_the_first_frame(limit: str, value: int) -> None:
    with pytest.raises(LimitError, match=f"{limit}.*more than {value}") as caught:
        render(untouchable(), limits=Limits(**{limit: value}))
    assert caught.value.limit == limit
    with pytest.raises(TouchedError):
        render(untouchable(), limits=Limits(**{limit: value + 1}))


def test_limits_while_running() -> None:
    images = [np.full((4, 4), i / 9) for i in range(9)]
    for limits in (
        Limits(max_frames=3),
        Limits(max_total_pixels=3 * 16),
        Limits(max_bytes=100),
        Limits(max_seconds=1e-9),
    ):
        with pytest.raises(LimitError):
            render((image for image in images), limits=limits)
    assert render((image for image in images), limits=Limits(max_frames=9, max_bytes=10**6)).frame_count == 9


@pytest.mark.parametrize("value", [0, -1, 1.5, "many", True])
def test_bad_limits(value: Any) -> None:
    with pytest.raises(OptionError, match=r"limits\.max_frames"):
        Limits(max_frames=value)


def test_durations_of_the_wrong_length_are_found_at_the_end_at_the_latest() -> None:
    for count in (1, 3):
        with pytest.raises(OptionError, match="durations"):
            render(iter([np.zeros((2, 2))] * 2), durations=[0.1] * count)


def test_times() -> None:
    images = [np.full((2, 2), i / 9) for i in range(3)]

    def seconds(**options: Any) -> list[float]:
        return [frame.duration for frame in frames(images, **options)]

    assert seconds() == [0.2] * 3
    assert seconds(fps=4) == [0.25] * 3
    assert seconds(interval=30) == [0.03] * 3
    assert seconds(durations=[1, 2, 3]) == [1, 2, 3]
    assert seconds(durations=np.array([1.0, 2, 3])) == [1, 2, 3]
    assert seconds(durations=lambda i: i + 0.5, final_pause=2) == [0.5, 1.5, 4.5]
    assert seconds(durations=lambda i: np.float32(0.5)) == seconds(durations=lambda i: Fraction(1, 2)) == [0.5] * 3
    assert seconds(fps=10, final_pause=1) == [0.1, 0.1, 1.1]
    for bad in (0, -1, "long", None, float("nan"), True):
        with pytest.raises(OptionError, match="durations"):
            seconds(durations=lambda i, bad=bad: bad)


NUMBERS = [np.float16, np.float32, np.float64, np.longdouble, np.int64, np.uint8, Fraction, int]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.__name__)
@pytest.mark.parametrize("name", ["gif", "apng", "webp", "avif", "mp4", "webm", "html"])
def test_a_number_of_any_type_is_one(name: FormatName, number: Callable[[int], Any]) -> None:
    images = [np.full((2, 2), i / 9) for i in range(3)]
    expected = render(images, name, interval=50, final_pause=2)
    assert render(images, name, interval=number(50), final_pause=number(2)).data == expected.data
    assert render(images, name, fps=number(20), final_pause=number(2)).data == expected.data
    animation = render(scene(interval=50), name)
    assert render(scene(interval=number(50)), name).data == animation.data
    for frame in frames(scene(interval=number(50)), final_pause=number(2)):
        assert type(frame.duration) is float


def scene(**options: Any) -> Scene:
    return Scene(Figure(figsize=(0.2, 0.2)), lambda _: None, 2, **options)


def test_a_frame_of_a_source_may_have_a_duration_of_any_type() -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    seconds: list[Any] = [np.float32(0.25), Fraction(1, 2), 1]
    source = [Frame(index, pixels, each) for index, each in enumerate(seconds)]
    assert [frame.duration for frame in frames(source)] == [0.25, 0.5, 1]
    assert render(source, "mp4").duration == render(source).duration == 1.75


@pytest.mark.parametrize("seconds", [-1, 0, 1e-9, 1e9, float("nan"), float("inf"), "x", True, np.array([1.0])])
@pytest.mark.parametrize("name", ["gif", "apng", "webp", "mp4", "html"])
def test_a_frame_of_a_source_has_a_duration_within_bounds(name: FormatName, seconds: Any) -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    source = [Frame(0, pixels, 0.1), Frame(1, pixels, seconds)]
    with pytest.raises(SourceError, match=r"frame 1 has a duration of .*; the seconds must be "):
        render(source, name)
    assert render(source, name, fps=10).duration == 0.2


def test_options_and_limits_hold_plain_numbers() -> None:
    given: dict[str, Any] = {"fps": np.float32(20), "loop": np.int64(3), "quality": np.uint8(50), "dpi": np.float32(90)}
    options = RenderOptions(**given)
    assert {type(options.fps), type(options.dpi)} == {float}
    assert {type(options.loop), type(options.quality)} == {int}
    seconds: Any = np.float32(2)
    assert type(Limits(max_seconds=seconds).max_seconds) is float
    assert options.dither is False


def test_the_animations_own_interval_and_repeat() -> None:
    def make(**options: Any) -> FuncAnimation:
        return FuncAnimation(Figure(figsize=(1, 1)), lambda i: None, frames=2, **options)

    assert [frame.duration for frame in frames(make(interval=70))] == [0.07] * 2
    assert render(make(interval=100, repeat_delay=900), loop="animation").duration == pytest.approx(1.1)
    assert render(make(interval=100, repeat_delay=900)).duration == pytest.approx(0.2)


@pytest.mark.parametrize("interval", [0, -5])
def test_an_interval_that_is_no_time_is_refused_where_one_is_needed(interval: float) -> None:
    def make() -> FuncAnimation:
        return FuncAnimation(Figure(figsize=(1, 1)), lambda i: None, frames=2, interval=1)

    animation: Any = make()
    animation._interval = interval
    with pytest.raises(SourceError, match="give fps= or interval="):
        render(animation)
    assert render(animation, fps=10).duration == pytest.approx(0.2)
    assert render(animation, "png").frame_count == 1


def test_progress_is_told_after_each_frame() -> None:
    told: list[tuple[int, int | None]] = []
    images = [np.zeros((2, 2))] * 3
    render(images, progress=lambda *args: told.append(args))
    render(iter(images), progress=lambda *args: told.append(args))
    assert told == [(1, 3), (2, 3), (3, 3), (1, None), (2, None), (3, None)]


def test_the_number_of_frames_is_known_where_it_can_be() -> None:
    def totals(**options: Any) -> set[int | None]:
        found: set[int | None] = set()
        animation = FuncAnimation(Figure(figsize=(1, 1)), lambda i: None, **options)
        for _ in range(2):
            drawn_frames(animation, progress=lambda done, total: found.add(total))
        return found

    assert totals(frames=3) == {3}
    assert totals(frames=[5, 6]) == {2}
    assert totals(frames=[5, 6], repeat=False) == {2}
    assert totals(frames=lambda: iter([1, 2]), save_count=9) == {None}


def test_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    render([np.zeros((2, 2))] * 3, progress=True)
    assert "3/3" in capsys.readouterr().err


def test_a_bar_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(OptionError, match=r"figreel\[progress\]"):
        render(untouchable(), progress=True)


def test_rendered_checks_when_it_decorates() -> None:
    with pytest.raises(OptionError, match="speed"):
        rendered("gif", speed=3)  # type: ignore[call-overload]
    with pytest.raises(FormatError):
        rendered("bmp")  # type: ignore[call-overload]

    @rendered("gif", fps=2)
    def squares(count: int, *, shade: float = 0.5) -> list[np.ndarray]:
        """Gray squares."""
        return [np.full((2, 2), shade)] * count

    clip = squares(3, shade=0.1)
    assert clip.frame_count == 3
    assert clip.duration == 1.5
    assert squares.__doc__ == "Gray squares."


def test_errors_form_one_tree_and_survive_pickling() -> None:
    for error in (OptionError("fps", "bad"), LimitError("max_frames", "many"), SourceError("x"), FormatError("y")):
        assert isinstance(error, RenderError)
        copy = pickle.loads(pickle.dumps(error))
        assert str(copy) == str(error)
        assert vars(copy) == vars(error)
