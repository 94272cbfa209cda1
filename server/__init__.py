"""figreel over HTTP."""

from importlib.util import find_spec as _find_spec
from pathlib import Path as _Path

_renderer = _find_spec("renderer")
if _renderer is not None and _renderer.origin != str(_Path(__file__).parents[1] / "renderer" / "__init__.py"):
    raise ImportError(
        f"{_renderer.origin} hides figreel's package 'renderer', which has the same name; rename it", name="renderer"
    )

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
