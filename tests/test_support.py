"""What a failed comparison leaves behind."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import support


def test_different_frames_are_written_as_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "PICTURES", tmp_path)
    expected = np.full((4, 6, 4), 100, np.uint8)
    expected[..., 3] = 255
    actual = expected.copy()
    actual[1, 2:4, 0] += 1
    with pytest.raises(AssertionError, match=r"frame 1: 2 pixels differ, rows 1-1, columns 2-3; .* are in ") as caught:
        support.assert_same_frames([expected, actual], [expected, expected])
    folder = Path(re.search(r" are in (\S+)", str(caught.value))[1])  # type: ignore[index]
    assert folder.is_relative_to(tmp_path)
    assert "test-different-frames-are-written-as-pictures" in folder.name.replace("_", "-")
    pictures = {path.stem: np.asarray(Image.open(path)) for path in folder.iterdir()}
    assert pictures.keys() == {"expected", "difference", "actual"}
    np.testing.assert_array_equal(pictures["expected"], expected)
    np.testing.assert_array_equal(pictures["actual"], actual)
    red = (pictures["difference"] == (255, 0, 0, 255)).all(-1)
    np.testing.assert_array_equal(red, (actual != expected).any(-1))


def test_frames_of_other_sizes_and_numbers_are_named() -> None:
    small, large = np.zeros((2, 2, 4), np.uint8), np.zeros((3, 2, 4), np.uint8)
    with pytest.raises(AssertionError, match=r"frame 0: \(2, 2, 4\), not \(3, 2, 4\)"):
        support.assert_same_frames([small], [large])
    with pytest.raises(AssertionError, match="1 frames, not 2"):
        support.assert_same_frames([small], [small, small])
