from collections.abc import Callable
from functools import partial
from types import FunctionType

import numpy as np
import pytest
from matplotlib import ticker, transforms
from matplotlib.axis import XTick, YTick
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text

from renderer.drawing.state.attributes import UnknownError
from renderer.drawing.state.values import value_of


def same(first: object, second: object) -> bool:
    return value_of(first, {}) == value_of(second, {})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Text(1, 2, "text", color="r"),
        lambda: Line2D([1, 2], [3, 4]),
        lambda: FontProperties(size=11),
        lambda: ticker.MaxNLocator(4),
        lambda: ticker.StrMethodFormatter("{x}"),
        lambda: ticker.FuncFormatter(lambda value, _: f"{value:.1f}"),
        lambda: transforms.Affine2D().rotate(1) + transforms.Affine2D().scale(2),
        lambda: {"a": [1, (2.5, None)], "b": np.arange(3)},
        lambda: np.ma.masked_greater([1.0, 2.0], 1),
        lambda: partial(ticker.Formatter.fix_minus, "-1"),
    ],
)
def test_equal_objects_have_equal_values(make: Callable[[], object]) -> None:
    first, second = make(), make()
    assert first is not second
    assert same(first, second)
    hash(value_of(first, {}))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Text(1, 2, "text"), Text(1, 2, "Text")),
        (Text(1, 2, "text"), Text(1, 2, "text", size=9)),
        (Line2D([1, 2], [3, 4]), Line2D([1, 2], [3, 5])),
        (Line2D([1, 2], [3, 4], visible=False), Line2D([1, 2], [3, 4])),
        ([1, 2], [1.0, 2.0]),
        ([1], [True]),
        ({"loc": 1}, {"loc": 1.0}),
        ([0.0], [-0.0]),
        (0.0, -0.0),
        (np.float64(0.0), np.float64(-0.0)),
        ([0], [0.0]),
        ([1], (1,)),
        (np.arange(3), np.arange(3.0)),
        (np.zeros(2), -np.zeros(2)),
        (np.zeros((1, 2)), np.zeros((2, 1))),
        (np.array([1, None], object), np.array([1.0, None], object)),
        (np.ma.masked_greater([1.0, 2.0], 1), np.ma.masked_greater([1.0, 2.0], 0)),
        (ticker.MaxNLocator(4), ticker.MaxNLocator(5)),
        (ticker.FuncFormatter(lambda value, _: f"{value:.1f}"), ticker.FuncFormatter(lambda value, _: f"{value:.2f}")),
        (
            transforms.CompositeGenericTransform(transforms.Affine2D(), transforms.Affine2D()),
            transforms.CompositeAffine2D(transforms.Affine2D(), transforms.Affine2D()),
        ),
    ],
)
def test_what_draws_otherwise_has_another_value(first: object, second: object) -> None:
    assert not same(first, second)


def test_ticks_of_the_two_axis_differ_although_their_attributes_are_called_alike() -> None:
    axes = Figure().add_subplot()
    names = {id(axes): "axes", id(axes.get_figure()): "figure", id(axes.transAxes): "t", id(axes.transData): "d"}
    ticks = [kind(axes, 0) for kind in (XTick, YTick, XTick)]
    values = [value_of(tick, names) for tick in ticks]
    assert values[0] == values[2] != values[1]


def test_a_line_that_was_moved_and_not_yet_drawn_has_another_value() -> None:
    first, second = Line2D([1], [2]), Line2D([1], [2])
    second.set_ydata([3])
    third = Line2D([1], [2])
    third.set_ydata([2])
    assert not same(second, third)
    assert not same(first, second)


class OwnLocator(ticker.MaxNLocator):
    pass


class OwnText(Text):
    pass


def with_own_draw() -> Text:
    text = Text()
    text.draw = lambda renderer: None  # type: ignore[method-assign]
    return text


counter = 0


def counts(value: float, position: int) -> str:
    global counter
    counter += 1
    return str(counter)


def imports(value: float, position: int) -> str:
    import random

    return str(random.random())


def without_a_module() -> FunctionType:
    namespace: dict[str, FunctionType] = {}
    exec("def show(value, position): return open(value)", namespace)
    return namespace["show"]


def without_an_attribute() -> Text:
    text = Text()
    del text._agg_filter  # type: ignore[attr-defined]
    return text


def in_itself() -> list[object]:
    items: list[object] = []
    items.append(items)
    return items


@pytest.mark.parametrize(
    "item",
    [
        *(OwnLocator(4), OwnText(), with_own_draw(), object(), counts, imports),
        *(lambda value: input(value), without_a_module(), without_an_attribute(), in_itself()),
    ],
)
def test_what_is_not_known_has_no_value(item: object) -> None:
    with pytest.raises(UnknownError):
        value_of(item, {})


def test_closures_have_the_value_of_what_they_hold() -> None:
    def within(unit: object) -> Callable[[object], str]:
        return lambda value: f"{value} {unit}"

    assert same(within("m"), within("m"))
    assert not same(within("m"), within("s"))
    with pytest.raises(UnknownError):
        value_of(within(object()), {})


def test_named_objects_are_called_by_their_names() -> None:
    first, second = object(), object()
    assert value_of([first], {id(first): "it"}) == value_of([second], {id(second): "it"})
