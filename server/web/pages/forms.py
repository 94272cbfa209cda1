"""Parameters as a form shows them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10
from typing import Any

from matplotlib.colors import CSS4_COLORS, TABLEAU_COLORS, is_color_like, to_hex, to_rgba

from server.catalog.models import Drawing, Playback, Still
from server.catalog.parameters import AS_JSON, Parameter, read_json

Pair = tuple[str, str]

COLORS = {name: to_hex(name) for name in (*(f"C{index}" for index in range(10)), *TABLEAU_COLORS, *CSS4_COLORS)}
"""Names of colors that a form suggests, and what they look like."""

_WIDEST = 10_000
"""The widest range that a slider has; in a wider one, a hand cannot set it to a value."""

_PAGE_IDS = {"form", "format", "preview", "status", "url"}
"""Ids of the page that a parameter could have too; all others contain a hyphen."""


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
        Whether it is the one that is shown.
    """

    label: str
    value: str
    checked: bool


class Control:
    """One parameter as a form shows it.

    Parameters
    ----------
    parameter : Parameter
        The parameter.
    said : sequence of (str, str)
        What an address says of it; the default is shown if that is nothing.
    problems : sequence of str
        What is wrong with it.

    Attributes
    ----------
    name, id, label : str
        Name of its fields, id of the first of them, and the text beside it.
    kind : str
        ``"number"``, ``"text"``, ``"color"``, ``"select"``, or ``"area"`` for JSON and for texts of several lines.
    values : tuple of str
        What its fields show: one text, or one for each item of a list. One that is empty if there is none.
    blank : bool
        Whether a choice may be left empty.
    json_name : str
        The name of the fields that say values as JSON.
    default : sequence of (str, str)
        What the form sends for the default; empty if there is none, and a text that is empty has to be sent too.
    attributes : mapping of str to object
        ``min``, ``max``, ``step``, ``maxlength``.
    slider : mapping of str to object
        The same of a slider; empty if it has none.
    only : str
        ``"animation"`` or ``"still"`` if only the one or the other has it, else empty.
    """

    def __init__(self, parameter: Parameter, said: Sequence[Pair] = (), problems: Sequence[str] = ()) -> None:
        self.parameter = parameter
        self.problems = problems
        self.name = parameter.name
        self.id = f"parameter-{self.name}" if self.name in _PAGE_IDS else self.name
        self.label = self.name.replace("_", " ")
        self.json_name = self.name + AS_JSON
        default = () if parameter.required else self._empty(parameter.default)
        initial = tuple(parameter.texts(parameter.default))
        says_nothing = parameter.required and not parameter.many and parameter.item.has_empty_text
        self.default = [] if says_nothing else self._sent(initial, default)
        self.values, self._ticked = self._shown(said) if said else (initial, default)
        self.kind = "area" if any("\n" in text for text in self.values) else _KINDS[parameter.kind]
        self.blank = "" not in parameter.choices and (
            parameter.item.optional or (parameter.many and not parameter.default)
        )
        self.attributes = _attributes(parameter.item.schema, self.kind)
        self.slider = {} if parameter.many else _slider(self.attributes)
        self.only = _ONLY.get(self.name, "")

    def _empty(self, value: Any) -> tuple[str, ...]:
        """Return the value of the box that stands for a value, if there is one."""
        return (json.dumps(value),) if any(value == empty for empty in self.parameter.empty_values) else ()

    def _shown(self, said: Sequence[Pair]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the texts of the fields, and the value of the ticked box, for what an address says."""
        texts = tuple(text for name, text in said if name == self.name)
        wholes = [text for name, text in said if name == self.json_name]
        if wholes:
            try:
                value = read_json(wholes[0])
            except ValueError:
                return (wholes[0],), ()
            ticked = self._empty(value)
            return (texts or ("",) if ticked else tuple(self.parameter.texts(value))), ticked
        return (texts if self.parameter.many else texts[:1]), ()

    def _sent(self, texts: Iterable[str], ticked: Sequence[str]) -> list[Pair]:
        # A box that is ticked says more than the empty field above it.
        return [(self.json_name, text) for text in ticked] or [(self.name, text) for text in texts]

    @property
    def sent(self) -> list[Pair]:
        """What the form sends for what it shows."""
        return self._sent(self.values, self._ticked)

    @property
    def empties(self) -> list[Empty]:
        """Values that no text stands for."""
        values = self.parameter.empty_values
        return [Empty(_LABELS[type(value)], json.dumps(value), json.dumps(value) in self._ticked) for value in values]

    @property
    def hint(self) -> str:
        """What it is for, and its bounds, in words."""
        bounds = self.parameter.bounds
        return " ".join(filter(None, (self.parameter.description, f"{bounds[:1].upper()}{bounds[1:]}." * bool(bounds))))

    @cached_property
    def reading(self) -> str:
        """How the page's script turns its texts into JSON, as JSON."""
        item, many = self.parameter.item, self.parameter.many
        is_number = item.kind in ("number", "integer") and item.schema.get("format") != "decimal"
        kind = "number" if is_number else item.kind
        empty = "null" if item.optional and not item.has_empty_text else ""
        alone = ("null" if self.parameter.optional else "[]") if not (empty or item.has_empty_text) and many else ""
        choices = dict(item.choices) if kind == "choice" else {}
        return json.dumps({"kind": kind, "many": many, "empty": empty, "alone": alone, "choices": choices})

    def picked(self, text: str) -> str:
        """Return a color as a browser's picker shows it."""
        return to_hex(text) if is_color_like(text) else "#000000"

    def opacity(self, text: str) -> float:
        """Return how opaque a color is, from 0 to 1."""
        return float(to_rgba(text)[3]) if is_color_like(text) else 1.0


_KINDS = {"number": "number", "integer": "number", "choice": "select", "json": "area"}
_KINDS |= {kind: kind for kind in ("text", "color")}
_LABELS = {type(None): "none", list: "no items"}
_ONLY = dict.fromkeys(set(Playback.model_fields) - set(Drawing.model_fields), "animation")
_ONLY |= dict.fromkeys(set(Still.model_fields) - set(Drawing.model_fields), "still")


def _attributes(schema: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if kind not in ("number", "text"):
        return {}
    step = {"step": 1 if schema.get("type") == "integer" else "any"} if kind == "number" else {}
    return step | {_ATTRIBUTES[bound]: schema[bound] for bound in _ATTRIBUTES if bound in schema}


_ATTRIBUTES = {"minimum": "min", "maximum": "max", "exclusiveMaximum": "max", "maxLength": "maxlength"}


def _slider(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the range of a number's slider, with some hundred steps; nothing if there is none, or it is too wide."""
    if "min" not in attributes or "max" not in attributes:
        return {}
    span = attributes["max"] - attributes["min"]
    if not 0 < span <= _WIDEST:
        return {}
    step = 1 if attributes["step"] == 1 else float(f"1e{floor(log10(span)) - 2}")
    return {"min": attributes["min"], "max": attributes["max"], "step": step}
