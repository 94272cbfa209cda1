"""A Unix socket to listen on."""

import os
import socket
from contextlib import suppress
from pathlib import Path

from server.errors import SettingsError


def unix_listener(path: Path, mode: int) -> socket.socket:
    """Return a socket bound to a path; one that a dead server has left there is replaced.

    Parameters
    ----------
    path : Path
        Where clients find it.
    mode : int
        Its permissions.

    Raises
    ------
    SettingsError
        Somebody listens there, something else than a socket stands there, or it cannot be made.
    """
    try:
        if path.is_socket():
            _remove_stale(path)
        elif path.exists():
            raise SettingsError(f"unix_socket = {path}: there is something else")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            before = os.umask(0o177)  # nobody else may connect before the mode is set
            try:
                listener.bind(str(path))
            finally:
                os.umask(before)
            path.chmod(mode)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        raise SettingsError(f"unix_socket = {path}: {error.strerror or error}") from error
    return listener


def remove_socket(path: Path, inode: int) -> None:
    """Remove the socket of a server that has ended, unless another one has taken its place."""
    with suppress(OSError):
        if path.stat().st_ino == inode:
            path.unlink()


def _remove_stale(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
        else:
            raise SettingsError(f"unix_socket = {path}: another server listens there")
