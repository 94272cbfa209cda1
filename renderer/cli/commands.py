"""The group of all commands: those of the library, and those that other packages add.

A package adds commands as entry points of the group ``figreel.commands``. They are imported when they are called, so
that ``figreel render`` needs nothing of the server.
"""

import warnings
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from renderer import __version__
from renderer.cli.completion import completion
from renderer.cli.formats import formats
from renderer.cli.mistakes import explained
from renderer.cli.new import new
from renderer.cli.render import render
from renderer.cli.run import run

GROUP = "figreel.commands"


class _Commands(click.Group):
    """A group that finds more commands by entry points, and says of an error what the user can mend."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(entry.name for entry in entry_points(group=GROUP))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        others = (_load(entry) for entry in entry_points(group=GROUP, name=cmd_name))
        return super().get_command(ctx, cmd_name) or next(others, None)

    def invoke(self, ctx: click.Context) -> Any:
        with explained(debug=ctx.params["debug"]):
            return super().invoke(ctx)


def _load(entry: EntryPoint) -> click.Command:
    """Return the command of an entry point; if its package is not complete, one that says what to install."""
    package = entry.module.partition(".")[0]
    hiding = _hiding(package)
    if hiding is not None:
        return _refusing(
            entry,
            f"{hiding} hides figreel's package {package!r}, which has the same name; rename it, or leave this folder",
            f"(hidden by {hiding})",
        )
    try:
        command: click.Command = entry.load()
    except ImportError as error:
        return _missing(entry, error)
    return command


def _hiding(package: str) -> str | None:
    """Return the file that is found in place of a package of figreel's, if one is. Nothing is imported."""
    ours = Path(__file__).parents[2] / package / "__init__.py"
    found = find_spec(package) if ours.is_file() else None
    return None if found is None or found.origin is None or ours.samefile(found.origin) else found.origin


def _missing(entry: EntryPoint, error: ImportError) -> click.Command:
    """Return a command for which an extra is not installed."""
    remedy = f"pip install 'figreel[{' '.join(entry.extras) or 'server'}]'"
    message = f"figreel {entry.name} needs a library that is not installed ({error.name}); install it with: {remedy}"
    return _refusing(entry, message, f"(needs: {remedy})")


def _refusing(entry: EntryPoint, message: str, note: str) -> click.Command:
    """Return a command that takes any arguments and refuses to run."""

    def refuse() -> None:
        raise click.ClickException(message)

    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(entry.name, settings, refuse, help=note)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="figreel")
@click.option("--debug", is_flag=True, help="Show errors with their whole traceback.")
def main(debug: bool) -> None:
    """Render matplotlib animations, or serve them over HTTP.

    The exit code is 0 if all went well, 1 if something failed, and 2 if the command line asks for what cannot be.
    """
    warnings.filterwarnings("ignore", "Animation was deleted")  # about those of a file that were not asked for


main.add_command(render)
main.add_command(run)
main.add_command(formats)
main.add_command(new)
main.add_command(completion)
