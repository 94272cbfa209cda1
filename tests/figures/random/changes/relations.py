"""Listeners, artists that refer to others, and updates that read what the last draw has left."""

from collections.abc import Callable
from typing import Any

from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, OffsetFrom, Text

from tests.figures.random.changes.artists import children_that
from tests.figures.random.changes.axes import all_axes
from tests.figures.random.registry import Random, change, pick


def _flat_axes(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.name == "rectilinear"]


@change(all_axes)
def listening(axes: Any, random: Random) -> None:
    """Listen to draws, and change an artist that is drawn before."""
    title, note = axes.title, axes.figure.text(0.1, 0.1, "0", zorder=0)

    def count(event: Any) -> None:
        note.set_text(f"{int(note.get_text()) + 1}")

    def follow(event: Any) -> None:
        note.set_text(f"{title.get_position()[1]:.3f}")

    axes.get_figure(root=True).canvas.mpl_connect("draw_event", pick(random, [count, follow]))


@change(_flat_axes)
def referring(axes: Any, random: Random) -> None:
    """Add an artist whose place or shape is that of another."""
    others = [artist for artist in axes._children if not isinstance(artist, Annotation)]
    text = axes.text(*random.random(2), "text", bbox={"boxstyle": "round"}, zorder=pick(random, [0, 9]))
    shape = axes.add_patch(patches.Circle((random.random(), random.random()), 0.2, zorder=pick(random, [0, 9])))
    note: dict[str, Any] = {"annotation_clip": False, "zorder": pick(random, [0, 5])}
    actions: list[Callable[[], object]] = [
        lambda: axes.annotate("n", (1, 1), xycoords=text, **note),
        lambda: axes.annotate("n", (1, 1), xycoords=axes.title, **note),
        lambda: axes.annotate("n", (1, 1), xycoords=("data", axes.yaxis.label), **note),
        lambda: axes.annotate("n", (0.5, 0.5), (0, 0), textcoords=OffsetFrom(text, (1, 0)), **note),
        lambda: axes.annotate("n", (0.5, 0.5), (9, 9), textcoords="offset points", arrowprops={"patchB": shape}),
        lambda: axes.add_patch(
            patches.FancyArrowPatch((0.1, 0.1), (0.8, 0.8), patchA=text.get_bbox_patch(), patchB=shape, zorder=1)
        ),
        lambda: pick(random, [shape, *others]).set_clip_path(text.get_bbox_patch()),
        lambda: pick(random, [text, *others]).set_clip_path(shape),
        lambda: axes.figure.align_labels(),
    ]
    pick(random, actions)()


@change(children_that(lambda artist: isinstance(artist, Text)), "note")
def moving_text(text: Any, random: Random) -> None:
    text.set(text=pick(random, ["a", "text", "two\nlines", "$x^2$"]), position=random.random(2))


@change(all_axes, weight=2)
def reading(axes: Any, random: Random) -> None:
    """Show what the last draw has left: ticks, the places of texts, limits."""
    axis = pick(random, [axes.xaxis, axes.yaxis])
    legend = axes.get_legend()
    values: list[Callable[[], object]] = [
        lambda: [round(float(tick.get_loc()), 3) for tick in axis.get_major_ticks()],
        lambda: [tick.label1.get_text() for tick in axis.get_major_ticks()],
        lambda: [tick.label1.get_position() for tick in axis.get_minor_ticks()],
        lambda: [label.get_text() for label in axis.get_ticklabels()],
        lambda: len(axis.majorTicks),
        lambda: axis.get_offset_text().get_text(),
        lambda: [round(float(place), 1) for place in axis.label.get_position()],
        lambda: axes.title.get_position(),
        lambda: axis.get_view_interval().round(3).tolist(),
        lambda: axes.get_position().bounds,
        lambda: None if legend is None else legend.get_window_extent().bounds,
    ]
    axes.figure.text(0.5, random.random(), f"{pick(random, values)()}"[:40], ha="center")


@change(all_axes)
def changing_ticks(axes: Any, random: Random) -> None:
    """Change the ticks by where the last draw has put them."""
    axis = pick(random, [axes.xaxis, axes.yaxis])
    if axes.name == "rectilinear":
        axis.set_view_interval(-random.random(), 1 + random.random(), ignore=True)
    for tick in axis.get_major_ticks():
        tick.label1.set_color("r" if tick.get_loc() > 0.4 else "k")
