"""AVIF, with the libavif that Pillow brings."""

import struct

from renderer.encoding import timing
from renderer.encoding.iso_boxes import Path, contents
from renderer.encoding.pillow.sequences import SequenceEncoder, avif_sequence
from renderer.encoding.pillow.xmp import packet
from renderer.options import RenderOptions
from renderer.types import Size

DEFAULT_QUALITY = 75
SPEED = 6
"""At 7 and above, files of plots are twice as large, and details of the frame before remain visible."""


class AvifEncoder(SequenceEncoder):
    """Writes an AVIF image sequence: lossy, small, in full color resolution.

    It cannot be lossless, because pixels are converted to YCbCr: at *quality* 100 they are up to 6 of 255 off.
    Offsets stand in front, so all bytes come at the end; until then only compressed pictures are held.
    """

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self._plays = options.plays
        quality = DEFAULT_QUALITY if options.quality is None else options.quality
        sequence = avif_sequence(size, xmp=packet(options.metadata), quality=quality, speed=SPEED)
        super().__init__(size, sequence, timing.AVIF)

    def finish(self) -> bytes:
        """Return the file."""
        return _with_plays(super().finish(), self._plays)


_FOREVER = 2**64 - 1
_MOVIE: Path = (b"moov", b"mvhd")
_TRACK: Path = (b"moov", b"trak", b"tkhd")
_MEDIA: Path = (b"moov", b"trak", b"mdia", b"mdhd")


def _with_plays(data: bytes, plays: int) -> bytes:
    """Set the number of plays, for which Pillow has no argument, and set the time of day to zero.

    A sequence repeats until the duration of movie and track is over, which is a multiple of the media's duration (AVIF
    1.1, section 6.3; layout of the boxes: ISO/IEC 14496-12, sections 8.2.2, 8.3.2 and 8.4.2, in version 1).
    """
    file = bytearray(data)
    media = max((struct.unpack_from(">Q", file, box.start + 24)[0] for box in contents(file, _MEDIA)), default=0)
    for path, offset in ((_MOVIE, 24), (_TRACK, 28)):
        for box in contents(file, path):
            struct.pack_into(">Q", file, box.start + offset, plays * media or _FOREVER)
    for path in (_MOVIE, _TRACK, _MEDIA):
        for box in contents(file, path):
            struct.pack_into(">QQ", file, box.start + 4, 0, 0)
    return bytes(file)
