"""How 3-D axes draw: what they project, in which order, and what they draw around it (matplotlib 3.10 and 3.11).

``Axes3D.draw`` projects the visible collections and patches and gives them zorders by their depths, draws the panes,
the grids and each axis, and then the artists in the axes as ``Axes.draw`` does, but for spines and axis.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.patches import Patch

from renderer.mpl.artists.axes import every_axis

PROJECT = "do_3d_projection"
"""The method that projects an artist, and returns its depth."""


def has_known_parts(axes: Any) -> bool:
    """Whether axes and each axis have what is used here; else the axes are drawn as a whole for each frame."""
    parts = all(hasattr(axes, name) for name in ("_axis3don", "_children", "_frameon", "computed_zorder"))
    return parts and all(hasattr(axis, "pane") and hasattr(axis, "gridlines") for axis in every_axis([axes]))


def view_of(axes: Any) -> tuple[float, float, float]:
    """Return the angles that 3-D axes are seen from, in degrees."""
    return axes.elev, axes.azim, axes.roll


def projected_artists(axes: Any) -> list[Any]:
    """Return the artists that the axes project when they are drawn."""
    return [artist for artist in axes._children if isinstance(artist, Collection | Patch) and artist.get_visible()]


def zorders_by_depth(axes: Any, depths: Mapping[Any, Any]) -> dict[Any, float]:
    """Return the zorders that the axes give projected artists; *depths* has them in the order of the axes."""
    zorders: dict[Any, float] = {}
    if axes.computed_zorder:
        least = max(axis.get_zorder() for axis in every_axis([axes])) + 1
        given: Counter[bool] = Counter()  # collections, and patches
        for artist in sorted(depths, key=depths.__getitem__, reverse=True):
            kind = isinstance(artist, Collection)
            zorders[artist] = least + given[kind]
            given[kind] += 1
    return zorders


def grids_and_panes(axes: Any) -> list[Artist]:
    """Return what each axis draws beside itself: panes, then grids."""
    all_axis: list[Any] = every_axis([axes])
    return [*(axis.pane for axis in all_axis), *(axis.gridlines for axis in all_axis)]


def is_drawn_as_known(axes: Any, drawn: list[Artist], inside: list[Artist]) -> bool:
    """Whether the axes have drawn their patch, panes, grids (if they have any), each axis, and the artists *inside*."""
    if not axes.get_visible():
        return not drawn
    all_axis: list[Any] = every_axis([axes])
    grids = [axis.gridlines for axis in all_axis if axis.gridlines in drawn]
    around = [*(axis.pane for axis in all_axis), *grids, *all_axis] if axes._axis3don else []
    return drawn == [axes.patch, *around, *inside]
