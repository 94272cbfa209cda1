from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from PIL import Image

from renderer.encoding.png.still import PngEncoder
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Size
from tests.media import decoded_by_ffmpeg, need_tool, run
from tests.strategies import animations


def still(pixels: np.ndarray, **metadata: str) -> bytes:
    height, width = pixels.shape[:2]
    encoder = PngEncoder(RenderOptions(metadata=metadata), Size(width, height))
    return encoder.add(Frame(0, pixels, 1.0)) + encoder.finish()


@given(animations())
def test_pillow_and_ffmpeg_read_every_pixel(pictures: list[np.ndarray]) -> None:
    file = still(pictures[-1])
    np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(file))), pictures[-1])
    np.testing.assert_array_equal(decoded_by_ffmpeg(file).shots[0].pixels, pictures[-1])


def test_pngcheck_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    path.write_bytes(still(np.zeros((5, 7, 4), np.uint8), Title="nothing"))
    assert "OK" in run(need_tool("pngcheck"), str(path))


def test_second_picture_is_refused() -> None:
    encoder = PngEncoder(RenderOptions(), Size(1, 1))
    frame = Frame(0, np.zeros((1, 1, 4), np.uint8), 1.0)
    encoder.add(frame)
    with pytest.raises(FormatError, match="one picture"):
        encoder.add(frame)
