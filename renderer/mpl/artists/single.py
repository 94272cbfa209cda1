"""Private parts of single artists (matplotlib 3.10 and 3.11)."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes._secondary_axes import SecondaryAxis as SecondaryAxis
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.transforms import TransformedPatchPath, TransformedPath


def patch_of(path: TransformedPatchPath) -> Patch:
    """Return the patch whose outline a path is."""
    patch: Patch = path._patch  # type: ignore[attr-defined]
    return patch


def path_of(path: TransformedPath) -> Path:
    """Return the path that is transformed."""
    original: Path = path._path  # type: ignore[attr-defined]
    return original


def own_transform(artist: Any) -> Any:
    """Return the transform that an artist was given, None if it has none yet; ``Artist.get_transform`` would set one.

    A contour takes that of its axes when it is asked first.
    """
    return artist._transform


def has_new_data(line: Any) -> bool:
    """Whether a line got data since its path was made; making it converts words and dates to numbers."""
    return bool(line._invalidx or line._invalidy)


def is_fitted(table: Any) -> bool:
    """Whether each draw scales a table, or its columns, beginning with the sizes that the draw before left."""
    return table._bbox is not None or len(table._autoColumns) > 0


def functions_of(item: Any) -> Sequence[Any]:
    """Return the function of a secondary axis, or of a transform by functions, and its inverse."""
    functions: Sequence[Any] = item._functions if hasattr(item, "_functions") else (item._forward, item._inverse)
    return functions


def follow_parent(axis: Any) -> None:
    """Set the limits and the scale of a secondary axis by its parent, as each draw of it does first."""
    axis._set_lims()
    axis._set_scale()


def leave_stale(artist: Any, *, stale: bool) -> None:
    """Mark an artist as stale or not, and tell nobody."""
    artist._stale = stale
