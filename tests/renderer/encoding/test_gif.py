import tracemalloc
import warnings
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from renderer.encoding.formats import FORMATS
from renderer.encoding.gif import blocks, pictures
from renderer.encoding.gif.encoder import GifEncoder
from renderer.encoding.gif.indices import GROUP
from renderer.errors import FormatError, TimingWarning
from renderer.options import RenderOptions
from renderer.types import Frame, Size
from tests.media import decoded_by_pillow, encoded, need_tool, run
from tests.renderer.encoding.gif_files import (
    BOTH,
    HUNDREDTH,
    WHITE,
    Decoded,
    error,
    noise,
    pictures_in,
    reference,
    spots,
    table_size,
)
from tests.strategies import animations, durations


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


def test_a_box_that_is_drawn_whole_is_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [np.zeros_like(WHITE) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame[5:15, 5 * number : 5 * number + 15] = 255
    compress = Mock(side_effect=blocks.compressed)
    monkeypatch.setattr(pictures, "compressed", compress)
    data = encoded("gif", frames)
    assert compress.call_count == len(list(pictures_in(data))) == 3


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
    with pytest.warns(TimingWarning, match="50 fps") as warned:
        data = encoded("gif", pictures, [1 / 120] * 60)
    delays = [drawn.hundredths for drawn in pictures_in(data)]
    assert len(warned) == 1
    assert f": {60 - len(delays)} of 60 frames are left out" in str(warned[0].message)
    assert min(delays) >= 2
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


def test_a_long_time_goes_on_with_pictures_that_change_nothing() -> None:
    assert [drawn.hundredths for drawn in pictures_in(encoded("gif", [WHITE], [655.35]))] == [65535]
    before, after = noise(2)
    short, long = (encoded("gif", [before, after, before], [1.0, seconds, 1.0]) for seconds in (1.0, 200_000.0))
    assert sum(drawn.hundredths for drawn in pictures_in(long)) == 20_000_200
    assert len(long) - len(short) < 306 * 30
    short_film, film = decoded_by_pillow(short), decoded_by_pillow(long)
    for seconds in (1.5, 700, 200_000):
        np.testing.assert_array_equal(film.at(seconds), short_film.at(1.5))
    np.testing.assert_array_equal(film.at(200_001.5), short_film.at(2.5))


@BOTH
def test_a_hole_opens_after_a_long_time(decoded: Decoded) -> None:
    hole = WHITE.copy()
    hole[5:9, 6:11] = 0
    film = decoded(encoded("gif", [WHITE, hole], [2000.0, 1.0]))
    for seconds, picture in ((1, WHITE), (700, WHITE), (1999, WHITE), (2000.5, hole)):
        assert error(film.at(seconds), picture) == 0


def test_equal_frames_last_longer_than_one_picture_can() -> None:
    data = encoded("gif", [WHITE] * 3, [600.0] * 3)
    drawn = list(pictures_in(data))
    assert len(drawn) == 3
    assert sum(each.hundredths for each in drawn) == 180_000
    np.testing.assert_array_equal(decoded_by_pillow(data).shots[-1].pixels, WHITE)


@pytest.mark.parametrize("size", [Size(65536, 1), Size(1, 65536)])
def test_a_size_that_no_gif_has_is_refused(size: Size) -> None:
    with pytest.raises(FormatError, match="at most 65535 pixels"):
        FORMATS["gif"].make(RenderOptions(), size)


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
