"""What an update finds of the ticks is what the last draw of Animation.save would have left."""

import pickle
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib import dates
from matplotlib.animation import FuncAnimation
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from renderer.drawing.axis.lazy_ticks import update_lazily
from tests.support import assert_same_frames, drawn_frames, saved_frames, some_of

Update = Callable[[Axes, int], object]


def look(tick: Any) -> tuple[Any, ...]:
    labels = [(label.get_text(), label.get_position(), label.get_color()) for label in (tick.label1, tick.label2)]
    lines = [(line.get_xdata(), line.get_ydata(), line.get_color()) for line in (tick.tick1line, tick.gridline)]
    return tick.get_loc(), labels, [tuple(map(repr, line)) for line in lines], tick.label1.get_window_extent().bounds


def looks(ticks: Any) -> list[tuple[Any, ...]]:
    return [look(tick) for tick in ticks]


READS: dict[str, Callable[[Axis], object]] = {
    "get_major_ticks": lambda axis: looks(axis.get_major_ticks()),
    "get_minor_ticks": lambda axis: looks(axis.get_minor_ticks()),
    "majorTicks": lambda axis: [look(axis.majorTicks[0]), len(axis.majorTicks), *looks(axis.majorTicks[1:])],
    "both lists": lambda axis: looks(axis.majorTicks + axis.minorTicks),
    "lists unpacked": lambda axis: looks([*axis.minorTicks, *axis.majorTicks]),
    "labels": lambda axis: [(label.get_text(), label.get_position()) for label in axis.get_ticklabels(which="both")],
    "lines": lambda axis: [repr(line.get_xydata()) for line in (*axis.get_ticklines(), *axis.get_gridlines())],
    "other texts": lambda axis: [
        (text.get_text(), text.get_position(), text.get_window_extent().bounds)
        for text in (axis.label, axis.offsetText)
    ],
    "pickled": lambda axis: looks(pickle.loads(pickle.dumps(axis.majorTicks))),
    "padding": lambda axis: axis.get_tick_padding(),
}


def moves(axes: Axes, frame: int) -> None:
    axes.set(xlim=(frame % 2, 5 + frame % 2), ylim=(0, 1e7 * (1 + frame % 2)))


def clears(axes: Axes, frame: int) -> None:
    axes.clear()
    axes.set(xlabel="label")
    moves(axes, frame)


def clears_at_times(axes: Axes, frame: int) -> None:
    if frame % 3 == 0:
        clears(axes, frame)


def has_minor_ticks(axes: Axes, frame: int) -> None:
    clears(axes, frame)
    axes.minorticks_on()
    axes.tick_params(which="minor", labelleft=True)


def is_logarithmic(axes: Axes, frame: int) -> None:
    axes.clear()
    axes.set(xscale="log", xlim=(1, 10.0 ** (3 + frame % 2)), yscale="log")


def has_fewer_ticks(axes: Axes, frame: int) -> None:
    axes.set_xlim(0, 5 + 2 * (frame % 2))
    axes.locator_params(axis="x", nbins=3 + 6 * (frame % 2))


def has_no_ticks(axes: Axes, frame: int) -> None:
    clears(axes, frame)
    axes.set(xticks=[], yticks=[1e6])


def has_dates(axes: Axes, frame: int) -> None:
    axes.clear()
    axes.xaxis.set_major_locator(dates.DayLocator())
    axes.xaxis.set_major_formatter(dates.DateFormatter("%d"))
    axes.set_xlim(19_000, 19_005 + frame % 2)


def colors_labels(axes: Axes, frame: int) -> None:
    moves(axes, frame)
    for tick in axes.xaxis.get_major_ticks():
        tick.label1.set_color("r" if tick.get_loc() > 3 else "k")


def has_ticks_on_top(axes: Axes, frame: int) -> None:
    clears(axes, frame)
    axes.set_title("title")
    axes.xaxis.tick_top()


def is_measured(axes: Axes, frame: int) -> None:
    clears(axes, frame)
    figure: Any = axes.figure
    figure.set_layout_engine("tight")


def changes_parameters(axes: Axes, frame: int) -> None:
    clears_at_times(axes, frame)
    axes.tick_params(labelrotation=20 * (frame % 2), length=3 + frame % 2, color="rg"[frame % 2])


def changes_settings(axes: Axes, frame: int) -> None:
    mpl.rcParams.update({"xtick.color": "rgb"[frame % 3], "xtick.major.pad": 3 + 5 * (frame % 3)})
    if frame % 3 == 0:
        axes.clear()
    else:
        axes.set_title(str([vars(tick)["_base_pad"] for tick in axes.xaxis.get_major_ticks()]))


def has_a_twin(axes: Axes, frame: int) -> None:
    clears(axes, frame)
    axes.twinx().set_ylim(0, 3)
    for twin in axes.figure.axes[1:-1]:
        twin.remove()


UPDATES: dict[str, Update] = {
    update.__name__: update
    for update in (
        *(moves, clears, clears_at_times, has_minor_ticks, is_logarithmic, has_fewer_ticks, has_no_ticks, has_dates),
        *(colors_labels, has_ticks_on_top, is_measured, changes_parameters, changes_settings, has_a_twin),
    )
}


def watched(update: Update, read: Callable[[Axis], object], log: list[object], times: int) -> FuncAnimation:
    figure = Figure(figsize=(3, 2))
    axes = figure.subplots()

    def step(frame: int) -> None:
        if frame % times == times - 1:
            log.extend(repr(read(axis)) for axis in (axes.xaxis, axes.yaxis))
        update(axes, frame)

    return FuncAnimation(figure, step, 9, init_func=lambda: None)


def assert_found_alike(update: Update, read: Callable[[Axis], object], times: int) -> None:
    ours: list[object] = []
    theirs: list[object] = []
    with mpl.rc_context():
        expected = saved_frames(watched(update, read, theirs, times))
    with mpl.rc_context():
        drawn = drawn_frames(watched(update, read, ours, times), verify="never")
    assert_same_frames(drawn, expected)
    assert ours == theirs


@some_of("update, times", UPDATES, [1, 4], one_in=5)
def test_updates_find_ticks_as_drawn(update: str, times: int) -> None:
    assert_found_alike(UPDATES[update], READS["lists unpacked"], times)


def test_a_list_that_is_held_stays_the_list() -> None:
    figure = Figure()
    axis = figure.subplots().xaxis
    update_lazily(
        axis, {"majorTicks": ((1.0, "one", True), (2.0, "two", False)), "minorTicks": ()}, RendererAgg(9, 9, 72)
    )
    ticks, lazy = axis.majorTicks, vars(axis)["majorTicks"]
    axis.clear()
    assert [tick.get_loc() for tick in ticks] == [1, 2]  # of the ticks that the axis had
    assert len(axis.majorTicks) == 1
    assert ticks == lazy
    del ticks[0]
    ticks[:1] = [*ticks, *ticks]
    ticks.insert(0, ticks[0])
    assert [tick.label2.get_text() for tick in [] + ticks] == ["two"] * 3  # noqa: RUF005 - a list asks the other
    assert repr(ticks) == repr(list(ticks))


@some_of("read, update", READS, [moves, has_minor_ticks], one_in=3)
def test_ticks_can_be_read_in_any_way(read: str, update: Update) -> None:
    assert_found_alike(update, READS[read], 4)
