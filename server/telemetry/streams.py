"""Standard output and error of a process that outlives who reads them."""

import io
import sys
from contextlib import suppress
from typing import Any, TextIO


def open_standard_streams() -> None:
    """Open standard output and error anew: what cannot be written there is lost, and nothing fails for it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None:  # as it is where the descriptor was closed
            setattr(sys, name, _lossy(stream))


def _lossy(stream: TextIO) -> TextIO:
    file = _LossyFile(stream.fileno(), "wb", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(file), stream.encoding, stream.errors, line_buffering=True)


class _LossyFile(io.FileIO):
    """A file that takes everything, also where its disk is full, or its reader or terminal is gone."""

    def write(self, data: Any, /) -> int:
        written = None  # as from a file that does not block, and takes nothing now
        with suppress(OSError):
            written = super().write(data)
        return written or memoryview(data).nbytes
