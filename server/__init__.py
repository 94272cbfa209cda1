"""figreel over HTTP."""

try:
    from server.app import create_app
    from server.catalog.entries import Catalog
    from server.catalog.types import Color
    from server.errors import CatalogError, ParameterError
    from server.settings import Settings
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] in ("renderer", "server"):
        raise
    raise ImportError(
        f"figreel's server needs a library that is not installed ({error.name}); "
        "install it with: pip install 'figreel[server]'",
        name=error.name,
    ) from None

__all__ = ["Catalog", "CatalogError", "Color", "ParameterError", "Settings", "create_app"]
