"""Matplotlib's interface for writers of animations, in front of figreel's canvas and encoders."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from difflib import get_close_matches
from inspect import signature
from pathlib import Path
from time import perf_counter
from typing import Any

import matplotlib as mpl
from matplotlib.animation import AbstractMovieWriter, writers
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure

from renderer.clips.clip import Clip
from renderer.clips.saving import check_file, formats_of
from renderer.drawing.canvas import FrameCanvas
from renderer.drawing.sizes import check_drawable
from renderer.encoding.files import File
from renderer.encoding.formats import Format, find_format
from renderer.errors import FormatError, OptionError, OptionWarning, RenderError
from renderer.numbering import Numbering
from renderer.options import RenderOptions, takes_options
from renderer.pixels import on_white
from renderer.plan import Durations, checked_options
from renderer.remedies import OF_ENCODERS, OF_SAVE
from renderer.running.collector import paced_collector
from renderer.running.limits import FrameLimits
from renderer.sources.ownership import Owner
from renderer.tracebacks import warn
from renderer.types import Frame, Size

_FIXED = ("dpi", "bbox_inches", "format")
"""Arguments of savefig that writers do not take: all frames have one size and one format."""

_OF_SAVEFIG = {"transparent", "metadata", *signature(FigureCanvasBase.print_figure).parameters} - {
    *("self", "filename", "kwargs"),
    *_FIXED,
}
"""Arguments that savefig takes for RGBA."""

_NOT_BEGUN = "nothing is being written; call setup(figure, file) first, or use `with writer.saving(figure, file, dpi):`"


class _SaveCanvas(FrameCanvas):
    """A canvas that keeps its manager where ``Animation.save`` takes it away, so that pyplot knows the figure."""

    @property
    def manager(self) -> Any:
        """The manager of the figure's own canvas."""
        return vars(self).get("manager")

    @manager.setter
    def manager(self, manager: Any) -> None:
        if manager is not None:
            vars(self)["manager"] = manager


