"""The settings of a server."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import limits
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ByteSize,
    Field,
    NonNegativeInt,
    PositiveInt,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from yarl import URL

from renderer import Limits
from server.catalog.bounds import Bounds
from server.environment import PREFIX, Environment
from server.errors import SettingsError

SHORTEST_KEY = 16
"""Bytes that a secret needs."""


def _one_rate(text: str) -> str:
    rate, *others = limits.parse_many(text)
    if others or not rate.amount:
        raise ValueError("must be one rate of at least one request, such as 60/minute")
    return text


def _strong(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(set(text) - {" "}) < 2:
        raise ValueError("must be a secret, not the asterisks or other characters that stand for one")
    if len(text.encode("utf-8", "surrogatepass")) < SHORTEST_KEY:
        raise ValueError(f"must have at least {SHORTEST_KEY} bytes, such as those of `openssl rand -base64 24`")
    if text != text.strip() or not text.isprintable():
        raise ValueError("must not begin or end with a space, nor have control characters")
    return secret


def _as_browsers_see_it(address: str) -> str:
    """Return a URL or a path without a slash at its end."""
    parts = urlsplit(address)
    _ = parts.port  # raises an error if there is no such port
    if {".", ".."} & {*parts.path.split("/")}:
        raise ValueError("must not have . or .. as a part of its path, which browsers take away")
    return address.rstrip("/")


def _as_browsers_send_it(origin: str) -> str:
    """Return an origin in lower case, and without the port that its scheme has anyway."""
    return origin if origin == "*" else str(URL(origin).origin())


def _named(path: object) -> object:
    if path == "":
        raise ValueError("must not be empty; leave it out instead")
    return path


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(str(error)) from error


_SEGMENTS = r"(/[A-Za-z0-9._~-]+)*/?"

Port = Annotated[int, Field(ge=0, le=65535)]
PositiveBytes = Annotated[ByteSize, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
RateText = Annotated[str, AfterValidator(_one_rate)]
Secret = Annotated[SecretStr, AfterValidator(_strong)]
PathPrefix = Annotated[str, Field(pattern=f"^{_SEGMENTS}$"), AfterValidator(_as_browsers_see_it)]
PublicUrl = Annotated[
    str,
    Field(pattern=rf"^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?{_SEGMENTS}$"),
    AfterValidator(_as_browsers_see_it),
]
Origin = Annotated[str, Field(pattern=r"^(\*|[a-z][a-z0-9+.-]*://[^/?#@*\s]+)$"), AfterValidator(_as_browsers_send_it)]
LocalPath = Annotated[Path, BeforeValidator(_named), AfterValidator(_at_home)]
Folder = Annotated[LocalPath, AfterValidator(Path.absolute)]
Host = Annotated[str, BeforeValidator(_named)]
FileMode = Annotated[str, Field(pattern="^[0-7]{3}$")]


class Settings(BaseSettings):
    """Settings of a server.

    A setting comes from the arguments, else from an environment variable ``FIGREEL_NAME``, else from a file, else from
    its default. For a secret, ``FIGREEL_NAME_FILE`` may name a file with the value.

    Raises
    ------
    SettingsError
        A variable has no meaning, or its value cannot be read.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    workers: PositiveInt = 2
    """Worker processes: how many renders run at once."""
    timeout: Seconds = 30.0
    """Seconds after which a render is killed."""
    start_timeout: Seconds = 60.0
    """Seconds that a worker process may take to start."""
    worker_jobs: PositiveInt = 500
    """Renders after which a worker process is replaced."""
    worker_memory: PositiveBytes = ByteSize(1 << 30)
    """Address space that a worker may add to that with which it starts."""
    worker_resident: PositiveBytes = ByteSize(768 << 20)
    """Resident memory after which a worker process is replaced."""

    max_frames: PositiveInt = 2000
    """Frames of an animation."""
    max_pixels: PositiveInt = 2_100_000
    """Pixels of one frame."""
    max_total_pixels: PositiveInt = 500_000_000
    """Pixels of all frames together."""
    max_bytes: PositiveBytes = ByteSize(64 << 20)
    """Size of an answer."""
    max_text: PositiveInt = 200
    """Characters of one text or key."""
    max_items: PositiveInt = 1000
    """Items of one parameter, those of lists and dictionaries inside included."""
    max_body: PositiveBytes = ByteSize(64 << 10)
    """Size of a request's body."""

    queue: NonNegativeInt = 32
    """Renders that may wait for a worker; more are refused with 503."""
    queue_timeout: Seconds = 30.0
    """Seconds that a render may wait for a worker; then it is refused with 503."""
    max_renders_per_client: PositiveInt | None = None
    """Renders of one address that may run or wait; if not set, all workers and half of the queue."""
    memory_reserve: ByteSize = ByteSize(256 << 20)
    """Memory that must be free for a render to start; 0 turns the check off."""
    window: PositiveBytes = ByteSize(4 << 20)
    """Bytes of a running render that are held for its readers, and the size of the largest answer in memory."""

    cache_memory: ByteSize = ByteSize(64 << 20)
    """Bytes of all answers in memory."""
    cache_folder: Folder | None = None
    """Folder for answers; if not set, they are in memory alone."""
    cache_disk: ByteSize = ByteSize(1 << 30)
    """Bytes of all answers in that folder."""
    max_age: NonNegativeInt = 3600
    """Seconds that browsers and proxies may store an answer."""

    host: Host = "127.0.0.1"
    """Address to listen on; * for all of this machine."""
    port: Port = 8080
    """Port to listen on; 0 takes a free one."""
    unix_socket: LocalPath | None = None
    """Unix socket to listen on instead of host and port."""
    unix_socket_mode: FileMode = "660"
    """Permissions of that socket, in octal digits."""
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Port for /metrics, /healthz and /readyz without keys; /metrics is there alone. If not set, all are on `port`."""
    metrics_host: Host | None = None
    """Address to listen on for it; if not set, that of `host`."""
    root_path: PathPrefix = ""
    """Path under which clients see the server, such as /pictures; the proxy may strip it or not."""
    public_url: PublicUrl | None = None
    """Address under which clients see the server, such as https://example.org/pictures; includes the root_path."""
    idle_timeout: Seconds = 15.0
    """Seconds that a connection may be idle, or take to send the headers of a request."""
    body_timeout: Seconds = 10.0
    """Seconds that a client may take to send a body."""
    write_timeout: Seconds = 30.0
    """Seconds that a client may take to accept a piece."""
    drain_timeout: Seconds = 30.0
    """Seconds that running requests have when the server ends."""

    max_connections: PositiveInt = 1000
    """Connections at once."""
    max_connections_per_client: PositiveInt = 100
    """Connections at once from one address; behind trusted proxies, requests at once."""

    bearer_keys: tuple[Secret, ...] = ()
    """Keys, one of which clients must show in the Authorization header; none needed if empty."""
    signing_keys: dict[str, Secret] = {}
    """Secrets by name that sign addresses; the first one signs, all of them are accepted."""
    rate_limit: RateText | None = None
    """Requests that one client may send, such as 60/minute; no limit if not set."""
    trusted_proxies: NonNegativeInt = 0
    """Number of proxies in front of the server, whose X-Forwarded or Forwarded headers are believed."""
    cors_origins: tuple[Origin, ...] = ()
    """Origins whose scripts may read answers; * for all of them."""
    prewarm: bool = False
    """Render every animation with its defaults when the server starts."""
    drain_delay: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    """Seconds between /readyz turning to 503 and the end of listening."""
    log_format: Literal["text", "json"] = "text"
    """Format of the log, text or json."""
    debug: bool = False
    """Show clients the tracebacks of animations that fail, for authors of scenes."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_: PydanticBaseSettingsSource, **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources in order: arguments, environment, file."""
        return (sources["init_settings"], Environment(settings_cls), TomlConfigSettingsSource(settings_cls))

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.unix_socket is not None and "port" in self.model_fields_set:
            raise ValueError("unix_socket and port exclude each other: the server listens on one of them")
        if self.metrics_port == self.port and self.unix_socket is None:
            raise ValueError("metrics_port and port are the same")
        if self.metrics_host is not None and self.metrics_port is None:
            raise ValueError("metrics_host needs metrics_port")
        if self.public_url is not None and self.root_path not in ("", urlsplit(self.public_url).path):
            raise ValueError("root_path and the path of public_url differ; leave root_path out")
        if self.cache_folder is not None and not self.cache_disk:
            raise ValueError("cache_disk is 0, so that cache_folder would hold nothing; leave one of them out")
        return self

    @property
    def prefix(self) -> str:
        """The path under which clients see the server, without a slash at its end."""
        return self.root_path or urlsplit(self.public_url or "").path

    @property
    def limits(self) -> Limits:
        """The limits of one render."""
        return Limits(
            max_frames=self.max_frames,
            max_pixels=self.max_pixels,
            max_total_pixels=self.max_total_pixels,
            max_bytes=self.max_bytes,
        )

    @property
    def renders_per_client(self) -> int:
        """Renders of one address that may run or wait."""
        return self.max_renders_per_client or self.workers + (self.queue + 1) // 2

    @property
    def patience(self) -> float:
        """Seconds that a render waits for readers that take nothing."""
        return min(self.write_timeout, self.timeout / 4)

    @property
    def bounds(self) -> Bounds:
        """The largest values that a client may send."""
        return Bounds(text=self.max_text, items=self.max_items)


def load_settings(file: Path | None = None, **values: Any) -> Settings:
    """Load the settings.

    Parameters
    ----------
    file : Path, optional
        A TOML file of settings by name, which comes after the environment.
    **values
        Settings that come before everything else; one that is None does not count.

    Raises
    ------
    ValidationError
        A setting is unknown or not valid.
    SettingsError
        The file cannot be read, or a variable has no meaning.
    """

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return FromFile(**{name: value for name, value in values.items() if value is not None})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error


def origins(file: Path | None, values: Mapping[str, Any]) -> dict[str, str]:
    """Return in words where each setting that is not at its default comes from; arguments as for `load_settings`."""
    read = tomllib.loads(file.read_text(encoding="utf-8")) if file is not None else {}
    variables = {name.upper() for name in os.environ}
    found: dict[str, str] = {name: str(file) for name in read}
    for name in Settings.model_fields:
        for variable in (f"{PREFIX}{name.upper()}", f"{PREFIX}{name.upper()}_FILE"):
            if variable in variables:
                found[name] = f"the environment, {variable}"
    return found | {name: "the command line" for name, value in values.items() if value is not None}
