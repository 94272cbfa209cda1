"""The version of a catalog's code: a digest of the files that decide what its animations draw.

These are the files of its functions, and all that they import from the same folder, at the top of a file or inside of a
function. Installed packages are not among them, and neither are Python's own modules and figreel.
"""

import dis
import hashlib
import sys
import sysconfig
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType, MappingProxyType
from typing import Any

_INSTALLED = {"site-packages", "dist-packages"}
_PYTHON = Path(sysconfig.get_path("stdlib")).resolve()
_OURS = ("renderer", "server")
"""Packages whose version is that of figreel."""


def code_roots(references: Iterable[str]) -> dict[str, Path]:
    """Return the files of modules by the modules' names, without those that are in no file of Python's.

    Parameters
    ----------
    references : iterable of str
        Functions, such as ``"package.module:name"``, or modules.
    """
    modules = {reference.partition(":")[0] for reference in references}
    files = {name: _loaded_file(name) or _file_of(name, map(Path, sys.path)) for name in modules}
    return {name: path for name, path in files.items() if path is not None}


def code_version(files: Mapping[str, Path]) -> str:
    """Return the digest of the code in files, as it stands on disk.

    Parameters
    ----------
    files : mapping of str to Path
        As from `code_files`.
    """
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def code_files(roots: Mapping[str, Path], more: Mapping[str, Path] = MappingProxyType({})) -> dict[str, Path]:
    """Return the files of modules, and of those that they import from their own folders, by the modules' names.

    Parameters
    ----------
    roots : mapping of str to Path
        As from `code_roots`.
    more : mapping of str to Path
        Other modules in these folders that they import.
    """
    found: dict[str, Path] = {}
    known: dict[str, Path | None] = {**more, **roots}
    waiting = [*known]
    folders = own_folders(roots)
    where = [*map(Path, sys.path), *sorted(folders)]
    while waiting:
        name = waiting.pop()
        path = known[name]
        ours = name.partition(".")[0] in _OURS and name not in roots
        if path is None or ours or not stands_in(path, folders):
            continue
        found[name] = path
        others = {other: _file_of(other, where) for other in {*_imported(name, path)} - known.keys()}
        known |= others
        waiting += others
    return found


def own_folders(roots: Mapping[str, Path]) -> set[Path]:
    """Return the folders from which modules are imported.

    Parameters
    ----------
    roots : mapping of str to Path
        As from `code_roots`.
    """
    return {_own_folder(name, path) for name, path in roots.items()}


def _loaded_file(name: str) -> Path | None:
    file = getattr(sys.modules.get(name), "__file__", None)
    return Path(file).resolve() if file is not None and file.endswith(".py") else None


def _file_of(name: str, where: Iterable[Path]) -> Path | None:
    """Return the file of a module as Python would find it, without importing it; None if there is none in Python."""
    file = None
    folders = [*where]
    for part in name.split("."):
        files = (path for folder in folders for path in (folder / part / "__init__.py", folder / f"{part}.py"))
        file = next(filter(Path.is_file, files), None)
        if file is None:  # a package need not have a file
            folders = [folder / part for folder in folders if (folder / part).is_dir()]
        else:
            folders = [file.parent] if file.stem == "__init__" else []
    return None if file is None else file.resolve()


def _own_folder(name: str, path: Path) -> Path:
    """Return the folder from which a module is imported; of an installed one, that of its outermost package."""
    depth = name.count(".") + (path.stem == "__init__")
    folder = path.parents[depth]
    package = folder / name.partition(".")[0]
    return package if _INSTALLED & set(folder.parts) and package.is_dir() else folder


def stands_in(path: Path, folders: Iterable[Path]) -> bool:
    """Whether a file stands in one of the folders, and is neither installed there nor a part of Python."""
    if path.is_relative_to(_PYTHON):
        return False
    insides = (path.relative_to(folder) for folder in folders if path.is_relative_to(folder))
    return any(not _INSTALLED & set(inside.parts) for inside in insides)


def _imported(name: str, path: Path) -> Iterator[str]:
    """Yield the names of modules that a file imports; some are names in a module instead."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for level, names, module in _imports_of(path.read_bytes(), str(path)):
        above = package.rsplit(".", level - 1)[0] if level else ""
        whole = ".".join(filter(None, (above, module)))
        yield from _with_parents(whole)
        yield from (f"{whole}.{one}" for one in names)


@lru_cache(maxsize=256)  # a worker looks before and after its imports, mostly at the same sources
def _imports_of(source: bytes, path: str) -> tuple[tuple[int, Sequence[str], str], ...]:
    return tuple(_imports(compile(source, path, "exec", dont_inherit=True)))


def _imports(code: CodeType) -> Iterator[tuple[int, Sequence[str], str]]:
    """Yield the level, the names and the module of each import in the code and in its functions.

    The compiler loads the level and the names right before the import.
    """
    loaded: deque[Any] = deque(maxlen=2)
    for instruction in dis.get_instructions(code):
        if instruction.opname.startswith("LOAD_"):
            loaded.append(instruction.argval)
        elif instruction.opname == "IMPORT_NAME":
            level, names = loaded
            yield level, names or (), instruction.argval
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _imports(inner)


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1) if name)
