"""WebP, lossless or lossy, with the libwebp that Pillow brings."""

from typing import Any

from renderer.encoding.pillow.sequences import SequenceEncoder, webp_sequence
from renderer.encoding.pillow.xmp import packet
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Size

MAX_SIDE = 16383

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
        if max(size) > MAX_SIDE:
            raise FormatError(f"WebP holds at most {MAX_SIDE} pixels a side, not {size.width} x {size.height}")
        xmp = packet(options.metadata)
        super().__init__(size, webp_sequence(size, plays=options.plays, xmp=xmp, **_compression(options)))


def _compression(options: RenderOptions) -> dict[str, Any]:
    if options.quality is not None:
        return _LOSSY | {"quality": options.quality}
    return _LOSSY if options.lossless is False else _LOSSLESS
