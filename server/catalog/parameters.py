"""Parameters: the one description of each, from which query, form, pages and OpenAPI document are made."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from server.catalog.schemas import Definitions, JsonSchema, alternatives, choices
from server.errors import MalformedTextError

AS_JSON = ":json"
"""Behind a parameter's name in a query: the text is its whole value, as JSON."""

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_SCALARS = ("number", "integer", "string", "boolean")


class Item:
    """What one text of a query stands for: a parameter's value, or an item of its list.

    Parameters
    ----------
    schema : mapping
        JSON Schema of the value.
    definitions : mapping
        The schemas that it refers to.

    Attributes
    ----------
    kind : str
        ``"number"``, ``"integer"``, ``"text"``, ``"color"``, ``"choice"`` or, for all else, ``"json"``.
    optional : bool
        Whether it may be None.
    choices : mapping of str to object
        The values it may have, by their text; empty if it is no choice.
    schema : mapping
        JSON Schema without null and references; empty if there are several.
    """

    def __init__(self, schema: JsonSchema, definitions: Definitions) -> None:
        parts = list(alternatives(schema, definitions))
        named = choices(parts)
        values = [part for part in parts if part.get("type") != "null"]
        self.optional = len(values) < len(parts) or None in named or any(_is_open(part) for part in parts)
        self.schema: JsonSchema = values[0] if len(values) == 1 else _numbers(values)
        self.choices = _by_text(named) if all("enum" in part or "const" in part for part in values) else {}
        if self.schema.get("type") == "boolean" and not self.choices:
            self.choices = {"true": True, "false": False}
        self.kind = "choice" if self.choices else _KINDS.get(self.schema.get("type", ""), "json")
        if self.schema.get("format") == "color" and self.kind == "text":
            self.kind = "color"
        self._takes_text = self.kind == "text" or any(
            part.get("type") == "string" or {"enum", "const"} & part.keys() or _is_open(part) for part in values
        )

    @property
    def has_empty_text(self) -> bool:
        """Whether an empty text is a value of it, and not the lack of one."""
        if self.kind == "choice":
            return "" in self.choices
        return self.kind == "text" and "format" not in self.schema and not self.schema.get("minLength")

    def read(self, text: str) -> Any:
        """Return the JSON that a text stands for, not yet validated.

        Raises
        ------
        ValueError
            The text has to be JSON, and is not.
        """
        if text == "" and self.optional and not self.has_empty_text:
            return None
        if self.kind == "choice":
            return self.choices.get(text, text)
        if self.kind == "json":
            return self._json(text)
        is_number = self.kind in ("number", "integer") and self.schema.get("format") != "decimal"
        return read_json(text) if is_number and _NUMBER.fullmatch(text) and len(text) <= _DIGITS else text

    def _json(self, text: str) -> Any:
        try:
            return read_json(text)
        except ValueError:
            if self._takes_text and text[:1] not in ("{", "[", '"'):
                return text
            raise

    def text(self, value: Any) -> str:
        """Return the text that stands for a value."""
        if value is None:
            return ""
        if self.kind == "choice":
            return next((text for text, choice in self.choices.items() if _same(choice, value)), str(value))
        if self.kind in ("number", "integer") and isinstance(value, float):
            return f"{value:g}" if float(f"{value:g}") == value else repr(value)
        if isinstance(value, str) and (self.kind != "json" or self._is_read_as_it_is(value)):
            return value
        return json.dumps(value, ensure_ascii=False)

    def _is_read_as_it_is(self, text: str) -> bool:
        try:
            return bool(text) and bool(self._json(text) == text)
        except ValueError:
            return False


