"""What a client writes is data, in whatever shape; what the author wrote stays as it is."""

import dataclasses
import json
import math
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from re import Pattern
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.cbook import is_math_text
from pydantic import (
    AfterValidator,
    AliasChoices,
    AnyUrl,
    BaseModel,
    Field,
    Json,
    SecretStr,
    computed_field,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass as pydantic_dataclass

from server import CatalogError
from server.catalog.bounds import Bounds
from server.catalog.entries import Entry
from server.errors import InvalidParametersError, MalformedTextError
from tests.server.annotated import CASES, Marked, Signed, catalog
from tests.server.support import Start

ROOT = Path(__file__).parents[2]


def entry_of(annotation: Any, default: Any = ...) -> Entry:
    def function(x: Any = default) -> None: ...

    function.__annotations__ = {"x": annotation}
    if default is ...:
        function.__defaults__ = None
    return Entry(function)


def received(annotation: Any, written: Any) -> Any:
    """Return what a function receives for what a client wrote."""
    return entry_of(annotation).values({"x": written}, Bounds()).arguments["x"]


def texts(value: Any) -> Iterator[str]:
    """Yield all texts in a value, those of keys and of attributes too."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, list | tuple | deque | set):
        for item in value:
            yield from texts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
        yield from texts(getattr(value, "__dict__", {}))
    elif isinstance(value, BaseModel):
        yield from texts(vars(value))
        yield from texts(value.__pydantic_extra__ or {})
        yield from texts(value.__pydantic_private__ or {})


SHAPES: dict[str, Callable[[str, str], Any]] = {
    "text": lambda a, b: a,
    "optional_text": lambda a, b: a,
    "new_type": lambda a, b: a,
    "text_subclass": lambda a, b: a,
    "union_as_text": lambda a, b: a,
    "texts": lambda a, b: [a, b],
    "optional_texts": lambda a, b: [b, a],
    "mixed": lambda a, b: [1, a],
    "anything": lambda a, b: {a: [b, {b: a}]},
    "json": lambda a, b: [{a: b}],
    "dictionary": lambda a, b: {a: 1, b: 2},
    "ordered": lambda a, b: {a: 1},
    "counted": lambda a, b: {a: 1, b: 2},
    "keys": lambda a, b: {"1": a},
    "model": lambda a, b: {"text": a},
    "models": lambda a, b: [{"text": a}, {"text": b}],
    "frozen": lambda a, b: {"text": a},
    "open": lambda a, b: {"text": a, "more" + b: {a: b}},
    "tree": lambda a, b: {"name": a, "children": [{"name": b, "children": [{"name": a}]}]},
    "generic": lambda a, b: {"content": a},
    "root": lambda a, b: [a, b],
    "told_apart": lambda a, b: {"kind": "dog", "tricks": [a, b]},
    "plain_dataclass": lambda a, b: {"label": a},
    "slotted_dataclass": lambda a, b: {"label": a},
    "checked_dataclass": lambda a, b: {"label": a},
    "named_tuple": lambda a, b: [1, a],
    "typed_dictionary": lambda a, b: {"label": a},
    "split": lambda a, b: [a, b],
}

dollars = st.text(alphabet="$\\ax{}", max_size=8)


@pytest.mark.timeout(0)
@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(list(SHAPES)), one=dollars, other=dollars)
@example(name="dictionary", one="$x$", other=r"\$x\$")
def test_no_text_of_a_client_is_mathematics_in_any_shape(name: str, one: str, other: str) -> None:
    entry = catalog.get(name)
    assert entry is not None
    written = SHAPES[name](one, other)
    found = list(texts(entry.values({"x": written}, Bounds()).arguments["x"]))
    assert not [text for text in found if is_math_text(text)]
    plain = [text.replace(r"\$", "$") for text in found]
    assert {text for text in texts(written) if "$" in text} <= set(plain)


async def test_no_text_of_a_client_reaches_a_worker_unescaped(start: Start) -> None:
    server = await start(catalog)
    for name, shape in SHAPES.items():
        text = json.dumps(shape("$x$", "y$z$"))
        answer = await server.problem(f"/animations/{name}.gif?x:json={quote(text)}")
        message = answer["errors"][0]["message"]
        assert answer["errors"][0]["field"] == "x", name
        assert r"\\$x\\$" in message, name
        assert "$" not in message.replace(r"\\$", "").replace(r"\$", ""), name


AUTHORED = (
    "'$t$' 'EUR' Signed(text='$m$', size=1.0) Marked(label='$d$', count=0) Scaled(start=1.0, unit='$n$')"
    " {'$p$': <Coin.DOLLAR: '$c$'>} ['$w$']"
)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ({}, AUTHORED),
        ({"currency": "US$ or $US"}, AUTHORED.replace("EUR", "US$ or $US")),
        ({"caption": {"size": 2}}, AUTHORED.replace("size=1.0", "size=2.0")),
        ({"point": {"count": 2}}, AUTHORED.replace("count=0", "count=2")),
        ({"span": [2]}, AUTHORED.replace("start=1.0", "start=2.0")),
        ({"prices": {"$p$": "EUR"}}, AUTHORED.replace("<Coin.DOLLAR: '$c$'>", "<Coin.EURO: 'EUR'>")),
        ({"title": "$t$"}, AUTHORED.replace("$t$", r"\\$t\\$")),
        ({"caption": {"text": "$m$"}}, AUTHORED.replace("$m$", r"\\$m\\$")),
        ({"point": {"label": "$d$"}}, AUTHORED.replace("$d$", r"\\$d\\$")),
        ({"span": [1, "$n$"]}, AUTHORED.replace("$n$", r"\\$n\\$")),
        ({"words": ["$w$"]}, AUTHORED.replace("$w$", r"\\$w\\$")),
        ({"prices": {"$q$": "EUR"}}, AUTHORED.replace("'$p$': <Coin.DOLLAR: '$c$'>", r"'\\$q\\$': <Coin.EURO: 'EUR'>")),
    ],
    ids=str,
)
async def test_what_the_author_wrote_stays_as_it_is(start: Start, body: dict[str, Any], seen: str) -> None:
    server = await start(catalog)
    answer = await server.problem("/animations/authored.gif", "POST", json=body)
    assert answer["errors"] == [{"field": "title", "message": seen}]


def test_a_default_and_the_same_text_of_a_client_are_two_pictures() -> None:
    entry = entry_of(str, "$x$")
    assert entry.values({}).canonical != entry.values({"x": "$x$"}).canonical
    assert entry_of(str, "x").values({}).canonical == entry_of(str, "x").values({"x": "x"}).canonical


class Derived(BaseModel):
    text: str
    first: str = Field(default_factory=lambda data: data["text"])
    second: Annotated[str, Field(validate_default=True)] = ""
    third: str = ""
    named: Annotated[str, Field(validation_alias=AliasChoices("a", "b"))] = "$a$"
    _hidden: str = ""

    @field_validator("second")
    @classmethod
    def _fill(cls, value: str, info: Any) -> str:
        return value or str(info.data["text"])

    @model_validator(mode="after")
    def _copy(self) -> "Derived":
        self.third = self.text
        self._hidden = self.text
        _ = self.cached
        return self

    @cached_property
    def cached(self) -> str:
        return self.text * 2

    @computed_field  # type: ignore[prop-decorator]
    @property
    def computed(self) -> str:
        return self.text


@pydantic_dataclass
class Made:
    text: str
    copied: str = ""
    named: Annotated[str, Field(validation_alias=AliasChoices("a", "b"))] = "$a$"

    def __post_init__(self) -> None:
        self.copied = self.text
        self.other = [self.text]


@pytest.mark.parametrize("kind", [Derived, Made], ids=str)
def test_what_is_made_from_a_clients_text_is_the_clients(kind: Any) -> None:
    value = received(kind, {"text": "$x$", "b": "$a$"})
    assert value.named == r"\$a\$"
    assert not [text for text in texts(value) if is_math_text(text)]
    assert is_math_text(received(kind, {"text": "x"}).named)
    assert getattr(value, "cached", "") in (r"\$x\$\$x\$", "")


def test_a_validator_sees_what_the_client_wrote_and_its_result_is_escaped() -> None:
    seen: list[str] = []

    def check(text: str) -> str:
        seen.append(text)
        return f"{text} $$"

    assert received(Annotated[str, Field(max_length=3), AfterValidator(check)], "$x$") == r"\$x\$ \$\$"
    assert seen == ["$x$"]


class Opaque:
    def __init__(self, text: str) -> None:
        self.text = text


def test_a_dollar_sign_in_a_type_that_is_not_known_is_refused() -> None:
    annotation = Annotated[str, AfterValidator(Opaque)]
    assert received(annotation, "x").text == "x"
    with pytest.raises(InvalidParametersError, match="x: must not have a dollar sign"):
        received(annotation, "$x$")
    entry = entry_of(annotation)
    assert entry.values({"x": "a"}).canonical != entry.values({"x": "b"}).canonical


class Marks(list[str]):
    def __init__(self, items: Iterable[str], *, owner: str) -> None:
        super().__init__(items)
        self.owner = owner


class Twin(NamedTuple("Twin", [("one", str), ("other", str)])):
    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        return super().__new__(cls, text, text)


def test_what_an_author_makes_of_texts_need_not_be_made_like_its_base() -> None:
    marks = Annotated[list[str], AfterValidator(lambda items: Marks(items, owner="me"))]
    assert received(marks, ["a"]).owner == "me"
    with pytest.raises(InvalidParametersError, match="x: must not have a dollar sign"):
        received(marks, ["$"])
    assert received(Annotated[str, AfterValidator(Twin)], "$").other == r"\$"


def test_two_keys_that_become_equal_are_refused() -> None:
    annotation = dict[Literal[r"\$"] | str, int]
    assert received(annotation, {r"\$": 1}) == {r"\$": 1}
    assert received(annotation, {"$": 1}) == {r"\$": 1}
    with pytest.raises(InvalidParametersError, match="two keys"):
        received(annotation, {r"\$": 1, "$": 2})


class Nested(BaseModel):
    inside: set[str]


class Pair(Enum):
    A = (1, 2)


class Day(Enum):
    FIRST = date(2026, 1, 1)


class Apart(Enum):
    HERE = object()


class Beyond(Enum):
    ALL = math.inf


class NotANumber(BaseModel):
    level: float = float("nan")


class Shown(NamedTuple):
    where: Path


@pytest.mark.parametrize(
    ("annotation", "word"),
    [
        (set[float], "a list"),
        (frozenset[str], "a tuple"),
        (set[str] | None, "a list"),
        (list[set[str]], "a list"),
        (Nested, "a list"),
        (dict[str, Nested], "a list"),
        (bytes, "a str"),
        (bytes | None, "a str"),
        (Path, "a Literal or an Enum"),
        (list[Path | None], "a Literal or an Enum"),
        (Shown, "a Literal or an Enum"),
        (AnyUrl, "a Literal or an Enum"),
        (Pattern[str], "a Literal or an Enum"),
        (type[int], "a Literal or an Enum"),
        (SecretStr, "environment"),
        (Json[list[int]], "take the type inside"),
        (Iterable[int], "a list"),
        (Fraction, "a float"),
        (Pair, "texts as values"),
        (Day, "texts as values"),
        (Callable[[int], int], "take another one"),
        (range, "no request can carry"),
        (Opaque, "no request can carry"),
        (Annotated[int, Field(fail_fast=True)], "no request can carry"),
        (Apart, "texts as values"),
        (Annotated[int, Field(alias="other")], "leave out an alias"),
        (Annotated[int, Field(validation_alias="other")], "leave out an alias"),
        (ClassVar[int], "leave out an alias, Final and ClassVar"),
        (Beyond, "not finite"),
    ],
    ids=str,
)
def test_a_type_that_no_request_can_carry_is_refused_with_a_remedy(annotation: Any, word: str) -> None:
    with pytest.raises(CatalogError, match=r"animation 'function': parameter 'x' ") as caught:
        entry_of(annotation)
    assert word in str(caught.value)


def test_a_default_that_is_another_one_as_json_is_refused() -> None:
    class Hiding(BaseModel):
        text: str = Field(default="x", exclude=True)

    for annotation, default in ((NotANumber, NotANumber()), (Hiding, Hiding(text="y"))):
        with pytest.raises(CatalogError, match="the default of 'x' is another one when it is read from JSON"):
            entry_of(annotation, default)
    assert entry_of(Hiding, Hiding()).values({}).arguments["x"] == Hiding()


@pytest.mark.parametrize(("annotation", "default"), [(int, True), (float, False), (list[int], [1, True])], ids=str)
def test_a_default_that_is_another_one_in_a_form_is_refused(annotation: Any, default: Any) -> None:
    with pytest.raises(CatalogError, match="the default of 'x' is another one when it is read from a form"):
        entry_of(annotation, default)
    assert entry_of(bool, True).values({}).arguments["x"] is True


def test_a_default_that_json_cannot_say_is_refused_with_a_remedy() -> None:
    defaults: list[Any] = [np.array([1.0]), Field(default_factory=list)]
    for default in defaults:
        with pytest.raises(CatalogError, match=r"parameter 'x' has a default.*; write"):
            entry_of(list[float], default)


@pytest.mark.parametrize(
    ("annotation", "default", "value"),
    [
        (float, np.sqrt(2), 2**0.5),
        (int, np.int16(3), 3),
        (bool, np.True_, True),
        (int, Field(3, ge=1), 3),
        (list[int], Field([1], max_length=2), [1]),
    ],
    ids=str,
)
def test_a_default_may_be_of_numpy_or_in_a_field(annotation: Any, default: Any, value: Any) -> None:
    entry = entry_of(annotation, default)
    (found,) = entry.values({}).arguments.values()
    assert (type(found), found) == (type(value), value)
    assert entry.parameters["x"].default == value


@pytest.mark.parametrize("default", [Field(ge=1), Field(..., ge=1)], ids=["bounds", "ellipsis"])
def test_a_field_without_a_default_makes_a_parameter_required(default: Any) -> None:
    entry = entry_of(int, default)
    assert entry.parameters["x"].required
    with pytest.raises(InvalidParametersError, match="x: is missing"):
        entry.values({})
    with pytest.raises(InvalidParametersError, match="x: must be at least 1"):
        entry.values({"x": 0})


def test_a_function_cannot_change_a_default() -> None:
    entry = entry_of(dict[str, list[int]], {"a": [1]})
    entry.values({}).arguments["x"]["a"].append(2)
    assert entry.values({}).arguments["x"] == {"a": [1]}


def test_keys_are_equal_in_every_process() -> None:
    code = (
        "import json; from tests.server.annotated import CASES, catalog;"
        "print(json.dumps([catalog.get(name).values({'x': case.json}).canonical for name, case in CASES.items()]))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True, check=True, cwd=ROOT,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())) == len(CASES)


def test_the_order_of_a_dictionary_is_part_of_the_picture() -> None:
    entry = entry_of(dict[str, int])
    one, other = entry.values({"x": {"a": 1, "b": 2}}), entry.values({"x": {"b": 2, "a": 1}})
    assert list(other.arguments["x"]) == ["b", "a"]
    assert one.canonical != other.canonical


def test_equal_numbers_have_equal_keys() -> None:
    entry = entry_of(float)
    assert entry.values({"x": 1}).canonical == entry.values({"x": 1.0}).canonical == entry.values({"x": "1"}).canonical


def nested(depth: int, inside: Any = 1) -> Any:
    for _ in range(depth):
        inside = [inside]
    return inside


@pytest.mark.parametrize(
    ("annotation", "written", "message"),
    [
        (dict[str, int], {"x" * 201: 1}, "characters"),
        (list[dict[str, str]], [{"a": "x" * 201}], "characters"),
        (Signed, {"text": "x" * 201}, "characters"),
        (Marked, {"label": "x\0"}, "control"),
        (list[Annotated[str, AfterValidator(lambda text: text * 2)]], ["x" * 101], "characters"),
        (Any, {"\ud800": 1}, "control"),
        (Any, nested(17), "levels"),
        (Any, nested(300), "levels"),
        (list[list[int]], [[1] * 100] * 10, "items in all"),
        (dict[str, list[int]], {str(index): [1] for index in range(501)}, "items in all"),
        (dict[str, int], {"a": 2**63}, "too large"),
        (Any, [2**63], "too large"),
        (dict[str, int], {"a": "9" * 30}, "too large"),
        (Any, [float("inf")], "finite"),
        (Signed, {"size": "nan"}, "finite"),
        (dict[str, float], {"a": "inf"}, "finite"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_bounds_hold_in_every_shape(annotation: Any, written: Any, message: str) -> None:
    with pytest.raises(InvalidParametersError, match=message):
        received(annotation, written)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '[{"a": 1, "a": 2}]',
        "{",
        "[1,",
        "[" * 5000,
        "NaN",
        "[Infinity]",
        '"',
        "9" * 5000,
        r'{"\ud800": 1}',
    ],
)
def test_a_text_that_is_no_json_is_malformed(text: str) -> None:
    for name in ("x", "x:json"):
        with pytest.raises(MalformedTextError, match="x: must be JSON"):
            entry_of(dict[str, float]).read([(name, text)], Bounds(), still=False)


async def test_what_is_malformed_is_never_an_internal_error(start: Start) -> None:
    server = await start(catalog)
    for query in ("x={", "x:json={", "x=" + "[" * 3000, "x=[" + "9" * 5000 + "]", "x=%FF", "x=1e400", "x=NaN"):
        for name in ("model", "anything", "matrix", "numbers", "texts"):
            assert (await server.get(f"/animations/{name}.gif?{query}")).status in (400, 422), (name, query[:20])
    problem = await server.problem("/animations/model.gif?x={")
    assert (problem["status"], [error["field"] for error in problem["errors"]]) == (400, ["x"])
    for body in (
        b'{"x":' + b"[" * 60_000,
        b'{"x":' + b'{"a":' * 12_000,
        b'{"x":1e400}',
        b'{"x":' + b"9" * 60_000 + b"}",
    ):
        answer = await server.get(
            "/animations/anything.gif", "POST", data=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status in (400, 422), body[:20]


@pytest.mark.parametrize("query", ["x=1&x:json=2", "x:json=1&x:json=2", "x=1&x=2"])
def test_a_value_that_is_said_twice_is_refused(query: str) -> None:
    pairs = [(part.split("=")[0], part.split("=")[1]) for part in query.split("&")]
    with pytest.raises(InvalidParametersError, match="x: is given more than once"):
        entry_of(int | None, None).read(pairs, Bounds(), still=False)


def test_an_empty_field_beside_the_whole_value_does_not_count() -> None:
    entry = entry_of(list[str], ["a"])
    assert entry.read([("x", ""), ("x:json", "[]")], Bounds(), still=False).arguments == {"x": []}
