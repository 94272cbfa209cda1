"""The way of a render: states of a source, drawn to frames, encoded to bytes."""

import logging
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from typing import Any, TypeVar

from matplotlib.figure import Figure

from renderer.clips.clip import Clip
from renderer.drawing.painter import Painter
from renderer.drawing.sizes import check_drawable
from renderer.encoding.files import File
from renderer.encoding.formats import STREAMS
from renderer.errors import RenderError
from renderer.numbering import Numbering
from renderer.options import takes_options
from renderer.pixels import on_white
from renderer.plan import Plan, plan, refuse_endless
from renderer.running.collector import paced_collector
from renderer.running.limits import FrameLimits
from renderer.running.progress import reporting
from renderer.sources.ownership import Owner
from renderer.types import Frame, Pixels

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Stopwatch:
    """Adds up the seconds of many pieces of work; each is done in a ``with`` block."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._started: float | None = None

    @property
    def seconds(self) -> float:
        """The sum, by the clock on the wall, the present piece included."""
        return self._sum + (0.0 if self._started is None else time.perf_counter() - self._started)

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        self._sum, self._started = self.seconds, None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out the time inside the with block, which is part of a piece of work."""
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()


def made_within(context: Callable[[], AbstractContextManager[None]], items: Iterable[T]) -> Generator[T, None, None]:
    """Yield the items. Each is made within a context, and what is done with it is done outside."""
    iterator = iter(items)
    while True:
        with context():
            try:
                item = next(iterator)
            except StopIteration:
                return
        yield item


class Drawing:
    """Draws the frames of a plan, once.

    Parameters
    ----------
    what : Plan
        The render.

    Attributes
    ----------
    drawing, encoding : Stopwatch
        How long the two took so far. The source's own functions count as drawing; what a reader of the frames does
        counts as neither, nor does waiting for the figure.
    owner : Owner
        Owns the figure from the first step to the end.

    Raises
    ------
    LimitError
        The animation is known to have too many frames.
    """

    def __init__(self, what: Plan) -> None:
        self.drawing = Stopwatch()
        self.encoding = Stopwatch()
        self._plan = what
        self._limits = FrameLimits(
            what.options.limits, what.source.frame_count, lambda: self.drawing.seconds + self.encoding.seconds
        )
        self.owner = Owner(what.options.limits.max_seconds)

    def frames(self) -> Generator[Frame, None, None]:
        """Draw the frames one by one.

        With a final pause, a frame is held back until the next one is there, so that the last one is known.
        """
        numbering = Numbering(self._plan.durations, self._plan.options.final_pause)
        with closing(self._frames(numbering)) as frames:
            for ready in made_within(self._step, frames):
                yield from ready
        yield from numbering.finish()

    @contextmanager
    def _step(self) -> Iterator[None]:
        with self.drawing, self.owner.step():
            yield

    def _frames(self, numbering: Numbering) -> Generator[list[Frame], None, None]:
        """Yield the frames that are ready when another one has been drawn."""
        options, source = self._plan.options, self._plan.source
        with (
            paced_collector(),
            self.owner,
            Painter(options, opaque=self._plan.opaque) as painter,
            reporting(options.progress) as report,
            closing(self._pixels(painter)) as drawn,
        ):
            for pixels, seconds in drawn:
                ready = numbering.add(pixels, seconds)
                report(numbering.count, source.frame_count)
                yield ready

    def _pixels(self, painter: Painter) -> Generator[tuple[Pixels, float | None], None, None]:
        """Yield the pixels of each state, and the seconds that it brings along if it is a frame itself."""
        source = self._plan.source
        updating: Callable[[], AbstractContextManager[None]] = nullcontext
        if source.figure is not None:
            self._own(source.figure, painter)
            updating = painter.take(source.figure).while_updating
            self._check(0, source.figure, painter)
        index = 0
        try:
            with closing(source.states()) as states:
                for state in made_within(updating, states):
                    what, seconds = (state.pixels, state.duration) if isinstance(state, Frame) else (state, None)
                    if isinstance(what, Figure):
                        self._own(what, painter)
                    self._check(index, what, painter)
                    yield painter.paint(what), seconds
                    index += 1
        except Exception as error:
            error.add_note(f"figreel: in frame {index}")
            raise

    def _check(self, index: int, state: Any, painter: Painter) -> None:
        """Check that a frame is within the limits, can be drawn, and fits into the files."""
        size = painter.size(state)
        self._limits.check(index, size)
        if isinstance(state, Figure):
            check_drawable(size)
        if index == 0 and self._plan.options.bbox_inches != "tight":  # whose size is known when the frame is drawn
            for entry in self._plan.formats:
                entry.check_size(size)

    def _own(self, figure: Figure, painter: Painter) -> None:
        """Own a figure; a former one is released before, with its own canvas on it."""
        if not self.owner.owns(figure):
            painter.release()
            with self.drawing.paused():
                self.owner.take(figure)


