import struct
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from renderer.encoding.gif.encoder import GifEncoder
from renderer.encoding.gif.indices import GROUP
from renderer.errors import FormatError, TimingWarning
from renderer.options import RenderOptions
from renderer.types import Frame, Size
from tests.media import Film, assert_shows, decoded_by_ffmpeg, decoded_by_pillow, encoded, need_tool, run
from tests.strategies import animations, durations

HUNDREDTH = 0.01
WHITE = np.full((20, 30, 4), 255, np.uint8)
BOTH = pytest.mark.parametrize("decoded", [decoded_by_pillow, decoded_by_ffmpeg])

Decoded = Callable[[bytes], Film]


class Drawn(NamedTuple):
    """A picture as it stands in a file."""

    hundredths: int
    disposal: int
    transparency: bool
    box: tuple[int, ...]
    colors: int | None
    code_bits: int


def table_size(flags: int) -> int:
    return 2 << (flags & 7) if flags & 0x80 else 0


def pictures_in(data: bytes) -> Iterator[Drawn]:
    at = 13 + 3 * table_size(data[10])
    while data[at] != 0x3B:
        if data[at] == 0x21:
            if data[at + 1] == 0xF9:
                flags, hundredths = struct.unpack_from("<BH", data, at + 3)
            at += 2
        else:
            *box, local = struct.unpack_from("<4HB", data, at + 1)
            at += 10 + 3 * table_size(local)
            yield Drawn(hundredths, flags >> 2 & 7, bool(flags & 1), tuple(box), table_size(local) or None, data[at])
            at += 1
        while data[at]:
            at += data[at] + 1
        at += 1
    assert at == len(data) - 1


def reference(pixels: np.ndarray) -> np.ndarray:
    """Lay a picture on white, except where it is more than half transparent."""
    alpha = pixels[..., 3:].astype(float) / 255
    laid = np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.where(alpha < 0.5, 0, np.concatenate([laid, np.full_like(laid[..., :1], 255)], axis=2))


def error(shown: np.ndarray, picture: np.ndarray) -> int:
    expected = reference(picture)
    np.testing.assert_array_equal(shown[..., 3], expected[..., 3])
    opaque = expected[..., 3] == 255
    return int(np.abs(shown[opaque].astype(int) - expected[opaque]).max(initial=0))


def spots(count: int, *, levels: int = 4, seed: int = 0) -> list[np.ndarray]:
    """Give pictures of a few colors, each with some new spots."""
    random = np.random.default_rng(seed)
    pixels, given_pictures = WHITE, []
    for _ in range(count):
        pixels = pixels.copy()
        rows, columns = random.integers(0, 20, 9), random.integers(0, 30, 9)
        pixels[rows, columns, :3] = random.integers(0, levels, (9, 3)) * 60
        given_pictures.append(pixels)
    return given_pictures


def noise(count: int, shape: tuple[int, int] = (90, 120)) -> list[np.ndarray]:
    pixels = np.random.default_rng(5).integers(0, 256, (count, *shape, 4), np.uint8)
    pixels[..., 3] = 255
    return list(pixels)


def by_pillow(pictures: list[np.ndarray]) -> bytes:
    first, *others = (Image.fromarray(each).convert("RGB") for each in pictures)
    buffer = BytesIO()
    first.save(buffer, "gif", save_all=True, append_images=others, duration=100, loop=0)
    return buffer.getvalue()


