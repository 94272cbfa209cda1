"""An animation for each of many annotations, which says what it was called with. Worker processes import this file."""

import dataclasses
import datetime as dt
import ipaddress
import uuid
from collections import Counter, OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, TypeVar

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, RootModel, Strict
from pydantic.dataclasses import dataclass as pydantic_dataclass
from typing_extensions import TypedDict

from server import Catalog, Color, ParameterError
from tests.server.scenes import Shape

catalog = Catalog()

T = TypeVar("T")
Name = NewType("Name", str)


class Caption(BaseModel):
    text: str = "x"
    size: float = 8


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)
    text: str = "x"


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    text: str = "x"


class Tree(BaseModel):
    name: str
    children: list["Tree"] = []


class Box(BaseModel, Generic[T]):
    content: T


class Aliased(BaseModel):
    line_width: float = Field(default=1, alias="lineWidth")


class Words(RootModel[list[str]]):
    pass


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    tricks: list[str] = []


@dataclass(frozen=True)
class Point:
    x: float = 0.0
    label: str = "p"


@dataclass(frozen=True, slots=True)
class Slotted:
    label: str = "p"


@pydantic_dataclass
class Checked:
    label: str = "p"
    count: Annotated[int, Field(ge=0)] = 1


class Span(NamedTuple):
    start: float
    label: str = "s"


class Style(TypedDict, total=False):
    label: str
    width: float


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Tone(StrEnum):
    WARM = "warm"
    COLD = "cold"


class Label(str):
    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return handler.generate_schema(Annotated[str, AfterValidator(cls)])


class Signed(BaseModel):
    text: str = "$m$"
    size: float = 1.0


@dataclass
class Marked:
    label: str = "$d$"
    count: int = 0


class Scaled(NamedTuple):
    start: float
    unit: str = "$n$"


