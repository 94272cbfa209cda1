"""The commands of ``figreel`` that need the server: serve, sign and config."""

import asyncio
import difflib
import json
import os
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from types import ModuleType
from typing import Any, NoReturn

import click
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from renderer import resolve
from server.app import create_app
from server.catalog.code import code_files, code_roots
from server.catalog.entries import Catalog
from server.catalog.sentences import sentence
from server.environment import SECRETS
from server.errors import ServerError, SettingsError
from server.machine import check_machine, check_system
from server.settings import Settings, load_settings, origins
from server.signing import signed_address
from server.telemetry.logs import configure, enable, get_logger
from server.telemetry.streams import open_standard_streams
from server.web.sockets.binding import are_those_of, bind, bind_port
from server.web.sockets.listening import serve as run

log = get_logger("command")

DEMO = "server.demo:catalog"

_LONGEST = 100 * 366 * 86_400
"""Seconds that a signed address may hold."""

_LAST_SECONDS = 3.0
"""Seconds for the end of a server's process after its last answer, whatever threads its catalog has started."""

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
"""A script, which cannot be imported on all systems."""


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
@click.argument("catalog", default=DEMO, metavar="[MODULE_OR_FILE:CATALOG]", type=click.Path())
@config_file
@click.option("--host", help="Address to listen on; * for all of this machine.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [default: 8080]")
@click.option("--workers", type=click.IntRange(1), help="Renders that run at once.  [default: 2]")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds for one render.  [default: 30]")
@click.option(
    "--debug/--no-debug", default=None, help="Show the tracebacks of animations that fail in answers and on the pages."
)
@click.option("--unix", "unix_socket", type=click.Path(path_type=Path), help="Unix socket to listen on instead.")
@click.option("--reload", is_flag=True, help="Start anew when a file of the catalog changes, as SIGHUP does always.")
@click.option("--set", "more", multiple=True, metavar="NAME=VALUE", help="Any other setting.")
@click.option("--listener", "listeners", type=int, multiple=True, hidden=True)
@click.option("--control", type=int, hidden=True)
def serve(
    catalog: str,
    file: Path | None,
    more: tuple[str, ...],
    reload: bool,
    listeners: tuple[int, ...],
    control: int | None,
    **options: Any,
) -> None:
    """Serve a catalog of animations; without an argument, a few examples."""
    check_system()
    values = _values(more)
    given = {name: value for name, value in options.items() if value is not None}
    for name in values.keys() & given.keys():
        raise click.BadParameter(f"{name} is set by its own option as well", param_hint="--set")
    settings = _settings(file, values | given)
    if control is None:  # this process is the supervisor's; it starts another one, with these two options
        check_machine(settings)
        _check_metrics_port(settings)
        supervise(settings, reload=reload)
    else:
        with _ending():
            _serve(catalog, settings, listeners, socket.socket(fileno=control))


@contextmanager
def _ending() -> Iterator[None]:
    """End the process soon after the context. Python itself waits for threads, such as those of a catalog's modules."""
    code = 1
    try:
        yield
        code = 0
    finally:
        timer = Timer(_LAST_SECONDS, os._exit, [code])
        timer.daemon = True
        timer.start()


def _check_metrics_port(settings: Settings) -> None:
    """Check that nobody has the port of the metrics, which servers share while one takes over from another."""
    if settings.metrics_port is not None:
        host = settings.metrics_host or settings.host
        for listener in bind_port(host, settings.metrics_port, setting="metrics_port"):
            listener.close()


def _serve(catalog: str, settings: Settings, listeners: Iterable[int], control: socket.socket) -> None:
    open_standard_streams()
    configure(settings.log_format)
    sockets = [socket.socket(fileno=number) for number in listeners]
    if not are_those_of(settings, sockets):
        log.warning("host, port and unix_socket have changed, and count when the command is started anew")
    animations, module = _catalog(catalog)
    enable()
    app = create_app(animations, settings, module=module)
    files = code_files(code_roots([module, *(entry.reference for entry in animations)])).values()
    folders = sorted({str(path.parent) for path in files})

    def announce(url: str) -> None:
        click.echo(f"Serving {catalog} at {url}", err=True)
        control.sendall(json.dumps({"folders": folders}).encode() + b"\n")

    asyncio.run(run(app, settings, announce, sockets, control))


