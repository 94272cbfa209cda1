"""Parameters: the one description of each, and how a query or a JSON body is read with it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema, ErrorDetails

from server.catalog.bounds import Bounds, Place
from server.errors import InvalidParametersError, MalformedBodyError

_ECHOED = 64
_REPORTED = 10

Pairs = Iterable[tuple[str, str]]
"""Names and texts; a list is a repeated name."""

JsonSchema = Mapping[str, Any]


class Untitled(GenerateJsonSchema):
    """Writes JSON Schema without a title for each property."""

    def field_title_should_be_set(self, schema: CoreSchema | Any) -> bool:
        """Whether a property gets a title."""
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
    is_list : bool
        Whether it takes a list: the key is repeated in a query.
    optional : bool
        Whether it, or an item of its list, may be empty, which the function sees as None.
    required : bool
        Whether it has no default.
    choices : mapping of str to object
        The values it may take, by their text; empty if it is not a choice.
    default : object
        The default, as JSON; None if there is none.
    description : str
        One line about it.
    item : mapping
        JSON Schema of its value, or of an item of its list, without null and references.
    schema : mapping
        JSON Schema of all that a query can say.
    """

    def __init__(self, name: str, schema: JsonSchema, definitions: Mapping[str, JsonSchema], *, required: bool) -> None:
        item = _followed(schema, definitions)
        self.is_list = item.get("type") == "array"
        if self.is_list:
            item = _followed(item.get("items") or next(iter(item.get("prefixItems", ())), {}), definitions)
        options = item.get("anyOf", ())
        values = [option for option in options if option.get("type") != "null"]
        if values:
            item = _followed(values[0], definitions)
        self.name = name
        self.optional = len(values) < len(options)
        self.required = required
        self.choices = _choices(item) if len(values) < 2 else {}
        self.default = schema.get("default")
        self.description = schema.get("description", "")
        self.item = item
        self.schema = _without_null(schema)

    @property
    def in_words(self) -> str:
        """What it takes, its default and what it is for, in one line."""
        kind = " or ".join(self.choices) if self.choices else _KINDS.get(self.item.get("type", ""), "JSON")
        kind = self.item.get("format", kind) if kind == "text" else kind
        bounds = [f"{word} {self.item[name]:g}" for name, word in _BOUNDS.items() if name in self.item]
        takes = " ".join(["list of" if self.is_list else "", kind, *bounds]).strip()
        default = "required" if self.required else "" if self.default is None else f"default {_plain(self.default)}"
        return ". ".join(filter(None, (", ".join(filter(None, (takes, default))), self.description)))

    def read(self, texts: Sequence[str]) -> Any:
        """Return the value of the texts of a query, not yet validated."""
        items = [self._read(text) for text in texts]
        return items if self.is_list else items[0]

    def _read(self, text: str) -> Any:
        return None if self.optional and text == "" else self.choices.get(text, text)


_KINDS = {"number": "number", "integer": "whole number", "string": "text"}
_BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "below"}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def parameters_of(schema: JsonSchema, definitions: Mapping[str, JsonSchema]) -> dict[str, Parameter]:
    """Read the JSON Schema of a model; return its parameters by name."""
    required = schema.get("required", ())
    return {
        name: Parameter(name, part, definitions, required=name in required)
        for name, part in schema["properties"].items()
    }


def read_pairs(model: type[BaseModel], parameters: Mapping[str, Parameter], pairs: Pairs, bounds: Bounds) -> BaseModel:
    """Validate a query.

    Parameters
    ----------
    model : type of BaseModel
        What to make of it.
    parameters : mapping
        The parameters that have a meaning, by name.
    pairs : Pairs
        The query.
    bounds : Bounds
        How much may be written.

    Raises
    ------
    InvalidParametersError
        A parameter is unknown, repeated without being a list, too long or not valid.
    """
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    repeated = [name for name in texts if len(texts[name]) > 1 and name in parameters and not parameters[name].is_list]
    if repeated:
        raise InvalidParametersError([_problem((name,), "is given more than once") for name in repeated])
    values = {name: parameters[name].read(items) if name in parameters else items[0] for name, items in texts.items()}
    return _validated(model, values, bounds)


def read_json(model: type[BaseModel], body: bytes, bounds: Bounds) -> BaseModel:
    """Validate a JSON body: one object, of the same names as a query.

    Raises
    ------
    MalformedBodyError
        The body is not a JSON object, or names a key twice.
    InvalidParametersError
        A parameter is unknown, too long or not valid.
    """
    try:
        values = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedBodyError("the body must be one JSON object, in UTF-8, without repeated keys") from error
    if not isinstance(values, dict):
        raise MalformedBodyError("the body must be one JSON object")
    return _validated(model, values, bounds)


def _followed(schema: JsonSchema, definitions: Mapping[str, JsonSchema]) -> JsonSchema:
    """Follow a reference."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def _choices(schema: JsonSchema) -> dict[str, Any]:
    if "enum" in schema or "const" in schema:
        return {str(value): value for value in schema.get("enum") or [schema["const"]]}
    return {"true": True, "false": False} if schema.get("type") == "boolean" else {}


def _without_null(schema: JsonSchema) -> JsonSchema:
    """Leave out null: a query cannot say it but by leaving the parameter out, or empty."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
        return _without_null({**options[0], **rest})
    if "items" in schema:
        return {**schema, "items": _without_null(schema["items"])}
    return schema


def _validated(model: type[BaseModel], values: Mapping[str, Any], bounds: Bounds) -> BaseModel:
    _refuse_excesses(values, bounds)
    try:
        valid = model.model_validate(values)
    except ValidationError as error:
        items = error.errors(include_url=False, include_input=False, include_context=False)
        known = [field.alias or name for name, field in model.model_fields.items()]
        problems = [_problem(item["loc"], _message(item, known)) for item in items[:_REPORTED]]
        raise InvalidParametersError(problems) from None
    _refuse_excesses(valid.model_dump(mode="json", by_alias=True), bounds)
    return valid


def _refuse_excesses(values: Mapping[str, Any], bounds: Bounds) -> None:
    problems = [_problem(place, message) for place, message in bounds.excesses(values)]
    if problems:
        raise InvalidParametersError(problems[:_REPORTED])


def _problem(place: Place, message: str) -> dict[str, str]:
    return {"field": ".".join(map(str, place))[:_ECHOED], "message": message}


def _message(item: ErrorDetails, known: Iterable[str]) -> str:
    if item["type"] == "extra_forbidden" and len(item["loc"]) == 1:
        return f"is not a parameter of this animation; its parameters are {', '.join(known)}"
    return item["msg"].removeprefix("Value error, ")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is repeated")
    return values


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
