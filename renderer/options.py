"""The options of a render, validated where they are built."""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any, Literal, TypeVar, overload

import numpy as np
from matplotlib.animation import Animation
from matplotlib.colors import is_color_like
from matplotlib.transforms import Bbox

from renderer.errors import OptionError
from renderer.remedies import unknown_option

F = TypeVar("F", bound=Callable[..., Any])

SHORTEST, LONGEST = 1e-6, 1e6
"""Seconds that a frame may be shown, in any format."""


Complaint = Callable[[Any], str | None]
"""Returns what a value must do or be, or None if it does."""


def _number(
    low: float = -inf, high: float = inf, *, above: float = -inf, integer: bool = False, word: str | None = None
) -> Complaint:
    """Complain about what is no number within bounds, and not the one word that is allowed beside numbers."""
    kind, noun = (Integral, "be a whole number") if integer else (Real, "be a number")
    noun += f" or {word!r}" if word else ""
    bounds = f"be at least {low:g}" if high == inf else f"be from {low:g} to {high:g}"

    def complaint(value: Any) -> str | None:
        if isinstance(value, str) and value == word:
            return None
        if isinstance(value, bool | np.bool_) or not isinstance(value, kind):
            is_whole = integer and isinstance(value, float) and value.is_integer()
            return f"be a whole number, such as {int(value)}" if is_whole else noun
        try:
            number = float(value)
        except OverflowError:
            number = inf
        if not isfinite(number):
            return "be finite"
        if number <= above:
            return f"be greater than {above:g}"
        return None if low <= number <= high else bounds

    return complaint


def _that(is_right: Callable[[Any], bool], words: str) -> Complaint:
    return lambda value: None if is_right(value) else words


def _durations(durations: Any) -> str | None:
    words = "be a sequence of seconds or a function of the index"
    if callable(durations):
        return None
    if SECONDS(durations) is None:
        return f"{words} (for all frames alike: interval={1000 * float(durations):g} or fps={1 / float(durations):g})"
    if isinstance(durations, str | bytes) or not isinstance(durations, Sequence | np.ndarray):
        return words
    if len(durations) == 0:
        return "hold one number a frame"
    complaints = ((index, SECONDS(seconds)) for index, seconds in enumerate(durations))
    return next((f"hold seconds, and [{index}] must {complaint}" for index, complaint in complaints if complaint), None)


def _bbox_inches(bbox: Any) -> str | None:
    if isinstance(bbox, str) and bbox == "tight":
        return None
    if not isinstance(bbox, Bbox):
        return "be 'tight' or a Bbox in inches, such as Bbox([[0, 0], [4, 3]])"
    has_area = np.isfinite(bbox.extents).all() and bbox.width > 0 and bbox.height > 0
    return None if has_area else "have a finite area"


def _is_color(color: Any) -> bool:
    return (isinstance(color, str) and color == "auto") or is_color_like(color)


def _are_animations(items: Any) -> bool:
    return isinstance(items, Sequence) and all(isinstance(item, Animation) for item in items)


def _texts(metadata: Any) -> str | None:
    texts: list[Any] = list(chain.from_iterable(metadata.items())) if isinstance(metadata, Mapping) else [None]
    if not all(isinstance(text, str) for text in texts):
        return "map strings to strings"
    if any("\0" in text or text != text.encode(errors="ignore").decode() for text in texts):
        return "have no zero characters and no lone surrogates, which files cannot hold"
    return None


SECONDS = _number(SHORTEST, LONGEST)
"""Complains about what is no time that a frame may be shown."""

_BOOL = _that(lambda value: isinstance(value, bool), "be True or False")
_COLOR = _that(_is_color, "be a color that matplotlib can read")
_ANIMATIONS = _that(_are_animations, "be a sequence of animations")
_PROGRESS = _that(
    lambda value: isinstance(value, bool) or callable(value), "be True, False or a function of (done, total)"
)
_LIMITS = _that(lambda value: isinstance(value, Limits), "be a Limits, such as Limits(max_frames=500)")
_VERIFY = _that(lambda value: value in ("sampled", "always", "never"), "be one of 'sampled', 'always', 'never'")


