"""The animations that ``figreel serve`` shows when it is given no catalog of its own."""

from server.demo.animations import bars, catalog, image, line, scatter, surface

__all__ = ["bars", "catalog", "image", "line", "scatter", "surface"]
