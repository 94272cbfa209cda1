from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from renderer import render
from renderer.encoding.gif import budget as gif_budget
from renderer.encoding.gif.budget import LADDER, BudgetGifEncoder
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Size
from tests.media import decoded_by_pillow


def waves(count: int = 12) -> list[np.ndarray]:
    y, x = np.mgrid[0:60, 0:80] / 9
    pictures = []
    for index in range(count):
        shades = [127 + 127 * np.sin(x + index / 3), 127 + 127 * np.cos(y - index / 4), 60 + 40 * np.sin(x + y)]
        pictures.append(np.stack([*shades, np.full_like(x, 255)], axis=2).astype(np.uint8))
    return pictures


@pytest.fixture(scope="module")
def full() -> int:
    """Return the size of the file without a budget."""
    return len(render(waves(), fps=10).data)


def test_what_fits_is_not_touched(full: int) -> None:
    assert render(waves(), fps=10, max_bytes=full).data == render(waves(), fps=10).data


@pytest.mark.parametrize("share", [0.8, 0.4, 0.2, 0.1, 0.04])
def test_the_file_fits_and_nothing_better_does(full: int, share: float) -> None:
    most = int(full * share)
    encoder = BudgetGifEncoder(RenderOptions(max_bytes=most), Size(80, 60))
    for index, picture in enumerate(waves()):
        assert encoder.add(Frame(index, picture, 0.1)) == b""
    data = encoder.finish()
    assert len(data) <= most
    sizes = [sum(map(len, encoder._encoded(quality))) for quality in LADDER]
    assert len(data) == next(size for size in sizes if size <= most)


def test_fewer_colors_come_before_fewer_frames_and_a_smaller_picture(full: int) -> None:
    clip = render(waves(), fps=10, max_bytes=int(full * 0.5))
    with Image.open(BytesIO(clip.data)) as image:
        assert (getattr(image, "n_frames", 1), image.size) == (12, (80, 60))
    clip = render(waves(), fps=10, max_bytes=int(full * 0.1))
    with Image.open(BytesIO(clip.data)) as image:
        assert getattr(image, "n_frames", 1) < 12
        assert image.size == (clip.width, clip.height)


def test_time_and_the_last_frame_are_kept_when_frames_are_not(full: int) -> None:
    clip = render(waves(11), fps=10, max_bytes=int(full * 0.06))
    film = decoded_by_pillow(clip.data)
    assert len(film.shots) == 3
    assert film.duration == pytest.approx(1.1)
    last = np.asarray(Image.fromarray(waves(11)[-1]).resize((clip.width, clip.height), Image.Resampling.BOX))
    assert np.abs(film.shots[-1].pixels.astype(int) - last).mean() < 25


def test_the_error_says_what_can_be_reached() -> None:
    with pytest.raises(FormatError, match=r"does not fit into max_bytes=100; the least is (\d+) bytes") as refusal:
        render(waves(), fps=10, max_bytes=100)
    least = int(str(refusal.value).split("the least is ")[1].split()[0])
    assert len(render(waves(), fps=10, max_bytes=least).data) == least


def test_frames_that_take_too_much_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gif_budget, "LARGEST_STORE", 20_000)
    with pytest.raises(FormatError, match="leave max_bytes out"):
        render(waves(30), fps=10, max_bytes=1000)
