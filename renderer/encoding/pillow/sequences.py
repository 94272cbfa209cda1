"""Animated WebP and AVIF, picture by picture, with the codecs that Pillow brings.

Pillow's public ``save`` takes all pictures at once and keeps them. Its encoder objects take one after the other, but
are private: `_webp.WebPAnimEncoder` and `_avif.AvifEncoder`, the same from Pillow 11.3 to 13.0. Where they are
missing or different, ``save`` is used: the pictures are the same, and all of them are held until the end.
"""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Protocol

from PIL import Image

from renderer.encoding.timeline import Shot, Timeline
from renderer.encoding.timing import TimeScale
from renderer.types import Frame, Size

_AVIF_THREADS = 2


class PictureSequence(Protocol):
    """A file in the making."""

    def add(self, picture: Image.Image, milliseconds: int) -> None:
        """Compress the next picture, shown for so long."""

    def finish(self) -> bytes:
        """Return the file."""


class SequenceEncoder:
    """What the encoders of WebP and AVIF share: pictures from a `Timeline`, all bytes at the end.

    Parameters
    ----------
    size : Size
        Of every frame.
    sequence : PictureSequence
        Where the pictures go.
    scale : TimeScale
        Of the format: milliseconds.
    """

    def __init__(self, size: Size, sequence: PictureSequence, scale: TimeScale) -> None:
        self.size = size
        self._sequence = sequence
        self._scale = scale
        self._timeline = Timeline(scale)

    def add(self, frame: Frame) -> bytes:
        """Compress a frame; return nothing yet."""
        self._write(self._timeline.add(frame))
        return b""

    def finish(self) -> bytes:
        """Return the file."""
        self._write(self._timeline.finish())
        return self._sequence.finish()

    def _write(self, shots: tuple[Shot, ...]) -> None:
        for shot in shots:
            for milliseconds in self._scale.parts(shot.ticks):
                self._sequence.add(Image.fromarray(shot.pixels), milliseconds)


def webp_sequence(size: Size, *, plays: int, xmp: bytes, lossless: bool, quality: int, method: int) -> PictureSequence:
    """Start a WebP.

    Each picture is stored as its difference to the one before. Key frames in between would only help a viewer that
    jumps to a frame, and double the time.

    Parameters
    ----------
    size : Size
        Of every picture.
    plays : int
        How many times it plays; 0 is forever.
    xmp : bytes
        Metadata.
    lossless : bool
        Keep every visible pixel.
    quality : int
        0 to 100; effort, if lossless.
    method : int
        0 (fast) to 6 (small).
    """
    try:
        return _Webp(size, plays, xmp, (lossless, quality, 100, method))
    except (ImportError, AttributeError, TypeError):
        settings = {"loop": plays, "xmp": xmp, "lossless": lossless, "quality": quality, "method": method}
        return _SavedAtEnd("WEBP", settings | {"kmin": 0, "kmax": 0})


def avif_sequence(size: Size, *, xmp: bytes, quality: int, speed: int) -> PictureSequence:
    """Start an AVIF, with full color resolution (4:4:4) and limited range.

    Chromium (seen with 156) reads every animated AVIF as limited range, whatever the file says, and so shows full
    range with too much contrast.

    Parameters
    ----------
    size : Size
        Of every picture.
    xmp : bytes
        Metadata.
    quality : int
        0 to 100.
    speed : int
        0 (small) to 10 (fast).
    """
    try:
        return _Avif(size, quality, speed, xmp)
    except (ImportError, AttributeError, TypeError):
        settings = {"xmp": xmp, "quality": quality, "speed": speed, "subsampling": "4:4:4", "range": "limited"}
        return _SavedAtEnd("AVIF", settings | {"max_threads": _AVIF_THREADS})


class _Webp:
    def __init__(self, size: Size, plays: int, xmp: bytes, compression: tuple[bool, int, int, int]) -> None:
        from PIL import _webp

        background, minimize, no_key_frames, mixed, verbose = 0, False, (0, 0), False, False
        self._encoder = _webp.WebPAnimEncoder(size, background, plays, minimize, *no_key_frames, mixed, verbose)
        self._compression = compression
        self._xmp = xmp
        self._now = 0

    def add(self, picture: Image.Image, milliseconds: int) -> None:
        self._encoder.add(picture.getim(), self._now, *self._compression)
        self._now += milliseconds

    def finish(self) -> bytes:
        self._encoder.add(None, self._now, *self._compression)
        profile, exif = b"", b""
        return bytes(self._encoder.assemble(profile, exif, self._xmp))


class _Avif:
    def __init__(self, size: Size, quality: int, speed: int, xmp: bytes) -> None:
        from PIL import _avif

        compression = ("4:4:4", quality, speed, _AVIF_THREADS, "auto", "limited")
        tile_rows, tile_columns, premultiplied, choose_tiles = 0, 0, False, True
        profile, exif, upright, advanced = b"", b"", 1, None
        tiles = (tile_rows, tile_columns, premultiplied, choose_tiles)
        self._encoder = _avif.AvifEncoder(size, *compression, *tiles, profile, exif, upright, xmp, advanced)

    def add(self, picture: Image.Image, milliseconds: int) -> None:
        single = False
        self._encoder.add(picture.tobytes(), milliseconds, picture.size, picture.mode, single)

    def finish(self) -> bytes:
        return bytes(self._encoder.finish())


@dataclass
class _SavedAtEnd:
    format: str
    settings: dict[str, Any]
    pictures: list[Image.Image] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def add(self, picture: Image.Image, milliseconds: int) -> None:
        self.pictures.append(picture)
        self.times.append(milliseconds)

    def finish(self) -> bytes:
        first, *others = self.pictures
        file = BytesIO()
        first.save(file, self.format, save_all=True, append_images=others, duration=self.times, **self.settings)
        return file.getvalue()
