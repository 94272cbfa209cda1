"""The size of a figure, in pixels."""

import matplotlib as mpl

from renderer import Job, Source
from server.errors import ParameterError


def resize(source: Source, width: float | None, height: float | None, dpi: float | None) -> None:
    """Set the size of an animation's figure, in pixels at *dpi*; one of the two alone keeps the proportions.

    Raises
    ------
    ParameterError
        The source has no figure on which all frames are drawn.
    """
    figure = Job(source).figure
    if figure is None:
        raise ParameterError("width" if width else "height", "this animation comes in one size only")
    choice = dpi or mpl.rcParams["savefig.dpi"]
    scale = figure.dpi if choice == "figure" else choice
    old_width, old_height = figure.get_size_inches() * scale
    width = width or old_width * height / old_height
    height = height or old_height * width / old_width
    figure.set_size_inches(width / scale, height / scale)
