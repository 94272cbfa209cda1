"""Times that are longer than one picture of a file can be shown."""

import numpy as np
import pytest

from renderer import FormatError, FormatName, render
from tests.media import assert_shows, decoded_by_ffmpeg, decoded_by_pillow, encoded

PICTURES = [np.full((16, 16, 4), [value, value, value, 255], np.uint8) for value in (0, 90, 180, 255)]
EQUAL = [*PICTURES[:1] * 3, PICTURES[3]]
TIMES: dict[str, list[float]] = {
    "long": [20_000, 20_000, 20_000, 20_000],
    "mixed": [0.1, 40_000, 0.1, 0.5],
    "longest": [0.5, 1e6, 0.5, 1e6],
}


def assert_close(actual: np.ndarray, expected: np.ndarray) -> None:
    assert abs(actual.astype(int) - expected).max() <= 8


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("pictures", [PICTURES, EQUAL], ids=["different", "equal"])
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("name", ["apng", "webp", "avif", "mp4", "webm"])
def test_each_picture_is_shown_for_its_time(
    name: FormatName, streaming: bool, pictures: list[np.ndarray], times: str
) -> None:
    data = encoded(name, pictures, TIMES[times], streaming=streaming)
    film = (decoded_by_ffmpeg if name in ("mp4", "webm") else decoded_by_pillow)(data)
    if streaming:  # the duration is not known in front
        film = film._replace(duration=sum(TIMES[times]))
    assert_shows(film, pictures, TIMES[times], unit=0.001, check=assert_close)


def test_a_webp_that_lasts_longer_than_the_format_counts_is_refused() -> None:
    with pytest.raises(FormatError, match=r"WebP lasts at most 2147483 seconds, and frame 2 .*; give shorter times"):
        render(PICTURES, "webp", durations=[1e6] * 4)
    assert render(PICTURES, "webp", durations=[1e6, 1e6, 1e5, 47_483]).duration == 2_147_483
