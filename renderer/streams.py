"""Files in pieces: as an iterator, to whatever has a ``write``, and without blocking an event loop."""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any, Protocol

from renderer.clips.saving import check_sink, write_to
from renderer.encoding.formats import STREAMS, find_format
from renderer.job import Job
from renderer.options import takes_options
from renderer.sources.adapters import mark_seen
from renderer.types import Sink


class AsyncSink(Protocol):
    """What can be written to, and may want to be waited for.

    If ``write`` returns an awaitable, it is awaited, as with aiohttp's ``StreamResponse``. Else, if there is a
    ``drain``, it is called and awaited after each piece, as with `asyncio.StreamWriter`.
    """

    def write(self, data: bytes, /) -> Any:
        """Write bytes."""


@takes_options
def stream(source: object, format: str = "gif", **options: Any) -> Generator[bytes, None, None]:  # noqa: A002 -- as in render
    """Draw an animation and yield the file in pieces, each as soon as it is encoded.

    Options are checked at the call; drawing starts when the first piece is asked for. Closing the generator ends the
    render and gives the figure back.

    Parameters
    ----------
    source, format, **options
        As for `renderer.render`.

    Yields
    ------
    bytes
        A piece of the file, never empty.

    Raises
    ------
    RenderError
        As for `renderer.render`.
    """
    return iter(Job(source, format, **options))


@takes_options
def stream_to(source: object, sink: Sink, format: str = "gif", **options: Any) -> int:  # noqa: A002 -- as in render
    """Draw an animation and write the file to a sink, piece by piece. The sink is left open.

    Parameters
    ----------
    source : object
        As for `renderer.render`.
    sink : Sink
        Anything with a ``write`` that takes bytes.
    format, **options
        As for `renderer.render`.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    TypeError
        Nothing can be written to the sink.
    ValueError
        It is closed.
    RenderError
        As for `renderer.render`; or the suffix of the sink's name is that of another format. What the sink raises ends
        the render, and is passed on.
    """
    mark_seen(source, sink)
    job = Job(source, format, **options)
    check_sink(sink, find_format(format, STREAMS).name)
    count = 0
    for chunk in job:
        write_to(sink, chunk)
        count += len(chunk)
    return count


@takes_options
def astream(source: object, format: str = "gif", **options: Any) -> AsyncGenerator[bytes, None]:  # noqa: A002 -- as in render
    """Draw an animation in a thread and yield the file in pieces, each as soon as it is encoded.

    The event loop is free meanwhile, also while another render has the figure. Options are checked at the call. Each
    piece is rendered when it is asked for. Closing or canceling ends the render after the frame that is being drawn,
    and gives the figure back.

    Parameters
    ----------
    source, format, **options
        As for `renderer.render`.

    Yields
    ------
    bytes
        A piece of the file, never empty.

    Raises
    ------
    RenderError
        As for `renderer.render`.
    """
    return _chunks(Job(source, format, **options))


@takes_options
async def astream_to(source: object, sink: AsyncSink, format: str = "gif", **options: Any) -> int:  # noqa: A002 -- as in render
    """Draw an animation in a thread and write the file to a sink, piece by piece. The sink is left open.

    Parameters
    ----------
    source : object
        As for `renderer.render`.
    sink : AsyncSink
        Anything with a ``write`` that takes bytes, as a function or a coroutine. It is called in the event loop.
    format, **options
        As for `renderer.render`.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    TypeError
        Nothing can be written to the sink.
    ValueError
        It is closed.
    RenderError
        As for `renderer.render`; or the suffix of the sink's name is that of another format. What the sink raises ends
        the render, and is passed on.
    """
    mark_seen(source, sink)
    chunks = astream(source, format, **options)
    check_sink(sink, find_format(format, STREAMS).name, awaited=True)
    drain = getattr(sink, "drain", None)
    count = 0
    async with aclosing(chunks):
        async for chunk in chunks:
            written = write_to(sink, chunk)
            if inspect.isawaitable(written):
                await written
            elif drain is not None:
                await drain()
            count += len(chunk)
    return count


async def _chunks(job: Job) -> AsyncGenerator[bytes, None]:
    """Step a job in one thread of its own, frame by frame, so that it can be stopped between two frames."""
    loop = asyncio.get_running_loop()
    steps = job.steps()
    thread = ThreadPoolExecutor(1, thread_name_prefix="figreel")
    try:
        while (piece := await loop.run_in_executor(thread, next, steps, None)) is not None:
            if piece:
                yield piece
    finally:
        job.give_up()
        closed = thread.submit(steps.close)
        thread.shutdown(wait=False)
        await asyncio.shield(asyncio.wrap_future(closed))
