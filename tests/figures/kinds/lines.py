"""Lines, legends and areas that follow them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from tests.figures.kinds.registry import Update, X, cleared_kind, kind, kind_on_axes, noise, remade_kind


@kind_on_axes(title="line")
def line(axes: Axes) -> Update:
    axes.grid(visible=True)
    (curve,) = axes.plot(X, np.sin(X))
    return lambda frame: curve.set_ydata(np.sin(X + frame / 5))


@kind_on_axes()
def line_with_changing_title(axes: Axes) -> Update:
    (curve,) = axes.plot(X, np.sin(X), label="sine")
    axes.legend(loc="upper right")

    def update(frame: int) -> None:
        curve.set_ydata(np.sin(X + frame / 5))
        axes.set_title(f"frame {frame}" + "\nand more" * (frame % 2))

    return update


@kind_on_axes(xlim=(0, 6), ylim=(-1, 3))
def line_with_default_legend(axes: Axes) -> Update:
    (curve,) = axes.plot(X, np.sin(X), label="sine")
    axes.legend()
    return lambda frame: curve.set_ydata(np.sin(X + frame / 5))


@kind_on_axes(xlim=(0, 6), ylim=(-2, 2))
def line_with_moving_legend(axes: Axes) -> Update:
    (curve,) = axes.plot(X, np.sin(X), label="sine")
    axes.legend(loc="best")
    return lambda frame: curve.set_ydata(np.sin(X + frame) + 1 - frame % 3)


@kind_on_axes("floor", ylim=(-2, 2))
def legend(axes: Axes) -> Update:
    """legend at the best place, labels change"""
    (curve,) = axes.plot(X, np.sin(X))

    def update(frame: int) -> None:
        curve.set(ydata=np.sin(X + frame / 10), label=f"phase {frame / 10:.1f}")
        axes.legend(loc="best")

    return update


@kind_on_axes()
def markers_and_styles(axes: Axes) -> Update:
    (curve,) = axes.plot(X, np.sin(X), "o--", markevery=5, drawstyle="steps")
    return lambda frame: curve.set(color=f"C{frame}", linewidth=1 + frame, marker="os^"[frame % 3])


@kind_on_axes()
def growing_line(axes: Axes) -> Update:
    (curve,) = axes.plot([], [])

    def update(frame: int) -> None:
        curve.set_data(X[: 10 * frame + 2], np.sin(X[: 10 * frame + 2]) * frame)
        axes.relim()
        axes.autoscale_view()

    return update


@kind_on_axes("floor", xscale="log", yscale="log")
def logarithmic(axes: Axes) -> Update:
    """logarithmic axes: the line grows"""
    (curve,) = axes.plot([], [])

    def update(frame: int) -> None:
        x = np.arange(1, 100 * (frame + 1))
        curve.set_data(x, x**1.5)
        axes.relim()
        axes.autoscale_view()

    return update


@kind_on_axes()
def line_on_a_lazy_autoscale(axes: Axes) -> Update:
    return lambda frame: axes.plot(X[: 5 * frame + 5], np.cos(X[: 5 * frame + 5]) * frame)


@remade_kind("floor", xlim=(0, 6), ylim=(-2, 2))
def filled_between(axes: Axes, frame: int) -> Iterable[Artist]:
    """fill_between: removed and made anew"""
    return [axes.fill_between(X, np.sin(X + frame), frame / 5, color="C1", alpha=0.5)]


@cleared_kind("floor")
def stack(axes: Axes, frame: int) -> None:
    """stack plot: cleared each frame"""
    axes.stackplot(X, *(1.2 + np.sin(X * rate + frame / 10) for rate in (0.5, 1, 2)), labels=["a", "b", "c"])
    axes.legend(loc="upper right")


@kind_on_axes(ylim=(0, 2))
def error_bars(axes: Axes) -> Update:
    data: Any
    data, caps, bars = axes.errorbar([1, 2, 3], [1, 1, 1], yerr=0.2, capsize=3, fmt="o")

    def update(frame: int) -> None:
        height = noise(frame, 3)
        data.set_ydata(height)
        caps[0].set_ydata(height - 0.2)
        caps[1].set_ydata(height + 0.2)
        bars[0].set_segments([np.array([(x, y - 0.2), (x, y + 0.2)]) for x, y in enumerate(height, start=1)])

    return update


@kind_on_axes(ylim=(0, 1))
def stems(axes: Axes) -> Update:
    markers, stem_lines, _ = axes.stem(noise(0, 5))

    def update(frame: int) -> None:
        height = noise(frame, 5)
        markers.set_ydata(height)
        stem_lines.set_segments([np.array([(x, 0), (x, y)]) for x, y in enumerate(height)])

    return update


@kind_on_axes(xlim=(0, 5), ylim=(0, 5))
def spans_and_infinite_lines(axes: Axes) -> Update:
    span, level, slope = axes.axvspan(0, 1), axes.axhline(1), axes.axline((0, 0), slope=1)

    def update(frame: int) -> None:
        span.set(x=frame, width=1 + frame)
        level.set_ydata([frame, frame])
        slope.set_slope(1 + frame)

    return update


@kind_on_axes("floor")
def path_effects_and_sketch(axes: Axes) -> Update:
    """path effects and sketch: two lines change"""
    (curve,) = axes.plot(X, np.sin(X), path_effects=[patheffects.withStroke(linewidth=4, foreground="y")])
    (wavy,) = axes.plot(X, np.cos(X))
    wavy.set_sketch_params(2, 20, 5)
    axes.text(3, 0, "shadow", path_effects=[patheffects.withSimplePatchShadow()])

    def update(frame: int) -> None:
        curve.set_ydata(np.sin(X + frame))
        wavy.set_sketch_params(1 + frame)

    return update


@kind_on_axes()
def filters(axes: Any) -> Update:
    shift = {"dx": 0}
    (curve,) = axes.plot(X, np.sin(X), lw=3)
    (still,) = axes.plot(X, np.cos(X), lw=3)

    still.set_agg_filter(lambda image, _dpi: (image, shift["dx"], 0))

    def update(frame: int) -> None:
        curve.set_ydata(np.sin(X + frame))
        shift["dx"] = 3 * frame

    return update


@kind_on_axes()
def rasterized(axes: Axes) -> Update:
    axes.set_rasterization_zorder(1)
    (curve,) = axes.plot(X, np.sin(X), zorder=0, rasterized=True)
    return lambda frame: curve.set_ydata(np.sin(X + frame))


@kind_on_axes(xlim=(-8, 8), ylim=(-8, 8))
def user_transform(axes: Axes) -> Update:
    turn = Affine2D()
    axes.plot(X, np.sin(X), transform=turn + axes.transData)
    return lambda frame: turn.rotate_deg(20)


@kind()
def coming_and_going(figure: Figure) -> Update:
    axes = figure.add_subplot(xlim=(0, 6), ylim=(-2, 2))
    first, second = (axes.plot(X, np.sin(X) + n)[0] for n in range(2))
    extra = []

    def update(frame: int) -> None:
        first.set_visible(bool(frame % 2))
        second.set_zorder(1 + frame)
        if frame == 2:
            extra.append(axes.text(1, 1, "new"))
        if frame == 4:
            extra.pop().remove()
            figure.add_axes((0.7, 0.7, 0.2, 0.2))

    return update