def _check(option: str, value: object, complaint: Complaint) -> None:
    words = complaint(value)
    if words is not None:
        raise OptionError(option, f"must {words}, not {value!r}")


def _plain(value: Any) -> Any:
    """Return a number of any type as Python's own, and anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def _must(complaint: Complaint) -> dict[str, Complaint]:
    """Return the metadata of a field whose values are checked."""
    return {"complaint": complaint}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a render may use. None means no limit.

    Attributes
    ----------
    max_frames : int
        Frames in the animation.
    max_pixels : int
        Pixels of one frame.
    max_total_pixels : int
        Pixels of all frames together.
    max_seconds : float
        Seconds that drawing and encoding may take together, checked before each frame. Time between two frames that a
        reader spends does not count, nor does waiting for another render of the figure, which may take as long again.
    max_bytes : int
        Size of the file.
    """

    max_frames: int | None = None
    max_pixels: int | None = None
    max_total_pixels: int | None = None
    max_seconds: float | None = None
    max_bytes: int | None = None

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None:
                _check(f"limits.{item.name}", value, _number(above=0, integer=item.name != "max_seconds"))
                object.__setattr__(self, item.name, _plain(value))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RenderOptions:
    """The options of a render, named as matplotlib names them where it has the name.

    Attributes
    ----------
    fps : float, optional
        Frames a second. At most one of *fps*, *interval* and *durations* may be given; without any of them the
        animation's own interval counts.
    interval : float, optional
        Milliseconds between two frames.
    durations : sequence of float or callable, optional
        Seconds that each frame is shown: one number a frame, or a function of the frame's index.
    final_pause : float, default: 0
        Seconds that the last frame stays longer.
    loop : int or "animation", default: 0
        How many times the animation plays; 0 is forever. ``"animation"`` takes the animation's own *repeat* and
        *repeat_delay*.
    dpi : float or "figure", optional
        Resolution; None takes ``rcParams["savefig.dpi"]``.
    facecolor : color, optional
        The figure's face while it is drawn; None takes ``rcParams["savefig.facecolor"]``.
    transparent : bool, optional
        Whether the faces of the figure and its axes are left out; None takes ``rcParams["savefig.transparent"]``.
    bbox_inches : "tight" or Bbox, optional
        The part of the figure to draw, in inches. ``"tight"`` is computed on the first frame and kept. None draws the
        whole figure, as ``Animation.save`` does, which leaves ``rcParams["savefig.bbox"]`` aside.
    extra_anim : sequence of Animation, default: ()
        More animations on the same figure, advanced together with the source.
    metadata : mapping of str to str, default: {}
        Texts to store in the file, where the format can.
    progress : bool or callable, default: False
        True shows a bar; a callable is called with ``(done, total)`` after each frame, *total* None if unknown.
    verify : {"sampled", "always", "never"}, default: "sampled"
        Which frames are compared with what ``Animation.save`` draws. ``"sampled"`` spends 3 % of the rendering time of
        the process, which a short script may not reach.
    limits : Limits, default: no limits
        What the render may use.
    frame : int or "last", optional
        The frame of a still picture (format ``"png"``), by default the first. Negative numbers count from the end.
    quality : int, optional
        0 (smallest) to 100 (best), for lossy formats.
    lossless : bool, optional
        Whether every pixel is kept exactly.
    colors : int, optional
        2 to 256 colors in a palette.
    dither : bool, default: False
        Whether missing colors are mixed from a pattern of others.
    max_bytes : int, optional
        Size that the file is fitted into, at the best quality that does.

    Raises
    ------
    OptionError
        An option is of a wrong type or out of range.
    """

    fps: float | None = field(default=None, metadata=_must(_number(1 / LONGEST, 1 / SHORTEST)))
    interval: float | None = field(default=None, metadata=_must(_number(1000 * SHORTEST, 1000 * LONGEST)))
    durations: Sequence[float] | Callable[[int], float] | None = field(default=None, metadata=_must(_durations))
    final_pause: float = field(default=0.0, metadata=_must(_number(0, LONGEST)))
    loop: int | Literal["animation"] = field(
        default=0, metadata=_must(_number(0, 65535, integer=True, word="animation"))
    )
    dpi: float | Literal["figure"] | None = field(default=None, metadata=_must(_number(above=0, word="figure")))
    facecolor: Any = field(default=None, metadata=_must(_COLOR))
    transparent: bool | None = field(default=None, metadata=_must(_BOOL))
    bbox_inches: Literal["tight"] | Bbox | None = field(default=None, metadata=_must(_bbox_inches))
    extra_anim: Sequence[Animation] = field(default=(), metadata=_must(_ANIMATIONS))
    metadata: Mapping[str, str] = field(default_factory=dict, metadata=_must(_texts))
    progress: bool | Callable[[int, int | None], object] = field(default=False, metadata=_must(_PROGRESS))
    verify: Literal["sampled", "always", "never"] = field(default="sampled", metadata=_must(_VERIFY))
    limits: Limits = field(default_factory=Limits, metadata=_must(_LIMITS))
    frame: int | Literal["last"] | None = field(default=None, metadata=_must(_number(integer=True, word="last")))
    quality: int | None = field(default=None, metadata=_must(_number(0, 100, integer=True)))
    lossless: bool | None = field(default=None, metadata=_must(_BOOL))
    colors: int | None = field(default=None, metadata=_must(_number(2, 256, integer=True)))
    dither: bool = field(default=False, metadata=_must(_BOOL))
    max_bytes: int | None = field(default=None, metadata=_must(_number(above=0, integer=True)))

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None or item.default is not None:
                _check(item.name, value, item.metadata["complaint"])
                object.__setattr__(self, item.name, _plain(value))
        for names in _EXCLUSIVE:
            given = [name for name in names if getattr(self, name) is not None and getattr(self, name) is not False]
            if len(given) > 1:
                raise OptionError(given[1], f"cannot be combined with {given[0]!r}; give one of the two")

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "RenderOptions":
        """Build options from keyword arguments.

        Raises
        ------
        OptionError
            An option is unknown, of a wrong type or out of range.
        """
        for name in options:
            if name not in _DEFAULTS:
                raise OptionError(name, unknown_option(name, _DEFAULTS))
        return cls(**options)

    @property
    def plays(self) -> int:
        """How many times a file plays; 0, forever, where that is still left to the animation."""
        return 0 if self.loop == "animation" else self.loop

    def changed(self) -> dict[str, Any]:
        """Return the options that differ from their defaults."""
        values = ((item.name, getattr(self, item.name)) for item in fields(self))
        return {name: value for name, value in values if isinstance(value, np.ndarray) or value != _DEFAULTS[name]}


