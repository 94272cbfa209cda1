"""The renderer stands alone: no HTTP, no server, no pyplot."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {"aiohttp", "server", "pydantic", "jinja2", "click"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", sorted((ROOT / "renderer").rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_the_renderer_imports_the_server(path: Path) -> None:
    names = imported(path)
    allowed = {"click"} if path.parent.name == "cli" else set()
    assert not {name.partition(".")[0] for name in names} & (FORBIDDEN - allowed)
    assert "matplotlib.pyplot" not in names


def test_importing_the_renderer_loads_neither_server_nor_pyplot_nor_extras() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import renderer, sys; print(*sys.modules)"],
        check=True, capture_output=True, text=True, cwd=ROOT,
    ).stdout.split()  # fmt: skip
    assert "renderer.api" in loaded
    assert not {"aiohttp", "server", "pydantic", "matplotlib.pyplot", "av", "tqdm"} & set(loaded)


def test_the_server_knows_nothing_of_agg() -> None:
    for path in (ROOT / "server").rglob("*.py"):
        assert not {name for name in imported(path) if "backend" in name or name.startswith("renderer.drawing.canvas")}
