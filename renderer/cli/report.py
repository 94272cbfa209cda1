"""What the commands say of a file that was written, and of warnings, on standard error."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from renderer import Clip
from renderer.cli.mistakes import as_flags


def written(name: str, clip: Clip, seconds: float) -> str:
    """Return a line about a file.

    Parameters
    ----------
    name : str
        Name of the file.
    clip : Clip
        What is in it.
    seconds : float
        How long drawing and encoding took.
    """
    several = clip.frame_count > 1
    facts = [
        "" if name.endswith(f".{clip.format}") else clip.format,
        f"{clip.width}x{clip.height}",
        f"{clip.frame_count} frames" if several else "1 frame",
        f"{_short(clip.duration)} s" if several else "",
        f"{_kilobytes(len(clip.data))} kB",
        f"drawn in {_short(seconds)} s",
    ]
    return f"{name}: {', '.join(filter(None, facts))}"


def _short(seconds: float) -> str:
    return f"{round(seconds, 2):g}"


def _kilobytes(size: int) -> str:
    return f"{size / 1000:,.0f}" if size >= 10_000 else f"{size / 1000:.1f}"


@contextmanager
def warnings_in_one_line() -> Iterator[None]:
    """Show warnings of figreel's, inside the with block, without the place in the code."""
    with warnings.catch_warnings():
        show = warnings.showwarning

        def show_briefly(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if category.__module__.startswith("renderer."):
                click.echo(f"Warning: {as_flags(str(message))}", err=True)
            else:
                show(message, category, *place, **more)

        warnings.showwarning = show_briefly
        yield
