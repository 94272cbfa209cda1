"""Encoding pictures in tests, and decoding files with other libraries."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image

from renderer.encoding.formats import FORMATS, STREAMS
from renderer.options import RenderOptions
from renderer.types import Frame, Size


class Shot(NamedTuple):
    """A picture that a decoder shows."""

    pixels: np.ndarray
    start: float
    """Seconds from the start of the file."""


class Film(NamedTuple):
    """A decoded file."""

    shots: list[Shot]
    duration: float

    def at(self, seconds: float) -> np.ndarray:
        """Return the picture that is shown at a time."""
        return [shot for shot in self.shots if shot.start <= seconds][-1].pixels


def encoded(
    format: str,  # noqa: A002 -- as in render
    pictures: Sequence[np.ndarray],
    durations: Sequence[float] | None = None,
    *,
    streaming: bool = False,
    **options: Any,
) -> bytes:
    """Encode pictures; a tenth of a second each, if not said otherwise."""
    height, width = pictures[0].shape[:2]
    encoder = (STREAMS if streaming else FORMATS)[format].make(RenderOptions.of(options), Size(width, height))
    parts = [
        encoder.add(Frame(index, pixels, seconds))
        for index, (pixels, seconds) in enumerate(zip(pictures, durations or [0.1] * len(pictures), strict=True))
    ]
    return b"".join((*parts, encoder.finish()))


def decoded_by_pillow(data: bytes) -> Film:
    """Decode an animated picture with Pillow."""
    shots = []
    now = 0.0
    with Image.open(BytesIO(data)) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            shots.append(Shot(np.asarray(image.convert("RGBA")), now))
            now += image.info.get("duration", 0) / 1000
    return Film(shots, now)


def decoded_by_ffmpeg(data: bytes, pixel_format: str = "rgba") -> Film:
    """Decode a file with FFmpeg's libraries."""
    import av

    with av.open(BytesIO(data), "r") as container:
        duration = (container.duration or 0) / av.time_base
        stream = max(container.streams.video, key=lambda stream: stream.frames)  # AVIF has its first picture apart
        shots = [Shot(_as_rgb(frame, pixel_format), float(frame.time)) for frame in container.decode(stream)]
    return Film(shots, duration)


def _as_rgb(frame: Any, pixel_format: str) -> np.ndarray:
    full_range = 2  # PyAV before 17 does not take it by itself
    rgb = frame.reformat(format=pixel_format, src_colorspace=frame.colorspace, dst_color_range=full_range)
    pixels: np.ndarray = rgb.to_ndarray()
    return pixels


def assert_shows(
    film: Film,
    pictures: Sequence[np.ndarray],
    durations: Sequence[float],
    *,
    unit: float,
    check: Callable[[np.ndarray, np.ndarray], object] = np.testing.assert_array_equal,
) -> None:
    """Fail unless each picture is shown for its time, to within one unit of the format."""
    for (start, end), picture in zip(pairwise(accumulate(durations, initial=0.0)), pictures, strict=True):
        if end - start > 2 * unit:
            check(film.at(start + unit), picture)
            check(film.at(end - unit), picture)
    assert film.duration == pytest.approx(sum(durations), abs=1.01 * unit)


def need_tool(name: str) -> str:
    """Return the path of a program; skip the test if it is missing and may be."""
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not installed"
        if os.environ.get("FIGREEL_REQUIRE_TOOLS"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def run(*command: str) -> str:
    """Run a program; return its output."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}{done.stderr}"
    return done.stdout
