"""Arguments for a function of the user's, read from texts by its annotations."""

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args, get_origin, get_type_hints

import click

__all__ = ["arguments", "pairs"]

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def pairs(texts: Iterable[str], option: str = "--param") -> list[tuple[str, str]]:
    """Split texts of the form NAME=VALUE.

    Raises
    ------
    click.BadParameter
        A text has no equals sign.
    """
    split = [text.partition("=") for text in texts]
    for name, equals, _ in split:
        if not equals:
            raise click.BadParameter(f"{name!r} is not of the form NAME=VALUE", param_hint=option)
    return [(name, value) for name, _, value in split]


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
    click.ClickException
        A name is not one of the function's parameters, is repeated, or its text cannot be read.
    """
    parameters = inspect.signature(function).parameters
    hints = _hints(function)
    texts: dict[str, list[str]] = {}
    for name, text in named:
        texts.setdefault(name, []).append(text)
    _check_names(parameters, texts)
    values = {name: _value(name, hints.get(name), given) for name, given in texts.items()}
    missing = [
        name
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        and name not in values
    ]
    if missing:
        raise click.ClickException(f"{missing[0]}: is required; give it as -p {missing[0]}=VALUE")
    return values


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except (NameError, TypeError):  # annotations that cannot be evaluated say nothing
        return {}


def _check_names(parameters: Mapping[str, inspect.Parameter], texts: Iterable[str]) -> None:
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    for name in texts:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise click.ClickException(f"{name}: no such parameter; the function's parameters are: {known}")


def _value(name: str, hint: Any, texts: list[str]) -> Any:
    if get_origin(hint) is list or hint is list:
        (item,) = get_args(hint) or (None,)
        array = _json(texts[0]) if len(texts) == 1 else None
        if isinstance(array, list):
            return [_scalar(name, item, part if isinstance(part, str) else json.dumps(part)) for part in array]
        return [_scalar(name, item, text) for text in texts]
    if len(texts) > 1:
        raise click.ClickException(f"{name}: is given more than once")
    return _scalar(name, hint, texts[0])


def _scalar(name: str, hint: Any, text: str) -> Any:
    if hint is str:
        return text
    if hint is bool:
        if text.lower() not in _BOOLEANS:
            raise click.ClickException(f"{name}: must be true or false, not {text!r}")
        return _BOOLEANS[text.lower()]
    if hint in (int, float):
        try:
            return hint(text)
        except ValueError:
            kind = "a whole number" if hint is int else "a number"
            raise click.ClickException(f"{name}: must be {kind}, not {text!r}") from None
    value = _json(text)
    return text if value is None and text != "null" else value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
