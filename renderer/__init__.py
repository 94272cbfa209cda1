"""matplotlib animations to bytes in memory, frame for frame identical to ``Animation.save``."""

from renderer.api import frames, render, render_many, rendered, stream
from renderer.errors import (
    FormatError,
    LimitError,
    MissingExtraError,
    OptionError,
    RenderError,
    SourceError,
)
from renderer.options import Limits, RenderOptions
from renderer.sources.animation import Scene
from renderer.streams import astream, astream_to, stream_to
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
    "astream",
    "astream_to",
    "frames",
    "render",
    "render_many",
    "rendered",
    "stream",
    "stream_to",
]
