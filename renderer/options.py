"""The options of a render, validated where they are built."""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from numbers import Integral, Real
from typing import Any, Literal, TypeVar

import numpy as np
from matplotlib.animation import Animation
from matplotlib.colors import is_color_like
from matplotlib.transforms import Bbox

from renderer.errors import OptionError
from renderer.remedies import unknown_option

__all__ = ["LONGEST", "SHORTEST", "Limits", "RenderOptions", "takes_options"]

F = TypeVar("F", bound=Callable[..., Any])

SHORTEST, LONGEST = 1e-6, 1e6
"""Seconds that a frame may be shown, in any format."""


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
        reader spends does not count.
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
                _check_number(f"limits.{item.name}", value, above=0, integer=item.name != "max_seconds")


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
        The part of the figure to draw, in inches. ``"tight"`` is computed on the first frame and kept.
    extra_anim : sequence of Animation, default: ()
        More animations on the same figure, advanced together with the source.
    metadata : mapping of str to str, default: {}
        Texts to store in the file, where the format can.
    progress : bool or callable, default: False
        True shows a bar; a callable is called with ``(done, total)`` after each frame, *total* None if unknown.
    verify : {"sampled", "always", "never"}, default: "sampled"
        How often a frame is checked against one drawn from scratch.
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

    fps: float | None = None
    interval: float | None = None
    durations: Sequence[float] | Callable[[int], float] | None = None
    final_pause: float = 0.0
    loop: int | Literal["animation"] = 0
    dpi: float | Literal["figure"] | None = None
    facecolor: Any = None
    transparent: bool | None = None
    bbox_inches: Literal["tight"] | Bbox | None = None
    extra_anim: Sequence[Animation] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    progress: bool | Callable[[int, int | None], object] = False
    verify: Literal["sampled", "always", "never"] = "sampled"
    limits: Limits = field(default_factory=Limits)
    frame: int | Literal["last"] | None = None
    quality: int | None = None
    lossless: bool | None = None
    colors: int | None = None
    dither: bool = False
    max_bytes: int | None = None

    def __post_init__(self) -> None:
        for check in _CHECKS:
            check(self)

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
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if not _is_default(value, _DEFAULTS[name])}


def _is_default(value: object, default: object) -> bool:
    return value is default or (not isinstance(value, np.ndarray) and value == default)


