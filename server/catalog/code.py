"""The version of a catalog's code: a digest of the files that decide what its animations draw.

These are the files of its functions, and all that they import from the same folder, at the top of a file or inside of a
function. Installed packages are not among them.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

_INSTALLED = {"site-packages", "dist-packages"}


def code_roots(references: Iterable[str]) -> dict[str, Path]:
    """Return the files of functions' modules by the modules' names, without those that are in no file of Python's.

    Parameters
    ----------
    references : iterable of str
        The functions, such as ``"package.module:name"``.
    """
    modules = {reference.partition(":")[0] for reference in references}
    files = {name: _main_file() if name == "__main__" else _file_of(name) for name in modules}
    return {name: path for name, path in files.items() if path is not None}


def code_version(roots: Mapping[str, Path]) -> str:
    """Return the digest of the code that `code_files` finds, as it stands on disk.

    Parameters
    ----------
    roots : mapping of str to Path
        As from `code_roots`.
    """
    digest = hashlib.sha256()
    for name, path in sorted(code_files(roots).items()):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def code_files(roots: Mapping[str, Path]) -> dict[str, Path]:
    """Return the files of modules, and of those that they import from their own folders, by the modules' names.

    Parameters
    ----------
    roots : mapping of str to Path
        As from `code_roots`.
    """
    found: dict[str, Path] = {}
    waiting: dict[str, Path | None] = {**roots}
    folders = {_own_folder(name, path) for name, path in roots.items()}
    while waiting:
        name, path = waiting.popitem()
        if path is None or name in found or not _is_in(path, folders):
            continue
        found[name] = path
        waiting |= {other: _file_of(other) for other in _imported(name, path) if other not in found}
    return found


def code_folders(roots: Mapping[str, Path]) -> list[Path]:
    """Return the folders of the files that `code_files` finds."""
    return sorted({path.parent for path in code_files(roots).values()})


def _main_file() -> Path | None:
    return _python(getattr(sys.modules["__main__"], "__file__", None))


def _file_of(name: str) -> Path | None:
    """Return the file of a module, without importing it; None if there is none in Python."""
    spec = _spec_of(name)
    return _python(None if spec is None else spec.origin)


def _python(file: str | None) -> Path | None:
    return Path(file).resolve() if file is not None and file.endswith(".py") else None


def _spec_of(name: str) -> ModuleSpec | None:
    path = None
    spec = None
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:count]), path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec


def _own_folder(name: str, path: Path) -> Path:
    """Return the folder from which a module is imported; of an installed one, that of its outermost package."""
    depth = name.count(".") + (path.stem == "__init__")
    folder = path.parents[depth]
    package = folder / name.partition(".")[0]
    return package if _INSTALLED & set(folder.parts) and package.is_dir() else folder


def _is_in(path: Path, folders: Iterable[Path]) -> bool:
    insides = (path.relative_to(folder) for folder in folders if path.is_relative_to(folder))
    return any(not _INSTALLED & set(inside.parts) for inside in insides)


def _imported(name: str, path: Path) -> Iterator[str]:
    """Yield the names of modules that a file imports; some are names in a module instead."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            yield from _with_parents(module)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1) if name)
