"""From a request to bytes: out of the cache, of a render that runs, or of a new one."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from functools import lru_cache
from typing import Any

from renderer import Format, formats
from server.cache.recording import Recording
from server.cache.tiers import Cache
from server.catalog.entries import Catalog, Entry
from server.catalog.reading import written_in_query
from server.errors import (
    NotFoundError,
    ParameterError,
    RenderFailedError,
    RenderTimeoutError,
    RetryLaterError,
    ServerError,
    TooLargeError,
    WorkerDiedError,
    WorkersUnavailableError,
)
from server.rendering.admission import Admission
from server.rendering.flights import Flight
from server.rendering.picture import Picture
from server.rendering.workers.pool import Pool
from server.rendering.workers.wire import Order, failure, report
from server.settings import Settings
from server.telemetry.logs import get_logger
from server.telemetry.metrics import Metrics

log = get_logger("service")

_REMEMBERED = 1024
"""Queries whose meaning is remembered: popular ones come again and again."""

_LOGGED = 1000
"""Characters of the parameters that a line of the log shows."""

_OUTCOMES: dict[type, str] = {
    RenderTimeoutError: "timeout",
    WorkerDiedError: "died",
    ParameterError: "refused",
    TooLargeError: "refused",
}


class Service:
    """Reads requests, and renders the pictures that they name, each once at a time.

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

    Attributes
    ----------
    formats : dict
        The formats that are offered, by name.
    draining : bool
        Whether the server is ending.
    """

    def __init__(self, catalog: Catalog, settings: Settings, pool: Pool, cache: Cache, metrics: Metrics) -> None:
        self.draining = False
        self.catalog = catalog
        self.settings = settings
        self.pool = pool
        self.cache = cache
        self.metrics = metrics
        self.formats = formats()
        self.read = lru_cache(_REMEMBERED)(self._read)
        pool.on_new_code = self.read.cache_clear
        self.flights: dict[str, Flight] = {}
        self.admission = Admission(settings, lambda: pool.mean_seconds)
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

    def format(self, name: str) -> Format:
        """Look a format up.

        Raises
        ------
        NotFoundError
            It is not offered.
        """
        if name not in self.formats:
            raise NotFoundError(f"there is no such format; choose from {', '.join(self.formats)}")
        return self.formats[name]

    def picture(self, entry: Entry, format: Format, written: Mapping[str, Any]) -> Picture:  # noqa: A002 -- as in renderer.render
        """Return the picture that a client asks for.

        Parameters
        ----------
        entry : Entry
            The animation.
        format : Format
            The format.
        written : mapping
            Parameters by name, as JSON.

        Raises
        ------
        InvalidParametersError
            A parameter is unknown, too long or not valid.
        RenderFailedError
            A validator of the animation's author raised another exception than pydantic expects.
        """
        try:
            values = entry.values(written, self.settings.bounds, still=format.still)
            return Picture(entry, format, values, self.pool.code, self.catalog.version)
        except (ServerError, KeyboardInterrupt):
            raise
        except BaseException as error:  # whatever a validator raises, the server is well
            failed = failure(report(error))
            _log(entry, format, json.dumps(written), _OUTCOMES.get(type(failed), "failed"), failed)
            raise failed from error

    def _read(self, name: str, format_name: str, pairs: tuple[tuple[str, str], ...]) -> Picture:
        """Read a query.

        Parameters
        ----------
        name : str
            Name of the animation.
        format_name : str
            Name of the format.
        pairs : tuple of (str, str)
            Parameters and their texts.

        Raises
        ------
        NotFoundError
            There is no such animation or format.
        InvalidParametersError
            The query is not valid.
        RenderFailedError
            As for `picture`.
        """
        entry, format_ = self.entry(name), self.format(format_name)
        return self.picture(entry, format_, written_in_query(entry.parameters, pairs))

    def flight(self, picture: Picture, client: str = "", *, store: bool = True) -> Flight:
        """Join the render of a picture, or start it.

        Parameters
        ----------
        picture : Picture
            What to render.
        client : str
            The address of the client, whose render it is if it starts; empty for the server itself.
        store : bool
            Whether the answer goes into the cache.

        Raises
        ------
        RetryLaterError
            It would have to start, and there is no room.
        """
        key = picture.key
        flight = self.flights.get(key)
        if flight is None or not flight.joinable:
            try:
                leave = self.admission.enter(client)
            except RetryLaterError:
                self.metrics.refusals.inc()
                raise
            return self._take_off(picture, client, self.cache.recording(key, store=store), leave)
        return flight

    def _take_off(self, picture: Picture, client: str, recording: Recording, leave: Callable[[], None]) -> Flight:
        flight = Flight(self._render(picture, client, lambda: flight.hurry()), recording, self.settings.patience)
        self.flights[picture.key] = flight
        flight.task.add_done_callback(lambda _: self._land(picture.key, flight, leave))
        return flight

    def _land(self, key: str, flight: Flight, leave: Callable[[], None]) -> None:
        leave()
        if self.flights.get(key) is flight:
            del self.flights[key]

    async def warm(self) -> None:
        """Render every animation with its defaults, one after the other, in the first format."""
        for entry in self.catalog:
            try:
                picture = self.picture(entry, next(iter(self.formats.values())), {})
                if await self.cache.get(picture.key) is None:
                    async with aclosing(self.flight(picture).read()) as chunks:
                        async for _ in chunks:
                            pass
            except ServerError as error:
                log.warning("not warmed", animation=entry.name, error=str(error))

    async def _render(
        self, picture: Picture, client: str, on_kill: Callable[[], object]
    ) -> AsyncGenerator[bytes, None]:
        order = Order(
            reference=picture.entry.reference,
            format=picture.format.name,
            still=picture.format.still,
            values=picture.values.json(),
            code=picture.code,
            limits=self.settings.limits,
            timeout=self.settings.timeout,
        )
        outcome = "abandoned"
        try:
            async with aclosing(self.pool.stream(order, client, on_kill)) as chunks:
                async for chunk in chunks:
                    self.metrics.bytes.inc(len(chunk))
                    yield chunk
            outcome = "done"
        except WorkersUnavailableError:
            outcome = "unavailable"
            self.metrics.refusals.inc()
            raise
        except ServerError as error:
            outcome = _OUTCOMES.get(type(error), "failed")
            _log(picture.entry, picture.format, order.values, outcome, error)
            raise
        finally:
            self.metrics.renders.labels(picture.entry.name, picture.format.name, outcome).inc()


def _log(entry: Entry, format: Format, parameters: str, outcome: str, error: ServerError) -> None:  # noqa: A002 -- as above
    """Write how a render ended, so that the author of the animation finds the mistake."""
    what = {"animation": entry.name, "format": format.name, "parameters": parameters[:_LOGGED]}
    if outcome == "refused":
        log.info("render refused", **what, reason=str(error))
    else:
        traceback = error.traceback if isinstance(error, RenderFailedError) else ""
        log.error(f"render {outcome}", **what, traceback=traceback)
