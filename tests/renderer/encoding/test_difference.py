import numpy as np
import pytest

from renderer.encoding.difference import Box, difference, packed


def blank(height=5, width=7):
    return np.full((height, width, 4), 255, np.uint8)


def test_equal_pictures_have_no_difference():
    assert difference(packed(blank()), packed(blank())) is None


@pytest.mark.parametrize("channel", range(4))
@pytest.mark.parametrize(("y", "x"), [(0, 0), (4, 6), (2, 3)])
def test_one_pixel_in_any_channel_is_found(y, x, channel):
    after = blank()
    after[y, x, channel] = 254
    found = difference(packed(blank()), packed(after))
    assert found is not None
    assert found.box == Box(x, y, 1, 1)
    assert found.mask.tolist() == [[True]]


def test_the_box_holds_every_change_and_the_mask_only_the_changes():
    after = blank()
    after[1, 2] = after[3, 5] = 0
    found = difference(packed(blank()), packed(after))
    assert found is not None
    assert found.box == Box(left=2, top=1, width=4, height=3)
    assert np.argwhere(found.mask).tolist() == [[0, 0], [2, 3]]
    assert (after[found.box.slices][found.mask] == 0).all()


def test_packing_takes_strided_pixels():
    strided = np.arange(5 * 7 * 8, dtype=np.uint8).reshape(5, 7, 8)[:, :, ::2]
    assert (packed(strided)[..., None].view(np.uint8) == strided).all()