@BOTH
@given(st.data())
def test_pictures_are_shown_as_they_are_and_in_time(decoded: Decoded, data: st.DataObject) -> None:
    pictures = data.draw(animations())
    times = data.draw(durations(len(pictures), longest=0.5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TimingWarning)
        film = decoded(encoded("gif", pictures, times))
    ends = list(accumulate(times))
    colors = np.unique(np.concatenate([reference(picture).reshape(-1, 4) for picture in pictures]), axis=0)
    bound = 0 if len(colors) <= 255 else 21
    for picture, following, end, seconds in zip(pictures, [*pictures[1:], None], ends, times, strict=True):
        joined = following is not None and np.array_equal(reference(picture), reference(following))
        if seconds > 0.03 and not joined:
            assert error(film.at(end - HUNDREDTH), picture) <= bound
            if min(times) >= 2 * HUNDREDTH:  # the one before does not last longer than it should
                assert error(film.at(end - seconds + HUNDREDTH), picture) <= bound
    if decoded is decoded_by_pillow and len(film.shots) > 1:
        assert film.duration == pytest.approx(sum(times), abs=0.026)


@BOTH
def test_a_few_colors_are_exact(decoded: Decoded) -> None:
    pictures = spots(20)
    assert_shows(decoded(encoded("gif", pictures)), pictures, [0.1] * 20, unit=HUNDREDTH)


@BOTH
def test_255_colors_are_exact(decoded: Decoded) -> None:
    picture = WHITE.copy()
    picture.reshape(-1, 4)[:254, 0] = np.arange(254)  # and white
    film = decoded(encoded("gif", [picture, WHITE]))
    np.testing.assert_array_equal(film.at(0.05), picture)


@BOTH
def test_what_was_drawn_on_a_transparent_face_leaves_no_ghost(decoded: Decoded) -> None:
    pictures = []
    for index in range(2 * GROUP):
        pixels = np.zeros((40, 50, 4), np.uint8)
        pixels[:, 0] = 255  # stays
        pixels[index % 30 : index % 30 + 4, 5 + index % 40] = (255, 0, 0, 255)
        pictures.append(pixels)
    film = decoded(encoded("gif", pictures))
    for index, picture in enumerate(pictures):
        assert error(film.at(index / 10 + 0.05), picture) == 0


@BOTH
def test_an_opaque_animation_can_turn_transparent(decoded: Decoded) -> None:
    hole = WHITE.copy()
    hole[5:9, 6:11] = 0
    pictures = [WHITE, hole, WHITE, WHITE, np.zeros_like(WHITE), WHITE]
    film = decoded(encoded("gif", pictures))
    for index, picture in enumerate(pictures):
        assert error(film.at(index / 10 + 0.05), picture) == 0


def test_half_transparent_pixels_are_laid_on_white() -> None:
    picture = np.zeros((1, 256, 4), np.uint8)
    picture[..., 0], picture[..., 3] = 200, np.arange(256)
    shown = decoded_by_pillow(encoded("gif", [picture])).shots[0].pixels
    assert error(shown, picture) <= 1
    assert (shown[0, :128, 3] == 0).all()
    assert (shown[0, 128:, 3] == 255).all()


@pytest.mark.parametrize(
    "pictures", [[*spots(10, levels=256), *noise(2, (20, 30)), *spots(3)], noise(2)], ids=["spots", "noise"]
)
def test_gifsicle_reads_the_same_pictures(tmp_path: Path, pictures: list[np.ndarray]) -> None:
    gifsicle = need_tool("gifsicle")
    (tmp_path / "in.gif").write_bytes(data := encoded("gif", pictures, loop=4))
    run(gifsicle, "--unoptimize", str(tmp_path / "in.gif"), "-o", str(tmp_path / "out.gif"))
    ours, theirs = decoded_by_pillow(data), decoded_by_pillow((tmp_path / "out.gif").read_bytes())
    assert len(ours.shots) == len(theirs.shots)
    for one, other in zip(ours.shots, theirs.shots, strict=True):
        np.testing.assert_array_equal(one.pixels, other.pixels)
        assert one.start == other.start
    assert "loop count 3" in run(gifsicle, "--info", str(tmp_path / "in.gif"))


@pytest.mark.parametrize(("plays", "stored"), [(0, 0), (1, None), (2, 1), (10, 9), (65535, 65534)])
def test_loop_is_how_often_it_plays(plays: int, stored: int | None) -> None:
    data = encoded("gif", spots(2), loop=plays)
    with Image.open(BytesIO(data)) as image:
        assert image.info.get("loop") == stored


def test_the_head_leaves_with_the_first_frame_and_pictures_one_frame_late() -> None:
    encoder = GifEncoder(RenderOptions(loop=3), Size(30, 20))
    first, second, third = (encoder.add(Frame(index, each, 0.1)) for index, each in enumerate(spots(3)))
    assert first.startswith(b"GIF89a")
    assert first.endswith(b"NETSCAPE2.0\x03\x01\x02\x00\x00")
    assert len(list(pictures_in(first + second + b";"))) == 1
    assert len(list(pictures_in(first + second + third + b";"))) == 2
    assert len(list(pictures_in(first + second + third + encoder.finish()))) == 3


def test_equal_neighbors_are_joined() -> None:
    one, other = spots(2)
    data = encoded("gif", [one, one, one, other, other], [0.1, 0.2, 0.3, 0.04, 0.05])
    assert [drawn.hundredths for drawn in pictures_in(data)] == [60, 9]


def test_only_the_box_that_changed_is_drawn_and_stays() -> None:
    changed = WHITE.copy()
    changed[3:5, 7:12, 0] = 9
    first, second = pictures_in(encoded("gif", [WHITE, changed]))
    assert first.box == (0, 0, 30, 20)
    assert second.box == (7, 3, 5, 2)
    assert second.disposal == 1


def test_few_changed_pixels_are_drawn_alone_and_many_as_a_whole() -> None:
    random = np.random.default_rng(1)
    ground = noise(1, (64, 64))[0] // 64 * 64 | np.array([0, 0, 0, 255], np.uint8)
    sparse = ground.copy()
    sparse[[0, -1], [0, -1]] = (1, 2, 3, 255)
    flat = np.where(random.random((64, 64, 1)) < 0.9, np.array([9, 9, 9, 255], np.uint8), WHITE[0, 0])
    _, few = pictures_in(encoded("gif", [ground, sparse]))
    _, many = pictures_in(encoded("gif", [flat, np.full_like(flat, 255)]))
    assert few.transparency
    assert not many.transparency


def test_the_table_of_the_file_serves_and_new_colors_bring_a_small_one() -> None:
    changed, new = WHITE.copy(), WHITE.copy()
    changed[2, 2] = (0, 0, 0, 255)
    new[4:8, 4:8] = (255, 0, 0, 255)
    data = encoded("gif", [changed, WHITE, new])
    first, same, other = pictures_in(data)
    assert table_size(data[10]) == 4
    assert (first.colors, same.colors, other.colors) == (None, None, 2)
    assert other.code_bits == 2


def test_delays_do_not_drift() -> None:
    data = encoded("gif", spots(30), [1 / 30] * 30)
    delays = [drawn.hundredths for drawn in pictures_in(data)]
    assert sum(delays) == 100
    assert set(delays) == {3, 4}


def test_frames_that_are_too_short_are_left_out_with_one_warning() -> None:
    pictures = spots(60)
    with pytest.warns(TimingWarning, match="50 fps") as caught:
        data = encoded("gif", pictures, [1 / 120] * 60)
    assert len(caught) == 1
    assert all(drawn.hundredths >= 2 for drawn in pictures_in(data))
    film = decoded_by_pillow(data)
    assert film.duration == pytest.approx(0.5, abs=0.025)
    np.testing.assert_array_equal(film.shots[-1].pixels, pictures[-1])


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_last_frame_that_is_too_short_is_shown_all_the_same(count: int) -> None:
    pictures = spots(count)
    with pytest.warns(TimingWarning):
        data = encoded("gif", pictures, [0.1] * (count - 1) + [0.001])
    assert [drawn.hundredths for drawn in pictures_in(data)] == [10] * (count - 1) + [2]
    np.testing.assert_array_equal(decoded_by_pillow(data).shots[-1].pixels, pictures[-1])


def test_a_frame_longer_than_a_gif_can_show_is_refused() -> None:
    assert [drawn.hundredths for drawn in pictures_in(encoded("gif", [WHITE], [655.35]))] == [65535]
    with pytest.raises(FormatError, match=r"frame 1 is shown for 655\.36 seconds"):
        encoded("gif", spots(2), [1.0, 655.36])


def test_equal_frames_last_longer_than_one_picture_can() -> None:
    data = encoded("gif", [WHITE] * 3, [600.0] * 3)
    drawn = list(pictures_in(data))
    assert len(drawn) == 3
    assert sum(each.hundredths for each in drawn) == 180_000
    np.testing.assert_array_equal(decoded_by_pillow(data).shots[-1].pixels, WHITE)


@pytest.mark.parametrize("size", [Size(65536, 1), Size(1, 65536)])
def test_a_size_that_no_gif_has_is_refused(size: Size) -> None:
    with pytest.raises(FormatError, match="at most 65535 pixels"):
        GifEncoder(RenderOptions(), size)


def test_the_largest_side_is_written() -> None:
    picture = np.full((1, 65535, 4), 255, np.uint8)
    picture[0, -1] = (1, 2, 3, 255)
    np.testing.assert_array_equal(decoded_by_pillow(encoded("gif", [picture])).shots[0].pixels, picture)


def test_no_frames_are_refused() -> None:
    with pytest.raises(FormatError, match="no"):
        GifEncoder(RenderOptions(), Size(1, 1)).finish()


def test_metadata_is_a_comment() -> None:
    texts = {"Title": "Träume", "Comment": "x" * 600}
    with Image.open(BytesIO(encoded("gif", spots(2), metadata=texts))) as image:
        assert image.info["comment"].decode() == f"Title: Träume\nComment: {'x' * 600}"


def test_the_same_frames_give_the_same_bytes() -> None:
    pictures = [*spots(5, levels=256), *noise(2, (20, 30))]
    assert encoded("gif", pictures) == encoded("gif", pictures)


def test_a_group_depends_on_itself_and_the_frame_before() -> None:
    shared = spots(GROUP + 1, levels=256, seed=1)
    tails = []
    for others in (spots(GROUP - 1, levels=256, seed=2), noise(GROUP - 1, (20, 30))):
        encoder = GifEncoder(RenderOptions(), Size(30, 20))
        parts = [encoder.add(Frame(index, each, 0.1)) for index, each in enumerate([*others, *shared])]
        tails.append(b"".join(parts[GROUP + 1 :]) + encoder.finish())
    assert tails[0] == tails[1]


def test_a_group_begins_with_a_picture_even_if_nothing_changed() -> None:
    drawn = list(pictures_in(encoded("gif", [WHITE] * (GROUP + 1))))
    assert [each.hundredths for each in drawn] == [10 * GROUP, 10]


def photos(count: int) -> list[np.ndarray]:
    """Give smooth shades with the grain of a photograph."""
    random, (y, x) = np.random.default_rng(7), np.mgrid[0:1:90j, 0:1:120j]
    pictures = np.full((count, 90, 120, 4), 255, np.uint8)
    for index, pixels in enumerate(pictures):
        shades = np.stack([np.sin(6 * x + index / 5), np.cos(5 * y - index / 7), np.sin(3 * x * y)], axis=-1)
        pixels[..., :3] = np.clip(128 + 100 * shades + random.normal(0, 12, shades.shape), 0, 255)
    return list(pictures)


@BOTH
@pytest.mark.parametrize("pictures", [noise(3), photos(3)], ids=["noise", "photos"])
def test_more_colors_than_a_table_holds_are_within_21_and_smaller_than_pillows(
    decoded: Decoded, pictures: list[np.ndarray]
) -> None:
    data = encoded("gif", pictures)
    assert len(list(pictures_in(data))) == len(pictures)
    film = decoded(data)
    assert all(error(film.at(index / 10 + 0.05), picture) <= 21 for index, picture in enumerate(pictures))
    assert len(data) < len(by_pillow(pictures))


@BOTH
@pytest.mark.parametrize("colors", [65, 128, 129, 254, 255])
def test_noise_takes_hardly_more_than_its_bits(decoded: Decoded, colors: int) -> None:
    levels = np.random.default_rng(colors).integers(0, colors, (301, 400), np.uint8)
    levels.flat[:colors] = np.arange(colors)
    picture = np.stack([levels, levels, levels, np.full_like(levels, 255)], axis=-1)
    data = encoded("gif", [picture])
    np.testing.assert_array_equal(decoded(data).shots[0].pixels, picture)
    (drawn,) = pictures_in(data)
    assert len(data) < levels.size * (drawn.code_bits + 1) / 8 * 1.025 + 900


@pytest.mark.parametrize("colors", [2, 5, 64])
@pytest.mark.parametrize("dither", [False, True])
def test_colors_are_no_more_than_asked_for(colors: int, dither: bool) -> None:
    data = encoded("gif", noise(2), colors=colors, dither=dither)
    for shot in decoded_by_pillow(data).shots:
        assert len(np.unique(shot.pixels.reshape(-1, 4), axis=0)) <= colors


def test_dither_mixes_what_the_palette_lacks_and_stands_still() -> None:
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None], (64, 256, 3))
    pictures = []
    for index in range(6):
        pixels = np.concatenate([ramp, np.full((64, 256, 1), 255, np.uint8)], axis=2)
        pixels[:, 100:120] = (index * 40, 0, 0, 255)
        pictures.append(pixels)
    plain, mixed = (decoded_by_pillow(encoded("gif", pictures, colors=8, dither=on)) for on in (False, True))

    def mean_error(film: Film) -> float:
        shown, wanted = film.shots[0].pixels[:, :96, :3], pictures[0][:, :96, :3]
        blocks = [each.reshape(8, 8, 12, 8, 3).mean((1, 3)) for each in (shown.astype(float), wanted.astype(float))]
        return float(np.abs(blocks[0] - blocks[1]).mean())

    assert mean_error(mixed) < mean_error(plain) / 3
    for shot in mixed.shots[1:]:
        np.testing.assert_array_equal(shot.pixels[:, 130:], mixed.shots[0].pixels[:, 130:])


