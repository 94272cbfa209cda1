"""``figreel render``: one animation to a file."""

import os
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from renderer import RenderOptions, formats, rendered, resolve
from renderer import render as render_clip
from renderer.cli.parameters import arguments, pairs

__all__ = ["render"]


class _NumberOr(click.ParamType[Any]):
    """A number, or one word that stands for itself."""

    def __init__(self, number: type[int] | type[float], word: str) -> None:
        self.name = f"{number.__name__}|{word}"
        self._number = number
        self._word = word

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == self._word:
            return value
        try:
            return self._number(value)
        except ValueError:
            self.fail(f"{value!r} is neither a number nor {self._word!r}", param, ctx)


_TYPES: dict[str, Any] = {
    "fps": float,
    "interval": float,
    "final_pause": float,
    "loop": _NumberOr(int, "animation"),
    "dpi": _NumberOr(float, "figure"),
    "facecolor": str,
    "transparent": bool,
    "frame": _NumberOr(int, "last"),
    "quality": int,
    "lossless": bool,
    "colors": int,
    "dither": bool,
    "max_bytes": int,
}
"""The options of a render that a command line can say."""


def _render_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for each of `_TYPES`, with the help of `RenderOptions`."""
    help_of = _documented(RenderOptions.__doc__ or "")
    for name, kind in reversed(_TYPES.items()):
        flag = f"--{name.replace('_', '-')}"
        command = click.option(flag, name, type=kind, default=None, is_flag=kind is bool, help=help_of[name])(command)
    return command


def _documented(doc: str) -> dict[str, str]:
    """Return the first sentence about each attribute of a class, from its numpydoc docstring."""
    found: dict[str, str] = {}
    lines = [line.strip() for line in doc.splitlines()]
    for line, below in pairwise(lines):
        name, colon, _ = line.partition(" : ")
        if colon:
            found[name] = below.partition(". ")[0].rstrip(".") + "."
    return found


@click.command()
@click.argument("reference", metavar="MODULE_OR_FILE:NAME")
@click.option("--param", "-p", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; repeat it for a list.")
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="File to write; - is standard output.",
)
@click.option("--format", "format_", help="Format, if the file's name does not say it.")
@click.option("--quiet", "-q", is_flag=True, help="No progress bar; without tqdm there is none.")
@_render_options
def render(
    reference: str, params: tuple[str, ...], output: str, format_: str | None, quiet: bool, **options: Any
) -> None:
    """Render one animation to a file.

    NAME is a function that returns an animation, in a catalog or not. The parameters of one in a catalog are checked
    as the server checks them, and fps, dpi, width, height and loop are parameters as well.
    """
    name: Any = format_ or _suffix(output)
    chosen = {option: value for option, value in options.items() if value is not None}
    rendered(name, **chosen)  # refuses a wrong format or option before the function is called
    if not os.access(Path(output).absolute().parent, os.W_OK):
        raise click.UsageError(f"cannot write {output!r}: its folder does not exist or is not yours to write to")
    function: Any = resolve(reference)
    if not callable(function):
        raise click.ClickException(f"{reference} is not a function")
    still = name.lower().removeprefix(".") in {entry.name for entry in formats().values() if entry.still}
    source, defaults = _source(function, pairs(params), still=still)
    bar = not quiet and find_spec("tqdm") is not None
    clip = render_clip(source, name, **{"progress": bar, **defaults, **chosen})
    if output == "-":
        sys.stdout.buffer.write(clip.data)
    else:
        clip.save(output)


def _source(function: Any, named: Iterable[tuple[str, str]], *, still: bool) -> tuple[Any, dict[str, Any]]:
    """Call the function; return its source, and the options that the parameters contain.

    An animation of a catalog carries its entry, which knows better than annotations how to read texts.
    """
    entry = getattr(function, "__figreel_entry__", None)
    if entry is None:
        return function(**arguments(function, named)), {}
    try:
        source, options = entry.prepare(named, still=still)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    return source, options


def _suffix(output: str) -> str:
    suffix = Path(output).suffix
    if not suffix:
        raise click.UsageError(f"the name {output!r} does not say the format; give --format")
    return suffix
