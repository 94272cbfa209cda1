"""Warnings point at the line of the program that asked for what is warned of."""

import io
import warnings
from collections.abc import Callable
from typing import Any

import imageio.v3 as iio
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from renderer import ImageioPlugin, Writer, drop_in, render, render_many, rendered, stream, stream_to


def animation(frame_count: int = 4) -> FuncAnimation:
    figure = Figure(figsize=(2, 1.5))
    (line,) = figure.subplots().plot([0, 1])
    return FuncAnimation(figure, lambda index: line.set_ydata([0, index]), frame_count)


def saved_in_the_place_of_matplotlibs() -> None:
    with drop_in():
        ani: Any = animation()
        ani.save(io.BytesIO(), fps=100)


def written_by_imageio() -> None:
    write: Any = iio.imwrite
    write("<bytes>", [np.zeros((3, 3))] * 3, extension=".gif", plugin=ImageioPlugin, fps=100)


WARNED: dict[str, Callable[[], object]] = {
    "render": lambda: render(animation(), fps=100),
    "render_many": lambda: render_many(animation(), ["gif", "mp4"], fps=100),
    "stream": lambda: list(stream(animation(), fps=100)),
    "stream_to": lambda: stream_to(animation(), io.BytesIO(), fps=100),
    "rendered": lambda: rendered(fps=100)(animation)(),
    "webp": lambda: render(animation(), "webp", fps=100),
    "budget": lambda: render(animation(20), max_bytes=2600),
    "writer": lambda: animation().save(io.BytesIO(), Writer(fps=100)),  # type: ignore[arg-type]
    "writer's option": lambda: Writer(codec="png"),
    "writer's option by name": lambda: animation().save("none.gif", "figreel", codec="png"),
    "drop_in": saved_in_the_place_of_matplotlibs,
    "imageio": written_by_imageio,
}


@pytest.mark.parametrize("name", WARNED)
def test_a_warning_points_at_the_program(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        WARNED[name]()
    assert {warning.filename for warning in caught} == {__file__}
