"""Mistakes that whoever calls serve, config or sign can mend: one line, or the frames of their own code alone."""

import subprocess
from pathlib import Path

import pytest

from tests.server.test_working_directory import FIGREEL, run

ADDRESS = "https://pictures.example/animations/wave.gif"
GOOD = """
from matplotlib.figure import Figure
from renderer import Scene
from server import Catalog

catalog = Catalog()

@catalog.animation
def wave():
    return Scene(figure=Figure(figsize=(1, 1)), update=lambda index: None, frames=1)
"""
IN_A_WORKER = "import multiprocessing\nif multiprocessing.current_process().name == 'figreel-worker':\n    {}\n" + GOOD
RAISING = "def f():\n    return {}['k']\nf()\n"
FRAMES = """Traceback (most recent call last):
  File "{folder}/scenes.py", line 3, in <module>
    f()
  File "{folder}/scenes.py", line 2, in f
    return {{}}['k']
           ~~^^^^^
KeyError: 'k'
"""


def figreel(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    done = run(folder, "-P", "-c", FIGREEL, *arguments, **more)
    assert done.stdout == ""
    return done


CODE = {
    "import": ("import nosuch", "scenes.py, line 1: No module named 'nosuch'"),
    "name": ("from server import nosuch", "scenes.py, line 1: cannot import name 'nosuch' from 'server'"),
    "syntax": ("def f(:\n", "scenes.py, line 1: invalid syntax"),
    "set": (
        "from server import Catalog\n@Catalog().animation\ndef wave(x: set[int] = {1}): ...",
        "'wave': parameter 'x'",
    ),
    "twice": (f"{GOOD}\ncatalog.animation(wave)", "there are two animations of the name 'wave'; rename one"),
    "type": (
        "from server import Catalog\n@Catalog().animation\ndef wave(x: 'Nope' = 1): ...",
        "animation 'wave': a type cannot be read: name 'Nope' is not defined",
    ),
    "method": (
        "from server import Catalog\nclass A:\n    def wave(self): ...\nCatalog().animation(A().wave)",
        "is no function; write one that calls it",
    ),
    "partial": (
        "from functools import partial\nfrom server import Catalog\nCatalog().animation(partial(print))",
        "is no function; write one that calls it",
    ),
    "async": (
        "from server import Catalog\n@Catalog().animation\nasync def wave(): ...",
        "animation 'wave' is asynchronous; write it without async",
    ),
    "exit": (
        "import sys\nsys.exit(3)",
        "'scenes.py' ends the program when it is imported; put what does so under `if __name__ == \"__main__\":`",
    ),
    "utf-16": ("x = 1\0", "scenes.py' is no text in UTF-8; save it as one"),
    "number": ("catalog = 3", "scenes.py:catalog is not a Catalog"),
    "nothing": ("", "'scenes.py' has no 'catalog'"),
    "near": ("from server import Catalog\ncatalogue = Catalog()", "did you mean 'catalogue'?"),
}


def test_threads_of_scenes_that_cannot_be_imported_keep_nobody_waiting(tmp_path: Path) -> None:
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\n"
    (tmp_path / "scenes.py").write_text(f"{thread}import nosuch")
    done = figreel(tmp_path, "serve", "scenes.py:catalog")
    assert done.stderr == "Error: scenes.py, line 3: No module named 'nosuch'\n"
    assert done.returncode == 1


@pytest.mark.parametrize("command", [["serve"], ["sign", ADDRESS]], ids=["serve", "sign"])
@pytest.mark.parametrize("name", CODE)
def test_a_mistake_in_the_scenes_is_a_line(tmp_path: Path, command: list[str], name: str) -> None:
    code, said = CODE[name]
    (tmp_path / "scenes.py").write_text(code)
    done = figreel(tmp_path, *command, "scenes.py:catalog")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert said in line
    assert done.returncode in (1, 2)


@pytest.mark.parametrize("command", [["serve"], ["sign", ADDRESS]], ids=["serve", "sign"])
def test_an_exception_in_the_scenes_has_the_frames_of_the_author_alone(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "scenes.py").write_text(RAISING)
    done = figreel(tmp_path, *command, "scenes.py:catalog")
    assert (done.returncode, done.stderr) == (1, FRAMES.format(folder=tmp_path))


@pytest.mark.parametrize(
    ("code", "timeout", "said"),
    [
        ("import nosuch", 60, "scenes.py, line 3: No module named 'nosuch'"),
        ("import os; os._exit(3)", 60, "the process ended while it imported the catalog"),
        ("import time; time.sleep(60)", 3, "it took longer than start_timeout, which is 3 seconds"),
    ],
    ids=["import", "exit", "sleep"],
)
def test_what_only_a_worker_meets_is_a_line(tmp_path: Path, code: str, timeout: int, said: str) -> None:
    (tmp_path / "scenes.py").write_text(IN_A_WORKER.format(code))
    done = figreel(tmp_path, "serve", "scenes.py:catalog", "--port", "0", "--set", f"start_timeout={timeout}")
    assert (done.returncode, done.stderr) == (1, f"Error: the worker processes do not start: {said}\n")


@pytest.mark.parametrize("code", ["dict()['k']", "raise SystemExit('no')"], ids=["exception", "exit"])
def test_what_only_a_worker_meets_has_the_frames_of_the_author_alone(tmp_path: Path, code: str) -> None:
    (tmp_path / "scenes.py").write_text(IN_A_WORKER.format(code))
    done = figreel(tmp_path, "serve", "scenes.py:catalog", "--port", "0")
    event, *frames, last = done.stderr.splitlines()
    assert "no worker process" in event
    assert [line for line in frames if line.startswith("  File ")] == [
        f'  File "{tmp_path}/scenes.py", line 3, in <module>'
    ]
    assert last.startswith("Error: the worker processes do not start: ")
    assert done.returncode == 1


FILES: dict[str, tuple[bytes, str]] = {
    "toml": (b"workers = 'x", "settings.toml is not TOML"),
    "text": (b"\xff\xfe", "settings.toml is not TOML"),
    "unknown": (b"wrkers = 1", "invalid settings\n  wrkers is not a setting; did you mean workers?"),
    "strange": (b"zzz = 1", "zzz is not a setting; `figreel config` prints all"),
    "wrong": (b"max_frames = 'x'", "  max_frames: must be a whole number"),
}


@pytest.mark.parametrize("command", [["serve"], ["config"], ["sign", ADDRESS]], ids=["serve", "config", "sign"])
@pytest.mark.parametrize("name", [*FILES, "missing", "folder", "unreadable"])
def test_a_file_of_settings_that_cannot_be_read_is_named(tmp_path: Path, command: list[str], name: str) -> None:
    file = tmp_path / "settings.toml"
    content, said = FILES.get(name, (None, "settings.toml"))
    if content is not None:
        file.write_bytes(content)
    elif name == "folder":
        file.mkdir()
    elif name == "unreadable":
        file.symlink_to("/proc/self/mem")  # also for root
    done = figreel(tmp_path, *command, "--config", str(file))
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == (2 if name in ("missing", "folder") else 1)