_EXCLUSIVE = (("fps", "interval", "durations"), ("lossless", "quality"))
"""Options of which one at most may be given."""


_DEFAULTS: Mapping[str, Any] = {item.name: getattr(RenderOptions(), item.name) for item in fields(RenderOptions)}


@overload
def takes_options(function: F) -> F: ...
@overload
def takes_options(*, without: Iterable[str]) -> Callable[[F], F]: ...
def takes_options(function: F | None = None, *, without: Iterable[str] = ()) -> Any:
    """Show each option as a keyword in the signature of a function that takes ``**options``.

    Parameters
    ----------
    function : callable
        The function; if it is left out, a decorator is returned.
    without : iterable of str
        Options that the function does not take.
    """
    if function is None:
        return functools.partial(takes_options, without=without)
    signature = inspect.signature(function)
    first = [item for item in signature.parameters.values() if item.kind is not item.VAR_KEYWORD]
    missing = {*signature.parameters, *without}
    keywords = [
        inspect.Parameter(item.name, inspect.Parameter.KEYWORD_ONLY, default=_DEFAULTS[item.name], annotation=item.type)
        for item in fields(RenderOptions)
        if item.name not in missing
    ]
    function.__signature__ = signature.replace(parameters=[*first, *keywords])  # type: ignore[attr-defined]
    return function
