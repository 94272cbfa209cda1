"""Objects by a reference such as ``package.module:name`` or ``folder/scenes.py:name``.

The command and the server's worker processes find functions by reference, and unpickle nothing.
"""

import importlib
import sys
from difflib import get_close_matches
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
        ``module:attribute`` or ``path/to/file.py:attribute``. A module may also lie in the working directory. A file in
        a package is imported as a module of it; the folder of another file, or of the outermost package, is put on
        ``sys.path``, so that the file can import its neighbors.

    Raises
    ------
    ReferenceNotFoundError
        There is no such module, file or attribute.
    """
    where, colon, attribute = reference.rpartition(":")
    if not colon or not where or not attribute:
        raise ReferenceNotFoundError(f"{reference!r} is not of the form MODULE_OR_FILE:NAME, such as scenes.py:wave")
    try:
        module = _import_file(Path(where)) if where.endswith(".py") else _import_module(where)
    except SystemExit as error:
        raise ReferenceNotFoundError(
            f'{where!r} ends the program when it is imported; put what does so under `if __name__ == "__main__":`'
        ) from error
    try:
        return attrgetter(attribute)(module)
    except AttributeError:
        near = get_close_matches(attribute, [name for name in vars(module) if not name.startswith("_")], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ReferenceNotFoundError(f"{where!r} has no {attribute!r}{hint}") from None


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
    if "" in name.split("."):
        raise ReferenceNotFoundError(f"{name!r} is neither a module nor a file whose name ends with .py")
    here = str(Path.cwd())
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        if error.name != name.partition(".")[0] or {"", here} & {*sys.path}:
            raise ReferenceNotFoundError(f"there is no module {error.name!r}{_hint(name)}") from None
    sys.path.append(here)  # after what is installed, which it must not hide
    return _import_module(name)


def _import_file(path: Path) -> ModuleType:
    path = path.resolve()
    if not path.is_file():
        raise ReferenceNotFoundError(f"there is no file {str(path)!r}")
    if b"\0" in path.read_bytes():
        raise ReferenceNotFoundError(f"{str(path)!r} is no text in UTF-8; save it as one")
    if "." in path.stem:
        raise ReferenceNotFoundError(f"{str(path)!r} cannot be imported, since there is a dot in its name; rename it")
    folder, name = path.parent, path.stem
    while (folder / "__init__.py").is_file():
        folder, name = folder.parent, f"{folder.name}.{name}".removesuffix(".__init__")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    module = importlib.import_module(name)
    if module.__file__ is None or Path(module.__file__).resolve() != path:
        raise ReferenceNotFoundError(
            f"{str(path)!r} is hidden by another module {name!r}, {module.__file__}; rename one of them"
        )
    return module


def _hint(name: str) -> str:
    """Return what to write instead of a module's name that is nearly that of a file."""
    if Path(f"{name}.py").is_file():
        return f"; did you mean {f'{name}.py'!r}?"
    return f"; {name!r} is no Python file, whose name ends with .py" if Path(name).is_file() else ""
