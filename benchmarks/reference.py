"""The frames of `Animation.save`, and the comparison of outputs with them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from benchmarks.workloads import Setup
from tests.support import saved_frames

__all__ = ["Pixels", "Played", "Quality", "WrongOutputError", "check", "check_gif", "check_identical", "grab"]

Pixels = NDArray[np.uint8]


class WrongOutputError(Exception):
    """The output of a contender is not the animation."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How near an output came to the reference.

    Attributes
    ----------
    max_error : int
        Largest difference of one channel of one pixel, 0 to 255.
    psnr : float or None
        Peak signal-to-noise ratio over all frames, in dB; None if every pixel is exact.
    """

    max_error: int
    psnr: float | None


def grab(setup: Setup) -> list[Pixels]:
    """Return the frames that `Animation.save` grabs: RGBA with straight alpha, each (height, width, 4)."""
    return saved_frames(setup.animation(), dpi=setup.dpi)


def check_identical(frames: Sequence[Pixels], reference: Sequence[Pixels]) -> Quality:
    """Hold raw frames against the reference, bit for bit.

    Raises
    ------
    WrongOutputError
        There are more or fewer frames, or one differs.
    """
    if len(frames) != len(reference):
        raise WrongOutputError(f"{len(frames)} frames instead of {len(reference)}")
    for index, (frame, expected) in enumerate(zip(frames, reference, strict=True)):
        if not np.array_equal(frame, expected):
            raise WrongOutputError(f"frame {index} is not bit-identical")
    return Quality(max_error=0, psnr=None)


class Played(NamedTuple):
    """The pictures of a decoded file, with their times.

    Attributes
    ----------
    pictures : list of ndarray, shape (height, width, 3)
        RGB.
    ends : ndarray
        Seconds from the start at which each picture ends.
    """

    pictures: list[NDArray[np.int16]]
    ends: NDArray[np.float64]


def check_gif(data: bytes, reference: Sequence[Pixels], fps: int, *, max_error: int, min_psnr: float) -> Quality:
    """Play a GIF, or another kind of animated picture that Pillow reads, and `check` it."""
    return check(_play(data), reference, fps, max_error=max_error, min_psnr=min_psnr)


def check(played: Played, reference: Sequence[Pixels], fps: int, *, max_error: int, min_psnr: float) -> Quality:
    """Compare the picture in the middle of each frame's time with the reference.

    A writer may merge equal neighbors, so frames are found by their time and not by their number.

    Raises
    ------
    WrongOutputError
        The size, a time or the length is wrong, a channel of a pixel is off by more than *max_error*, or all frames
        together are below *min_psnr*.
    """
    _check_times(played.ends, len(reference), fps)
    worst, squares = 0, 0.0
    for index, expected in enumerate(reference):
        picture = played.pictures[int(np.searchsorted(played.ends, (index + 0.5) / fps))]
        if picture.shape[:2] != expected.shape[:2]:
            raise WrongOutputError(f"size {picture.shape[1::-1]} instead of {expected.shape[1::-1]}")
        error = np.abs(picture - _on_white(expected)).astype(np.int64)
        if (largest := int(error.max())) > max_error:
            raise WrongOutputError(f"frame {index} is off by {largest}, more than {max_error}")
        worst = max(worst, largest)
        squares += float((error**2).mean())
    if not squares:
        return Quality(worst, None)
    psnr = 10 * math.log10(255**2 * len(reference) / squares)
    if psnr < min_psnr:
        raise WrongOutputError(f"PSNR {psnr:.1f} dB, less than {min_psnr} dB")
    return Quality(worst, psnr)


def _check_times(ends: NDArray[np.float64], count: int, fps: int) -> None:
    if len(ends) > count:
        raise WrongOutputError(f"{len(ends)} frames instead of {count}")
    rounding = 0.0051
    if abs(ends[-1] - count / fps) > rounding:
        raise WrongOutputError(f"plays {ends[-1]:.2f} s instead of {count / fps:.2f} s")
    if np.abs(ends - np.round(ends * fps) / fps).max() > rounding:
        raise WrongOutputError("a frame changes between two frames' times")


def _play(data: bytes) -> Played:
    pictures, durations = [], []
    with Image.open(BytesIO(data)) as gif:
        for frame in ImageSequence.Iterator(gif):
            pictures.append(np.asarray(frame.convert("RGB"), np.int16))
            durations.append(frame.info.get("duration", 0) / 1000)
    return Played(pictures, np.cumsum(durations))


def _on_white(pixels: Pixels) -> NDArray[np.int16]:
    alpha = pixels[..., 3:] / 255
    return np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.int16)
