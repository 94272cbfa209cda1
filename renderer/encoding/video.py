"""MP4 with H.264 and WebM with VP9."""

from typing import ClassVar

from renderer.encoding.iso_boxes import index_first
from renderer.encoding.video_codecs import FRAGMENTED_MP4, LIVE_WEBM, MP4, WEBM, Container
from renderer.encoding.video_track import Track
from renderer.options import RenderOptions
from renderer.types import Frame, Size

__all__ = ["FragmentedMp4Encoder", "LiveWebmEncoder", "Mp4Encoder", "WebmEncoder"]


class _VideoEncoder:
    """What all encoders of videos share.

    Attributes
    ----------
    size : Size
        Width and height of the file, which may be larger than the frames'.
    """

    container: ClassVar[Container]

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self._track = Track(self.container, options, size)
        self.size = self._track.size

    def add(self, frame: Frame) -> bytes:
        """Encode a frame; return the bytes that are ready."""
        self._track.add(frame)
        return self._track.sink.take()

    def finish(self) -> bytes:
        """Return the rest of the file."""
        self._track.close()
        return self._track.sink.rest()


class FragmentedMp4Encoder(_VideoEncoder):
    """Writes H.264 into a fragmented MP4, which players can start before it is complete.

    As `Mp4Encoder` otherwise.
    """

    container = FRAGMENTED_MP4


class Mp4Encoder(_VideoEncoder):
    """Writes H.264 into an MP4, index first.

    Colors are BT.709 in 4:2:0, with sides rounded up to even numbers by repeating the last pixels; *quality* 75, the
    default, is a rate factor of 18. With ``lossless=True`` they are RGB, bit for bit, in the High 4:4:4 Predictive
    profile, which FFmpeg plays and many other players do not. A video has no number of plays: *loop* is the player's.
    """

    container = MP4

    def finish(self) -> bytes:
        """Return the file."""
        return index_first(super().finish())


class LiveWebmEncoder(_VideoEncoder):
    """Writes VP9 into a WebM without a total duration and an index.

    As `WebmEncoder` otherwise.
    """

    container = LIVE_WEBM


class WebmEncoder(_VideoEncoder):
    """Writes VP9 into a WebM.

    Colors and sides as in `Mp4Encoder`; *quality* 75, the default, is a rate factor of 20. With ``lossless=True``
    they are RGB, bit for bit, in profile 1.
    """

    container = WEBM
