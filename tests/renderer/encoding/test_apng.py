import struct
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from renderer.encoding.png import still as png
from renderer.errors import OptionError, TimingWarning
from tests.media import assert_shows, decoded_by_ffmpeg, decoded_by_pillow, encoded, need_tool, run
from tests.strategies import animations, durations

MILLISECOND = 0.001
SHORT_FRAMES = "ignore:browsers show a picture:renderer.errors.TimingWarning"


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    result, at = [], 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        result.append((kind, data[at + 8 : at + 8 + length]))
        at += 12 + length
    return result


def controls(data: bytes) -> list[tuple[int, ...]]:
    return [struct.unpack(">5I2H2B", body) for kind, body in chunks(data) if kind == b"fcTL"]


@pytest.mark.filterwarnings(SHORT_FRAMES)
@given(st.data())
def test_pillow_shows_every_pixel_and_time(data: st.DataObject) -> None:
    pictures = data.draw(animations())
    times = data.draw(durations(len(pictures)))
    file = encoded("apng", pictures, times)
    if len(controls(file)) > 1:  # Pillow reads no time of a single picture
        assert_shows(decoded_by_pillow(file), pictures, times, unit=MILLISECOND)
    else:
        np.testing.assert_array_equal(decoded_by_pillow(file).shots[0].pixels, pictures[-1])


@given(animations())
def test_ffmpeg_shows_every_pixel(pictures: list[np.ndarray]) -> None:
    film = decoded_by_ffmpeg(encoded("apng", pictures))
    for index, picture in enumerate(pictures):
        np.testing.assert_array_equal(film.at(index / 10 + 0.05), picture)


def test_apngdis_shows_every_pixel(tmp_path: Path, noisy: list[np.ndarray]) -> None:
    (tmp_path / "in.png").write_bytes(encoded("apng", noisy, loop=7))
    run(need_tool("apngdis"), str(tmp_path / "in.png"), "frame")
    for index, picture in enumerate(noisy):
        name = next(tmp_path.glob(f"frame*{index + 1}.png"))
        np.testing.assert_array_equal(np.asarray(Image.open(name).convert("RGBA")), picture)


def test_pngcheck_finds_no_fault(tmp_path: Path, noisy: list[np.ndarray]) -> None:
    (tmp_path / "in.png").write_bytes(encoded("apng", noisy, metadata={"Title": "Kurve", "Autor": "Łukasz"}))
    assert "No errors detected" in run(need_tool("pngcheck"), "-v", str(tmp_path / "in.png"))


@pytest.fixture
def noisy() -> list[np.ndarray]:
    random = np.random.default_rng(1)
    first = random.integers(0, 256, (30, 41, 4), np.uint8)
    sparse = first.copy()
    sparse[5:25:3, 7:33:4] = 255
    return [first, sparse, random.integers(0, 256, first.shape, np.uint8)]


def test_few_opaque_changes_are_blended_over_the_picture_before(noisy: list[np.ndarray]) -> None:
    *_, blend = controls(encoded("apng", noisy[:2]))[1]
    assert blend == 1


def test_transparent_changes_replace_the_picture_before() -> None:
    before = np.full((9, 9, 4), 200, np.uint8)
    after = before.copy()
    after[[1, 7], [1, 7], 3] = 254
    file = encoded("apng", [before, after])
    *_, blend = controls(file)[1]
    assert blend == 0
    np.testing.assert_array_equal(decoded_by_ffmpeg(file).shots[1].pixels, after)


def test_only_the_changed_box_is_stored(noisy: list[np.ndarray]) -> None:
    _, width, height, left, top, *_ = controls(encoded("apng", noisy[:2]))[1]
    assert (left, top, width, height) == (7, 5, 25, 19)


def test_equal_neighbors_are_one_picture(noisy: list[np.ndarray]) -> None:
    first, second, _ = noisy
    file = encoded("apng", [first, first.copy(), second, second], [0.1, 0.2, 0.3, 0.4])
    assert [(num, den) for *_, num, den, _, _ in controls(file)] == [(300, 1000), (700, 1000)]


def test_times_do_not_drift() -> None:
    pictures = [np.full((2, 2, 4), index, np.uint8) for index in range(60)]
    file = encoded("apng", pictures, [1 / 60] * 60)
    assert sum(num for *_, num, _, _, _ in controls(file)) == 1000


def test_time_longer_than_the_field_is_kept(noisy: list[np.ndarray]) -> None:
    times = [200.0, 70.001, 65.535]
    film = decoded_by_pillow(encoded("apng", noisy, times))
    assert_shows(film, noisy, times, unit=MILLISECOND)


@pytest.mark.filterwarnings(SHORT_FRAMES)
def test_picture_of_no_time_is_left_out(noisy: list[np.ndarray]) -> None:
    film = decoded_by_pillow(encoded("apng", noisy, [0.1, 0.0001, 0.1]))
    assert [shot.start for shot in film.shots] == [0, 0.1]
    np.testing.assert_array_equal(film.shots[1].pixels, noisy[2])


def test_what_browsers_clamp_is_warned_of_once(noisy: list[np.ndarray]) -> None:
    with pytest.warns(TimingWarning, match="10 ms or less for 100 ms") as warned:
        encoded("apng", noisy, [0.01, 0.005, 0.1])
    assert len(warned) == 1


@pytest.mark.parametrize("loop", [0, 1, 65535])
def test_number_of_plays(loop: int, noisy: list[np.ndarray]) -> None:
    (control,) = (body for kind, body in chunks(encoded("apng", noisy, loop=loop)) if kind == b"acTL")
    assert struct.unpack(">II", control) == (3, loop)


def test_metadata_is_text(noisy: list[np.ndarray]) -> None:
    metadata = {"Title": "größer", "Comment": "zażółć", "Empty": ""}
    image = Image.open(BytesIO(encoded("apng", noisy, metadata=metadata)))
    assert {key: str(image.info[key]) for key in metadata} == metadata


@pytest.mark.parametrize("name", ["", " Title", "two  spaces", "x" * 80, "Łódź", "a\nb"])
def test_metadata_name_that_png_cannot_hold(name: str, noisy: list[np.ndarray]) -> None:
    with pytest.raises(OptionError, match="cannot name a text"):
        encoded("apng", noisy, metadata={name: "text"})


def test_same_picture_without_isal(noisy: list[np.ndarray]) -> None:
    import zlib

    with patch.object(png, "_compress", zlib.compress), patch.object(png, "_LEVEL", 1):
        file = encoded("apng", noisy)
    for index, picture in enumerate(noisy):
        np.testing.assert_array_equal(decoded_by_pillow(file).shots[index].pixels, picture)
