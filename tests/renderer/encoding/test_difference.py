import numpy as np
import pytest

from renderer.encoding.difference import Box, difference, packed, true_box


def blank(height: int = 5, width: int = 7) -> np.ndarray:
    return np.full((height, width, 4), 255, np.uint8)


def test_equal_pictures_have_no_difference() -> None:
    assert difference(packed(blank()), packed(blank())) is None


@pytest.mark.parametrize("channel", range(4))
@pytest.mark.parametrize(("y", "x"), [(0, 0), (4, 6), (2, 3)])
def test_one_pixel_in_any_channel_is_found(y: int, x: int, channel: int) -> None:
    after = blank()
    after[y, x, channel] = 254
    change = difference(packed(blank()), packed(after))
    assert change is not None
    assert change.box == Box(x, y, 1, 1)
    assert change.mask.tolist() == [[True]]


def test_the_box_holds_every_change_and_the_mask_only_the_changes() -> None:
    after = blank()
    after[1, 2] = after[3, 5] = 0
    change = difference(packed(blank()), packed(after))
    assert change is not None
    assert change.box == Box(left=2, top=1, width=4, height=3)
    assert np.argwhere(change.mask).tolist() == [[0, 0], [2, 3]]
    assert (after[change.box.slices][change.mask] == 0).all()


def test_a_part_is_compared_alone_and_its_box_is_one_of_the_whole() -> None:
    after = blank()
    after[0, 0] = after[1, 2] = after[3, 5] = 0
    change = difference(packed(blank()), packed(after), within=Box(left=1, top=1, width=6, height=3))
    assert change is not None
    assert change.box == Box(left=2, top=1, width=4, height=3)
    assert np.argwhere(change.mask).tolist() == [[0, 0], [2, 3]]
    assert difference(packed(blank()), packed(after), within=Box(left=3, top=0, width=4, height=3)) is None


def test_nothing_true_has_no_box() -> None:
    assert true_box(np.zeros((3, 4), bool)) is None


def test_packing_takes_strided_pixels() -> None:
    strided = np.arange(5 * 7 * 8, dtype=np.uint8).reshape(5, 7, 8)[:, :, ::2]
    assert (packed(strided)[..., None].view(np.uint8) == strided).all()
