"""Changes to whole figures and to rcParams, and queries that have side effects."""

from collections.abc import Callable
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
    if figure.subfigs:
        actions.append(lambda: figure.subfigs[0].set_facecolor("y"))
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
