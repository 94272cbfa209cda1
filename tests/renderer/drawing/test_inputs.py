"""What decides pixels and lies outside the objects of a figure: a change of it in the run shows in the next frame."""

import datetime as dt
import gc
import math
import pathlib
import time
import types
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from dateutil.tz import gettz  # type: ignore[import-untyped]
from matplotlib import colors, font_manager
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, YAxis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import Normalize
from matplotlib.dates import DateFormatter, num2date
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.quiver import Barbs
from matplotlib.table import Cell
from matplotlib.text import Annotation, Text
from matplotlib.ticker import EngFormatter, FuncFormatter, IndexLocator, LogLocator, MaxNLocator, ScalarFormatter
from matplotlib.transforms import Affine2D
from matplotlib.units import ConversionInterface

from renderer import frames
from renderer.drawing.state.attributes import FORMS, METHOD_NAMES
from renderer.drawing.state.inputs import SETTINGS
from renderer.drawing.state.methods import METHODS
from renderer.drawing.state.values import value_of
from renderer.drawing.state.watch import Watch

Update = Callable[[int], Any]

# What a draw leaves -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clears", [True, False])
def test_an_update_that_measures_what_was_drawn_last(check: Callable[..., None], clears: bool) -> None:
    """A text is measured on the renderer of its last draw, which has the resolution of the frames."""

    def make(figure: Figure) -> Update:
        axes: Any = figure.add_subplot()
        note = figure.text(0, 0.5, "")

        def update(frame: int) -> None:
            ticks = [*axes.xaxis.get_major_ticks(), *axes.yaxis.get_major_ticks()]
            texts = [*(tick.label1 for tick in ticks), axes.xaxis.label, axes.title]
            note.set_text("\n".join(f"{text.get_window_extent().width:.2f}" for text in texts))
            if clears:
                axes.clear()
            axes.set(xlabel="label", title="title", xlim=(frame % 2, 5 + frame % 2))

        return update

    check(make)


