"""figreel over HTTP."""

from server.app import create_app
from server.catalog.entries import Catalog
from server.catalog.types import Color
from server.errors import CatalogError, ParameterError
from server.settings import Settings

__all__ = ["Catalog", "CatalogError", "Color", "ParameterError", "Settings", "create_app"]
