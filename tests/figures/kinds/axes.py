"""Several axes, scales, limits, ticks and layouts."""

import datetime as dt
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import DAILY, ConciseDateFormatter, RRuleLocator, rrulewrapper
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from tests.figures.kinds.registry import Update, X, kind, kind_on_axes, noise


@kind_on_axes()
def scrolling_limits(axes: Axes) -> Update:
    axes.plot(X, np.sin(X))
    return lambda frame: axes.set_xlim(frame / 3, frame / 3 + 2)


@kind()
def symlog_and_logit(figure: Figure) -> Update:
    upper, lower = figure.subplots(2)
    upper.set(yscale="symlog", ylim=(-100, 100))
    lower.set(yscale="logit", ylim=(0.01, 0.99))
    (one,), (two,) = upper.plot(X, X), lower.plot(X, X / 7 + 0.01)

    def update(frame: int) -> None:
        one.set_ydata(X * frame * 5)
        two.set_ydata(X / (7 + frame) + 0.01)

    return update


@kind()
def dashboard(figure: Figure) -> Update:
    curves = [axes.plot(X, np.sin(X))[0] for axes in figure.subplots(2, 2).flat]
    title = figure.suptitle("0")

    def update(frame: int) -> None:
        for index, curve in enumerate(curves):
            curve.set_ydata(np.sin(X + frame * index))
        title.set_text(f"frame {frame}")

    return update


@kind("floor", size=(10, 8))
def many_subplots(figure: Figure) -> Update:
    """4x4 subplots: every line changes"""
    curves = [axes.plot(X, np.sin(X))[0] for axes in figure.subplots(4, 4).flat]
    return lambda frame: [curve.set_ydata(np.sin(X + index + frame / 10)) for index, curve in enumerate(curves)]


@kind()
def one_panel_of_many(figure: Figure) -> Update:
    panels = figure.subplots(2, 2).ravel()
    for axes in panels:
        axes.plot(X, np.cos(X))
    return lambda frame: panels[2].set_ylim(-frame - 1, 1)


@kind()
def shared_axes(figure: Figure) -> Update:
    (one, two), (three, _) = figure.subplots(2, 2, sharex=True, sharey="row")
    (curve,) = one.plot(X, X)
    two.plot(X, -X)
    three.plot(X, X**2)

    def update(frame: int) -> None:
        curve.set_ydata(X * frame)
        if frame % 2:
            three.set_xlim(0, frame)
        one.relim()
        one.autoscale_view()

    return update


@kind_on_axes("floor", title="twins")
def twin_axes(axes: Axes) -> Update:
    """twin axes: both lines change"""
    twin: Any = axes.twinx()
    (one,), (two,) = axes.plot(X, X), twin.plot(X, -X, "r")

    def update(frame: int) -> None:
        one.set_ydata(X + frame % 3)
        two.set_ydata(np.sin(X * frame))
        if frame == 3:
            twin.set_ylim(-5, 2e7)

    return update


@kind_on_axes("floor", title="inset")
def inset(axes: Axes) -> Update:
    """inset axes: two lines"""
    inner = axes.inset_axes((0.5, 0.5, 0.4, 0.4), xlim=(1, 2), ylim=(0, 1))
    (one,), (two,) = axes.plot(X, np.sin(X)), inner.plot(X, np.sin(X))
    axes.indicate_inset_zoom(inner)

    def update(frame: int) -> None:
        one.set_ydata(np.sin(X + frame))
        two.set_ydata(np.sin(X + frame))
        if 2 < frame < 7:
            inner.set_xlim(frame, frame + 1)

    return update


@kind_on_axes(title="secondary")
def secondary_axis(axes: Axes) -> Update:
    axes.secondary_xaxis("top", functions=(np.square, np.sqrt)).set_xlabel("squared")
    (curve,) = axes.plot(X, np.sin(X))

    def update(frame: int) -> None:
        curve.set_ydata(np.sin(X + frame))
        if frame > 2:
            axes.set_xlim(1, 2 + frame)

    return update


