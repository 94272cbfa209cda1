"""A file with one video track, through PyAV (FFmpeg's libraries)."""

import weakref
from fractions import Fraction
from io import BytesIO
from typing import ClassVar, NamedTuple, cast

import av
import numpy as np
from av.video.stream import VideoStream

from renderer.encoding.timing import Ticks
from renderer.encoding.video_codecs import Container
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

THREADS = 1
"""More of them would be faster, and once in some hundred files the bytes would not be the same."""

_LARGEST_RATE = Fraction(120)
"""Limit of the rate that H.264 learns from the first frame's time and derives the speed of a decoder from. Frames may
be shorter."""


class _Pipe:
    """A file that can only be written to."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Append bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def getvalue(self) -> bytes:
        """Return the bytes written since the last call."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


class _Sample(NamedTuple):
    pixels: Pixels
    start: int
    ticks: int


class VideoEncoder:
    """What all encoders of videos share.

    Equal frames are not joined. A frame whose time rounds to nothing is left out, unless it is the last one. A frame
    whose time is longer than one sample's is written as several.

    Parameters
    ----------
    options : RenderOptions
        Of which *lossless*, *quality* and *metadata* count.
    size : Size
        Of every frame.

    Attributes
    ----------
    container : Container
        Kind of the file.
    size : Size
        Of the file: sides are rounded up to what the codec takes.
    """

    container: ClassVar[Container]

    def __init__(self, options: RenderOptions, size: Size) -> None:
        container = self.container
        self._codec = container.exact if options.lossless else container.lossy
        self._settings = self._codec.settings(options.quality)
        self.size = Size(*(-(-side // self._codec.block) * self._codec.block for side in size))
        # What can be sought in has no byte that is final before the end.
        self._sink = _Pipe() if container.live else BytesIO()
        self._clock = Ticks(container.scale.per_second)
        self._durations: dict[int, int] = {}
        self._file = av.open(self._sink, "w", format=container.name, options=container.settings(options.metadata))
        self._file.metadata.update(options.metadata)
        # PyAV before 18 ends the process if a file is garbage-collected half-written and not closed.
        self._close = weakref.finalize(self, self._file.close)
        self._stream: VideoStream | None = None
        self._before: _Sample | None = None
        self._last: _Sample | None = None

    def add(self, frame: Frame) -> bytes:
        """Encode a frame; return the bytes that are ready."""
        start = self._clock.now
        sample = _Sample(frame.pixels, start, self._clock.advance(frame.duration))
        if sample.ticks:
            self._encode(sample)
        self._before, self._last = self._last, sample
        return self._sink.getvalue() if self.container.live else b""

    def finish(self) -> bytes:
        """Return the rest of the file."""
        end = self._end()
        if end is not None:
            self._encode(end)
        if self._stream is not None:
            self._write(self._stream, None)
        self._close()
        return self._sink.getvalue()

    def _end(self) -> _Sample | None:
        """Return the sample that is missing at the end, if one is."""
        before, last = self._before, self._last
        if last is None:
            return None
        if last.ticks == 0:
            return last._replace(ticks=1)
        steady = before is not None and abs(before.ticks - last.ticks) <= 1
        moment = self.container.scale.per_second // 1000
        if steady or last.ticks <= moment or not self.container.live:
            return None
        return _Sample(last.pixels, last.start + last.ticks - moment, moment)

    def _encode(self, sample: _Sample) -> None:
        start = sample.start
        for ticks in self.container.scale.parts(sample.ticks):
            self._encode_part(_Sample(sample.pixels, start, ticks))
            start += ticks

    def _encode_part(self, sample: _Sample) -> None:
        if self._stream is None:
            self._stream = self._open_stream(Fraction(self.container.scale.per_second, sample.ticks))
        picture = self._picture(sample.pixels)
        picture.pts = sample.start
        picture.time_base = Fraction(1, self.container.scale.per_second)
        self._durations[sample.start] = sample.ticks
        self._write(self._stream, picture)

    def _open_stream(self, rate: Fraction) -> VideoStream:
        codec, color = self._codec, self._codec.color
        try:
            stream = cast(VideoStream, self._file.add_stream(codec.name, min(rate, _LARGEST_RATE), self._settings))
            stream.width, stream.height = self.size
            stream.pix_fmt = color.pixel_format
            context = stream.codec_context
            context.time_base = Fraction(1, self.container.scale.per_second)
            context.thread_count = THREADS
            context.colorspace = color.matrix
            context.color_range = color.range
            context.color_trc = color.transfer
            context.color_primaries = color.primaries
            self._file.start_encoding()
        except (av.FFmpegError, av.codec.codec.UnknownCodecError) as error:
            pixels = "{} x {} pixels".format(*self.size)
            raise FormatError(f"{codec.name} cannot encode {pixels} here: {error}") from error
        return stream

    def _picture(self, pixels: Pixels) -> av.VideoFrame:
        height, width = pixels.shape[:2]
        right, below = self.size.width - width, self.size.height - height
        if right or below:
            pixels = np.pad(pixels, ((0, below), (0, right), (0, 0)), mode="edge")
        color = self._codec.color
        return av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
            format=color.pixel_format, dst_colorspace=color.matrix, dst_color_range=color.range
        )

    def _write(self, stream: VideoStream, picture: av.VideoFrame | None) -> None:
        for packet in stream.encode(picture):
            packet.duration = self._durations.pop(cast(int, packet.pts))
            self._file.mux(packet)
