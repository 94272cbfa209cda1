"""Records of axes that all figures of a process share: what they save, what they keep, and what they must not keep."""

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any
from unittest.mock import Mock

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from renderer.drawing.axis import replay, shared, ticks
from renderer.drawing.axis.shared import DRAWINGS, SIZES
from renderer.drawing.axis.value import axis_value
from renderer.drawing.retained.verification import Sampling
from tests.support import assert_same_frames, drawn_frames, saved_frames

Change = Callable[[Any, int], object]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin and end without records."""
    for records in (DRAWINGS, SIZES):
        for name, value in vars(shared.SharedRecords()).items():
            monkeypatch.setattr(records, name, value)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Count how often an axis draws or measures itself."""
    counted = Mock(side_effect=ticks.ticks_updated_once)
    monkeypatch.setattr(replay, "ticks_updated_once", counted)
    return counted


def bars(change: Change = lambda axes, frame: None, title: str = "", frames: int = 4) -> FuncAnimation:
    figure = Figure(figsize=(3, 2))
    axes = figure.subplots()
    figure.set_layout_engine("tight" if title else None)

    def update(frame: int) -> None:
        axes.clear()
        axes.bar(range(3), [1, 2, frame + 3])
        axes.set(ylim=(0, 1e6), xlabel="label", title=title)
        change(axes, frame)

    return FuncAnimation(figure, update, frames, init_func=lambda: None)


def kept() -> int:
    return len(DRAWINGS._records) + len(SIZES._records)


def test_a_new_figure_is_drawn_from_what_another_one_drew(drawn: Mock) -> None:
    expected = saved_frames(bars())
    for _ in range(3):
        assert_same_frames(drawn_frames(bars(), verify="never"), expected)
    assert drawn.call_count > 0
    drawn.reset_mock()
    assert_same_frames(drawn_frames(bars(), verify="never"), expected)
    assert drawn.call_count == 0


def test_sizes_are_shared_too() -> None:
    expected = saved_frames(bars(title="title"))
    for _ in range(3):
        assert_same_frames(drawn_frames(bars(title="title"), verify="never"), expected)
    assert len(SIZES._records) > 0


def changes() -> dict[str, Change]:
    def swap(axes: Any, frame: int) -> None:
        axes.spines["left"].set_position(("axes", 0.1 * frame))

    return {
        "none": lambda axes, frame: None,
        "right": lambda axes, frame: axes.yaxis.tick_right(),
        "top": lambda axes, frame: axes.xaxis.tick_top(),
        "limits": lambda axes, frame: axes.set_ylim(0, 10 ** (frame % 2)),
        "scale": lambda axes, frame: axes.set(yscale="log", ylim=(1, 100)),
        "rotated": lambda axes, frame: axes.tick_params(labelrotation=30, color="r"),
        "grid": lambda axes, frame: axes.grid(color="g"),
        "spines": swap,
        "minor": lambda axes, frame: axes.minorticks_on(),
        "place": lambda axes, frame: axes.set_position((0.2, 0.2, 0.6, 0.6)),
        "label": lambda axes, frame: axes.set_ylabel("units"),
        "size": lambda axes, frame: axes.figure.set_size_inches(3, 2.5),
        "inverted": lambda axes, frame: axes.invert_yaxis(),
    }


def test_figures_that_differ_do_not_mix() -> None:
    cases = changes()
    expected = {name: saved_frames(bars(change)) for name, change in cases.items()}
    for _ in range(2):
        for name, change in cases.items():
            assert_same_frames(drawn_frames(bars(change), verify="never"), expected[name])
    assert kept() > 10


HINTED = ["default", "no_autohint", "force_autohint", "no_hinting"]


def hinted(*ways: str) -> FuncAnimation:
    """Return an animation whose canvas keeps its renderer, and with it the sizes of texts that were measured first."""
    figure = Figure(figsize=(2.3, 1.7))
    FigureCanvasAgg(figure)
    axes = figure.subplots()

    def update(frame: int) -> None:
        mpl.rcParams["text.hinting"] = ways[frame % len(ways)]
        axes.clear()

    return FuncAnimation(figure, update, 4, init_func=lambda: None)


def test_texts_have_the_sizes_that_they_were_first_measured_with(drawn: Mock) -> None:
    """Whether these were measured or replayed, and whatever other renders have measured."""
    cases = [HINTED, *([way] for way in HINTED)]
    with mpl.rc_context():
        expected = [saved_frames(hinted(*ways)) for ways in cases]
        for _ in range(3):
            for ways, frames in zip(cases, expected, strict=True):
                assert_same_frames(drawn_frames(hinted(*ways), verify="never"), frames)
        drawn.reset_mock()
        assert_same_frames(drawn_frames(hinted("default"), verify="never"), expected[1])
    assert drawn.call_count == 0


