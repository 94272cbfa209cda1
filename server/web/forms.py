"""Parameters as a form shows them."""

from collections.abc import Mapping
from typing import Any

from matplotlib.colors import to_hex

from server.catalog.entries import Entry
from server.catalog.models import Drawing, Playback, Still
from server.catalog.parameters import Parameter


class Control:
    """One parameter as a form shows it.

    Attributes
    ----------
    parameter : Parameter
        The parameter.
    label : str
        The text beside it.
    kind : str
        ``"number"``, ``"text"``, ``"color"`` or ``"select"``.
    values : tuple of str
        The default: one text, or one for each item of a list. Empty if there is none.
    attributes : mapping of str to object
        ``min``, ``max``, ``step``, ``maxlength``.
    only : str
        ``"animation"`` or ``"still"`` if only the one or the other has it, else empty.
    """

    def __init__(self, parameter: Parameter) -> None:
        default = parameter.default
        values = default if parameter.is_list and default is not None else [] if default is None else [default]
        self.parameter = parameter
        self.label = parameter.name.replace("_", " ")
        self.kind = _kind(parameter)
        self.values = tuple(_text(value, self.kind) for value in values)
        self.attributes = _attributes(parameter.item, self.kind)
        self.only = _ONLY.get(parameter.name, "")


_ONLY = dict.fromkeys(set(Playback.model_fields) - set(Drawing.model_fields), "animation")
_ONLY |= dict.fromkeys(set(Still.model_fields) - set(Drawing.model_fields), "still")


def controls(entry: Entry) -> tuple[list[Control], list[Control]]:
    """Return the controls of the function's parameters, and of those that every animation has."""
    common = [name for name in entry.parameters if name not in entry.arguments]
    arguments, rest = ([Control(entry.parameters[name]) for name in names] for names in (entry.arguments, common))
    return arguments, rest


def _kind(parameter: Parameter) -> str:
    if parameter.choices:
        return "select"
    if parameter.item.get("format") == "color":
        return "color"
    return "number" if parameter.item.get("type") in ("number", "integer") else "text"


def _text(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if kind == "color":
        return to_hex(value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def _attributes(schema: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if kind not in ("number", "text"):
        return {}
    step = {"step": 1 if schema.get("type") == "integer" else "any"} if kind == "number" else {}
    return step | {_ATTRIBUTES[bound]: schema[bound] for bound in _ATTRIBUTES if bound in schema}


_ATTRIBUTES = {"minimum": "min", "maximum": "max", "exclusiveMaximum": "max", "maxLength": "maxlength"}
