"""Counters and timers for Prometheus."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The metrics of one application, in a separate registry.

    Attributes
    ----------
    requests : Counter
        Requests, by route, method and status. A client that has left is 499; an answer that breaks off after it has
        begun has the status that it would have had before.
    request_seconds : Histogram
        How long they took, by route.
    renders : Counter
        Renders, by animation, format and outcome: done, refused, failed, timeout, died,
        abandoned, unavailable.
    render_seconds : Histogram
        How long renders took that were completed, without the wait.
    draw_seconds : Histogram
        How long drawing the frames took in them, the animation's code included.
    encode_seconds : Histogram
        How long encoding took in them, by format.
    queue_seconds : Histogram
        How long a render waited for a worker that it got; a second try counts as one more.
    first_byte_seconds : Histogram
        From the start of a render to its first bytes, without the wait.
    refusals : Counter
        Renders for which there was no room, or no worker in time.
    lookups : Counter
        Lookups in the cache, by result: memory, disk, miss.
    cache_errors : Counter
        Errors of the cache on disk, by what failed: read, write.
    workers_replaced : Counter
        Worker processes that were replaced, by reason: died, killed, worn, outdated.
    bytes : Counter
        Bytes rendered.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"figreel_{name}", text, labels, registry=registry)

        def seconds(name: str, text: str, *labels: str) -> Histogram:
            return Histogram(f"figreel_{name}_seconds", text, labels, registry=registry, buckets=_SECONDS)

        self.requests = counter("requests", "Requests.", "route", "method", "status")
        self.request_seconds = seconds("request", "Seconds that requests took.", "route")
        self.renders = counter("renders", "Renders.", "animation", "format", "outcome")
        self.render_seconds = seconds("render", "Seconds that renders took.")
        self.draw_seconds = seconds("draw", "Seconds that drawing the frames of a render took.")
        self.encode_seconds = seconds("encode", "Seconds that encoding the frames of a render took.", "format")
        self.queue_seconds = seconds("queue", "Seconds that renders waited for a worker.")
        self.first_byte_seconds = seconds("first_byte", "Seconds from the start of a render to its first bytes.")
        self.refusals = counter("refusals", "Renders for which there was no room.")
        self.lookups = counter("cache_lookups", "Lookups in the cache.", "result")
        self.cache_errors = counter("cache_errors", "Errors of the cache on disk.", "doing")
        self.workers_replaced = counter("workers_replaced", "Worker processes that were replaced.", "reason")
        self.bytes = counter("rendered_bytes", "Bytes rendered.")

    def watch(self, name: str, text: str, value: Callable[[], float]) -> None:
        """Add a gauge, whose value is computed when the metrics are read."""
        Gauge(f"figreel_{name}", text, registry=self._registry).set_function(value)

    def count(self, name: str, **labels: str) -> float:
        """Return the present value of a sample."""
        return self._registry.get_sample_value(f"figreel_{name}", labels) or 0.0

    def exposition(self) -> bytes:
        """Write everything in the text format of Prometheus, without the times at which counters were created."""
        return generate_latest(_WithoutTimes(self._registry))


class _WithoutTimes:
    """The metrics of a registry, without the samples of creation times, which are half of them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric
