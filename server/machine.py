"""Whether this machine can do what the settings ask for."""

import os
import resource
import tempfile
from pathlib import Path

from server.errors import SettingsError
from server.settings import Settings

_WORKERS_A_CORE = 32
_FILES_BESIDE_CONNECTIONS = 64


def check_machine(settings: Settings) -> None:
    """Check the settings against the machine, before anything starts.

    Raises
    ------
    SettingsError
        There are too few cores, too little memory or too few file descriptors, or the cache folder cannot be written.
    """
    most = _WORKERS_A_CORE * (os.cpu_count() or 1)
    if settings.workers > most:
        raise SettingsError(f"workers = {settings.workers}: this machine has cores for at most {most}")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in ("memory_reserve", "cache_memory", "worker_resident"):
        if getattr(settings, name) > memory:
            raise SettingsError(f"{name} = {getattr(settings, name)}: this machine has {memory} bytes of memory")
    _allow_files(settings.max_connections + _FILES_BESIDE_CONNECTIONS)
    if settings.cache_folder is not None:
        _check_folder(settings.cache_folder)


def _allow_files(count: int) -> None:
    """Raise the number of file descriptors that this process may have, if it is too small."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and count > hard:
        raise SettingsError(f"max_connections is too large: this process may have {hard} open files (ulimit -n)")
    if soft != resource.RLIM_INFINITY and count > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(f"cache_folder = {folder}: cannot be written: {error.strerror}") from error
