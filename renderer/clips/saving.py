"""Files that are written whole or not at all, under a name that says what they are."""

import errno
import inspect
import os
import secrets
import stat
from collections.abc import Mapping
from io import FileIO, IOBase, RawIOBase, TextIOBase
from pathlib import Path
from socket import SocketIO
from typing import Any

from renderer.errors import FormatError
from renderer.types import FORMAT_NAMES

_MORE = {"apng": ("png",), "html": ("htm",), "mp4": ("m4v",)}

SUFFIXES: Mapping[str, tuple[str, ...]] = {name: (name, *_MORE.get(name, ())) for name in FORMAT_NAMES}
"""The suffixes that a file of each format may have, the usual one first."""


_BINARY = getattr(os, "O_BINARY", 0)  # Windows writes other ends of lines without it


def formats_of(suffix: str) -> list[str]:
    """Return the formats that a file of a suffix may have, first the one whose usual suffix it is.

    Parameters
    ----------
    suffix : str
        In small letters, without the dot.
    """
    formats = [name for name, suffixes in SUFFIXES.items() if suffix in suffixes]
    return sorted(formats, key=lambda name: SUFFIXES[name].index(suffix))


def check_file(file: object, format: str) -> None:  # noqa: A002 -- as in render
    """Raise an error if a file cannot be written to, or if its name is that of another format.

    Parameters
    ----------
    file : str, path-like or file-like
        Where the bytes will go.
    format : str
        Name of the format that they have.

    Raises
    ------
    TypeError
        It is neither a path nor anything to which bytes can be written.
    ValueError
        It is a closed file.
    FormatError
        The suffix of its name is that of another format.
    OSError
        Its path is that of a folder.
    """
    if isinstance(file, str | os.PathLike):
        refuse_folder(file)
        check_name(file, format)
    else:
        check_sink(file, format)


def check_sink(sink: object, format: str, *, awaited: bool = False) -> None:  # noqa: A002 -- as in render
    """Raise an error if nothing can be written to a sink, or if its name is that of another format.

    Parameters
    ----------
    sink : object
        Where the bytes will go.
    format : str
        Name of the format that they have.
    awaited : bool, default: False
        Whether a ``write`` that is a coroutine is awaited.

    Raises
    ------
    TypeError
        It does not take bytes.
    ValueError
        It is closed.
    FormatError
        The suffix of its name is that of another format.
    """
    if getattr(sink, "closed", False) is True:
        raise ValueError("the file is closed; write to it inside the with block that opens it")
    complaint = _complaint(sink, awaited=awaited)
    if complaint is not None:
        raise TypeError(complaint)
    name = getattr(sink, "name", None)
    if isinstance(name, str | os.PathLike):
        check_name(name, format)


def _complaint(sink: Any, *, awaited: bool) -> str | None:
    if isinstance(sink, type):
        return f"expected a file, not the class {sink.__name__}; make one: {sink.__name__}(...)"
    if _takes_text(sink):
        return "the file is opened for text; open it for bytes: open(path, 'wb')"
    if isinstance(sink, str | os.PathLike):
        return f"a path is no sink; use render(ani, 'gif').save({os.fspath(sink)!r})"
    if not hasattr(sink, "write"):
        return f"expected a path, or a file opened for writing bytes, not {type(sink).__name__}"
    if isinstance(sink, IOBase) and sink.readable() and not sink.writable():
        return "the file is opened for reading; open it for writing: open(path, 'wb')"
    if inspect.iscoroutinefunction(sink.write) and not awaited:
        return "write has to be awaited; use await astream_to(ani, sink)"
    return None


def _takes_text(sink: Any) -> bool:
    """Whether a file takes text: one of Python's, or one that passes on to such a file, as temporary ones do."""
    mode, encoding = getattr(sink, "mode", None), getattr(sink, "encoding", None)
    passes_on = isinstance(mode, str) and "b" not in mode and isinstance(encoding, str)
    return isinstance(sink, TextIOBase) or passes_on


def write_to(sink: Any, data: bytes) -> Any:
    """Write all of some bytes to a sink, and return what its ``write`` returns.

    An unbuffered file, or that of a socket, may take only a part of them at a time.

    Raises
    ------
    BlockingIOError
        An unbuffered file does not wait, and takes nothing now.
    """
    written = sink.write(data)
    if not isinstance(sink, RawIOBase):
        return written
    rest = memoryview(data)
    while isinstance(written, int) and 0 < written < len(rest):
        rest = rest[written:]
        written = sink.write(rest)
    if rest and not written and isinstance(sink, FileIO | SocketIO):
        raise BlockingIOError(errno.EAGAIN, "the file does not wait until it can be written to; open it with a buffer")
    return None


def refuse_folder(path: str | os.PathLike[str]) -> None:
    """Raise what ``open(path, "wb")`` raises for a folder, and for the name of one, such as ``new/``."""
    _, name = os.path.split(path)  # a Path leaves the last slash out
    if name in ("", os.curdir, os.pardir) or Path(path).is_dir():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT))


def check_name(path: str | os.PathLike[str], format: str) -> None:  # noqa: A002 -- as in render
    """Raise an error if the name of a file is that of another format.

    Parameters
    ----------
    path : str or path-like
        Path of the file. A suffix that is that of no format says nothing.
    format : str
        Name of the format that the file will have.

    Raises
    ------
    FormatError
        The suffix is that of another format.
    """
    name = Path(path).name
    held = formats_of(Path(path).suffix.lower().removeprefix(".")) or [format]
    if format not in held:
        raise FormatError(
            f"{name!r} is the name of {held[0]}, and this is {format}; "
            f"save it as {Path(name).with_suffix('.' + format).name!r}, or render(..., {held[0]!r})"
        )


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file as ``open(path, "wb").write(data)`` does, but in one step, so that no reader sees half of it.

    A file that is there keeps its mode, and a link stays a link. What another file cannot take the place of is written
    where it is: a device, a pipe, a file that has other names or another owner, or one in a folder that takes no files.

    Parameters
    ----------
    path : str or path-like
        Path of the file.
    data : bytes
        All that the file will hold.

    Raises
    ------
    OSError
        The file cannot be written; the error names *path*.
    """
    refuse_folder(path)
    try:
        _write_whole(path, data)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from None


def _write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    target = Path(os.path.realpath(path))
    try:
        former = Path(path).stat()  # of a pipe in /dev/fd, whose real path is none
    except FileNotFoundError:
        former = None
    if former is not None and not _is_replaceable(target, former):
        Path(path).write_bytes(data)
        return
    part = target.with_name(f".figreel-{secrets.token_hex(8)}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    except OSError as error:
        if former is None or error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        Path(path).write_bytes(data)
        return
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        if former is not None:
            part.chmod(stat.S_IMODE(former.st_mode))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _is_replaceable(target: Path, former: os.stat_result) -> bool:
    """Whether a new file would be what the former one is, its content apart, and whether that may be written to."""
    own = not hasattr(os, "geteuid") or (former.st_uid, former.st_gid) == (os.geteuid(), os.getegid())
    return stat.S_ISREG(former.st_mode) and former.st_nlink == 1 and own and os.access(target, os.W_OK)
