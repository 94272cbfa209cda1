"""A client's texts as data: one walk over a validated value escapes them, and checks their bounds.

matplotlib draws a text between two dollar signs as mathematics. An escaped one is drawn as it is. What the author of
the animation wrote stays as it is: defaults of what the client left out, and choices.
"""

import copy
import dataclasses
from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping
from enum import Enum
from functools import cached_property
from operator import is_
from typing import Any

import numpy as np
from pydantic import AliasChoices, BaseModel, RootModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from server.catalog.bounds import Bounds, Place, Problem
from server.catalog.canonical import ATOMS
from server.catalog.defaults import alike
from server.catalog.schemas import Definitions, JsonSchema, alternatives, choices

UNKNOWN: Any = object()
"""Stands for what the client wrote where that cannot be told, so that all counts as the client's."""

_DOLLAR = "must not have a dollar sign"


class Escaping:
    """The walk over the value of one parameter.

    Parameters
    ----------
    definitions : mapping
        The schemas that others refer to.
    bounds : Bounds
        How much may be written.
    dollars : bool
        Whether the client wrote a dollar sign anywhere. A value of an unknown type is refused then.

    Attributes
    ----------
    problems : list of Problem
        What is wrong with the values.
    """

    def __init__(self, definitions: Definitions, bounds: Bounds, *, dollars: bool) -> None:
        self.problems: list[Problem] = []
        self._definitions = definitions
        self._bounds = bounds
        self._dollars = dollars

    def value(self, value: Any, written: Any, schemas: Iterable[JsonSchema], place: Place) -> Any:
        """Return a value with its texts escaped.

        Parameters
        ----------
        value : object
            The validated value, which is not changed.
        written : object
            The JSON that the client wrote for it, or `UNKNOWN`.
        schemas : iterable of mapping
            JSON Schemas, one of which it fits.
        place : Place
            Where it stands.
        """
        schemas = [part for schema in schemas for part in alternatives(schema, self._definitions)]
        match value:
            case Enum() | None | bool():
                return value
            case str():
                return self._text(value, choices(schemas), place)
            case BaseModel():
                return self._model(value, written, schemas, place)
            case dict():
                return self._dictionary(value, written, schemas, place)
            case list() | tuple() | deque() | set() | frozenset():
                return self._items(value, written, schemas, place)
            case np.ndarray() if value.dtype.kind in "biuf":
                return value
        if isinstance(value, (int, float, *ATOMS)):
            self.problems += self._bounds.flaws(value, place)
        elif dataclasses.is_dataclass(value):
            return self._dataclass(value, written, schemas, place)
        elif self._dollars:
            self.problems.append((place, _DOLLAR))
        return value

    def _text(self, text: str, chosen: list[Any], place: Place) -> str:
        if text in chosen:
            return text
        self.problems += self._bounds.flaws(text, place)
        return self._copied(text, lambda: type(text)(text.replace("$", r"\$")), place) if "$" in text else text

    def _items(self, items: Any, written: Any, schemas: list[JsonSchema], place: Place) -> Any:
        size = len(items)
        self._count(size, place)
        if isinstance(written, dict) and hasattr(items, "_fields"):
            written = [written.get(name, _LEFT_OUT) for name in items._fields]
        parts = written if isinstance(written, list) else [UNKNOWN] * size
        defaults = getattr(items, "_field_defaults", {})
        if defaults:
            parts = [*parts, *[_LEFT_OUT] * (size - len(parts))]
        elif len(parts) != size:
            parts = [UNKNOWN] * size
        values = [
            item
            if part is _LEFT_OUT and alike(item, defaults.get(items._fields[index], UNKNOWN))
            else self.value(item, part, _item(schemas, index), (*place, index))
            for index, (item, part) in enumerate(zip(items, parts, strict=False))
        ]
        if all(map(is_, items, values)):
            return items
        return self._copied(items, lambda: _rebuilt(items, values), place)

    def _copied(self, value: Any, copy: Callable[[], Any], place: Place) -> Any:
        """Return the escaped copy of a value; refuse the value if its class, an author's, makes none."""
        try:
            return copy()
        except Exception:
            self.problems.append((place, _DOLLAR))
            return value

    def _dictionary(self, value: Any, written: Any, schemas: list[JsonSchema], place: Place) -> Any:
        self._count(len(value), place)
        written = written if isinstance(written, dict) else {}
        keys = [part for schema in schemas for part in _parts(schema, "propertyNames")]
        named = {name for schema in schemas for name in schema.get("properties", ())}
        pairs = []
        for key, item in value.items():
            inner = (*place, str(key))
            name = key if key in named else self.value(key, UNKNOWN, keys, inner)
            pairs.append((name, self.value(item, written.get(key, UNKNOWN), _property(schemas, key), inner)))
        escaped = dict(pairs)
        if len(escaped) < len(pairs):
            self.problems.append((place, "has two keys that are equal when their dollar signs are escaped"))
        result = copy.copy(value)
        result.clear()
        result.update(escaped)
        return result

    def _model(self, value: BaseModel, written: Any, schemas: list[JsonSchema], place: Place) -> BaseModel:
        result = value.model_copy()
        for name, field in type(value).model_fields.items():
            item = value.__dict__[name]
            if name in value.model_fields_set or not alike(item, _default(field)):
                if isinstance(value, RootModel):
                    result.__dict__[name] = self.value(item, written, schemas, place)
                else:
                    known = _name(field, name)
                    part = _written(field, name, written)
                    result.__dict__[name] = self.value(item, part, _property(schemas, known), (*place, known))
        for hidden in ("__pydantic_extra__", "__pydantic_private__"):
            if more := getattr(value, hidden):
                object.__setattr__(result, hidden, self._dictionary(more, written, [], place))
        self._others(result, type(value).model_fields, place)
        return result

    def _dataclass(self, value: Any, written: Any, schemas: list[JsonSchema], place: Place) -> Any:
        result = copy.copy(value)
        described = getattr(value, "__pydantic_fields__", {})
        for field in dataclasses.fields(value):
            more = described.get(field.name, field)
            known = _name(more, field.name)
            item = getattr(value, field.name)
            part = _written(more, field.name, written)
            if part is not _LEFT_OUT or not alike(item, _default(more)):
                escaped = self.value(item, part, _property(schemas, known), (*place, known))
                object.__setattr__(result, field.name, escaped)
        self._others(result, {field.name for field in dataclasses.fields(value)}, place)
        return result

    def _others(self, result: Any, fields: Container[str], place: Place) -> None:
        """Escape what an object has beside its fields, and forget what it has computed from them."""
        attributes = getattr(result, "__dict__", {})
        for name in [name for name in attributes if name not in fields]:
            if isinstance(getattr(type(result), name, None), cached_property):
                del attributes[name]
            else:
                attributes[name] = self.value(attributes[name], UNKNOWN, (), (*place, name))

    def _count(self, size: int, place: Place) -> None:
        if size > self._bounds.items:
            self.problems.append((place, f"must have at most {self._bounds.items} items"))


