"""What a page needs to know to show a form for the parameters of an animation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.colors import to_hex

from server.catalog.entries import Entry, Parameter

__all__ = ["Control", "controls"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """One parameter as a form shows it.

    Attributes
    ----------
    name : str
        The key in the query.
    label : str
        What stands beside it.
    kind : str
        ``"number"``, ``"text"``, ``"color"`` or ``"select"``.
    values : tuple of str
        The default: one text, or as many as a list has items. Empty if there is none.
    many : bool
        Whether more can be added.
    required : bool
        Whether it must be filled.
    choices : tuple of str
        What a select offers.
    attributes : mapping of str to object
        ``min``, ``max``, ``step``, ``maxlength``.
    help : str
        One line about it.
    """

    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    many: bool
    required: bool
    choices: tuple[str, ...]
    attributes: Mapping[str, Any]
    help: str


def controls(entry: Entry, *, own: bool) -> list[Control]:
    """Give the controls of an animation.

    Parameters
    ----------
    entry : Entry
        The animation.
    own : bool
        Those of its own parameters, or those that every animation has.
    """
    schema = entry.playback.model_json_schema()
    required = schema.get("required", ())
    names = [name for name in schema["properties"] if (name in entry.own) == own]
    return [
        _control(entry.parameters[name], schema["properties"][name], schema.get("$defs", {}), name in required)
        for name in names
    ]


def _control(parameter: Parameter, schema: Mapping[str, Any], shared: Mapping[str, Any], required: bool) -> Control:
    item = _flat(schema, shared)
    if parameter.many:
        item = _flat(item.get("items") or (item.get("prefixItems") or [{}])[0], shared)
    kind = _kind(parameter, item)
    default = schema.get("default")
    values = default if parameter.many and default is not None else [] if default is None else [default]
    return Control(
        name=parameter.name,
        label=parameter.name.replace("_", " "),
        kind=kind,
        values=tuple(_text(value, kind) for value in values),
        many=parameter.many,
        required=required,
        choices=tuple(parameter.choices),
        attributes=_attributes(item, kind),
        help=schema.get("description", ""),
    )


def _flat(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, and look past the null of an optional value."""
    if "$ref" in schema:
        schema = shared[schema["$ref"].rpartition("/")[2]]
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    return _flat(options[0], shared) if options else schema


def _kind(parameter: Parameter, schema: Mapping[str, Any]) -> str:
    if parameter.choices:
        return "select"
    if schema.get("format") == "color":
        return "color"
    return "number" if schema.get("type") in ("number", "integer") else "text"


def _text(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if kind == "color":
        return to_hex(value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def _attributes(schema: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if kind == "text":
        return {"maxlength": schema["maxLength"]} if "maxLength" in schema else {}
    if kind != "number":
        return {}
    attributes = {"step": 1 if schema.get("type") == "integer" else "any"}
    for bound, attribute in (("minimum", "min"), ("maximum", "max"), ("exclusiveMaximum", "max")):
        if bound in schema:
            attributes[attribute] = schema[bound]
    return attributes
