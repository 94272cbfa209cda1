"""Frames that are held until the last one is there, compressed without loss."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from renderer.encoding.difference import Box, difference, packed
from renderer.errors import FormatError
from renderer.types import Frame, Size

LARGEST_STORE = 512 << 20
"""Bytes of compressed frames that are held."""


class _Stored(NamedTuple):
    """A frame without its pixels.

    Attributes
    ----------
    picture : int
        Number of its picture, which equal neighbors share.
    number, duration
        Position in the animation, and seconds.
    box : Box
        The part that differs from the frame before.
    data : bytes
        The pixels of the box, compressed.
    """

    picture: int
    number: int
    duration: float
    box: Box
    data: bytes


class FrameStore:
    """Holds the frames of an animation, each as the box that differs from the one before.

    Parameters
    ----------
    size : Size
        Width and height of every frame.

    Attributes
    ----------
    pictures : int
        Number of pictures. Equal neighbors share one.
    """

    def __init__(self, size: Size) -> None:
        self.size = size
        self.pictures = 0
        self._stored: list[_Stored] = []
        self._bytes = 0
        self._last = np.zeros((size.height, size.width, 4), np.uint8)

    def __len__(self) -> int:
        return len(self._stored)

    def add(self, frame: Frame) -> None:
        """Store a frame.

        Raises
        ------
        FormatError
            There is no room for more.
        """
        change = difference(packed(self._last), packed(frame.pixels))
        box = change.box if change else Box(0, 0, 0, 0)
        data = zlib.compress(frame.pixels[box.slices].tobytes(), 1)
        self._bytes += len(data)
        if self._bytes > LARGEST_STORE:
            raise FormatError(
                f"max_bytes keeps all frames until the last one is there, and frame {frame.index} passes "
                f"{LARGEST_STORE >> 20} MiB; render fewer frames, lower the dpi, or leave max_bytes out"
            )
        if change or not self._stored:
            self.pictures += 1
        self._stored.append(_Stored(self.pictures - 1, frame.index, frame.duration, box, data))
        self._last = frame.pixels

    def thinned(self, pictures: int) -> Iterator[Frame]:
        """Yield the frames of so many pictures, spread evenly from the first to the last.

        A frame is shown until the next one that is kept begins.
        """
        chosen = set(spread(self.pictures, pictures))
        shown: Frame | None = None
        for picture, frame in self._restored():
            if shown is None:
                shown = frame
            elif picture in chosen:
                yield shown
                shown = frame
            else:
                shown = replace(shown, duration=shown.duration + frame.duration)
        if shown is not None:
            yield shown

    def _restored(self) -> Iterator[tuple[int, Frame]]:
        """Yield each frame, after the number of its picture."""
        pixels = np.zeros((self.size.height, self.size.width, 4), np.uint8)
        for picture, number, duration, box, data in self._stored:
            pixels = pixels.copy()
            part = pixels[box.slices]
            part[:] = np.frombuffer(zlib.decompress(data), np.uint8).reshape(part.shape)
            yield picture, Frame(number, pixels, duration)


def spread(count: int, chosen: int) -> list[int]:
    """Return so many of the numbers from 0 to *count* - 1, the first and the last among them, as evenly as they can be.

    One alone is the first.
    """
    if chosen == 1:
        return [0]
    return [(2 * step * (count - 1) + chosen - 1) // (2 * (chosen - 1)) for step in range(chosen)]
