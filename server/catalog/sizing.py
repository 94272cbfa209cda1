"""From validated values to what `renderer.stream` takes: an animation of the right size, and options."""

from typing import Any

import matplotlib as mpl
from matplotlib.animation import Animation
from pydantic import BaseModel

from renderer import Scene
from renderer.sources.animation import as_source
from server.catalog.entries import Entry, ParameterError

__all__ = ["prepare"]


_OPTIONS = ("fps", "loop", "frame", "dpi")


def prepare(entry: Entry, values: BaseModel) -> tuple[Any, dict[str, Any]]:
    """Call an animation's function; give its source and the options to render it with.

    Parameters
    ----------
    entry : Entry
        The animation.
    values : BaseModel
        An instance of ``entry.playback`` or ``entry.still``.

    Raises
    ------
    ParameterError
        A size is asked for, and it has no figure of its own to give it.
    """
    asked = values.model_dump(include={*_OPTIONS, "width", "height"}, exclude_none=True)
    source = entry.source(values)
    if "width" in asked or "height" in asked:
        _resize(source, asked.get("width"), asked.get("height"), asked.get("dpi"))
    return source, {name: asked[name] for name in _OPTIONS if name in asked}


def _resize(source: Any, width: float | None, height: float | None, dpi: float | None) -> None:
    """Set the size of the figure, in pixels at *dpi*; one of two alone keeps the proportions."""
    if not isinstance(source, Animation | Scene):
        raise ParameterError("width" if width else "height", "this animation comes in one size only")
    figure = as_source(source).figure
    assert figure is not None  # noqa: S101 -- an Animation and a Scene have one
    choice = dpi or mpl.rcParams["savefig.dpi"]
    scale = figure.dpi if choice == "figure" else choice
    own_width, own_height = figure.get_size_inches() * scale
    width = width or own_width * height / own_height
    height = height or own_height * width / own_width
    figure.set_size_inches(width / scale, height / scale)
