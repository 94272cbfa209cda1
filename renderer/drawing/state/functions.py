"""Whether a function, of a tick formatter say, returns the same for the same arguments."""

import dis
from functools import lru_cache
from types import CodeType, FunctionType

__all__ = ["is_known_function"]

_GLOBAL_STEPS = {"DELETE_GLOBAL", "IMPORT_NAME", "LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL"}
_HARMLESS_BUILTINS = frozenset({"abs", "divmod", "float", "format", "int", "len", "max", "min", "round", "str"})


def is_known_function(function: FunctionType) -> bool:
    """Whether a function is matplotlib's, or reads nothing but its arguments."""
    if function.__closure__ or vars(function):
        return False
    home = function.__module__
    return (isinstance(home, str) and home.startswith("matplotlib.")) or _reads_its_arguments_only(function)


def _reads_its_arguments_only(function: FunctionType) -> bool:
    return all(name in _HARMLESS_BUILTINS and name not in function.__globals__ for name in _reads(function.__code__))


@lru_cache(maxsize=1024)
def _reads(code: CodeType) -> frozenset[str]:
    """Return the names that a function uses and does not define; ``"def"`` stands for functions inside it."""
    nested = {"def" for constant in code.co_consts if isinstance(constant, CodeType)}
    used = {step.argval for step in dis.get_instructions(code) if step.opname in _GLOBAL_STEPS}
    return frozenset(nested | used)
