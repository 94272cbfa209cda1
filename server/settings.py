"""The settings of a server."""

from pathlib import Path
from typing import Annotated, Any, Literal

import limits
from pydantic import AfterValidator, ByteSize, Field, NonNegativeInt, PositiveFloat, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from renderer import Limits
from server.catalog.bounds import Bounds


def _readable_rate(text: str) -> str:
    limits.parse(text)
    return text


Port = Annotated[int, Field(ge=0, le=65535)]
PositiveBytes = Annotated[ByteSize, Field(ge=1)]
RateText = Annotated[str, AfterValidator(_readable_rate)]


class Settings(BaseSettings):
    """Settings of a server.

    A setting comes from the arguments, else from an environment variable ``FIGREEL_NAME``, else from a file, else from
    its default.
    """

    model_config = SettingsConfigDict(env_prefix="FIGREEL_", frozen=True, extra="forbid", use_attribute_docstrings=True)

    workers: PositiveInt = 2
    """Worker processes: how many renders run at once."""
    timeout: PositiveFloat = 30.0
    """Seconds after which a render is killed."""
    start_timeout: PositiveFloat = 60.0
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
    """Characters of one parameter."""
    max_items: PositiveInt = 1000
    """Items of one list."""
    max_body: PositiveBytes = ByteSize(64 << 10)
    """Size of a request's body."""

    queue: NonNegativeInt = 32
    """Renders that may wait for a worker; more are refused with 503."""
    memory_reserve: ByteSize = ByteSize(256 << 20)
    """Memory that must be free for a render to start; 0 turns the check off."""
    window: PositiveBytes = ByteSize(4 << 20)
    """Bytes of a running render that are held for its readers, and the size of the largest answer in memory."""

    cache_memory: ByteSize = ByteSize(64 << 20)
    """Bytes of all answers in memory."""
    cache_folder: Path | None = None
    """Folder for answers; if not set, they are in memory alone."""
    cache_disk: ByteSize = ByteSize(1 << 30)
    """Bytes of all answers in that folder."""
    max_age: NonNegativeInt = 3600
    """Seconds that browsers and proxies may store an answer."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Port = 8080
    """Port to listen on; 0 takes a free one."""
    idle_timeout: PositiveFloat = 15.0
    """Seconds that a connection may be idle, or take to send the headers of a request."""
    body_timeout: PositiveFloat = 10.0
    """Seconds that a client may take to send a body."""
    write_timeout: PositiveFloat = 30.0
    """Seconds that a client may take to accept a piece."""
    drain_timeout: PositiveFloat = 30.0
    """Seconds that running requests have when the server ends."""

    max_connections: PositiveInt = 1000
    """Connections at once."""
    max_connections_per_client: PositiveInt = 100
    """Connections at once from one address."""

    bearer_keys: tuple[SecretStr, ...] = ()
    """Keys, one of which clients must show in the Authorization header; none needed if empty."""
    signing_keys: dict[str, SecretStr] = {}
    """Secrets by name that sign addresses; the first one signs, all of them are accepted."""
    rate_limit: RateText | None = None
    """Pictures that one client may request, such as 60/minute; no limit if not set."""
    trusted_proxies: NonNegativeInt = 0
    """Number of proxies in front of the server that add to X-Forwarded-For."""
    cors_origins: tuple[str, ...] = ()
    """Origins whose scripts may read answers; * for all of them."""
    prewarm: bool = False
    """Render every animation with its defaults when the server starts."""
    drain_delay: Annotated[float, Field(ge=0)] = 0.0
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
        return (sources["init_settings"], sources["env_settings"], TomlConfigSettingsSource(settings_cls))

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
    """

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    return FromFile(**{name: value for name, value in values.items() if value is not None})
