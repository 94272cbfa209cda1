"""The commands of ``figreel`` that need the server: serve, sign and config."""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import click
from pydantic import ValidationError

from renderer import resolve
from server.access import Access
from server.app import create_app
from server.catalog.entries import Catalog
from server.errors import ServerError
from server.settings import Settings, load_settings
from server.telemetry.logs import configure
from server.web.listening import serve as run

DEMO = "server.demo:catalog"


class _Command(click.Command):
    """A command that ends with one line for an error that the user can mend."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ServerError as error:
            raise click.ClickException(str(error)) from error


config_file = click.option(
    "--config",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="FIGREEL_CONFIG",
    help="TOML file of settings; see `figreel config`.",
)


@click.command(cls=_Command)
@click.argument("catalog", default=DEMO, metavar="[MODULE_OR_FILE:CATALOG]")
@config_file
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [default: 8080]")
@click.option("--workers", type=click.IntRange(1), help="Renders that run at once.  [default: 2]")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds for one render.  [default: 30]")
@click.option(
    "--debug/--no-debug", default=None, help="Show the tracebacks of animations that fail in answers and on the pages."
)
@click.option("--set", "more", multiple=True, metavar="NAME=VALUE", help="Any other setting.")
def serve(catalog: str, file: Path | None, more: tuple[str, ...], **options: Any) -> None:
    """Serve a catalog of animations; without an argument, a few examples."""
    settings = _settings(file, {**_values(more), **options})
    configure(settings.log_format)
    animations = resolve(catalog)
    if not isinstance(animations, Catalog):
        raise click.ClickException(f"{catalog} is not a Catalog")
    app = create_app(animations, settings)
    asyncio.run(run(app, settings, lambda url: click.echo(f"Serving {catalog} at {url}", err=True)))


@click.command(cls=_Command)
@config_file
@click.option("--set", "more", multiple=True, metavar="NAME=VALUE", help="A setting, as for `figreel serve`.")
def config(file: Path | None, more: tuple[str, ...]) -> None:
    """Print the settings that a server would have, as a file for --config."""
    settings = _settings(file, _values(more))
    values = settings.model_dump(mode="json")
    for name, field in type(settings).model_fields.items():
        line = f"{name} = {_toml(values[name])}" if values[name] is not None else f"# {name} ="
        click.echo(f"# {field.description}\n{line}\n")


@click.command(cls=_Command)
@click.argument("url")
@config_file
@click.option("--seconds", type=click.IntRange(1), default=3600, show_default=True, help="How long it holds.")
@click.option("--key", help="Name of the key.  [default: the first one]")
def sign(url: str, file: Path | None, seconds: int, key: str | None) -> None:
    """Sign the address of a picture with a key of the settings."""
    settings = _settings(file, {})
    signer = Access(settings).signer
    if signer is None:
        raise click.ClickException("there are no signing_keys in the settings")
    name = key or next(iter(settings.signing_keys))
    if name not in settings.signing_keys:
        raise click.ClickException(f"there is no signing key {name!r}")
    address = urlsplit(url)
    query = parse_qsl(address.query, keep_blank_values=True)
    signed = signer.sign(unquote(address.path), query, name, int(time.time()) + seconds)
    click.echo(address._replace(query=urlencode(signed)).geturl())


def _settings(file: Path | None, values: Mapping[str, Any]) -> Settings:
    """Load the settings; *values* come before the environment, and that before the file."""
    try:
        return load_settings(file, **values)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise click.ClickException("\n  ".join(["invalid settings", *lines])) from error


def _values(texts: Iterable[str]) -> dict[str, Any]:
    """Read settings of the form NAME=VALUE, the value as JSON or else as a text."""
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"{name!r} is not of the form NAME=VALUE", param_hint="--set")
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    return values


def _toml(value: Any) -> str:
    """Write a value as TOML, which is JSON but for tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)
