"""What users call: an animation in, bytes or frames out."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec

from renderer.encoding.files import check_used, find_formats
from renderer.errors import FormatError
from renderer.job import EncodingJob, FrameJob, streaming_job
from renderer.options import RenderOptions
from renderer.types import Clip, Frame

__all__ = ["frames", "render", "render_many", "rendered", "stream"]

P = ParamSpec("P")


def render(source: object, format: str = "gif", **options: Any) -> Clip:  # noqa: A002 -- as in Figure.savefig
    """Draw an animation and give the finished file, in memory.

    Parameters
    ----------
    source : Animation, Scene, iterable of Figure, iterable of array, or callable
        What to draw. Arrays are (h, w), (h, w, 3) or (h, w, 4), uint8 or floats from 0 to 1. A callable takes no
        argument and returns one of the others.
    format : str, default: "gif"
        Name of a format: gif, apng, webp, avif, mp4 or webm. ``"png"`` is the same as ``"apng"``, but with the option
        *frame* it is a picture of that frame; frames before it are drawn, later ones are not.
    **options
        See `renderer.options.RenderOptions`.

    Returns
    -------
    Clip
        The bytes, and what is known of them.

    Raises
    ------
    RenderError
        An option, the source or the format is wrong, or a limit was passed. What the source's own functions raise
        is passed on as it is, with the frame's index as a note.
    """
    checked = RenderOptions.of(options)
    (clip,) = EncodingJob(source, find_formats([format], checked), checked).clips()
    return clip


def render_many(source: object, formats: Iterable[str], **options: Any) -> dict[str, Clip]:
    """Draw an animation once and give several files of it, in memory.

    Parameters
    ----------
    source
        As for `render`.
    formats : iterable of str
        Names of formats. ``"png"`` is a picture of one frame: of *frame*, by default the first.
    **options
        As for `render`; each has to mean something to one of the formats. If one of them keeps alpha, frames for the
        others are composited on white.

    Returns
    -------
    dict of str to Clip
        By the names that were given.

    Raises
    ------
    RenderError
        As for `render`.
    """
    names = list(dict.fromkeys([formats] if isinstance(formats, str) else formats))
    if not names:
        raise FormatError("give at least one format")
    checked = RenderOptions.of(options)
    job = EncodingJob(source, find_formats(names, checked, still=True), checked)
    return dict(zip(names, job.clips(), strict=True))


def stream(source: object, format: str = "gif", **options: Any) -> Iterator[bytes]:  # noqa: A002 -- as in render
    """Draw an animation and give the file in pieces, each as soon as it is encoded.

    Options are checked at the call; drawing starts when the first piece is asked for. Closing the iterator ends the
    render and gives the figure back.

    Parameters
    ----------
    source, format, **options
        As for `render`.

    Yields
    ------
    bytes
        A piece of the file, never empty.

    Raises
    ------
    RenderError
        As for `render`.
    """
    return streaming_job(source, format, options).chunks()


def frames(source: object, **options: Any) -> Iterator[Frame]:
    """Draw an animation and give its frames, one by one.

    Parameters
    ----------
    source, **options
        As for `render`, without the options that only encoders read.

    Yields
    ------
    Frame
        The pixels that ``Animation.save`` would grab at this dpi, bit for bit.

    Raises
    ------
    RenderError
        As for `render`.
    """
    checked = RenderOptions.of(options)
    check_used(checked, frozenset(), "frames()")
    return FrameJob(source, checked).frames()


def rendered(
    format: str = "gif",  # noqa: A002 -- as in render
    **options: Any,
) -> Callable[[Callable[P, object]], Callable[P, Clip]]:
    """Make a function that returns an animation into one that returns a `Clip`.

    Parameters
    ----------
    format, **options
        As for `render`. Wrong ones are reported here, not at the first call.

    Returns
    -------
    callable
        The decorator.

    Raises
    ------
    RenderError
        The format or an option is wrong.
    """
    find_formats([format], RenderOptions.of(options))

    def decorate(function: Callable[P, object]) -> Callable[P, Clip]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> Clip:
            return render(function(*args, **kwargs), format, **options)

        return wrapper

    return decorate
