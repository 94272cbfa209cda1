"""``figreel render``: one animation to a file."""

import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from renderer import formats, rendered, resolve
from renderer import render as render_clip
from renderer.cli import words
from renderer.cli.options import chosen, named_by_flags, render_options
from renderer.cli.parameters import arguments
from renderer.cli.report import warnings_in_one_line, written

_FILE = click.Path(dir_okay=False, allow_dash=True)


@click.command()
@click.argument("reference", metavar="MODULE_OR_FILE:NAME")
@click.option(
    "--param",
    "-p",
    "params",
    type=words.PAIR,
    metavar=words.PAIR.name,
    multiple=True,
    help="Parameter of the function. Repeat it for more, and the same one for a list.",
)
@click.option("--output", "-o", required=True, type=_FILE, help="File to write; - is standard output.")
@click.option("--format", "format_", metavar="FORMAT", help="Format of the file, if its name does not say it.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress bar, and do not say what was written.")
@render_options
@named_by_flags()
@warnings_in_one_line()
def render(
    reference: str, params: tuple[tuple[str, str], ...], output: str, format_: str | None, quiet: bool, **options: Any
) -> None:
    """Render one animation to a file.

    NAME is an animation, or whatever else can be rendered, or a function that returns one, in a catalog or not. The
    parameters of one in a catalog are checked as the server checks them, and fps, dpi, width, height and loop are
    parameters as well. The progress bar needs tqdm.
    """
    named = _formats_of(output)
    wanted: Any = format_ or next(iter(named), Path(output).suffix)
    if not wanted:
        raise click.UsageError(f"the name {output!r} does not say the format; give --format")
    name = wanted.lower().removeprefix(".")
    wishes = chosen(options)
    rendered(name, **wishes)  # refuses a wrong format or option before the function is called
    if named and name not in named:
        raise click.UsageError(f"{output!r} is the name of {named[0]}; leave --format out, or name the file .{name}")
    if output != "-" and not _is_writable(Path(output)):
        raise click.UsageError(f"cannot write {output!r}: its folder does not exist, or it is not yours to write to")
    source, defaults = _source(resolve(reference), params, still=formats()[name].still)
    bar = not quiet and find_spec("tqdm") is not None
    begin = perf_counter()
    clip = render_clip(source, name, **{"progress": bar, **defaults, **wishes})
    seconds = perf_counter() - begin
    clip.save(sys.stdout.buffer if output == "-" else output)
    if not quiet:
        click.echo(written("standard output" if output == "-" else output, clip, seconds), err=True)


def _formats_of(output: str) -> list[str]:
    """Return the formats that a file of this name may have, the likeliest first."""
    suffix = Path(output).suffix.lower().removeprefix(".")
    entries = [entry for entry in formats().values() if suffix in entry.suffixes]
    return [entry.name for entry in sorted(entries, key=lambda entry: entry.suffixes.index(suffix))]


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
