"""Files in the making: what becomes of the frames of a render."""

from collections import deque
from collections.abc import Iterable
from fractions import Fraction

from renderer.clips.clip import Clip
from renderer.encoding.formats import Encoder, Format
from renderer.errors import OptionError
from renderer.options import RenderOptions
from renderer.running.limits import refuse
from renderer.types import Frame, Size


class File:
    """One file: an encoder, made when the size of the frames is known.

    Parameters
    ----------
    chosen : Format
        What to write.
    options : RenderOptions
        The options of the render.

    Attributes
    ----------
    transparency : bool
        Whether a pixel's alpha survives.
    done : bool
        Whether more frames would change nothing.
    """

    def __init__(self, chosen: Format, options: RenderOptions) -> None:
        self._format = chosen
        self._options = options
        self._encoder: Encoder | None = None
        self._frame_count = 0
        self._duration = Fraction(0)
        self._bytes = 0
        self._wanted = frame_number(options.frame)
        self._last: deque[Frame] = deque(maxlen=max(1, -self._wanted))
        self.transparency = chosen.transparency
        self.done = False

    def add(self, frame: Frame) -> bytes:
        """Encode the next frame, and return the bytes that are ready.

        Parameters
        ----------
        frame : Frame
            Opaque, unless the format has `transparency`.
        """
        if not self._format.still:
            return self._encoded(frame)
        if not self.done:
            self._last.append(frame)
            self.done = frame.index == self._wanted
        return b""

    def finish(self) -> bytes:
        """Return the rest of the file."""
        chosen = b""
        if self._format.still:
            if not self.done and len(self._last) != -self._wanted:
                raise no_such_frame(self._wanted, self._last[-1].index + 1)
            chosen = self._encoded(self._last[0])
        return chosen if self._encoder is None else chosen + self._counted(self._encoder.finish())

    def clip(self, parts: Iterable[bytes]) -> Clip:
        """Join the pieces that `add` and `finish` returned into a clip."""
        width, height = Size(0, 0) if self._encoder is None else self._encoder.size
        name, media_type = self._format.name, self._format.media_type
        shown = self._frame_count - getattr(self._encoder, "left_out", 0)
        plays = 0 if self._format.still else self._options.plays
        seconds = round(float(self._duration), 9)  # 0.05 is no float: three of them are 0.15000000000000002
        return Clip(b"".join(parts), name, media_type, width, height, shown, seconds, plays)

    def _encoded(self, frame: Frame) -> bytes:
        if self._encoder is None:
            self._encoder = self._format.make(self._options, frame.size)
        self._frame_count += 1
        self._duration += Fraction(frame.duration)
        return self._counted(self._encoder.add(frame))

    def _counted(self, data: bytes) -> bytes:
        self._bytes += len(data)
        refuse(self._options.limits, "max_bytes", self._bytes, "the file has {} bytes or more")
        return data


def frame_number(wanted: int | str | None) -> int:
    """Return the number of the frame to show, negative if it counts from the end."""
    return -1 if wanted == "last" else int(wanted or 0)


def no_such_frame(wanted: int, frame_count: int) -> OptionError:
    """Return the error about a frame that the animation does not have."""
    return OptionError("frame", f"there is no frame {wanted}; the animation has {frame_count}")
