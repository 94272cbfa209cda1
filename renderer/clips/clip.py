"""A finished animation, in memory, and the protocols by which other software shows it or takes its bytes."""

import base64
import os
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from renderer.clips.elements import PLAYER, data_uri, element, title_of
from renderer.clips.saving import check_file, write_to, write_whole
from renderer.types import Sink, Size


class _Html(str):
    """HTML that says so, to those who would escape what `Clip.__html__` returns: ``Markup.format``."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


class _Description(str):
    """The description of a clip; a template that asks for the text of the clip shows the clip itself."""

    __slots__ = ("clip",)
    clip: "Clip"

    def __html__(self) -> str:
        return self.clip.__html__()


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished animation, in memory.

    It is taken for its bytes by whatever takes an iterable of bytes, such as a response of Django's or Flask's, and by
    whatever takes a buffer, such as ``file.write`` and ``hashlib.sha256``, from Python 3.12 on; before, pass ``data``.
    Notebooks and templates show it. Two clips are equal when their bytes are.

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
        Frames that the file shows. Frames that a GIF leaves out are not counted: those that *max_bytes* has no room
        for, and those shorter than 0.02 seconds; a warning says so. A decoder may count fewer, because equal neighbors
        are stored as one picture.
    duration : float
        Seconds that one play takes.
    plays : int
        How many times it was asked to play; 0 for forever. A video plays as often as its player wants, and `html` says
        so to a browser.
    """

    data: bytes = field(repr=False)
    format: str = field(compare=False)
    media_type: str = field(compare=False)
    width: int = field(compare=False)
    height: int = field(compare=False)
    frame_count: int = field(compare=False)
    duration: float = field(compare=False)
    plays: int = field(default=0, compare=False)

    def __bytes__(self) -> bytes:
        return self.data

    def __iter__(self) -> Iterator[bytes]:
        """Yield the whole file, once."""
        yield self.data

    def __buffer__(self, flags: int, /) -> memoryview:
        return memoryview(self.data)

    def __repr__(self) -> str:
        return (
            f"<Clip {self.format}, {self.width} x {self.height} pixels, {self.frame_count} frames, "
            f"{self.duration:g} s, {len(self.data):,} bytes>"
        )

    def __str__(self) -> str:
        description = _Description(repr(self))  # Django asks for the text of a value before it asks for its HTML
        description.clip = self
        return description

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return Size(self.width, self.height)

    def open(self) -> BytesIO:
        """Return the clip as a binary file, opened for reading at its start."""
        return BytesIO(self.data)

    def data_uri(self) -> str:
        """Return the clip as a ``data:`` URI, for the ``src`` of an ``<img>``, a ``<video>`` or an ``<iframe>``."""
        return data_uri(self.data, self.media_type)

    def save(self, path_or_file: str | os.PathLike[str] | Sink) -> None:
        """Write the clip to a path or to a binary file.

        Parameters
        ----------
        path_or_file : str, path-like or file-like
            A file at a path is replaced in one step, so that no reader sees half of it. It keeps its mode, and a link
            stays a link. Anything with a ``write`` is written to.

        Raises
        ------
        TypeError
            It is neither a path nor a file that takes bytes.
        ValueError
            It is a closed file.
        FormatError
            The suffix of the file's name is that of another format.
        OSError
            The file cannot be written.
        """
        check_file(path_or_file, self.format)
        if isinstance(path_or_file, str | os.PathLike):
            write_whole(path_or_file, self.data)
        else:
            write_to(path_or_file, self.data)

    def html(self, *, alt: str | None = None) -> str:
        """Return an HTML element that shows the clip and needs no other file.

        Parameters
        ----------
        alt : str, optional
            What the clip shows, for those who do not see it; by default the title of a player, else the format and the
            size.

        Returns
        -------
        str
            An ``<img>`` or a ``<video>``; for a player, an ``<iframe>`` over a picture of its first frame.
        """
        if alt is None and self.media_type == PLAYER:
            alt = title_of(self.data)
        if alt is None:
            kind = "animation" if self.frame_count > 1 else "picture"
            alt = f"{kind}, {self.format}, {self.width} x {self.height} pixels"
        return element(self.data, self.media_type, self.size, alt, loop=not self.plays)

    def __html__(self) -> str:
        return _Html(self.html())

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """Return the representations of the clip that a notebook can show, by media type."""
        shown = {"text/plain": repr(self), "text/html": self.html()}
        if self.format in ("png", "apng"):
            shown["image/png"] = base64.b64encode(self.data).decode("ascii")
        return shown
