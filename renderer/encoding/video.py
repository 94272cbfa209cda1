"""MP4 with H.264 and WebM with VP9."""

from renderer.encoding.iso_boxes import index_first
from renderer.encoding.video_codecs import FRAGMENTED_MP4, LIVE_WEBM, MP4, WEBM
from renderer.encoding.video_track import VideoEncoder


class FragmentedMp4Encoder(VideoEncoder):
    """Writes H.264 into a fragmented MP4, which players can start before it is complete.

    As `Mp4Encoder` otherwise.
    """

    container = FRAGMENTED_MP4


class Mp4Encoder(VideoEncoder):
    """Writes H.264 into an MP4, index first.

    Colors are BT.709 in 4:2:0, with sides rounded up to even numbers by repeating the last pixels; *quality* 75, the
    default, is a rate factor of 18. With ``lossless=True`` they are RGB, bit for bit, in the High 4:4:4 Predictive
    profile, which FFmpeg plays and many other players do not. A video has no number of plays: *loop* is the player's.
    """

    container = MP4

    def finish(self) -> bytes:
        """Return the file."""
        return index_first(super().finish())


class LiveWebmEncoder(VideoEncoder):
    """Writes VP9 into a WebM without a total duration and an index.

    As `WebmEncoder` otherwise.
    """

    container = LIVE_WEBM


class WebmEncoder(VideoEncoder):
    """Writes VP9 into a WebM.

    Colors and sides as in `Mp4Encoder`; *quality* 75, the default, is a rate factor of 20. With ``lossless=True``
    they are RGB, bit for bit, in profile 1.
    """

    container = WEBM