def clips(source: object, names: Sequence[str], options: Mapping[str, Any]) -> list[Clip]:
    """Render a source into files, in one pass over its frames.

    Parameters
    ----------
    source : object
        Anything that can be animated.
    names : sequence of str
        Names of formats, one for each file.
    options : mapping of str to object
        Keyword arguments for `RenderOptions`.

    Raises
    ------
    RenderError
        The source, a format or an option is wrong, or a limit was passed.
    """
    what = plan(source, names, options)
    refuse_endless(what, streamed=False)
    drawing = Drawing(what)
    files = [File(entry, what.options) for entry in what.formats]
    parts: dict[File, list[bytes]] = {file: [] for file in files}
    with closing(_pieces(drawing, files)) as pieces:
        for file, piece in pieces:
            parts[file].append(piece)
    return [file.clip(pieces) for file, pieces in parts.items()]


class Job:
    """One file, rendered as it is read.

    Everything that can be checked before drawing is checked here. Iterating draws; closing the iterator ends the
    render and gives the figure back. A job can be iterated once.

    Parameters
    ----------
    source, format, **options
        As for `renderer.render`.

    Raises
    ------
    RenderError
        As for `renderer.render`.
    """

    @takes_options
    def __init__(self, source: object, format: str = "gif", **options: Any) -> None:  # noqa: A002 -- as in render
        what = plan(source, [format], options, STREAMS)
        refuse_endless(what, streamed=True)
        self._figure = what.source.figure
        self._drawing = Drawing(what)
        self._file = File(what.formats[0], what.options)
        self._begun = False

    @property
    def figure(self) -> Figure | None:
        """The figure that all frames are drawn on, if there is one."""
        return self._figure

    @property
    def drawing(self) -> float:
        """Seconds that drawing took so far, the source's own functions included."""
        return self._drawing.drawing.seconds

    @property
    def encoding(self) -> float:
        """Seconds that encoding took so far."""
        return self._drawing.encoding.seconds

    def __iter__(self) -> Generator[bytes, None, None]:
        """Yield the pieces of the file, none of them empty, each as soon as it is encoded.

        Raises
        ------
        RenderError
            The job was iterated before.
        """
        with closing(self.steps()) as steps:
            yield from filter(None, steps)

    def give_up(self) -> None:
        """Let the job wait no longer for its figure, if it does so in another thread; its step ends in an error."""
        self._drawing.owner.give_up()

    def steps(self) -> Generator[bytes, None, None]:
        """Yield a piece of the file for each frame, and one at the end; a piece may be empty.

        Raises
        ------
        RenderError
            The job was iterated before.
        """
        if self._begun:
            raise RenderError("a job is rendered once, as it is read; make another Job, or keep its bytes: render(ani)")
        self._begun = True
        with closing(_pieces(self._drawing, [self._file])) as pieces:
            yield from (piece for _, piece in pieces)


def _pieces(drawing: Drawing, files: Sequence[File]) -> Generator[tuple[File, bytes], None, None]:
    """Yield a piece of each file for each frame, and one at the end."""
    any_opaque = not all(file.transparency for file in files)
    with closing(drawing.frames()) as frames:
        for frame in frames:
            with drawing.encoding:
                opaque = replace(frame, pixels=on_white(frame.pixels)) if any_opaque else frame
            for file in files:
                with drawing.encoding:
                    piece = file.add(frame if file.transparency else opaque)
                yield file, piece
            if all(file.done for file in files):
                break
    for file in files:
        with drawing.encoding:
            piece = file.finish()
        yield file, piece
    _log.debug("drawn in %.3f s, encoded in %.3f s", drawing.drawing.seconds, drawing.encoding.seconds)
