"""Which module may import which, and where private names of matplotlib may stand: read from the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

BASE = {
    f"renderer.{name}"
    for name in (
        "clips",
        "errors",
        "lazy",
        "options",
        "pixels",
        "references",
        "remedies",
        "running",
        "tracebacks",
        "types",
    )
}
FACE = {"renderer"}
OFFERED = {"server.catalog", "server.errors", "server.settings", "server.telemetry", *FACE}
DRAWN = {"renderer.drawing.backoff", "renderer.drawing.state", "renderer.mpl"}

ARROWS: dict[str, set[str]] = {
    **dict.fromkeys(BASE, BASE),
    "renderer.mpl": set(),
    "renderer.sources": {"renderer.mpl", *BASE},
    "renderer.drawing": {"renderer.drawing", "renderer.mpl", "renderer.sources.source", *BASE},
    "renderer.drawing.backoff": set(),
    "renderer.drawing.state": {"renderer.lazy"},
    "renderer.drawing.agg": DRAWN,
    "renderer.drawing.axis": {"renderer.drawing.agg", *DRAWN},
    "renderer.drawing.retained": {"renderer.drawing.agg", "renderer.drawing.axis", "renderer.errors", *DRAWN},
    "renderer.encoding": BASE,
    "renderer.integrations": {
        "renderer.drawing.canvas",
        "renderer.drawing.sizes",
        "renderer.encoding",
        "renderer.job",
        "renderer.mpl",
        "renderer.numbering",
        "renderer.plan",
        "renderer.sources",
        *BASE,
    },
    "renderer.__main__": {"renderer.cli"},
    "renderer.cli": FACE,
    "renderer": {"renderer.drawing", "renderer.encoding", "renderer.integrations", "renderer.sources", *BASE},
    "server": {"server", *FACE},
    "server.errors": FACE,
    "server.environment": {"server.errors", *FACE},
    "server.settings": {"server.catalog.bounds", "server.environment", "server.errors", *FACE},
    "server.access": {"server.errors", "server.settings", *FACE},
    "server.catalog": {"server.errors", *FACE},
    "server.cache": {"server.telemetry", *FACE},
    "server.telemetry": FACE,
    "server.rendering": {"server.cache", "server.rendering", *OFFERED},
    "server.rendering.workers": OFFERED,
    "server.web": {"server.access", "server.cache", "server.rendering", "server.web", *OFFERED},
    "server.web.places": {"server.errors"},
    "server.web.problems": {"server.errors", *FACE},
    "server.web.headers": {"server.access", "server.web.keys"},
    "server.web.keys": {"server.access", "server.rendering", "server.web.documents", "server.web.places"},
    "server.web.sockets": {
        "server.errors",
        "server.settings",
        "server.telemetry",
        "server.web.headers",
        "server.web.keys",
        "server.web.places",
        "server.web.problems",
        *FACE,
    },
    "server.demo": {"server.catalog", *FACE},
}
"""Room -> rooms it may import, beside itself. A module is in the room with the longest name that begins its own."""

PACKAGES: dict[str, set[str]] = {
    "aiohttp": {"server.web", "server.app"},
    "click": {"renderer.cli", "server.cli"},
    "jinja2": {"server"},
    "matplotlib.pyplot": set(),
    "pydantic": {"server"},
    "pydantic_settings": {"server"},
    "structlog": {"server"},
}
"""Package -> the only modules and folders that may import it."""

PRIVATE_NAMES = {"renderer.mpl", *(f"renderer.drawing.state.{name}" for name in ("known", "known_3d", "parts"))}
"""Where private names of matplotlib may stand."""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for folder in ("renderer", "server") for path in (ROOT / folder).rglob("*.py")}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text())


def is_in(module: str, rooms: set[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def room_of(module: str) -> str:
    return max((room for room in ARROWS if is_in(module, {room})), key=len)


def imported(module: str) -> Iterator[str]:
    """Yield the modules that a module imports, ``package`` for a name that the package defines itself."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES or name in PACKAGES else str(node.module)


def may_import(room: str, module: str) -> bool:
    """Whether the table allows it: the module's room, or a room around that, stands in the row."""
    return room_of(module) in {room, *ARROWS[room]} or is_in(module, ARROWS[room] - FACE)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_rooms_that_its_own_may_import(module: str) -> None:
    room = room_of(module)
    wrong = [name for name in imported(module) if name in MODULES and not may_import(room, name)]
    assert not wrong, f"{module} is in {room}, which may not import {wrong}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_packages_of_its_room(module: str) -> None:
    wrong = [
        name
        for name in imported(module)
        for package, rooms in PACKAGES.items()
        if is_in(name, {package}) and not is_in(module, rooms)
    ]
    assert not wrong


def own_names(module: str) -> set[str]:
    """Return the names that a module's classes and functions define, and those of named tuples."""
    names = {"_replace"}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_own(node.value):
            names.add(node.attr)
    return names


def is_own(value: ast.expr) -> bool:
    """Whether an expression is ``self``, ``cls`` or ``super()``."""
    if isinstance(value, ast.Call):
        value = value.func
    return isinstance(value, ast.Name) and value.id in {"self", "cls", "super"}


def foreign_names(module: str) -> Iterator[tuple[int, str]]:
    """Yield the private names of other objects that a module reads, sets or mentions as a string."""
    own = own_names(module)
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and not is_own(node.value):
            name = node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value
        else:
            continue
        if re.fullmatch(r"_[A-Za-z]\w*", name) and name not in own:
            yield node.lineno, name


@pytest.mark.parametrize("module", sorted(name for name in MODULES if is_in(name, FACE)))
def test_private_names_of_matplotlib_stand_in_their_rooms(module: str) -> None:
    assert is_in(module, PRIVATE_NAMES) or not list(foreign_names(module))


@pytest.mark.parametrize("name", ["renderer.mpl.steps", "renderer.drawing.state.known"])
def test_private_names_are_found_where_they_stand(name: str) -> None:
    assert {found for _, found in foreign_names(name)} & {"_render_lock", "_transformed_path"}


def test_importing_the_renderer_loads_neither_server_nor_pyplot_nor_extras() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import renderer, sys; print(*sys.modules)"],
        check=True, capture_output=True, text=True, cwd=ROOT,
    ).stdout.split()  # fmt: skip
    assert "renderer.api" in loaded
    assert not {"aiohttp", "server", "pydantic", "matplotlib.pyplot", "av", "tqdm"} & set(loaded)
