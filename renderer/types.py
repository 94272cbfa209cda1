"""What rendering returns: a frame, and a finished clip."""

import base64
import os
import tempfile
from collections.abc import Container
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGBA with straight alpha, shape (height, width, 4), C order."""


FormatName: TypeAlias = Literal["gif", "apng", "webp", "avif", "mp4", "webm", "png"]


class Sink(Protocol):
    """A binary file, a socket's file, a response: what can be written to."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame of an animation. Frames compare by identity.

    Attributes
    ----------
    index : int
        Position in the animation, from 0.
    pixels : ndarray of uint8, shape (height, width, 4)
        RGBA with straight (not premultiplied) alpha; the frame's own copy.
    duration : float
        How long the frame is shown, in seconds.
    """

    index: int
    pixels: Pixels = field(repr=False)
    duration: float

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        height, width = self.pixels.shape[:2]
        return Size(width, height)


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished animation, in memory.

    Two clips are equal when their bytes are.

    Attributes
    ----------
    data : bytes
        The whole file.
    format : str
        ``"gif"``, ``"apng"``, ...
    media_type : str
        The media type to serve it as, such as ``"image/gif"``.
    width, height : int
        Size in pixels.
    frame_count : int
        Frames drawn. The file may hold fewer: equal neighbors are merged.
    duration : float
        Seconds that one play takes.
    """

    data: bytes = field(repr=False)
    format: str = field(compare=False)
    media_type: str = field(compare=False)
    width: int = field(compare=False)
    height: int = field(compare=False)
    frame_count: int = field(compare=False)
    duration: float = field(compare=False)

    def __bytes__(self) -> bytes:
        return self.data

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return (
            f"<Clip {self.format}, {self.width} x {self.height} pixels, {self.frame_count} frames, "
            f"{self.duration:g} s, {len(self.data):,} bytes>"
        )

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return Size(self.width, self.height)

    def open(self) -> BytesIO:
        """Return the clip as a binary file, opened for reading at its start."""
        return BytesIO(self.data)

    def data_uri(self) -> str:
        """Return the clip as a ``data:`` URI, for the ``src`` of an ``<img>`` or a ``<video>``."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"

    def save(self, path_or_file: str | os.PathLike[str] | Sink) -> None:
        """Write the clip to a path or to a binary file.

        Parameters
        ----------
        path_or_file : str, path-like or file-like
            A path is replaced in one step, so that no reader sees half a file. Anything with a ``write`` is written to.
        """
        if isinstance(path_or_file, str | os.PathLike):
            _replace(Path(path_or_file), self.data)
        else:
            path_or_file.write(self.data)

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """Return the representations of the clip that a notebook can show."""
        attributes = f'src="{escape(self.data_uri())}" width="{self.width}" height="{self.height}"'
        if self.media_type.startswith("video/"):
            element = f"<video {attributes} controls autoplay loop muted playsinline></video>"
        else:
            element = f'<img {attributes} alt="{escape(self.format)}">'
        return {"text/html": element, "text/plain": repr(self)}


def _replace(path: Path, data: bytes) -> None:
    """Write a file beside *path* and move it there, so that no half file is ever seen."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
