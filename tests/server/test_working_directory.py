"""Whatever lies in the working directory, the processes of figreel's import figreel's modules."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.server.support import PATIENCE, program

ROOT = Path(__file__).parents[2]
FIGREEL = "import sys; from renderer.cli.commands import main; sys.argv[0] = 'figreel'; main()"
CATALOG = """
from matplotlib.figure import Figure
from renderer import Scene
from server import Catalog
import theme

catalog = Catalog()

@catalog.animation
def wave():
    import theme
    return Scene(figure=Figure(figsize=(1, 1), facecolor=theme.COLOR), update=lambda index: None, frames=1)
"""
MINE = "raise SystemExit('a file of the user')"


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "FIGREEL_MEMORY_RESERVE": "0", "FIGREEL_PORT": "0", **more}


@asynccontextmanager
async def serving(folder: Path, *arguments: str) -> AsyncIterator[str]:
    """Serve from a folder; yield the URL."""
    command = (sys.executable, "-P", "-c", FIGREEL, "serve", "--port", "0", "--workers", "1", *arguments)
    async with program(*command, cwd=folder, env=environment()) as process:
        assert process.stderr is not None
        async with asyncio.timeout(2 * PATIENCE):
            line = (await process.stderr.readline()).decode()
        assert line.startswith("Serving"), line + (await process.stderr.read()).decode()
        yield line.split()[-1]


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        await response.read()
        return response.status


HIDING = [["server.py", "renderer.py"], ["renderer/__init__.py", "server/__init__.py"]]


def hide(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(MINE)


@pytest.mark.parametrize("names", HIDING, ids=["files", "packages"])
async def test_the_demo_is_served_beside_files_of_any_name(tmp_path: Path, names: list[str]) -> None:
    hide(tmp_path, *names, "signal.py", "click.py", "numpy.py", "matplotlib.py", "av.py", "html.py")
    async with serving(tmp_path) as url:
        assert await status(f"{url}/animations/bars.gif") == 200
        assert await status(f"{url}/animations/bars.html") == 200


@pytest.mark.parametrize("names", HIDING, ids=["files", "packages"])
async def test_a_catalog_and_its_neighbors_are_served_beside_files_of_any_name(
    tmp_path: Path, names: list[str]
) -> None:
    hide(tmp_path, *names, "signal.py", "click.py", "numpy.py", "av.py")
    (tmp_path / "scenes.py").write_text(CATALOG)
    (tmp_path / "theme.py").write_text("COLOR = 'red'")
    async with serving(tmp_path, "scenes.py:catalog") as url:
        assert await status(f"{url}/animations/wave.gif") == 200
        assert await status(f"{url}/animations/wave.mp4") == 200


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment(**more), capture_output=True, text=True, timeout=60
    )


def test_a_catalog_in_a_file_that_is_called_server_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(CATALOG)
    ended = run(tmp_path, "-P", "-c", FIGREEL, "serve", "server.py:catalog")
    (line,) = ended.stderr.splitlines()
    assert f"{tmp_path}/server.py" in line
    assert "rename" in line
    assert ended.returncode != 0


@pytest.mark.parametrize("name", ["server.py", "server/__init__.py"])
def test_the_command_names_the_file_that_hides_the_server(tmp_path: Path, name: str) -> None:
    hide(tmp_path, name)
    path = f"{tmp_path}:{ROOT}"
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {FIGREEL}"
    ended = run(tmp_path, "-P", "-c", code, "serve", PYTHONPATH=path)
    (line,) = ended.stderr.splitlines()
    assert f"{tmp_path / name}" in line
    assert "'server'" in line
    assert ended.returncode == 1


@pytest.mark.parametrize("name", ["renderer.py", "renderer/__init__.py"])
def test_a_program_is_told_which_file_hides_the_renderer(tmp_path: Path, name: str) -> None:
    hide(tmp_path, name)
    (tmp_path / "app.py").write_text("from server import create_app")
    ended = run(tmp_path, "app.py")
    assert f"{tmp_path / name} hides figreel's package 'renderer'" in ended.stderr.splitlines()[-1]


PROGRAM = """
from aiohttp import web
from server import Catalog, Settings, create_app
{catalog}
app = create_app(catalog, Settings(memory_reserve=0))
{guard}
    web.run_app(app, host="127.0.0.1", port=0, handler_cancellation=True)
"""
OWN = """
from matplotlib.figure import Figure
from renderer import Scene
catalog = Catalog()

@catalog.animation
def wave():
    return Scene(figure=Figure(figsize=(1, 1)), update=lambda index: None, frames=1)
"""


async def test_a_program_serves_its_own_catalog(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PROGRAM.format(catalog=OWN, guard='if __name__ == "__main__":'))
    command = (sys.executable, "-u", "app.py")
    async with program(*command, cwd=tmp_path, env=environment(), stdout=asyncio.subprocess.PIPE) as process:
        assert process.stdout is not None
        async with asyncio.timeout(2 * PATIENCE):
            while b"http://" not in (line := await process.stdout.readline()):
                assert line, (await process.communicate())[1].decode()
        url = line.decode().split()[-2]
        assert await status(f"{url}/healthz/deep") == 200