def test_texts_keep_these_sizes_where_a_later_frame_is_due_to_be_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = count()
    monkeypatch.setattr(Sampling, "is_due", lambda sampling: next(frames) == 3)
    with mpl.rc_context():
        assert_same_frames(drawn_frames(hinted(*HINTED)), saved_frames(hinted(*HINTED)))


def test_threads_share_records(drawn: Mock) -> None:
    expected = saved_frames(bars())
    for _ in range(3):
        drawn_frames(bars(), verify="never")
    drawn.reset_mock()
    with ThreadPoolExecutor(4) as pool:
        for frames in pool.map(lambda _: drawn_frames(bars(), verify="never"), range(8)):
            assert_same_frames(frames, expected)
    assert drawn.call_count == 0


def test_no_figure_is_kept() -> None:
    animation: Any = bars()
    figure, axes = weakref.ref(animation._fig), weakref.ref(animation._fig.axes[0])
    label, patch = weakref.ref(axes().xaxis.label), weakref.ref(axes().patch)  # type: ignore[union-attr]
    drawn_frames(animation, verify="never")
    del animation
    gc.collect()
    assert kept() > 0
    assert [figure(), axes(), label(), patch()] == [None] * 4


def test_no_class_and_no_function_is_kept() -> None:
    references = []
    for _ in range(2):

        class Marked(float):
            pass

        def show(value: float, pos: int | None, mark: float = Marked(1)) -> str:
            return f"{value:.0f}"

        formatter = FuncFormatter(show)

        def change(axes: Any, frame: int, formatter: FuncFormatter = formatter) -> None:
            axes.yaxis.set_major_formatter(formatter)

        animation = bars(change)
        drawn_frames(animation, verify="never")
        references += [weakref.ref(item) for item in (Marked, show, formatter)]
        del animation, change, formatter, show, Marked
    gc.collect()
    assert [reference() for reference in references] == [None] * 6


def test_a_subclass_is_not_kept() -> None:
    class Percent(ScalarFormatter):
        pass

    def change(axes: Any, frame: int, kind: type = Percent) -> None:
        axes.yaxis.set_major_formatter(kind())

    reference = weakref.ref(Percent)
    drawn_frames(bars(change), verify="never")
    del change, Percent
    gc.collect()
    assert reference() is None


def test_an_axis_with_a_clip_path_stays_with_its_figure() -> None:
    def change(axes: Any, frame: int) -> None:
        axes.grid()
        circle = Circle((0.5, 0.5), 0.4, transform=axes.transAxes)
        for line in axes.get_xgridlines():
            line.set_clip_path(circle)

    expected = saved_frames(bars(change))
    for _ in range(3):
        assert_same_frames(drawn_frames(bars(change), verify="never"), expected)
    clipped = [record for record in DRAWINGS._records._items.values() if not record.record.result.portable]
    assert not clipped


def test_what_a_program_changes_in_place_stays_with_its_figure() -> None:
    found = []
    for _ in range(5):
        animation: Any = bars()
        drawn_frames(animation, verify="never")
        formatter = vars(animation._fig.axes[0].yaxis.get_major_formatter())
        locations = formatter["_locs" if "_locs" in formatter else "locs"]  # matplotlib 3.10
        found.append(locations.tolist())
        locations *= 2
    assert found == [found[0]] * 5


def test_records_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    small: Any = shared.SharedRecords()
    small._records._capacity = 400_000
    monkeypatch.setattr(DRAWINGS, "_records", small._records)
    for number in range(8):
        drawn_frames(bars(lambda axes, frame: axes.set_xlim(0, 10 + number)), verify="never")  # noqa: B023
        assert len(small._records) < 8
        assert small._records.weight <= 400_000
    assert len(small._records) > 1


def test_a_record_weighs_what_it_takes() -> None:
    drawn_frames(bars(), verify="never")
    for entry in DRAWINGS._records._items.values():
        arrays = [item for item in entry.record.result._arguments() if isinstance(item, np.ndarray)]
        assert entry.weight > sum(item.nbytes for item in arrays) + 20_000


def growing() -> FuncAnimation:
    figure = Figure(figsize=(3, 2))
    axes = figure.subplots()

    def update(frame: int) -> None:
        axes.set(xlim=(0, frame + 1), ylim=(0, frame + 1))

    return FuncAnimation(figure, update, 6, init_func=lambda: None)


def test_the_values_of_axes_with_ticks_are_not_told_for_views_of_other_axes(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Mock(side_effect=axis_value)
    monkeypatch.setattr(replay, "axis_value", told)
    for _ in range(3):
        told.reset_mock()
        drawn_frames(growing(), verify="never")
    assert told.call_count <= 4  # the first frame of two axes, and the one after
