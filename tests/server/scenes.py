"""Animations that behave, and animations that do not. Worker processes import this file."""

import ctypes
import gc
import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Annotated, Literal

import numpy as np
from matplotlib.figure import Figure
from pydantic import Field

from renderer import Scene
from server import Catalog, Color, ParameterError

catalog = Catalog()


class Shape(Enum):
    ROUND = "round"
    SQUARE = "square"


def scene(update: Callable[[int], object] = lambda index: None, frames: int = 3, title: str = "") -> Scene:
    figure = Figure(figsize=(1.2, 0.8), dpi=50)
    patch = figure.patch

    def step(index: int) -> None:
        patch.set_facecolor(f"C{index % 10}")
        update(index)

    figure.suptitle(title)
    return Scene(figure=figure, update=step, frames=frames, interval=100)


@catalog.animation
def quick(seed: int = 0, frames: Annotated[int, Field(ge=1, le=1000)] = 3) -> Scene:
    """Little to do."""
    return scene(frames=frames)


@catalog.animation
def typed(
    values: list[float] = [1.0, 2.0],  # noqa: B006
    gaps: list[float | None] = [],  # noqa: B006
    pair: tuple[float, float] = (0.0, 1.0),
    count: int = 3,
    level: Literal[1, 2, 3] = 2,
    shape: Shape = Shape.ROUND,
    color: Color = "red",
    label: str = "",
    bold: bool = False,
    maybe: float | None = None,
    json: int = 0,
) -> Scene:
    """Every type.

    A second paragraph.
    """
    assert isinstance(shape, Shape)
    if label == "frozen":
        raise ParameterError("label", f"{gc.get_freeze_count()} objects")
    if label == "echo":
        raise ParameterError("label", f"{values} {gaps} {pair} {count} {level} {shape} {color} {bold} {maybe} {json}")
    return scene(title=label)


@catalog.animation
def slow(seconds: float = 0.2, frames: int = 5, seed: int = 0) -> Scene:
    """Every frame takes its time."""
    return scene(lambda index: time.sleep(seconds), frames)


@catalog.animation
def sized() -> list[np.ndarray]:
    """Arrays, which have no figure to resize."""
    return [np.full((20, 30, 3), value, np.uint8) for value in (0, 80, 160)]


@catalog.animation
def endless(seconds: float = 0.0) -> Iterator[np.ndarray]:
    """Frames without a number, and without an end."""
    for index in itertools.count():
        time.sleep(seconds)
        yield np.full((20, 30, 3), index % 256, np.uint8)


@catalog.animation
def noisy(side: int = 300, frames: int = 10, seed: int = 0) -> Scene:
    """Noise that does not compress: about *side* squared bytes a frame."""
    random = np.random.default_rng(seed)
    figure = Figure(figsize=(side / 100, side / 100), dpi=100)

    def update(index: int) -> None:
        figure.clear()
        figure.figimage(random.integers(0, 255, (side, side), dtype=np.uint8), cmap="gray", vmin=0, vmax=255)

    return Scene(figure=figure, update=update, frames=frames, interval=100)


@catalog.animation
def raises(at: int = -1) -> Scene:
    """Raise, in the function itself or in a frame."""

    def fail(index: int) -> None:
        if index == at:
            raise ZeroDivisionError("a secret")

    fail(-1)
    return scene(fail)


def _spin() -> None:
    while True:
        pass


def _leak() -> None:
    leaked = []
    while True:
        leaked.append(bytearray(1 << 24))


_END = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "segfault": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
    "spin": _spin,
    "leak": _leak,
}


@catalog.animation
def dies(how: Literal["kill", "stop", "segfault", "exit", "spin", "leak"], at: int = 0, frames: int = 3) -> Scene:
    """End the process, or make it useless, in the function itself (-1) or in a frame."""

    def die(index: int) -> None:
        if index == at:
            _END[how]()

    die(-1)
    return scene(die, frames)


_HOARD: list[np.ndarray] = []


@catalog.animation
def hoards(megabytes: int = 50, seed: int = 0) -> Scene:
    """Keep memory for ever."""
    _HOARD.append(np.ones(megabytes << 17))
    return scene()
