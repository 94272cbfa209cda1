"""What is wrong with a value, in plain words: one sentence for each kind of error that pydantic knows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from server.catalog.bounds import Place, Problem

_SENTENCES = {
    "missing": "is missing, and has no default",
    "extra_forbidden": "is not known",
    "none_required": "must be empty",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be below {lt}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be above {gt}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "complex_type": "must be a number",
    "complex_str_parsing": "must be a number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "decimal_max_digits": "must have at most {max_digits} digits",
    "decimal_max_places": "must have at most {decimal_places} decimal places",
    "decimal_whole_digits": "must have at most {whole_digits} digits before the point",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be a text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "dict_type": "must be a dictionary",
    "mapping_type": "must be a dictionary",
    "model_type": "must be a dictionary",
    "model_attributes_type": "must be a dictionary",
    "dataclass_type": "must be a dictionary",
    "union_tag_not_found": "must have {discriminator}, which says of which kind it is",
    "union_tag_invalid": "must have one of {expected_tags} as {discriminator}",
    "date_type": "must be a date, such as 2026-03-21",
    "date_parsing": "must be a date, such as 2026-03-21",
    "date_from_datetime_parsing": "must be a date, such as 2026-03-21",
    "date_from_datetime_inexact": "must be a date without a time",
    "date_past": "must be in the past",
    "date_future": "must be in the future",
    "time_type": "must be a time, such as 14:30",
    "time_parsing": "must be a time, such as 14:30",
    "datetime_type": "must be a date and a time, such as 2026-03-21T14:30",
    "datetime_parsing": "must be a date and a time, such as 2026-03-21T14:30",
    "datetime_from_date_parsing": "must be a date and a time, such as 2026-03-21T14:30",
    "datetime_past": "must be in the past",
    "datetime_future": "must be in the future",
    "timezone_aware": "must have a time zone",
    "timezone_naive": "must have no time zone",
    "time_delta_type": "must be a duration, such as PT1H30M",
    "time_delta_parsing": "must be a duration, such as PT1H30M",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "ip_v4_address": "must be an IPv4 address",
    "ip_v6_address": "must be an IPv6 address",
}


def sentences(errors: Iterable[ErrorDetails], written: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the values that a client wrote, once for each place.

    Where one of several types would do, a value has an error for each of them.
    """
    messages: dict[Place, list[str]] = {}
    for error in errors:
        place = tuple(_place(error["loc"], written))
        message = sentence(error["type"], error.get("ctx", {}), error["msg"])
        if message not in messages.setdefault(place, []):
            messages[place].append(message)
    return [(place, ", or ".join(said)) for place, said in messages.items()]


def _place(location: Place, value: Any) -> Iterator[int | str]:
    """Leave out of a location the names of the types that pydantic has tried: what is written has no such key."""
    for depth, part in enumerate(location, 1):
        is_key = isinstance(value, dict) and (part in value or depth == len(location))
        is_index = isinstance(value, list) and isinstance(part, int)
        if is_key or is_index:
            yield part
            inside = value if isinstance(value, dict) else dict(enumerate(value))
            value = inside.get(part)


def sentence(kind: str, context: Mapping[str, Any], message: str) -> str:
    """Return what is wrong with a value, to be read behind the name of its parameter.

    Parameters
    ----------
    kind : str
        The type of the error, in pydantic's terms.
    context : mapping
        The bounds that the value does not keep.
    message : str
        What pydantic says, for kinds that have no sentence here; among them those of an author's own validators.
    """
    if kind not in _SENTENCES:
        return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    shown = {name: _shown(value) for name, value in context.items()}
    text = _SENTENCES[kind].format_map(shown)
    return text.removesuffix("s") if {"1"} & {shown.get(f"{end}_length") for end in ("min", "max")} else text


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
