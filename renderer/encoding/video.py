"""MP4 with H.264 and WebM with VP9, through PyAV (FFmpeg's libraries)."""

import struct
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from io import BytesIO
from typing import ClassVar, NamedTuple, cast

import av
import numpy as np
from av.video.stream import VideoStream

from renderer.encoding.iso_boxes import Path, contents
from renderer.encoding.timing import Ticks
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

__all__ = ["FragmentedMp4Encoder", "LiveWebmEncoder", "Mp4Encoder", "WebmEncoder"]

THREADS = 1
"""More of them would be faster, and once in some hundred files the bytes would not be the same."""

DEFAULT_QUALITY = 75

_LARGEST_RATE = Fraction(120)
"""What H.264 is told of the first frame's time: it says how fast a decoder must be. Frames may be shorter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Color:
    """How pixels are stored: FFmpeg's name, and the code points of ITU-T H.273."""

    pixel_format: str
    matrix: int
    range: int
    transfer: int
    primaries: int = 1


_YUV = _Color(pixel_format="yuv420p", matrix=1, range=1, transfer=1)
"""BT.709, limited range, half the color resolution: what every player plays."""

_RGB = {"matrix": 0, "range": 2, "transfer": 13}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Codec:
    name: str
    color: _Color
    options: Mapping[str, str]
    block: int = 1
    """Width and height must be multiples of this."""
    rate_factors: tuple[float, float] | None = None
    """Constant rate factors at quality 0 and at the default quality; None if it keeps everything."""

    def settings(self, quality: int | None) -> dict[str, str]:
        """Give the encoder's options for a quality from 0 to 100."""
        if self.rate_factors is None:
            return dict(self.options)
        worst, default = self.rate_factors
        share = (DEFAULT_QUALITY if quality is None else quality) / DEFAULT_QUALITY
        return {**self.options, "crf": str(round(worst + (default - worst) * share))}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Format:
    container: str
    options: Mapping[str, str] = field(default_factory=dict)
    per_second: int
    max_side: int
    lossy: _Codec
    exact: _Codec
    repeat_last: bool = False
    """Whether the last frame is written again at its end, because players do not learn how long it is shown."""


# Without B-frames packets come in the order of their times, so that the last one's duration is the last frame's.
# Without independence of the processor, some files whose sides are no multiples of 16 differ by a byte from run to run.
_X264 = {"preset": "veryfast", "bf": "0", "x264-params": "cpu-independent=1"}

_VPX = {"deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0", "b": "0"}

_MP4 = _Format(
    container="mp4",
    per_second=90_000,
    max_side=16_384,
    lossy=_Codec(name="libx264", color=_YUV, options=_X264, block=2, rate_factors=(51, 18)),
    exact=_Codec(name="libx264rgb", color=_Color(pixel_format="bgr0", **_RGB), options={**_X264, "qp": "0"}),
)
_FRAGMENTED_MP4 = replace(
    _MP4,
    options={"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"},
    repeat_last=True,
)
_WEBM = _Format(
    container="webm",
    per_second=1000,
    max_side=65_536,
    lossy=_Codec(name="libvpx-vp9", color=_YUV, options=_VPX, block=2, rate_factors=(63, 20)),
    exact=_Codec(name="libvpx-vp9", color=_Color(pixel_format="gbrp", **_RGB), options={**_VPX, "lossless": "1"}),
)
_LIVE_WEBM = replace(_WEBM, repeat_last=True)


