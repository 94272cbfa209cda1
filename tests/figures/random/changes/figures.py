"""Changes to whole figures and to rcParams, and queries that have side effects."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from tests.figures.random.changes.axes import all_axes
from tests.figures.random.properties import COLORS
from tests.figures.random.registry import ARTISTS, Random, change, pick


def _itself(figure: Figure) -> list[Figure]:
    return [figure]


@change(_itself)
def nothing(figure: Figure, random: Random) -> None:
    pass


@change(all_axes, weight=2)
def addition(axes: Axes, random: Random) -> None:
    ARTISTS[pick(random, [name for name, maker in ARTISTS.items() if maker.fits(axes)])].add(axes, random)


@change(_itself)
def parts_of_a_figure(figure: Any, random: Random) -> None:
    actions: list[Callable[[], object]] = [
        lambda: figure.set_facecolor(pick(random, COLORS)),
        lambda: figure.patch.set_alpha(0.5),
        lambda: figure.set_edgecolor("r"),
        lambda: figure.set_linewidth(4),
        lambda: figure.suptitle(pick(random, ["", "new", "two\nlines"])),
        lambda: figure.subplots_adjust(left=random.random() / 3),
        lambda: figure.text(*random.random(2), "added"),
        lambda: figure.add_axes((*(random.random(2) / 2), 0.3, 0.3)),
        lambda: figure.set_frameon(pick(random, [True, False])),
        lambda: figure.align_labels(),
        lambda: figure.autofmt_xdate(),
        lambda: figure.set_layout_engine(pick(random, ["none", "tight", "constrained"])),
        lambda: figure.tight_layout(),
        lambda: setattr(figure, "suppressComposite", pick(random, [None, True, False])),
    ]
    pick(random, actions)()


def _subfigures(figure: Any) -> list[Any]:
    return [*figure.subfigs, *(inner for part in figure.subfigs for inner in _subfigures(part))]


@change(_subfigures, "subfigure", weight=2)
def parts_of_a_subfigure(part: Any, random: Random) -> None:
    low, size = random.random((2, 2)) / 2
    actions: list[Callable[[], object]] = [
        lambda: part.set_facecolor(pick(random, COLORS)),
        lambda: part.set_edgecolor(pick(random, COLORS)),
        lambda: part.patch.set_linewidth(4),
        lambda: part.patch.set_alpha(0.5),
        lambda: part.set_frameon(pick(random, [True, False])),
        lambda: part.set_visible(pick(random, [True, False])),
        lambda: part.set_zorder(pick(random, [-1, 0, 5])),
        lambda: part.set_animated(pick(random, [True, False])),
        lambda: part.set_alpha(0.5),
        lambda: part.set_agg_filter(pick(random, [None, lambda image, _dpi: (image, 1, 1)])),
        lambda: part._redo_transform_rel_fig(Bbox.from_bounds(*low, *(size + 0.3))),
        lambda: part._redo_transform_rel_fig(),
        lambda: part.suptitle(pick(random, ["", "new", "two\nlines"])),
        lambda: part.text(*random.random(2), "added"),
        lambda: part.add_axes((*low, 0.4, 0.4)).plot(random.random(5)),
        lambda: part.subplots_adjust(left=random.random() / 3),
        lambda: part.align_labels(),
        lambda: part.clear(),
        lambda: part.remove(),
        lambda: setattr(part, "draw", partial(type(part).draw, part)),
        lambda: setattr(part, "get_children", partial(type(part).get_children, part)),
    ]
    pick(random, actions)()


@change(_itself)
def settings(figure: Figure, random: Random) -> None:
    choices: list[tuple[str, list[Any]]] = [
        ("axes.unicode_minus", [True, False]),
        ("hatch.linewidth", [0.5, 3]),
        ("text.antialiased", [True, False]),
        ("path.simplify_threshold", [0.1, 1]),
        ("agg.path.chunksize", [0, 101]),
        ("lines.scale_dashes", [True, False]),
        ("mathtext.fontset", ["cm", "dejavuserif"]),
        ("axes.formatter.limits", [[-5, 6], [0, 0]]),
        ("image.resample", [True, False]),
        ("axes.titlelocation", ["left"]),
    ]
    name, values = pick(random, choices)
    cast("dict[str, Any]", mpl.rcParams)[name] = pick(random, values)


@change(all_axes)
def asking(axes: Any, random: Random) -> None:
    """Query values; matplotlib computes them on demand, and so changes state that a draw changes too."""
    figure = axes.get_figure(root=True)
    actions: list[Callable[[], object]] = [
        lambda: axes.get_xticklabels(),
        lambda: axes.get_tightbbox(),
        lambda: figure.get_tightbbox(),
        lambda: axes.title.get_window_extent(),
        lambda: figure.draw_without_rendering(),
        lambda: axes.get_xlim(),
    ]
    if axes._children:
        actions.append(lambda: pick(random, axes._children).get_window_extent())
    pick(random, actions)()
