"""Imports of a catalog's own modules in a worker process: from their sources, and noted."""

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from server.catalog.code import own_folders, stands_in


class SourceLoader(SourceFileLoader):
    """Loads a module from its source alone.

    Python takes stored bytecode for fresh if the source has the size and the time, in whole seconds, that it had then.
    An edit within a second, or a copy that keeps its time, would be missed.
    """

    def path_stats(self, path: Any) -> Mapping[str, Any]:
        """Refuse to say what stored bytecode is compared with."""
        raise OSError("stored bytecode is not wanted")


class Sources(MetaPathFinder):
    """Finds modules as all other finders do, and notes those that are in a catalog's own folders.

    Parameters
    ----------
    roots : mapping of str to Path
        The files of the functions' modules.

    Attributes
    ----------
    files : dict of str to Path
        The files of modules that were found in the folders, by the modules' names; those that a module named in a way
        that its source does not show are among them.
    """

    def __init__(self, roots: Mapping[str, Path]) -> None:
        self._folders = own_folders(roots)
        self.files: dict[str, Path] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that another finder returns, with a loader that takes the source."""
        finders = [finder for finder in sys.meta_path if finder is not self]
        specs = (finder.find_spec(fullname, path, target) for finder in finders)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            file = Path(spec.loader.path).resolve()
            if stands_in(file, self._folders):
                spec.loader = SourceLoader(spec.loader.name, spec.loader.path)
                self.files[fullname] = file
        return spec
