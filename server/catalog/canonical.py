"""One form in JSON for equal values, in every process."""

import datetime as dt
import ipaddress
import json
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import BaseModel

ATOMS = (
    Decimal,
    complex,
    dt.date,
    dt.time,
    dt.timedelta,
    dt.tzinfo,
    ipaddress.IPv4Address,
    ipaddress.IPv4Interface,
    ipaddress.IPv4Network,
    ipaddress.IPv6Address,
    ipaddress.IPv6Interface,
    ipaddress.IPv6Network,
    uuid.UUID,
    ZoneInfo,
)
"""Types whose text says all, and holds no mathematics."""


def canonical(value: Any) -> Any:
    """Return what a value is made of, as JSON; lists and dictionaries keep their order, sets are sorted.

    Raises
    ------
    TypeError
        A part is of a type that is not known.
    """
    kind = type(value).__qualname__
    match value:
        case Enum():
            return [kind, canonical(value.value)]
        case None | bool():
            return value
        case int() | float() | str():
            return value if type(value) in (int, float, str) else [kind, str(value)]
        case list() | tuple() | deque():
            return [kind, *map(canonical, value)]
        case set() | frozenset():
            return [kind, *sorted(map(canonical, value), key=json.dumps)]
        case Mapping():
            return [kind, [[canonical(key), canonical(item)] for key, item in value.items()]]
        case BaseModel():
            return [kind, [[name, canonical(item)] for name, item in value]]
    return [kind, *_of_object(value)]


def _of_object(value: Any) -> list[Any]:
    if isinstance(value, ATOMS):
        return [str(value)]
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return [value.dtype.str, value.tolist()]
    if is_dataclass(value):
        named = {field.name: getattr(value, field.name) for field in fields(value)} | getattr(value, "__dict__", {})
        return [[name, canonical(item)] for name, item in named.items()]
    raise TypeError(f"{type(value).__qualname__} has no canonical form")