@kind_on_axes()
def dates(axes: Axes) -> Update:
    days: Any = [dt.datetime(2026, 1, 1) + dt.timedelta(days=n) for n in range(20)]
    (curve,) = axes.plot(days, range(20))

    def update(frame: int) -> None:
        curve.set_ydata(np.sin(np.arange(20) + frame) * 20)
        if frame > 3:
            axes.set_xlim(days[frame], days[-1])

    return update


@kind_on_axes("floor")
def scrolling_dates(axes: Axes) -> Update:
    """scrolling dates: `set_xlim`"""
    days: Any = np.datetime64("2026-01-01") + np.arange(200)
    axes.plot(days, np.sin(np.arange(200) / 5))
    locator = RRuleLocator(rrulewrapper(DAILY, interval=10))
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return lambda frame: axes.set_xlim(days[frame], days[frame + 60])


@kind_on_axes()
def formatter_that_reads_elsewhere(axes: Axes) -> Update:
    state = {"unit": 0}
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}/{state['unit']}"))
    return lambda frame: state.update(unit=frame)


@kind_on_axes(xlabel="x")
def update_that_draws(axes: Axes) -> Update:
    (curve,) = axes.plot(X, X)

    def update(frame: int) -> None:
        axes.set_ylabel("two\nlines")
        axes.get_figure(root=True).canvas.draw()  # type: ignore[union-attr]
        axes.set_ylabel("y")
        curve.set_ydata(X + frame + axes.xaxis.label.get_position()[1] / 10)

    return update


@kind("layout")
def constrained_layout(figure: Figure) -> Update:
    figure.set_layout_engine("constrained")
    left, right = figure.subplots(1, 2)
    (curve,) = left.plot(X, X, label="a")
    left.legend()
    figure.colorbar(right.imshow(noise(0, 5, 5)))

    def update(frame: int) -> None:
        curve.set_ydata(X * frame)
        if frame > 2:
            left.set_ylabel("label\n" * frame)

    return update


@kind("floor", "layout")
def constrained_line(figure: Figure) -> Update:
    """constrained layout: `set_ydata`"""
    figure.set_layout_engine("constrained")
    axes = figure.add_subplot(title="A line", xlabel="x", ylabel="y", ylim=(-1.1, 1.1))
    (curve,) = axes.plot(X, np.sin(X))
    return lambda frame: curve.set_ydata(np.sin(X + frame / 5))


@kind("floor", "layout")
def constrained_panels(figure: Figure) -> Update:
    """constrained layout: 2x2, tick labels grow"""
    figure.set_layout_engine("constrained")
    curves = [axes.plot(X, np.sin(X))[0] for axes in figure.subplots(2, 2).flat]

    def update(frame: int) -> None:
        for curve in curves:
            curve.set_ydata(2**frame * np.sin(X))
            curve.axes.relim()
            curve.axes.autoscale_view()

    return update


@kind("layout")
def tight_layout(figure: Figure) -> Update:
    figure.set_layout_engine("tight")
    (curve,) = figure.add_subplot(xlabel="x").plot(X, X)
    return lambda frame: curve.set_ydata(X * frame * 1000)


@kind()
def aligned_labels(figure: Figure) -> Update:
    upper, lower = figure.subplots(2)
    upper.set_ylabel("upper")
    lower.set_ylabel("lower")
    figure.align_ylabels()
    return lambda frame: lower.set_ylim(0, 10.0 ** (3 * frame))


@kind_on_axes(aspect="equal", adjustable="datalim")
def equal_aspect(axes: Axes) -> Update:
    (curve,) = axes.plot(np.cos(X), np.sin(X))
    return lambda frame: curve.set_data(np.cos(X) / (frame + 1), np.sin(X))
