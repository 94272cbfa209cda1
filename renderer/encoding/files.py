"""Files in the making: what becomes of the frames of a render."""

from collections import deque
from collections.abc import Iterable

from renderer.encoding.formats import Encoder, Format
from renderer.errors import OptionError
from renderer.limits import FileLimits
from renderer.options import RenderOptions
from renderer.types import Clip, Frame, Size

__all__ = ["File", "frame_number", "no_such_frame"]


class File:
    """One file: an encoder, made when the size of the frames is known.

    Parameters
    ----------
    chosen : Format
        What to write.
    options : RenderOptions
        The options of the render.
    """

    def __init__(self, chosen: Format, options: RenderOptions) -> None:
        self._format = chosen
        self._options = options
        self._limits = FileLimits(options.limits)
        self._choice = _Choice(options.frame) if chosen.still else None
        self._encoder: Encoder | None = None
        self._frame_count = 0
        self._duration = 0.0

    @property
    def transparency(self) -> bool:
        """Whether a pixel's alpha survives."""
        return self._format.transparency

    @property
    def done(self) -> bool:
        """Whether more frames would change nothing."""
        return self._choice is not None and self._choice.done

    def add(self, frame: Frame) -> bytes:
        """Encode the next frame, and return the bytes that are ready.

        Parameters
        ----------
        frame : Frame
            Opaque, unless the format has `transparency`.
        """
        chosen = frame if self._choice is None else self._choice.add(frame)
        return b"" if chosen is None else self._encoded(chosen)

    def finish(self) -> bytes:
        """Return the rest of the file."""
        chosen = None if self._choice is None else self._choice.finish()
        rest = b"" if chosen is None else self._encoded(chosen)
        if self._encoder is None:
            return rest
        return rest + self._limits.count(self._encoder.finish())

    def clip(self, parts: Iterable[bytes]) -> Clip:
        """Join the pieces that `add` and `finish` returned into a clip."""
        size = Size(0, 0) if self._encoder is None else self._encoder.size
        return Clip(
            data=b"".join(parts),
            format=self._format.name,
            media_type=self._format.media_type,
            width=size.width,
            height=size.height,
            frame_count=self._frame_count,
            duration=self._duration,
        )

    def _encoded(self, frame: Frame) -> bytes:
        if self._encoder is None:
            self._encoder = self._format.make(self._options, frame.size)
        self._frame_count += 1
        self._duration += frame.duration
        return self._limits.count(self._encoder.add(frame))


class _Choice:
    """Picks one frame of all."""

    def __init__(self, wanted: int | str | None) -> None:
        self._wanted = frame_number(wanted)
        self._last: deque[Frame] = deque(maxlen=max(1, -self._wanted))
        self._count = 0
        self.done = False

    def add(self, frame: Frame) -> Frame | None:
        """Return the frame if it is the chosen one, counted from the start."""
        self._count += 1
        if frame.index == self._wanted:
            self.done = True
            return frame
        if self._wanted < 0:
            self._last.append(frame)
        return None

    def finish(self) -> Frame | None:
        """Return the chosen frame if it is counted from the end."""
        if self.done:
            return None
        if len(self._last) < -self._wanted or self._wanted >= 0:
            raise no_such_frame(self._wanted, self._count)
        self.done = True
        return self._last[0]


def frame_number(wanted: int | str | None) -> int:
    """Return the number of the frame to show, negative if it counts from the end."""
    return -1 if wanted == "last" else int(wanted or 0)


def no_such_frame(wanted: int, frame_count: int) -> OptionError:
    """Return the error about a frame that the animation does not have."""
    return OptionError("frame", f"there is no frame {wanted}; the animation has {frame_count}")
