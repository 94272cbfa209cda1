"""How many renders may run or wait, and when a refused client should try again."""

import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from server.errors import WorkersUnavailableError

_PATIENCE = 60


class Admission:
    """Admits renders up to a number, and refuses the rest at once.

    Parameters
    ----------
    running : int
        How many run at once.
    waiting : int
        How many may wait.
    seconds : callable
        Returns the mean seconds of a render.
    memory_reserve : int
        Bytes of the machine's memory that must be free for one more render.
    """

    def __init__(self, running: int, waiting: int, seconds: Callable[[], float], memory_reserve: int) -> None:
        self._running = running
        self._capacity = running + waiting
        self._memory_reserve = memory_reserve
        self._seconds = seconds
        self.inside = 0

    def enter(self) -> Callable[[], None]:
        """Take a place.

        Returns
        -------
        callable
            Leaves the place; to be called once.

        Raises
        ------
        WorkersUnavailableError
            There is no place, or too little memory.
        """
        if self.inside >= self._capacity:
            raise WorkersUnavailableError("too many renders are waiting", self.retry_after())
        free = available_memory() if self._memory_reserve else None
        if free is not None and free < self._memory_reserve:
            raise WorkersUnavailableError("memory is short", self.retry_after())
        self.inside += 1
        return self._leave

    def retry_after(self) -> int:
        """Return the seconds after which half of the renders inside should be done."""
        return min(max(1, math.ceil(self._seconds() * self.inside / self._running / 2)), _PATIENCE)

    def _leave(self) -> None:
        self.inside -= 1


def available_memory() -> int | None:
    """Return the bytes that can be allocated before the machine, or the control group, runs out.

    Linux only: ``/proc/meminfo`` and the files of a version 2 control group.
    """
    bounds = [_machine(), _group()]
    return min((bound for bound in bounds if bound is not None), default=None)


def _machine() -> int | None:
    with suppress(OSError, KeyError):
        return _fields(Path("/proc/meminfo"))["MemAvailable"] * 1024
    return None


def _group(folder: Path = Path("/sys/fs/cgroup")) -> int | None:
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
        cached = _fields(folder / "memory.stat").get("inactive_file", 0)
    except (OSError, ValueError):
        return None
    # The page cache counts as used, but the kernel drops its inactive part when memory is needed.
    return None if limit == "max" else int(limit) - used + cached


def _fields(path: Path) -> dict[str, int]:
    """Return the numbers of a file by the names before them, one a line."""
    lines = (line.replace(":", "").split() for line in path.read_text().splitlines())
    return {name: int(number) for name, number, *_ in lines}
