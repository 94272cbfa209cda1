"""The core alone: what works without an extra, and the one line that names the extra for what does not."""

import os
import subprocess
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEMO = """
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure


def make(frames: int = 4):
    figure = Figure(figsize=(2, 1.5))
    (line,) = figure.subplots().plot([0, 1])
    return FuncAnimation(figure, lambda i: line.set_ydata([0, i]), frames, interval=50)
"""
USE = """
import importlib.util
from demo import make
from renderer import FormatError, render

assert render(make(), "gif").data.startswith(b"GIF89a")
assert render(make(), "png").data.startswith(b"\\x89PNG")
for extra in ("aiohttp", "av", "pydantic", "tqdm", "isal"):
    assert importlib.util.find_spec(extra) is None, extra
try:
    render(make(), "mp4")
except FormatError as error:
    print(error)
"""

pytestmark = pytest.mark.slow


class Core:
    """A virtual environment with the core alone, used in a folder with a module ``demo``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "demo.py").write_text(DEMO)
        venv.create(folder / "venv", with_pip=True)
        self.run("python", "-m", "pip", "install", "--quiet", str(ROOT))

    def run(self, program: str, *arguments: str, status: int = 0) -> str:
        """Run a program of the environment and return its output, that to stderr included."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [self.folder / "venv" / "bin" / program, *arguments],
            cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    return Core(tmp_path_factory.mktemp("core"))


def test_the_library_renders_and_names_the_extra_for_a_video(core: Core) -> None:
    (core.folder / "use.py").write_text(USE)
    assert "pip install 'figreel[video]'" in core.run("python", "use.py").splitlines()[-1]


def test_the_command_answers(core: Core) -> None:
    assert "render" in core.run("figreel", "--help")
    assert core.run("figreel", "--version").startswith("figreel, version ")
    listed = core.run("figreel", "formats")
    assert "gif" in listed
    assert "mp4" not in listed


def test_the_command_renders(core: Core) -> None:
    core.run("figreel", "render", "demo.py:make", "-o", "out.gif")
    assert (core.folder / "out.gif").read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize("command", ["serve", "sign", "config"])
def test_a_command_of_the_server_names_the_extra_in_one_line(core: Core, command: str) -> None:
    (line,) = core.run("figreel", command, status=1).splitlines()
    assert line.startswith(f"Error: figreel {command} needs ")
    assert line.endswith("pip install 'figreel[server]'")


def test_importing_the_server_names_the_extra_in_the_last_line(core: Core) -> None:
    printed = core.run("python", "-c", "from server import Catalog", status=1)
    assert "figreel[server]" in printed.splitlines()[-1]
