"""One key, one picture: the version in a key is that of the code that draws."""

import asyncio
import itertools
import os
import py_compile
import signal
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from PIL import Image

from renderer import resolve
from server import Catalog
from tests.server.support import Answer, Running, Start, until

SCENES = """
import os
import {theme}
from matplotlib.figure import Figure
from renderer import Scene
from server import Catalog

catalog = Catalog()


@catalog.animation
def pic(n: int = 0):
    color = {theme}.color()
    return Scene(figure=Figure(figsize=(1, 1), facecolor=color), update=lambda index: None, frames=1)
"""
THEME = """
def color():
    import {late}
    return {late}.COLOR
"""

numbers = itertools.count()


class Folder:
    """A catalog in files of its own: scenes, which import a theme, which imports a module when it is called."""

    def __init__(self, folder: Path) -> None:
        number = next(numbers)
        self.late = folder / f"late_of_versions_{number}.py"
        self.theme = folder / f"theme_of_versions_{number}.py"
        self.scenes = folder / f"scenes_of_versions_{number}.py"
        self.paint("red")
        self.theme.write_text(THEME.format(late=self.late.stem))
        self.scenes.write_text(SCENES.format(theme=self.theme.stem))

    def paint(self, color: str) -> None:
        self.late.write_text(f"COLOR = {color!r}\n")

    def catalog(self) -> Catalog:
        catalog: Catalog = resolve(f"{self.scenes}:catalog")
        return catalog


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.syspath_prepend(str(tmp_path))
    return Folder(tmp_path)


def color_of(answer: Answer) -> Any:
    assert answer.status == 200
    with Image.open(BytesIO(answer.body)) as image:
        return image.convert("RGB").getpixel((50, 50))


RED, BLUE = (255, 0, 0), (0, 0, 255)
PATH = "/animations/pic.gif"


async def replace_worker(server: Running) -> None:
    before = server.service.pool.pids
    os.kill(before[0], signal.SIGKILL)
    await until(lambda: server.service.pool.pids != before and server.service.pool.alive == 1)


async def test_a_worker_keeps_the_code_that_the_key_names(start: Start, folder: Folder) -> None:
    server = await start(folder.catalog(), workers=1, cache_memory=0)
    first = await server.get(PATH)
    folder.paint("blue")
    again = await server.get(PATH)
    assert (color_of(first), color_of(again)) == (RED, RED)
    assert first.headers["ETag"] == again.headers["ETag"]


async def test_a_module_that_a_call_imports_is_not_imported_in_another_version(start: Start, folder: Folder) -> None:
    server = await start(folder.catalog(), workers=1)
    before = (await server.get(PATH, "HEAD")).headers["ETag"]
    folder.paint("blue")
    assert (await server.get(PATH)).status == 503
    after = await server.get(PATH)
    assert color_of(after) == BLUE
    assert after.headers["ETag"] != before


async def test_another_worker_with_other_code_changes_the_keys(start: Start, folder: Folder, tmp_path: Path) -> None:
    server = await start(folder.catalog(), workers=1, cache_folder=tmp_path / "cache")
    first = await server.get(PATH)
    folder.paint("blue")
    await replace_worker(server)
    second = await server.get(PATH)
    assert (color_of(first), color_of(second)) == (RED, BLUE)
    assert first.headers["ETag"] != second.headers["ETag"]
    stale = await server.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert stale.status == 200


async def test_all_workers_are_replaced_when_one_has_other_code(start: Start, folder: Folder) -> None:
    server = await start(folder.catalog(), workers=2, cache_memory=0)
    await until(lambda: server.service.pool.alive == 2)
    assert color_of(await server.get(PATH)) == RED
    old = set(server.service.pool.pids)
    folder.paint("blue")
    os.kill(min(old), signal.SIGKILL)
    await until(lambda: server.service.pool.alive == 2 and not old & set(server.service.pool.pids))
    answers = await asyncio.gather(*(server.get(f"{PATH}?n={n}") for n in range(6)))
    assert {color_of(answer) for answer in answers} == {BLUE}
    assert server.service.metrics.count("workers_replaced_total", reason="outdated") == 1