_LEFT_OUT: Any = object()


def _default(field: "FieldInfo | dataclasses.Field[Any]") -> Any:
    """Return the default that the author wrote, or `UNKNOWN` if there is none or it is made from other fields."""
    if isinstance(field, FieldInfo):
        if field.default_factory_takes_validated_data:
            return UNKNOWN
        default = field.get_default(call_default_factory=True)
        return UNKNOWN if default is PydanticUndefined else default
    if isinstance(field.default, FieldInfo):
        return _default(field.default)
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return UNKNOWN if field.default is dataclasses.MISSING else field.default


def _name(field: "FieldInfo | dataclasses.Field[Any]", name: str) -> str:
    """Return the name by which a field is described."""
    alias = (field.validation_alias or field.alias) if isinstance(field, FieldInfo) else None
    return alias if isinstance(alias, str) else name


def _written(field: "FieldInfo | dataclasses.Field[Any]", name: str, written: Any) -> Any:
    """Return what was written for a field, which may have several names."""
    if not isinstance(written, dict):
        return UNKNOWN
    alias = field.validation_alias if isinstance(field, FieldInfo) else None
    if alias is None or isinstance(alias, str):
        return written.get(_name(field, name), written.get(name, _LEFT_OUT))
    paths = alias.convert_to_aliases() if isinstance(alias, AliasChoices) else [alias.convert_to_aliases()]
    return UNKNOWN if {name, *(path[0] for path in paths)} & written.keys() else _LEFT_OUT


def _parts(schema: JsonSchema, name: str) -> list[JsonSchema]:
    part = schema.get(name)
    return [part] if isinstance(part, Mapping) else []


def _property(schemas: Iterable[JsonSchema], name: Any) -> list[JsonSchema]:
    """Return the schemas of one value of an object."""
    return [
        part
        for schema in schemas
        for part in (_parts(schema.get("properties", {}), name) or _parts(schema, "additionalProperties"))
    ]


def _item(schemas: Iterable[JsonSchema], index: int) -> list[JsonSchema]:
    """Return the schemas of one item of an array."""
    found: list[JsonSchema] = []
    for schema in schemas:
        first = schema.get("prefixItems", ())
        found += [first[index]] if index < len(first) else _parts(schema, "items")
    return found


def _rebuilt(items: Any, values: list[Any]) -> Any:
    """Return a container of the same type with other items."""
    if hasattr(items, "_fields"):
        return items._make(values)
    if isinstance(items, deque):
        return type(items)(values, items.maxlen)
    return type(items)(values)