def test_dither_leaves_exact_colors_alone() -> None:
    pictures = spots(5)
    film = decoded_by_pillow(encoded("gif", pictures, dither=True))
    assert_shows(film, pictures, [0.1] * 5, unit=HUNDREDTH)


def plots(draw: Callable[[Figure, int], None]) -> list[np.ndarray]:
    pictures = []
    for index in range(12):
        figure = Figure(figsize=(4, 3), dpi=80)
        draw(figure, index)
        buffer = BytesIO()
        figure.savefig(buffer, format="rgba", dpi=80)
        pictures.append(np.frombuffer(buffer.getvalue(), np.uint8).reshape(240, 320, 4))
    return pictures


def line(figure: Figure, index: int) -> None:
    x = np.linspace(0, 10, 300)
    axes = figure.subplots()
    axes.plot(x, np.sin(x + index / 5))
    axes.grid()
    axes.set_title(f"frame {index}")


def bars(figure: Figure, index: int) -> None:
    figure.subplots().barh(list("abcde"), np.abs(np.sin(np.arange(5) + index / 7)), color=plt.colormaps["tab10"].colors)


def picture(figure: Figure, index: int) -> None:
    y, x = np.mgrid[0:100, 0:100] / 12
    axes = figure.subplots()
    figure.colorbar(axes.imshow(np.sin(x + index / 5) * np.cos(y - index / 9)))


