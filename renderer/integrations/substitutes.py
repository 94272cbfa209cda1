"""Which of matplotlib's writers figreel's takes the place of, and for which files."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib import animation as writing
from matplotlib.animation import writers

from renderer.encoding.formats import FORMATS
from renderer.integrations.writer import Writer, suffix_of
from renderer.mpl.animations.stepping import interval_of
from renderer.sources.source import DEFAULT_INTERVAL

_IMAGES = {"apng": "apng", "avif": "avif", "gif": "gif", "webp": "webp"}
_ALL = {**_IMAGES, "m4v": "mp4", "mp4": "mp4", "webm": "webm"}

_FORMATS: Mapping[Any, Mapping[str, str]] = {
    writing.PillowWriter: {**_IMAGES, "png": "apng"},
    writing.FFMpegWriter: _ALL,
    writing.FFMpegFileWriter: _ALL,
    writing.ImageMagickWriter: _IMAGES,
    writing.ImageMagickFileWriter: _IMAGES,
}
"""Matplotlib's writers, and the format for each suffix that figreel writes in their place."""

_NAMES: Mapping[str, type] = {
    "figreel": Writer,
    "pillow": writing.PillowWriter,
    "ffmpeg": writing.FFMpegWriter,
    "ffmpeg_file": writing.FFMpegFileWriter,
    "imagemagick": writing.ImageMagickWriter,
    "imagemagick_file": writing.ImageMagickFileWriter,
}

OF_WRITERS = ("fps", "codec", "bitrate", "extra_args", "metadata")
"""Arguments of ``Animation.save`` that go to a writer which is given by its name."""

_H264 = (None, "h264", "libx264")

_CODECS: Mapping[str, Sequence[str | None]] = {"mp4": _H264, "webm": (*_H264, "vp9", "libvpx-vp9")}
"""The codecs for which figreel writes a film. The default of matplotlib's settings is H.264, for WebM as well."""

_ANY_BITRATE = (None, -1)


class Request(NamedTuple):
    """What a save asks of its writer: the arguments of ``Animation.save``, or those that the writer was made with."""

    file: Any
    kind: type | None
    fps: float
    codec: str | None
    bitrate: int | None
    extra_args: Sequence[str] | None
    metadata: Mapping[str, Any]
    transparent: bool

    @property
    def format(self) -> str | None:
        """Name of the format of figreel's for this writer and file, if there is one."""
        return _FORMATS.get(self.kind, {}).get(suffix_of(self.file))


def own_writer(arguments: Mapping[str, Any]) -> Writer | None:
    """Return the writer of figreel's that a save asks for itself, None if it asks for another.

    Parameters
    ----------
    arguments : mapping of str to object
        The arguments of ``Animation.save``.
    """
    writer = _asked(arguments)
    if isinstance(writer, Writer):
        return writer
    if not isinstance(writer, str) or _kind_of(writer) is not Writer:
        return None
    named: dict[str, Any] = {name: arguments.get(name) for name in OF_WRITERS}
    return Writer(**named | {"fps": _fps_of(arguments)})


def request_of(arguments: Mapping[str, Any]) -> Request:
    """Return what a save asks for.

    Parameters
    ----------
    arguments : mapping of str to object
        The arguments of ``Animation.save``.
    """
    writer = _asked(arguments)
    own = {name: arguments.get(name) for name in OF_WRITERS}
    if isinstance(writer, str):
        kind = _kind_of(writer)
        made: dict[str, Any] = dict(own)
        made["fps"] = _fps_of(arguments)
        made["codec"] = own["codec"] or mpl.rcParams["animation.codec"]
        made["bitrate"] = own["bitrate"] or mpl.rcParams["animation.bitrate"]
    else:
        kind = None if any(value is not None for value in own.values()) else type(writer)
        made = {name: getattr(writer, name, None) for name in own}
    look = arguments.get("savefig_kwargs") or {}
    made["metadata"] = made["metadata"] or {}
    return Request(arguments["filename"], kind, transparent=bool(look.get("transparent")), **made)


def _asked(arguments: Mapping[str, Any]) -> Any:
    """Return the writer of a save, or its name."""
    return arguments.get("writer") or mpl.rcParams["animation.writer"]


def _fps_of(arguments: Mapping[str, Any]) -> float:
    """Return the frames a second of a save by a writer that is given by its name."""
    fps: float = arguments.get("fps") or 1000 / interval_of(arguments["self"], DEFAULT_INTERVAL)
    return fps


def _kind_of(name: str) -> type | None:
    """Return the class that is called so in `_NAMES`, None if the program has registered another one."""
    kind = _NAMES.get(name)
    return None if writers.is_available(name) and writers[name] is not kind else kind


def obstacle(request: Request) -> str:
    """Return why figreel does not write a file, empty if it does."""
    name = request.format
    if request.kind not in _FORMATS:
        return "the writer is none of matplotlib's for pictures and films"
    if name is None:
        return "the file's suffix is none that figreel writes"
    entry = FORMATS[name]
    if not entry.is_installed():
        return f"{name} needs pip install 'figreel[{entry.extra}]'"
    if request.extra_args or (not entry.transparency and mpl.rcParams["animation.ffmpeg_args"]):
        return "extra_args are for another encoder"
    if request.codec not in _CODECS.get(name, (request.codec,)):
        return f"the codec is {request.codec}"
    if not entry.transparency and request.bitrate not in _ANY_BITRATE:
        return "a bitrate is asked for"
    return "WebM is written without alpha" if name == "webm" and request.transparent else ""


def substitute(request: Request) -> Writer:
    """Return the writer of ours for a request without an obstacle."""
    texts = {str(key): str(text) for key, text in request.metadata.items()}
    return Writer(request.fps, metadata=texts, format=request.format)
