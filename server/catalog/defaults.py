"""The default of a parameter, and the check that requests can carry what the parameter takes."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError, create_model
from pydantic.errors import PydanticUserError

from server.catalog.canonical import canonical
from server.catalog.models import Drawing
from server.catalog.schemas import Schemas, refuse_formats
from server.errors import CatalogError


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
        Its default, or ``...`` if it has none.

    Returns
    -------
    Default or None
        Its default, or None if it has none.

    Raises
    ------
    CatalogError
        They cannot. The message begins with what the parameter is or has.
    """
    fields: Any = {f"{name}_": (annotation, default)}
    try:
        model = create_model("Parameter", __base__=Drawing, **fields)
        schema = model.model_json_schema(schema_generator=Schemas)
    except PydanticUserError as error:
        raise CatalogError(f"has a type that no request can carry: {error.message}") from error
    refuse_formats(schema)
    if default is ...:
        return None
    try:
        value = getattr(model(), f"{name}_")
    except ValidationError as error:
        raise CatalogError(f"has a default that is not valid: {error.errors(include_url=False)[0]['msg']}") from None
    return _from_json(model, schema["properties"][name], name, value)


def _from_json(model: type[BaseModel], schema: Mapping[str, Any], name: str, value: Any) -> Default:
    written = schema.get("default")
    try:
        again = getattr(model.model_validate_json(json.dumps({name: written}, allow_nan=False)), f"{name}_")
    except ValueError:
        again = ...
    if not alike(value, again):
        raise CatalogError("has a default that no request can carry: it is another one as JSON; take another type")
    return Default(written, again)


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
