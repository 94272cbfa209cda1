"""Formats: the protocol that an encoder follows, and the registry of them."""

import importlib
from typing import ClassVar, NamedTuple, Protocol

from renderer.errors import FormatError, MissingExtraError
from renderer.options import RenderOptions
from renderer.types import Frame, Size

__all__ = ["FORMATS", "STILLS", "Encoder", "canonical_format", "encoder_class"]


class Encoder(Protocol):
    """Turns frames into the bytes of one file, in order.

    The bytes of a file are what `add` gave for each frame, then what `finish` gives. An encoder holds a few frames
    at most; one whose format needs a count or a length up front gives everything at the end.

    Parameters
    ----------
    options : RenderOptions
        Validated options; an encoder reads those it names in `options_used`.
    size : Size
        Width and height of every frame.

    Raises
    ------
    FormatError
        The format cannot hold frames of this size.
    """

    media_type: ClassVar[str]
    transparency: ClassVar[bool]
    """Whether a pixel's alpha survives. If not, frames come drawn on an opaque face."""
    options_used: ClassVar[frozenset[str]]
    """Those of `renderer.options.ENCODING_OPTIONS` that mean something in this format."""

    def __init__(self, options: RenderOptions, size: Size) -> None: ...

    def add(self, frame: Frame) -> bytes:
        """Take the next frame; give the bytes that are ready."""
        ...

    def finish(self) -> bytes:
        """Give the rest of the file. Nothing may be added after it."""
        ...


class _Entry(NamedTuple):
    module: str
    name: str
    extra: str | None = None
    streaming: str | None = None
    """Another class, for bytes that leave before the end, where that makes another file."""


FORMATS: dict[str, _Entry] = {
    "gif": _Entry("renderer.encoding.gif.encoder", "GifEncoder"),
    "apng": _Entry("renderer.encoding.png.apng", "ApngEncoder"),
    "webp": _Entry("renderer.encoding.pillow.webp", "WebpEncoder"),
    "avif": _Entry("renderer.encoding.pillow.avif", "AvifEncoder"),
    "mp4": _Entry("renderer.encoding.video", "Mp4Encoder", "video", "FragmentedMp4Encoder"),
    "webm": _Entry("renderer.encoding.video", "WebmEncoder", "video", "LiveWebmEncoder"),
}
"""Every format by its name, loaded on first use."""

STILLS: dict[str, _Entry] = {
    "png": _Entry("renderer.encoding.png.still", "PngEncoder"),
}
"""Formats of one frame."""

_ALIASES = {"png": "apng"}


def canonical_format(name: str, *, still: bool = False) -> str:
    """Give the name under which a format is registered: lower case, without a dot, aliases resolved.

    Parameters
    ----------
    name : str
        Name of a format.
    still : bool, default: False
        Whether a name of `STILLS` stands for itself.

    Raises
    ------
    FormatError
        No such format.
    """
    if not isinstance(name, str):
        raise FormatError(f"format must be a string such as 'gif', not {name!r}")
    key = name.lower().lstrip(".")
    if still and key in STILLS:
        return key
    key = _ALIASES.get(key, key)
    if key not in FORMATS:
        raise FormatError(f"unknown format {name!r}; choose from {', '.join(FORMATS)}")
    return key


def encoder_class(name: str, *, still: bool = False, streaming: bool = False) -> type[Encoder]:
    """Give the encoder of a format.

    Parameters
    ----------
    name : str
        Name of the format.
    still : bool, default: False
        As in `canonical_format`.
    streaming : bool, default: False
        Whether bytes leave before the end. If not, a format may lay its file out with the end in view.

    Raises
    ------
    FormatError
        No such format.
    MissingExtraError
        The library that the format needs is not installed.
    """
    key = canonical_format(name, still=still)
    entry = (FORMATS | STILLS)[key]
    try:
        module = importlib.import_module(entry.module)
    except ImportError as error:
        if entry.extra is None:
            raise
        raise MissingExtraError(
            f"format {key!r} needs a library that is not installed ({error.name}); "
            f"install it with: pip install 'figreel[{entry.extra}]'"
        ) from error
    encoder: type[Encoder] = getattr(module, (streaming and entry.streaming) or entry.name)
    return encoder
