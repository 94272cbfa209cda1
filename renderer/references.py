"""Objects by a reference such as ``package.module:name`` or ``folder/scenes.py:name``.

The command and the server's worker processes find functions by reference, and unpickle nothing.
"""

import importlib
import sys
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from renderer.errors import ReferenceNotFoundError


def resolve(reference: str) -> Any:
    """Import a module or a file, and return the object that a reference names in it.

    Parameters
    ----------
    reference : str
        ``module:attribute`` or ``path/to/file.py:attribute``. The folder of a file is put on ``sys.path``, so that it
        can import its neighbors.

    Raises
    ------
    ReferenceNotFoundError
        There is no such module, file or attribute.
    """
    where, colon, attribute = reference.rpartition(":")
    if not colon or not where or not attribute:
        raise ReferenceNotFoundError(f"{reference!r} is not of the form MODULE_OR_FILE:NAME")
    module = _import_file(Path(where)) if where.endswith(".py") else _import_module(where)
    try:
        return attrgetter(attribute)(module)
    except AttributeError:
        raise ReferenceNotFoundError(f"{where!r} has no {attribute!r}") from None


def refer(thing: Any) -> str:
    """Return the reference of a function, after checking that it leads back to the function.

    Raises
    ------
    ReferenceNotFoundError
        The function is local to another, was replaced, or its module cannot be imported by name.
    """
    reference = f"{thing.__module__}:{thing.__qualname__}"
    if "<" in reference:
        raise ReferenceNotFoundError(f"{reference!r} is not at the top level of a module")
    if resolve(reference) is not thing:
        raise ReferenceNotFoundError(f"{reference!r} is now something else")
    return reference


def _import_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise ReferenceNotFoundError(f"there is no module {error.name!r}") from None
        raise


def _import_file(path: Path) -> ModuleType:
    path = path.resolve()
    if not path.is_file():
        raise ReferenceNotFoundError(f"there is no file {str(path)!r}")
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    module = importlib.import_module(path.stem)
    if module.__file__ is None or Path(module.__file__).resolve() != path:
        raise ReferenceNotFoundError(f"{str(path)!r} is hidden by another module of its name; rename it")
    return module
