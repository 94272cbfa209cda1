"""What matplotlib's own draws read, of the objects of a figure and of the tables of the process, is followed.

Each kind of figure in the tests is drawn, and it is traced which attributes of the known classes are read, and which
variables of matplotlib's modules and classes the functions that run may read. Each is followed by the engine, or stands
here with the reason why it need not be.
"""

import warnings
from functools import cache
from types import CodeType
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.figures.kinds import KINDS
from tests.reads import attributes_read, functions_called, is_followed, known_objects, tables_read
from tests.support import some_of

CACHE = "made from attributes that are followed"
LISTED = "an artist in the axes, which is followed by itself"
LOOKED_UP = "looked at when the turn of the axes comes, in each frame"
NO_PIXELS = "says nothing about pixels"
PARAMETERS = "set with tick parameters alone, which the axis keeps and which are followed"

ATTRIBUTES: dict[str, str] = {
    **dict.fromkeys(("_affine", "_inverted", "_parents", "_path", "_transformed_path", "_transformed_points"), CACHE),
    **dict.fromkeys(("_log_base", "_log_funcs", "_linscale_adj", "_mtx", "_points", "_transform"), CACHE),
    **dict.fromkeys(("_subslice", "_x", "_xorig", "_y", "_yorig", "_x_filled"), CACHE),
    "_invalid": "whether such a cache is out of date; what it is made from is followed",
    "_minpos": "of limits of the data, where locators read them: `known.reads_data`",
    **dict.fromkeys(("_callbacks", "_gid", "_picker", "_url", "_urls", "stale_callback"), NO_PIXELS),
    **dict.fromkeys(("input_dims", "output_dims"), "set when a transform is made"),
    "_major": "set when a tick is made",
    **dict.fromkeys(("get_affine", "get_matrix", "inverted", "transform", "transform_affine"), "`known.DELEGATED`"),
    **dict.fromkeys(("transform_non_affine", "transform_path", "transform_path_affine"), "`known.DELEGATED`"),
    "transform_path_non_affine": "`known.DELEGATED`",
    "_animated": "a canvas that saves draws animated artists, too",
    **dict.fromkeys(("_children", "_left_title", "_right_title", "legend_", "patch", "spines", "title"), LISTED),
    **dict.fromkeys(("_stale_viewlims", "child_axes", "zorder"), LOOKED_UP),
    **dict.fromkeys(("_axes", "_parent_figure"), "an artist that is moved is another one, for the axes that list it"),
    **dict.fromkeys(("_colorbars", "_in_layout", "_subplotspec"), "read by layouts, which watch `parts.AXES_LAYOUT`"),
    **dict.fromkeys(("_base_pad", "_labelrotation", "_size", "_tickdir"), PARAMETERS),
    **dict.fromkeys(("_loc", "_text1_translate", "_text2_translate"), "made by a tick when it is placed"),
    "ax": "of a color bar, which its axes hold",
    "dataLim": "followed where locators read it: `known.reads_data`",
}
"""Attributes that are read and not followed, and why."""

SETTING = "`Settings`"
IN_TABLES = "`known.TABLES`"
PURE = "a cache of a function that reads nothing else"
FONTS = "`inputs.known_fonts`"
CHECKS = "names that arguments are checked against"

