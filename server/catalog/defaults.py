"""The default of a parameter, and the check that requests can carry what the parameter takes."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError, create_model
from pydantic.errors import PydanticUserError

from server.catalog.canonical import canonical
from server.catalog.models import Parameters
from server.catalog.parameters import Parameter
from server.catalog.schemas import Schemas, refuse_formats
from server.errors import CatalogError, MalformedTextError


@dataclass(frozen=True)
class Default:
    """The default of a parameter.

    Attributes
    ----------
    written : object
        As JSON. It is validated anew for each picture, so that no function can change it for the next one.
    value : object
        As the function receives it.
    """

    written: Any
    value: Any


def checked(name: str, annotation: Any, default: Any) -> Default | None:
    """Check that requests can carry the values of a parameter.

    Parameters
    ----------
    name : str
        Name of the parameter.
    annotation : object
        Its type.
    default : object
        Its default, or ``...`` if it has none; a `Field` of pydantic's says which.

    Returns
    -------
    Default or None
        Its default, or None if it has none.

    Raises
    ------
    CatalogError
        They cannot.
    """
    fields: Any = {f"{name}_": (annotation, default)}
    try:
        model = create_model("Parameter", __base__=Parameters, **fields)
        schema = model.model_json_schema(schema_generator=Schemas)
        refuse_formats(schema)
    except CatalogError as error:
        raise CatalogError(f"parameter {name!r} {error}") from None
    except Exception as error:  # pydantic has many for a type that it cannot take, or whose values are no JSON
        reason = error.message if isinstance(error, PydanticUserError) else error
        raise CatalogError(
            f"parameter {name!r} has a type that no request can carry; take another one: {reason}"
        ) from error
    if name not in schema["properties"]:
        raise CatalogError(f"parameter {name!r} is not said by its own name; leave out an alias, Final and ClassVar")
    field = model.model_fields[f"{name}_"]
    if field.default_factory is not None:
        raise CatalogError(f"parameter {name!r} has a default_factory; write the default itself")
    found = None if field.is_required() else _default(model, schema, name)
    try:
        json.dumps(schema, allow_nan=False)
    except ValueError:
        raise CatalogError(f"parameter {name!r} has a bound, a choice or a default that is not finite") from None
    return found


def _default(model: type[BaseModel], schema: Mapping[str, Any], name: str) -> Default:
    try:
        value = getattr(model(), f"{name}_")
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"]
        raise CatalogError(f"the default of {name!r} is not valid: {message}") from None
    parameter = Parameter(name, schema["properties"][name], schema.get("$defs", {}), required=False)
    written = parameter.default
    again = _read(model, name, written)
    if not alike(value, again):
        raise CatalogError(
            f"the default of {name!r} is another one when it is read from JSON; give {name!r} another type or default"
        )
    if written not in parameter.empty_values and not alike(value, _read_texts(model, parameter)):
        raise CatalogError(
            f"the default of {name!r} is another one when it is read from a form; give {name!r} another type or default"
        )
    return Default(written, again)


def _read(model: type[BaseModel], name: str, written: Any) -> Any:
    """Return the value that JSON stands for; an ellipsis if it is not valid."""
    try:
        return getattr(model.model_validate_json(json.dumps({name: written}, allow_nan=False)), f"{name}_")
    except ValueError:
        return ...


def _read_texts(model: type[BaseModel], parameter: Parameter) -> Any:
    """Return the value that the texts of the default stand for; an ellipsis if it is not valid."""
    try:
        return _read(model, parameter.name, parameter.read(parameter.texts(parameter.default)))
    except MalformedTextError:
        return ...


def alike(one: Any, other: Any) -> bool:
    """Whether two values are of one type and equal."""
    if type(one) is not type(other):
        return False
    with suppress(Exception):  # arrays compare item by item, other types as they like
        if one == other:
            return True
    with suppress(TypeError):
        return bool(canonical(one) == canonical(other))
    return False
