"""The index of each of the 2^24 colors."""

import numpy as np
from numpy.typing import NDArray

from renderer.encoding.gif.colors import Cells, Colors, Indices

_ERASED = 1 << 20  # colors up to this number are erased one by one; if there are more, the whole table is


class IndexTable:
    """Indices by color; 0 for colors without an index."""

    def __init__(self) -> None:
        # Numpy asks the system for large pages, without which looking up many colors takes a fifth longer.
        self._indices: Indices = np.zeros(1 << 24, np.uint8)
        # A cell is 8 x 8 numbers of it: one for each blue and green, a byte for each red.
        self._blocks = self._indices.view(np.uint64).reshape(32, 8, 32, 8, 32)
        self._filled: list[Cells] = []
        self._written: list[Colors] = []
        self._written_count = 0

    def take(self, colors: Colors) -> Indices:
        """Return the index of each color."""
        return self._indices.take(colors)

    def write(self, colors: Colors, indices: NDArray[np.integer]) -> None:
        """Set the index of each color."""
        self._indices[colors] = indices
        self._written.append(colors)
        self._written_count += len(colors)
        if self._written_count > _ERASED:
            self._written = []

    def fill(self, cell: Cells, indices: Indices) -> None:
        """Set the index of all colors of cells that have none."""
        blue, green, red = _axes(cell)
        blocks = self._blocks[blue, :, green, :, red]
        filled = blocks.view(np.uint8)
        filled += (filled == 0) * indices[:, None, None]
        self._blocks[blue, :, green, :, red] = blocks
        self._filled.append(cell)

    def clear(self) -> None:
        """Set all indices to 0."""
        if self._written_count > _ERASED:
            self._indices[:] = 0
        for colors in self._written:
            self._indices[colors] = 0
        for cell in self._filled:
            blue, green, red = _axes(cell)
            self._blocks[blue, :, green, :, red] = 0
        self._filled, self._written, self._written_count = [], [], 0


def _axes(cell: Cells) -> tuple[NDArray[np.integer], ...]:
    """Return blue, green and red of cells, the order of the table."""
    return cell >> 10, cell >> 5 & 0x1F, cell & 0x1F
