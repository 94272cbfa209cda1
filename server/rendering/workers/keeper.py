"""The keeper of one worker process: it sees to it that nothing that the worker has started outlives it.

A keeper adopts the descendants of its worker that have lost their parents, those in sessions of their own too. So the
worker and all that it has started have ended when the keeper has no children any more. It kills them when the worker
ends, when the server closes its end of the socket between them, and when the server is gone. When none is left, it
ends, by which the socket closes.
"""

import ctypes
import os
import select
import signal
import socket
import time
import traceback
from contextlib import suppress
from multiprocessing import current_process
from pathlib import Path
from typing import NoReturn

from server.rendering.workers.inside import main
from server.rendering.workers.program import WORKER

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PAUSE = 0.0005
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def keep(connection: int, life: int, server: int) -> NoReturn:
    """Fork a worker, wait for its end or the server's, and kill what is left.

    Parameters
    ----------
    connection : int
        Descriptor of the worker's socket.
    life : int
        Descriptor of the socket whose closing ends the worker.
    server : int
        A descriptor that can be read when the server has ended.
    """
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        _control_process(_PR_SET_CHILD_SUBREAPER, 1)
        keeper = os.getpid()
        worker = os.fork()
        if worker == 0:
            os.close(life)
            os.close(server)
            _work(connection, keeper)
        os.close(connection)
        select.select([life, server, os.pidfd_open(worker)], [], [])
        end_children()
        os._exit(0)
    except BaseException:  # nothing may go on in the fork server's loop
        traceback.print_exc()
        os._exit(1)


def end_children() -> None:
    """Kill all children, and theirs as these come to us, until none is left."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    with suppress(ChildProcessError):
        while True:
            for child in children.read_text().split():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(int(child), signal.SIGKILL)
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            time.sleep(_PAUSE)


def _work(connection: int, keeper: int) -> NoReturn:
    _control_process(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != keeper:
        os._exit(1)
    _control_process(_PR_SET_CHILD_SUBREAPER, 1)  # so that `inside` sees what a job has left behind
    os.setsid()
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    current_process().name = WORKER
    main(socket.socket(fileno=connection))
    os._exit(0)


def _control_process(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")
