import sys
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.encoding.formats import FORMATS, STREAMS, find_format
from renderer.errors import FormatError, MissingExtraError
from renderer.options import RenderOptions
from renderer.types import Frame, Size
from tests.media import assert_shows, decoded_by_ffmpeg, encoded, run
from tests.strategies import animations, durations
from tests.support import some_of

av = pytest.importorskip("av")

UNITS = {"mp4": 1 / 90_000, "webm": 0.001}
each_format = pytest.mark.parametrize("container", UNITS)
each_layout = pytest.mark.parametrize("streaming", [False, True])


@pytest.fixture
def gradients() -> list[np.ndarray]:
    """Smooth colors that move, as a video likes them."""
    y, x = np.mgrid[0:46, 0:62]
    return [
        np.stack([3 * x, 5 * y, x + y + 40 * shift, np.full_like(x, 255)], -1).astype(np.uint8) for shift in range(4)
    ]


def stream_of(data: bytes) -> Any:
    return av.open(BytesIO(data)).streams.video[0]


def assert_close(actual: np.ndarray, expected: np.ndarray) -> None:
    assert np.abs(actual.astype(int) - expected[..., :3]).mean() < 3


def assert_same_color(actual: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(actual, expected[..., :3])


@pytest.mark.parametrize("container", UNITS)
@settings(max_examples=15)
@given(data=st.data())
def test_lossless_is_bit_for_bit_with_every_time(container: str, data: st.DataObject) -> None:
    pictures = data.draw(animations(alpha=False))
    times = data.draw(durations(len(pictures)).filter(lambda times: min(times) > 0.0015))
    film = decoded_by_ffmpeg(encoded(container, pictures, times, lossless=True), "rgb24")
    assert_shows(film, pictures, times, unit=0.001, check=assert_same_color)


@each_format
@each_layout
def test_colors_are_right(container: str, streaming: bool, gradients: list[np.ndarray]) -> None:
    film = decoded_by_ffmpeg(encoded(container, gradients, streaming=streaming, quality=100), "rgb24")
    for index, picture in enumerate(gradients):
        assert_close(film.at(index / 10 + 0.05), picture)


@each_format
def test_colors_are_tagged(container: str, gradients: list[np.ndarray]) -> None:
    lossy = stream_of(encoded(container, gradients)).codec_context
    exact = stream_of(encoded(container, gradients, lossless=True)).codec_context
    limited, full, bt709, rgb, srgb = 1, 2, 1, 0, 13
    assert (lossy.pix_fmt, lossy.color_range, lossy.colorspace, lossy.color_trc) == ("yuv420p", limited, bt709, bt709)
    assert (exact.pix_fmt, exact.color_range, exact.colorspace, exact.color_trc) == ("gbrp", full, rgb, srgb)


@each_format
@each_layout
def test_every_frame_keeps_its_time(container: str, streaming: bool, gradients: list[np.ndarray]) -> None:
    times = [0.1, 1.25, 0.0334, 2.5]
    film = decoded_by_ffmpeg(encoded(container, gradients, times, streaming=streaming, quality=100), "rgb24")
    starts = [0, 0.1, 1.35, 1.3834]
    assert [shot.start for shot in film.shots[:4]] == pytest.approx(starts, abs=UNITS[container])
    if streaming:  # the last frame once more, a millisecond before the end
        assert film.shots[4].start == pytest.approx(sum(times) - 0.001, abs=UNITS[container])
    else:
        assert_shows(film, gradients, times, unit=0.001, check=assert_close)


@each_format
@each_layout
def test_steady_frames_are_not_repeated(container: str, streaming: bool, gradients: list[np.ndarray]) -> None:
    film = decoded_by_ffmpeg(encoded(container, gradients, [1 / 30] * 4, streaming=streaming))
    assert [shot.start for shot in film.shots] == pytest.approx([0, 1 / 30, 2 / 30, 3 / 30], abs=UNITS[container])


@each_format
def test_times_do_not_drift(container: str) -> None:
    pictures = [np.full((16, 16, 4), 255, np.uint8)] * 600
    film = decoded_by_ffmpeg(encoded(container, pictures, [1 / 59.94] * 600))
    assert film.shots[-1].start == pytest.approx(599 / 59.94, abs=UNITS[container])


@each_format
def test_frame_of_no_time_is_left_out(container: str, gradients: list[np.ndarray]) -> None:
    film = decoded_by_ffmpeg(encoded(container, gradients, [0.1, 1e-7, 0.1, 0.1]))
    assert [shot.start for shot in film.shots] == pytest.approx([0, 0.1, 0.2], abs=UNITS[container])


@each_format
@each_layout
@pytest.mark.parametrize("count", [1, 2])
def test_last_frame_is_kept_however_short(
    container: str, streaming: bool, count: int, gradients: list[np.ndarray]
) -> None:
    times = [0.1, 1e-7][-count:]
    film = decoded_by_ffmpeg(encoded(container, gradients[:count], times, streaming=streaming, quality=100), "rgb24")
    assert len(film.shots) == count
    assert_close(film.shots[-1].pixels, gradients[count - 1])


@each_format
@pytest.mark.parametrize("size", [(1, 1), (61, 45), (4000, 3), (3, 4000)])
def test_odd_sizes_are_padded_with_the_last_pixels(container: str, size: tuple[int, int]) -> None:
    width, height = size
    pictures = [np.full((height, width, 4), value, np.uint8) for value in (255, 80)]
    film = decoded_by_ffmpeg(encoded(container, pictures), "rgb24")
    for shot, picture in zip(film.shots, pictures, strict=True):
        assert shot.pixels.shape == (height + height % 2, width + width % 2, 3)
        np.testing.assert_allclose(shot.pixels, picture[0, 0, 0], atol=3)


@each_format
@each_layout
@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("size", [Size(9, 7), Size(10, 7), Size(10, 8)])
def test_encoder_tells_the_size_that_a_decoder_reads(
    container: str, streaming: bool, lossless: bool, size: Size
) -> None:
    encoder = (STREAMS if streaming else FORMATS)[container].make(RenderOptions(lossless=lossless), size)
    assert encoder.size == (size if lossless else (10, 8))
    data = encoder.add(Frame(0, np.zeros((size.height, size.width, 4), np.uint8), 0.1)) + encoder.finish()
    stream = stream_of(data)
    assert (stream.width, stream.height) == encoder.size


@each_format
def test_better_quality_is_larger(container: str) -> None:
    noise = [np.random.default_rng(seed).integers(0, 256, (64, 64, 4), np.uint8) for seed in range(3)]
    small, medium, large = (len(encoded(container, noise, quality=quality)) for quality in (0, 50, 100))
    assert small < medium < large


@each_format
@each_layout
def test_same_input_same_bytes(container: str, streaming: bool, gradients: list[np.ndarray]) -> None:
    assert encoded(container, gradients, streaming=streaming) == encoded(container, gradients, streaming=streaming)


@each_format
def test_header_leaves_with_the_first_frame(container: str, gradients: list[np.ndarray]) -> None:
    encoder = STREAMS[container].make(RenderOptions(), Size(62, 46))
    assert encoder.add(Frame(0, gradients[0], 0.1))
    encoder.finish()


@some_of(
    "end, container, streaming",
    *(["del encoder", "", "encoder.itself = encoder; del encoder"], ["mp4", "webm"], ["True", "False"]),
    one_in=5,
)
def test_encoder_may_be_dropped_at_any_time(container: str, streaming: str, end: str) -> None:
    program = f"""
import numpy as np
from renderer.encoding.formats import FORMATS, STREAMS
from renderer.options import RenderOptions
from renderer.types import Frame, Size
encoder = (STREAMS if {streaming} else FORMATS)[{container!r}].make(RenderOptions(), Size(32, 32))
encoder.add(Frame(0, np.zeros((32, 32, 4), np.uint8), 0.1))
{end}
"""
    run(sys.executable, "-c", program)


def test_mp4_has_its_index_first(gradients: list[np.ndarray]) -> None:
    file = encoded("mp4", gradients)
    assert file.index(b"moov") < file.index(b"mdat")


def test_streamed_mp4_is_in_fragments(gradients: list[np.ndarray]) -> None:
    file = encoded("mp4", gradients, [0.4] * 4, streaming=True)
    assert file.count(b"moof") >= 2
    assert file.index(b"moov") < file.index(b"moof")


@each_format
def test_metadata(container: str, gradients: list[np.ndarray]) -> None:
    file = encoded(container, gradients, metadata={"title": "größer"})
    assert av.open(BytesIO(file)).metadata["title"] == "größer"


@each_format
@pytest.mark.parametrize("streaming", [False, True])
def test_every_text_is_kept_under_its_name(container: str, streaming: bool, gradients: list[np.ndarray]) -> None:
    texts = {"Title": "a", "artist": "b", "subject": "c", "srcform": "d", "Größe": "e", "x" * 100: "f"}
    file = av.open(BytesIO(encoded(container, gradients, streaming=streaming, metadata=texts)))
    read = {name.lower(): text for name, text in file.metadata.items()}
    assert {name.lower(): text for name, text in texts.items()}.items() <= read.items()


@pytest.mark.parametrize(("container", "side"), [("mp4", 16385), ("webm", 65537)])
def test_size_that_the_codec_cannot_hold(container: str, side: int) -> None:
    with pytest.raises(FormatError, match=f"{side} x 1"):
        encoded(container, [np.zeros((1, side, 4), np.uint8)])


def test_codec_that_this_ffmpeg_lacks(monkeypatch: pytest.MonkeyPatch, gradients: list[np.ndarray]) -> None:
    from dataclasses import replace

    from renderer.encoding import video

    container = video.Mp4Encoder.container
    monkeypatch.setattr(
        video.Mp4Encoder, "container", replace(container, lossy=replace(container.lossy, name="libnothing"))
    )
    with pytest.raises(FormatError, match="libnothing cannot encode"):
        encoded("mp4", gradients)


def test_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'figreel\[video\]'"):
        find_format("mp4")
