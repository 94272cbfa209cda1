"""The animations of the demo: what each of them draws."""

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
from annotated_types import Ge, Le, MaxLen, MinLen
from matplotlib.figure import Figure

from renderer import Scene, frames, render
from server.catalog.entries import Entry
from server.demo import catalog
from server.demo.dashboard import dashboard
from server.demo.gauge import gauge
from server.demo.race import race
from server.demo.sorting import sorting
from server.demo.text import text

NAMES = [entry.name for entry in catalog]
LOOPS = ("line", "lissajous", "image", "surface", "orbits")


def entry_of(name: str) -> Entry:
    entry = catalog.get(name)
    assert entry is not None
    return entry


def source_of(name: str, **values: Any) -> Any:
    """Return the animation as the server would draw it, small."""
    entry = entry_of(name)
    source, _ = entry.call(entry.values({"width": 240, **values}))
    return source


def edge(field: Any, highest: bool) -> Any:
    """Return the least or the greatest value that a field takes; its default if it has no bounds."""
    if field.json_schema_extra == {"format": "color"}:
        return field.default
    if get_origin(field.annotation) is Literal:
        return get_args(field.annotation)[-1 if highest else 0]
    bounds = {type(bound): bound for bound in field.metadata}
    if length := bounds.get(MaxLen if highest else MinLen):
        count = length.max_length if highest else length.min_length
        return (
            "word " * (count // 5) + "w" * (count % 5)
            if field.annotation is str
            else [1e6 if highest else -1e6] * count
        )
    if bound := bounds.get(Le if highest else Ge):
        return bound.le if highest else bound.ge
    return field.default


def steps_of(scene: Scene) -> Sequence[Any]:
    """Return what the update is called with."""
    steps: Any = range(scene.frames) if isinstance(scene.frames, int) else scene.frames
    return list(steps)


def blank(pixels: np.ndarray) -> bool:
    return bool((pixels == pixels[0, 0]).all())


@pytest.mark.parametrize("name", NAMES)
def test_an_animation_moves_and_no_frame_is_blank(name: str) -> None:
    drawn = [frame.pixels.copy() for frame in frames(source_of(name))]
    assert 2 <= len(drawn) <= 60
    assert not any(map(blank, drawn))
    assert not np.array_equal(drawn[0], drawn[-1])


@pytest.mark.parametrize("name", NAMES)
def test_an_animation_is_the_same_each_time(name: str) -> None:
    assert render(source_of(name), "gif").data == render(source_of(name), "gif").data


@pytest.mark.parametrize("highest", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_an_animation_takes_the_edges_of_its_bounds(name: str, highest: bool) -> None:
    entry = entry_of(name)
    values = {argument: edge(entry.playback.model_fields[f"{argument}_"], highest) for argument in entry.arguments}
    assert values != {argument: entry.playback.model_fields[f"{argument}_"].default for argument in entry.arguments}
    source = source_of(name, **values)
    if isinstance(source, Scene):
        steps = steps_of(source)
        source = Scene(source.figure, source.update, [steps[0], steps[-1]])
    assert not any(blank(frame.pixels) for frame in frames(source))


@pytest.mark.parametrize("name", LOOPS)
def test_the_frame_after_the_last_is_the_first(name: str) -> None:
    scene = source_of(name)
    first, again = (frame.pixels.copy() for frame in frames(Scene(scene.figure, scene.update, [0, scene.frames])))
    assert np.abs(first.astype(int) - again).max() <= 2


def last(scene: Scene) -> Figure:
    """Step the animation to its end; return its figure."""
    for step in steps_of(scene):
        scene.update(step)
    return scene.figure


@pytest.mark.parametrize("count", [2, 3, 24, 60])
@pytest.mark.parametrize("algorithm", ["bubble", "insertion", "quick"])
def test_sorting_ends_sorted(algorithm: Literal["bubble", "insertion", "quick"], count: int) -> None:
    for seed in range(2):
        bars = last(sorting(algorithm, count, seed)).axes[0].patches
        assert [bar.get_height() for bar in bars] == list(range(1, count + 1))  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [0, 33.3, 72, 100])
def test_the_needle_ends_at_its_value(value: float) -> None:
    axes = last(gauge(value)).axes[0]
    x, y = np.asarray(axes.lines[0].get_xydata())[-1]
    assert 100 * (1 - np.arctan2(y, x) / np.pi) == pytest.approx(value)
    assert axes.texts[-1].get_text() == f"{value:.0f} %"


@pytest.mark.parametrize("bars", [2, 10])
def test_the_race_ends_in_the_order_of_the_harvests(bars: int) -> None:
    axes = last(race(bars)).axes[0]
    rows = sorted(axes.patches, key=lambda row: row.get_y())  # type: ignore[attr-defined]
    harvests = [row.get_width() for row in rows]  # type: ignore[attr-defined]
    assert harvests == sorted(harvests)
    assert [row.get_y() for row in rows] == pytest.approx(np.arange(bars) - 0.4)  # type: ignore[attr-defined]
    assert axes.texts[0].get_text() == "2024"


def test_the_dashboard_ends_with_all_hours() -> None:
    figure = last(dashboard(48))
    over_time, histogram, relation, _ = figure.axes
    assert figure.get_suptitle() == "Day 2, 23:00"
    assert len(over_time.lines[0].get_xydata()) == 48  # type: ignore[arg-type]
    assert sum(bar.get_height() for bar in histogram.patches) == 48  # type: ignore[attr-defined]
    assert len(relation.collections[0].get_offsets()) == 48  # type: ignore[arg-type]


def test_a_text_is_typed_to_its_end() -> None:
    *_, first, second = last(text("Two lines, of which one is long")).texts
    assert (first.get_text() + " " + second.get_text()).rstrip(
        " \N{LEFT HALF BLOCK}"
    ) == "Two lines, of which one is long"


def test_a_dollar_sign_is_typed_as_one_letter() -> None:
    scene = source_of("text", words="$x$" * 9)
    assert len({text.get_position() for text in scene.figure.texts[3:]}) == 2
    for step in range(scene.frames):
        scene.update(step)
        typed = "".join(row.get_text() for row in scene.figure.texts[3:])
        assert typed.count("\\") == typed.count(r"\$") == typed.count("$")
    assert typed.rstrip(" \N{LEFT HALF BLOCK}") == r"\$x\$" * 9