class _Pipe:
    """A file that can only be written to."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Give what was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


class _Shot(NamedTuple):
    pixels: Pixels
    start: int
    ticks: int


class _Track:
    """One video track in a file: frames in, packets written.

    Every frame keeps its own time; one whose time rounds to nothing is left out, unless it is the last one.

    Parameters
    ----------
    video_format : _Format
        Container and codecs.
    options : RenderOptions
        Of which *lossless*, *quality* and *metadata* count.
    size : Size
        Of every frame.
    sink : _Pipe or BytesIO
        Where to write. With a pipe, nothing needs to be known up front.
    """

    def __init__(self, video_format: _Format, options: RenderOptions, size: Size, sink: _Pipe | BytesIO) -> None:
        if max(size) > video_format.max_side:
            raise FormatError(
                f"{video_format.container} holds at most {video_format.max_side} pixels a side, "
                f"not {size.width} x {size.height}"
            )
        self._format = video_format
        self._codec = video_format.exact if options.lossless else video_format.lossy
        self._settings = self._codec.settings(options.quality)
        self._size = Size(*(-(-side // self._codec.block) * self._codec.block for side in size))
        self._clock = Ticks(video_format.per_second)
        self._durations: dict[int, int] = {}
        container_options = {"fflags": "+bitexact", **video_format.options}
        self._container = av.open(sink, "w", format=video_format.container, options=container_options)
        self._container.metadata.update(options.metadata)
        # PyAV before 18 brings the process down if a file is dropped half-written and not closed.
        self._close = weakref.finalize(self, self._container.close)
        self._stream: VideoStream | None = None
        self._before: _Shot | None = None
        self._last: _Shot | None = None

    def add(self, frame: Frame) -> None:
        """Encode a frame."""
        start = self._clock.now
        shot = _Shot(frame.pixels, start, self._clock.advance(frame.duration))
        if shot.ticks:
            self._encode(shot)
        self._before, self._last = self._last, shot

    def close(self) -> None:
        """Write the rest."""
        end = self._end()
        if end is not None:
            self._encode(end)
        if self._stream is not None:
            self._write(self._stream, None)
        self._close()

    def _end(self) -> _Shot | None:
        """Give what is to be seen at the end, as far as it has not been written."""
        before, last = self._before, self._last
        if last is None:
            return None
        if last.ticks == 0:
            return last._replace(ticks=1)
        steady = before is not None and abs(before.ticks - last.ticks) <= 1
        moment = self._format.per_second // 1000
        if steady or last.ticks <= moment or not self._format.repeat_last:
            return None
        return _Shot(last.pixels, last.start + last.ticks - moment, moment)

    def _encode(self, shot: _Shot) -> None:
        if self._stream is None:
            self._stream = self._open_stream(Fraction(self._format.per_second, shot.ticks))
        picture = self._picture(shot.pixels)
        picture.pts = shot.start
        picture.time_base = Fraction(1, self._format.per_second)
        self._durations[shot.start] = shot.ticks
        self._write(self._stream, picture)

    def _open_stream(self, rate: Fraction) -> VideoStream:
        color = self._codec.color
        try:
            stream = self._container.add_stream(self._codec.name, min(rate, _LARGEST_RATE), self._settings)
            stream = cast(VideoStream, stream)
            stream.width, stream.height = self._size
            stream.pix_fmt = color.pixel_format
            context = stream.codec_context
            context.time_base = Fraction(1, self._format.per_second)
            context.thread_count = THREADS
            context.colorspace = color.matrix
            context.color_range = color.range
            context.color_trc = color.transfer
            context.color_primaries = color.primaries
            self._container.start_encoding()
        except (av.FFmpegError, av.codec.codec.UnknownCodecError) as error:
            width, height = self._size
            raise FormatError(f"{self._codec.name} cannot encode {width} x {height} pixels here: {error}") from error
        return stream

    def _picture(self, pixels: Pixels) -> av.VideoFrame:
        height, width = pixels.shape[:2]
        right, below = self._size.width - width, self._size.height - height
        if right or below:
            pixels = np.pad(pixels, ((0, below), (0, right), (0, 0)), mode="edge")
        color = self._codec.color
        return av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
            format=color.pixel_format, dst_colorspace=color.matrix, dst_color_range=color.range
        )

    def _write(self, stream: VideoStream, picture: av.VideoFrame | None) -> None:
        for packet in stream.encode(picture):
            packet.duration = self._durations.pop(cast(int, packet.pts))
            self._container.mux(packet)


class _StreamingEncoder:
    """Gives bytes as soon as the codec does."""

    transparency = False
    options_used = frozenset({"quality", "lossless"})
    video_format: ClassVar[_Format]

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self._pipe = _Pipe()
        self._track = _Track(self.video_format, options, size, self._pipe)

    def add(self, frame: Frame) -> bytes:
        """Encode a frame; give the bytes that are ready."""
        self._track.add(frame)
        return self._pipe.take()

    def finish(self) -> bytes:
        """Give the rest of the file."""
        self._track.close()
        return self._pipe.take()


class _WholeEncoder:
    """Gives all bytes at the end, with an index and the total duration."""

    transparency = False
    options_used = frozenset({"quality", "lossless"})
    video_format: ClassVar[_Format]

    def __init__(self, options: RenderOptions, size: Size) -> None:
        self._file = BytesIO()
        self._track = _Track(self.video_format, options, size, self._file)

    def add(self, frame: Frame) -> bytes:
        """Encode a frame; give nothing yet."""
        self._track.add(frame)
        return b""

    def finish(self) -> bytes:
        """Give the file."""
        self._track.close()
        return self._file.getvalue()


class FragmentedMp4Encoder(_StreamingEncoder):
    """Writes H.264 into a fragmented MP4, which players can start before it is complete.

    As `Mp4Encoder` otherwise.
    """

    media_type = "video/mp4"
    video_format = _FRAGMENTED_MP4


class Mp4Encoder(_WholeEncoder):
    """Writes H.264 into an MP4, index first.

    Colors are BT.709 in 4:2:0, with sides rounded up to even numbers by repeating the last pixels; *quality* 75, the
    default, is a rate factor of 18. With ``lossless=True`` they are RGB, bit for bit, in the High 4:4:4 Predictive
    profile, which FFmpeg plays and many other players do not. A video has no number of plays: *loop* is the player's.
    """

    media_type = "video/mp4"
    video_format = _MP4

    def finish(self) -> bytes:
        """Give the file."""
        return _index_first(super().finish())


class LiveWebmEncoder(_StreamingEncoder):
    """Writes VP9 into a WebM without a total duration and an index.

    As `WebmEncoder` otherwise.
    """

    media_type = "video/webm"
    video_format = _LIVE_WEBM


class WebmEncoder(_WholeEncoder):
    """Writes VP9 into a WebM.

    Colors and sides as in `Mp4Encoder`; *quality* 75, the default, is a rate factor of 20. With ``lossless=True``
    they are RGB, bit for bit, in profile 1.
    """

    media_type = "video/webm"
    video_format = _WEBM


_LARGEST_OFFSET = 2**32 - 1
_CHUNK_OFFSETS: Path = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stco")


def _index_first(data: bytes) -> bytes:
    """Move the index before the media, so that a player needs no second request.

    Offsets grow by the size of the index. (FFmpeg's own way, *faststart*, opens the file by its name.)
    """
    (kind,) = contents(data, (b"ftyp",))
    (body,) = contents(data, (b"moov",))
    index = bytearray(data[body.start - 8 : body.stop])
    if len(data) + len(index) > _LARGEST_OFFSET:
        return data
    for box in contents(index, _CHUNK_OFFSETS):
        (count,) = struct.unpack_from(">I", index, box.start + 4)
        np.frombuffer(index, ">u4", count, box.start + 8)[:] += len(index)
    return data[: kind.stop] + index + data[kind.stop : body.start - 8] + data[body.stop :]
