"""WebP, lossless or lossy, with the libwebp that Pillow brings."""

from typing import Any

from renderer.encoding import timing
from renderer.encoding.pillow.sequences import SequenceEncoder, webp_sequence
from renderer.encoding.pillow.xmp import packet
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Size

LONGEST = 0x7FFFFFFF // 1000
"""Seconds: libwebp counts milliseconds in 32 bits."""

_LOSSLESS = {"lossless": True, "quality": 40, "method": 1}
"""From a quality of 30 on libwebp searches for repeats. Higher values take longer and gain nothing on plots."""

_LOSSY = {"lossless": False, "quality": 80, "method": 2}


class WebpEncoder(SequenceEncoder):
    """Writes an animated WebP.

    Lossless unless *quality* is set: on most plots the lossless file is smaller, too. Lossless keeps every pixel, but
    not the color of fully transparent pixels. Sizes stand in front, so all bytes come at the end; until then only
    compressed pictures are held.
    """

    def __init__(self, options: RenderOptions, size: Size) -> None:
        xmp = packet(options.metadata)
        sequence = webp_sequence(size, plays=options.plays, xmp=xmp, **_compression(options))
        super().__init__(size, sequence, timing.WEBP)
        self._seconds = 0.0

    def add(self, frame: Frame) -> bytes:
        """Compress a frame; return nothing yet."""
        self._seconds += frame.duration
        if self._seconds > LONGEST:
            last = f"frame {frame.index} ends after {self._seconds:.0f}"
            raise FormatError(
                f"WebP lasts at most {LONGEST} seconds, and {last}; give shorter times, or use apng or avif"
            )
        return super().add(frame)


def _compression(options: RenderOptions) -> dict[str, Any]:
    if options.quality is not None:
        return _LOSSY | {"quality": options.quality}
    return _LOSSY if options.lossless is False else _LOSSLESS
