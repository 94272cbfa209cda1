"""From a query or a JSON body to the arguments of an animation's function."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ValidationError

from server.catalog.bounds import Bounds, Place
from server.catalog.canonical import canonical
from server.catalog.parameters import AS_JSON, Parameter, read_json
from server.catalog.sentences import sentences
from server.errors import InvalidParametersError, MalformedBodyError, MalformedTextError

_ECHOED = 64
_REPORTED = 10

Pairs = Iterable[tuple[str, str]]
"""Names and texts; a list is a repeated name."""


@dataclass(frozen=True)
class Values:
    """The values of a picture's parameters.

    Attributes
    ----------
    written : mapping
        What the client wrote, as JSON. A worker process reads the same again.
    arguments : mapping
        The arguments of the function, with the client's texts escaped.
    options : mapping
        The parameters that every picture has.
    """

    written: Mapping[str, Any]
    arguments: Mapping[str, Any]
    options: Mapping[str, Any]

    @cached_property
    def canonical(self) -> list[Any]:
        """What the function and the render receive, as JSON: equal for equal requests, in every process."""
        arguments = [[name, _canonical(value, self.written.get(name))] for name, value in self.arguments.items()]
        return [arguments, canonical(self.options)]

    def json(self) -> str:
        """Return what the client wrote, as a JSON object."""
        return json.dumps(self.written)


def _canonical(value: Any, written: Any) -> Any:
    """Return the canonical form; of a value that has none, what was written for it."""
    try:
        return canonical(value)
    except TypeError:
        return {"written": written}


def written_in_query(parameters: Mapping[str, Parameter], pairs: Pairs) -> dict[str, Any]:
    """Return what a query says, as JSON.

    Parameters
    ----------
    parameters : mapping
        The parameters that have a meaning, by name.
    pairs : Pairs
        The query. The name of a parameter stands with its text, or texts if it takes a list, or else, with `AS_JSON`
        behind it, with the whole value as JSON. Browsers send empty fields beside that, which do not count.

    Raises
    ------
    InvalidParametersError
        A parameter that takes no list is repeated.
    MalformedTextError
        A text has to be JSON, and is not.
    """
    said: dict[str, list[tuple[bool, str]]] = {}
    for name, text in pairs:
        plain = name.removesuffix(AS_JSON)
        whole = plain != name and plain in parameters
        said.setdefault(plain if whole else name, []).append((whole, text.replace("\r\n", "\n")))
    return {name: _read(parameters[name], texts) if name in parameters else None for name, texts in said.items()}


def _read(parameter: Parameter, said: Sequence[tuple[bool, str]]) -> Any:
    wholes = [text for whole, text in said if whole]
    texts = [text for whole, text in said if not whole]
    if wholes and not any(texts):
        texts = []
    if len(wholes) + len(texts) > 1 and (wholes or not parameter.many):
        raise InvalidParametersError([problem((parameter.name,), "is given more than once")])
    if not wholes:
        return parameter.read(texts)
    try:
        return read_json(wholes[0])
    except ValueError as error:
        raise MalformedTextError([problem((parameter.name,), f"must be JSON: {error}")]) from None


def written_in_body(body: bytes) -> dict[str, Any]:
    """Return what a JSON body says: one object, of the same names as a query.

    Raises
    ------
    MalformedBodyError
        The body is not a JSON object, or names a key twice.
    """
    try:
        values = read_json(body.decode("utf-8"))
    except ValueError as error:
        raise MalformedBodyError(f"the body must be one JSON object, in UTF-8: {error}") from error
    if not isinstance(values, dict):
        raise MalformedBodyError("the body must be one JSON object")
    return values


def validated(
    model: type[BaseModel], written: Mapping[str, Any], defaults: Mapping[str, Any], bounds: Bounds
) -> BaseModel:
    """Validate what a client wrote, with the defaults of what it left out, as JSON.

    Raises
    ------
    InvalidParametersError
        A parameter is unknown, too long or not valid.
    """
    known = [field.alias or name for name, field in model.model_fields.items()]
    named = {name: value for name, value in written.items() if name in known}
    refuse([problem(*item) for item in bounds.excesses(named)])
    message = f"is not a parameter of this animation; its parameters are {', '.join(known)}"
    unknown = [problem((name,), message) for name in written if name not in named]
    try:
        valid = model.model_validate_json(json.dumps({**defaults, **named}))
    except ValidationError as error:
        found = sentences(error.errors(include_url=False, include_input=False), named)
        problems = [problem(*item) for item in found[:_REPORTED]]
        raise InvalidParametersError([*problems, *unknown][:_REPORTED]) from None
    refuse(unknown)
    return valid


def refuse(problems: Sequence[Mapping[str, str]]) -> None:
    """Raise an error if there are problems."""
    if problems:
        raise InvalidParametersError(problems[:_REPORTED])


def problem(place: Place, message: str) -> dict[str, str]:
    """Return a problem as the client reads it."""
    return {"field": ".".join(map(str, place))[:_ECHOED], "message": message}
