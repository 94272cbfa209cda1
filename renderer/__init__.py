"""matplotlib animations to bytes in memory, frame for frame identical to ``Animation.save``."""

from renderer.api import frames, render, rendered, stream
from renderer.errors import (
    FormatError,
    LimitError,
    MissingExtraError,
    OptionError,
    RenderError,
    SourceError,
)
from renderer.options import Limits, RenderOptions
from renderer.sources import Scene
from renderer.types import Clip, Frame

__all__ = [
    "Clip",
    "FormatError",
    "Frame",
    "LimitError",
    "Limits",
    "MissingExtraError",
    "OptionError",
    "RenderError",
    "RenderOptions",
    "Scene",
    "SourceError",
    "frames",
    "render",
    "rendered",
    "stream",
]
