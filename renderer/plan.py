"""What a render will do: source, formats and options, checked and settled before the first frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from renderer.encoding.files import frame_number, no_such_frame
from renderer.encoding.formats import FORMATS, FRAMES, Format, check_options, find_format
from renderer.errors import FormatError, OptionError, SourceError
from renderer.options import SECONDS, RenderOptions
from renderer.sources.adapters import as_source, mark_seen
from renderer.sources.source import DEFAULT_INTERVAL, NO_FRAMES, FrameSource, endless
from renderer.types import Size


class Durations:
    """Seconds that each frame is shown, from *fps*, *interval*, *durations* or the source's own interval.

    Parameters
    ----------
    options : RenderOptions
        The options of the render.
    interval : float, default: DEFAULT_INTERVAL
        Milliseconds between frames where the options name no time.
    frame_count : int, optional
        Number of frames, where it is known.

    Raises
    ------
    OptionError
        *durations* has another length.
    """

    def __init__(
        self, options: RenderOptions, interval: float = DEFAULT_INTERVAL, frame_count: int | None = None
    ) -> None:
        self._durations = options.durations
        self._each = 1 / options.fps if options.fps else options.interval and options.interval / 1000
        self._default = float(interval) / 1000
        if frame_count is not None:
            self.check_length(frame_count)

    def of(self, index: int, default: float | None = None) -> float:
        """Return the seconds that frame *index* is shown, without the final pause.

        Parameters
        ----------
        index : int
            Number of the frame.
        default : float, optional
            Seconds where the options name no time; None takes the source's interval.

        Raises
        ------
        OptionError
            *durations* has no time for the frame.
        SourceError
            *default* counts, and is no time.
        """
        if self._each is not None:
            return self._each
        if self._durations is None:
            return self._default if default is None else self._of_frame(index, default)
        if callable(self._durations):
            seconds = self._durations(index)
            complaint = SECONDS(seconds)
            if complaint is not None:
                raise OptionError("durations", f"gave {seconds!r} for frame {index}; the seconds must {complaint}")
            return float(seconds)
        if index >= len(self._durations):
            raise OptionError("durations", f"has {len(self._durations)} numbers, but there are more frames")
        return float(self._durations[index])

    @staticmethod
    def _of_frame(index: int, seconds: float) -> float:
        """Return the seconds that a frame of the source's brings along."""
        complaint = SECONDS(seconds)
        if complaint is not None:
            raise SourceError(f"frame {index} has a duration of {seconds!r}; the seconds must {complaint}")
        return float(seconds)

    def check_interval(self) -> None:
        """Check that the source's own interval is a time, if it counts.

        Raises
        ------
        SourceError
            It is not: 0, say.
        """
        if self._each is None and self._durations is None and SECONDS(self._default) is not None:
            interval = 1000 * self._default
            raise SourceError(f"the animation's interval is {interval:g} milliseconds; give fps= or interval=")

    def check_length(self, frame_count: int) -> None:
        """Check that there is one duration for each frame.

        Raises
        ------
        OptionError
            There are more or fewer.
        """
        if self._durations is None or callable(self._durations):
            return
        if len(self._durations) != frame_count:
            counts = f"{frame_count} frames, {len(self._durations)} numbers"
            raise OptionError("durations", f"must hold one number a frame: {counts}")


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A render that has been checked, with nothing left to the source or the formats.

    Attributes
    ----------
    source : FrameSource
        What is drawn.
    formats : sequence of Format
        One for each file; none if only frames are wanted.
    options : RenderOptions
        *loop* is a number, and *frame* is counted from the start where the number of frames is known.
    durations : Durations
        Seconds that each frame is shown.
    """

    source: FrameSource
    formats: Sequence[Format]
    options: RenderOptions
    durations: Durations

    @property
    def opaque(self) -> bool:
        """Whether frames are drawn on an opaque face, because no file keeps alpha."""
        return bool(self.formats) and not any(entry.transparency for entry in self.formats)


def plan(
    source: object, names: Sequence[str] | None, options: Mapping[str, Any], registry: Mapping[str, Format] = FORMATS
) -> Plan:
    """Check and settle everything that can be known before the first frame is drawn.

    Parameters
    ----------
    source : object
        Anything that can be animated.
    names : sequence of str or None
        Names of formats, one for each file; None if only frames are wanted.
    options : mapping of str to object
        Keyword arguments for `RenderOptions`.
    registry : mapping of str to Format, default: FORMATS
        Where the formats are looked up.

    Raises
    ------
    RenderError
        The source, a format or an option is wrong, or they do not go together.
    """
    mark_seen(source, options.get("extra_anim"), names)
    if names is not None and not names:
        raise FormatError("name at least one format")
    formats = [find_format(name, registry) for name in names or ()]
    checked = checked_options(formats, options)
    steps = as_source(source, checked.extra_anim)
    if steps.frame_count == 0:
        raise SourceError(NO_FRAMES)
    settled = _with_frame(_with_loop(checked, steps), steps.frame_count)
    durations = Durations(settled, steps.interval, steps.frame_count)
    if not formats or not all(entry.still for entry in formats):
        durations.check_interval()
    return Plan(steps, formats, settled, durations)


def refuse_endless(what: Plan, *, streamed: bool) -> None:
    """Raise SourceError if a file waits for the end of a source that is known to have none.

    Parameters
    ----------
    what : Plan
        The render.
    streamed : bool
        Whether bytes are taken before the file is finished.
    """
    if what.source.endless and any(_waits(entry, what.options, streamed) for entry in what.formats):
        raise endless()


def _waits(entry: Format, options: RenderOptions, streamed: bool) -> bool:
    if entry.still:
        return frame_number(options.frame) < 0
    return not (streamed and entry.live and options.max_bytes is None)


def checked_options(formats: Sequence[Format], options: Mapping[str, Any]) -> RenderOptions:
    """Return the options of a render.

    Raises
    ------
    OptionError
        An option is unknown, of a wrong type or out of range, or none of the formats can keep it.
    """
    checked = RenderOptions.of(options)
    check_options(replace(checked, loop=checked.plays), formats or [FRAMES])
    for entry in formats if checked.metadata else ():
        entry.make(checked, Size(1, 1))  # which refuses texts that the format cannot hold
    return checked


def _with_loop(options: RenderOptions, source: FrameSource) -> RenderOptions:
    """Replace ``loop="animation"`` by the number of plays and the pause that the source asks for."""
    if options.loop != "animation":
        return options
    if source.repeat_pause is None:
        return replace(options, loop=1)
    return replace(options, loop=0, final_pause=options.final_pause + source.repeat_pause)


def _with_frame(options: RenderOptions, frame_count: int | None) -> RenderOptions:
    """Count *frame* from the start, where the number of frames is known."""
    if options.frame is None or not frame_count:
        return options
    wanted = frame_number(options.frame)
    if not -frame_count <= wanted < frame_count:
        raise no_such_frame(wanted, frame_count)
    return replace(options, frame=wanted % frame_count)