def supervise(settings: Settings, *, reload: bool) -> NoReturn:
    """Turn this process into the supervisor of a server; see `server.supervisor`."""
    _open_closed_streams()
    listeners = bind(settings)
    for listener in listeners:
        listener.set_inheritable(True)
    python = [sys.executable, "-P"]
    os.execv(  # noqa: S606 -- our own file
        sys.executable,
        [
            *(*python, str(_SUPERVISOR), *(f"--listener={listener.fileno()}" for listener in listeners)),
            *(["--reload"] if reload else []),
            *(*python, "-m", "renderer", *sys.argv[1:]),
        ],
    )


def _open_closed_streams() -> None:
    """Open what is closed of standard input, output and error, or a socket would get its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


@click.command(cls=_Command)
@config_file
@click.option("--set", "more", multiple=True, metavar="NAME=VALUE", help="A setting, as for `figreel serve`.")
def config(file: Path | None, more: tuple[str, ...]) -> None:
    """Print the settings that a server would have and where each comes from, as a file for --config.

    Defaults and secrets are commented out.
    """
    given = _values(more)
    settings = _settings(file, given)
    values = settings.model_dump(mode="json")
    sources = origins(file, given)
    for name, field in type(settings).model_fields.items():
        line = f"{name} = {_toml(values[name])}" if values[name] is not None else f"{name} ="
        secret = name in SECRETS and values[name]
        if secret:
            click.echo("# The secrets are hidden; put them in their place before you use the line.")
        hidden = "# " if secret or name not in sources else ""
        click.echo(f"# {field.description}\n# From {sources.get(name, 'the default')}.\n{hidden}{line}\n")


@click.command(cls=_Command)
@click.argument("url")
@click.argument("catalog", required=False, metavar="[MODULE_OR_FILE:CATALOG]", type=click.Path())
@config_file
@click.option(
    "--seconds", type=click.IntRange(1, _LONGEST), default=3600, show_default="3600", help="How long it holds."
)
@click.option("--key", help="Name of the key.  [default: the first one]")
def sign(url: str, catalog: str | None, file: Path | None, seconds: int, key: str | None) -> None:
    """Sign the address of a picture with a key of the settings.

    With a catalog, the animation and its parameters are checked as well.
    """
    animations = None if catalog is None else _catalog(catalog)[0]
    click.echo(signed_address(url, _settings(file, {}), seconds, key, animations))


def _catalog(reference: str) -> tuple[Catalog, str]:
    """Import a catalog; return it and the name of the module that the reference names."""
    where = reference.rpartition(":")[0]
    path = Path(where).resolve()  # before a module changes the working directory
    catalog = resolve(reference)
    if not isinstance(catalog, Catalog):
        raise click.ClickException(f"{reference} is not a Catalog")
    return catalog, _module_at(path) if where.endswith(".py") else where


def _module_at(path: Path) -> str:
    """Return the name of an imported module by its file."""
    modules = {name: module for name, module in [*sys.modules.items()] if isinstance(module, ModuleType)}
    files = {name: vars(module).get("__file__") or "" for name, module in modules.items()}
    return next(name for name, file in files.items() if file.endswith(path.name) and Path(file).resolve() == path)


def _settings(file: Path | None, values: Mapping[str, Any]) -> Settings:
    """Load the settings; *values* come before the environment, and that before the file."""
    try:
        return load_settings(file, **values)
    except ValidationError as error:
        raise SettingsError("\n  ".join(["invalid settings", *map(_complaint, error.errors())])) from error


def _complaint(error: ErrorDetails) -> str:
    """Return what is wrong with a setting, and which one may be meant by a name that is none."""
    name = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, 1)
        return f"{name} is not a setting; " + (f"did you mean {near[0]}?" if near else "`figreel config` prints all")
    return ": ".join(filter(None, (name, sentence(error["type"], error.get("ctx", {}), error["msg"]))))


def _values(texts: Iterable[str]) -> dict[str, Any]:
    """Read settings of the form NAME=VALUE, the value as JSON or else as a text."""
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"{name!r} is not of the form NAME=VALUE", param_hint="--set")
        if name in values:
            raise click.BadParameter(f"{name} is set twice", param_hint="--set")
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
