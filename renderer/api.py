"""What users call: an animation in, bytes or frames out."""

import functools
from collections.abc import Callable, Generator, Iterable
from typing import Any, ParamSpec, TypeAlias

from matplotlib.animation import Animation
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL.Image import Image

from renderer.clips.clip import Clip
from renderer.encoding.formats import find_format
from renderer.job import Drawing, clips
from renderer.options import takes_options
from renderer.plan import checked_options, plan
from renderer.sources.scene import Scene
from renderer.sources.source import refuse_asynchronous
from renderer.types import Frame

P = ParamSpec("P")

_Direct: TypeAlias = Animation | Scene | Iterable[Figure | Frame | NDArray[Any] | Image]
Source: TypeAlias = _Direct | Callable[[], _Direct]
"""What can be rendered: an animation, a scene, figures, arrays, frames, or a function that returns one of these."""


@takes_options
def render(source: object, format: str = "gif", **options: Any) -> Clip:  # noqa: A002 -- as in Figure.savefig
    """Draw an animation and return the finished file, in memory.

    Parameters
    ----------
    source : Animation, Scene, iterable of Figure, iterable of array, or callable
        What to draw. Arrays are (h, w), (h, w, 3) or (h, w, 4), uint8 or floats from 0 to 1, or pictures of Pillow's; a
        `Frame` brings its duration. A callable takes no argument and returns one of the others.
    format : {"gif", "apng", "webp", "avif", "mp4", "webm", "png"}, default: "gif"
        Name of a format. ``"png"`` is a still picture of one frame: the option *frame* says which, by default the
        first. Frames before it are drawn, later ones are not.
    **options
        See `renderer.RenderOptions`.

    Returns
    -------
    Clip
        The bytes, and what is known of them.

    Raises
    ------
    RenderError
        An option, the source or the format is wrong, or a limit was passed. An exception of the source's own
        functions is passed on as it is, with the frame's index as a note.
    """
    (clip,) = clips(source, [format], options)
    return clip


@takes_options
def render_many(source: object, formats: Iterable[str], **options: Any) -> dict[str, Clip]:
    """Draw an animation once and return several files of it, in memory.

    Parameters
    ----------
    source
        As for `render`.
    formats : iterable of str
        Names of formats, as for `render`.
    **options
        As for `render`; one of the formats has to be able to keep each. If one of the formats keeps alpha, frames
        for the others are composited on white.

    Returns
    -------
    dict of str to Clip
        By the names in *formats*.

    Raises
    ------
    RenderError
        As for `render`.
    """
    given: Any = formats
    several = isinstance(given, Iterable) and not isinstance(given, str)
    names: list[str] = list(dict.fromkeys(given if several else [given]))
    return dict(zip(names, clips(source, names, options), strict=True))


@takes_options
def frames(source: object, **options: Any) -> Generator[Frame, None, None]:
    """Draw an animation and yield its frames, one by one.

    Options are checked at the call; drawing starts when the first frame is asked for. Closing the generator ends the
    render and gives the figure back.

    Parameters
    ----------
    source, **options
        As for `render`, without the options that only files can keep.

    Yields
    ------
    Frame
        The pixels that ``Animation.save`` would grab at this dpi, bit for bit.

    Raises
    ------
    RenderError
        As for `render`.
    """
    return Drawing(plan(source, None, options)).frames()


@takes_options
def rendered(
    format: str | Callable[P, object] = "gif",  # noqa: A002 -- as in render
    **options: Any,
) -> Callable[[Callable[P, object]], Callable[P, Clip]] | Callable[P, Clip]:
    """Make a function that returns an animation into one that returns a `Clip`.

    Works bare, as ``@rendered``, and with arguments, as ``@rendered("webp", fps=20)``.

    Parameters
    ----------
    format, **options
        As for `render`. Wrong ones are reported here, not at the first call.

    Returns
    -------
    callable
        The decorator; the decorated function if it is used bare.

    Raises
    ------
    RenderError
        The format or an option is wrong, or the function is asynchronous.
    """
    if callable(format):
        return _rendered(format, "gif", {})
    checked_options([find_format(format)], options)
    name = format
    return lambda function: _rendered(function, name, options)


def _rendered(function: Callable[P, object], name: str, options: dict[str, Any]) -> Callable[P, Clip]:
    refuse_asynchronous(function, "the function of @rendered")

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Clip:
        return render(function(*args, **kwargs), name, **options)

    return wrapper
