"""``figreel render``: one animation to a file."""

import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from renderer import formats, rendered, resolve
from renderer import render as render_clip
from renderer.cli import standard_output, words
from renderer.cli.mistakes import Refusal, refusing
from renderer.cli.options import chosen, render_options
from renderer.cli.parameters import arguments, described
from renderer.cli.report import warnings_in_one_line, written

_FILE = click.Path(dir_okay=False, allow_dash=True)


@click.command()
@click.argument("reference", metavar="MODULE_OR_FILE:NAME", type=click.Path())
@click.option(
    "--param",
    "-p",
    "params",
    type=words.PAIR,
    metavar=words.PAIR.name,
    multiple=True,
    help="Parameter of the function. Repeat it for more, and the same one for a list.",
)
@click.option("--params", "list_params", is_flag=True, help="List the parameters of the function, and stop.")
@click.option("--output", "-o", type=_FILE, help="File to write; - is standard output, which nothing else gets then.")
@click.option(
    "--format",
    "format_",
    metavar="FORMAT",
    help="Format of the file, if its name does not say it.",
    shell_complete=lambda context, option, begun: [name for name in formats() if name.startswith(begun)],
)
@click.option("--quiet", "-q", is_flag=True, help="Show no progress bar, and do not say what was written.")
@render_options
@warnings_in_one_line()
def render(
    reference: str,
    params: tuple[tuple[str, str], ...],
    list_params: bool,
    output: str | None,
    format_: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Render one animation to a file.

    NAME is an animation, or whatever else can be rendered, or a function that returns one, in a catalog or not. The
    parameters of one in a catalog are checked as the server checks them, and fps, dpi, width, height and loop are
    parameters as well. The progress bar needs tqdm.
    """
    if list_params:
        with refusing():
            _list_params(resolve(reference))
        return
    if output is None:
        raise click.MissingParameter(param_hint="'--output' / '-o'", param_type="option")
    with refusing():
        name = _format_of(output, format_)
        wishes = chosen(options)
        rendered(name, **wishes)  # refuses a wrong format or option before the function is called
        _check_name(output, name)
        if output != "-" and not _is_writable(output):
            facts = "it is the name of a folder, its folder does not exist, or it is not yours to write to"
            raise Refusal(f"cannot write {output!r}: {facts}")
        file = standard_output.taken() if output == "-" else output
        found = resolve(reference)
    source, defaults = _source(found, params, still=formats()[name].still)
    bar = not quiet and find_spec("tqdm") is not None
    begin = perf_counter()
    clip = render_clip(source, name, **{"progress": bar, **defaults, **wishes})
    seconds = perf_counter() - begin
    clip.save(file)
    if not quiet:
        click.echo(written("standard output" if output == "-" else output, clip, seconds), err=True)


def _format_of(output: str, wanted: str | None) -> Any:
    """Return the name of the format that is wanted, or else that of the file's name."""
    text = wanted or next(iter(_formats_of(output)), Path(output).suffix)
    if not text:
        raise Refusal(f"the name {output!r} does not say the format; give --format")
    return text.lower().removeprefix(".")


def _check_name(output: str, name: str) -> None:
    named = _formats_of(output)
    if named and name not in named:
        raise Refusal(f"{output!r} is the name of {named[0]}; leave --format out, or name the file .{name}")


def _formats_of(output: str) -> list[str]:
    """Return the formats that a file of this name may have, the likeliest first."""
    suffix = Path(output).suffix.lower().removeprefix(".")
    entries = [entry for entry in formats().values() if suffix in entry.suffixes]
    return [entry.name for entry in sorted(entries, key=lambda entry: entry.suffixes.index(suffix))]


def _is_writable(output: str) -> bool:
    _, name = os.path.split(output)
    path = Path(output)
    return name != "" and os.access(path if path.exists() else path.absolute().parent, os.W_OK)


def _list_params(found: Any) -> None:
    """Write a table of the parameters of a function."""
    _refuse_several(found)
    entry = getattr(found, "__figreel_entry__", None)
    rows = described(found) if entry is None and callable(found) else entry.described() if entry else []
    formatter = click.HelpFormatter()
    if rows:
        formatter.write_dl(rows)
    click.echo(formatter.getvalue() or f"a {type(found).__name__} takes no parameters\n", nl=False)


def _source(found: Any, named: Iterable[tuple[str, str]], *, still: bool) -> tuple[Any, dict[str, Any]]:
    """Return a source, from the function that makes it if that was found, and the options in the parameters.

    An animation of a catalog carries its entry, which knows better than annotations how to read texts.
    """
    _refuse_several(found)
    if not callable(found):
        if any(named):
            raise Refusal(f"a {type(found).__name__} takes no parameters")
        return found, {}
    entry = getattr(found, "__figreel_entry__", None)
    if entry is None:
        return found(**arguments(found, named)), {}
    try:
        source, options = entry.prepare(named, still=still)
    except ValueError as error:
        if not hasattr(error, "problems"):
            raise
        raise Refusal(str(error)) from error
    return source, options


def _refuse_several(found: Any) -> None:
    several = getattr(found, "__figreel_names__", None)
    if several is not None:
        raise Refusal(f"a {type(found).__name__} has several animations; name one: {', '.join(several)}")
