import struct
import time
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from renderer.encoding.iso_boxes import contents
from renderer.errors import FormatError
from tests.media import assert_shows, decoded_by_ffmpeg, decoded_by_pillow, encoded, need_tool, run
from tests.strategies import animations, durations

MILLISECOND = 0.001
SHORT_FRAMES = "ignore:browsers show a picture:renderer.errors.TimingWarning"


@pytest.fixture
def gradients() -> list[np.ndarray]:
    y, x = np.mgrid[0:40, 0:57].astype(np.uint8)
    return [np.stack([3 * x, 5 * y, x + y + 40 * shift, 250 - 2 * x], -1) for shift in range(3)]


def assert_nearly_exact(actual: np.ndarray, expected: np.ndarray) -> None:
    """Compare as far as YCbCr of limited range allows; transparent pixels have no color."""
    np.testing.assert_array_equal(actual[..., 3], expected[..., 3])
    visible = expected[..., 3:] > 0
    np.testing.assert_allclose(np.where(visible, actual, 0), np.where(visible, expected, 0), atol=6)


def assert_close(actual: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(actual, expected, atol=12)


@pytest.mark.filterwarnings(SHORT_FRAMES)
@settings(max_examples=20)
@given(st.data())
def test_pillow_shows_every_picture_and_time(data: st.DataObject) -> None:
    pictures = data.draw(animations())
    times = data.draw(durations(len(pictures)))
    film = decoded_by_pillow(encoded("avif", pictures, times, quality=100))
    if len(film.shots) > 1:  # Pillow reads no time of a single picture
        assert_shows(film, pictures, times, unit=MILLISECOND, check=assert_nearly_exact)
    else:
        assert_nearly_exact(film.shots[0].pixels, pictures[-1])


def test_ffmpeg_shows_the_colors(gradients: list[np.ndarray]) -> None:
    film = decoded_by_ffmpeg(encoded("avif", gradients, quality=95))
    for index, picture in enumerate(gradients):
        assert_close(film.shots[index].pixels[..., :3], picture[..., :3])


def test_alpha_is_kept(gradients: list[np.ndarray]) -> None:
    film = decoded_by_pillow(encoded("avif", gradients))
    for index, picture in enumerate(gradients):
        np.testing.assert_allclose(film.shots[index].pixels[..., 3], picture[..., 3], atol=4)


def test_better_quality_is_larger(gradients: list[np.ndarray]) -> None:
    small, medium, large = (len(encoded("avif", gradients, quality=quality)) for quality in (10, 60, 95))
    assert small < medium < large


@pytest.mark.parametrize("loop", [1, 3])
def test_track_lasts_for_all_plays(loop: int, gradients: list[np.ndarray]) -> None:
    file = encoded("avif", gradients, loop=loop)
    for path, offset in (((b"moov", b"mvhd"), 24), ((b"moov", b"trak", b"tkhd"), 28)):
        stored = [struct.unpack_from(">Q", file, box.start + offset) for box in contents(file, path)]
        assert set(stored) == {(300 * loop,)}


def test_track_lasts_for_ever_by_default(gradients: list[np.ndarray]) -> None:
    file = encoded("avif", gradients)
    (box, _) = contents(file, (b"moov", b"trak", b"tkhd"))
    assert struct.unpack_from(">Q", file, box.start + 28) == (2**64 - 1,)


def test_same_bytes_at_another_time_of_day(gradients: list[np.ndarray]) -> None:
    before = encoded("avif", gradients)
    time.sleep(1.1)
    assert encoded("avif", gradients) == before


def test_avifdec_finds_full_color_resolution_and_times(tmp_path: Path, gradients: list[np.ndarray]) -> None:
    (tmp_path / "in.avif").write_bytes(encoded("avif", gradients, loop=4))
    printed = run(need_tool("avifdec"), "--info", str(tmp_path / "in.avif"))
    assert "* Format         : YUV444" in printed
    assert "* Range          : Limited" in printed
    assert "0.30 seconds (300 timescales), 3 frames" in printed


def test_same_pictures_without_the_private_encoder(gradients: list[np.ndarray]) -> None:
    times = [0.1, 0.25, 1.5]
    with patch("renderer.encoding.pillow.sequences._Avif", side_effect=AttributeError):
        film = decoded_by_pillow(encoded("avif", gradients, times, quality=95))
    assert_shows(film, gradients, times, unit=MILLISECOND, check=assert_close)


def test_metadata_is_xmp(gradients: list[np.ndarray]) -> None:
    image = Image.open(BytesIO(encoded("avif", gradients, metadata={"title": "größer"})))
    assert "größer".encode() in image.info["xmp"]


def test_size_that_avif_cannot_hold() -> None:
    with pytest.raises(FormatError, match="32768 pixels a side"):
        encoded("avif", [np.zeros((1, 32769, 4), np.uint8)])