def scatter(figure: Figure, index: int) -> None:
    x, y, c = np.random.default_rng(2).random((3, 600))
    figure.subplots().scatter((x + index / 50) % 1, y, c=c, alpha=0.7)


@pytest.mark.parametrize("draw", [line, bars, picture, scatter])
def test_plots_are_smaller_than_pillows_and_as_true(draw: Callable[[Figure, int], None]) -> None:
    pictures = plots(draw)
    ours = encoded("gif", pictures)
    theirs = by_pillow(pictures)
    assert len(ours) < len(theirs)

    def errors(data: bytes) -> np.ndarray:
        film = decoded_by_pillow(data)
        shown = [film.at(index / 10 + 0.05) for index in range(len(pictures))]
        return np.abs(np.stack(shown).astype(int) - np.stack(pictures))

    own = errors(ours)
    assert own.max() <= 16
    assert own.max() <= 4 or (own**2).mean() <= 10**0.2 * (errors(theirs) ** 2).mean()  # two decibels


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_ten_thousand_frames_take_no_more_memory_than_a_few() -> None:
    random = np.random.default_rng(3)
    encoder = GifEncoder(RenderOptions(), Size(640, 480))
    pixels = np.full((480, 640, 4), 255, np.uint8)
    tracemalloc.start()
    try:
        for index in range(10_000):
            pixels = pixels.copy()
            row, column = random.integers(0, 470), random.integers(0, 630)
            pixels[row : row + 10, column : column + 10, :3] = random.integers(0, 256, (10, 10, 3))
            encoder.add(Frame(index, pixels, 0.04))
            if index == 200:
                tracemalloc.reset_peak()
                before = tracemalloc.get_traced_memory()[0]
        encoder.finish()
        assert tracemalloc.get_traced_memory()[1] - before < 64 << 20
    finally:
        tracemalloc.stop()
