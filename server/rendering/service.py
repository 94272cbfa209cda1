"""Everything an application works with, put together once."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import matplotlib as mpl
import PIL
import structlog
from aiohttp import web
from multidict import MultiDict, MultiMapping
from pydantic import BaseModel, ValidationError
from yarl import URL

from renderer import formats
from server.access import SIGNATURE_FIELDS, Guard
from server.cache.tiers import Cache
from server.catalog.entries import Catalog, Entry
from server.catalog.parameters import cache_key, read_query
from server.errors import NotFoundError, RenderTimeoutError, ServerError, WorkerDiedError, WorkersUnavailableError
from server.rendering.admission import Admission
from server.rendering.flights import Flight, Flights
from server.rendering.pool import Pool
from server.rendering.wire import Job
from server.settings import Settings
from server.telemetry.metrics import Metrics

__all__ = ["SERVICE", "Asked", "Service", "offered_formats"]

log = structlog.get_logger("figreel.service")

_PARSED = 1024
"""Addresses whose meaning is remembered: the popular ones are asked for again and again."""

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
    metrics : Metrics
        Counts.
    guard : Guard
        Who may ask.
    """

    def __init__(
        self, catalog: Catalog, settings: Settings, pool: Pool, cache: Cache, metrics: Metrics, guard: Guard
    ) -> None:
        self.draining = False
        self.guard = guard
        self.catalog = catalog
        self.settings = settings
        self.pool = pool
        self.cache = cache
        self.metrics = metrics
        self.privacy = "private" if settings.bearer_keys else "public"
        self.parse = lru_cache(_PARSED)(self._parse)
        self.formats = offered_formats()
        self.gallery_format = "gif" if "gif" in self.formats else next(iter(self.formats))
        self.flights = Flights(int(settings.window))
        self.admission = Admission(
            settings.workers, settings.queue, lambda: pool.mean_seconds, int(settings.memory_reserve)
        )
        metrics.watch("renders_inside", "Renders that run or wait.", lambda: self.admission.inside)
        metrics.watch("workers_alive", "Worker processes that live.", lambda: pool.alive)
        metrics.watch("cache_memory_bytes", "Bytes of answers in memory.", lambda: cache.size)

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

    def _parse(self, name: str, ending: str, query: str) -> Asked:
        """Read a request from the parts of its address.

        Parameters
        ----------
        name : str
            Name of the animation.
        ending : str
            Format; empty for one frame.
        query : str
            The query, as it came.

        Raises
        ------
        NotFoundError
            There is no such animation or format.
        InvalidParametersError
            The query is not valid.
        """
        entry = self.entry(name)
        format_ = self.format(ending) if ending else "png"
        pairs: MultiMapping[str] = URL.build(query_string=query, encoded=True).query
        if self.guard.signer is not None:
            pairs = MultiDict((field, text) for field, text in pairs.items() if field not in SIGNATURE_FIELDS)
        model = entry.playback if ending else entry.still
        return self.asked(entry, format_, read_query(entry, model, pairs, self.settings.bounds))

    def asked(self, entry: Entry, format: str, values: BaseModel) -> Asked:  # noqa: A002 -- as in renderer.render
        """Put together what is asked for."""
        still = isinstance(values, entry.still)
        media_type = "image/png" if still else self.formats[format]
        parts = (*_RELEASES, self.catalog.version, entry.code_version, entry.name, format, "still" if still else "")
        return Asked(entry, format, still, values, media_type, cache_key(*parts, values=values))

    def flight(self, asked: Asked, *, store: bool = True) -> Flight:
        """Join the render that is asked for, or start it.

        Parameters
        ----------
        asked : Asked
            What is asked for.
        store : bool
            Whether the answer goes into the cache.

        Raises
        ------
        WorkersUnavailableError
            It would have to start, and there is no room.
        """
        flight = self.flights.get(asked.key)
        if flight is None:
            leave = self._enter()
            chunks = self._render(asked)
            flight = self.flights.start(asked.key, self.cache.recorded(asked.key, chunks) if store else chunks)
            flight.task.add_done_callback(lambda _: leave())
        return flight

    async def warm(self) -> None:
        """Render every animation with its defaults, one after the other, in the format of the gallery."""
        for entry in self.catalog:
            try:
                asked = self.asked(entry, self.gallery_format, entry.playback())
                if await self.cache.get(asked.key) is None:
                    async with aclosing(self.flight(asked).read()) as chunks:
                        async for _ in chunks:
                            pass
            except (ServerError, ValidationError) as error:
                log.warning("not warmed", animation=entry.name, error=str(error))

    def _enter(self) -> Callable[[], None]:
        try:
            return self.admission.enter()
        except WorkersUnavailableError:
            self.metrics.refusals.inc()
            raise

    async def _render(self, asked: Asked) -> AsyncGenerator[bytes, None]:
        outcome = "abandoned"
        try:
            async with aclosing(self.pool.stream(self._job(asked))) as chunks:
                async for chunk in chunks:
                    self.metrics.bytes.inc(len(chunk))
                    yield chunk
            outcome = "done"
        except ServerError as error:
            outcome = _OUTCOMES.get(type(error), "failed")
            raise
        finally:
            self.metrics.renders.labels(asked.entry.name, asked.format, outcome).inc()

    def _job(self, asked: Asked) -> Job:
        return Job(
            reference=asked.entry.reference,
            format=asked.format,
            still=asked.still,
            values=asked.values.model_dump_json(by_alias=True),
            limits=self.settings.limits,
            timeout=self.settings.timeout,
        )


_OUTCOMES = {RenderTimeoutError: "timeout", WorkerDiedError: "died"}


def offered_formats() -> dict[str, str]:
    """Return the media types of the formats of animations, by their names."""
    return {name: entry.media_type for name, entry in formats().items() if not entry.still}


SERVICE: web.AppKey[Any] = web.AppKey("service", Service)
