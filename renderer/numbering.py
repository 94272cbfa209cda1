"""From pixels to frames: each gets its number and its seconds."""

from dataclasses import replace

from renderer.errors import SourceError
from renderer.plan import Durations
from renderer.sources.source import NO_FRAMES
from renderer.types import Frame, Pixels, Size


class Numbering:
    """Makes the frames of one render.

    Parameters
    ----------
    durations : Durations
        Seconds that each frame is shown.
    final_pause : float
        Seconds that the last frame stays longer. With such a pause, each frame is held back until the next one is
        there, so that the last one is known.

    Attributes
    ----------
    count : int
        Frames so far.
    """

    def __init__(self, durations: Durations, final_pause: float) -> None:
        self._durations = durations
        self._pause = final_pause
        self._held: Frame | None = None
        self._size: Size | None = None
        self.count = 0

    def add(self, pixels: Pixels, seconds: float | None = None) -> list[Frame]:
        """Return the frame that is ready when these pixels are there, if there is one.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (height, width, 4)
            What the next frame shows.
        seconds : float, optional
            How long it is shown, where the options name no time.

        Raises
        ------
        SourceError
            The frame has another size than the first one.
        """
        frame = Frame(self.count, pixels, self._durations.of(self.count, seconds))
        self._size = self._size or frame.size
        if frame.size != self._size:
            sizes = "frame {} is {} x {} pixels, the first one is {} x {}".format(self.count, *frame.size, *self._size)
            raise SourceError(f"{sizes}; all frames must have the same size")
        self.count += 1
        ready, self._held = (self._held, frame) if self._pause else (frame, None)
        return [] if ready is None else [ready]

    def finish(self) -> list[Frame]:
        """Return the frame that was held back, if there is one, with the pause.

        Raises
        ------
        SourceError
            There were no frames.
        OptionError
            There are more durations than frames.
        """
        if not self.count:
            raise SourceError(NO_FRAMES)
        self._durations.check_length(self.count)
        last = self._held
        return [] if last is None else [replace(last, duration=last.duration + self._pause)]
