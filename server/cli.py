"""The ``figreel`` command.

Imports stand in the commands: worker processes import the program's main module again, and help should be quick.
"""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from multidict import MultiDict

if TYPE_CHECKING:
    from server.catalog import Catalog
    from server.settings import Settings

__all__ = ["main"]

DEMO = "server.demo:catalog"


class CleanErrors(click.Group):
    """A group whose commands end with one line for an error that the user can mend."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        from renderer.errors import RenderError
        from server.catalog import CatalogError, ParameterError
        from server.errors import ServerError
        from server.references import ReferenceNotFoundError

        try:
            return super().invoke(ctx)
        except ParameterError as error:
            raise click.ClickException(f"{error.parameter}: {error.message}") from error
        except (CatalogError, ReferenceNotFoundError, RenderError, ServerError, OSError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=CleanErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="figreel")
def main() -> None:
    """Render matplotlib animations, or serve them over HTTP."""


@main.command()
@click.argument("catalog", default=DEMO, metavar="[MODULE_OR_FILE:CATALOG]")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [default: 8080]")
@click.option("--workers", type=click.IntRange(1), help="Renders that run at once.  [default: 2]")
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), help="Seconds that one render may take.  [default: 30]"
)
def serve(catalog: str, **given: Any) -> None:
    """Serve a catalog of animations; without an argument, a few examples."""
    from server.app import create_app
    from server.run import serve as run

    settings = _settings(given)
    app = create_app(_load_catalog(catalog), settings)
    asyncio.run(run(app, settings, lambda url: click.echo(f"Serving {catalog} at {url}", err=True)))


@main.command()
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
@click.option("--quiet", "-q", is_flag=True, help="No progress bar.")
def render(reference: str, params: tuple[str, ...], output: str, format_: str | None, quiet: bool) -> None:
    """Render one animation to a file.

    NAME is a function, in a catalog or not, that returns an animation. Besides its own parameters there are fps, dpi,
    width, height and loop.
    """
    from renderer.api import render as render_clip
    from renderer.encoders import canonical_format
    from server.catalog import Entry
    from server.params import Bounds, InvalidParametersError, read_query
    from server.references import resolve
    from server.sources import prepare

    format_ = canonical_format(format_ or _format_of(output))
    function: Any = resolve(reference)
    if not callable(function):
        raise click.ClickException(f"{reference} is not a function")
    entry = Entry(function)
    try:
        values = read_query(entry, entry.playback, _query(params), Bounds(text=100_000, items=100_000))
    except InvalidParametersError as error:
        lines = [f"{item['field']}: {item['message']}" for item in error.problems]
        raise click.ClickException("\n  ".join(["invalid parameters", *lines])) from error
    source, options = prepare(entry, values)
    clip = render_clip(source, format_, progress=not quiet, **options)
    if output == "-":
        sys.stdout.buffer.write(clip.data)
    else:
        clip.save(output)


def _load_catalog(reference: str) -> "Catalog":
    from server.catalog import Catalog
    from server.references import resolve

    catalog = resolve(reference)
    if not isinstance(catalog, Catalog):
        raise click.ClickException(f"{reference} is not a Catalog")
    return catalog


def _settings(given: dict[str, Any]) -> "Settings":
    """Give the settings; those of the command line come before the environment."""
    from pydantic import ValidationError

    from server.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise click.ClickException("\n  ".join(["invalid settings", *lines])) from error


def _query(params: Iterable[str]) -> MultiDict[str]:
    pairs = [text.partition("=") for text in params]
    for name, equals, _ in pairs:
        if not equals:
            raise click.BadParameter(f"{name!r} is not of the form NAME=VALUE", param_hint="--param")
    return MultiDict((name, value) for name, _, value in pairs)


def _format_of(output: str) -> str:
    suffix = Path(output).suffix
    if not suffix:
        raise click.UsageError(f"the name {output!r} does not say the format; give --format")
    return suffix
