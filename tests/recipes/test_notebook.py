import base64
import re
import subprocess
import sys
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from PIL import Image

from renderer import render
from tests.recipes.conftest import RECIPES

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.recipes.conftest import Serve

MAKE = """
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation

def make(fails_at=None):
    figure, axes = plt.subplots(figsize=(2, 1))
    (line,) = axes.plot([0, 1], [0, 1])

    def update(index):
        if index == fails_at:
            raise NotImplementedError("the update failed")
        line.set_ydata([index, 1])

    return FuncAnimation(figure, update, frames=3)
"""


def run(notebook: Any) -> Any:
    """Run a notebook as ``jupyter nbconvert --execute`` does; errors stay in the outputs."""
    import nbformat  # type: ignore[import-not-found, unused-ignore]

    command = [
        sys.executable,
        "-m",
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "--allow-errors",
        "--stdin",
        "--stdout",
    ]
    done = subprocess.run(command, input=nbformat.writes(notebook), capture_output=True, text=True, check=True)
    return nbformat.reads(done.stdout, as_version=4)


CELLS = {
    "loaded": f"%load_ext renderer\n{MAKE}",
    "first": "animation = make()\nanimation",
    "again": "animation",
    "twice": "from IPython.display import display\ndisplay(make())\ndisplay(make())",
    "fails in its first frame": "make(fails_at=0)",
    "fails in its last frame": "make(fails_at=2)",
    "jshtml": "plt.rcParams['animation.html'] = 'jshtml'\nmake()",
    "jshtml fails": "make(fails_at=0)",
    "unloaded": "%unload_ext renderer\nmake()",
    "loaded again": "%load_ext renderer\nmake()",
}


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[Any]]:
    """What each of the cells shows, run one after the other."""
    from nbformat.v4 import new_code_cell, new_notebook  # type: ignore[import-not-found, unused-ignore]

    notebook = run(new_notebook(cells=[new_code_cell(cell) for cell in CELLS.values()]))
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}


@pytest.fixture(scope="module")
def recipe() -> Any:
    """The notebook of the recipe, after a run."""
    import nbformat  # type: ignore[import-not-found, unused-ignore]

    return run(nbformat.read(RECIPES / "notebook.ipynb", as_version=4))


def shown(recipe: Any) -> list[Any]:
    """Return what the cells of the recipe show."""
    return [output for cell in recipe.cells for output in cell.get("outputs", [])]


def picture_in(html: str) -> bytes:
    """Return the bytes of the only picture in a piece of HTML."""
    (data,) = re.findall(r'src="data:image/\w+;base64,([^"]+)"', html)
    return base64.b64decode(data)


def frame_count(data: bytes) -> int:
    with Image.open(BytesIO(data)) as image:
        return int(getattr(image, "n_frames", 1))


def one_like_make() -> FuncAnimation:
    figure = Figure(figsize=(2, 1))
    (line,) = figure.subplots().plot([0, 1], [0, 1])
    return FuncAnimation(figure, lambda index: line.set_ydata([index, 1]), frames=3)


def test_the_notebook_is_kept_without_outputs() -> None:
    import nbformat  # type: ignore[import-not-found, unused-ignore]

    notebook = nbformat.read(RECIPES / "notebook.ipynb", as_version=4)
    assert [cell.execution_count or cell.outputs for cell in notebook.cells if cell.cell_type == "code"] == [[]] * 4


def test_each_cell_shows_one_moving_picture_and_no_still_of_the_figure(recipe: Any) -> None:
    animation, clip, player = shown(recipe)
    assert animation.output_type == clip.output_type == player.output_type == "execute_result"
    assert "<iframe srcdoc=" in player.data["text/html"]
    for output, format_, count in ((animation, "GIF", 20), (clip, "PNG", 6)):
        data = picture_in(output.data["text/html"])
        with Image.open(BytesIO(data)) as image:
            assert (image.format, image.n_frames) == (format_, count)  # type: ignore[attr-defined]


def test_the_page_that_nbconvert_makes_shows_the_pictures_in_a_browser(
    recipe: Any, page: "Page", tmp_path: Path
) -> None:
    from nbconvert import HTMLExporter  # type: ignore[import-not-found, unused-ignore]

    html, _ = HTMLExporter().from_notebook_node(recipe)
    file = tmp_path / "notebook.html"
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    sizes = page.evaluate(
        "Promise.all([...document.images].map("
        "async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }))"
    )
    assert sizes == [[500, 250], [300, 300], [300, 300]]  # the last is below the player
    player = page.frames[1]
    player.get_by_role("button", name="Pause").click()
    player.get_by_role("button", name="Last frame").click()
    player.locator("#screen[data-frame='30']").wait_for()


