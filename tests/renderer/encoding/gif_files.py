"""What the tests of GIF share: frames, and what stands in a file."""

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from tests.media import Film, decoded_by_ffmpeg, decoded_by_pillow

HUNDREDTH = 0.01
WHITE = np.full((20, 30, 4), 255, np.uint8)
BOTH = pytest.mark.parametrize("decoded", [decoded_by_pillow, decoded_by_ffmpeg])

Decoded = Callable[[bytes], Film]


class Drawn(NamedTuple):
    """A picture as a file describes it."""

    hundredths: int
    disposal: int
    transparency: bool
    box: tuple[int, ...]
    colors: int | None
    code_bits: int


def table_size(flags: int) -> int:
    return 2 << (flags & 7) if flags & 0x80 else 0


def pictures_in(data: bytes) -> Iterator[Drawn]:
    at = 13 + 3 * table_size(data[10])
    while data[at] != 0x3B:
        if data[at] == 0x21:
            if data[at + 1] == 0xF9:
                flags, hundredths = struct.unpack_from("<BH", data, at + 3)
            at += 2
        else:
            *box, local = struct.unpack_from("<4HB", data, at + 1)
            at += 10 + 3 * table_size(local)
            yield Drawn(hundredths, flags >> 2 & 7, bool(flags & 1), tuple(box), table_size(local) or None, data[at])
            at += 1
        while data[at]:
            at += data[at] + 1
        at += 1
    assert at == len(data) - 1


def reference(pixels: np.ndarray) -> np.ndarray:
    """Lay a picture on white, except where it is more than half transparent."""
    alpha = pixels[..., 3:].astype(float) / 255
    laid = np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.where(alpha < 0.5, 0, np.concatenate([laid, np.full_like(laid[..., :1], 255)], axis=2))


def error(shown: np.ndarray, picture: np.ndarray) -> int:
    expected = reference(picture)
    np.testing.assert_array_equal(shown[..., 3], expected[..., 3])
    opaque = expected[..., 3] == 255
    return int(np.abs(shown[opaque].astype(int) - expected[opaque]).max(initial=0))


def spots(count: int, *, levels: int = 4, seed: int = 0) -> list[np.ndarray]:
    """Return pictures of a few colors, each with some new spots."""
    random = np.random.default_rng(seed)
    pixels, pictures = WHITE, []
    for _ in range(count):
        pixels = pixels.copy()
        rows, columns = random.integers(0, 20, 9), random.integers(0, 30, 9)
        pixels[rows, columns, :3] = random.integers(0, levels, (9, 3)) * 60
        pictures.append(pixels)
    return pictures


def noise(count: int, shape: tuple[int, int] = (90, 120)) -> list[np.ndarray]:
    pixels = np.random.default_rng(5).integers(0, 256, (count, *shape, 4), np.uint8)
    pixels[..., 3] = 255
    return list(pixels)


def by_pillow(pictures: list[np.ndarray]) -> bytes:
    first, *others = (Image.fromarray(each).convert("RGB") for each in pictures)
    buffer = BytesIO()
    first.save(buffer, "gif", save_all=True, append_images=others, duration=100, loop=0)
    return buffer.getvalue()
