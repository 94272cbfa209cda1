"""Files that are written whole or not at all, under a name that says what they are."""

import errno
import os
import secrets
import stat
from collections.abc import Mapping
from io import TextIOBase
from pathlib import Path

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


def check_sink(file: object, format: str) -> None:  # noqa: A002 -- as in render
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
    FormatError
        The suffix of its name is that of another format.
    """
    if isinstance(file, TextIOBase):
        raise TypeError("the file is opened for text; open it for bytes: open(path, 'wb')")
    name = file if isinstance(file, str | os.PathLike) else getattr(file, "name", "")
    if name is file or hasattr(file, "write"):
        if isinstance(name, str | os.PathLike):
            check_name(name, format)
    else:
        raise TypeError(f"expected a path, or a file opened for writing bytes, not {type(file).__name__}")


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
    target = Path(os.path.realpath(path))
    try:
        former = target.stat()
    except FileNotFoundError:
        former = None
    if former is not None and not _is_replaceable(target, former):
        Path(path).write_bytes(data)
        return
    part = target.with_name(f".figreel-{secrets.token_hex(8)}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    except OSError as error:
        if former is not None and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            Path(path).write_bytes(data)
            return
        raise OSError(error.errno, os.strerror(error.errno or 0), str(path)) from None
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
