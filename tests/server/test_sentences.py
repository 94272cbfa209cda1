"""Errors in plain words."""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field

from server.catalog.entries import Entry
from server.catalog.types import Color
from server.errors import InvalidParametersError
from tests.server.annotated import Cat, Checked, Dog
from tests.server.scenes import Shape

Told = Annotated[Cat | Dog, Field(discriminator="kind")]


class Caption(BaseModel):
    text: str
    size: float = 8


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even")
    return value


@pytest.mark.parametrize(
    ("annotation", "written", "expected"),
    [
        (Annotated[int, Field(le=20)], 21, "x must be at most 20"),
        (Annotated[float, Field(ge=0.5)], 0, "x must be at least 0.5"),
        (Annotated[float, Field(ge=2)], 1, "x must be at least 2"),
        (Annotated[float, Field(gt=0)], 0, "x must be above 0"),
        (Annotated[float, Field(lt=1)], 1, "x must be below 1"),
        (Annotated[int, Field(multiple_of=5)], 3, "x must be a multiple of 5"),
        (Annotated[Decimal, Field(decimal_places=2)], "1.234", "x must have at most 2 decimal places"),
        (int, "three", "x must be a whole number"),
        (int, 1.5, "x must be a whole number"),
        (int, None, "x must be a whole number"),
        (float, "three", "x must be a number"),
        (float, [], "x must be a number"),
        (bool, "maybe", "x must be true or false"),
        (str, 3, "x must be a text"),
        (Annotated[str, Field(max_length=3)], "long", "x must have at most 3 characters"),
        (Annotated[str, Field(min_length=1)], "", "x must have at least 1 character"),
        (Annotated[str, Field(pattern="^a+$")], "b", "x must match the pattern ^a+$"),
        (Annotated[list[int], Field(min_length=1)], [], "x must have at least 1 item"),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3], "x must have at most 2 items"),
        (list[int], 3, "x must be a list"),
        (list[int], [1, "a"], "x.1 must be a whole number"),
        (tuple[int, int], [1], "x.1 is missing, and has no default"),
        (Literal["a", "b"], "c", "x must be 'a' or 'b'"),
        (Shape, "c", "x must be 'round' or 'square'"),
        (dict[str, int], [], "x must be a dictionary"),
        (Caption, 3, "x must be a dictionary"),
        (Caption, {}, "x.text is missing, and has no default"),
        (Checked, 3, "x must be a dictionary"),
        (Told, {"kind": "cow"}, "x must have one of 'cat', 'dog' as 'kind'"),
        (Told, {}, "x must have 'kind', which says of which kind it is"),
        (float | Literal["auto"], "wide", "x must be a number, or must be 'auto'"),
        (list[float | Literal["auto"]], [1, "wide"], "x.1 must be a number, or must be 'auto'"),
        (Caption | None, {"text": "a", "size": "b"}, "x.size must be a number"),
        (Told, {"kind": "cat", "lives": "b"}, "x.lives must be a whole number"),
        (int | float, "b", "x must be a whole number, or must be a number"),
        (dt.date, "soon", "x must be a date, such as 2026-03-21"),
        (dt.datetime, "soon", "x must be a date and a time, such as 2026-03-21T14:30"),
        (dt.timedelta, "soon", "x must be a duration, such as PT1H30M"),
        (Color, "reddish", "x must be a color that matplotlib can read, such as 'red', 'C1' or '#1f77b4'"),
        (Annotated[int, AfterValidator(_even)], 3, "x must be even"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_is_a_sentence(annotation: Any, written: Any, expected: str) -> None:
    def animation(x: Any) -> None: ...

    animation.__annotations__ = {"x": annotation}
    with pytest.raises(InvalidParametersError) as caught:
        Entry(animation).values({"x": written})
    (problem,) = caught.value.problems
    assert f"{problem['field']} {problem['message']}" == expected
    assert not re.search("[Ii]nput|valid", problem["message"])


def test_a_parameter_that_is_missing_is_named() -> None:
    def animation(x: int) -> None: ...

    with pytest.raises(InvalidParametersError) as caught:
        Entry(animation).values({})
    assert caught.value.problems == [{"field": "x", "message": "is missing, and has no default"}]
