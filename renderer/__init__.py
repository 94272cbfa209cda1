"""matplotlib animations to bytes in memory, frame for frame identical to ``Animation.save``."""

from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import renderer.integrations.notebook as _notebook
from renderer.api import Source, frames, render, render_many, rendered
from renderer.clips.clip import Clip
from renderer.encoding.formats import Format, formats
from renderer.encoding.html.page import PLAYER_POLICY
from renderer.errors import (
    BudgetWarning,
    FormatError,
    LimitError,
    MissingExtraError,
    OptionError,
    OptionWarning,
    ReferenceNotFoundError,
    RenderError,
    SourceError,
    TimingWarning,
    VerificationWarning,
)
from renderer.integrations.drop_in import Saved, drop_in
from renderer.integrations.writer import Writer
from renderer.job import Job
from renderer.options import Limits, RenderOptions
from renderer.references import refer, resolve
from renderer.sources.scene import Scene
from renderer.streams import AsyncSink, astream, astream_to, stream, stream_to
from renderer.tracebacks import user_traceback
from renderer.types import FormatName, Frame, Pixels, Sink, Size

if TYPE_CHECKING:
    from renderer.integrations.imageio_plugin import ImageioPlugin  # imageio takes a while to import: see __getattr__

__version__ = version("figreel")

load_ipython_extension = partial(_notebook.load, render_many)  # the names by which %load_ext finds them
unload_ipython_extension = _notebook.unload

__all__ = [
    "PLAYER_POLICY",
    "AsyncSink",
    "BudgetWarning",
    "Clip",
    "Format",
    "FormatError",
    "FormatName",
    "Frame",
    "ImageioPlugin",
    "Job",
    "LimitError",
    "Limits",
    "MissingExtraError",
    "OptionError",
    "OptionWarning",
    "Pixels",
    "ReferenceNotFoundError",
    "RenderError",
    "RenderOptions",
    "Saved",
    "Scene",
    "Sink",
    "Size",
    "Source",
    "SourceError",
    "TimingWarning",
    "VerificationWarning",
    "Writer",
    "__version__",
    "astream",
    "astream_to",
    "drop_in",
    "formats",
    "frames",
    "refer",
    "render",
    "render_many",
    "rendered",
    "resolve",
    "stream",
    "stream_to",
    "user_traceback",
]


def __getattr__(name: str) -> Any:
    if name != "ImageioPlugin":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("renderer.integrations.imageio_plugin").ImageioPlugin


def __dir__() -> list[str]:
    return __all__
