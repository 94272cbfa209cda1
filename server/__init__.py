"""figreel over HTTP."""

from server.app import create_app
from server.catalog import Catalog, CatalogError, ParameterError
from server.settings import Settings
from server.types import Color

__all__ = ["Catalog", "CatalogError", "Color", "ParameterError", "Settings", "create_app"]
