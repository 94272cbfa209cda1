import numpy as np
import pytest
from PIL import Image

from renderer import render
from renderer.encoding.gif import frame_store
from renderer.encoding.gif.budget import BudgetGifEncoder, ladder
from renderer.encoding.gif.frame_store import FrameStore, spread
from renderer.errors import BudgetWarning, FormatError, TimingWarning
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
@pytest.mark.filterwarnings("ignore::renderer.errors.BudgetWarning")
def test_the_file_fits_and_nothing_better_does(full: int, share: float) -> None:
    most = int(full * share)
    encoder = BudgetGifEncoder(RenderOptions(max_bytes=most), Size(80, 60))
    for index, picture in enumerate(waves()):
        assert encoder.add(Frame(index, picture, 0.1)) == b""
    data = encoder.finish()
    assert len(data) <= most
    sizes = [encoder._bytes_at(quality) for quality in ladder(12)]
    assert len(data) == next(size for size in sizes if size <= most)


def test_the_qualities_take_fewer_colors_then_frames_one_by_one_then_a_smaller_picture() -> None:
    qualities = ladder(12)
    assert [quality.colors for quality in qualities[:12]] == [256, 192, 128, 96, 64, 48, 32, 24, 16, 12, 10, 8]
    assert [quality.pictures for quality in qualities[11:]] == [*range(12, 2, -1), *[3] * 7]
    assert [quality.scale for quality in qualities[20:]] == [1, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    assert ladder(12, 20)[0].colors == 20
    assert {quality.colors for quality in ladder(12, 4)} == {4}
    assert {quality.pictures for quality in ladder(1)} == {1}
    assert ladder(3)[-1].pictures == 2  # it still moves


def test_all_frames_are_kept_where_fewer_colors_are_enough(full: int) -> None:
    clip = render(waves(), fps=10, max_bytes=int(full * 0.25))
    with Image.open(clip.open()) as image:
        assert (getattr(image, "n_frames", 1), image.size) == (12, (80, 60)) == (clip.frame_count, clip.size)


def test_a_warning_says_how_many_frames_are_left_out(full: int) -> None:
    with pytest.warns(BudgetWarning) as warned:
        clip = render(waves(), fps=10, max_bytes=int(full * 0.12))
    (message,) = (str(warning.message) for warning in warned)
    assert f"leaves out {12 - clip.frame_count} of 12 frames, because 8 colors alone" in message
    assert 3 < clip.frame_count < 12
    assert f"{clip.frame_count} frames" in repr(clip)
    needed = int(message.split("give max_bytes=")[1].split()[0])
    assert render(waves(), fps=10, max_bytes=needed).frame_count == 12


@pytest.mark.parametrize("share", [0.15, 0.12, 0.08, 0.05])
@pytest.mark.filterwarnings("ignore::renderer.errors.BudgetWarning")
def test_the_clip_counts_the_frames_of_the_file_and_says_their_size(full: int, share: float) -> None:
    clip = render(waves(), fps=10, max_bytes=int(full * share))
    with Image.open(clip.open()) as image:
        assert (getattr(image, "n_frames", 1), image.size) == (clip.frame_count, clip.size)
    assert clip.data == render(waves(), fps=10, max_bytes=int(full * share)).data


def test_frames_that_are_too_short_for_a_gif_are_not_counted() -> None:
    with pytest.warns(TimingWarning):
        clip = render(waves(12), durations=[0.1, *[0.01] * 10, 0.001])
    with Image.open(clip.open()) as image:
        assert clip.frame_count == getattr(image, "n_frames", 1) == 7


def test_time_and_the_last_frame_are_kept_when_frames_are_not(full: int) -> None:
    with pytest.warns(BudgetWarning, match=r"leaves out 8 of 11 frames and makes the picture \d+ x \d+ pixels"):
        clip = render(waves(11), fps=10, max_bytes=int(full * 0.03))
    film = decoded_by_pillow(clip.data)
    assert len(film.shots) == clip.frame_count == 3
    assert film.duration == pytest.approx(1.1)
    last = np.asarray(Image.fromarray(waves(11)[-1]).resize((clip.width, clip.height), Image.Resampling.BOX))
    assert np.abs(film.shots[-1].pixels.astype(int) - last).mean() < 25


def test_a_still_animation_is_made_smaller() -> None:
    full = len(render(waves(1)).data)
    with pytest.warns(BudgetWarning, match=r"max_bytes=\d+ makes the picture \d+ x \d+ pixels, because"):
        clip = render(waves(1) * 3, max_bytes=full // 16)
    assert clip.frame_count == 3
    assert clip.width < 80


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_numbers_are_spread_evenly_from_the_first_to_the_last(count: int) -> None:
    assert spread(count, count) == list(range(count))
    for chosen in range(2, count):
        numbers = spread(count, chosen)
        steps = set(np.diff(numbers))
        assert (numbers[0], numbers[-1], len(numbers)) == (0, count - 1, chosen)
        assert max(steps) - min(steps) <= 1


def test_equal_neighbors_stay_or_go_together() -> None:
    store = FrameStore(Size(80, 60))
    one, two, three = waves(3)
    for index, picture in enumerate([one, one, two, two, two, three]):
        store.add(Frame(index, picture, 0.5))
    assert (len(store), store.pictures) == (6, 3)
    assert [(frame.index, frame.duration) for frame in store.thinned(2)] == [(0, 0.5), (1, 2.0), (5, 0.5)]
    restored = list(store.thinned(3))
    assert [frame.index for frame in restored] == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(restored[4].pixels, two)


def test_the_error_says_what_can_be_reached() -> None:
    with pytest.raises(FormatError, match=r"does not fit into max_bytes=100; the least is (\d+) bytes") as refusal:
        render(waves(), fps=10, max_bytes=100)
    least = int(str(refusal.value).split("the least is ")[1].split()[0])
    with pytest.warns(BudgetWarning):
        assert len(render(waves(), fps=10, max_bytes=least).data) == least


def test_frames_that_take_too_much_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_store, "LARGEST_STORE", 20_000)
    with pytest.raises(FormatError, match="leave max_bytes out"):
        render(waves(30), fps=10, max_bytes=1000)
