"""How long each frame is shown, in seconds."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from renderer.errors import OptionError
from renderer.options import LONGEST, SHORTEST, RenderOptions
from renderer.sources.animation import FrameSource
from renderer.types import Frame

__all__ = ["Schedule", "resolve_loop"]


def resolve_loop(options: RenderOptions, source: FrameSource) -> RenderOptions:
    """Replace ``loop="animation"`` by the number of plays and the pause that the source asks for."""
    if options.loop != "animation":
        return options
    pause = source.repeat_pause
    if pause is None:
        return replace(options, loop=1)
    return replace(options, loop=0, final_pause=options.final_pause + pause)


class Schedule:
    """Durations by frame index, from *fps*, *interval*, *durations* or the source's own interval.

    Parameters
    ----------
    options : RenderOptions
        The options of the render.
    source : FrameSource
        Its interval counts where the options name no time.

    Raises
    ------
    OptionError
        *durations* has another length than the source.
    """

    def __init__(self, options: RenderOptions, source: FrameSource) -> None:
        self._durations = options.durations
        self._final_pause = options.final_pause
        if options.fps is not None:
            self._each = 1 / options.fps
        else:
            self._each = (options.interval if options.interval is not None else source.interval) / 1000
        if source.frame_count is not None:
            self._check_length(source.frame_count)

    def seconds(self, index: int) -> float:
        """Give the seconds that frame *index* is shown, without the final pause."""
        if self._durations is None:
            return self._each
        if callable(self._durations):
            return _checked(self._durations(index), index)
        if index >= len(self._durations):
            raise OptionError("durations", f"has {len(self._durations)} numbers, but there are more frames")
        return float(self._durations[index])

    def pause_at_end(self, frames: Generator[Frame, None, None]) -> Generator[Frame, None, None]:
        """Pass frames on, the last one with the final pause added.

        Only with a pause is a frame held back until the next one is there.
        """
        held: Frame | None = None
        count = 0
        with closing(frames):
            for frame in frames:
                count += 1
                if self._final_pause == 0:
                    yield frame
                    continue
                if held is not None:
                    yield held
                held = frame
            self._check_length(count)
            if held is not None:
                yield replace(held, duration=held.duration + self._final_pause)

    def _check_length(self, frame_count: int) -> None:
        if self._durations is None or callable(self._durations):
            return
        if len(self._durations) != frame_count:
            raise OptionError(
                "durations",
                f"must hold one number a frame: {frame_count} frames, {len(self._durations)} numbers",
            )


def _checked(seconds: object, index: int) -> float:
    if not isinstance(seconds, int | float) or not SHORTEST <= seconds <= LONGEST:
        raise OptionError(
            "durations", f"gave {seconds!r} for frame {index}; it must give seconds from {SHORTEST:g} to {LONGEST:g}"
        )
    return float(seconds)
