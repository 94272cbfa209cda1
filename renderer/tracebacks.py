"""What an exception or a warning says to the person whose code it comes from."""

import sysconfig
import warnings
from inspect import currentframe
from pathlib import Path
from traceback import FrameSummary, TracebackException

_OURS = Path(__file__).parent.parent
_PACKAGES = (_OURS / "renderer", _OURS / "server")
_STANDARD = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))
_INSTALLED = ("site-packages", "dist-packages")
_CARRIERS = ("renderer", "matplotlib", "imageio", "contextlib")
"""Packages that lie between the program's call and a warning."""


def warn(message: str, category: type[Warning]) -> None:
    """Warn of something at the line of the program that asked for it, also if it did so through ``Animation.save``.

    Parameters
    ----------
    message : str
        What to say.
    category : type of Warning
        The kind of warning.
    """
    frame, level = currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _CARRIERS:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)


def user_traceback(error: BaseException) -> str:
    """Return a traceback that begins with the user's own code.

    It leaves out the calls that led there, such as those of the command, and all calls if none is the user's. A
    module that cannot be found, a syntax error, and an error of the system outside of the user's code are one line.

    Parameters
    ----------
    error : BaseException
        The exception.
    """
    place = _place(error)
    if isinstance(error, SyntaxError):
        return f"{_short(error.filename or '')}, line {error.lineno}: {error.msg}"
    if isinstance(error, ImportError) and place is not None:
        return f"{_short(place.filename)}, line {place.lineno}: {error}"
    if isinstance(error, OSError) and place is None:
        return str(error)
    summary = TracebackException.from_exception(error)
    _shorten(summary)
    return "".join(summary.format()).rstrip("\n")


def _place(error: BaseException) -> FrameSummary | None:
    """Return the innermost call of the user's, if there is one."""
    calls = reversed(TracebackException.from_exception(error).stack)
    return next((call for call in calls if _of_user(call.filename)), None)


def _shorten(summary: TracebackException) -> None:
    first = next((index for index, call in enumerate(summary.stack) if _of_user(call.filename)), len(summary.stack))
    del summary.stack[:first]
    for other in (summary.__cause__, summary.__context__):
        if other is not None:
            _shorten(other)


def _of_user(filename: str) -> bool:
    path = Path(filename)
    inside = any(path.is_relative_to(folder) for folder in (*_PACKAGES, *_STANDARD))
    return path.suffix == ".py" and not inside and not set(_INSTALLED) & set(path.parts)


def _short(filename: str) -> str:
    path = Path(filename)
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
