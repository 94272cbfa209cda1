"""What savefig changes in a figure before it draws it."""

from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure


def is_drawn_as_it_is(figure: Figure, look: dict[str, Any]) -> bool:
    """Return whether savefig would draw a figure without changing anything, so that it can be left out."""
    face, edge = look.get("facecolor", mpl.rcParams["savefig.facecolor"]), mpl.rcParams["savefig.edgecolor"]
    transparent = look["transparent"]
    return (
        look["bbox_inches"] is None
        and figure.get_layout_engine() is None
        and look["dpi"] == figure.dpi
        and (_is_auto(face) or (*face, 1) == figure.get_facecolor())
        and _is_auto(edge)
        and not (mpl.rcParams["savefig.transparent"] if transparent is None else transparent)
    )


def _is_auto(color: object) -> bool:
    return isinstance(color, str) and color == "auto"