@pytest.mark.parametrize(
    "imports",
    ["import importlib\n{theme} = importlib.import_module('{theme}')", "{theme} = __import__('{theme}')"],
    ids=["import_module", "__import__"],
)
async def test_a_module_counts_that_is_named_while_the_catalog_is_imported(
    start: Start, folder: Folder, imports: str
) -> None:
    theme = folder.theme.stem
    folder.scenes.write_text(SCENES.format(theme=theme).replace(f"import {theme}", imports.format(theme=theme)))
    server = await start(folder.catalog(), workers=1)
    first = await server.get(PATH)
    folder.theme.write_text("def color():\n    return 'blue'\n")
    await replace_worker(server)
    second = await server.get(PATH)
    assert (color_of(first), color_of(second)) == (RED, BLUE)
    assert first.headers["ETag"] != second.headers["ETag"]


async def test_a_style_counts_that_the_catalog_uses(start: Start, folder: Folder) -> None:
    style = folder.scenes.with_name("colors.mplstyle")
    style.write_text("figure.facecolor: red")
    used = f"import matplotlib.style\nmatplotlib.style.use({str(style)!r})\n"
    folder.scenes.write_text(used + SCENES.format(theme=folder.theme.stem).replace(", facecolor=color", ""))
    with mpl.rc_context():
        server = await start(folder.catalog(), workers=1)
        first = await server.get(PATH)
        style.write_text("figure.facecolor: blue")
        await replace_worker(server)
        second = await server.get(PATH)
    assert (color_of(first), color_of(second)) == (RED, BLUE)
    assert first.headers["ETag"] != second.headers["ETag"]


@pytest.mark.parametrize("edited", ["theme", "late"])
async def test_a_worker_takes_a_source_though_the_bytecode_beside_it_seems_fresh(
    start: Start, folder: Folder, edited: str
) -> None:
    file: Path = getattr(folder, edited)
    file.write_text("COLOR = 'red '.strip()\ndef color(): return COLOR\n")
    server = await start(folder.catalog(), workers=1)
    first = await server.get(PATH)
    time = file.stat().st_mtime_ns
    py_compile.compile(str(file))
    file.write_text(file.read_text().replace("red ", "blue"))
    os.utime(file, ns=(time, time))
    await replace_worker(server)
    second = await server.get(PATH)
    assert (color_of(first), color_of(second)) == (RED, BLUE)
    assert first.headers["ETag"] != second.headers["ETag"]


async def test_the_code_before_has_its_key_back_when_it_is_back(start: Start, folder: Folder) -> None:
    server = await start(folder.catalog(), workers=1)
    first = await server.get(PATH)
    for color in ("blue", "red"):
        folder.paint(color)
        await replace_worker(server)
    again = await server.get(PATH)
    assert (again.headers["ETag"], again.body) == (first.headers["ETag"], first.body)
    assert again.headers["Server-Timing"] == "cache"


async def test_a_restarted_server_does_not_take_answers_of_other_code(
    start: Start, folder: Folder, tmp_path: Path
) -> None:
    catalog = folder.catalog()
    server = await start(catalog, workers=1, cache_folder=tmp_path / "cache")
    assert color_of(await server.get(PATH)) == RED
    folder.paint("blue")
    later = await start(catalog, workers=1, cache_folder=tmp_path / "cache")
    assert color_of(await later.get(PATH)) == BLUE


async def test_the_version_of_a_catalog_is_in_its_keys(start: Start, folder: Folder) -> None:
    catalog = folder.catalog()
    tags = set()
    for version in ("1", "2"):
        catalog.version = version
        server = await start(catalog, workers=1)
        tags.add((await server.get(PATH, "HEAD")).headers["ETag"])
    assert len(tags) == 2
