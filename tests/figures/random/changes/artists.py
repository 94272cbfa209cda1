"""Changes to artists: their properties, data and colors, also in place."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import EventCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Polygon
from matplotlib.path import Path
from matplotlib.quiver import Barbs, Quiver
from matplotlib.text import Annotation
from matplotlib.transforms import Affine2D

from tests.figures.random.properties import COLORS, VALUES
from tests.figures.random.registry import Random, Targets, change, pick


def children(figure: Figure) -> list[Any]:
    """Return the artists that were added to axes."""
    return [artist for axes in figure.axes for artist in axes._children]  # type: ignore[attr-defined]


def children_that(meet: Callable[[Any], object]) -> Targets:
    """Return a function for the artists in axes that meet a condition."""
    return lambda figure: [artist for artist in children(figure) if meet(artist)]


def artists(figure: Figure) -> list[Any]:
    """Return the artists that a user would get hold of."""
    found: list[Any] = [figure.patch, *figure.texts, *figure.lines, *figure.legends, *figure.images, *figure.patches]
    for axes in figure.axes:
        found += [axes.patch, axes.title, axes.xaxis.label, axes.yaxis.label, *axes.spines.values()]
        found += [*axes._children] * 3  # type: ignore[attr-defined]
        found += [axes.legend_] if axes.legend_ else []
    return found


@change(artists, weight=2)
def set_property(artist: Artist, random: Random) -> None:
    name = pick(random, [name for name in VALUES if hasattr(artist, name)])
    getattr(artist, name)(pick(random, VALUES[name]))


def _new_data(artist: Any, random: Random) -> dict[str, tuple[Any, ...]]:
    """Return arguments for the setters of data that an artist has."""
    count = random.integers(3, 9)
    values: dict[str, tuple[Any, ...]] = {
        "set_offsets": (random.random((count, 2)),),
        "set_segments": (random.random((4, 3, 2)),),
        "set_xy": (random.random((5, 2) if isinstance(artist, Polygon) else 2),),
        "set_center": (random.random(2),),
        "set_position": (random.random(2),),
    }
    points: Any = artist.get_offsets() if hasattr(artist, "get_offsets") else ()
    match artist:
        case Quiver() | Barbs():
            values = {"set_UVC": tuple(random.random((2, len(points))))}
        case Line2D():
            values["set_data"] = (random.random((2, count)),)
        case AxesImage():
            values["set_data"] = (random.random((5, 5)),)
        case FancyArrowPatch():
            values["set_positions"] = tuple(random.random((2, 2)))
        case EventCollection():
            values["set_positions"] = (random.random(4),)
    return {name: arguments for name, arguments in values.items() if hasattr(artist, name)}


@change(children_that(lambda artist: _new_data(artist, np.random.default_rng(0))))
def data(artist: Artist, random: Random) -> None:
    name, values = pick(random, list(_new_data(artist, random).items()))
    getattr(artist, name)(*values)


def _array(artist: Any) -> Any:
    return artist.get_array() if hasattr(artist, "get_array") else None


with_array = children_that(lambda artist: _array(artist) is not None)
WITH_ARRAY = ("scatter", "mesh", "pcolor", "image_and_bar", "segments")


@change(with_array, *WITH_ARRAY)
def array(artist: Any, random: Random) -> None:
    artist.set_array(random.random(artist.get_array().shape))


@change(with_array, *WITH_ARRAY)
def array_in_place(artist: Any, random: Random) -> None:
    values = artist.get_array()
    values[random.integers(len(values))] = pick(random, [0, 0.5, np.ma.masked])


@change(with_array, *WITH_ARRAY)
def norm(artist: Any, random: Random) -> None:
    limits = artist.norm
    if limits.scaled() and random.random() < 0.5:
        limits.vmin = limits.vmax * random.random()
    else:
        limits.vmax = (limits.vmin or 0) + random.random() * 2


@change(with_array, *WITH_ARRAY)
def color_map_in_place(artist: Any, random: Random) -> None:
    artist.set_cmap(artist.cmap.copy())
    artist.cmap.set_under("r")


@change(with_array, *WITH_ARRAY)
def autoscaled_colors(artist: Any, random: Random) -> None:
    artist.autoscale()


def _paths(figure: Figure) -> list[Path]:
    paths: list[Path] = []
    for artist in children(figure):
        if hasattr(artist, "get_paths"):
            paths += artist.get_paths()
        elif hasattr(artist, "get_path"):
            paths.append(artist.get_path())
    return [path for path in paths if len(path.vertices) and path.vertices.flags.writeable]  # type: ignore[arg-type,union-attr]


@change(_paths, "line", "filled_between", "patches")
def vertices_in_place(path: Any, random: Random) -> None:
    path.vertices[random.integers(len(path.vertices))] += random.random(2) / 3


@change(children_that(lambda artist: isinstance(artist, Line2D) and len(artist.get_xydata()) > 1), "line")  # type: ignore[arg-type]
def points_in_place(line: Any, random: Random) -> None:
    line.get_xydata()[1] = random.random(2)


@change(children_that(lambda artist: getattr(artist, "_offsets", None) is not None), "scatter", "collections")
def offsets_in_place(points: Any, random: Random) -> None:
    points._offsets[0] = random.random(2)


def _colors(figure: Figure) -> list[Any]:
    names = ("_facecolors", "_edgecolors", "_linewidths")
    values = [getattr(artist, name, ()) for artist in children(figure) for name in names]
    return [value for value in values if isinstance(value, np.ndarray | list) and len(value)]


@change(_colors, "scatter_with_edges", "filled_between")
def colors_in_place(values: Any, random: Random) -> None:
    values[0] = 0.5


@change(lambda figure: [artist for artist in artists(figure) if hasattr(artist, "get_fontproperties")])
def font_in_place(text: Any, random: Random) -> None:
    text.get_fontproperties().set_size(random.integers(5, 15))


@change(children_that(lambda artist: hasattr(artist, "get_bbox_patch") and artist.get_bbox_patch()), "boxed_text")
def box_of_text(text: Any, random: Random) -> None:
    text.get_bbox_patch().set_facecolor(pick(random, COLORS))


@change(children_that(lambda artist: isinstance(artist, Annotation)), "note")
def note(annotation: Any, random: Random) -> None:
    actions: list[Callable[[], object]] = [
        lambda: setattr(annotation, "xy", tuple(random.random(2))),
        lambda: setattr(annotation, "xycoords", pick(random, ["data", "axes fraction"])),
    ]
    if annotation.arrow_patch is not None:
        actions.append(lambda: annotation.arrow_patch.set_color(pick(random, COLORS)))
    pick(random, actions)()


@change(
    children_that(lambda artist: isinstance(getattr(artist.get_transform(), "_a", None), Affine2D)), "user_transform"
)
def user_transform(artist: Any, random: Random) -> None:
    artist.get_transform()._a.rotate(0.2)


@change(children, "line")
def clip_path(artist: Artist, random: Random) -> None:
    path = pick(random, [None, Path.unit_circle(), Path([[0, 0], [1, 0], [0, 1], [0, 0]])])
    artist.set_clip_path(path, artist.axes.transAxes)  # type: ignore[union-attr]


@change(children, "line")
def clip_patch(artist: Artist, random: Random) -> None:
    artist.set_clip_path(artist.axes.patch)  # type: ignore[union-attr]


@change(children, "line")
def removal(artist: Any, random: Random) -> None:
    artist.remove()


@change(
    lambda figure: [*figure.texts, *figure.lines, *figure.legends, *figure.images],
    "figure_line",
    "figure_text",
    "figure_image",
    "figure_legend",
)
def removal_from_figure(artist: Any, random: Random) -> None:
    artist.remove()


@change(lambda figure: [table for axes in figure.axes for table in axes.tables], "table")
def table(cells: Any, random: Random) -> None:
    cell = cells[pick(random, [(0, 0), (1, 1)])]
    actions: list[Callable[[], object]] = [
        lambda: cell.get_text().set_text("changed"),
        lambda: cell.set_facecolor("y"),
    ]
    pick(random, actions)()