class Coin(Enum):
    DOLLAR = "$c$"
    EURO = "EUR"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One annotation, its default, and another value: as a query and as JSON say it, and as the function sees it."""

    annotation: Any
    default: Any
    query: str
    json: Any
    seen: Any = dataclasses.MISSING

    @property
    def shown(self) -> str:
        """What the function answers."""
        return repr(self.json if self.seen is dataclasses.MISSING else self.seen)


def case(annotation: Any, default: Any, query: str, json: Any, seen: Any = dataclasses.MISSING) -> Case:
    return Case(annotation=annotation, default=default, query=query, json=json, seen=seen)


CASES = {
    "integer": case(int, 3, "x=4", 4),
    "number": case(float, 0.5, "x=2", 2, 2.0),
    "small_number": case(float, 1e-7, "x=-0.0", -0.0),
    "text": case(str, "a b", "x=", ""),
    "lines": case(str, "a\nb", "x=c%0D%0Ad", "c\nd"),
    "boolean": case(bool, True, "x=false", False),
    "color": case(Color, "red", "x=C1", "C1"),
    "optional_color": case(Color | None, "red", "x=", None),
    "decimal": case(Decimal, Decimal("1.10"), "x=2.50", "2.50", Decimal("2.50")),
    "optional_number": case(float | None, 1.5, "x=", None),
    "optional_integer": case(int | None, None, "x=3", 3),
    "optional_text": case(str | None, "a", "x:json=null", None),
    "optional_text_that_is_none": case(str | None, None, "x=", ""),
    "optional_boolean": case(bool | None, True, "x=", None),
    "choice": case(Literal["a", 2], "a", "x=2", 2),
    "empty_choice": case(Literal["", "a"] | None, None, "x=", ""),
    "equal_choices": case(Literal[1, "1"], 1, "x=%221%22", "1"),
    "optional_choice": case(Literal["a", "b", None], "a", "x=", None),
    "enumeration": case(Shape, Shape.ROUND, "x=square", "square", Shape.SQUARE),
    "whole_enumeration": case(Level, Level.LOW, "x=2", 2, Level.HIGH),
    "text_enumeration": case(Tone, Tone.WARM, "x=cold", "cold", Tone.COLD),
    "date": case(dt.date, dt.date(2020, 1, 2), "x=2021-03-04", "2021-03-04", dt.date(2021, 3, 4)),
    "optional_date": case(dt.date | None, dt.date(2020, 1, 2), "x=", None),
    "moment": case(dt.datetime, dt.datetime(2020, 1, 2), "x=2021-03-04T05:06", "2021-03-04T05:06",
                   dt.datetime(2021, 3, 4, 5, 6)),
    "duration": case(dt.timedelta, dt.timedelta(hours=1), "x=PT2S", "PT2S", dt.timedelta(seconds=2)),
    "identity": case(uuid.UUID, uuid.UUID(int=1), f"x={uuid.UUID(int=2)}", str(uuid.UUID(int=2)), uuid.UUID(int=2)),
    "address": case(ipaddress.IPv4Address, ipaddress.IPv4Address("1.1.1.1"), "x=8.8.8.8", "8.8.8.8",
                    ipaddress.IPv4Address("8.8.8.8")),
    "new_type": case(Name, Name("a"), "x=b", "b"),
    "text_subclass": case(Label, Label("a"), "x=b", "b"),
    "strict": case(Annotated[int, Strict()], 1, "x=2", 2),
    "numbers": case(list[float], [1.0, 2.5], "x=3&x=4", [3, 4], [3.0, 4.0]),
    "no_numbers": case(list[float], [], "x=3", [3], [3.0]),
    "numbers_that_go": case(list[float], [1.0], "x=", []),
    "optional_numbers": case(list[float] | None, None, "x=3&x=4", [3, 4], [3.0, 4.0]),
    "optional_numbers_that_go": case(list[float] | None, [1.0], "x:json=[]", []),
    "gaps": case(list[float | None], [1.0, None], "x=&x=2", [None, 2], [None, 2.0]),
    "no_gaps": case(list[float | None] | None, [], "x=", [None]),
    "texts": case(list[str], ["a", ""], "x:json=[]", []),
    "no_texts": case(list[str], [], "x=&x=b", ["", "b"]),
    "optional_texts": case(list[str] | None, [], "x:json=null", None),
    "choices": case(list[Literal["a", "b"]], ["a"], "x=b&x=a", ["b", "a"]),
    "colors": case(list[Color], ["red", "C1"], "x=blue", ["blue"]),
    "sequence": case(Sequence[int], [1], "x=2", [2]),
    "queue": case(deque[int], deque([1]), "x=2&x=3", [2, 3], deque([2, 3])),
    "any_tuple": case(tuple[float, ...], (1.0,), "x=2&x=3", [2, 3], (2.0, 3.0)),
    "pair": case(tuple[float, float], (0.0, 1.0), "x=2&x=3", [2, 3], (2.0, 3.0)),
    "mixed": case(tuple[int, str], (1, "a"), 'x=[2,"b"]', [2, "b"], (2, "b")),
    "matrix": case(list[list[float]], [[1.0], []], "x=[[2],[3,4]]", [[2], [3, 4]], [[2.0], [3.0, 4.0]]),
    "union": case(float | str, "auto", "x=2.5", 2.5),
    "union_as_text": case(float | str, 1.5, "x=wide", "wide"),
    "union_as_quoted_text": case(float | str, "2", 'x="3"', "3"),
    "named_union": case(Literal["auto"] | float, "auto", "x=1.5", 1.5),
    "any_number": case(int | float, 1, "x=1.0", 1.0),
    "anything": case(Any, None, 'x={"a":[1,"b"]}', {"a": [1, "b"]}),
    "json": case(JsonValue, {"a": 1}, "x=[1]", [1]),
    "dictionary": case(dict[str, float], {"a": 1.0}, 'x={"c":2,"b":3}', {"c": 2, "b": 3}, {"c": 2.0, "b": 3.0}),
    "optional_dictionary": case(dict[str, float] | None, {"a": 1.0}, "x=", None),
    "mapping": case(Mapping[str, int], {"a": 1}, "x={}", {}),
    "keys": case(dict[int, str], {1: "a"}, 'x={"2":"b"}', {"2": "b"}, {2: "b"}),
    "chosen_keys": case(dict[Literal["a", "b"], int], {"a": 1}, 'x={"b":2}', {"b": 2}),
    "short_keys": case(dict[Annotated[str, Field(max_length=2)], int], {"a": 1}, 'x={"bb":2}', {"bb": 2}),
    "ordered": case(OrderedDict[str, int], OrderedDict(a=1), 'x={"b":2,"a":1}', {"b": 2, "a": 1},
                    OrderedDict(b=2, a=1)),
    "counted": case(Counter[str], Counter(a=1), 'x={"b":2}', {"b": 2}, Counter(b=2)),
    "model": case(Caption, Caption(), 'x={"text":"y"}', {"text": "y"}, Caption(text="y")),
    "optional_model": case(Caption | None, None, 'x={"text":"y"}', {"text": "y"}, Caption(text="y")),
    "models": case(list[Caption], [Caption()], 'x=[{"size":2}]', [{"size": 2}], [Caption(size=2)]),
    "frozen": case(Frozen, Frozen(), 'x={"text":""}', {"text": ""}, Frozen(text="")),
    "open": case(Open, Open(), 'x={"text":"y","more":1}', {"text": "y", "more": 1}, Open(text="y", more=1)),  # type: ignore[call-arg]
    "tree": case(Tree, Tree(name="a"), 'x={"name":"b","children":[{"name":"c"}]}',
                 {"name": "b", "children": [{"name": "c"}]}, Tree(name="b", children=[Tree(name="c")])),
    "generic": case(Box[str], Box[str](content="a"), 'x={"content":"b"}', {"content": "b"}, Box[str](content="b")),
    "aliased": case(Aliased, Aliased(), 'x={"lineWidth":2}', {"lineWidth": 2}, Aliased(lineWidth=2)),
    "root": case(Words, Words(["a"]), "x=b&x=c", ["b", "c"], Words(["b", "c"])),
    "told_apart": case(Annotated[Cat | Dog, Field(discriminator="kind")], Cat(), 'x={"kind":"dog","tricks":["sit"]}',
                       {"kind": "dog", "tricks": ["sit"]}, Dog(tricks=["sit"])),
    "plain_dataclass": case(Point, Point(), 'x={"label":"q"}', {"label": "q"}, Point(label="q")),
    "slotted_dataclass": case(Slotted, Slotted(), 'x={"label":"q"}', {"label": "q"}, Slotted(label="q")),
    "checked_dataclass": case(Checked, Checked(), 'x={"label":"q"}', {"label": "q"}, Checked(label="q")),
    "named_tuple": case(Span, Span(1.0), 'x=[2,"t"]', [2, "t"], Span(2.0, "t")),
    "typed_dictionary": case(Style, {"width": 1.0}, 'x={"label":"a"}', {"label": "a"}),
    "split": case(Annotated[list[str], BeforeValidator(lambda value: [*value, "end"])], ["a"], "x=b&x=c", ["b", "c"],
                  ["b", "c", "end"]),
    "scaled": case(Annotated[float, AfterValidator(lambda value: value * 2)], 1.0, "x=2", 2, 4.0),
    "array": case(Annotated[list[float], AfterValidator(np.asarray)], [1.0], "x=2&x=3", [2, 3], np.asarray([2.0, 3.0])),
}  # fmt: skip


@catalog.animation
def authored(
    title: str = "$t$",
    currency: Literal["US$ or $US", "EUR"] = "EUR",
    caption: Signed = Signed(),  # noqa: B008
    point: Marked = Marked(),  # noqa: B008
    span: Scaled = Scaled(1.0),  # noqa: B008
    prices: dict[Literal["$p$"] | str, Coin] = {"$p$": Coin.DOLLAR},  # noqa: B006
    words: list[str] = ["$w$"],  # noqa: B006
) -> None:
    """Texts that look like mathematics, written by the author."""
    raise ParameterError("title", " ".join(map(repr, (title, currency, caption, point, span, prices, words))))


def _add(name: str, one: Case) -> None:
    def animation(x: Any = one.default) -> None:
        raise ParameterError("x", repr(x))

    animation.__name__ = animation.__qualname__ = name
    animation.__annotations__ = {"x": one.annotation}
    globals()[name] = catalog.animation(animation)


for _name, _case in CASES.items():
    _add(_name, _case)