def _check_number(
    option: str,
    value: object,
    *,
    above: float = -math.inf,
    at_least: float = -math.inf,
    at_most: float = math.inf,
    integer: bool = False,
) -> None:
    kind, name = (Integral, "a whole number") if integer else (Real, "a number")
    if isinstance(value, bool | np.bool_) or not isinstance(value, kind):
        raise OptionError(option, f"must be {name}, not {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise OptionError(option, f"must be finite, not {value!r}")
    if number <= above:
        raise OptionError(option, f"must be greater than {above:g}, not {value!r}")
    if not at_least <= number <= at_most:
        bounds = f"at least {at_least:g}" if at_most == math.inf else f"from {at_least:g} to {at_most:g}"
        raise OptionError(option, f"must be {bounds}, not {value!r}")


def _check_bool(option: str, value: object, *, optional: bool = False) -> None:
    if not isinstance(value, bool) and not (optional and value is None):
        raise OptionError(option, f"must be True or False, not {value!r}")


def _check_choice(option: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise OptionError(option, f"must be one of {', '.join(map(repr, choices))}, not {value!r}")


def _check_time(options: RenderOptions) -> None:
    given = [name for name in ("fps", "interval", "durations") if getattr(options, name) is not None]
    if len(given) > 1:
        raise OptionError(given[1], f"cannot be combined with {given[0]!r}; give one of the two")
    if options.fps is not None:
        _check_number("fps", options.fps, at_least=1 / LONGEST, at_most=1 / SHORTEST)
    if options.interval is not None:
        _check_number("interval", options.interval, at_least=1000 * SHORTEST, at_most=1000 * LONGEST)
    if options.durations is not None and not callable(options.durations):
        _check_durations(options.durations)
    _check_number("final_pause", options.final_pause, at_least=0, at_most=LONGEST)


def _check_durations(durations: object) -> None:
    message = f"must be a sequence of seconds or a function of the index, not {durations!r}"
    if isinstance(durations, Real) and not isinstance(durations, bool) and SHORTEST <= float(durations) <= LONGEST:
        same = float(durations)
        raise OptionError("durations", f"{message}; for all frames alike: interval={1000 * same:g} or fps={1 / same:g}")
    if isinstance(durations, str | bytes) or not isinstance(durations, Sequence | np.ndarray):
        raise OptionError("durations", message)
    if len(durations) == 0:
        raise OptionError("durations", "must hold one number a frame, not none")
    for index, seconds in enumerate(durations):
        _check_number(f"durations[{index}]", seconds, at_least=SHORTEST, at_most=LONGEST)


def _check_loop(options: RenderOptions) -> None:
    if options.loop != "animation":
        _check_number("loop", options.loop, at_least=0, at_most=65535, integer=True)


def _check_drawing(options: RenderOptions) -> None:
    if options.dpi is not None and options.dpi != "figure":
        _check_number("dpi", options.dpi, above=0)
    color = options.facecolor
    if not (color is None or (isinstance(color, str) and color == "auto") or is_color_like(color)):
        raise OptionError("facecolor", f"must be a color that matplotlib can read, not {color!r}")
    _check_bool("transparent", options.transparent, optional=True)
    bbox = options.bbox_inches
    if bbox is not None and not isinstance(bbox, Bbox) and bbox != "tight":
        raise OptionError("bbox_inches", f"must be 'tight' or a Bbox in inches, not {bbox!r}")
    if isinstance(bbox, Bbox) and not (np.isfinite(bbox.extents).all() and bbox.width > 0 and bbox.height > 0):
        raise OptionError("bbox_inches", f"must have a finite area, not {bbox!r}")
    _check_choice("verify", options.verify, ("sampled", "always", "never"))


def _check_run(options: RenderOptions) -> None:
    extra = options.extra_anim
    if not isinstance(extra, Sequence) or not all(isinstance(item, Animation) for item in extra):
        raise OptionError("extra_anim", f"must be a sequence of animations, not {extra!r}")
    metadata = options.metadata
    if not isinstance(metadata, Mapping) or not all(
        isinstance(text, str) for item in metadata.items() for text in item
    ):
        raise OptionError("metadata", f"must map strings to strings, not {metadata!r}")
    if not isinstance(options.progress, bool) and not callable(options.progress):
        raise OptionError(
            "progress",
            f"must be True, False or a function of (done, total), not {options.progress!r}",
        )
    if not isinstance(options.limits, Limits):
        raise OptionError("limits", f"must be a Limits, not {options.limits!r}")


def _check_encoding(options: RenderOptions) -> None:
    if options.frame is not None and options.frame != "last":
        _check_number("frame", options.frame, integer=True)
    if options.quality is not None:
        if options.lossless:
            raise OptionError("quality", "cannot be combined with lossless=True, which keeps everything")
        _check_number("quality", options.quality, at_least=0, at_most=100, integer=True)
    _check_bool("lossless", options.lossless, optional=True)
    if options.colors is not None:
        _check_number("colors", options.colors, at_least=2, at_most=256, integer=True)
    _check_bool("dither", options.dither)
    if options.max_bytes is not None:
        _check_number("max_bytes", options.max_bytes, above=0, integer=True)


_CHECKS = (_check_time, _check_loop, _check_drawing, _check_run, _check_encoding)

_DEFAULTS: Mapping[str, Any] = {item.name: getattr(RenderOptions(), item.name) for item in fields(RenderOptions)}


def takes_options(function: F) -> F:
    """Show each option as a keyword in the signature of a function that takes ``**options``."""
    signature = inspect.signature(function)
    first = [item for item in signature.parameters.values() if item.kind is not item.VAR_KEYWORD]
    keywords = [
        inspect.Parameter(item.name, inspect.Parameter.KEYWORD_ONLY, default=_DEFAULTS[item.name], annotation=item.type)
        for item in fields(RenderOptions)
    ]
    function.__signature__ = signature.replace(parameters=[*first, *keywords])  # type: ignore[attr-defined]
    return function
