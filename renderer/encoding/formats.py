"""The formats: what each is called, what it keeps, and which encoder writes it."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

from renderer.clips.saving import SUFFIXES
from renderer.errors import FormatError, MissingExtraError, OptionError
from renderer.options import RenderOptions
from renderer.remedies import unknown_format
from renderer.types import Frame, Size


class Encoder(Protocol):
    """Turns frames into the bytes of one file, in order.

    The file is what `add` returned for each frame, followed by what `finish` returned. An encoder holds a few frames
    at most; one whose format needs a count or a length up front returns everything at the end. One that leaves frames
    out has their number as `left_out`.

    Parameters
    ----------
    options : RenderOptions
        Validated options. An encoder reads those that its `Format` names in `options_used`.
    size : Size
        Width and height of every frame.

    Raises
    ------
    OptionError
        The format cannot hold a text of *options*.
    """

    @property
    def size(self) -> Size:
        """Width and height of the picture in the file; final once the file is finished."""

    def add(self, frame: Frame) -> bytes:
        """Encode the next frame, and return the bytes that are ready."""
        ...

    def finish(self) -> bytes:
        """Return the rest of the file. Nothing may be added after it."""
        ...


_Make = Callable[[RenderOptions, Size], Encoder]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Output:
    """Which options something that takes frames can keep.

    Attributes
    ----------
    name : str
        What error messages call it.
    options_used : frozenset of str
        Names of the `RenderOptions` that make a difference.
    always : mapping of str to object
        Other options, by the one value that they can have: ``{"lossless": True}``.
    """

    name: str
    options_used: frozenset[str]
    always: Mapping[str, object] = field(default_factory=dict)

    def keeps(self, option: str, value: object) -> bool:
        """Whether *option* can have this value."""
        return option in self.options_used or (option in self.always and self.always[option] == value)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Format(Output):
    """What is known of a format without importing its encoder.

    Attributes
    ----------
    name : str
        ``"gif"``, ``"apng"``, ...
    options_used, always
        As in `Output`.
    media_type : str
        The media type to serve it as, such as ``"image/gif"``.
    encoder : callable
        ``encoder(options, size)`` returns a new encoder.
    longest_side : int
        Pixels that a side of a frame can have.
    transparency : bool
        Whether a pixel's alpha survives. If not, frames are drawn on an opaque face.
    still : bool
        Whether the file is a picture of one frame.
    live : bool
        Whether bytes leave before the last frame is known, if the file is streamed.
    library : str or None
        Module that the encoder needs beyond the core's dependencies.
    extra : str or None
        The extra of the distribution that installs *library*.
    """

    media_type: str
    encoder: _Make = field(repr=False)
    longest_side: int
    transparency: bool = True
    still: bool = False
    live: bool = False
    library: str | None = None
    extra: str | None = None

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes that its files may have, without the dot, the usual one first."""
        return SUFFIXES[self.name]

    def is_installed(self) -> bool:
        """Whether the library that the encoder needs can be found. Nothing is imported."""
        return self.library is None or importlib.util.find_spec(self.library) is not None

    def load(self) -> None:
        """Import the library that the encoder needs.

        Raises
        ------
        MissingExtraError
            It is not installed, or it cannot be imported.
        """
        try:
            if self.library is not None:
                importlib.import_module(self.library)
        except ImportError as error:
            raise MissingExtraError(
                f"format {self.name!r} needs a library that is not installed ({error.name}); "
                f"install it with: pip install 'figreel[{self.extra}]'"
            ) from error

    def check_size(self, size: Size) -> None:
        """Check that the format can hold frames of a size.

        Raises
        ------
        FormatError
            It cannot.
        """
        if max(size) > self.longest_side:
            most = f"{self.name} holds at most {self.longest_side} pixels a side"
            raise FormatError(f"{most}, not {size.width} x {size.height}; lower the dpi")

    def make(self, options: RenderOptions, size: Size) -> Encoder:
        """Return a new encoder.

        Parameters
        ----------
        options : RenderOptions
            The options of the render.
        size : Size
            Width and height of every frame.

        Raises
        ------
        FormatError
            The format cannot hold frames of this size.
        OptionError
            It cannot hold a text of *options*.
        """
        self.check_size(size)
        return self.encoder(options, size)


def _encoder(module: str, name: str) -> _Make:
    """Return a function that imports an encoder on first use, and makes one. It can be pickled."""
    return partial(_made, module, name)


def _made(module: str, name: str, options: RenderOptions, size: Size) -> Encoder:
    encoder: _Make = getattr(importlib.import_module(f"renderer.encoding.{module}"), name)
    return encoder(options, size)