class Parameter:
    """One parameter, as queries, forms, pages and the OpenAPI document need it.

    Parameters
    ----------
    name : str
        Name of the property.
    schema : mapping
        Its JSON Schema.
    definitions : mapping
        The schemas that it refers to.
    required : bool
        Whether it is required.

    Attributes
    ----------
    name : str
        The function's name for it.
    many : bool
        Whether it takes a list: the name is repeated in a query.
    item : Item
        What one text of it stands for.
    optional : bool
        Whether it may be None as a whole.
    required : bool
        Whether it has no default.
    default : object
        The default, as JSON; None if there is none.
    description : str
        One line about it.
    schema : mapping
        JSON Schema of what its text or texts in a query say.
    whole : mapping
        JSON Schema of all its values.
    """

    def __init__(self, name: str, schema: JsonSchema, definitions: Definitions, *, required: bool) -> None:
        whole = Item(schema, definitions)
        items = _items(whole.schema) if whole.kind == "json" else None
        inner = Item(items, definitions) if items is not None else whole
        self.name = name
        self.many = items is not None and inner.kind != "json"
        self.item = inner if self.many else whole
        self.optional = whole.optional
        self.required = required
        self.default = schema.get("default")
        self.description = schema.get("description", "")
        self.schema = _without_null(schema)
        self.whole = schema

    @property
    def kind(self) -> str:
        """What one text of it is, as in `Item`."""
        return self.item.kind

    @property
    def choices(self) -> Mapping[str, Any]:
        """The values that it, or an item of its list, may have, by their text."""
        return self.item.choices

    @property
    def takes(self) -> str:
        """What it takes, in words."""
        item = self.item
        kind = " or ".join(item.choices) if item.choices else _WORDS[item.kind]
        kind = item.schema.get("format", kind) if item.kind == "text" else kind
        return " ".join(["list of" if self.many else "", kind, self.bounds]).strip()

    @property
    def bounds(self) -> str:
        """The bounds of a number, in words."""
        schema = self.item.schema
        return " ".join(f"{word} {_number(schema[name])}" for name, word in _BOUNDS.items() if name in schema)

    @property
    def in_words(self) -> str:
        """What it takes, its default and what it is for, in one line."""
        default = "required" if self.required else "" if self.default is None else f"default {_plain(self.default)}"
        return ". ".join(filter(None, (", ".join(filter(None, (self.takes, default))), self.description)))

    def read(self, texts: Sequence[str]) -> Any:
        """Return the JSON that the texts of a query stand for, not yet validated.

        Raises
        ------
        MalformedTextError
            A text has to be JSON, and is not.
        """
        try:
            if not self.many:
                return self.item.read(texts[0])
            if list(texts) == [""] and not self.item.optional and not self.item.has_empty_text:
                return None if self.optional else []
            return [self.item.read(text) for text in texts]
        except ValueError as error:
            raise MalformedTextError([{"field": self.name, "message": f"must be JSON: {error}"}]) from None

    def texts(self, value: Any) -> list[str]:
        """Return texts that stand for a value; one that is empty if there are none that do."""
        if self.many and isinstance(value, list):
            return [self.item.text(item) for item in value] or [""]
        return [self.item.text(value)]

    @property
    def empty_values(self) -> list[Any]:
        """Values, of None and an empty list, that no texts stand for: a query says them as JSON."""
        values: list[Any] = [None] * self.optional + [[]] * self.many
        return [value for value in values if self.read([""]) != value]


_KINDS = {"number": "number", "integer": "integer", "string": "text"}
_WORDS = {"number": "number", "integer": "whole number", "text": "text", "color": "color", "json": "JSON"}
_DIGITS = 640
"""Digits of a whole number that is read from JSON: as many as Python reads whatever its settings are."""
_EXACT = 1e15
"""Whole numbers below it are written digit by digit."""
_BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "below"}


def parameters_of(schema: JsonSchema, definitions: Definitions) -> dict[str, Parameter]:
    """Read the JSON Schema of a model; return its parameters by name."""
    required = schema.get("required", ())
    return {
        name: Parameter(name, part, definitions, required=name in required)
        for name, part in schema["properties"].items()
    }


def read_json(text: str) -> Any:
    """Read JSON without repeated keys, NaN, infinities and halves of characters.

    Raises
    ------
    ValueError
        It is none.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("it has too many levels") from None
    except UnicodeEncodeError:
        raise ValueError("it has a surrogate alone, which is half of a character") from None
    return value


def _is_open(schema: JsonSchema) -> bool:
    """Whether a schema takes any value."""
    return not {"type", "enum", "const"} & schema.keys()


def _items(schema: JsonSchema) -> JsonSchema | None:
    """Return the schema that all items of an array have; None if there is no such array."""
    first = schema.get("prefixItems", ())
    if schema.get("type") != "array" or any(part != first[0] for part in first):
        return None
    return first[0] if first else schema.get("items")


def _numbers(schemas: Sequence[JsonSchema]) -> JsonSchema:
    types = {part.get("type") for part in schemas}
    return {"type": "number"} if types == {"integer", "number"} else {}


def _by_text(values: Sequence[Any]) -> dict[str, Any]:
    values = [value for value in values if value is not None]
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    if len(set(texts)) < len(texts):
        texts = [json.dumps(value) for value in values]
    return dict(zip(texts, values, strict=True))


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, int) or (value.is_integer() and abs(value) < _EXACT) else f"{value:g}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def _without_null(schema: JsonSchema) -> JsonSchema:
    """Leave out null, which a query says by other means than the text "null"."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
        return _without_null({**options[0], **rest})
    if "items" in schema:
        return {**schema, "items": _without_null(schema["items"])}
    return schema


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is repeated")
    return values


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"a number has more than {_DIGITS} digits")
    return int(text)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