@pytest.fixture(scope="module")
def lab(serve: "Serve", tmp_path_factory: pytest.TempPathFactory) -> str:
    """JupyterLab with two notebooks of one player each, trusted.ipynb and other.ipynb; the address of its documents."""
    import nbformat  # type: ignore[import-not-found, unused-ignore]
    from nbformat.sign import NotebookNotary  # type: ignore[import-not-found, unused-ignore]
    from nbformat.v4 import new_code_cell, new_notebook, new_output  # type: ignore[import-not-found, unused-ignore]

    home, data = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("data")
    shown = render(one_like_make(), "html", fps=10, loop=0, metadata={"Title": "A line"})._repr_mimebundle_()
    for name in ("trusted", "other"):
        cell = new_code_cell(name, outputs=[new_output("execute_result", shown)])
        notebook = new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})
        nbformat.write(notebook, home / f"{name}.ipynb")
        if name == "trusted":
            NotebookNotary(data_dir=str(data)).sign(notebook)
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("DATA_DIR", "CONFIG_DIR", "RUNTIME_DIR"):
            patch.setenv(f"JUPYTER_{variable}", str(data))
        flags = ["--no-browser", "--allow-root", "--core-mode", "--IdentityProvider.token="]
        url = serve("-m", "jupyterlab", "--ServerApp.port=PORT", f"--ServerApp.root_dir={home}", *flags)
    return f"{url}/doc/tree"


def test_jupyterlab_plays_it_in_a_notebook_that_is_trusted(lab: str, page: "Page") -> None:
    page.goto(f"{lab}/trusted.ipynb")
    player = page.frame_locator(".jp-OutputArea-output iframe[title='A line']")
    player.locator("#screen[data-frame='2']").wait_for()
    player.get_by_role("button", name="Pause").click()
    player.get_by_role("button", name="First frame").click()
    player.locator("#screen[data-frame='0']").wait_for()


def test_jupyterlab_shows_the_first_picture_in_a_notebook_that_is_not_trusted(lab: str, page: "Page") -> None:
    page.goto(f"{lab}/other.ipynb")
    output = page.locator(".jp-OutputArea-output")
    picture = output.get_by_role("img", name="A line")
    picture.wait_for()
    size = picture.evaluate("async image => (await image.decode(), [image.naturalWidth, image.naturalHeight])")
    assert size == [200, 100]
    box = picture.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (200, 100)
    assert output.locator("iframe, script").count() == 0
    assert len(page.frames) == 1


def test_latex_gets_a_picture_of_each_cell(recipe: Any) -> None:
    from nbconvert import LatexExporter  # type: ignore[import-not-found, unused-ignore]
    from nbformat.v4 import new_notebook  # type: ignore[import-not-found, unused-ignore]

    code = new_notebook(cells=[cell for cell in recipe.cells if cell.cell_type == "code"])  # texts need pandoc
    tex, resources = LatexExporter().from_notebook_node(code)
    files = resources["outputs"]
    assert len(files) == 2
    for name, data in files.items():
        assert f"{{{name}}}" in tex
        with Image.open(BytesIO(data)) as image:
            assert image.format == "PNG"


def test_an_animation_is_shown_as_render_draws_it_wherever_it_is_displayed(outputs: dict[str, list[Any]]) -> None:
    expected = render(one_like_make()).data
    still = render(one_like_make(), "png").data
    shown = [outputs[name] for name in ("first", "again", "twice")]
    assert [len(item) for item in shown] == [1, 1, 2]
    for output in chain.from_iterable(shown):
        assert picture_in(output.data["text/html"]) == expected
        assert base64.b64decode(output.data["image/png"]) == still
        assert output.data["text/plain"].startswith("<Clip gif, 200 x 100 pixels, 3 frames")


def test_the_settings_of_matplotlib_count_again_once_the_extension_is_unloaded(outputs: dict[str, list[Any]]) -> None:
    for name in ("jshtml", "loaded again"):
        (output,) = outputs[name]
        assert frame_count(picture_in(output.data["text/html"])) == 3
    result, still = outputs["unloaded"]
    assert "anim-slider" in result.data["text/html"]
    assert still.output_type == "display_data"


@pytest.mark.parametrize("name", [name for name in CELLS if "fails" in name])
def test_an_update_that_fails_is_shown_with_its_own_traceback_once(outputs: dict[str, list[Any]], name: str) -> None:
    error, result = outputs[name]
    assert (error.output_type, error.ename) == ("error", "NotImplementedError")
    assert error.evalue == "the update failed"
    traceback = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
    assert 'raise NotImplementedError("the update failed")' in traceback
    assert "FuncAnimation object" in result.data["text/plain"]


def test_a_terminal_shows_no_picture_and_draws_nothing() -> None:
    from IPython.core.interactiveshell import InteractiveShell  # type: ignore[import-not-found, unused-ignore]
    from IPython.terminal.interactiveshell import TerminalInteractiveShell  # type: ignore[import-not-found, unused-ignore]

    try:
        shell = TerminalInteractiveShell.instance()
        shell.run_line_magic("load_ext", "renderer")
        drawn: list[int] = []
        animation = FuncAnimation(Figure(figsize=(1, 1)), drawn.append, frames=3)
        shown, _ = shell.display_formatter.format(animation)
        animation._draw_was_started = True  # type: ignore[attr-defined]  # matplotlib warns of one that was not drawn
        assert list(shown) == ["text/plain"]
        assert drawn == []
    finally:
        InteractiveShell.clear_instance()
