"""From a query or a JSON body to validated values and the key that names the answer."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from multidict import MultiMapping
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from server.catalog.entries import Entry

__all__ = ["Bounds", "InvalidParametersError", "MalformedBodyError", "cache_key", "read_json", "read_query"]

_LARGEST_INTEGER = 2**63
_ECHOED = 64
_REPORTED = 10


class InvalidParametersError(Exception):
    """Parameters are unknown or not valid.

    Attributes
    ----------
    problems : list of dict
        ``{"field": ..., "message": ...}`` for each.
    """

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__(f"{len(problems)} invalid parameters")
        self.problems = problems


class MalformedBodyError(Exception):
    """The body is not a JSON object."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How much a client may write, whatever the types of the parameters allow.

    Attributes
    ----------
    text : int
        Characters of a text.
    items : int
        Items of a list.
    """

    text: int = 200
    items: int = 1000


def read_query(entry: Entry, model: type[BaseModel], query: MultiMapping[str], bounds: Bounds) -> BaseModel:
    """Validate a query.

    Parameters
    ----------
    entry : Entry
        The animation that is asked for.
    model : type of BaseModel
        ``entry.playback`` or ``entry.still``.
    query : MultiMapping
        Keys and texts; a list is a repeated key.
    bounds : Bounds
        How much may be written.

    Raises
    ------
    InvalidParametersError
        A parameter is unknown, repeated without being a list, too long or not valid.
    """
    values: dict[str, Any] = {}
    repeated = []
    for name in dict.fromkeys(query):
        texts = query.getall(name)
        parameter = entry.parameters.get(name)
        if parameter is None:
            values[name] = texts[0]
        elif len(texts) > 1 and not parameter.many:
            repeated.append(_problem((name,), "is given more than once"))
        else:
            values[name] = parameter.read(texts)
    if repeated:
        raise InvalidParametersError(repeated)
    return _validate(model, values, bounds)


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
    return _validate(model, values, bounds)


def cache_key(*parts: str, values: BaseModel) -> str:
    """Give the name of an answer: the same for requests that mean the same.

    Parameters
    ----------
    *parts : str
        What else decides over the bytes: versions, name, format.
    values : BaseModel
        Validated parameters; those left out count with their defaults.

    Returns
    -------
    str
        A SHA-256 digest in hexadecimal.
    """
    canonical = json.dumps([*parts, values.model_dump(mode="json", by_alias=True)], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _validate(model: type[BaseModel], values: Mapping[str, Any], bounds: Bounds) -> BaseModel:
    _refuse_excesses(values, bounds)
    try:
        valid = model.model_validate(values)
    except ValidationError as error:
        items = error.errors(include_url=False, include_input=False, include_context=False)
        raise InvalidParametersError([_problem(item["loc"], _message(item)) for item in items[:_REPORTED]]) from None
    _refuse_excesses(valid.model_dump(mode="json", by_alias=True), bounds)
    return valid


def _refuse_excesses(values: Mapping[str, Any], bounds: Bounds) -> None:
    problems = [_problem(where, message) for where, message in _excesses((), values, bounds)]
    if problems:
        raise InvalidParametersError(problems[:_REPORTED])


def _excesses(where: tuple[int | str, ...], value: Any, bounds: Bounds) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Find what is too long or too large, or not text."""
    if isinstance(value, str):
        if len(value) > bounds.text:
            yield where, f"must have at most {bounds.text} characters"
        elif any(category(character) in ("Cc", "Cs") for character in value if character != "\n"):
            yield where, "must not have control characters"
    elif isinstance(value, int):
        if abs(value) >= _LARGEST_INTEGER:
            yield where, "is too large a number"
    elif isinstance(value, list | dict):
        if len(value) > bounds.items:
            yield where, f"must have at most {bounds.items} items"
            return
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            yield from _excesses((*where, key), item, bounds)


def _problem(where: tuple[int | str, ...], message: str) -> dict[str, str]:
    return {"field": ".".join(map(str, where))[:_ECHOED], "message": message}


def _message(item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        return "is not a parameter of this animation"
    return item["msg"].removeprefix("Value error, ")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is repeated")
    return values


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
