"""Files in the making: what becomes of the frames of a render."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from renderer.encoding.formats import Encoder, canonical_format, encoder_class
from renderer.encoding.gif.budget import BudgetGifEncoder
from renderer.errors import OptionError
from renderer.limits import Guard
from renderer.options import RenderOptions
from renderer.pixels import on_white
from renderer.types import Clip, Frame, Size

__all__ = ["File", "Format", "check_used", "find_formats", "known_frame"]


class Format:
    """A format as somebody asked for it.

    Parameters
    ----------
    name : str
        Name of the format, as it was given.
    still : bool
        Whether ``"png"`` means a picture of one frame.
    streaming : bool
        Whether bytes leave before the end.

    Raises
    ------
    FormatError
        No such format, or its library is missing.
    """

    def __init__(self, name: str, *, still: bool, streaming: bool) -> None:
        self.name = canonical_format(name, still=still)
        self.encoder: type[Encoder] = encoder_class(name, still=still, streaming=streaming)

    def make_encoder(self, options: RenderOptions, size: Size) -> Encoder:
        """Make an encoder, one that keeps to a budget if there is one."""
        if self.name == "gif" and options.max_bytes is not None:
            return BudgetGifEncoder(options, size)
        return self.encoder(options, size)

    @property
    def still(self) -> bool:
        """Whether it shows one frame of all."""
        return "frame" in self.encoder.options_used


def find_formats(
    names: Sequence[str], options: RenderOptions, *, streaming: bool = False, still: bool = False
) -> list[Format]:
    """Find formats by their names.

    Parameters
    ----------
    names : sequence of str
        Names of formats.
    options : RenderOptions
        With a *frame*, ``"png"`` is that frame; without, an animation.
    streaming : bool, default: False
        Whether bytes leave before the end.
    still : bool, default: False
        Whether ``"png"`` is a frame in any case.

    Raises
    ------
    FormatError
        No such format, or its library is missing.
    OptionError
        An option means nothing to any of them.
    """
    still = still or options.frame is not None
    formats = [Format(name, still=still, streaming=streaming) for name in names]
    used = frozenset[str]().union(*(found.encoder.options_used for found in formats))
    check_used(options, used, " and ".join(f"format {found.name!r}" for found in formats))
    return formats


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


class File:
    """One file: an encoder, made when the size of the frames is known.

    Parameters
    ----------
    found : Format
        What to write.
    options : RenderOptions
        The options of the render.
    guard : Guard
        Watches the size of the file.
    """

    def __init__(self, found: Format, options: RenderOptions, guard: Guard) -> None:
        self._format = found
        self._options = options
        self._guard = guard
        self._choice = _Choice(options.frame) if found.still else None
        self._encoder: Encoder | None = None
        self._size = Size(0, 0)
        self._bytes = 0
        self._frame_count = 0
        self._duration = 0.0

    @property
    def transparency(self) -> bool:
        """Whether a pixel's alpha survives."""
        return self._format.encoder.transparency

    @property
    def done(self) -> bool:
        """Whether more frames would change nothing."""
        return self._choice is not None and self._choice.made

    def add(self, frame: Frame) -> bytes:
        """Take the next frame; give the bytes that are ready."""
        chosen = frame if self._choice is None else self._choice.add(frame)
        return b"" if chosen is None else self._encoded(chosen)

    def finish(self) -> bytes:
        """Give the rest of the file."""
        chosen = None if self._choice is None else self._choice.finish()
        rest = b"" if chosen is None else self._encoded(chosen)
        if self._encoder is None:
            return rest
        rest += self._counted(self._encoder.finish())
        if isinstance(self._encoder, BudgetGifEncoder):
            self._size = self._encoder.size
        return rest

    def clip(self, parts: Iterable[bytes]) -> Clip:
        """Give the whole, made of what was given out."""
        return Clip(
            data=b"".join(parts),
            format=self._format.name,
            media_type=self._format.encoder.media_type,
            width=self._size.width,
            height=self._size.height,
            frame_count=self._frame_count,
            duration=self._duration,
        )

    def _encoded(self, frame: Frame) -> bytes:
        if self._encoder is None:
            self._size = frame.size
            self._encoder = self._format.make_encoder(self._options, frame.size)
        if not self.transparency:
            frame = replace(frame, pixels=on_white(frame.pixels))
        self._frame_count += 1
        self._duration += frame.duration
        return self._counted(self._encoder.add(frame))

    def _counted(self, data: bytes) -> bytes:
        self._bytes += len(data)
        self._guard.after_bytes(self._bytes)
        return data


class _Choice:
    """Picks one frame of all."""

    def __init__(self, wanted: int | str | None) -> None:
        self._wanted = _index(wanted)
        self._last: deque[Frame] = deque(maxlen=max(1, -self._wanted))
        self._count = 0
        self.made = False

    def add(self, frame: Frame) -> Frame | None:
        """Give the frame if it is the one, counted from the start."""
        self._count += 1
        if frame.index == self._wanted:
            self.made = True
            return frame
        if self._wanted < 0:
            self._last.append(frame)
        return None

    def finish(self) -> Frame | None:
        """Give the frame if it is the one, counted from the end."""
        if self.made:
            return None
        if len(self._last) < -self._wanted or self._wanted >= 0:
            raise _no_such_frame(self._wanted, self._count)
        self.made = True
        return self._last[0]


def known_frame(options: RenderOptions, frame_count: int | None) -> RenderOptions:
    """Count *frame* from the start, where the number of frames is known.

    Raises
    ------
    OptionError
        There is no such frame.
    """
    if options.frame is None or frame_count is None or frame_count == 0:
        return options
    wanted = _index(options.frame)
    if not -frame_count <= wanted < frame_count:
        raise _no_such_frame(wanted, frame_count)
    return replace(options, frame=wanted % frame_count)


def _index(wanted: int | str | None) -> int:
    return -1 if wanted == "last" else int(wanted or 0)


def _no_such_frame(wanted: int, frame_count: int) -> OptionError:
    return OptionError("frame", f"there is no frame {wanted}; the animation has {frame_count}")
