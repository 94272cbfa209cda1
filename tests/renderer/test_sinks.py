import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing
from functools import partial
from gzip import GzipFile
from io import BytesIO, RawIOBase
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import Any

import imageio.v3 as iio
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import (
    Clip,
    FormatError,
    FormatName,
    ImageioPlugin,
    OptionError,
    Writer,
    astream,
    astream_to,
    render,
    stream,
    stream_to,
)

CLIP = Clip(b"GIF89a", "gif", "image/gif", 1, 1, 1, 1.0)


def arrays(count: int = 5) -> Iterator[np.ndarray]:
    return (np.full((30, 40, 4), 50 * index % 256, np.uint8) for index in range(count))


class Endless:
    """Frames without end that count how many were taken."""

    def __init__(self, before_each: Callable[[], object] = lambda: None) -> None:
        self.before_each = before_each
        self.taken = 0
        self.threads: set[str] = set()

    def __iter__(self) -> Iterator[np.ndarray]:
        return self

    def __next__(self) -> np.ndarray:
        self.taken += 1
        self.threads.add(threading.current_thread().name)
        self.before_each()
        return np.random.default_rng(self.taken).integers(0, 256, (32, 32, 4), np.uint8)


class AwaitedSink:
    def __init__(self) -> None:
        self.parts: list[bytes] = []

    async def write(self, data: bytes) -> None:
        await asyncio.sleep(0)
        self.parts.append(data)


class DrainedSink:
    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.drained = 0

    def write(self, data: bytes) -> None:
        self.parts.append(data)

    async def drain(self) -> None:
        self.drained += 1


class FullSink:
    def write(self, data: bytes) -> None:
        raise BrokenPipeError("gone")


@pytest.mark.parametrize("name", ["apng", "webm", "mp4"])
def test_sink_gets_the_stream(name: FormatName) -> None:
    sink = BytesIO()
    count = stream_to(arrays(), sink, name)
    assert sink.getvalue() == b"".join(stream(arrays(), name))
    assert count == len(sink.getvalue())


def test_what_a_sink_raises_is_passed_on() -> None:
    source = Endless()
    with pytest.raises(BrokenPipeError, match="gone"):
        stream_to(source, FullSink(), "webm")
    assert source.taken == 1


class SlowFile(RawIOBase):
    """Takes three bytes at a time, as an unbuffered file may."""

    def __init__(self) -> None:
        self.taken = b""

    def write(self, data: Any) -> int:
        self.taken += bytes(data[:3])
        return min(len(data), 3)


async def test_an_unbuffered_file_that_takes_a_part_at_a_time_gets_all() -> None:
    streamed, awaited, saved, dropped = SlowFile(), SlowFile(), SlowFile(), SlowFile()
    expected = b"".join(stream(arrays(), "gif"))
    assert stream_to(arrays(), streamed) == await astream_to(arrays(), awaited) == len(expected)
    render(arrays()).save(saved)
    write: Any = iio.imwrite
    write(dropped, list(arrays()), extension=".gif", plugin=ImageioPlugin)
    assert streamed.taken == awaited.taken == saved.taken == dropped.taken == expected


@pytest.mark.skipif(os.name != "posix", reason="pipes that do not wait")
def test_a_file_that_would_lose_bytes_because_it_does_not_wait_is_an_error() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    refused = pytest.raises(BlockingIOError, match="buffer")
    with os.fdopen(reader), os.fdopen(writer, "wb", buffering=0) as sink, refused:
        stream_to([noise], sink, "png")


def test_a_sink_that_has_to_be_awaited_is_refused_where_nobody_waits() -> None:
    source = Endless()
    sink: Any = AwaitedSink()
    with pytest.raises(TypeError, match=re.escape("await astream_to(ani, sink)")):
        stream_to(source, sink, "webm")
    assert source.taken == 0
    with pytest.raises(TypeError, match="awaited"):
        render(arrays()).save(sink)


def test_a_path_is_no_sink(tmp_path: Path) -> None:
    path: Any = tmp_path / "clip.gif"
    with pytest.raises(TypeError, match=re.escape(f"render(ani, 'gif').save({str(path)!r})")):
        stream_to(arrays(), path)


def test_a_file_that_is_read_is_no_sink(tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"
    path.write_bytes(b"former")
    with path.open("rb") as file, pytest.raises(TypeError, match=re.escape("open(path, 'wb')")):
        stream_to(arrays(), file)


def closed(make: Callable[[], Any]) -> Any:
    file = make()
    file.close()
    return file


UNFIT: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "class": (lambda: BytesIO, TypeError, "not the class BytesIO; make one: BytesIO(...)"),
    "temporary text": (partial(NamedTemporaryFile, "w"), TypeError, "opened for text"),
    "text in memory": (partial(SpooledTemporaryFile, mode="w"), TypeError, "opened for text"),
    "closed": (partial(closed, BytesIO), ValueError, "the file is closed"),
    "closed temporary file": (partial(closed, NamedTemporaryFile), ValueError, "the file is closed"),
    "closed archive": (partial(closed, partial(GzipFile, None, "wb", 9, BytesIO())), ValueError, "the file is closed"),
}


