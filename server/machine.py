"""Whether this machine can do what the settings ask for."""

import math
import os
import shutil
import sys
import tempfile
from pathlib import Path

from server.errors import SettingsError, UnsupportedSystemError
from server.settings import Settings

_WORKERS_A_CORE = 32
_FILES_BESIDE_CONNECTIONS = 2048
"""Descriptors for connections that are refused, workers, files and libraries."""
_ADDRESSES = 1 << 47
"""Bytes of address space that a process can have."""


def check_system() -> None:
    """Check that this is Linux, whose control of processes the workers need.

    Raises
    ------
    UnsupportedSystemError
        It is another system.
    """
    if sys.platform != "linux":
        raise UnsupportedSystemError(
            f"figreel's server runs on Linux only, and this is {sys.platform}; "
            "`figreel render` draws the animations of a catalog on every system"
        )


def check_machine(settings: Settings) -> None:
    """Check the settings against the machine, before anything starts.

    Raises
    ------
    SettingsError
        There are too few cores, too little memory or too few file descriptors, or the cache folder cannot be written,
        or not hold so much.
    """
    most = _WORKERS_A_CORE * (os.cpu_count() or 1)
    if settings.workers > most:
        raise SettingsError(f"workers = {settings.workers}: this machine has cores for at most {most}")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in ("memory_reserve", "cache_memory", "worker_resident"):
        if getattr(settings, name) > memory:
            raise SettingsError(f"{name} = {getattr(settings, name)}: this machine has {memory} bytes of memory")
    if settings.worker_memory > _ADDRESSES:
        raise SettingsError(f"worker_memory = {int(settings.worker_memory)}: a process has {_ADDRESSES} bytes at most")
    _allow_files(settings.max_connections)
    if settings.cache_folder is not None:
        _check_folder(settings.cache_folder, int(settings.cache_disk))


def _allow_files(connections: int) -> None:
    """Raise the number of descriptors that this process may have, as far as it is allowed to."""
    import resource  # not on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = math.inf if hard == resource.RLIM_INFINITY else hard
    if connections > most:
        raise SettingsError(f"max_connections = {connections}: this process may have {hard} open files (ulimit -n)")
    if soft != resource.RLIM_INFINITY:
        wanted = int(min(connections + _FILES_BESIDE_CONNECTIONS, most))
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def _check_folder(folder: Path, capacity: int) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        size = shutil.disk_usage(folder).total
    except OSError as error:
        raise SettingsError(f"cache_folder = {folder}: cannot be written: {error.strerror}") from error
    if 0 < size < capacity:  # some file systems do not say their size
        raise SettingsError(f"cache_disk = {capacity}: the file system of {folder} has {size} bytes")
