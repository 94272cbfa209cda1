"""The options of a render, as a command line says them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import click

from renderer import Limits, OptionError
from renderer.cli import words

_VERIFY = click.Choice(["sampled", "always", "never"])


class Said(NamedTuple):
    """How an option is said.

    Attributes
    ----------
    flag : str
        ``"--fps"``.
    kind : ParamType or bool
        How its value is written; bool for a flag without one.
    help : str
        What ``figreel render --help`` says of it.
    repeats : bool
        Whether it can be given several times.
    """

    flag: str
    kind: click.ParamType[Any] | type[bool]
    help: str
    repeats: bool = False


OPTIONS: Mapping[str, Said] = {
    "fps": Said("--fps", words.NUMBER, "Frames a second. By default the animation's own interval counts."),
    "interval": Said("--interval", words.NUMBER, "Milliseconds between two frames, in place of --fps."),
    "durations": Said(
        "--durations", words.SECONDS, "Seconds that each frame is shown, one number a frame, in place of --fps."
    ),
    "final_pause": Said("--final-pause", words.NUMBER, "Seconds that the last frame stays longer."),
    "loop": Said(
        "--loop",
        words.PLAYS,
        "How many times the file plays. 0, the default, is forever; animation is as often as the animation says.",
    ),
    "dpi": Said(
        "--dpi",
        words.DPI,
        "Dots per inch. By default savefig.dpi of matplotlib's settings; figure is the figure's own.",
    ),
    "facecolor": Said("--facecolor", words.COLOR, "Color of the figure behind the axes, such as white or #ffeecc."),
    "transparent": Said("--transparent", bool, "Leave out the faces of the figure and its axes."),
    "bbox_inches": Said(
        "--bbox-inches",
        words.BOX,
        "Part of the figure to draw: tight, or left, bottom, right and top in inches. By default all of it.",
    ),
    "metadata": Said(
        "--metadata", words.PAIR, "Text to store in the file, such as Title=Waves. Repeat it for more.", repeats=True
    ),
    "verify": Said(
        "--verify",
        _VERIFY,
        "Which frames are compared with what Animation.save draws. By default sampled, which takes 3 % of the time.",
    ),
    "frame": Said(
        "--frame",
        words.FRAME,
        "Frame of a still picture (PNG), counted from 0. Negative numbers count from the end. By default the first.",
    ),
    "quality": Said("--quality", words.COUNT, "Quality from 0 (smallest) to 100 (best), for WebP, AVIF, MP4 and WebM."),
    "lossless": Said("--lossless", bool, "Keep every pixel exactly, for WebP, MP4 and WebM."),
    "colors": Said("--colors", words.COUNT, "Colors in a palette, from 2 to 256, for GIF."),
    "dither": Said("--dither", bool, "Mix missing colors from a pattern of others, for GIF."),
    "max_bytes": Said(
        "--max-bytes",
        words.SIZE,
        "Size to fit a GIF into, such as 100kB: with fewer colors, then fewer frames, then a smaller picture.",
    ),
}
"""The fields of `RenderOptions` that a command line can say."""

LIMITS: Mapping[str, Said] = {
    "max_frames": Said("--max-frames", words.COUNT, "Refuse an animation of more frames."),
    "max_pixels": Said("--max-pixels", words.COUNT, "Refuse a frame of more pixels."),
    "max_total_pixels": Said("--max-total-pixels", words.COUNT, "Refuse more pixels in all frames together."),
    "max_seconds": Said("--max-seconds", words.NUMBER, "Stop if drawing and encoding take longer."),
    "max_bytes": Said(
        "--limit-bytes",
        words.SIZE,
        "Refuse a larger file, such as 5MB, of any format. In contrast, --max-bytes makes a GIF smaller.",
    ),
}
"""The fields of `Limits`."""

_LIMIT = "limits_"
_ALL = {**OPTIONS, **{_LIMIT + name: said for name, said in LIMITS.items()}}
"""By the names of the command's keyword arguments."""


def render_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add all options to a command, which finds them among its keyword arguments."""
    for name, said in reversed(_ALL.items()):
        if said.kind is bool:
            add = click.option(f"{said.flag}/--no-{said.flag[2:]}", name, default=None, help=said.help)
        else:
            metavar = said.kind.name if isinstance(said.kind, words.Word) else None
            add = click.option(
                said.flag, name, type=said.kind, metavar=metavar, multiple=said.repeats, default=None, help=said.help
            )
        command = add(command)
    return command


def chosen(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a render, from the keyword arguments of a command.

    Raises
    ------
    OptionError
        A limit is out of range, or a text of the metadata is given twice.
    """
    given = {name: value for name, value in values.items() if value not in (None, ())}
    options = {name: value for name, value in given.items() if name in OPTIONS}
    limits = {name: given[_LIMIT + name] for name in LIMITS if _LIMIT + name in given}
    if "metadata" in options:
        options["metadata"] = _unrepeated(options["metadata"])
    return {**options, "limits": Limits(**limits)} if limits else options


def _unrepeated(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, text in pairs:
        if name in texts:
            raise OptionError("metadata", f"{name!r} is given more than once")
        texts[name] = text
    return texts


def flag_of(name: str) -> str | None:
    """Return the flag of an option by its keyword, ``"fps"`` or ``"limits.max_frames"``; None if there is none."""
    said = _ALL.get(name.replace("limits.", _LIMIT))
    return None if said is None else said.flag
