"""Standard output, kept for one file."""

import os
import sys
from io import UnsupportedOperation
from typing import Any

from renderer.cli.mistakes import Refusal


def taken() -> Any:
    """Return standard output as a binary file. What else goes there from now on goes to standard error.

    That holds to the end of the process. Child processes and libraries in C know nothing but the descriptor, so it is
    the descriptor that leads to standard error.

    Raises
    ------
    Refusal
        Standard output is closed.
    """
    output: Any = sys.stdout
    if output is None:
        raise Refusal("standard output is closed; name a file, as in --output out.gif")
    output.flush()
    sys.stdout = sys.stderr
    try:
        descriptor = output.fileno()
    except UnsupportedOperation:  # a program that calls the command has put its own in place
        return output.buffer
    others = os.open(os.devnull, os.O_WRONLY) if sys.stderr is None else sys.stderr.fileno()
    own = os.dup(descriptor)
    os.dup2(others, descriptor)
    return os.fdopen(own, "wb", buffering=0, closefd=False)