def test_an_update_that_reads_what_is_stale(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        axes: Any = figure.add_subplot()
        (line,) = axes.plot([0, 1])
        note = axes.text(0, 0.5, "")

        def update(frame: int) -> None:
            parts = figure, figure.patch, axes, axes.title, axes.xaxis, axes.xaxis.label, line
            note.set_text("\n".join(f"{type(part).__name__} {part.stale}" for part in parts))
            line.set_color("C0")
            line.set_visible(frame != 3)

        return update

    check(make)


# Groups of axes ---------------------------------------------------------------------------------------------------


def stacked(figure: Figure, **options: Any) -> tuple[Axes, Axes]:
    upper, lower = figure.subplots(2, 1, **options)
    figure.subplots_adjust(left=0.3, hspace=0.5)
    upper.set(ylim=(0, 1e5), ylabel="A", xlabel="time", title="upper")
    lower.set(ylim=(0, 1), ylabel="B")
    return upper, lower


def at(frame: int, change: Callable[[], Any]) -> Update:
    return lambda index: change() if index == frame else None


@pytest.mark.parametrize("method", ["align_labels", "align_xlabels", "align_ylabels", "align_titles"])
def test_labels_aligned_in_the_run(check: Callable[..., None], method: str) -> None:
    def make(figure: Figure) -> Update:
        axes = figure.subplots(2, 2)
        figure.subplots_adjust(left=0.2, bottom=0.3, top=0.8, wspace=0.5, hspace=0.6)
        for number, each in enumerate(axes.flat):
            each.set(xlabel="x", ylabel="y", title="t", ylim=(0, 10**number))
        axes[1, 0].tick_params(axis="x", rotation=80)
        axes[0, 1].xaxis.tick_top()
        return at(2, getattr(figure, method))

    check(make)


def test_a_group_of_labels_that_is_left_in_the_run(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        _, lower = stacked(figure)
        figure.align_ylabels()
        return at(3, lambda: figure._align_label_groups["y"].remove(lower))  # type: ignore[attr-defined]

    check(make)


def test_axes_that_leave_the_figure_and_its_groups(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        upper, _ = stacked(figure)
        figure.align_ylabels()
        return at(3, upper.remove)

    check(make)


def test_an_aligned_label_follows_the_ticks_of_the_other_axes(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        upper, _ = stacked(figure)
        upper.set(ylim=(0, 1))

        def update(frame: int) -> None:
            if frame == 1:
                figure.align_ylabels()
            upper.set_ylim(0, 10.0 ** (frame % 4))

        return update

    check(make)


@pytest.mark.parametrize("twin", ["twinx", "twiny"])
def test_a_twin_that_comes_in_the_run(check: Callable[..., None], twin: str) -> None:
    def make(figure: Figure) -> Update:
        upper, _ = stacked(figure)
        return at(2, lambda: getattr(upper, twin)())

    check(make)


def test_a_title_above_a_twin_whose_label_is_aligned_with_others(
    check: Callable[..., None],
) -> None:
    def make(figure: Figure) -> Update:
        left, right = figure.subplots(1, 2)
        figure.subplots_adjust(top=0.7, wspace=0.4)
        left.set_title("title")
        twin = left.twiny()
        twin.set_xlabel("above")
        right.xaxis.tick_top()
        right.xaxis.set_label_position("top")
        right.set_xlabel("above, too")
        figure.align_xlabels([twin, right])
        return at(2, lambda: right.tick_params(axis="x", labelrotation=90))

    check(make)


def test_an_inset_with_ticks_above_the_title(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        axes = figure.add_subplot(title="title")
        figure.subplots_adjust(top=0.7)

        def add() -> None:
            axes.secondary_xaxis("top").set_xlabel("above")

        return at(2, add)

    check(make)


def test_axes_that_share_limits_from_the_middle_of_the_run(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        upper, lower = stacked(figure)

        def update(frame: int) -> None:
            if frame == 1:
                lower.sharex(upper)
            upper.set_xlim(0, frame + 1)

        return update

    check(make)


# Tables of the process --------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    """Leave the tables of this process as they were."""
    names = colors.get_named_colors_mapping()
    before, fonts = dict(names), list(font_manager.fontManager.ttflist)
    yield
    for name in names.keys() - before.keys():
        del names[name]
    for name, value in before.items():
        if names[name] != value:
            names[name] = value
    font_manager.fontManager.ttflist[:] = fonts
    font_manager.fontManager._findfont_cached.cache_clear()  # type: ignore[attr-defined]


NAMES = colors.get_named_colors_mapping()
BRAND = ["#ff0000", "#00ff00", "#0000ff"]


def rename(frame: int) -> None:
    NAMES["brand"] = BRAND[frame % 3]


def lines_in_brand(figure: Figure) -> Update:
    rename(0)
    figure.add_subplot().plot([0, 1], color="brand", marker="o")
    return rename


def texts_in_brand(figure: Figure) -> Update:
    rename(0)
    figure.add_subplot().set_title("title", color="brand")
    figure.suptitle("title", color="brand")
    return rename


def ticks_in_brand(figure: Figure) -> Update:
    rename(0)
    with mpl.rc_context({"xtick.color": "brand"}):
        figure.add_subplot()
    return rename


def cleared_in_brand(figure: Figure) -> Update:
    rename(0)
    axes = figure.add_subplot()

    def update(frame: int) -> None:
        rename(frame // 2)
        mpl.rcParams["xtick.color"] = "brand"
        axes.clear()
        axes.set_xlim(0, 5)

    return update


def updated_at_once(figure: Figure) -> Update:
    """``update`` leaves colors that matplotlib keeps as they are, until another name is set."""
    rename(0)
    axes = figure.add_subplot()
    _, second = axes.plot([0, 1], [0, 1], [0, 1], [1, 0], color="brand")

    def update(frame: int) -> None:
        if frame == 1:
            NAMES.update(brand="#00ff00")
        if frame == 2:
            second.set_alpha(0.9)
        if frame == 4:
            NAMES["other brand"] = "#123456"

    return update


def deleted_and_set(figure: Figure) -> Update:
    rename(0)
    figure.add_subplot().plot([0, 1], color="brand")

    def update(frame: int) -> None:
        del NAMES["brand"]
        rename(frame)

    return update


@pytest.mark.parametrize(
    "make", [lines_in_brand, texts_in_brand, ticks_in_brand, cleared_in_brand, updated_at_once, deleted_and_set]
)
def test_names_of_colors(check: Callable[..., None], make: Callable[[Figure], Update]) -> None:
    with mpl.rc_context():
        check(make)


@pytest.fixture
def serif(tmp_path: pathlib.Path) -> str:
    """Make a font that nobody knows yet."""
    path = tmp_path / "strange.ttf"
    font = pathlib.Path(font_manager.findfont("DejaVu Serif")).read_bytes()
    for encoding in ("utf-16-be", "ascii"):
        font = font.replace("DejaVu Serif".encode(encoding), "Strange Name".encode(encoding))
    path.write_bytes(font)
    return str(path)


def forget_fonts() -> None:
    manager = font_manager.fontManager
    manager.ttflist[:] = [font for font in manager.ttflist if font.name != "Strange Name"]
    manager._findfont_cached.cache_clear()  # type: ignore[attr-defined]


def test_texts_that_are_hinted_in_another_way(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        figure.add_subplot(title="AVAV $x^2$")
        return at(2, lambda: mpl.rcParams.update({"text.hinting": "none"}))

    with mpl.rc_context():
        check(make)


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_a_font_that_is_added(check: Callable[..., None], serif: str, layout: Any) -> None:
    def make(figure: Figure) -> Update:
        forget_fonts()
        figure.set_layout_engine(layout)
        figure.add_subplot().set_title("title", family=["Strange Name", "DejaVu Sans"])
        return at(2, lambda: font_manager.fontManager.addfont(serif))

    check(make)


def test_a_font_that_replaces_another(check: Callable[..., None], serif: str) -> None:
    def make(figure: Figure) -> Update:
        forget_fonts()
        figure.add_subplot().set_title("title", family=["Strange Name", "DejaVu Sans"])
        font_manager.fontManager.addfont(serif)

        def replace() -> None:
            forget_fonts()
            font_manager.fontManager.addfont(font_manager.findfont("DejaVu Sans Mono"))

        return at(2, replace)

    check(make)


def sizes_of_names(figure: Figure) -> Update:
    axes = figure.add_subplot()

    def update(frame: int) -> None:
        font_manager.font_scalings["strange"] = 0.5 + frame // 2
        mpl.rcParams["xtick.labelsize"] = "medium"
        font_manager.font_scalings["medium"] = 0.8 + frame // 2
        axes.clear()
        axes.set_xlim(0, 5)

    return update


def test_sizes_of_fonts_by_name(check: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("strange", "medium"):
        monkeypatch.setitem(font_manager.font_scalings, name, 1.0)
    with mpl.rc_context():
        check(sizes_of_names)


@pytest.mark.parametrize("clears", [True, False])
def test_a_time_zone_without_a_hash(check: Callable[..., None], clears: bool) -> None:
    def make(figure: Figure) -> Update:
        axes: Any = figure.add_subplot()

        def update(frame: int) -> None:
            if clears or not frame:
                axes.clear()
                axes.plot([dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, 12)], [0, 1])
            zone = gettz("UTC" if frame < 2 else "Asia/Kolkata")
            axes.xaxis.set_major_formatter(DateFormatter("%H:%M", tz=zone))

        return update

    check(make)


class UnequalDate(dt.date):
    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = dt.date.__hash__


def test_values_that_cannot_be_compared() -> None:
    line: Any = Line2D([0, 1], [0, 1])
    line.date = UnequalDate(2026, 1, 1)
    watch = Watch()
    watch.follow(line)
    assert not watch.changed()
    line.date = UnequalDate(2026, 1, 1)
    assert watch.changed()


@pytest.mark.parametrize("locator", [LogLocator, partial(IndexLocator, 1, 0)])
def test_locators_that_read_the_limits_of_the_data(check: Callable[..., None], locator: Callable[[], Any]) -> None:
    def make(figure: Figure) -> Update:
        axes: Any = figure.add_subplot(xlim=(-5, 50), ylim=(0, 1))
        axes.set(autoscale_on=False)
        axes.xaxis.set_major_locator(locator())

        def update(frame: int) -> None:
            axes.dataLim.set_points(np.array([[0.02 * 10.0**frame, 0], [30, 1]]))
            axes.dataLim._minpos[:] = 0.02 * 10.0**frame

        return update

    check(make)


def test_a_converter_that_is_set_in_the_run(check: Callable[..., None]) -> None:
    class Shifted(ConversionInterface):
        """Text at a date, by a converter of the program's."""

        shift = 0.0

        @classmethod
        def convert(cls, value: Any, unit: Any, axis: Any) -> Any:
            return value if isinstance(value, float | int | np.ndarray) else cls.shift

    def make(figure: Figure) -> Update:
        axes = figure.add_subplot(xlim=(0, 6))
        axes.xaxis.set_converter(Shifted())
        axes.text(dt.date(2020, 1, 1), 0.5, "text")  # type: ignore[arg-type]
        return lambda frame: setattr(Shifted, "shift", float(frame))

    check(make)


# Functions --------------------------------------------------------------------------------------------------------

SCALE = 1.0
LABELS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]


def with_formatter(figure: Figure, function: Callable[..., str]) -> None:
    figure.add_subplot(xlim=(0, 5)).xaxis.set_major_formatter(FuncFormatter(function))


def defaults_set(figure: Figure) -> Update:
    def show(value: float, position: int, scale: float = 1.0) -> str:
        return f"{value * scale:.1f}"

    with_formatter(figure, show)
    return lambda frame: setattr(show, "__defaults__", (1.0 + frame,))


def keyword_defaults_changed(figure: Figure) -> Update:
    def show(value: float, position: int, *, scale: float = 1.0) -> str:
        return f"{value * scale:.1f}"

    with_formatter(figure, show)
    defaults: Any = show.__kwdefaults__
    return lambda frame: defaults.update(scale=frame + 1.0)


def code_replaced(figure: Figure) -> Update:
    def show(value: float, position: int) -> str:
        return f"{value:.1f}"

    def other(value: float, position: int) -> str:
        return f"{value:.3f}"

    codes = show.__code__, other.__code__
    with_formatter(figure, show)
    return lambda frame: setattr(show, "__code__", codes[frame % 2])


def variable_of_the_closure(figure: Figure) -> Update:
    scale = 1.0

    def update(frame: int) -> None:
        nonlocal scale
        scale = frame + 1.0

    with_formatter(figure, lambda value, position: f"{value * scale:.1f}")
    return update


def list_of_the_closure(figure: Figure) -> Update:
    labels = LABELS.copy()
    with_formatter(figure, lambda value, position: labels[round(value)])
    return lambda frame: labels.__setitem__(frame % 3, labels[frame % 3] + "!")


def global_variable(figure: Figure) -> Update:
    with_formatter(figure, lambda value, position: f"{value * SCALE:.1f}")
    return lambda frame: globals().update(SCALE=frame + 1.0)


def global_variable_of_another_function(figure: Figure) -> Update:
    def scaled(value: float) -> float:
        return value * SCALE

    with_formatter(figure, lambda value, position: f"{scaled(value):.1f}")
    return lambda frame: globals().update(SCALE=frame + 1.0)


def function_of_a_module(figure: Figure) -> Update:
    module: Any = types.ModuleType("module")
    module.scale = 1.0
    with_formatter(figure, lambda value, position: f"{value * module.scale:.1f}")
    return lambda frame: setattr(module, "scale", frame + 1.0)


def attribute_of_the_function(figure: Figure) -> Update:
    def show(value: float, position: int) -> str:
        return f"{value * show.scale:.1f}"  # type: ignore[attr-defined]

    function: Any = show
    function.scale = 1.0
    with_formatter(figure, show)
    return lambda frame: setattr(show, "scale", frame + 1.0)


def attribute_of_a_class(figure: Figure) -> Update:
    class Unit:
        scale = 1.0

        @classmethod
        def show(cls, value: float, position: int) -> str:
            return f"{value * cls.scale:.1f}"

    with_formatter(figure, Unit.show)
    return lambda frame: setattr(Unit, "scale", frame + 1.0)


def class_that_is_called(figure: Figure) -> Update:
    class Label(str):
        scale = 1.0

        def __new__(cls, value: float, position: int) -> "Label":
            return super().__new__(cls, f"{value * cls.scale:.1f}")

    with_formatter(figure, Label)
    return lambda frame: setattr(Label, "scale", frame + 1.0)


def function_that_counts(figure: Figure) -> Update:
    def show(value: float, position: int, calls: list[int] = [0]) -> str:  # noqa: B006
        calls[0] += 1
        return str(calls[0])

    with_formatter(figure, show)
    return lambda frame: None


def function_whose_helper_counts(figure: Figure) -> Update:
    calls: list[int] = []

    def count(items: list[int]) -> int:
        items.append(1)
        return len(items)

    with_formatter(figure, lambda value, position: str(count(calls)))
    return lambda frame: None


def ufunc_of_python(figure: Figure) -> Update:
    scale = [1.0]
    show: Any = np.frompyfunc(lambda value, position: f"{value * scale[0]:.1f}", 2, 1)
    with_formatter(figure, show)
    return lambda frame: scale.__setitem__(0, frame + 1.0)


def builtin_of_its_own(figure: Figure) -> Update:
    builtins: dict[str, Any] = {"str": str}
    namespace: dict[str, Any] = {"__builtins__": builtins}
    exec("def show(value, position): return str(value)", namespace)
    with_formatter(figure, namespace["show"])
    return lambda frame: builtins.update(str=lambda value: f"{value + frame:.1f}")


def keyword_of_a_partial(figure: Figure) -> Update:
    def show(value: float, position: int, scale: float) -> str:
        return f"{value * scale:.1f}"

    shown = partial(show, scale=1.0)
    with_formatter(figure, shown)
    return lambda frame: shown.keywords.update(scale=frame + 1.0)


def time_zone_of_its_own(figure: Figure) -> Update:
    class Shifted(dt.tzinfo):
        hours = 0

        def utcoffset(self, when: object) -> dt.timedelta:
            return dt.timedelta(hours=self.hours)

        def dst(self, when: object) -> dt.timedelta:
            return dt.timedelta(0)

        def tzname(self, when: object) -> str:
            return "shifted"

    figure.add_subplot(xlim=(0, 1)).xaxis.set_major_formatter(DateFormatter("%H", tz=Shifted()))
    return lambda frame: setattr(Shifted, "hours", frame)


STATEFUL = [
    *(defaults_set, keyword_defaults_changed, code_replaced, variable_of_the_closure, list_of_the_closure),
    *(global_variable, global_variable_of_another_function, function_of_a_module, attribute_of_the_function),
    *(attribute_of_a_class, class_that_is_called, ufunc_of_python, builtin_of_its_own, keyword_of_a_partial),
    time_zone_of_its_own,
]


@pytest.mark.parametrize("make", STATEFUL)
def test_state_of_functions(check: Callable[..., None], make: Callable[[Figure], Update]) -> None:
    check(make)


def with_offset_text(figure: Figure) -> None:
    figure.add_subplot(ylim=(1e6, 1e6 + 1))


def with_table(figure: Figure) -> None:
    figure.add_subplot().table([["a", "b"]], loc="center")


@pytest.mark.parametrize(
    ("kind", "name", "values", "begin"),
    [
        (Axis, "OFFSETTEXTPAD", [3, -9], with_offset_text),
        (YAxis, "OFFSETTEXTPAD", [3, -9], with_offset_text),
        (Cell, "PAD", [0.1, 0.4], with_table),
    ],
    ids=["of a base", "of the class", "of a part"],
)
@pytest.mark.parametrize("clears", [False, True])
def test_a_constant_of_a_class(
    check: Callable[..., None], kind: Any, name: str, values: list[float], begin: Any, clears: bool
) -> None:
    def make(figure: Figure) -> Update:
        begin(figure)

        def update(frame: int) -> None:
            setattr(kind, name, values[frame % 2])
            if clears:
                figure.clear()
                begin(figure)

        return update

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, name, values[0], raising=False)
        check(make)


def test_a_table_of_a_class(check: Callable[..., None]) -> None:
    prefixes = EngFormatter.ENG_PREFIXES

    def make(figure: Figure) -> Update:
        figure.add_subplot(xlim=(0, 5000)).xaxis.set_major_formatter(EngFormatter())
        return lambda frame: prefixes.update({3: "kK"[frame % 2]})

    try:
        check(make)
    finally:
        prefixes[3] = "k"


def test_how_numpy_writes_numbers(check: Callable[..., None]) -> None:
    def make(figure: Figure) -> Update:
        with_formatter(figure, lambda value, position: repr(value))
        return lambda frame: np.set_printoptions(legacy="1.25" if frame % 2 else False)

    with np.printoptions():
        check(make)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of the process cannot change")
def test_the_time_zone_of_the_process(check: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    def make(figure: Figure) -> Update:
        with_formatter(figure, lambda value, position: num2date(value).astimezone().strftime("%H %Z"))
        return lambda frame: go_to("UTC" if frame % 2 else "Asia/Tokyo")

    def go_to(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    try:
        check(make)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("make", [function_that_counts, function_whose_helper_counts])
def test_functions_that_count_their_calls(make: Callable[[Figure], Update]) -> None:
    figure = Figure()
    make(figure)
    watch = Watch()
    watch.follow(figure.axes[0].xaxis.get_major_formatter())
    assert watch.blind is not None


def known_formatters() -> Iterator[Callable[..., Any]]:
    digits, labels = 2, ["a", "b"]
    yield lambda value, position: f"{value * SCALE:.{digits}f}"
    yield lambda value, position: labels[int(value) % len(labels)].upper()
    yield lambda value, position: f"{math.floor(value)}"
    yield lambda value, position: f"{np.round(np.log10(value), digits)}".rstrip("0")
    yield lambda value, position: ", ".join(f"{part:.1f}" for part in (value, position))
    yield "{:.1f}".format


@pytest.mark.parametrize("function", [*known_formatters()])
def test_ordinary_formatters_stay_on_the_fast_way(function: Callable[..., Any]) -> None:
    watch = Watch()
    watch.follow(FuncFormatter(function))
    assert watch.blind is None
    assert not watch.changed()
    hash(value_of(FuncFormatter(function), {}))


# Methods ----------------------------------------------------------------------------------------------------------


def own_path(figure: Figure) -> Update:
    patch = figure.add_subplot(xlim=(0, 5)).bar([1, 2], [1, 2])[0]
    return at(2, lambda: setattr(patch, "get_path", lambda: Path.unit_regular_polygon(3)))


def own_transform(figure: Figure) -> Update:
    shift, move = [0.0], Affine2D()
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    axes.plot([0, 1], [0, 1], transform=move + axes.transData)
    former = move.get_matrix

    def matrix() -> Any:
        return former() + np.array([[0, 0, shift[0]], [0, 0, 0], [0, 0, 0]])

    move.get_matrix = matrix  # type: ignore[method-assign]

    def update(frame: int) -> None:
        shift[0] = frame / 10
        move.invalidate()

    return update


def own_major_ticks(figure: Figure) -> Update:
    axis: Any = figure.add_subplot().xaxis
    former, most = axis.get_major_ticks, [20]

    def ticks(count: int | None = None) -> Any:
        return former(count)[: most[0]]

    axis.get_major_ticks = ticks
    return lambda frame: most.__setitem__(0, 6 - frame)


def own_visibility_of_a_label(figure: Figure) -> Update:
    label, shown = figure.add_subplot().xaxis.get_major_ticks()[0].label2, [False]
    label.set_text("label")
    label.get_visible = lambda: shown[0]  # type: ignore[method-assign]
    return lambda frame: shown.__setitem__(0, frame % 2 == 1)


def own_limits(figure: Figure) -> Update:
    axes, right = figure.add_subplot(), [1.0]
    axes.plot([0, 1])
    axis: Any = axes.xaxis
    former = axis.get_view_interval
    axis.get_view_interval = lambda: np.asarray(former()) * right[0]
    return lambda frame: right.__setitem__(0, 1 + frame / 2)


@pytest.mark.parametrize("make", [own_path, own_transform, own_major_ticks, own_visibility_of_a_label, own_limits])
def test_methods_of_single_objects(check: Callable[..., None], make: Callable[[Figure], Update]) -> None:
    check(make)


def test_a_legend_goes_where_its_own_method_puts_it(check: Callable[..., None]) -> None:
    legends: list[Any] = []

    def find(width: float, height: float, renderer: object) -> tuple[float, float]:
        return 60.0, 60.0

    def make(figure: Figure) -> Update:
        line = figure.add_subplot().plot([0, 1], label="a")[0]
        legend: Any = figure.axes[0].legend()
        legend._find_best_position = find
        legends.append(legend)
        return lambda frame: line.set_ydata([0, frame + 1])

    check(make)
    assert all(vars(legend)["_find_best_position"] is find for legend in legends)


@pytest.fixture
def restored() -> Iterator[Callable[[type, str], Callable[[Any], None]]]:
    """Return what replaces a method of a class; leave the classes as they were."""
    former: list[tuple[type, str, Any]] = []

    def replace(kind: type, name: str) -> Callable[[Any], None]:
        former.append((kind, name, vars(kind)[name]))
        return lambda method: setattr(kind, name, method)

    yield replace
    for kind, name, method in former:
        setattr(kind, name, method)
    SETTINGS.look()


def test_a_method_that_is_put_back_before_another_class_is_met(restored: Any) -> None:
    replace, former = restored(Text, "get_color"), Text.get_color
    assert METHOD_NAMES[Text]
    replace(lambda text: "r")
    METHODS.look()
    assert METHODS.replaced == {Text}
    assert FORMS[Text] == FORMS[Annotation] == "unknown"
    METHOD_NAMES.pop(Barbs, None)
    METHODS.look()
    replace(former)
    assert METHOD_NAMES[Barbs]
    METHODS.look()
    assert METHODS.replaced == set()
    assert FORMS[Text] == FORMS[Annotation] == "artist"


@pytest.mark.parametrize("clears", [False, True])
def test_a_method_of_a_class_that_is_replaced(check: Callable[..., None], restored: Any, clears: bool) -> None:
    replace, former = restored(Text, "get_color"), Text.get_color

    def make(figure: Figure) -> Update:
        axes = figure.add_subplot(title="title")
        replace(former)

        def update(frame: int) -> None:
            if clears:
                axes.clear()
            if frame >= 2:
                replace(lambda text: "rgb"[frame % 3])

        return update

    check(make)


def without_thick_lines(former: Callable[..., None], renderer: RendererAgg, gc: Any, *path: Any) -> None:
    if gc.get_linewidth() < 1:
        former(renderer, gc, *path)


@pytest.mark.parametrize(
    ("kind", "name", "method"),
    [
        (Artist, "get_alpha", lambda former, artist: 0.5),
        (Rectangle, "get_path", lambda former, patch: Affine2D().rotate(0.1).transform_path(former(patch))),
        (Legend, "_find_best_position", lambda former, legend, *rest: (90.0, 80.0)),
        (ScalarFormatter, "__call__", lambda former, formatter, value, position=None: f"{value:.2f}"),
        (Affine2D, "get_matrix", lambda former, transform: former(transform) * [[1, 1, 1.01], [1, 1, 1], [1, 1, 1]]),
        (Axis, "get_major_ticks", lambda former, axis, count=None: former(axis, count)[:3]),
        (
            RendererAgg,
            "draw_text",
            lambda former, *args, **options: former(*args[:2], args[2] + 5, *args[3:], **options),
        ),
        (RendererAgg, "draw_path", without_thick_lines),
    ],
)
def test_a_method_that_comes_and_reads_something_else(
    check: Callable[..., None], restored: Any, kind: type, name: str, method: Callable[..., Any]
) -> None:
    replace, former = restored(kind, name), vars(kind)[name]

    def make(figure: Figure) -> Update:
        replace(former)
        axes = figure.add_subplot(xlim=(0, 5))
        axes.plot([0, 1], label="a", transform=Affine2D().scale(2) + axes.transData)
        axes.legend()

        def update(frame: int) -> None:
            if frame == 2:
                replace(lambda *args, **options: method(former, *args, **options))
            if frame == 4:
                replace(former)

        return update

    check(make)


# What is kept -----------------------------------------------------------------------------------------------------


def made_by_the_program(figure: Figure) -> list[weakref.ref[Any]]:
    """Fill a figure with objects of the program's own classes, and with its functions; return references to them."""

    class Formatter(ScalarFormatter):
        pass

    class Locator(MaxNLocator):
        pass

    class Norm(Normalize):
        pass

    class Line(Line2D):
        pass

    class Shift(Affine2D):
        pass

    class Converter(ConversionInterface):
        pass

    unit = "m"

    def show(value: float, position: int) -> str:
        return f"{value} {unit}"

    def color(text: Text) -> str:
        return "r"

    left, right = figure.subplots(1, 2)
    left.xaxis.set_major_formatter(Formatter())
    left.xaxis.set_major_locator(Locator())
    left.yaxis.set_major_formatter(FuncFormatter(show))
    left.add_line(Line([0, 1], [0, 1]))
    left.plot([0, 1], transform=Shift() + left.transData)
    right.imshow([[0, 1]], norm=Norm())
    right.xaxis.set_converter(Converter())
    right.title.get_color = partial(color, right.title)
    made: list[Any] = [Formatter, Locator, Norm, Line, Shift, Converter, show, color]
    return [*map(weakref.ref, made)]


@pytest.mark.parametrize("clears", [False, True])
def test_nothing_that_the_program_makes_is_kept(clears: bool) -> None:
    def drawn() -> list[weakref.ref[Any]]:
        source = "def show(value, position):\n    return str(round(value, 1))"
        namespace: dict[str, Any] = {}
        exec(source, namespace)  # with a code of its own, each time
        figure = Figure(figsize=(3.2, 2.4), dpi=50)
        references = [*made_by_the_program(figure), weakref.ref(namespace["show"].__code__)]
        left, right = figure.axes
        right.yaxis.set_major_formatter(FuncFormatter(namespace["show"]))

        def update(frame: int) -> None:
            if clears:
                left.clear()
            left.plot([0, frame])

        list(frames(FuncAnimation(figure, update, frames=6, init_func=list)))
        return references

    references = drawn()
    gc.collect()
    assert [reference() for reference in references] == [None] * len(references)


def test_what_a_class_holds_beside_its_methods_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matplotlib keeps paths of markers in their class when they are first needed, and Python annotations."""
    figure = Figure(figsize=(1, 1), dpi=50)
    figure.add_subplot().plot([0, 1], "o")
    assert len(list(frames([figure, figure]))) == 2
    METHODS.look_at_all()
    assert METHODS.replaced == set()
    monkeypatch.setattr(Path, "_unit_circle_righthalf", Path([[0, 0], [1, 1]]))
    monkeypatch.setattr(Path, "__annotations__", {}, raising=False)
    METHODS.look_at_all()
    assert METHODS.replaced == set()
    monkeypatch.setattr(Path, "wedge", lambda *_: Path([[0, 0], [1, 1]]))
    METHODS.look_at_all()
    assert METHODS.replaced == {Path}
    monkeypatch.undo()
    METHODS.look_at_all()
    assert METHODS.replaced == set()
