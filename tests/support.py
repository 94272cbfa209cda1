"""The frames of Animation.save, and the comparison of figreel's with them."""

import os
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from matplotlib import _tight_bbox
from matplotlib.animation import AbstractMovieWriter, Animation
from PIL import Image

from renderer import frames

PICTURES = Path(__file__).parents[1] / "out" / "differences"


def some_of(
    names: str, *values: Iterable[Any], one_in: int, others: pytest.MarkDecorator = pytest.mark.thorough
) -> pytest.MarkDecorator:
    """Parametrize a test with all combinations of these values; one in so many is usual, the *others* are marked."""
    combinations = enumerate(product(*values))
    return pytest.mark.parametrize(
        names,
        [pytest.param(*values, marks=[others] if place % one_in else []) for place, values in combinations],
    )


class GrabbingWriter(AbstractMovieWriter):
    """Keeps the frames that Animation.save grabs.

    With *bbox_inches*, which Animation.save does not have, each frame is that part of the figure. A tight box is the
    first frame's.
    """

    def __init__(self, *, transparency: bool = True, bbox_inches: Any = None) -> None:
        super().__init__(fps=5)
        self.frames: list[np.ndarray] = []
        self._transparency = transparency
        self._box = bbox_inches

    def _supports_transparency(self) -> bool:
        return self._transparency

    def setup(self, fig: Any, outfile: Any, dpi: float | None = None) -> None:
        super().setup(fig, outfile, dpi)
        self.dpi = fig.dpi if dpi is None else dpi

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        buffer = BytesIO()
        if self._box is None:
            self.fig.savefig(buffer, format="rgba", dpi=self.dpi, **savefig_kwargs)
            width, _ = self.frame_size
        else:
            with patch.object(_tight_bbox, "adjust_bbox", wraps=_tight_bbox.adjust_bbox) as crop:
                self.fig.savefig(buffer, format="rgba", dpi=self.dpi, bbox_inches=self._box, **savefig_kwargs)
            self._box = crop.call_args.args[1]
            width = int(self._box.width * self.dpi + 1e-8)
        self.frames.append(np.frombuffer(buffer.getvalue(), np.uint8).reshape(-1, width, 4))

    def finish(self) -> None:
        pass


def saved_frames(
    animation: Animation, *, transparency: bool = True, bbox_inches: Any = None, **save: Any
) -> list[np.ndarray]:
    """Return the frames that Animation.save grabs, or those parts of the figure that savefig crops."""
    writer = GrabbingWriter(transparency=transparency, bbox_inches=bbox_inches)
    animation.save("unused", writer=writer, **save)
    return writer.frames


def drawn_frames(source: Any, **options: Any) -> list[np.ndarray]:
    """Return the pixels of figreel's frames."""
    return [frame.pixels for frame in frames(source, **options)]


def assert_same_frames(drawn: list[np.ndarray], expected: list[np.ndarray]) -> None:
    """Fail unless the frames are the same, bit for bit; say which pixels differ, and where to look at them."""
    assert len(drawn) == len(expected), f"{len(drawn)} frames, not {len(expected)}"
    for index, (ours, theirs) in enumerate(zip(drawn, expected, strict=True)):
        assert ours.shape == theirs.shape, f"frame {index}: {ours.shape}, not {theirs.shape}"
        rows, columns = np.nonzero((ours != theirs).any(-1))
        assert rows.size == 0, (
            f"frame {index}: {rows.size} pixels differ, "
            f"rows {rows.min()}-{rows.max()}, columns {columns.min()}-{columns.max()}; "
            f"expected.png, difference.png and actual.png are in {write_pictures(ours, theirs)}"
        )


def write_pictures(actual: np.ndarray, expected: np.ndarray) -> Path:
    """Write two pictures, and one that is red where they differ, to the folder of the running test; return it."""
    test = re.sub(r"\W+", "-", os.environ.get("PYTEST_CURRENT_TEST", "no test").removesuffix(" (call)"))
    folder = PICTURES / test[-120:].strip("-")
    folder.mkdir(parents=True, exist_ok=True)
    difference = expected // 2 + 127
    difference[(actual != expected).any(-1)] = (255, 0, 0, 255)
    for name, pixels in {"expected": expected, "difference": difference, "actual": actual}.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


def assert_as_saved(
    make: Callable[[], Animation], save: dict[str, Any] | None = None, **options: Any
) -> list[np.ndarray]:
    """Compare figreel's frames with those of Animation.save, each from an animation of its own."""
    expected = saved_frames(make(), **(save or {}))
    assert expected, "the reference has no frames"
    assert_same_frames(drawn_frames(make(), **options), expected)
    return expected
