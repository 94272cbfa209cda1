"""The script that asked for a GIF in memory, with nothing changed but its last two lines."""

import base64
import io
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from renderer import frames, render
from tests.support import assert_same_frames, saved_frames


@pytest.fixture
def script() -> Iterator[dict[str, Any]]:
    with mpl.rc_context({"backend": "agg"}):
        yield runpy.run_path(str(Path(__file__).with_name("question.py")))
        plt.close("all")


def test_gif_in_memory(script: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ani = script["ani"]

    clip = render(ani, fps=1)
    uri = clip.data_uri()

    assert (clip.frame_count, clip.duration, clip.media_type) == (7, 7.0, "image/gif")
    assert (clip.width, clip.height) == (640, 480)
    assert uri.startswith("data:image/gif;base64,R0lGOD")
    assert base64.b64decode(uri.partition(",")[2]) == clip.data
    assert list(tmp_path.iterdir()) == []

    expected = saved_frames(ani)
    assert_same_frames([frame.pixels for frame in frames(ani, fps=1)], expected)
    with Image.open(io.BytesIO(clip.data)) as image:
        assert getattr(image, "n_frames", 1) == 7
        for index, pixels in enumerate(expected):
            image.seek(index)
            assert image.info["duration"] == 1000
            decoded = np.asarray(image.convert("RGBA")).astype(int)
            assert np.abs(decoded - pixels).max() <= 16
