"""Every format, by figreel and by other writers: ``python -m benchmarks.formats``.

Frames are drawn ahead; only the writing is timed.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from io import BytesIO
from typing import Any

import av
import av.filter
import imageio.v3 as iio
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.contenders import Contender, draw_ahead
from benchmarks.measure import Measurement
from benchmarks.reference import Pixels, Played, Quality, check, check_gif
from benchmarks.report import digits, fidelity, markdown_table
from benchmarks.suite import Results, Suite, run
from benchmarks.workloads import WORKLOADS, Setup, Workload
from renderer import Frame
from renderer.encoding.formats import FORMATS
from renderer.options import RenderOptions

Drawn = Sequence[Frame]

FPS = 20
MILLISECONDS = 1000 // FPS


def _figreel(name: str, options: Mapping[str, Any], drawn: Drawn) -> bytes:
    encoder = FORMATS[name].make(RenderOptions.of(options), drawn[0].size)
    return b"".join((*map(encoder.add, drawn), encoder.finish()))


def _pillow(name: str, options: Mapping[str, Any], drawn: Drawn) -> bytes:
    first, *others = (Image.fromarray(frame.pixels).convert("RGB") for frame in drawn)
    file = BytesIO()
    first.save(file, name, save_all=True, append_images=others, duration=MILLISECONDS, loop=0, **options)
    return file.getvalue()


def _imageio(extension: str, options: Mapping[str, Any], drawn: Drawn) -> bytes:
    pixels = np.stack([frame.pixels[..., :3] for frame in drawn])
    data: bytes = iio.imwrite("<bytes>", pixels, extension=extension, **options)
    return data


def _palettegen(drawn: Drawn) -> bytes:
    """Write a GIF as FFmpeg's users do: a palette made from all frames, then the frames on it, dithered."""
    file = BytesIO()
    with av.open(file, "w", format="gif") as container:
        stream = container.add_stream("gif", rate=FPS)
        stream.width, stream.height = drawn[0].size
        stream.pix_fmt = "pal8"
        graph = _palette_graph(stream)
        for frame in drawn:
            picture = av.VideoFrame.from_ndarray(frame.pixels, format="rgba").reformat(format="bgra")
            picture.pts = frame.index
            picture.time_base = Fraction(1, FPS)
            graph.push(picture)
        graph.push(None)
        for _ in drawn:
            container.mux(stream.encode(graph.pull()))
        container.mux(stream.encode(None))
    return file.getvalue()


def _palette_graph(stream: Any) -> Any:
    graph: Any = av.filter.Graph()
    source = graph.add_buffer(width=stream.width, height=stream.height, format="bgra", time_base=Fraction(1, FPS))
    split, palette = graph.add("split"), graph.add("palettegen")
    use, sink = graph.add("paletteuse"), graph.add("buffersink")
    source.link_to(split)
    split.link_to(palette, 0, 0)
    split.link_to(use, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    return graph


def _check_picture(max_error: int, data: bytes, setup: Setup, reference: Sequence[Pixels]) -> Quality:
    return check_gif(data, reference, setup.fps, max_error=max_error, min_psnr=20)


def _check_video(max_error: int, data: bytes, setup: Setup, reference: Sequence[Pixels]) -> Quality:
    with av.open(BytesIO(data), "r") as container:
        assert container.duration is not None
        stream = container.streams.video[0]
        shown = [(frame.time, _rgb(frame)) for frame in container.decode(stream)]
        end = container.duration / av.time_base
    starts, pictures = zip(*shown, strict=True)
    played = Played(list(pictures), np.array([*starts[1:], end]))
    return check(played, reference, setup.fps, max_error=max_error, min_psnr=20)


def _rgb(frame: av.VideoFrame) -> NDArray[np.int16]:
    full_range = 2  # PyAV before 17 does not take it by itself
    converted = frame.reformat(format="rgb24", src_colorspace=frame.colorspace, dst_color_range=full_range)
    return converted.to_ndarray().astype(np.int16)


def _contender(label: str, write: Callable[[Drawn], bytes], *, video: bool = False, max_error: int = 255) -> Contender:
    check_it = partial(_check_video if video else _check_picture, max_error)
    return Contender(label, write, prepare=draw_ahead, check=check_it)


CONTENDERS: Mapping[str, Contender] = {
    contender.label: contender
    for contender in (
        _contender("GIF, figreel", partial(_figreel, "gif", {}), max_error=16),
        _contender("GIF, Pillow", partial(_pillow, "GIF", {})),
        _contender("GIF, imageio", partial(_imageio, ".gif", {"duration": MILLISECONDS, "loop": 0})),
        _contender("GIF, FFmpeg palettegen", _palettegen),
        _contender("APNG, figreel", partial(_figreel, "apng", {}), max_error=0),
        _contender("APNG, Pillow", partial(_pillow, "PNG", {}), max_error=0),
        _contender("WebP lossless, figreel", partial(_figreel, "webp", {}), max_error=0),
        _contender("WebP lossless, Pillow", partial(_pillow, "WEBP", {"lossless": True}), max_error=0),
        _contender("WebP lossy, figreel", partial(_figreel, "webp", {"quality": 80})),
        _contender("WebP lossy, Pillow", partial(_pillow, "WEBP", {"quality": 80})),
        _contender("AVIF, figreel", partial(_figreel, "avif", {})),
        _contender("AVIF, Pillow", partial(_pillow, "AVIF", {"max_threads": 2})),
        _contender("MP4, figreel", partial(_figreel, "mp4", {}), video=True),
        _contender("MP4 lossless, figreel", partial(_figreel, "mp4", {"lossless": True}), video=True, max_error=0),
        _contender(
            "MP4, imageio", partial(_imageio, ".mp4", {"plugin": "pyav", "codec": "libx264", "fps": FPS}), video=True
        ),
        _contender("WebM, figreel", partial(_figreel, "webm", {}), video=True),
        _contender("WebM lossless, figreel", partial(_figreel, "webm", {"lossless": True}), video=True, max_error=0),
    )
}

_KINDS = {
    "line": "line: thin lines on flat colors",
    "bars": "bars: flat colors",
    "image": "image: smooth colors",
    "scatter": "scatter: many small things that move",
}

FRAMES: Mapping[str, Workload] = {
    name: replace(WORKLOADS[name], title=title, frames=40, fps=FPS) for name, title in _KINDS.items()
}
"""Four kinds of frames."""


def tables(results: Results) -> str:
    """Show all writers on all kinds of frames."""
    labels = list(dict.fromkeys(label for found in results.values() for label in found))
    header = ["", *(workload.title for workload in results)]
    rows = [[label, *(_cell(found[label]) for found in results.values())] for label in labels]
    legend = "Each cell: milliseconds a frame, KiB, PSNR in dB and largest error on any channel."
    return f"{markdown_table(header, rows)}\n\n{legend}"


def _cell(measurement: Measurement) -> str:
    size = digits((measurement.size or 0) / 1024)
    return f"{digits(measurement.milliseconds)} ms, {size} KiB, {fidelity(measurement.quality)}"


SUITE = Suite(
    module="benchmarks.formats",
    description="Measure how fast, small and faithful each format is written, by figreel and by others.",
    workloads=FRAMES,
    contenders=CONTENDERS,
    compare=("GIF, Pillow", "GIF, figreel"),
    tables=tables,
    marker="formats",
)


if __name__ == "__main__":
    sys.exit(run(SUITE))
