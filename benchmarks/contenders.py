"""Contenders: functions that are measured, each with a label."""

import pkgutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.animation import PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg

from benchmarks.reference import Pixels, Quality, check_gif, check_identical
from benchmarks.workloads import Setup
from renderer import Frame, frames, render
from renderer.drawing.agg.caching import shared_texts
from renderer.encoding.formats import FORMATS
from renderer.options import RenderOptions

__all__ = ["CONTENDERS", "Contender", "draw_ahead", "find"]


def _as_it_is(setup: Setup) -> Setup:
    return setup


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to do the work. Its functions are importable, for they run in another process.

    Attributes
    ----------
    label : str
        Name in the tables.
    run : callable
        Does the work that is timed, on the result of *prepare*.
    prepare : callable, optional
        Makes the argument of *run* from a fresh setup, outside the time.
    check : callable, optional
        Takes the result of *run*, a fresh setup and the frames of `Animation.save`; raises `WrongOutputError`.
    """

    label: str
    run: Callable[[Any], Any]
    prepare: Callable[[Setup], Any] = _as_it_is
    check: Callable[[Any, Setup, Sequence[Pixels]], Quality] | None = None


def _afresh(setup: Setup) -> Setup:
    """Forget the texts of earlier rounds, so that each round rasterizes its own."""
    shared_texts.cache_clear()  # so that each run begins with an empty cache
    return setup


def _save_to_tempfile(setup: Setup) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".gif", delete=False) as file:
        path = Path(file.name)
    try:
        setup.animation().save(path, writer=PillowWriter(fps=setup.fps), dpi=setup.dpi)
        return path.read_bytes()
    finally:
        path.unlink()


def _check_pillow(data: bytes, setup: Setup, reference: Sequence[Pixels]) -> Quality:
    return check_gif(data, reference, setup.fps, max_error=255, min_psnr=35)


def _render(setup: Setup) -> bytes:
    return render(setup.animation(), "gif", dpi=setup.dpi).data


def _check_figreel(data: bytes, setup: Setup, reference: Sequence[Pixels]) -> Quality:
    return check_gif(data, reference, setup.fps, max_error=16, min_psnr=35)


def _iterate(setup: Setup) -> None:
    for _ in frames(setup.animation(), dpi=setup.dpi):
        pass


def _check_frames(_: None, setup: Setup, reference: Sequence[Pixels]) -> Quality:
    return check_identical([frame.pixels for frame in frames(setup.animation(), dpi=setup.dpi)], reference)


def _update(setup: Setup) -> None:
    """Run the updates as a FuncAnimation does: the first frame's twice, because it starts with it."""
    setup.update(0)
    for index in range(setup.frames):
        setup.update(index)


def _draw_plainly(setup: Setup) -> Pixels:
    """Draw each frame once, in full, on one canvas that keeps its renderer.

    A layout engine runs once more before the draw: it starts from where it stopped, and without the turn that it has
    within `Animation.save` the pixels would be others.
    """
    canvas = FigureCanvasAgg(setup.figure)
    engine = setup.figure.get_layout_engine()
    setup.figure.dpi = setup.dpi or setup.figure.dpi
    setup.update(0)
    for index in range(setup.frames):
        setup.update(index)
        if engine is not None:
            engine.execute(setup.figure)
        canvas.draw()
    return np.array(canvas.buffer_rgba())


def _check_last(pixels: Pixels, _: Setup, reference: Sequence[Pixels]) -> Quality:
    return check_identical([pixels], reference[-1:])


def draw_ahead(setup: Setup) -> list[Frame]:
    """Draw all frames, for contenders that only encode."""
    return list(frames(setup.animation(), dpi=setup.dpi))


def _encode(drawn: Sequence[Frame]) -> None:
    encoder = FORMATS["gif"].make(RenderOptions(), drawn[0].size)
    for frame in drawn:
        encoder.add(frame)
    encoder.finish()


CONTENDERS: Mapping[str, Contender] = {
    contender.label: contender
    for contender in (
        Contender("tempfile", _save_to_tempfile, check=_check_pillow),
        Contender("figreel", _render, prepare=_afresh, check=_check_figreel),
        Contender("frames", _iterate, prepare=_afresh, check=_check_frames),
        Contender("encode", _encode, prepare=draw_ahead),
        Contender("update", _update),
        Contender("plain draw", _draw_plainly, check=_check_last),
    )
}
"""*tempfile* and *figreel* make a GIF; the others are parts of that work, and the floor beneath it."""


def find(name: str, contenders: Mapping[str, Contender]) -> Contender:
    """Return a contender by its label, or import it from ``module:attribute``.

    Raises
    ------
    ValueError
        There is no such contender.
    """
    if name in contenders:
        return contenders[name]
    try:
        found = pkgutil.resolve_name(name)
    except (AttributeError, ImportError, ValueError) as error:
        raise ValueError(f"no contender {name!r} ({error}); choose from {', '.join(contenders)}") from error
    if not isinstance(found, Contender):
        raise ValueError(f"{name} is not a Contender")
    return found