TABLES: dict[str, str] = {
    "matplotlib.rcParams": SETTING,
    "matplotlib.backend_bases.rcParams": SETTING,
    **dict.fromkeys(("matplotlib._deprecated_ignore_map", "matplotlib._deprecated_map"), "of names of rcParams"),
    "matplotlib.rcsetup._auto_backend_sentinel": "a constant",
    "matplotlib.units.registry": IN_TABLES,
    "matplotlib.lines.STEP_LOOKUP_MAP": IN_TABLES,
    **dict.fromkeys(("Line2D._lineStyles", "matplotlib.lines.ls_mapper", "matplotlib.lines.ls_mapper_r"), IN_TABLES),
    **dict.fromkeys(("Line2D.markers", "MarkerStyle.markers"), "read when a marker is set"),
    "matplotlib.image._interpd_": "names of the constants that Agg takes",
    **dict.fromkeys(("matplotlib.font_manager.stretch_dict", "matplotlib.font_manager.weight_dict"), FONTS),
    "matplotlib.font_manager.font_scalings": IN_TABLES,
    "matplotlib.colors._colors_full_map": "`inputs.named_colors`",
    **dict.fromkeys(("matplotlib.text.fontManager", "matplotlib.textpath._fontManager"), FONTS),
    **dict.fromkeys(("matplotlib.font_manager._get_font", "matplotlib.font_manager._cached_realpath"), FONTS),
    "matplotlib.backends.backend_agg._fontManager": FONTS,
    "matplotlib.font_manager.font_family_aliases": "read to word a warning",
    "matplotlib.font_manager._validators": CHECKS,
    "matplotlib.text._get_text_metrics_with_cache_impl": "sizes of texts by renderer, as without figreel",
    "matplotlib.text._log": NO_PIXELS,
    "matplotlib.bezier._get_coeff_matrix": PURE,
    "matplotlib.bezier._comb": "a constant",
    **dict.fromkeys(("matplotlib.cm._colormaps", "matplotlib.colormaps"), "read when a color map is set by name"),
    "matplotlib.scale._scale_mapping": "read when a scale is set by name",
    "matplotlib.dates._epoch": "set once, before the first date",
    **dict.fromkeys(("matplotlib.dates.UTC", "dateutil.tz.gettz"), "time zones, which never change"),
    "matplotlib.dates._from_ordinalf_np_vectorized": "a function, and its signature",
    "matplotlib._layoutgrid._layoutboxobjnum": "numbers for names",
    "matplotlib._api.deprecation._deprecated_parameter": "a constant",
    "sys.modules": "tells types of arrays by what is imported",
    "numpy.ma.masked": "a constant",
    "matplotlib.markers._empty_path": "a constant",
    "matplotlib.transforms._default_minpos": "a constant",
    **dict.fromkeys(("Arrow._path", "Path._unit_rectangle"), "`parts.SHARED_PATHS`"),
    "Path._unit_regular_stars": PURE,
    "Path.NUM_VERTICES_FOR_CODE": "a constant",
    **dict.fromkeys(("Legend.codes", "Table.codes"), "names of places, read when a place is set"),
    "BboxBase.coefs": "names of places, read when a place is set",
    "Collection._transforms": "what a collection without transforms has; those that it has are followed",
    **dict.fromkeys(("Formatter._locs", "Formatter.locs"), "what a formatter has before it is told the ticks"),
    "IdentityTransform._mtx": "a constant",
    **dict.fromkeys(("Axis.majorTicks", "Axis.minorTicks"), "make the list of ticks that an axis keeps"),
    **dict.fromkeys(("_AxesBase._shared_axes", "_AxesBase._twinned_axes"), "`mpl.axes.groups_of`, `grouped_axes`"),
}
"""Tables that are read, and what follows them, or why nothing need."""


@pytest.fixture(scope="module", autouse=True)
def this_matplotlib() -> None:
    if not mpl.__version__.startswith(("3.10.", "3.11.")):
        found, tables = read()
        missing = sorted(found - ATTRIBUTES.keys()), sorted(tables - TABLES.keys())
        pytest.skip(f"matplotlib {mpl.__version__} is newer than those known; it also reads {missing}")


@cache
def read(step: int = 1) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the attributes that are read and not followed, with their classes, and the tables, with their readers.

    Each *step*-th kind of figure is drawn.
    """
    attributes: dict[str, set[str]] = {}
    functions: dict[CodeType, dict[str, Any]] = {}
    for kind in list(KINDS.values())[::step]:
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        canvas = FigureCanvasAgg(figure)
        canvas._is_saving = True  # type: ignore[attr-defined]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            update = kind.fill(figure)
            for frame in range(2):
                update(frame)
                figure.draw(canvas.get_renderer())
            with attributes_read(known_objects(figure)) as reads, functions_called() as called:
                figure.draw(canvas.get_renderer())
        for known, name in reads:
            if not is_followed(known, name):
                attributes.setdefault(name, set()).add(known.__qualname__)
        functions |= called
    tables: dict[str, set[str]] = {}
    for code, variables in functions.items():
        for table in tables_read(code, variables):
            tables.setdefault(table, set()).add(code.co_qualname)
    return attributes, tables


steps = some_of("step", [3, 1], one_in=2)


@steps
def test_attributes_that_are_read_are_followed(step: int) -> None:
    found, _ = read(step)
    assert len(found) > 40
    assert {name: kinds for name, kinds in found.items() if name not in ATTRIBUTES} == {}


@steps
def test_tables_that_are_read_are_followed(step: int) -> None:
    _, found = read(step)
    assert len(found) > 40
    assert {name: readers for name, readers in found.items() if name not in TABLES} == {}