def _gif(options: RenderOptions, size: Size) -> Encoder:
    if options.max_bytes is not None:
        return _encoder("gif.budget", "BudgetGifEncoder")(options, size)
    return _encoder("gif.encoder", "GifEncoder")(options, size)


_DRAWING = frozenset({"dpi", "facecolor", "bbox_inches", "extra_anim", "progress", "verify", "limits"})
_TIMES = frozenset({"fps", "interval", "durations", "final_pause"})
_ANIMATION = _DRAWING | _TIMES | {"metadata"}
_STILL = _DRAWING | {"metadata", "transparent", "frame"}
_MOVING = _ANIMATION | {"transparent", "loop"}


def _image(
    name: str,
    encoder: _Make,
    longest_side: int,
    options: frozenset[str],
    *,
    still: bool = False,
    live: bool = False,
    **always: object,
) -> Format:
    return Format(
        name=name,
        media_type=f"image/{name}",
        encoder=encoder,
        longest_side=longest_side,
        options_used=options,
        always=always,
        still=still,
        live=live,
    )


def _video(name: str, encoder: str, longest_side: int) -> Format:
    return Format(
        name=name,
        media_type=f"video/{name}",
        encoder=_encoder("video", encoder),
        longest_side=longest_side,
        options_used=_ANIMATION | {"quality", "lossless"},
        always={"transparent": False, "loop": 1},
        transparency=False,
        library="av",
        extra="video",
    )


_PNG_SIDE = 2**31 - 1
_WEBP_SIDE = 16_383

_ALL = (
    _image("gif", _gif, 65_535, _MOVING | {"colors", "dither", "max_bytes"}, live=True, lossless=False),
    _image("apng", _encoder("png.apng", "ApngEncoder"), _PNG_SIDE, _MOVING, lossless=True),
    _image("webp", _encoder("pillow.webp", "WebpEncoder"), _WEBP_SIDE, _MOVING | {"quality", "lossless"}),
    _image("avif", _encoder("pillow.avif", "AvifEncoder"), 32_768, _MOVING | {"quality"}, lossless=False),
    _video("mp4", "Mp4Encoder", 16_384),
    _video("webm", "WebmEncoder", 65_536),
    Format(
        name="html",
        media_type="text/html",
        encoder=_encoder("html.encoder", "HtmlEncoder"),
        longest_side=_WEBP_SIDE,
        options_used=_MOVING,
        always={"lossless": True},
        live=True,
    ),
    _image("png", _encoder("png.still", "PngEncoder"), _PNG_SIDE, _STILL, still=True, lossless=True),
)

FORMATS: Mapping[str, Format] = MappingProxyType({entry.name: entry for entry in _ALL})
"""Every format by its name."""

_LIVE = {"mp4": "FragmentedMp4Encoder", "webm": "LiveWebmEncoder"}

STREAMS: Mapping[str, Format] = MappingProxyType(
    {
        **FORMATS,
        **{name: replace(FORMATS[name], encoder=_encoder("video", live), live=True) for name, live in _LIVE.items()},
    }
)
"""The same formats, laid out so that bytes can leave before the end is known."""

FRAMES = Output(name="frames()", options_used=_DRAWING | _TIMES | {"transparent"}, always={"lossless": True})
"""Frames that nobody encodes."""


def formats() -> dict[str, Format]:
    """Return the formats whose libraries are installed, by their names. No encoder is imported."""
    return {name: entry for name, entry in FORMATS.items() if entry.is_installed()}


def find_format(name: str, registry: Mapping[str, Format] = FORMATS) -> Format:
    """Return a format by its name, in any case, with or without a leading dot.

    Parameters
    ----------
    name : str
        Name of a format.
    registry : mapping of str to Format, default: FORMATS
        `FORMATS`, or `STREAMS`.

    Raises
    ------
    FormatError
        There is no such format.
    MissingExtraError
        The library that the format needs is not installed.
    """
    key = name.lower().removeprefix(".") if isinstance(name, str) else None
    if key not in registry:
        raise FormatError(unknown_format(name, registry))
    entry = registry[key]
    entry.load()
    return entry


def check_options(options: RenderOptions, outputs: Sequence[Output]) -> None:
    """Refuse options that none of the outputs can keep.

    Raises
    ------
    OptionError
        There is one; the message names the formats that can.
    """
    for name, value in options.changed().items():
        if not any(output.keeps(name, value) for output in outputs):
            able = [entry.name for entry in FORMATS.values() if entry.keeps(name, value)]
            where = " and ".join(f"format {each.name!r}" if isinstance(each, Format) else each.name for each in outputs)
            others = " and ".join(filter(None, [", ".join(able[:-1]), *able[-1:]])) or "no format"
            raise OptionError(name, f"{where} cannot keep {name}={value!r:.60}; {others} can")
