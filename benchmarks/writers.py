"""A writer of MP4 for ``Animation.save`` that needs no program of FFmpeg's."""

from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np
from matplotlib.animation import AbstractMovieWriter

__all__ = ["VideoWriter"]


class VideoWriter(AbstractMovieWriter):
    """Writes what ``FFMpegWriter`` writes, within the process: H.264 by x264, as it comes without options."""

    def setup(self, fig: Any, outfile: Any, dpi: float | None = None) -> None:
        """Open the file."""
        super().setup(fig, outfile, dpi)
        self._container = av.open(str(outfile), "w")
        self._stream: Any = self._container.add_stream("libx264", rate=Fraction(self.fps).limit_denominator(1000))
        self._stream.width, self._stream.height = (side // 2 * 2 for side in self.frame_size)
        self._stream.pix_fmt = "yuv420p"

    def grab_frame(self, **options: Any) -> None:
        """Draw the figure, and encode what was drawn."""
        file = BytesIO()
        self.fig.savefig(file, format="rgba", dpi=self.dpi, **options)
        width, height = self.frame_size
        pixels = np.frombuffer(file.getbuffer(), np.uint8).reshape(height, width, 4)
        even = np.ascontiguousarray(pixels[: self._stream.height, : self._stream.width])
        self._container.mux(self._stream.encode(av.VideoFrame.from_ndarray(even, format="rgba")))

    def finish(self) -> None:
        """Encode what is left, and close the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
