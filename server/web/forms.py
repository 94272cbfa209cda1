"""Parameters as a form shows them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.colors import is_color_like, to_hex

from server.catalog.entries import Entry
from server.catalog.models import Drawing, Playback, Still
from server.catalog.parameters import AS_JSON, Parameter


@dataclass(frozen=True)
class Empty:
    """A value that no text of a field stands for; a box to tick says it.

    Attributes
    ----------
    label : str
        The text beside the box.
    value : str
        The value, as JSON.
    checked : bool
        Whether it is the default.
    """

    label: str
    value: str
    checked: bool


class Control:
    """One parameter as a form shows it.

    Attributes
    ----------
    parameter : Parameter
        The parameter.
    label : str
        The text beside it.
    kind : str
        ``"number"``, ``"text"``, ``"color"``, ``"select"``, or ``"area"`` for JSON and for texts of several lines.
    values : tuple of str
        The default: one text, or one for each item of a list. One that is empty if there is none.
    blank : bool
        Whether a choice may be left empty.
    empties : tuple of Empty
        Values that no text stands for.
    json_name : str
        The name of the fields that say these.
    attributes : mapping of str to object
        ``min``, ``max``, ``step``, ``maxlength``.
    only : str
        ``"animation"`` or ``"still"`` if only the one or the other has it, else empty.
    """

    def __init__(self, parameter: Parameter) -> None:
        default = parameter.default
        self.parameter = parameter
        self.label = parameter.name.replace("_", " ")
        self.values = tuple(parameter.texts(default))
        self.kind = "area" if any("\n" in text for text in self.values) else _KINDS[parameter.kind]
        self.blank = "" not in parameter.choices and (parameter.item.optional or (parameter.many and not default))
        self.empties = tuple(
            Empty(_LABELS[type(value)], json.dumps(value), not parameter.required and value == default)
            for value in parameter.empty_values
        )
        self.json_name = parameter.name + AS_JSON
        self.attributes = _attributes(parameter.item.schema, self.kind)
        self.only = _ONLY.get(parameter.name, "")

    def picked(self, text: str) -> str:
        """Return a color as a browser's picker shows it."""
        return to_hex(text) if is_color_like(text) else "#000000"


_KINDS = {"number": "number", "integer": "number", "choice": "select", "json": "area"}
_KINDS |= {kind: kind for kind in ("text", "color")}
_LABELS = {type(None): "none", list: "no items"}
_ONLY = dict.fromkeys(set(Playback.model_fields) - set(Drawing.model_fields), "animation")
_ONLY |= dict.fromkeys(set(Still.model_fields) - set(Drawing.model_fields), "still")


def controls(entry: Entry) -> tuple[list[Control], list[Control]]:
    """Return the controls of the function's parameters, and of those that every animation has."""
    common = [name for name in entry.parameters if name not in entry.arguments]
    arguments, rest = ([Control(entry.parameters[name]) for name in names] for names in (entry.arguments, common))
    return arguments, rest


def _attributes(schema: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if kind not in ("number", "text"):
        return {}
    step = {"step": 1 if schema.get("type") == "integer" else "any"} if kind == "number" else {}
    return step | {_ATTRIBUTES[bound]: schema[bound] for bound in _ATTRIBUTES if bound in schema}


_ATTRIBUTES = {"minimum": "min", "maximum": "max", "exclusiveMaximum": "max", "maxLength": "maxlength"}
