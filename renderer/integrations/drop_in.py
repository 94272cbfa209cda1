"""Unchanged scripts: what ``Animation.save`` writes, written by figreel where that can be done."""

import functools
import inspect
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import matplotlib as mpl
from matplotlib.animation import Animation, FFMpegWriter, writers

from renderer.clips.clip import Clip
from renderer.integrations.substitutes import OF_WRITERS, Request, obstacle, own_writer, request_of, substitute
from renderer.integrations.writer import Writer
from renderer.mpl.animations.stepping import interval_of, keep_html, kept_html, mark_seen, repeat_pause
from renderer.sources.animation import none_ends, saved_together
from renderer.sources.source import DEFAULT_INTERVAL, endless

_HTML5 = "figreel html5"


class Saved(NamedTuple):
    """One save inside `drop_in`.

    Attributes
    ----------
    file : object
        The path or the file-like that was written to; ``"to_html5_video()"`` or ``"to_jshtml()"`` for a text.
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


F = TypeVar("F", bound=Callable[..., Any])

Report = Callable[[Saved], object]

_lock = threading.RLock()  # re-entrant: a collection inside it may end a generator that is inside a block
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)
_reports: list[Report | None] = []
"""Those of the with blocks that are open, in any thread."""
_former: dict[str, Any] = {}


class Block:
    """A with block, or a function, inside which figreel writes.

    Parameters
    ----------
    report : callable, optional
        Called with a `Saved` after each save.
    """

    def __init__(self, report: Report | None) -> None:
        self._report = report

    def __enter__(self) -> None:
        with _lock:
            _reports.append(self._report)
            if not _former:
                _put_in_place()

    def __exit__(self, *error: object) -> None:
        with _lock:
            _reports.remove(self._report)
            if not _reports:
                _take_back()

    def __call__(self, function: F = None) -> F:  # type: ignore[assignment]  # of a decorator without parentheses
        """Return a function that is called inside the block.

        Raises
        ------
        TypeError
            It is none: the decorator has no parentheses.
        """
        if not callable(function):
            raise TypeError("the function is decorated without parentheses; write @drop_in()")
        inside: F = _inside(self, function)
        return inside


def _inside(block: Block, function: Any) -> Any:
    """Return a function that does what another one does, inside a block until the end of its last step."""

    async def awaited(*args: Any, **options: Any) -> Any:
        with block:
            return await function(*args, **options)

    def resumed(*args: Any, **options: Any) -> Any:
        with block:
            return (yield from function(*args, **options))

    def called(*args: Any, **options: Any) -> Any:
        with block:
            return function(*args, **options)

    kinds = ((inspect.iscoroutinefunction, awaited), (inspect.isgeneratorfunction, resumed))
    return functools.wraps(function)(next((inside for is_one, inside in kinds if is_one(function)), called))


def drop_in(report: Report | None = None) -> Block:
    """Let ``Animation.save``, ``to_html5_video`` and ``to_jshtml`` write with figreel inside the with block.

    For scripts and notebooks that stay as they are. Paths and anything with a ``write`` are taken. What figreel does
    not write (other suffixes, writers and codecs, *extra_args*, a bitrate for a film, a player that plays backwards or
    passes ``animation.embed_limit``) is written by matplotlib as before. Signature, warnings and errors are
    matplotlib's, but an animation that is known never to end is refused. Also works as a decorator, ``@drop_in()``, of
    functions, coroutines and generators.

    It replaces methods of matplotlib's class `~matplotlib.animation.Animation`, for all threads of the process, until
    the last of the with blocks is left.

    Parameters
    ----------
    report : callable, optional
        Called with a `Saved` after each save.
    """
    return Block(report)


def _put_in_place() -> None:
    writers.register(_HTML5)(_Html5Writer)
    for name, method in (("save", _save), ("to_html5_video", _to_html5_video), ("to_jshtml", _to_jshtml)):
        former = _former[name] = getattr(Animation, name)
        setattr(Animation, name, _in_place_of(former, method))


def _take_back() -> None:
    for name, former in _former.items():
        setattr(Animation, name, former)
    _former.clear()


def _in_place_of(former: Any, method: Any) -> Any:
    """Return a method with the signature of the former one, which calls *method* with the former one."""

    @functools.wraps(former)
    def replaced(animation: Animation, *args: Any, **options: Any) -> Any:
        mark_seen(animation)
        return method(former, animation, *args, **options)

    return replaced


def _save(former: Any, animation: Animation, *args: Any, **options: Any) -> None:
    arguments = _arguments(former, animation, args, options)
    others = arguments.get("extra_anim")
    if isinstance(others, Iterator):  # it is read here and by save
        others = arguments["extra_anim"] = list(others)
    if none_ends(saved_together(animation, others or ())):
        raise endless()
    begin = perf_counter()
    clip, reason = _saved(former, arguments)
    file = _TEXTS.get(type(arguments.get("writer")), arguments["filename"])
    saved = Saved(file, clip, perf_counter() - begin, reason)
    for report in [report for report in _reports if report is not None]:
        report(saved)


def _arguments(former: Any, animation: Animation, args: Any, options: Any) -> dict[str, Any]:
    """Return the arguments of a call by their names; one that does not fit raises the error of the former method."""
    try:
        return inspect.signature(former).bind(animation, *args, **options).arguments
    except TypeError:
        former(animation, *args, **options)
        raise


def _saved(former: Any, arguments: dict[str, Any]) -> tuple[Clip | None, str]:
    """Save an animation; return what figreel wrote, or why matplotlib wrote."""
    writer = own_writer(arguments)
    if writer is None:
        request = request_of(arguments)
        reason = obstacle(request)
        if reason:
            with _left_to_matplotlib(reason):
                former(**arguments)
            return None, reason
        writer = substitute(request)
    former(**_with_writer(writer, arguments))
    return writer.clip, ""


@contextmanager
def _left_to_matplotlib(reason: str) -> Iterator[None]:
    """Say in a note of an error that is raised inside the with block why figreel did not write."""
    try:
        yield
    except Exception as error:
        note = f"figreel: left to matplotlib, because {reason}"
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)
        raise


def _with_writer(writer: Writer, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a save by a writer that exists."""
    if writer is arguments.get("writer"):
        return arguments
    return {name: value for name, value in arguments.items() if name not in OF_WRITERS} | {"writer": writer}


