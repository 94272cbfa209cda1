"""``figreel run``: a script as it is, whose animations figreel saves."""

import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from renderer import Saved, drop_in, user_traceback
from renderer.cli.report import written


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--quiet", "-q", is_flag=True, help="Do not say what was saved.")
@click.argument("script", type=click.Path(exists=True, dir_okay=False))
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def run(context: click.Context, quiet: bool, script: str, args: tuple[str, ...]) -> None:
    """Run a script, and save its animations with figreel.

    For each file it says, on standard error, who wrote it, how long that took, and how large it is. What figreel does
    not write is written by matplotlib as before.
    """
    if script.endswith(".ipynb"):
        raise click.UsageError(
            f"{script!r} is a notebook; put `%load_ext renderer` or `with drop_in():` into its cells"
        )
    any_saved = False

    def say(saved: Saved) -> None:
        nonlocal any_saved
        any_saved = True
        if not quiet:
            _say(saved)

    with _as_main(script, args), drop_in(say):
        try:
            runpy.run_path(script, run_name="__main__")
        except Exception as error:
            if context.find_root().params["debug"]:
                raise
            click.echo(user_traceback(error), err=True)
            raise click.exceptions.Exit(1) from None
    if not (any_saved or quiet):
        click.echo(f"{script}: no animation was saved", err=True)


@contextmanager
def _as_main(script: str, args: tuple[str, ...]) -> Iterator[None]:
    """Set the arguments and the first folder of the path, inside the with block, as Python does for a script."""
    argv, path = sys.argv, sys.path
    sys.argv, sys.path = [script, *args], [str(Path(script).resolve().parent), *path]
    try:
        yield
    finally:
        sys.argv, sys.path = argv, path


def _say(saved: Saved) -> None:
    name = type(saved.file).__name__ if hasattr(saved.file, "write") else str(saved.file)
    if saved.clip is None:
        click.echo(f"{name}: {saved.seconds:.2f} s, by matplotlib: {saved.reason}", err=True)
        return
    click.echo(written(name, saved.clip, saved.seconds), err=True)
