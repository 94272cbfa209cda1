"""Keeps a render within its limits, as early as each can be known."""

from collections.abc import Callable

from renderer.errors import LimitError
from renderer.options import Limits
from renderer.types import Size


class FrameLimits:
    """Compares the frames of a render, and the time that they take, with what is allowed.

    Parameters
    ----------
    limits : Limits
        What the render may use.
    frame_count : int, optional
        Number of frames, where it is known.
    seconds : callable
        Returns the seconds that the render has taken so far.

    Raises
    ------
    LimitError
        The animation is known to have too many frames.
    """

    def __init__(self, limits: Limits, frame_count: int | None, seconds: Callable[[], float]) -> None:
        self._limits = limits
        self._frame_count = frame_count or 0
        self._seconds = seconds
        refuse(limits, "max_frames", self._frame_count, "the animation has {} frames")

    def check(self, index: int, size: Size) -> None:
        """Check that frame *index* may be drawn.

        Raises
        ------
        LimitError
            A limit is passed, or will be by the frames that are known to come.
        """
        limits = self._limits
        pixels = size.width * size.height
        count = max(self._frame_count, index + 1)
        text = f"{size.width} x {size.height}"
        refuse(limits, "max_frames", count, "the animation has {} frames or more")
        refuse(limits, "max_pixels", pixels, f"a frame of {text} has {{}} pixels")
        refuse(limits, "max_total_pixels", pixels * count, f"{count} frames of {text} have {{}} pixels")
        refuse(limits, "max_seconds", self._seconds(), f"{{:.3g}} seconds have passed before frame {index}")


def refuse(limits: Limits, name: str, value: float, fact: str) -> None:
    """Check a value against the limit of a name.

    Raises
    ------
    LimitError
        The value is larger. The message begins with *fact*, formatted with the value.
    """
    limit = getattr(limits, name)
    if limit is not None and value > limit:
        raise LimitError(name, f"{fact.format(value)}, more than {limit} are not allowed")
