"""What is declared is what is imported, extra by extra."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RECIPES = (ROOT / "tests" / "recipes" / "requirements.txt").read_text().splitlines()
OWN = {"renderer", "server", "tests", "benchmarks"}


def names(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[^\w.-]", text)[0].lower().replace("_", "-") for text in requirements} - {"figreel"}


def extra(*which: str) -> set[str]:
    return names(text for name in which for text in PROJECT["optional-dependencies"][name])


def imported(folder: str) -> set[str]:
    """Return the distributions that the modules of a folder import; the name of the module if it is not installed."""
    modules: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    distributions = packages_distributions()
    foreign = modules - sys.stdlib_module_names - OWN - {path.stem for path in (ROOT / folder).rglob("*.py")}
    return {distributions.get(module, [module])[0].lower().replace("_", "-") for module in foreign}


CORE = names(PROJECT["dependencies"])


def test_the_library_imports_what_the_core_and_its_extras_declare() -> None:
    assert imported("renderer") == CORE | extra("progress", "video", "fast")


def test_the_server_imports_what_its_extra_declares() -> None:
    assert imported("server") - CORE == extra("server")


def test_all_extras_are_in_all() -> None:
    (text,) = PROJECT["optional-dependencies"]["all"]
    listed = set(re.findall(r"\w+", text.partition("[")[2]))
    assert listed == PROJECT["optional-dependencies"].keys() - {"all", "dev"}


def test_tests_and_benchmarks_import_what_contributors_install() -> None:
    declared = CORE | extra("server", "progress", "video", "fast", "dev") | names(RECIPES)
    assert (imported("tests") | imported("benchmarks")) - declared == set()
