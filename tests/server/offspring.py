"""Animations that start processes and threads, and end in all sorts of ways. Worker processes import this file."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Literal

from matplotlib.figure import Figure

from renderer import Scene
from server import Catalog

catalog = Catalog()

Way = Literal["fork", "session", "daemon", "stopped", "chain", "tree", "subprocess", "pool", "forkserver", "nothing"]
End = Literal["well", "hang", "exit", "abort", "stop", "deaf", "threads", "closed"]


def _note(folder: str) -> None:
    """Leave the process id of this process in a folder."""
    Path(folder, str(os.getpid())).touch()


def _sleep(folder: str) -> None:
    _note(folder)
    time.sleep(1000)


def _fork(folder: str, run: Callable[[str], object] = _sleep) -> None:
    if os.fork() == 0:
        run(folder)
        os._exit(0)


def _session(folder: str) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _sleep(folder)


def _daemon(folder: str) -> None:
    os.setsid()
    if os.fork() == 0:
        _sleep(folder)


def _stopped(folder: str) -> None:
    _note(folder)
    os.kill(os.getpid(), signal.SIGSTOP)


def _chain(folder: str) -> None:
    """Be another process all the time."""
    while os.fork() == 0:
        _note(folder)


def _tree(folder: str) -> None:
    """Be more and more processes, up to a few hundred."""
    for _ in range(8):
        os.fork()
    _sleep(folder)


def _subprocess(folder: str) -> None:
    code = "import time; time.sleep(1000)"
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    Path(folder, str(process.pid)).touch()


def _pool(folder: str) -> None:
    executor = ProcessPoolExecutor(2)
    for _ in range(2):
        executor.submit(_sleep, folder)


def _forkserver(folder: str) -> None:
    multiprocessing.get_context("forkserver").Process(target=_sleep, args=(folder,)).start()


_WAYS: dict[str, Callable[[str], object]] = {
    "fork": _fork,
    "session": lambda folder: _fork(folder, _session),
    "daemon": lambda folder: _fork(folder, _daemon),
    "stopped": lambda folder: _fork(folder, _stopped),
    "chain": lambda folder: _fork(folder, _chain),
    "tree": lambda folder: _fork(folder, _tree),
    "subprocess": _subprocess,
    "pool": _pool,
    "forkserver": _forkserver,
    "nothing": lambda folder: None,
}


def _deaf() -> None:
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    time.sleep(1000)


def _threads() -> None:
    threads = [threading.Thread(target=time.sleep, args=(1000,), daemon=daemon) for daemon in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _closed() -> None:
    os.closerange(3, 100)
    time.sleep(1000)


_ENDS: dict[str, Callable[[], object]] = {
    "well": lambda: None,
    "hang": lambda: time.sleep(1000),
    "exit": lambda: os._exit(3),
    "abort": os.abort,
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "deaf": _deaf,
    "threads": _threads,
    "closed": _closed,
}


def _scene(frames: int) -> Scene:
    figure = Figure(figsize=(1, 1), dpi=50)
    return Scene(figure=figure, update=lambda index: figure.set_facecolor(f"C{index}"), frames=frames)


@catalog.animation
def starts(folder: str, way: Way = "fork", end: End = "well", seed: int = 0) -> Scene:
    """Start processes, which note their ids in a folder, and end."""
    _WAYS[way](folder)
    while way != "nothing" and not any(Path(folder).iterdir()):
        time.sleep(0.01)
    _ENDS[end]()
    return _scene(2)


@catalog.animation
def computes() -> Scene:
    """Use a pool of processes as one should."""
    with ProcessPoolExecutor(2) as executor:
        frames = sum(executor.map(abs, [-1, -2]))
    return _scene(frames)
