"""Unchanged scripts: what ``Animation.save`` writes, written by figreel where that can be done."""

import functools
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.animation import Animation, writers

from renderer.clip import Clip
from renderer.encoding.formats import FORMATS
from renderer.integrations.substitutes import OF_WRITERS, obstacle, own_writer, request_of, substitute
from renderer.integrations.writer import Writer

_HTML5 = "figreel html5"


class Saved(NamedTuple):
    """One save inside `drop_in`.

    Attributes
    ----------
    file : object
        The path or the file-like that was written to; ``"to_html5_video()"`` for a video that is a text.
    clip : Clip or None
        What figreel wrote; None if matplotlib wrote.
    seconds : float
        How long it took.
    reason : str
        Why matplotlib wrote; empty if figreel did.
    """

    file: Any
    clip: Clip | None
    seconds: float
    reason: str


Report = Callable[[Saved], object]

_lock = threading.Lock()
_reports: list[Report | None] = []
"""Those of the with blocks that are open, in any thread."""
_former: dict[str, Any] = {}


@contextmanager
def drop_in(report: Report | None = None) -> Iterator[None]:
    """Let ``Animation.save`` and ``to_html5_video`` write with figreel inside the with block, where it can.

    For scripts that stay as they are. Paths and anything with a ``write`` are taken. What figreel does not write (other
    suffixes, writers and codecs, *extra_args*, a bitrate for a film) is written by matplotlib as before. Signature,
    warnings and errors are matplotlib's. Also works as a decorator, ``@drop_in()``.

    It replaces methods of matplotlib's class `~matplotlib.animation.Animation`, for all threads of the process, until
    the last of the with blocks is left.

    Parameters
    ----------
    report : callable, optional
        Called with a `Saved` after each save.
    """
    with _lock:
        if not _reports:
            _put_in_place()
        _reports.append(report)
    try:
        yield
    finally:
        with _lock:
            _reports.remove(report)
            if not _reports:
                _take_back()


def _put_in_place() -> None:
    writers.register(_HTML5)(_Html5Writer)
    for name, method in (("save", _save), ("to_html5_video", _to_html5_video)):
        former = _former[name] = getattr(Animation, name)
        setattr(Animation, name, _in_place_of(former, method))


def _take_back() -> None:
    for name, former in _former.items():
        setattr(Animation, name, former)


def _in_place_of(former: Any, method: Any) -> Any:
    """Return a method with the signature of the former one, which calls *method* with the former one."""

    @functools.wraps(former)
    def replaced(animation: Animation, *args: Any, **options: Any) -> Any:
        return method(former, animation, *args, **options)

    return replaced


def _save(former: Any, animation: Animation, *args: Any, **options: Any) -> None:
    try:
        arguments = inspect.signature(former).bind(animation, *args, **options).arguments
    except TypeError:
        former(animation, *args, **options)  # raises the error of a call that does not fit
        raise
    begin = perf_counter()
    clip, reason = _saved(former, arguments)
    is_text = isinstance(arguments.get("writer"), _Html5Writer)
    saved = Saved("to_html5_video()" if is_text else arguments["filename"], clip, perf_counter() - begin, reason)
    for report in [report for report in _reports if report is not None]:
        report(saved)


def _saved(former: Any, arguments: dict[str, Any]) -> tuple[Clip | None, str]:
    """Save an animation; return what figreel wrote, or why matplotlib wrote."""
    writer = own_writer(arguments)
    if writer is None:
        request = request_of(arguments)
        reason = obstacle(request)
        if reason:
            former(**arguments)
            return None, reason
        writer = substitute(request)
    former(**_with_writer(writer, arguments))
    return writer.clip, ""


def _with_writer(writer: Writer, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a save by a writer that exists."""
    if writer is arguments.get("writer"):
        return arguments
    return {name: value for name, value in arguments.items() if name not in OF_WRITERS} | {"writer": writer}


def _to_html5_video(former: Any, animation: Animation, *args: Any, **options: Any) -> str:
    tuned = mpl.rcParams["animation.bitrate"] != -1 or mpl.rcParams["animation.ffmpeg_args"]
    ours: Any = {} if tuned or not FORMATS["mp4"].is_installed() else {"animation.writer": _HTML5}
    with mpl.rc_context(ours):
        return str(former(animation, *args, **options))


class _Html5Writer(Writer):
    """The writer that ``Animation.to_html5_video`` makes, in the place of the one that the rcParams name."""

    def __init__(self, fps: float, codec: str, bitrate: int) -> None:
        super().__init__(fps=fps, format="mp4")
