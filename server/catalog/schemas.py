"""JSON Schemas of parameters, and the types that a parameter cannot have."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, JsonSchemaWarningKind
from pydantic_core import CoreSchema, core_schema

from server.errors import CatalogError

JsonSchema = Mapping[str, Any]
Definitions = Mapping[str, JsonSchema]
"""The schemas that other schemas refer to, by name."""

_NAME_OF_A_CHOICE = "take a Literal or an Enum, and look up in the function what it stands for"

_REFUSED_FORMATS = {
    **dict.fromkeys(("path", "file-path", "directory-path"), f"a path; {_NAME_OF_A_CHOICE}"),
    "password": "a secret, which would stand in addresses; take it from the environment of the server",
    "regex": f"a pattern; {_NAME_OF_A_CHOICE}",
    "fraction": "a fraction; take a float or two integers",
}


class Schemas(GenerateJsonSchema):
    """Writes JSON Schema without a title for each property; refuses types that a request cannot carry safely."""

    def field_title_should_be_set(self, schema: CoreSchema | Any) -> bool:
        """Whether a property gets a title."""
        return False

    def emit_warning(self, kind: JsonSchemaWarningKind, detail: str) -> None:
        """Refuse a type or a default that JSON cannot say."""
        if kind == "non-serializable-default":
            raise CatalogError("has a default that JSON cannot say; write it in numbers, texts, lists and dictionaries")
        _refuse(f"nothing that JSON Schema can describe ({detail}); take another type")

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Describe a dictionary, and its keys also where they are of several types."""
        described = super().dict_schema(schema)
        keys = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        return {**described, "propertyNames": keys} if "anyOf" in keys else described

    def set_schema(self, schema: core_schema.SetSchema) -> JsonSchemaValue:
        """Refuse a set."""
        _refuse("a set, whose order is another one in each process; take a list")

    def frozenset_schema(self, schema: core_schema.FrozenSetSchema) -> JsonSchemaValue:
        """Refuse a set."""
        _refuse("a set, whose order is another one in each process; take a tuple")

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        """Refuse bytes."""
        _refuse("bytes; take a str, and encode it in the function")

    def url_schema(self, schema: core_schema.UrlSchema) -> JsonSchemaValue:
        """Refuse an address."""
        _refuse(f"an address; {_NAME_OF_A_CHOICE}")

    def multi_host_url_schema(self, schema: core_schema.MultiHostUrlSchema) -> JsonSchemaValue:
        """Refuse an address."""
        _refuse(f"an address; {_NAME_OF_A_CHOICE}")

    def json_schema(self, schema: core_schema.JsonSchema) -> JsonSchemaValue:
        """Refuse JSON inside of a text."""
        _refuse("JSON inside of a text; take the type inside of Json[...] itself")

    def generator_schema(self, schema: core_schema.GeneratorSchema) -> JsonSchemaValue:
        """Refuse an iterator, whose items are validated when they are read."""
        _refuse("an iterable that is validated when it is read; take a list")

    def is_subclass_schema(self, schema: core_schema.IsSubclassSchema) -> JsonSchemaValue:
        """Refuse a class."""
        _refuse(f"a class; {_NAME_OF_A_CHOICE}")

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """Refuse an Enum whose values JSON cannot say."""
        if not all(isinstance(member.value, str | int | float | None) for member in schema["members"]):
            _refuse("an Enum whose values are no texts or numbers; give its members texts as values")
        return super().enum_schema(schema)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Describe a decimal as a number; by its format, a query's text is taken digit by digit."""
        bounds = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
        limits = {bounds[name]: float(value) for name, value in schema.items() if name in bounds}  # type: ignore[arg-type]
        return {"type": "number", "format": "decimal", **limits}


def refuse_formats(schema: Any) -> None:
    """Refuse types that only the format of their schema shows.

    Raises
    ------
    CatalogError
        The schema, or a part of it, describes such a type.
    """
    if isinstance(schema, list):
        for part in schema:
            refuse_formats(part)
    if isinstance(schema, dict):
        if schema.get("type") == "string" and (what := _REFUSED_FORMATS.get(schema.get("format", ""))):
            _refuse(what)
        for name, part in schema.items():
            if name not in ("default", "enum", "const", "examples"):
                refuse_formats(part)


def _refuse(what: str) -> NoReturn:
    raise CatalogError(f"is {what}")


def followed(schema: JsonSchema, definitions: Definitions) -> JsonSchema:
    """Follow references; what stands beside one is kept."""
    while "$ref" in schema:
        beside = {name: part for name, part in schema.items() if name != "$ref"}
        schema = {**definitions[schema["$ref"].rpartition("/")[2]], **beside}
    return schema


def alternatives(schema: JsonSchema, definitions: Definitions) -> Iterator[JsonSchema]:
    """Yield the schemas, one of which a value fits, without unions and references."""
    schema = followed(schema, definitions)
    inner = [part for name in ("anyOf", "oneOf", "allOf") for part in schema.get(name, ())]
    if not inner:
        yield schema
    for part in inner:
        yield from alternatives(part, definitions)


def choices(schemas: Iterable[JsonSchema]) -> list[Any]:
    """Return the values that the schemas name one by one."""
    return [value for schema in schemas for value in schema.get("enum", [schema["const"]] if "const" in schema else [])]
