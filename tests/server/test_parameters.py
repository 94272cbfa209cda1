"""What is read from the annotation of a parameter."""

from collections import deque
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, create_model

from server.catalog.entries import Entry
from server.catalog.parameters import Parameter
from tests.server.scenes import Shape

LISTS = [list[float], tuple[float, ...], tuple[float, float], deque[float], Sequence[float]]


def read(annotation: Any, default: Any = ...) -> Parameter:
    def function(x: Any = default) -> None: ...

    function.__annotations__ = {"x": annotation}
    if default is ...:
        function.__defaults__ = None
    return Entry(function).parameters["x"]


@pytest.mark.parametrize("annotation", LISTS, ids=str)
def test_a_list_is_a_repeated_key(annotation: Any) -> None:
    for whole in (annotation, Annotated[annotation, Field(description="Numbers.")]):
        parameter = read(whole)
        assert (parameter.many, parameter.optional, parameter.kind) == (True, False, "number")
        assert parameter.read(["1", ""]) == [1, ""]


@pytest.mark.parametrize("annotation", [int, str, dict[str, int], create_model("Point", x=(int, 0))], ids=str)
def test_a_value_that_is_no_list(annotation: Any) -> None:
    parameter = read(annotation)
    assert (parameter.many, parameter.required, parameter.choices) == (False, True, {})
    assert parameter.read(["1"]) == ("1" if annotation is str else 1)


@pytest.mark.parametrize(
    ("annotation", "texts", "values"),
    [
        (Literal["a", 2], ["a", "2"], ["a", 2]),
        (Literal["only"], ["only"], ["only"]),
        (bool, ["true", "false"], [True, False]),
        (Shape, ["round", "square"], ["round", "square"]),
    ],
)
@pytest.mark.parametrize("optional", [False, True])
def test_choices(annotation: Any, texts: list[str], values: list[Any], optional: bool) -> None:
    parameter = read(annotation | None if optional else annotation, None if optional else ...)
    assert list(parameter.choices) == texts
    assert [parameter.read([text]) for text in texts] == values
    assert parameter.optional == optional
    assert parameter.read([""]) == (None if optional else "")
    assert read(list[annotation]).choices == parameter.choices


def test_an_item_can_be_empty() -> None:
    parameter = read(list[float | None])
    assert (parameter.optional, parameter.item.optional) == (False, True)
    assert parameter.read(["1", "", "2"]) == [1, None, 2]
    assert parameter.schema["items"] == {"type": "number"}


def test_a_choice_among_types_is_none_among_values() -> None:
    assert read(Literal["auto"] | int).choices == {}


def test_what_a_form_shows() -> None:
    parameter = read(Annotated[int | None, Field(ge=1, description="How many.")], 3)
    assert (parameter.required, parameter.default, parameter.description) == (False, 3, "How many.")
    assert (parameter.kind, parameter.item.schema["minimum"]) == ("integer", 1)
