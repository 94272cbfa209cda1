from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from renderer.encoding.formats import FORMATS
from renderer.options import RenderOptions
from renderer.types import Frame, Size

PICTURES = sorted(FORMATS.keys() - {"html", "mp4", "webm"})


@pytest.mark.parametrize("name", PICTURES)
def test_an_encoder_tells_the_size_of_its_file(name: str) -> None:
    encoder = FORMATS[name].make(RenderOptions(), Size(31, 17))
    data = encoder.add(Frame(0, np.full((17, 31, 4), 255, np.uint8), 0.1)) + encoder.finish()
    with Image.open(BytesIO(data)) as image:
        assert image.size == encoder.size == (31, 17)