@writers.register("figreel")
class Writer(AbstractMovieWriter):
    """Lets ``Animation.save`` write with figreel, to a path or to anything with a ``write``.

    ::

        ani.save(io.BytesIO(), writer=Writer(fps=20))
        ani.save("out.webp", writer="figreel")

    Frames are drawn and encoded as by `renderer.render`, and the file is the same. Nothing is written before the last
    frame is drawn, so that an error leaves no half file. Importing `renderer` registers the writer under the name
    ``"figreel"``.

    Parameters
    ----------
    fps : float, default: 5
        Frames a second. ``Animation.save`` passes those of the animation on to a writer that is given by its name.
    codec, bitrate, extra_args : optional
        Have no effect; a warning says what takes their place, unless they are empty or as in matplotlib's settings.
    metadata : mapping of str to str, optional
        Texts to store in the file, where the format can.
    format : str, optional
        Name of a format. None takes the suffix of the file's name, and ``"gif"`` for a file without a name.
    **options
        Those of `renderer.RenderOptions` that ``Animation.save`` has no argument for.

    Attributes
    ----------
    clip : Clip or None
        What was written last.

    Raises
    ------
    OptionError
        An option is unknown, of a wrong type or out of range, or is an argument of ``Animation.save``.
    FormatError
        There is no such format.
    """

    clip: Clip | None = None

    @takes_options(without=OF_SAVE)
    def __init__(
        self,
        fps: float = 5,
        codec: str | None = None,
        bitrate: int | None = None,
        extra_args: Sequence[str] | None = None,
        metadata: Mapping[str, str] | None = None,
        format: str | None = None,  # noqa: A002 -- as in render
        **options: Any,
    ) -> None:
        for name, remedy in OF_SAVE.items():
            if name in options:
                raise OptionError(name, f"is not a writer's; {remedy}")
        if options.get("loop") == "animation":
            raise OptionError(
                "loop", "a writer gets frames and knows no animation; give the number of plays: 0 is forever"
            )
        for name, value in zip(OF_ENCODERS, (codec, bitrate, extra_args), strict=True):
            if _is_asked_for(name, value):
                message = f"Writer: {name}={value!r} has no effect; {OF_ENCODERS[name]}"
                warn(message, OptionWarning)
        super().__init__(metadata=dict(metadata or {}))
        self.fps = fps  # type: ignore[assignment]
        self._format = None if format is None else find_format(format)
        self._options = options
        self._checked(self._format)
        self._owner: Owner | None = None
        self._run = ExitStack()
        self._updates = ExitStack()

    def __del__(self) -> None:
        if "_run" in vars(self):  # else the arguments were wrong
            self._run.close()

    def _checked(self, entry: Format | None) -> RenderOptions:
        """Return the options, checked for a format if it is known; a still picture needs no *fps*."""
        timed = self._options.get("durations") is not None or (entry is not None and entry.still)
        options = {**({} if timed else {"fps": self.fps}), "metadata": self.metadata, **self._options}
        return RenderOptions.of(options) if entry is None else checked_options([entry], options)

    @classmethod
    def isAvailable(cls) -> bool:  # noqa: N802 -- matplotlib's name
        """Whether the writer can be used: always."""
        return True

    def _supports_transparency(self) -> bool:
        return self._file.transparency

    @contextmanager
    def saving(
        self, fig: Figure, outfile: Any, dpi: float | None = None, *args: Any, **kwargs: Any
    ) -> Iterator["Writer"]:
        """Write what is grabbed inside the with block, at its end; after an error nothing is written."""
        if not isinstance(self, Writer):  # matplotlib calls it on what is given as writer=
            raise TypeError("the class is no writer; make one: ani.save(..., writer=Writer(fps=20))")
        self.setup(fig, outfile, dpi, *args, **kwargs)
        with self._run:
            try:
                yield self
            except Exception as error:
                error.add_note(f"figreel: in frame {self._numbering.count}")
                raise
            self.finish()

    def setup(self, fig: Figure, outfile: Any, dpi: float | None = None) -> None:
        """Begin to write an animation.

        Parameters
        ----------
        fig : Figure
            The figure that is drawn.
        outfile : str, path-like or file-like
            Where the file goes in the end.
        dpi : float, optional
            Resolution of the frames; by default the figure's.

        Raises
        ------
        RenderError
            The name of the file is that of no format, or an option does not go with it.
        FileNotFoundError
            The folder of the file does not exist.
        """
        entry = self._format or _format_of(outfile)
        options = self._checked(entry)
        check_file(outfile, entry.name)
        if not hasattr(outfile, "write"):
            Path(outfile).parent.resolve(strict=True)
        self.fig, self.outfile, self.dpi = fig, outfile, float(fig.dpi if dpi is None else dpi)
        check_drawable(Size(*self.frame_size))
        self._numbering = Numbering(Durations(options), options.final_pause)
        self._file = File(entry, options)
        self._pieces: list[bytes] = []
        self._run.close()
        self._begin(options)

    def _begin(self, options: RenderOptions) -> None:
        """Own the figure, and put it on a canvas of ours, until `finish` or an error."""
        begin = perf_counter()
        self._limits = FrameLimits(options.limits, None, lambda: perf_counter() - begin)
        with ExitStack() as stack:
            stack.enter_context(paced_collector())
            owner = stack.enter_context(Owner(options.limits.max_seconds))
            stack.enter_context(owner.step())
            owner.take(self.fig)
            self._owner = owner
            self._canvas = _SaveCanvas(self.fig, options.verify, self.dpi)
            stack.callback(self._canvas.give_back)
            self._updates = stack.enter_context(ExitStack())
            self._updates.enter_context(self._canvas.while_updating())
            self._run = stack.pop_all()

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        """Draw the figure in its present state, and encode the frame.

        Parameters
        ----------
        **savefig_kwargs
            Arguments of ``Figure.savefig``, but for *dpi*, *bbox_inches* and *format*.

        Raises
        ------
        TypeError
            There is one of these three, or one that savefig does not take.
        ValueError
            There are *metadata*, or a *backend* that is not Agg.
        RenderError
            Nothing is being written, a limit was passed, or the figure has another size than before.
        """
        if self._owner is None or not self._owner.owns(self.fig):
            raise RenderError(_NOT_BEGUN)
        _check_look(savefig_kwargs)
        self._updates.close()
        self._limits.check(self._numbering.count, Size(*self.frame_size))
        self._canvas.take_back()
        look = {name: value for name, value in savefig_kwargs.items() if value is not None}
        pixels = self._canvas.frame({"transparent": None, **look, "dpi": self.dpi, "bbox_inches": None})
        self._encode(self._numbering.add(pixels))
        self._updates.enter_context(self._canvas.while_updating())

    def _encode(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            opaque = frame if self._file.transparency else replace(frame, pixels=on_white(frame.pixels))
            self._pieces.append(self._file.add(opaque))

    def finish(self) -> None:
        """Encode the rest, give the figure back, and write the file. A file that is finished stays as it is.

        Raises
        ------
        RenderError
            Nothing was begun.
        """
        if self._owner is None:
            raise RenderError(_NOT_BEGUN)
        if not self._owner.owns(self.fig):
            return
        with self._run:
            self._encode(self._numbering.finish())
            self._pieces.append(self._file.finish())
        self.clip, self._pieces = self._file.clip(self._pieces), []
        self.clip.save(self.outfile)


def _is_asked_for(name: str, value: object) -> bool:
    """Whether an argument of a writer says more than matplotlib's settings do, which matplotlib itself passes on."""
    setting: Any = f"animation.{name}"
    return value not in (None, "", [], (), *(params.get(setting) for params in (mpl.rcParams, mpl.rcParamsDefault)))


def _check_look(look: Mapping[str, Any]) -> None:
    """Raise the kind of error that savefig raises for arguments that it cannot keep."""
    for name in look:
        if name not in _OF_SAVEFIG:
            near = get_close_matches(name, _OF_SAVEFIG, n=1)
            remedy = OF_SAVE.get(name) or (f"did you mean {near[0]!r}?" if near else "")
            message = f"grab_frame got an unexpected keyword argument {name!r}"
            raise TypeError("; ".join(filter(None, [message, remedy])))
    if look.get("metadata") is not None:
        raise ValueError("frames have no metadata; use ani.save(..., metadata=)")
    backend = look.get("backend")
    if backend is not None and str(backend).lower() != "agg":
        raise ValueError(f"frames are drawn by Agg, not by the backend {backend!r}; leave backend out")


def _format_of(file: Any) -> Format:
    suffix = suffix_of(file)
    if not suffix:
        raise FormatError(f"the name {os.fspath(file)!r} ends in no format; add one, or say Writer(format='gif')")
    return find_format(next(iter(formats_of(suffix)), suffix))


def suffix_of(file: Any) -> str:
    """Return the suffix of a file's name, in small letters and without the dot; a file without a name is a GIF."""
    if not hasattr(file, "write"):
        return Path(os.fspath(file)).suffix.lower().removeprefix(".")
    name = getattr(file, "name", None)
    suffix = suffix_of(name) if isinstance(name, str) else ""
    return suffix if formats_of(suffix) else "gif"
