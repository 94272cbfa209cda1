"""What the drawing of mplot3d reads: its classes, by the rules of `renderer.drawing.state.known`.

Matplotlib imports mplot3d with its projections, or goes on without it. It is not imported here: where it is missing,
the tables are empty.

3-D axes project the collections and the patches in them before anything is drawn, and order them by their depths.
Attribute names are those of matplotlib 3.10 and 3.11.
"""

import sys
from collections.abc import Iterator
from typing import Any

import matplotlib.projections  # noqa: F401 -- imports mplot3d, if it can
from matplotlib import cbook, collections, contour, lines, patches, text, tri


def _kinds(module: str, *names: str) -> Iterator[type]:
    """Yield the classes of these names that a module of mplot3d has."""
    home = sys.modules.get(f"mpl_toolkits.mplot3d.{module}")
    return (getattr(home, name) for name in names if hasattr(home, name))


def _contours() -> dict[Any, type]:
    """Return the classes that contours in 3-D axes get; matplotlib makes them when it first needs them."""
    kinds = contour.QuadContourSet, tri.TriContourSet
    return {
        cbook._make_class_factory(base, "{}3D")(kind): kind
        for base in _kinds("art3d", "Collection3D")
        for kind in kinds
        if hasattr(cbook, "_make_class_factory")
    }


AXES_3D = frozenset(_kinds("axes3d", "Axes3D"))

AXIS_3D = frozenset(_kinds("axis3d", "XAxis", "YAxis", "ZAxis"))

FLAT_KINDS: dict[type, type] = {
    **dict.fromkeys(_kinds("art3d", "Line3D"), lines.Line2D),
    **dict.fromkeys(_kinds("art3d", "Text3D"), text.Text),
    **dict.fromkeys(_kinds("art3d", "Patch3D", "PathPatch3D"), patches.PathPatch),
    **dict.fromkeys(_kinds("art3d", "Line3DCollection"), collections.LineCollection),
    **dict.fromkeys(_kinds("art3d", "Patch3DCollection"), collections.PatchCollection),
    **dict.fromkeys(_kinds("art3d", "Path3DCollection"), collections.PathCollection),
    **dict.fromkeys(_kinds("art3d", "Poly3DCollection"), collections.PolyCollection),
    **_contours(),
}
"""3-D artist class -> the 2-D class whose draw it calls, and whose ignored attributes are ignored in it, too."""

IGNORED_3D = frozenset({"zorder"})
"""What is ignored in all of these: the axes look at it in each frame, and set it if they order by depth."""

SHAPES_3D = frozenset(_kinds("art3d", "Patch3D", "PathPatch3D"))
"""Patches whose outlines change when the axes project them."""

PROJECTED: dict[type, frozenset[str]] = {
    **dict.fromkeys(_contours(), frozenset({"_paths"})),
    **dict.fromkeys(_kinds("art3d", "Line3DCollection"), frozenset({"_paths"})),
    **dict.fromkeys(
        _kinds("art3d", "Poly3DCollection"),
        frozenset({"_paths", "_facecolors2d", "_edgecolors2d"}),
    ),
    **dict.fromkeys(_kinds("art3d", "Patch3D", "PathPatch3D", "Patch3DCollection", "Path3DCollection"), frozenset()),
}
"""Class -> attributes that projecting makes from others, and that may be large; they count where nobody projects."""

AXES_STATE_3D = (
    *("M", "_axis3don", "_dist", "_draw_grid", "_focal_length", "_vertical_axis", "azim", "computed_zorder", "elev"),
    *("roll", "xy_viewLim", "zaxis", "zz_viewLim"),
)
"""What drawing 3-D axes, and the artists in them, reads of the axes besides what ``Axes.draw`` does."""
