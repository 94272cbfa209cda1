"""The animations that ``figreel serve`` shows when it is given no catalog of its own."""

from server.demo.catalog import catalog

__all__ = ["catalog"]
