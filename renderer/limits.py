"""Keeps a render within its limits, as early as each can be known."""

import time

from renderer.errors import LimitError
from renderer.options import Limits
from renderer.types import Size

__all__ = ["Guard"]


class Guard:
    """Compares what a render uses with what it may use.

    The clock starts when the guard is made.

    Parameters
    ----------
    limits : Limits
        What the render may use.
    frame_count : int, optional
        Number of frames, where it is known.
    """

    def __init__(self, limits: Limits, frame_count: int | None) -> None:
        self._limits = limits
        self._frame_count = frame_count or 0
        self._started = time.monotonic()
        self._refuse("max_frames", self._frame_count, "the animation has {} frames")

    def before_frame(self, index: int, size: Size) -> None:
        """Check that frame *index* may be drawn.

        Raises
        ------
        LimitError
            It may not: a limit is passed, or will be by the frames that are known to come.
        """
        pixels = size.width * size.height
        count = max(self._frame_count, index + 1)
        self._refuse("max_frames", count, "the animation has {} frames or more")
        self._refuse("max_pixels", pixels, f"a frame of {size.width} x {size.height} has {{}} pixels")
        self._refuse(
            "max_total_pixels",
            pixels * count,
            f"{count} frames of {size.width} x {size.height} have {{}} pixels",
        )
        self._refuse(
            "max_seconds",
            time.monotonic() - self._started,
            f"{{:.3g}} seconds have passed before frame {index}",
        )

    def after_bytes(self, count: int) -> None:
        """Check that a file may have this many bytes.

        Raises
        ------
        LimitError
            It may not.
        """
        self._refuse("max_bytes", count, "the file has {} bytes or more")

    def _refuse(self, name: str, value: float, fact: str) -> None:
        limit = getattr(self._limits, name)
        if limit is not None and value > limit:
            raise LimitError(name, f"{fact.format(value)}, more than {limit} are not allowed")
