from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from renderer import Scene, render_many
from renderer.errors import FormatError, OptionError
from tests.media import assert_shows, decoded_by_pillow, encoded, need_tool, run
from tests.strategies import animations, durations

MILLISECOND = 0.001
SHORT_FRAMES = "ignore:browsers show a picture:renderer.errors.TimingWarning"


def assert_same_to_the_eye(actual: np.ndarray, expected: np.ndarray) -> None:
    """Compare all but the color of fully transparent pixels."""
    visible = expected[..., 3:] > 0
    np.testing.assert_array_equal(np.where(visible, actual, 0), np.where(visible, expected, 0))


@pytest.fixture
def gradients() -> list[np.ndarray]:
    y, x = np.mgrid[0:40, 0:57].astype(np.uint8)
    return [np.stack([3 * x, 5 * y, x + y + 40 * shift, np.full_like(x, 255)], -1) for shift in range(3)]


@pytest.mark.filterwarnings(SHORT_FRAMES)
@given(st.data())
def test_pillow_shows_every_pixel_and_time(data: st.DataObject) -> None:
    pictures = data.draw(animations())
    times = data.draw(durations(len(pictures)))
    film = decoded_by_pillow(encoded("webp", pictures, times))
    if len(film.shots) > 1:  # a single picture has no time in this format
        assert_shows(film, pictures, times, unit=MILLISECOND, check=assert_same_to_the_eye)
    else:
        assert_same_to_the_eye(film.shots[0].pixels, pictures[-1])


@pytest.mark.parametrize("loop", [0, 1, 5])
def test_number_of_plays(tmp_path: Path, loop: int, gradients: list[np.ndarray]) -> None:
    (tmp_path / "in.webp").write_bytes(encoded("webp", gradients, loop=loop))
    assert f"Loop count      : {loop}" in run(need_tool("webpinfo"), str(tmp_path / "in.webp"))


@pytest.mark.parametrize(
    ("lossless", "quality", "kind"), [(None, None, "VP8L"), (False, None, "VP8 "), (None, 50, "VP8 ")]
)
def test_lossy_only_if_asked_for(
    lossless: bool | None, quality: int | None, kind: str, gradients: list[np.ndarray]
) -> None:
    file = encoded("webp", gradients, lossless=lossless, quality=quality)
    assert kind.encode() in file


def test_better_quality_is_larger_and_closer(gradients: list[np.ndarray]) -> None:
    files = [encoded("webp", gradients, quality=quality) for quality in (10, 50, 95)]
    errors = [np.square(decoded_by_pillow(file).shots[1].pixels.astype(float) - gradients[1]).mean() for file in files]
    assert len(files[0]) < len(files[1]) < len(files[2])
    assert errors[0] > errors[1] > errors[2]


def test_quality_beside_lossless_is_refused(gradients: list[np.ndarray]) -> None:
    with pytest.raises(OptionError, match="lossless"):
        encoded("webp", gradients, lossless=True, quality=3)


def test_same_pictures_without_the_private_encoder(gradients: list[np.ndarray]) -> None:
    times = [0.1, 0.25, 1.5]
    with patch("renderer.encoding.pillow.sequences._Webp", side_effect=AttributeError):
        film = decoded_by_pillow(encoded("webp", gradients, times))
    assert_shows(film, gradients, times, unit=MILLISECOND)


def test_metadata_is_xmp(gradients: list[np.ndarray]) -> None:
    metadata = {"title": "<größer & ß>", "Artist": "Łukasz", "comment": "first", "Lens": "none"}
    xmp = Image.open(BytesIO(encoded("webp", gradients, metadata=metadata))).info["xmp"]
    texts = [text for text in ET.fromstring(xmp).itertext() if text.strip()]
    assert texts == ["<größer & ß>", "Łukasz", "first\nLens: none"]


def test_metadata_that_xml_cannot_hold(gradients: list[np.ndarray]) -> None:
    with pytest.raises(OptionError, match="cannot be stored"):
        encoded("webp", gradients, metadata={"title": "\1"})


def test_size_that_webp_cannot_hold() -> None:
    with pytest.raises(FormatError, match="16383 pixels a side, not 16384 x 1"):
        encoded("webp", [np.zeros((1, 16384, 4), np.uint8)])


def test_lossless_plots_are_smaller_than_in_apng() -> None:
    figure = Figure(figsize=(3.2, 2.4))
    (line,) = figure.subplots().plot(np.sin(np.arange(50) / 5))
    scene = Scene(figure=figure, update=lambda index: line.set_ydata(np.sin(np.arange(50) / 5 + index)), frames=10)
    clips = render_many(scene, ["webp", "apng"])
    assert len(clips["webp"].data) < len(clips["apng"].data) / 2
