"""The bytes of files and answers, held to digests that were taken once.

They hold for one set of versions of the libraries, which stands beside them. After an intended change of bytes, or for
new libraries: ``FIGREEL_WRITE_DIGESTS=1 make test ARGS=tests/integration/test_digests.py``.
"""

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.animation import ArtistAnimation, FuncAnimation
from matplotlib.figure import Figure
from numpy.typing import NDArray

from renderer import Scene, frames, render, render_many, stream
from server.demo import catalog
from tests.server.support import running

PATH = Path(__file__).with_name("data") / "digests.json"
LIBRARIES = ("matplotlib", "numpy", "pillow", "av", "isal")
WRITE = bool(os.environ.get("FIGREEL_WRITE_DIGESTS"))


def arches(k: int) -> NDArray[np.float64]:
    """Parabolas in a row: without functions whose last bit depends on the processor."""
    t: NDArray[np.float64] = (np.arange(200) + 10 * k) % 64 / 32 - 1
    return 1 - 2 * t * t


def line(count: int = 9) -> FuncAnimation:
    figure = Figure(figsize=(4, 3))
    axes = figure.subplots()
    (curve,) = axes.plot(np.arange(200) / 32, arches(0))
    axes.set(title="A line", xlabel=r"$t^2$", ylim=(-1.2, 1.2))
    axes.grid(visible=True)
    return FuncAnimation(figure, lambda k: curve.set_ydata(arches(k)), count, interval=40)


def bars() -> FuncAnimation:
    figure = Figure(figsize=(3.2, 2.4))
    axes = figure.subplots()

    def update(k: int) -> None:
        axes.clear()
        axes.barh(range(5), [k + n * n % 7 for n in range(5)], color=["C0", "C1", "C2", "#88aa0080", "C4"])
        axes.set_title(f"Year {2000 + k}")

    return FuncAnimation(figure, update, 6, interval=250)


def scatter() -> Scene:
    figure = Figure(figsize=(3, 3))
    axes = figure.subplots()
    random = np.random.default_rng(3)
    x, y = random.random((2, 300))
    points = axes.scatter(x, y, c=random.random(300), s=20)
    figure.colorbar(points)
    return Scene(figure=figure, update=lambda k: points.set_offsets(random.random((300, 2))), frames=5)


def artists() -> ArtistAnimation:
    figure = Figure(figsize=(2, 2))
    axes = figure.subplots()
    return ArtistAnimation(figure, [axes.plot([0, k], color=f"C{k}") for k in range(4)], interval=100)


def noise() -> list[Any]:
    return list(np.random.default_rng(5).integers(0, 256, (4, 60, 79, 3), np.uint8))


FILES: dict[str, Callable[[], bytes]] = {
    "line.gif": lambda: render(line(), "gif").data,
    "line.apng": lambda: render(line(), "apng", metadata={"Title": "A line", "Author": "Ω"}).data,
    "line.webp": lambda: render(line(), "webp", loop=3).data,
    "line, lossy.webp": lambda: render(line(), "webp", quality=60).data,
    "line.avif": lambda: render(line(), "avif").data,
    "line.mp4": lambda: render(line(), "mp4").data,
    "line.webm": lambda: render(line(), "webm").data,
    "line, lossless.mp4": lambda: render(line(), "mp4", lossless=True).data,
    "line, frame 3.png": lambda: render(line(), "png", frame=3).data,
    "line, last frame.png": lambda: render(line(), "png", frame="last", dpi=150).data,
    "line, in fragments.mp4": lambda: b"".join(stream(line(), "mp4")),
    "line, live.webm": lambda: b"".join(stream(line(), "webm")),
    "line, pixels": lambda: b"".join(frame.pixels.tobytes() for frame in frames(line())),
    "line, at another resolution": lambda: b"".join(frame.pixels.tobytes() for frame in frames(line(), dpi=77)),
    "bars.gif": lambda: render(bars(), "gif", fps=1, loop=1).data,
    "bars, transparent.gif": lambda: render(bars(), "gif", transparent=True).data,
    "bars, transparent.apng": lambda: render(bars(), "apng", transparent=True, final_pause=2).data,
    "bars, transparent, pixels": lambda: b"".join(frame.pixels.tobytes() for frame in frames(bars(), transparent=True)),
    "bars, tight.gif": lambda: render(bars(), "gif", bbox_inches="tight").data,
    "scatter.gif": lambda: render(scatter(), "gif").data,
    "scatter, few colors.gif": lambda: render(scatter(), "gif", colors=16, dither=True).data,
    "scatter, in a budget.gif": lambda: render(scatter(), "gif", max_bytes=30_000).data,
    "scatter.apng": lambda: render(scatter(), "apng", durations=[0.1, 0.2, 0.02, 70, 0.3]).data,
    "line.html": lambda: render(line(), "html").data,
    "bars, transparent.html": lambda: render(bars(), "html", transparent=True, loop=2).data,
    "artists.webp": lambda: render(artists(), "webp").data,
    "artists, several": lambda: b"".join(clip.data for clip in render_many(artists(), ["gif", "mp4", "png"]).values()),
    "noise.gif": lambda: render(noise(), "gif").data,
    "noise.mp4": lambda: render(noise(), "mp4", quality=90).data,
}

ANSWERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "gif": ("GET", "/animations/bars.gif?color=red&values=20&values=15&values=9", {}),
    "apng": ("GET", "/animations/line.apng?frames=3&width=160", {}),
    "png": ("GET", "/animations/line.png?frames=3&width=160&frame=1", {}),
    "webp, posted": ("POST", "/animations/bars.webp", {"json": {"values": [3, 1, 2], "fps": 2}}),
    "mp4": ("GET", "/animations/line.mp4?frames=4&width=161&height=121", {}),
    "range": ("GET", "/animations/bars.gif?values=4&values=3", {"headers": {"Range": "bytes=10-99"}}),
    "head": ("HEAD", "/animations/bars.gif?values=4&values=3", {}),
    "invalid": ("GET", "/animations/bars.gif?values=x&nosuch=1", {}),
    "no such animation": ("GET", "/animations/nosuch.gif", {}),
    "no such format": ("GET", "/animations/bars.bmp", {}),
    "not JSON": ("POST", "/animations/bars.gif", {"data": b"[", "headers": {"Content-Type": "application/json"}}),
    "health": ("GET", "/healthz", {}),
}
HEADERS = ("Content-Type", "Cache-Control", "Content-Range", "Accept-Ranges", "X-Content-Type-Options")


@pytest.fixture(scope="module")
def kept() -> Iterator[dict[str, Any]]:
    """The digests, which are written anew on demand, and hold for some versions alone."""
    versions = {name: version(name) for name in LIBRARIES}
    content = json.loads(PATH.read_text())
    if WRITE:
        content = {"versions": versions, "files": {}, "answers": {}} | {"versions": versions}
    elif content["versions"] != versions:
        pytest.skip(f"the digests are those of {content['versions']}, installed are {versions}")
    yield content
    if WRITE:
        PATH.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def inflated(data: bytes) -> bytes:
    """Return a PNG or an APNG with its pictures not compressed: isal need not compress alike in two processes."""
    start = data.find(b"\x89PNG\r\n\x1a\n")
    if start < 0:
        return data
    parts, place = [data[:start]], start + 8
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        head = 4 if kind == b"fdAT" else 0
        parts += [kind, body[:head], zlib.decompress(body[head:]) if kind in (b"IDAT", b"fdAT") else body]
        place += 12 + length
    return b"".join(parts)


def compare(kept: dict[str, str], name: str, data: bytes) -> None:
    digest = hashlib.sha256(inflated(data)).hexdigest()[:32]
    if WRITE:
        kept[name] = digest
    assert kept[name] == digest


@pytest.mark.xdist_group("digests")
@pytest.mark.parametrize("name", FILES)
def test_the_bytes_of_files(kept: dict[str, Any], name: str) -> None:
    compare(kept["files"], name, FILES[name]())


@pytest.mark.xdist_group("digests")
async def test_the_bytes_of_answers(kept: dict[str, Any]) -> None:
    async with running(catalog) as server:
        for name, (method, path, options) in ANSWERS.items():
            answer = await server.get(path, method, **options)
            body = answer.body
            if answer.headers["Content-Type"].startswith("application/problem+json"):
                body = json.dumps(json.loads(body) | {"request_id": ""}, sort_keys=True).encode()
            head = [answer.status, *(answer.headers.get(header) for header in HEADERS)]
            compare(kept["answers"], name, json.dumps(head).encode() + body)
