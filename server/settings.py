"""The settings of a server."""

from pathlib import Path
from typing import Annotated, Any, Literal

import limits
from pydantic import (
    AfterValidator,
    ByteSize,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from renderer import Limits
from server.catalog.bounds import Bounds

__all__ = ["Settings", "load_settings"]


def _readable_rate(text: str) -> str:
    limits.parse(text)
    return text


RateText = Annotated[str, AfterValidator(_readable_rate)]


class Settings(BaseSettings):
    """Settings of a server.

    A setting comes from the arguments, else from an environment variable ``FIGREEL_NAME``, else from a file, else from
    its default.
    """

    model_config = SettingsConfigDict(env_prefix="FIGREEL_", frozen=True, extra="forbid")

    workers: PositiveInt = Field(default=2, description="Worker processes: how many renders run at once.")
    timeout: PositiveFloat = Field(default=30.0, description="Seconds after which a render is killed.")
    start_timeout: PositiveFloat = Field(default=60.0, description="Seconds that a worker process may take to start.")
    worker_jobs: PositiveInt = Field(default=500, description="Renders after which a worker process is replaced.")
    worker_memory: Annotated[ByteSize, Field(ge=1)] = Field(
        default=ByteSize(1 << 30), description="Address space that a worker may take beyond what it starts with."
    )
    worker_resident: Annotated[ByteSize, Field(ge=1)] = Field(
        default=ByteSize(768 << 20), description="Resident memory after which a worker process is replaced."
    )

    max_frames: PositiveInt = Field(default=2000, description="Frames of an animation.")
    max_pixels: PositiveInt = Field(default=2_100_000, description="Pixels of one frame.")
    max_total_pixels: PositiveInt = Field(default=500_000_000, description="Pixels of all frames together.")
    max_bytes: Annotated[ByteSize, Field(ge=1)] = Field(default=ByteSize(64 << 20), description="Size of an answer.")
    max_text: PositiveInt = Field(default=200, description="Characters of one parameter.")
    max_items: PositiveInt = Field(default=1000, description="Items of one list.")
    max_body: Annotated[ByteSize, Field(ge=1)] = Field(
        default=ByteSize(64 << 10), description="Size of a request's body."
    )

    queue: NonNegativeInt = Field(
        default=32, description="Renders that may wait for a worker; past it, clients are sent away."
    )
    memory_reserve: ByteSize = Field(
        default=ByteSize(256 << 20), description="Free memory without which no render starts; 0 does not look."
    )
    window: Annotated[ByteSize, Field(ge=1)] = Field(
        default=ByteSize(4 << 20),
        description="Bytes of a running render that are kept for its readers, and the largest answer kept in memory.",
    )

    cache_memory: ByteSize = Field(default=ByteSize(64 << 20), description="Bytes of answers kept in memory.")
    cache_folder: Path | None = Field(
        default=None, description="Folder where answers are kept as well; none if not set."
    )
    cache_disk: ByteSize = Field(default=ByteSize(1 << 30), description="Bytes of answers kept in that folder.")
    max_age: NonNegativeInt = Field(default=3600, description="Seconds that browsers and proxies may keep an answer.")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8080, description="Port to listen on; 0 takes a free one."
    )
    idle_timeout: PositiveFloat = Field(
        default=15.0, description="Seconds that a connection may be idle, or take to send the headers of a request."
    )
    body_timeout: PositiveFloat = Field(default=10.0, description="Seconds that a client may take to send a body.")
    write_timeout: PositiveFloat = Field(default=30.0, description="Seconds that a client may take to accept a piece.")
    drain_timeout: PositiveFloat = Field(
        default=30.0, description="Seconds that running requests have when the server ends."
    )

    max_connections: PositiveInt = Field(default=1000, description="Connections at once.")
    max_connections_per_client: PositiveInt = Field(default=100, description="Connections at once from one address.")

    bearer_keys: tuple[SecretStr, ...] = Field(
        default=(),
        description="Keys, one of which clients must show in the Authorization header; none needed if empty.",
    )
    signing_keys: dict[str, SecretStr] = Field(
        default={}, description="Secrets by name that sign addresses; the first one signs, all of them are accepted."
    )
    rate_limit: RateText | None = Field(
        default=None, description="Pictures that one client may ask for, such as 60/minute; no limit if not set."
    )
    trusted_proxies: NonNegativeInt = Field(
        default=0, description="Proxies in front of the server whose X-Forwarded-For is believed."
    )
    cors_origins: tuple[str, ...] = Field(
        default=(), description="Origins whose scripts may read answers; * for all of them."
    )
    prewarm: bool = Field(default=False, description="Render every animation with its defaults when the server starts.")
    drain_delay: NonNegativeFloat = Field(
        default=0.0, description="Seconds between /readyz turning to 503 and the end of listening."
    )
    log_format: Literal["text", "json"] = Field(default="text", description="How the log is written.")

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
