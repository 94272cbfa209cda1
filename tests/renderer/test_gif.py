import warnings
from io import BytesIO

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from renderer.errors import TimingWarning
from tests.media import assert_shows, decoded_by_pillow, encoded
from tests.strategies import animations, durations

HUNDREDTH = 0.01
FEW = st.sampled_from([2, 3, 16, 100])


def reference(pixels: np.ndarray) -> np.ndarray:
    """Lay a picture on white, except where it is more than half transparent."""
    alpha = pixels[..., 3:].astype(float) / 255
    laid = np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.where(alpha < 0.5, 0, np.concatenate([laid, np.full_like(laid[..., :1], 255)], axis=2))


def assert_near(shown: np.ndarray, picture: np.ndarray, error: int = 16) -> None:
    expected = reference(picture)
    np.testing.assert_array_equal(shown[..., 3], expected[..., 3])
    opaque = expected[..., 3] == 255
    differences = np.abs(shown[opaque].astype(int) - expected[opaque])
    assert differences.max(initial=0) <= error


def moving_line(count: int, *, colors: int = 200) -> list[np.ndarray]:
    """A steep line with soft edges that runs over white."""
    row, column = np.mgrid[0:60, 0:80]
    pictures = []
    for index in range(count):
        distance = np.abs(column - row / 3 - index)
        shade = np.clip(distance * 80, 0, 255 if colors > 100 else 100).astype(np.uint8)
        pixels = np.stack([shade, np.maximum(shade, 120), shade, np.full_like(shade, 255)], axis=2)
        pictures.append(pixels)
    return pictures


def test_a_few_colors_are_exact() -> None:
    pictures = moving_line(10, colors=50)
    film = decoded_by_pillow(encoded("gif", pictures))
    assert_shows(film, pictures, [0.1] * 10, unit=HUNDREDTH)


@given(st.data())
def test_opaque_and_transparent_pictures_are_shown_in_time(data: st.DataObject) -> None:
    pictures = data.draw(animations())
    times = data.draw(durations(len(pictures)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TimingWarning)
        file = encoded("gif", pictures, times)
    with Image.open(BytesIO(file)) as image:
        assert image.size == pictures[0].shape[1::-1]