@pytest.mark.parametrize("name", UNFIT)
async def test_an_unfit_file_is_refused_before_anything_is_drawn(name: str) -> None:
    make, error, message = UNFIT[name]
    calls: list[int] = []
    figure = Figure(figsize=(1, 1))
    ani = FuncAnimation(figure, calls.append, 2)
    sink = make()
    for write in (partial(ani.save, writer=Writer()), partial(stream_to, ani), CLIP.save):
        with pytest.raises(error, match=re.escape(message)):
            write(sink)
    with pytest.raises(error, match=re.escape(message)):
        await astream_to(ani, sink)
    assert calls == []
    if not isinstance(sink, type):
        sink.close()


class Body:
    """As the body of a response of Werkzeug's: it takes bytes, and has an encoding."""

    mode, encoding = "wb+", "utf-8"

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


def test_files_that_are_no_text() -> None:
    stream_to(arrays(), body := Body())
    with SpooledTemporaryFile() as file:
        stream_to(arrays(), file)
        file.seek(0)
        assert file.read() == body.data


@pytest.mark.parametrize("name", ["apng", "webm"])
async def test_async_stream_is_the_stream(name: FormatName) -> None:
    chunks = [chunk async for chunk in astream(arrays(), name)]
    assert all(chunks)
    assert b"".join(chunks) == b"".join(stream(arrays(), name))


async def test_async_sinks() -> None:
    expected = b"".join(stream(arrays(), "webm"))
    awaited, drained, plain = AwaitedSink(), DrainedSink(), BytesIO()
    assert await astream_to(arrays(), awaited, "webm") == len(expected)
    assert await astream_to(arrays(), drained, "webm") == len(expected)
    assert await astream_to(arrays(), plain, "webm") == len(expected)
    assert b"".join(awaited.parts) == b"".join(drained.parts) == plain.getvalue() == expected
    assert drained.drained == len(drained.parts) > 0


async def test_stream_writer_is_a_sink() -> None:
    received = asyncio.get_running_loop().create_future()

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.set_result(await reader.read())
        writer.close()

    server = await asyncio.start_server(receive, "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await astream_to(arrays(), writer, "apng")
        writer.close()
        assert await received == render(arrays(), "apng").data


def test_options_are_checked_at_the_call() -> None:
    with pytest.raises(FormatError):
        astream(arrays(), "nonsense")  # type: ignore[arg-type]
    with pytest.raises(OptionError):
        astream(arrays(), "webp", colors=3)


async def test_what_the_source_raises_is_raised_as_itself() -> None:
    def broken() -> Iterator[np.ndarray]:
        yield from arrays(2)
        raise ZeroDivisionError("in the source")

    with pytest.raises(ZeroDivisionError, match="in the source") as caught:
        await astream_to(broken(), BytesIO(), "webm")
    assert caught.value.__notes__ == ["figreel: in frame 2"]


async def test_loop_is_free_and_drawing_is_in_one_thread() -> None:
    loop = asyncio.get_running_loop()

    def wait_for_the_loop() -> None:
        turned = threading.Event()
        loop.call_soon_threadsafe(turned.set)
        assert turned.wait(60)

    source = Endless(wait_for_the_loop)
    async with aclosing(astream(source, "webm")) as chunks:
        async for _ in chunks:
            if source.taken >= 20:
                break
    assert len(source.threads) == 1
    assert threading.current_thread().name not in source.threads


async def test_cancelling_ends_a_render_that_gives_no_bytes_yet() -> None:
    source = Endless()
    task = asyncio.create_task(astream_to(source, BytesIO(), "apng"))
    while source.taken < 5:
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    taken = source.taken
    await asyncio.sleep(0.05)
    assert source.taken == taken


async def test_what_a_sink_raises_ends_the_render() -> None:
    source = Endless()
    with pytest.raises(BrokenPipeError, match="gone"):
        await astream_to(source, FullSink(), "webm")
    assert source.taken == 1


async def test_nothing_is_drawn_ahead() -> None:
    source = Endless()
    async with aclosing(astream(source, "webm")) as chunks:
        await anext(chunks)
        taken = source.taken
        await asyncio.sleep(0.05)
        assert source.taken == taken
