"""How many renders may wait, and when to come back if none may."""

import math
from collections.abc import Callable
from pathlib import Path

from server.errors import WorkersUnavailableError

__all__ = ["Admission", "available_memory"]

_PATIENCE = 60


class Admission:
    """Lets renders in up to a number, and refuses the rest at once.

    Parameters
    ----------
    running : int
        How many run at once.
    waiting : int
        How many may wait.
    seconds : callable
        Gives the seconds that a render takes, by and large.
    memory_reserve : int
        Bytes of the machine's memory that must be free for one more to be let in.
    free_memory : callable, optional
        Gives the free bytes, or None if that cannot be known.
    """

    def __init__(
        self,
        running: int,
        waiting: int,
        seconds: Callable[[], float],
        memory_reserve: int = 0,
        free_memory: Callable[[], int | None] | None = None,
    ) -> None:
        self._running = running
        self._capacity = running + waiting
        self._memory_reserve = memory_reserve
        self._free_memory = free_memory or available_memory
        self._seconds = seconds
        self.inside = 0

    def enter(self) -> Callable[[], None]:
        """Take a place.

        Returns
        -------
        callable
            Gives the place back; to be called once.

        Raises
        ------
        WorkersUnavailableError
            There is none, or too little memory.
        """
        if self.inside >= self._capacity:
            raise WorkersUnavailableError("too many renders are waiting", self.retry_after())
        free = self._free_memory() if self._memory_reserve else None
        if free is not None and free < self._memory_reserve:
            raise WorkersUnavailableError("memory is short", self.retry_after())
        self.inside += 1
        return self._leave

    def retry_after(self) -> int:
        """Give the seconds until half of those inside should be done."""
        return min(max(1, math.ceil(self._seconds() * self.inside / self._running / 2)), _PATIENCE)

    def _leave(self) -> None:
        self.inside -= 1


def available_memory() -> int | None:
    """Give the bytes that can be allocated before the machine, or the control group, runs out.

    Linux only: ``/proc/meminfo`` and the files of a version 2 control group.
    """
    bounds = [_machine(), _group()]
    return min((bound for bound in bounds if bound is not None), default=None)


def _machine() -> int | None:
    try:
        kibibytes = _field(Path("/proc/meminfo"), "MemAvailable")
    except OSError:
        return None
    return None if kibibytes is None else kibibytes * 1024


def _group(folder: Path = Path("/sys/fs/cgroup")) -> int | None:
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
        cached = _field(folder / "memory.stat", "inactive_file")
    except (OSError, ValueError):
        return None
    # What files that were read or written leave in memory counts as used, but goes as soon as anybody needs the room.
    return None if limit == "max" else int(limit) - used + (cached or 0)


def _field(path: Path, name: str) -> int | None:
    """Give the number behind a name at the start of a line."""
    for line in path.read_text().splitlines():
        found, number, *_ = line.split()
        if found.rstrip(":") == name:
            return int(number)
    return None
