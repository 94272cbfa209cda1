"""The way of a render: states of a source, drawn to frames, encoded to bytes."""

from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Any

from renderer.collector import paced_collector
from renderer.encoders import canonical_format, encoder_class
from renderer.errors import OptionError, SourceError
from renderer.limits import Guard
from renderer.options import RenderOptions
from renderer.painter import Painter
from renderer.progress import reporting
from renderer.schedule import Schedule, resolve_loop
from renderer.sources import as_source
from renderer.types import Clip, Frame, Pixels, Size

__all__ = ["EncodingJob", "FrameJob", "check_used"]


class FrameJob:
    """Draws the frames of a source, once.

    Everything that can be checked before drawing is checked here.

    Parameters
    ----------
    source : object
        See `renderer.sources.as_source`.
    options : mapping
        Keyword arguments for `RenderOptions`.

    Raises
    ------
    RenderError
        An option or the source is wrong, or a limit will be passed.
    """

    def __init__(self, source: object, options: Mapping[str, Any]) -> None:
        checked = RenderOptions.of(options)
        self._source = as_source(source, checked.extra_anim)
        self.options = resolve_loop(checked, self._source)
        self._schedule = Schedule(self.options, self._source)
        self.guard = Guard(self.options.limits, self._source.frame_count)

    def frames(self, *, opaque: bool = False) -> Generator[Frame, None, None]:
        """Draw the frames one by one.

        Parameters
        ----------
        opaque : bool
            Draw for a format without alpha.
        """
        return self._schedule.pause_at_end(self._frames(opaque))

    def _frames(self, opaque: bool) -> Generator[Frame, None, None]:
        first: Size | None = None
        with (
            paced_collector(),
            Painter(self.options, opaque=opaque) as painter,
            reporting(self.options.progress) as report,
            closing(self._pixels(painter)) as drawn,
        ):
            for index, pixels in enumerate(drawn):
                frame = Frame(index, pixels, self._schedule.seconds(index))
                first = first or frame.size
                _check_same_size(first, frame)
                report(index + 1, self._source.frame_count)
                yield frame
        if first is None:
            raise SourceError("the animation has no frames")

    def _pixels(self, painter: Painter) -> Generator[Pixels, None, None]:
        if self._source.figure is not None:
            painter.take(self._source.figure)
            self.guard.before_frame(0, painter.size(self._source.figure))
        index = 0
        try:
            with closing(self._source.states()) as states:
                for state in states:
                    self.guard.before_frame(index, painter.size(state))
                    yield painter.paint(state)
                    index += 1
        except Exception as error:
            error.add_note(f"figreel: in frame {index}")
            raise


class EncodingJob:
    """Renders a source into one file.

    Parameters
    ----------
    source, options
        As for `FrameJob`.
    format : str
        Name of a format.

    Raises
    ------
    RenderError
        As for `FrameJob`, or the format is wrong.
    """

    def __init__(self, source: object, format: str, options: Mapping[str, Any]) -> None:  # noqa: A002 -- the public name
        self._format = canonical_format(format)
        self._encoder_class = encoder_class(self._format)
        self._job = FrameJob(source, options)
        check_used(self._job.options, self._encoder_class.options_used, f"format {self._format!r}")
        self._size = Size(0, 0)
        self._frame_count = 0
        self._duration = 0.0

    def chunks(self) -> Generator[bytes, None, None]:
        """Give the file in pieces, none of them empty, as soon as each is encoded."""
        with closing(self._encoded()) as chunks:
            for chunk in filter(None, chunks):
                self._job.guard.add_bytes(len(chunk))
                yield chunk

    def clip(self) -> Clip:
        """Give the whole file."""
        return Clip(
            data=b"".join(self.chunks()),
            format=self._format,
            media_type=self._encoder_class.media_type,
            width=self._size.width,
            height=self._size.height,
            frame_count=self._frame_count,
            duration=self._duration,
        )

    def _encoded(self) -> Generator[bytes, None, None]:
        encoder = None
        with closing(self._job.frames(opaque=not self._encoder_class.transparency)) as frames:
            for frame in frames:
                if encoder is None:
                    self._size = frame.size
                    encoder = self._encoder_class(self._job.options, frame.size)
                yield encoder.add(frame)
                self._frame_count += 1
                self._duration += frame.duration
        if encoder is not None:
            yield encoder.finish()


def check_used(options: RenderOptions, used: frozenset[str], where: str) -> None:
    """Refuse encoding options that mean nothing where they are given.

    Raises
    ------
    OptionError
        There is one.
    """
    for name in sorted(options.given() - used):
        allowed = f"it takes {', '.join(sorted(used))}" if used else "it takes none of its kind"
        raise OptionError(name, f"means nothing to {where}; {allowed}")


def _check_same_size(size: Size, frame: Frame) -> None:
    if frame.size != size:
        width, height = frame.size
        raise SourceError(
            f"frame {frame.index} is {width} x {height} pixels, the first one is {size.width} x {size.height}; "
            "all frames must have the same size"
        )
