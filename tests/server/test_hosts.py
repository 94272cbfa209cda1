"""Programs that mount the application, as their authors write and start them."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.server.support import PATIENCE, program
from tests.server.test_metrics import free_port
from tests.server.test_working_directory import environment, run, status

ANIMATION = """
from matplotlib.figure import Figure
from renderer import Scene
from server import Catalog

catalog = Catalog()

@catalog.animation
def wave():
    return Scene(figure=Figure(figsize=(1, 1)), update=lambda index: None, frames=1)
"""
HOST = """
import sys
from aiohttp import web
from server import Settings, create_app
{catalog}
{before}
app = web.Application()
app.add_subapp("/pictures/", create_app(catalog, Settings(memory_reserve=0, workers=1)))
{start}
"""
RUN = 'web.run_app(app, host="127.0.0.1", port=0, handler_cancellation=True)'
GUARDED = f'if __name__ == "__main__":\n    {RUN}'
BY_HAND = """
import asyncio

async def main():
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"here: http://127.0.0.1:{site._server.sockets[0].getsockname()[1]} .")
    await asyncio.Event().wait()

try:
    asyncio.run(main())
except Exception:
    print("swallowed")
"""
ELSEWHERE = "from scenes import catalog"


@asynccontextmanager
async def hosting(folder: Path, *arguments: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    command = (sys.executable, "-u", *arguments)
    async with program(*command, cwd=folder, env=environment(), stdout=asyncio.subprocess.PIPE) as process:
        assert process.stdout is not None
        async with asyncio.timeout(2 * PATIENCE):
            while b"http://" not in (line := await process.stdout.readline()):
                assert line, (await process.communicate())[1].decode()
        yield line.decode().split()[-2], process


def write(folder: Path, start: str, catalog: str, before: str = "", name: str = "host.py") -> None:
    (folder / "scenes.py").write_text(ANIMATION)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(HOST.format(catalog=catalog, start=start, before=before))


@pytest.mark.parametrize("arguments", [["host.py"], ["-m", "host"]], ids=["path", "module"])
@pytest.mark.parametrize("catalog", [ANIMATION, ELSEWHERE], ids=["own", "elsewhere"])
@pytest.mark.parametrize("start", [RUN, GUARDED, BY_HAND], ids=["run", "guarded", "by-hand"])
async def test_a_program_needs_no_guard(tmp_path: Path, start: str, catalog: str, arguments: list[str]) -> None:
    write(tmp_path, start, catalog)
    async with hosting(tmp_path, *arguments) as (url, process):
        assert await status(f"{url}/pictures/healthz/deep") == 200
        assert await status(f"{url}/pictures/animations/wave.gif") == 200
        process.terminate()
        _, said = await process.communicate()
        assert b"Traceback" not in said


@pytest.mark.parametrize("start", [RUN, GUARDED], ids=["run", "guarded"])
async def test_a_package_that_is_run_may_have_the_catalog(tmp_path: Path, start: str) -> None:
    write(tmp_path, start, ANIMATION + "\nfrom . import theme", name="site_of_figures/__main__.py")
    (tmp_path / "site_of_figures" / "theme.py").touch()
    async with hosting(tmp_path, "-m", "site_of_figures") as (url, _):
        assert await status(f"{url}/pictures/animations/wave.gif") == 200


async def test_a_program_has_its_arguments_in_a_worker_too(tmp_path: Path) -> None:
    write(tmp_path, RUN, ANIMATION, before='assert sys.argv[1:] == ["--title", "x"]')
    async with hosting(tmp_path, "host.py", "--title", "x") as (url, _):
        assert await status(f"{url}/pictures/animations/wave.gif") == 200


@pytest.mark.parametrize(
    "before",
    ["import socket\ns = socket.create_server(('127.0.0.1', {port}))", "open('lock', 'x')"],
    ids=["port", "file"],
)
def test_what_can_run_only_once_is_told_to_stand_under_a_guard(tmp_path: Path, before: str) -> None:
    write(tmp_path, RUN, ANIMATION, before.format(port=free_port()))
    ended = run(tmp_path, "host.py")
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("server.errors.WorkersUnavailableError: the worker processes do not start: ")
    assert last.endswith(
        'put what must run once under `if __name__ == "__main__":`, or the animations into a module of their own'
    )
    assert ended.stderr.count("no worker process") == 1
    assert "host.py" in ended.stderr


def test_a_module_that_starts_a_server_whenever_it_is_imported_is_told_so(tmp_path: Path) -> None:
    write(tmp_path, RUN, ELSEWHERE)
    (tmp_path / "scenes.py").write_text(ANIMATION + "\nimport host")
    ended = run(tmp_path, "host.py")
    assert ended.stderr.splitlines()[-1] == (
        "server.errors.WorkersUnavailableError: the worker processes do not start: the catalog's module starts a "
        'server whenever it is imported, as worker processes do; put what starts it under `if __name__ == "__main__":`'
    )


def test_animations_of_an_interactive_program_are_refused(tmp_path: Path) -> None:
    ended = run(tmp_path, "-c", ANIMATION + "\nfrom server import create_app\ncreate_app(catalog)")
    assert ended.stderr.splitlines()[-1] == (
        "server.errors.CatalogError: worker processes cannot import an interactive program; "
        "put the animations into a file"
    )
