"""What several tests need: the reference that frames are compared with."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.animation import AbstractMovieWriter, Animation

from renderer import frames


class GrabbingWriter(AbstractMovieWriter):
    """Keeps what Animation.save grabs."""

    def __init__(self, *, transparency: bool = True) -> None:
        super().__init__(fps=5)
        self.frames: list[np.ndarray] = []
        self._transparency = transparency

    def _supports_transparency(self) -> bool:
        return self._transparency

    def setup(self, fig: Any, outfile: Any, dpi: float | None = None) -> None:
        super().setup(fig, outfile, dpi)
        self.dpi = fig.dpi if dpi is None else dpi

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        buffer = BytesIO()
        self.fig.savefig(buffer, format="rgba", dpi=self.dpi, **savefig_kwargs)
        width, height = self.frame_size
        self.frames.append(np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4))

    def finish(self) -> None:
        pass


def saved_frames(animation: Animation, *, transparency: bool = True, **save: Any) -> list[np.ndarray]:
    """Give the frames that Animation.save grabs."""
    writer = GrabbingWriter(transparency=transparency)
    animation.save("unused", writer=writer, **save)
    return writer.frames


def drawn_frames(source: object, **options: Any) -> list[np.ndarray]:
    """Give the pixels of figreel's frames."""
    return [frame.pixels for frame in frames(source, **options)]


def assert_same_frames(drawn: list[np.ndarray], expected: list[np.ndarray]) -> None:
    """Fail unless the frames are the same, bit for bit, and say which pixels differ."""
    assert len(drawn) == len(expected), f"{len(drawn)} frames, not {len(expected)}"
    for index, (ours, theirs) in enumerate(zip(drawn, expected, strict=True)):
        assert ours.shape == theirs.shape, f"frame {index}"
        rows, columns = np.nonzero((ours != theirs).any(-1))
        assert rows.size == 0, (
            f"frame {index}: {rows.size} pixels differ, "
            f"rows {rows.min()}-{rows.max()}, columns {columns.min()}-{columns.max()}"
        )


def assert_as_saved(
    make: Callable[[], Animation], save: dict[str, Any] | None = None, **options: Any
) -> list[np.ndarray]:
    """Compare figreel's frames with those of Animation.save, each from an animation of its own."""
    expected = saved_frames(make(), **(save or {}))
    assert expected, "the reference has no frames"
    assert_same_frames(drawn_frames(make(), **options), expected)
    return expected
