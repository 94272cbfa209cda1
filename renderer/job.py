"""The way of a render: states of a source, drawn to frames, encoded to bytes."""

import logging
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any

from renderer.collector import paced_collector
from renderer.drawing.painter import Painter
from renderer.encoding.files import File, Format, find_formats, known_frame
from renderer.errors import SourceError
from renderer.limits import Guard
from renderer.options import RenderOptions
from renderer.plan import Schedule, resolve_loop
from renderer.progress import reporting
from renderer.sources.animation import State, as_source
from renderer.stopwatch import Stopwatch
from renderer.types import Clip, Frame, Pixels, Size

__all__ = ["EncodingJob", "FrameJob", "streaming_job"]

_log = logging.getLogger(__name__)


class FrameJob:
    """Draws the frames of a source, once.

    Everything that can be checked before drawing is checked here.

    Parameters
    ----------
    source : object
        See `renderer.sources.animation.as_source`.
    options : RenderOptions
        The options of the render.

    Raises
    ------
    RenderError
        The source is wrong, an option does not go with it, or a limit will be passed.
    """

    def __init__(self, source: object, options: RenderOptions) -> None:
        self._source = as_source(source, options.extra_anim)
        self.options = known_frame(resolve_loop(options, self._source), self._source.frame_count)
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
        updating: Callable[[], AbstractContextManager[None]] = nullcontext
        if self._source.figure is not None:
            updating = painter.take(self._source.figure).while_updating
            self.guard.before_frame(0, painter.size(self._source.figure))
        index = 0
        try:
            with closing(self._source.states()) as states:
                while (state := _next(states, updating())) is not _END:
                    self.guard.before_frame(index, painter.size(state))
                    yield painter.paint(state)
                    index += 1
        except Exception as error:
            error.add_note(f"figreel: in frame {index}")
            raise


class EncodingJob:
    """Renders a source into a file, or into several in one pass over the frames.

    Parameters
    ----------
    source, options
        As for `FrameJob`.
    formats : sequence of Format
        One for each file.

    Attributes
    ----------
    drawing, encoding : Stopwatch
        How long the two took so far, the source's own functions counted as drawing. Logged at the end, for debugging.

    Raises
    ------
    RenderError
        As for `FrameJob`.
    """

    def __init__(self, source: object, formats: Sequence[Format], options: RenderOptions) -> None:
        self._job = FrameJob(source, options)
        self._files = [File(found, self._job.options, self._job.guard) for found in formats]
        self.drawing = Stopwatch()
        self.encoding = Stopwatch()

    def steps(self) -> Generator[bytes, None, None]:
        """Give the one file in pieces, one for each frame and one at the end; a piece may be empty."""
        with closing(self._pieces()) as pieces:
            for _, piece in pieces:
                yield piece

    def chunks(self) -> Generator[bytes, None, None]:
        """Give the one file in pieces, none of them empty, as soon as each is encoded."""
        with closing(self.steps()) as steps:
            yield from filter(None, steps)

    def clips(self) -> list[Clip]:
        """Give the whole files."""
        parts: dict[File, list[bytes]] = {file: [] for file in self._files}
        with closing(self._pieces()) as pieces:
            for file, piece in pieces:
                parts[file].append(piece)
        return [file.clip(given) for file, given in parts.items()]

    def _pieces(self) -> Generator[tuple[File, bytes], None, None]:
        opaque = not any(file.transparency for file in self._files)
        with closing(self._job.frames(opaque=opaque)) as frames:
            for frame in self.drawing.making(frames):
                for file in self._files:
                    with self.encoding:
                        piece = file.add(frame)
                    yield file, piece
                if all(file.done for file in self._files):
                    break
        for file in self._files:
            with self.encoding:
                piece = file.finish()
            yield file, piece
        _log.debug("drawn in %.3f s, encoded in %.3f s", self.drawing.seconds, self.encoding.seconds)


def streaming_job(source: object, name: str, options: Mapping[str, Any]) -> EncodingJob:
    """Give the job that streams one file.

    Parameters
    ----------
    source : object
        What to draw.
    name : str
        Name of the format.
    options : mapping
        Keyword arguments for `RenderOptions`.

    Raises
    ------
    RenderError
        The format, the source or an option is wrong.
    """
    checked = RenderOptions.of(options)
    return EncodingJob(source, find_formats([name], checked, streaming=True), checked)


_END = object()


def _next(states: Iterator[State], updating: AbstractContextManager[None]) -> State:
    with updating:
        return next(states, _END)


def _check_same_size(size: Size, frame: Frame) -> None:
    if frame.size != size:
        width, height = frame.size
        raise SourceError(
            f"frame {frame.index} is {width} x {height} pixels, the first one is {size.width} x {size.height}; "
            "all frames must have the same size"
        )
