"""``figreel render``: one animation to a file."""

import os
import re
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from renderer import RenderOptions, formats, rendered, resolve
from renderer import render as render_clip
from renderer.cli.parameters import arguments, pairs


def _number_or(number: type[int] | type[float], word: str) -> click.ParamType[Any]:
    """Return the type of a number, or of one word that stands for itself."""

    def convert(text: str) -> Any:
        try:
            return text if text == word else number(text)
        except ValueError:
            raise click.BadParameter(f"{text!r} is neither a number nor {word!r}") from None

    kind = click.types.FuncParamType(convert)
    kind.name = f"{number.__name__}|{word}"
    return kind


_FILE = click.Path(dir_okay=False, allow_dash=True)

_TYPES: dict[str, Any] = {
    "fps": float,
    "interval": float,
    "final_pause": float,
    "loop": _number_or(int, "animation"),
    "dpi": _number_or(float, "figure"),
    "facecolor": str,
    "transparent": bool,
    "frame": _number_or(int, "last"),
    "quality": int,
    "lossless": bool,
    "colors": int,
    "dither": bool,
    "max_bytes": int,
}
"""The options of a render that a command line can say."""


def _render_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for each of `_TYPES`; its help is the first sentence about it in `RenderOptions`."""
    entries = re.findall(r"^ *(\w+) : .*\n +(.+)", RenderOptions.__doc__ or "", re.MULTILINE)
    help_of = {name: below.partition(". ")[0].rstrip(".") + "." for name, below in entries}
    for name, kind in reversed(_TYPES.items()):
        flag = f"--{name.replace('_', '-')}"
        command = click.option(flag, name, type=kind, default=None, is_flag=kind is bool, help=help_of[name])(command)
    return command


@click.command()
@click.argument("reference", metavar="MODULE_OR_FILE:NAME")
@click.option("--param", "-p", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; repeat it for a list.")
@click.option("--output", "-o", required=True, type=_FILE, help="File to write; - is standard output.")
@click.option("--format", "format_", help="Format, if the file's name does not say it.")
@click.option("--quiet", "-q", is_flag=True, help="No progress bar; without tqdm there is none.")
@_render_options
def render(
    reference: str, params: tuple[str, ...], output: str, format_: str | None, quiet: bool, **options: Any
) -> None:
    """Render one animation to a file.

    NAME is an animation, or whatever else can be rendered, or a function that returns one, in a catalog or not. The
    parameters of one in a catalog are checked as the server checks them, and fps, dpi, width, height and loop are
    parameters as well.
    """
    name: Any = format_ or Path(output).suffix
    if not name:
        raise click.UsageError(f"the name {output!r} does not say the format; give --format")
    chosen = {option: value for option, value in options.items() if value is not None}
    rendered(name, **chosen)  # refuses a wrong format or option before the function is called
    wanted, suffix = (text.lower().removeprefix(".") for text in (name, Path(output).suffix))
    if suffix in formats() and suffix != wanted and {suffix, wanted} != {"png", "apng"}:
        raise click.UsageError(f"{output!r} is the name of {suffix}; leave --format out, or name the file .{wanted}")
    if output != "-" and not _is_writable(Path(output)):
        raise click.UsageError(f"cannot write {output!r}: its folder does not exist, or it is not yours to write to")
    still = wanted in {entry.name for entry in formats().values() if entry.still}
    source, defaults = _source(resolve(reference), pairs(params), still=still)
    bar = not quiet and find_spec("tqdm") is not None
    clip = render_clip(source, name, **{"progress": bar, **defaults, **chosen})
    clip.save(sys.stdout.buffer if output == "-" else output)


def _is_writable(path: Path) -> bool:
    return os.access(path if path.exists() else path.absolute().parent, os.W_OK)


def _source(found: Any, named: Iterable[tuple[str, str]], *, still: bool) -> tuple[Any, dict[str, Any]]:
    """Return a source, from the function that makes it if that was found, and the options in the parameters.

    An animation of a catalog carries its entry, which knows better than annotations how to read texts.
    """
    several = getattr(found, "__figreel_names__", None)
    if several is not None:
        raise click.UsageError(f"a {type(found).__name__} has several animations; name one: {', '.join(several)}")
    if not callable(found):
        if any(named):
            raise click.UsageError(f"a {type(found).__name__} takes no parameters")
        return found, {}
    entry = getattr(found, "__figreel_entry__", None)
    if entry is None:
        return found(**arguments(found, named)), {}
    try:
        source, options = entry.prepare(named, still=still)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    return source, options