def _to_html5_video(former: Any, animation: Animation, *args: Any, **options: Any) -> str:
    bitrate: Any = mpl.rcParams["animation.bitrate"]
    reason = obstacle(Request("video.mp4", FFMpegWriter, 1, None, bitrate, None, {}, transparent=False))
    if reason:
        with _left_to_matplotlib(reason):
            return str(former(animation, *args, **options))
    with mpl.rc_context({"animation.writer": _HTML5}):
        return str(former(animation, *args, **options))


def _to_jshtml(former: Any, animation: Animation, *args: Any, **options: Any) -> str:
    given = _arguments(former, animation, args, options)
    fps, embedded, mode = given.get("fps"), given.get("embed_frames", True), given.get("default_mode")
    mode = mode or ("once" if repeat_pause(animation) is None else "loop")
    if kept_html(animation) is None and embedded and mode in _PLAYS:
        writer = _PlayerWriter(fps or 1000 / interval_of(animation, DEFAULT_INTERVAL), loop=_PLAYS[mode])
        animation.save(BytesIO(), writer=writer)  # type: ignore[arg-type]
        clip: Any = writer.clip
        if len(clip.data) <= mpl.rcParams["animation.embed_limit"] * 2**20:
            keep_html(animation, clip.html())
    return str(former(animation, *args, **options))


_PLAYS = {"loop": 0, "once": 1}
"""How many times a player plays, by matplotlib's word for it."""


class _PlayerWriter(Writer):
    """The writer of a page that takes the place of matplotlib's player."""

    def __init__(self, fps: float, *, loop: int) -> None:
        super().__init__(fps=fps, format="html", loop=loop)


class _Html5Writer(Writer):
    """The writer that ``Animation.to_html5_video`` makes, in the place of the one that the rcParams name."""

    def __init__(self, fps: float, codec: str, bitrate: int) -> None:
        super().__init__(fps=fps, format="mp4")


_TEXTS: dict[type, str] = {_Html5Writer: "to_html5_video()", _PlayerWriter: "to_jshtml()"}
"""What is reported for writers of texts."""
