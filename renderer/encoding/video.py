"""MP4 with H.264 and WebM with VP9."""

from dataclasses import replace
from typing import ClassVar

from renderer.encoding.iso_boxes import index_first
from renderer.encoding.video_track import Codec, Color, Container, Track
from renderer.options import RenderOptions
from renderer.types import Frame, Size

__all__ = ["FragmentedMp4Encoder", "LiveWebmEncoder", "Mp4Encoder", "WebmEncoder"]

_YUV = Color(pixel_format="yuv420p", matrix=1, range=1, transfer=1)
"""BT.709, limited range, half the color resolution: every player plays it."""

_RGB = {"matrix": 0, "range": 2, "transfer": 13}

# Without B-frames packets come in the order of their times, so that the last one's duration is the last frame's.
# Without independence of the processor, some files whose sides are no multiples of 16 differ by a byte from run to run.
_X264 = {"preset": "veryfast", "bf": "0", "x264-params": "cpu-independent=1"}

_VPX = {"deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0", "b": "0"}

_MP4 = Container(
    name="mp4",
    per_second=90_000,
    max_side=16_384,
    lossy=Codec(name="libx264", color=_YUV, options=_X264, block=2, rate_factors=(51, 18)),
    exact=Codec(name="libx264rgb", color=Color(pixel_format="bgr0", **_RGB), options={**_X264, "qp": "0"}),
)
_FRAGMENTED_MP4 = replace(
    _MP4,
    options={"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"},
    live=True,
)
_WEBM = Container(
    name="webm",
    per_second=1000,
    max_side=65_536,
    lossy=Codec(name="libvpx-vp9", color=_YUV, options=_VPX, block=2, rate_factors=(63, 20)),
    exact=Codec(name="libvpx-vp9", color=Color(pixel_format="gbrp", **_RGB), options={**_VPX, "lossless": "1"}),
)
_LIVE_WEBM = replace(_WEBM, live=True)


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

    container = _FRAGMENTED_MP4


class Mp4Encoder(_VideoEncoder):
    """Writes H.264 into an MP4, index first.

    Colors are BT.709 in 4:2:0, with sides rounded up to even numbers by repeating the last pixels; *quality* 75, the
    default, is a rate factor of 18. With ``lossless=True`` they are RGB, bit for bit, in the High 4:4:4 Predictive
    profile, which FFmpeg plays and many other players do not. A video has no number of plays: *loop* is the player's.
    """

    container = _MP4

    def finish(self) -> bytes:
        """Return the file."""
        return index_first(super().finish())


class LiveWebmEncoder(_VideoEncoder):
    """Writes VP9 into a WebM without a total duration and an index.

    As `WebmEncoder` otherwise.
    """

    container = _LIVE_WEBM


class WebmEncoder(_VideoEncoder):
    """Writes VP9 into a WebM.

    Colors and sides as in `Mp4Encoder`; *quality* 75, the default, is a rate factor of 20. With ``lossless=True``
    they are RGB, bit for bit, in profile 1.
    """

    container = _WEBM
