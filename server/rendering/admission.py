"""How many renders may run or wait, and when a refused client should try again."""

import math
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from server.errors import TooManyRequestsError, WorkersUnavailableError
from server.settings import Settings

_PATIENCE = 60


class Admission:
    """Admits renders up to a number, and refuses the rest at once.

    Parameters
    ----------
    settings : Settings
        How many renders run and wait, in all and of one client, how long they wait, and how much memory must be free.
    seconds : callable
        Returns the mean seconds of a render.
    """

    def __init__(self, settings: Settings, seconds: Callable[[], float]) -> None:
        self._settings = settings
        self._seconds = seconds
        self._clients: Counter[str] = Counter()

    @property
    def inside(self) -> int:
        """Renders that run or wait."""
        return self._clients.total()

    def enter(self, client: str) -> Callable[[], None]:
        """Take a place.

        Parameters
        ----------
        client : str
            The client's address; empty for the server itself, which has no share of its own.

        Returns
        -------
        callable
            Leaves the place; to be called once.

        Raises
        ------
        WorkersUnavailableError
            There is no place, too little memory, or too long a wait ahead.
        TooManyRequestsError
            The client has its share of places.
        """
        settings = self._settings
        if self.inside >= settings.workers + settings.queue:
            raise WorkersUnavailableError("too many renders are waiting", self.retry_after())
        if client and self._clients[client] >= settings.renders_per_client:
            raise TooManyRequestsError("too many renders of this address run or wait", self.retry_after())
        if self._wait(client) > settings.queue_timeout:
            raise WorkersUnavailableError("no worker would be free in time", self.retry_after())
        reserve = int(settings.memory_reserve)
        free = available_memory() if reserve else None
        if free is not None and free < reserve:
            raise WorkersUnavailableError("memory is short", self.retry_after())
        self._clients[client] += 1
        return partial(self._leave, client)

    def retry_after(self) -> int:
        """Return the seconds after which half of the renders inside should be done."""
        return min(max(1, math.ceil(self._seconds() * self.inside / self._settings.workers / 2)), _PATIENCE)

    def _wait(self, client: str) -> float:
        """Return the seconds for which a render of a client should wait, if clients take turns."""
        mine = self._clients[client]
        ahead = sum(min(count, mine + 1) for other, count in self._clients.items() if other != client) + mine
        return self._seconds() * max(0, ahead + 1 - self._settings.workers) / self._settings.workers

    def _leave(self, client: str) -> None:
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]


def available_memory() -> int | None:
    """Return the bytes that can be allocated before the machine, or a control group of this process, runs out.

    Linux only: ``/proc/meminfo`` and the files of a version 2 control group.
    """
    bounds = [_machine(), *map(_group, _groups())]
    return min((bound for bound in bounds if bound is not None), default=None)


def _machine() -> int | None:
    with suppress(OSError, KeyError):
        return _fields(Path("/proc/meminfo"))["MemAvailable"] * 1024
    return None


def _groups(membership: Path = Path("/proc/self/cgroup"), root: Path = Path("/sys/fs/cgroup")) -> list[Path]:
    """Return the folders of the control group of this process, such as that of its service, and of those around it."""
    with suppress(OSError):
        for line in membership.read_text().splitlines():
            inside = Path(line.removeprefix("0::/"))
            if line.startswith("0::/") and ".." not in inside.parts:
                return [root / folder for folder in (inside, *inside.parents)]
    return [root]


def _group(folder: Path) -> int | None:
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
