"""Everything an application works with, put together once."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import matplotlib as mpl
import PIL
from aiohttp import web
from pydantic import BaseModel

from renderer.encoders import FORMATS, encoder_class
from renderer.errors import FormatError
from server.admission import Admission
from server.cache import Cache
from server.catalog import Catalog, Entry
from server.errors import NotFoundError
from server.flights import Flight, Flights
from server.params import cache_key
from server.settings import Settings
from server.wire import Job
from server.workers import Pool

__all__ = ["SERVICE", "Asked", "Service", "offered_formats"]

_RELEASES = (version("figreel"), mpl.__version__, PIL.__version__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for.

    Attributes
    ----------
    entry : Entry
        The animation.
    format : str
        Canonical name of the format.
    still : bool
        Whether one frame is wanted.
    values : BaseModel
        Validated parameters.
    media_type : str
        Of the answer.
    key : str
        Names the answer: equal keys mean equal bytes.
    """

    entry: Entry
    format: str
    still: bool
    values: BaseModel
    media_type: str
    key: str

    @property
    def etag(self) -> str:
        """The strong entity tag, known before anything is rendered."""
        return f'"{self.key[:32]}"'


class Service:
    """Answers what is asked: from the cache, from a render under way, or from a new one.

    Parameters
    ----------
    catalog : Catalog
        The animations.
    settings : Settings
        The operator's choices.
    pool : Pool
        Renders.
    cache : Cache
        Keeps answers.
    """

    def __init__(self, catalog: Catalog, settings: Settings, pool: Pool, cache: Cache) -> None:
        self.catalog = catalog
        self.settings = settings
        self.pool = pool
        self.cache = cache
        self.privacy = "public"
        self.formats = offered_formats()
        self.flights = Flights(int(settings.window))
        self.admission = Admission(settings.workers, settings.queue, int(settings.memory_reserve))

    def entry(self, name: str) -> Entry:
        """Look an animation up.

        Raises
        ------
        NotFoundError
            There is none of that name.
        """
        entry = self.catalog.get(name)
        if entry is None:
            raise NotFoundError("there is no animation of that name")
        return entry

    def format(self, name: str) -> str:
        """Look a format up by the ending of a path.

        Raises
        ------
        NotFoundError
            It is not offered.
        """
        name = "apng" if name == "png" else name
        if name not in self.formats:
            raise NotFoundError(f"there is no such format; choose from {', '.join(self.formats)}")
        return name

    def asked(self, entry: Entry, format: str, values: BaseModel) -> Asked:  # noqa: A002 -- as in renderer.render
        """Put together what is asked for."""
        still = isinstance(values, entry.still)
        media_type = "image/png" if still else self.formats[format]
        parts = (*_RELEASES, self.catalog.version, entry.code_version, entry.name, format, "still" if still else "")
        return Asked(entry, format, still, values, media_type, cache_key(*parts, values=values))

    def flight(self, asked: Asked) -> Flight:
        """Join the render that is asked for, or start it.

        Raises
        ------
        WorkersUnavailableError
            It would have to start, and there is no room.
        """
        flight = self.flights.get(asked.key)
        if flight is None:
            leave = self.admission.enter()
            flight = self.flights.start(asked.key, self._render(asked), lambda data: self.cache.put(asked.key, data))
            flight.task.add_done_callback(lambda _: leave())
        return flight

    async def _render(self, asked: Asked) -> AsyncGenerator[bytes, None]:
        started = time.monotonic()
        async with aclosing(self.pool.stream(self._job(asked))) as chunks:
            async for chunk in chunks:
                yield chunk
        self.admission.learn(time.monotonic() - started)

    def _job(self, asked: Asked) -> Job:
        return Job(
            reference=asked.entry.reference,
            format=asked.format,
            still=asked.still,
            values=asked.values.model_dump_json(by_alias=True),
            limits=self.settings.limits,
            timeout=self.settings.timeout,
        )


def offered_formats() -> dict[str, str]:
    """Give the formats of animations whose libraries are installed, and their media types."""
    formats = {}
    for name in FORMATS:
        if name == "png":
            continue  # one frame
        try:
            formats[name] = encoder_class(name).media_type
        except FormatError:
            continue
    return formats


SERVICE: web.AppKey[Any] = web.AppKey("service", Service)
