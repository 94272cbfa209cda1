"""What a function reads, and whether it does nothing but return a value.

A formatter such as ``lambda value, position: f"{value * SCALE:.{digits}f}"`` returns the same as long as its code, its
defaults, `SCALE` and `digits` are the same. `reading` finds what a function reads by name, `state` reads it.

A function is known if all that it reads are constants, containers of constants that it cannot change, functions of
Python, math and numpy that are pure, or functions that are known themselves.
"""

import builtins
import datetime as dt
import math
from types import BuiltinFunctionType, CodeType, EllipsisType, FunctionType, ModuleType, NoneType
from typing import Any

import numpy as np
from matplotlib import dates

from renderer.drawing.state.code import HARMLESS_ATTRIBUTES, Chain, Reads, reads_of

CONSTANTS = frozenset(
    {bool, bytes, complex, float, int, str, range, slice, EllipsisType, NoneType}
    | {dt.date, dt.datetime, dt.time, dt.timedelta, np.bool_, np.float32, np.float64, np.int64}
)
"""Types whose objects never change."""

_PURE: tuple[Any, ...] = (
    *(abs, all, any, bin, bool, chr, divmod, enumerate, float, format, hex, int, isinstance, len, list, map, max),
    *(min, oct, ord, pow, range, repr, reversed, round, set, sorted, str, sum, tuple, zip),
    *(error for error in vars(builtins).values() if isinstance(error, type) and issubclass(error, Exception)),
    *(function for function in vars(math).values() if isinstance(function, BuiltinFunctionType)),
    dates.num2date,
)
_PURE_BUT_FOR_OUT: tuple[Any, ...] = (
    *(ufunc for ufunc in vars(np).values() if isinstance(ufunc, np.ufunc)),
    *(np.around, np.average, np.float64, np.int64, np.isclose, np.max, np.min, np.round),
)

PURE: dict[Any, tuple[str, str]] = {function: (function.__module__, function.__name__) for function in _PURE}
"""Functions that return the same for the same arguments and do nothing else, and what they are called."""

PURE_BUT_FOR_OUT: dict[Any, tuple[str, str]] = {
    function: ("numpy", function.__name__) for function in _PURE_BUT_FOR_OUT
}
"""The same, as long as they are given no array as *out*."""

DISPATCHER: Any = type(np.round)
"""The type of numpy's functions that are written in Python."""

Reading = tuple[FunctionType, CodeType, tuple[Chain, ...]]
"""A function, its code, and what that reads by name."""


class ImpureError(Exception):
    """A function may do something else each time, or more than return a value."""


def reading(function: FunctionType) -> Reading:
    """Return what a function reads.

    Raises
    ------
    ImpureError
        The function is not known.
    """
    code = function.__code__
    if is_matplotlibs(function) and not function.__closure__ and not vars(function):
        return function, code, ()
    reads = reads_of(code)
    _check(function, reads)
    return function, code, tuple(reads.chains)


def state(of: Reading) -> list[Any]:
    """Return the code of a function, its defaults, and the values of what it reads by name.

    Raises
    ------
    KeyError
        One of them is gone.
    """
    function, code, chains = of
    if function.__code__ is not code:
        return [function.__code__]
    return [code, function.__defaults__, function.__kwdefaults__, *(_resolve(function, chain)[0] for chain in chains)]


def is_matplotlibs(function: FunctionType) -> bool:
    """Whether a function is defined in matplotlib, whatever it says of itself; those of pyplot read more than that."""
    home = function.__globals__.get("__name__")
    return isinstance(home, str) and home.startswith("matplotlib.") and home != "matplotlib.pyplot"


def may_change(function: object) -> bool:
    """Whether a function may change an array, list, set or dict that it is called with."""
    return isinstance(function, FunctionType) and reads_of(function.__code__).changes


def name_of(function: Any) -> tuple[str, str] | None:
    """Return the names of the module and of a pure function or class that has no state, None of any other."""
    if isinstance(function, type) and str(function.__module__).startswith("matplotlib."):
        return function.__module__, function.__qualname__
    return PURE.get(function) or PURE_BUT_FOR_OUT.get(function)


def _resolve(function: Any, chain: Chain) -> tuple[Any, tuple[str, ...]]:
    """Return what a chain leads to through modules and functions, and the attributes that are left."""
    cell, name, attributes = chain
    if cell < 0:
        names = function.__globals__
        value: Any = names[name] if name in names else function.__builtins__[name]
    else:
        try:
            value = (function.__closure__ or ())[cell].cell_contents
        except ValueError as error:  # the cell is empty
            raise KeyError(name) from error
    for number, attribute in enumerate(attributes):
        if not isinstance(value, ModuleType | FunctionType):
            return value, attributes[number:]
        value = vars(value)[attribute]
    return value, ()


def _check(function: FunctionType, reads: Reads) -> None:
    """Raise an `ImpureError` unless a function is known; those that it calls may yet turn out to be unknown."""
    parts = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    harmless = reads.pure
    for chain in reads.chains if harmless else ():
        value, attributes = _resolve(function, chain)
        harmless &= HARMLESS_ATTRIBUTES.issuperset(attributes)
        parts.append(value)
    kinds = set(map(_kind, parts))
    # a container must not be changed, by this function or by one that it calls
    changed = "container" in kinds and (reads.changes or "function" in kinds)
    if not harmless or "unknown" in kinds or changed:
        raise ImpureError(function)


def _kind(part: Any) -> str:
    """Return what a part of a function is: constant, container, pure, function or unknown."""
    kind = type(part)
    if kind in CONSTANTS:
        return "constant"
    if kind in (tuple, list, set, dict):
        inner = set(map(_kind, (*part, *part.values()) if kind is dict else part))
        if inner - {"constant", "container"}:
            return "unknown"
        return "constant" if kind is tuple and "container" not in inner else "container"
    if kind is np.ndarray:
        return "unknown" if part.dtype.hasobject else "container"
    if isinstance(part, type | BuiltinFunctionType | FunctionType) and part in PURE:
        return "pure"
    if kind is FunctionType:
        return "unknown" if may_change(part) else "function"
    return "function" if isinstance(part, type | np.ufunc | DISPATCHER) and part in PURE_BUT_FOR_OUT else "unknown"
