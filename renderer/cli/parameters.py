"""Arguments for a function of the user's, read from texts by its annotations."""

import inspect
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, get_args, get_origin, get_type_hints

from renderer.cli.mistakes import Refusal

_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_READERS: dict[type, tuple[Callable[[str], Any], str]] = {
    str: (str, "a text"),
    int: (int, "a whole number"),
    float: (float, "a number"),
    bool: (lambda text: _BOOLEANS[text.lower()], "true or false"),
}


def arguments(function: Callable[..., Any], named: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the keyword arguments for a function.

    A parameter annotated as int, float, str, bool or a list of these is read as that; a list may be one JSON array, or
    its name repeated. Any other is read as JSON, and as text if it is none.

    Parameters
    ----------
    function : callable
        Its signature names the parameters.
    named : iterable of (str, str)
        Names and texts.

    Raises
    ------
    Refusal
        A name is not one of the function's parameters, is repeated, or its text cannot be read.
    """
    parameters = inspect.signature(function).parameters
    hints: dict[str, Any] = {}
    with suppress(NameError, TypeError):  # annotations that cannot be evaluated say nothing
        hints = get_type_hints(function)
    texts: dict[str, list[str]] = {}
    for name, text in named:
        texts.setdefault(name, []).append(text)
    kinds = {parameter.kind for parameter in parameters.values()}
    for name in texts:
        if name not in parameters and inspect.Parameter.VAR_KEYWORD not in kinds:
            known = ", ".join(parameters) or "none"
            raise Refusal(f"{name}: no such parameter; the function's parameters are: {known}")
    values = {name: _value(name, hints.get(name), given) for name, given in texts.items()}
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and parameter.kind in _NAMED and name not in values:
            raise Refusal(f"{name}: is required; give it as -p {name}=VALUE")
    return values


def described(function: Callable[..., Any]) -> list[tuple[str, str]]:
    """Return the names of a function's parameters, each with its type and default in words."""
    rows = []
    for name, parameter in inspect.signature(function).parameters.items():
        hint = "" if parameter.annotation is parameter.empty else inspect.formatannotation(parameter.annotation)
        default = "required" if parameter.default is parameter.empty else f"default {parameter.default!r}"
        rows.append((name, ", ".join(filter(None, (hint, default)))))
    return rows


def _value(name: str, hint: Any, texts: list[str]) -> Any:
    if get_origin(hint) is list or hint is list:
        (item,) = get_args(hint) or (None,)
        array = _json(texts[0]) if len(texts) == 1 else None
        if isinstance(array, list):
            return [_scalar(name, item, part if isinstance(part, str) else json.dumps(part)) for part in array]
        return [_scalar(name, item, text) for text in texts]
    if len(texts) > 1:
        raise Refusal(f"{name}: is given more than once")
    return _scalar(name, hint, texts[0])


def _scalar(name: str, hint: Any, text: str) -> Any:
    if hint in _READERS:
        read, kind = _READERS[hint]
        try:
            return read(text)
        except (KeyError, ValueError):
            raise Refusal(f"{name}: must be {kind}, not {text!r}") from None
    value = _json(text)
    return text if value is None and text != "null" else value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
