"""One video track in a file, through PyAV (FFmpeg's libraries)."""

import weakref
from fractions import Fraction
from io import BytesIO
from typing import NamedTuple, cast

import av
import numpy as np
from av.video.stream import VideoStream

from renderer.encoding.timing import Ticks
from renderer.encoding.video_codecs import Container
from renderer.errors import FormatError
from renderer.options import RenderOptions
from renderer.types import Frame, Pixels, Size

__all__ = ["Track"]

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

    def take(self) -> bytes:
        """Return the bytes written since the last call."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data

    rest = take


class _WholeFile(BytesIO):
    """A file that can be sought in, so that no byte is final before the end."""

    def take(self) -> bytes:
        """Return nothing."""
        return b""

    def rest(self) -> bytes:
        """Return the whole file."""
        return self.getvalue()


class _Sample(NamedTuple):
    pixels: Pixels
    start: int
    ticks: int


class Track:
    """One video track in a file: frames in, packets written.

    Equal frames are not joined. A frame whose time rounds to nothing is left out, unless it is the last one.

    Parameters
    ----------
    container : Container
        Kind of the file.
    options : RenderOptions
        Of which *lossless*, *quality* and *metadata* count.
    size : Size
        Of every frame.

    Attributes
    ----------
    size : Size
        Of the file: sides are rounded up to what the codec takes.
    sink : _Pipe or _WholeFile
        Where the bytes go; a pipe if the container is live.
    """

    def __init__(self, container: Container, options: RenderOptions, size: Size) -> None:
        if max(size) > container.max_side:
            raise FormatError(
                f"{container.name} holds at most {container.max_side} pixels a side, not {size.width} x {size.height}"
            )
        self._kind = container
        self._codec = container.exact if options.lossless else container.lossy
        self._settings = self._codec.settings(options.quality)
        self.size = Size(*(-(-side // self._codec.block) * self._codec.block for side in size))
        self.sink = _Pipe() if container.live else _WholeFile()
        self._clock = Ticks(container.per_second)
        self._durations: dict[int, int] = {}
        container_options = {"fflags": "+bitexact", **container.options}
        self._container = av.open(self.sink, "w", format=container.name, options=container_options)
        self._container.metadata.update(options.metadata)
        # PyAV before 18 ends the process if a file is garbage-collected half-written and not closed.
        self._close = weakref.finalize(self, self._container.close)
        self._stream: VideoStream | None = None
        self._before: _Sample | None = None
        self._last: _Sample | None = None

    def add(self, frame: Frame) -> None:
        """Encode a frame."""
        start = self._clock.now
        sample = _Sample(frame.pixels, start, self._clock.advance(frame.duration))
        if sample.ticks:
            self._encode(sample)
        self._before, self._last = self._last, sample

    def close(self) -> None:
        """Write the rest."""
        end = self._end()
        if end is not None:
            self._encode(end)
        if self._stream is not None:
            self._write(self._stream, None)
        self._close()

    def _end(self) -> _Sample | None:
        """Return the sample that is missing at the end, if one is."""
        before, last = self._before, self._last
        if last is None:
            return None
        if last.ticks == 0:
            return last._replace(ticks=1)
        steady = before is not None and abs(before.ticks - last.ticks) <= 1
        moment = self._kind.per_second // 1000
        if steady or last.ticks <= moment or not self._kind.live:
            return None
        return _Sample(last.pixels, last.start + last.ticks - moment, moment)

    def _encode(self, sample: _Sample) -> None:
        if self._stream is None:
            self._stream = self._open_stream(Fraction(self._kind.per_second, sample.ticks))
        picture = self._picture(sample.pixels)
        picture.pts = sample.start
        picture.time_base = Fraction(1, self._kind.per_second)
        self._durations[sample.start] = sample.ticks
        self._write(self._stream, picture)

    def _open_stream(self, rate: Fraction) -> VideoStream:
        color = self._codec.color
        try:
            stream = self._container.add_stream(self._codec.name, min(rate, _LARGEST_RATE), self._settings)
            stream = cast(VideoStream, stream)
            stream.width, stream.height = self.size
            stream.pix_fmt = color.pixel_format
            context = stream.codec_context
            context.time_base = Fraction(1, self._kind.per_second)
            context.thread_count = THREADS
            context.colorspace = color.matrix
            context.color_range = color.range
            context.color_trc = color.transfer
            context.color_primaries = color.primaries
            self._container.start_encoding()
        except (av.FFmpegError, av.codec.codec.UnknownCodecError) as error:
            width, height = self.size
            raise FormatError(f"{self._codec.name} cannot encode {width} x {height} pixels here: {error}") from error
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
            self._container.mux(packet)
