"""figreel over HTTP."""

from server.app import create_app
from server.catalog.entries import Catalog, CatalogError, ParameterError
from server.catalog.types import Color
from server.settings import Settings

__all__ = ["Catalog", "CatalogError", "Color", "ParameterError", "Settings", "create_app"]
