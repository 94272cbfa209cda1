"""The command, with functions that no catalog knows."""

import importlib.metadata
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import renderer
from renderer.cli import commands
from renderer.cli.commands import main
from renderer.cli.mistakes import as_flags
from renderer.cli.parameters import arguments
from renderer.cli.report import written

SCENE = """
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure


def make(frames: int = 3, name: str = "x", face: bool = False, *, values: list[float] = [1.0], other=None):
    print(repr((frames, name, face, values, other)))
    figure = Figure(figsize=(1, 1))
    return FuncAnimation(figure, lambda index: figure.set_facecolor((index / 9, 0, 0)), frames)


def needs(count: int):
    return make(count)


constant = 3
figure = Figure(figsize=(1, 1))
ani = FuncAnimation(figure, lambda index: figure.set_facecolor((index / 9, 0, 0)), 4)
ani._draw_was_started = True  # matplotlib warns of animations that nobody draws
"""


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "scene_of_the_command", raising=False)
    path = tmp_path / "scene_of_the_command.py"
    path.write_text(SCENE)
    return str(path)


def figreel(*given: str) -> Result:
    return CliRunner().invoke(main, given)


def test_render_writes_a_file_and_says_nothing_when_it_is_quiet(scene: str, tmp_path: Path) -> None:
    out = tmp_path / "out.webp"
    result = figreel("render", f"{scene}:make", "-o", str(out), "-q", "--fps", "4", "--dpi", "30", "--loop", "2")
    assert (result.exit_code, result.stderr) == (0, "")
    with Image.open(out) as image:
        assert (image.n_frames, image.size) == (3, (30, 30))  # type: ignore[attr-defined]
        assert image.info["loop"] == 2


def test_render_says_on_standard_error_what_it_wrote(scene: str, tmp_path: Path) -> None:
    out = tmp_path / "out.gif"
    result = figreel("render", f"{scene}:ani", "-o", str(out), "--fps", "8")
    said = result.stderr.splitlines()[-1]
    assert re.fullmatch(rf"{out}: 100x100, 4 frames, 0.5 s, [\d.]+ kB, drawn in [\d.]+ s", said)
    assert result.stdout == ""
    result = figreel("render", f"{scene}:ani", "-o", "-", "--format", "png")
    assert re.search(r"standard output: png, 100x100, 1 frame, [\d.]+ kB, drawn in [\d.]+ s\n$", result.stderr)
    assert result.stdout_bytes.startswith(b"\x89PNG")


TALKING = """
import atexit, os, subprocess, sys
print("imported")
kept = sys.stdout
atexit.register(print, "at the end")


def make():
    from scene_of_the_command import ani, figure
    print("called")
    kept.write("kept\\n")
    os.write(1, b"from C\\n")
    subprocess.run(["echo", "from a child"], check=True)
    return ani
"""


def test_standard_output_is_for_the_file_alone(scene: str, tmp_path: Path) -> None:
    talking = tmp_path / "talking.py"
    talking.write_text(TALKING)
    command = [sys.executable, "-m", "renderer", "render", f"{talking}:make", "-o", "-", "--format", "gif"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert figreel("render", f"{scene}:ani", "-o", str(tmp_path / "out.gif")).exit_code == 0
    assert done.stdout == (tmp_path / "out.gif").read_bytes()
    said = done.stderr.decode().splitlines()
    assert {"imported", "called", "kept", "from C", "from a child", "at the end"} <= {*said}
    result = figreel("render", f"{scene}:make", "-o", "-", "--format", "gif")
    assert result.stdout_bytes[:3] == b"GIF"
    assert "(3, 'x', False, [1.0], None)" in result.stderr


@pytest.mark.parametrize(("closed", "code"), [(">&-", 2), ("2>&-", 0)])
def test_a_standard_stream_may_be_closed(scene: str, tmp_path: Path, closed: str, code: int) -> None:
    command = f"{sys.executable} -m renderer render {scene}:make -q -o - --format gif"
    other = tmp_path / "other"
    shown = f"2>{other}" if closed == ">&-" else f">{other}"
    assert subprocess.run(f"{command} {shown} {closed}", shell=True, check=False).returncode == code
    data = other.read_bytes()
    assert data[-1:] == b";" if code == 0 else b"standard output is closed; name a file" in data


def test_a_warning_is_one_line(scene: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        result = figreel("render", f"{scene}:ani", "-o", str(tmp_path / "out.gif"), "-q", "--fps", "100")
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert line.startswith("Warning: browsers slow a GIF down whose frames last less than 0.02 seconds: 2 of 4 frames")


def test_the_line_about_a_file() -> None:
    clip = renderer.Clip(bytes(171_988), "gif", "image/gif", 640, 480, 40, 2.0)
    assert written("out.gif", clip, 0.4) == "out.gif: 640x480, 40 frames, 2 s, 172 kB, drawn in 0.4 s"
    assert written("BytesIO", clip, 12.345) == "BytesIO: gif, 640x480, 40 frames, 2 s, 172 kB, drawn in 12.35 s"


def test_png_is_a_still_picture(scene: str, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    assert figreel("render", f"{scene}:make", "-o", str(out), "-q", "--frame", "last").exit_code == 0
    with Image.open(out) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("PNG", 1)
        assert image.getpixel((50, 50)) == (57, 0, 0, 255)


@pytest.mark.parametrize(
    ("name", "given", "head"),
    [
        ("out.m4v", (), b"\0\0\0 ftyp"),
        ("out.PNG", ("--format", "apng"), b"\x89PNG"),
        ("out.dat", ("--format", ".GIF"), b"GIF89a"),
    ],
)
def test_the_format_is_that_of_the_name_or_the_one_that_is_wanted(
    scene: str, tmp_path: Path, name: str, given: tuple[str, ...], head: bytes
) -> None:
    result = figreel("render", f"{scene}:ani", "-o", str(tmp_path / name), "-q", *given)
    assert (result.exit_code, result.stderr) == (0, "")
    data = (tmp_path / name).read_bytes()
    assert data.startswith(head)
    assert (b"acTL" in data) == (given == ("--format", "apng"))


def test_parameters_are_read_by_their_annotations(scene: str, tmp_path: Path) -> None:
    named = ("frames=2", "name=7", "face=yes", "values=1", "values=2.5", 'other={"a": [1]}')
    options = [part for text in named for part in ("-p", text)]
    result = figreel("render", f"{scene}:make", "-o", str(tmp_path / "out.gif"), "-q", *options)
    assert result.stdout == "(2, '7', True, [1.0, 2.5], {'a': [1]})\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["make", "-p", "frames=many"], "frames: must be a whole number, not 'many'"),
        (["make", "-p", "face=perhaps"], "face: must be true or false"),
        (["make", "-p", "values=x"], "values: must be a number"),
        (["make", "-p", "frames=1", "-p", "frames=2"], "frames: is given more than once"),
        (["make", "-p", "colour=red"], "colour: no such parameter; the function's parameters are: frames, name"),
        (["make", "-p", "frames"], "'frames' is not of the form NAME=VALUE"),
        (["needs"], "count: is required; give it as -p count=VALUE"),
        (["ani", "-p", "frames=1"], "a FuncAnimation takes no parameters"),
        (["nothing"], "has no 'nothing'"),
        (["make", "--fps", "0"], "--fps: must be from 1e-06 to 1e+06, not 0.0"),
        (["make", "--fps", "fast"], "'--fps': 'fast' is not a number, such as 12.5"),
        (["make", "--fps", "3", "--durations", "1,2,3"], "--durations: cannot be combined with 'fps'"),
        (["make", "--durations", "0.1;2"], "'--durations': '0.1;2' is not seconds with commas between them, such as"),
        (["make", "--durations", "1,2"], "--durations: must hold one number a frame: 3 frames, 2 numbers"),
        (["make", "--metadata", "Title"], "'--metadata': 'Title' is not of the form NAME=VALUE"),
        (["make", "--metadata", "Title=a", "--metadata", "Title=b"], "--metadata: 'Title' is given more than once"),
        (["make", "--bbox-inches", "0,0,1"], "'--bbox-inches': '0,0,1' is not tight, or a box in inches, such as"),
        (["make", "--bbox-inches", "1,0,0,1"], "'--bbox-inches': '1,0,0,1' is not tight, or a box in inches"),
        (["make", "--verify", "often"], "'--verify': 'often' is not one of 'sampled', 'always', 'never'"),
        (["make", "--max-bytes", "100 apples"], "'100 apples' is not a size, such as 100000, 100kB, 1.5MB or 64KiB"),
        (["make", "--max-bytes", "0kB"], "--max-bytes: must be greater than 0, not 0"),
        (["make", "--limit-bytes", "0"], "--limit-bytes: must be greater than 0, not 0"),
        (["make", "--max-frames", "2.5"], "'--max-frames': '2.5' is not a whole number, such as 16"),
        (["make", "--facecolor", "reddish"], "--facecolor: must be a color that matplotlib can read, not 'reddish'"),
        (["make", "--loop", "often"], "'--loop': 'often' is not a whole number, such as 3, or animation"),
        (["make", "--colors", "7", "--format", "mp4"], "--colors: format 'mp4' cannot keep --colors 7; gif can"),
        (["make", "--format", "giff"], "did you mean 'gif'?"),
        (["make", "--format", "webp"], "out.gif' is the name of gif; leave --format out, or name the file .webp"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_line_ends_with_one_line(scene: str, tmp_path: Path, given: list[str], said: str) -> None:
    check_end(scene, tmp_path, given, said, exit_code=2)


def test_the_name_of_a_folder_is_refused_before_the_function_is_called(scene: str, tmp_path: Path) -> None:
    done = figreel("render", f"{scene}:make", "-o", f"{tmp_path}/new.gif/")
    assert done.exit_code == 2
    assert "it is the name of a folder" in done.stderr
    assert "None" not in done.stdout
    assert not (tmp_path / "new.gif").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["constant"], "cannot animate int"),
        (["make", "--limit-bytes", "10"], "--limit-bytes: the file has"),
        (["make", "--max-frames", "2"], "--max-frames: the animation has 3 frames, more than 2 are not allowed"),
        (["make", "--max-bytes", "20"], "the animation does not fit into --max-bytes 20; the least is"),
    ],
)
def test_a_render_that_fails_ends_with_one_line(scene: str, tmp_path: Path, given: list[str], said: str) -> None:
    check_end(scene, tmp_path, given, said, exit_code=1)


def check_end(scene: str, folder: Path, given: list[str], said: str, *, exit_code: int) -> None:
    name, *options = given
    result = figreel("render", f"{scene}:{name}", "-o", str(folder / "out.gif"), "-q", *options)
    assert result.exit_code == exit_code
    assert said in result.stderr.splitlines()[-1]
    assert isinstance(result.exception, SystemExit)
    assert list(folder.glob("out*")) == []


def test_a_wrong_option_is_refused_before_the_function_is_called(scene: str, tmp_path: Path) -> None:
    result = figreel("render", f"{scene}:make", "-o", str(tmp_path / "out.gif"), "--quality", "3")
    assert result.exit_code == 2
    assert result.stdout == ""


def test_an_animation_of_a_script(scene: str, tmp_path: Path) -> None:
    result = figreel("render", f"{scene}:ani", "-o", str(tmp_path / "out.gif"), "-q")
    assert (result.exit_code, result.stderr) == (0, "")
    with Image.open(tmp_path / "out.gif") as image:
        assert image.n_frames == 4  # type: ignore[attr-defined]


def test_animations_of_a_file_that_were_not_asked_for_are_not_warned_of(scene: str, tmp_path: Path) -> None:
    Path(scene).write_text(SCENE.replace("ani._draw_was_started = True", ""))
    command = [sys.executable, "-m", "renderer", "render", f"{scene}:make", "-o", str(tmp_path / "out.gif"), "-q"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("make", ["frames  int, default 3", "name    str, default 'x'", "other   default None"]),
        ("needs", ["count  int, required"]),
        ("ani", ["a FuncAnimation takes no parameters"]),
    ],
)
def test_the_parameters_of_a_function_are_listed(scene: str, name: str, lines: list[str]) -> None:
    result = figreel("render", f"{scene}:{name}", "--params")
    assert (result.exit_code, result.stderr) == (0, "")
    assert set(lines) <= {line.strip() for line in result.stdout.splitlines()}


def test_a_render_needs_a_file(scene: str) -> None:
    result = figreel("render", f"{scene}:make")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "Error: Missing option '--output' / '-o'."


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("give max_bytes=123 to keep all", "give --max-bytes 123 to keep all"),
        ("use fps=, or loop='animation'", "use --fps, or --loop 'animation'"),
        ("limits.max_frames=3", "limits.max_frames=3"),
        ("set savefig_kwargs={}", "set savefig_kwargs={}"),
    ],
)
def test_options_are_named_as_the_command_line_names_them(text: str, flags: str) -> None:
    assert as_flags(text) == flags


MISTAKES = """
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

def deeper(index):
    return [][index]

def make():
    return FuncAnimation(Figure(figsize=(1, 1)), lambda index: deeper(index + 1), 2, init_func=list)

def reads():
    return open("nothing.csv")
"""


class TestMistakesOfTheUsersCode:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", sys.path.copy())
        monkeypatch.delitem(sys.modules, "mistakes_of_a_scene", raising=False)
        (tmp_path / "mistakes_of_a_scene.py").write_text(MISTAKES)
        (tmp_path / "imports_nothing.py").write_text("\nimport nosuch\n")
        (tmp_path / "imports_a_mistake.py").write_text("import not_python\n")
        (tmp_path / "not_python.py").write_text("x = 1\ndef f(:\n")
        return tmp_path

    @pytest.mark.parametrize(
        ("reference", "line"),
        [
            ("imports_nothing.py:x", "imports_nothing.py, line 2: No module named 'nosuch'"),
            ("imports_a_mistake.py:x", "not_python.py, line 2: invalid syntax"),
            ("not_python.py:x", "not_python.py, line 2: invalid syntax"),
        ],
    )
    def test_an_import_that_fails_is_one_line(self, reference: str, line: str) -> None:
        result = figreel("render", reference, "-o", "out.gif")
        assert (result.exit_code, result.stderr) == (1, f"Error: {line}\n")

    def test_an_exception_of_an_update_begins_with_the_users_code(self) -> None:
        result = figreel("render", "mistakes_of_a_scene.py:make", "-o", "out.gif", "-q")
        first, place, *_ = result.stderr.splitlines()
        assert (result.exit_code, first) == (1, "Traceback (most recent call last):")
        assert re.search(r'mistakes_of_a_scene.py", line \d+, in <lambda>', place)
        assert result.stderr.endswith("IndexError: list index out of range\nfigreel: in frame 0\n")

    def test_a_file_that_the_users_code_does_not_find(self) -> None:
        result = figreel("render", "mistakes_of_a_scene.py:reads", "-o", "out.gif", "-q")
        _, place, *_, last = result.stderr.splitlines()
        assert "in reads" in place
        assert last == "FileNotFoundError: [Errno 2] No such file or directory: 'nothing.csv'"

    def test_debug_shows_all_calls(self) -> None:
        result = figreel("--debug", "render", "imports_nothing.py:x", "-o", "out.gif")
        assert isinstance(result.exception, ModuleNotFoundError)
        result = figreel("--debug", "render", "none.py:x", "-o", "out.gif")
        assert isinstance(result.exception, renderer.ReferenceNotFoundError)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a package, which is the working directory; a scene in the package imports its neighbor."""
    inner = tmp_path / "figreel_outer" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner, inner.parent):
        (folder / "__init__.py").touch()
    (inner / "more.py").write_text("COUNT = 2\n")
    (inner / "scenes.py").write_text(f"{SCENE}\nfrom .more import COUNT\n\ndef dots():\n    return make(COUNT)\n")
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("figreel_outer")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "where",
    ["figreel_outer/inner/scenes.py", "figreel_outer.inner.scenes", "./figreel_outer/../figreel_outer/inner/scenes.py"],
)
def test_references_are_resolved_as_python_would(package: Path, where: str) -> None:
    result = figreel("render", f"{where}:dots", "-o", "out.gif", "-q")
    assert (result.exit_code, result.stderr) == (0, "")
    with Image.open(package / "out.gif") as image:
        assert image.n_frames == 2  # type: ignore[attr-defined]


def test_the_working_directory_hides_nothing(package: Path) -> None:
    (package / "json.py").write_text("raise ImportError('not this one')\n")
    figreel("render", "figreel_outer.inner.scenes:dots", "-o", "out.gif", "-q")
    sys.modules.pop("json.tool", None)
    assert figreel("render", "json:nothing", "-o", "out.gif", "-q").stderr.endswith("'json' has no 'nothing'\n")
    assert sys.path.index(str(package)) == len(sys.path) - 1


def test_a_name_that_is_nearly_there(package: Path) -> None:
    result = figreel("render", "figreel_outer.inner.scenes:dot", "-o", "out.gif", "-q")
    assert result.stderr.endswith("has no 'dot'; did you mean 'dots'?\n")


def test_a_script_that_saves_nothing_is_told_so(folder: Path) -> None:
    (folder / "still.py").write_text("print('done')\n")
    result = figreel("run", "still.py")
    assert (result.stdout, result.stderr) == ("done\n", "still.py: no animation was saved\n")


def test_a_module_that_is_not_there(package: Path) -> None:
    result = figreel("render", "figreel_nowhere:dots", "-o", "out.gif", "-q")
    assert result.stderr == "Error: there is no module 'figreel_nowhere'\n"


def test_formats_lists_what_is_installed() -> None:
    lines = figreel("formats").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        [name, entry.media_type] for name, entry in renderer.formats().items()
    ]
    assert any("still picture" in line for line in lines)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_new_writes_a_scene_and_says_two_commands_that_work(folder: Path) -> None:
    said = figreel("new").output
    rendering, serving = re.findall(r"^  figreel (.*)", said, re.M)
    assert figreel(*rendering.split(), "--quiet").exit_code == 0
    with Image.open(folder / "wave.gif") as picture:
        assert picture.n_frames == 40  # type: ignore[attr-defined]
    command, reference = serving.split()
    assert command == "serve"
    assert [entry.name for entry in renderer.resolve(reference)] == ["wave"]


def test_new_without_the_server_writes_what_can_be_rendered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renderer.cli.new.find_spec", lambda name: None)
    said = figreel("new", "mine.py").output
    assert "pip install 'figreel[server]'" in said
    assert "server" not in (folder / "mine.py").read_text()
    assert figreel("render", "mine.py:wave", "-o", "wave.png", "-q").exit_code == 0


def test_new_overwrites_nothing(folder: Path) -> None:
    (folder / "scenes.py").write_text("mine")
    done = figreel("new")
    assert (done.exit_code, done.output) == (1, "Error: 'scenes.py' is there already; give another name\n")
    assert (folder / "scenes.py").read_text() == "mine"
    assert "no name of a Python module" in figreel("new", "my scenes.py").output


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("scene:ani", "there is no module 'scene'"),
        ("folder/mine:ani", "there is no module 'folder/mine'; did you mean 'folder/mine.py'?"),
        ("mine.ipynb:ani", "there is no module 'mine'; 'mine.ipynb' is no Python file, whose name ends with .py"),
    ],
)
def test_a_name_that_is_nearly_a_files_is_told_so(folder: Path, reference: str, said: str) -> None:
    (folder / "folder").mkdir()
    (folder / "folder" / "mine.py").touch()
    (folder / "mine.ipynb").touch()
    assert figreel("render", reference, "-o", "out.gif").output == f"Error: {said}\n"


def test_a_notebook_is_no_script(folder: Path) -> None:
    (folder / "mine.ipynb").write_text("{}")
    done = figreel("run", "mine.ipynb")
    assert (done.exit_code, "'mine.ipynb' is a notebook; put `%load_ext renderer`" in done.output) == (2, True)


def test_a_reader_that_leaves_gets_no_error(folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        done = subprocess.run([sys.executable, "-m", "renderer", "formats"], stdout=output, stderr=subprocess.PIPE)
        (folder / "scenes.py").write_text("import numpy\nani = numpy.zeros((2, 9, 9))")
        command = [sys.executable, "-m", "renderer", "render", "scenes.py:ani", "-o", "-", "--format", "gif", "-q"]
        rendered = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, cwd=folder)
    assert (done.stderr, rendered.stderr) == (b"", b"")


@pytest.mark.parametrize("name", ["server.py", "renderer.py", "numpy.py", "random.py"])
def test_new_hides_no_module(folder: Path, name: str) -> None:
    done = figreel("new", name)
    assert (done.exit_code, f"would hide the module {name[:-3]!r}; take a name" in done.output) == (2, True)
    assert not (folder / name).exists()


def test_new_refuses_names_that_cannot_be_written(folder: Path) -> None:
    assert "there is no folder 'none'; make it first" in figreel("new", "none/scenes.py").output
    assert "no name of a Python module" in figreel("new", "class.py").output


def test_debug_shows_the_traceback(scene: str) -> None:
    given = "render", f"{scene}:nothing", "-o", "-", "--format", "gif"
    assert "Error: " in figreel(*given).output
    done = figreel("--debug", *given)
    assert isinstance(done.exception, renderer.RenderError)
    done = figreel("--debug", "render", f"{scene}:ani", "-o", "-", "--format", "gif", "--fps", "0")
    assert isinstance(done.exception, renderer.RenderError)


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_completion_prints_the_script_of_a_shell(shell: str) -> None:
    assert "_FIGREEL_COMPLETE" in figreel("completion", shell).output


def test_bash_completes_the_words_of_the_command() -> None:
    script = figreel("completion", "bash").output
    asked = "COMP_WORDS=(figreel render --max); COMP_CWORD=2; _figreel_completion figreel; echo ${COMPREPLY[@]}"
    path = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", f"{script}\n{asked}"], capture_output=True, text=True, env=path, check=True)
    assert done.stdout.split() == [f"--max-{what}" for what in ("bytes", "frames", "pixels", "total-pixels", "seconds")]


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("render scenes.py:ani --format a", ["plain,apng", "plain,avif"]),
        ("render sce", ["file,sce"]),
        ("serve sce", ["file,sce"]),
        ("sign /animations/wave.gif sce", ["file,sce"]),
    ],
)
def test_formats_and_files_are_completed(words: str, completed: list[str]) -> None:
    command = Path(sys.executable).with_name("figreel")
    asked = {
        "_FIGREEL_COMPLETE": "bash_complete",
        "COMP_WORDS": f"figreel {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    done = subprocess.run([command], capture_output=True, text=True, env=os.environ | asked, check=True)
    assert done.stdout.split() == completed


def test_the_package_is_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "renderer", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("figreel, version ")


def test_version() -> None:
    assert figreel("--version").stdout == f"figreel, version {renderer.__version__}\n"


@pytest.fixture
def without_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands of the server fail to be imported, as where its extra is not installed."""

    class Broken(EntryPoint):
        def load(self) -> Any:
            raise ModuleNotFoundError("No module named 'aiohttp'", name="aiohttp")

    def entry_points(*, group: str, **selection: Any) -> list[EntryPoint]:
        found = importlib.metadata.entry_points(group=group, **selection)
        return [Broken(entry.name, entry.value, entry.group) for entry in found]

    monkeypatch.setattr(commands, "entry_points", entry_points)


@pytest.mark.usefixtures("without_the_server")
def test_a_missing_extra_is_named_by_the_command_and_by_the_help() -> None:
    result = figreel("serve", "scenes.py:catalog", "--port", "0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: figreel serve needs a library that is not installed (aiohttp); "
        "install it with: pip install 'figreel[server]'\n"
    )
    overview = figreel("--help")
    assert overview.exit_code == 0
    assert overview.stdout.count("figreel[server]") == 3
    assert "Render one animation to a file." in overview.stdout


def test_a_function_of_any_keywords_takes_any_parameter() -> None:
    def draw(**options: float) -> None: ...

    assert arguments(draw, [("a", "1"), ("b", "x")]) == {"a": 1, "b": "x"}


def test_annotations_that_cannot_be_evaluated_say_nothing() -> None:
    def draw(a: "Nothing", b: int = 0) -> None: ...  # type: ignore[name-defined]  # noqa: F821

    assert arguments(draw, [("a", "[1]"), ("b", "2")]) == {"a": [1], "b": 2}


@pytest.mark.parametrize(("text", "value"), [("[1, 2]", [1, 2]), ("[]", []), ("3", [3])])
def test_a_list_is_one_array_or_a_repeated_name(text: str, value: list[int]) -> None:
    def draw(values: list[int]) -> None: ...

    assert arguments(draw, [("values", text)]) == {"values": value}


def test_a_number_that_is_none_names_the_parameter() -> None:
    def draw(count: int) -> None: ...

    with pytest.raises(click.ClickException, match="count: must be a whole number"):
        arguments(draw, [("count", "2.5")])


SCRIPT = """
import sys
from pathlib import Path
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
import helper_of_the_script

figure = Figure(figsize=(1, 1))
folder, *more = sys.argv[1:]
print(Path(sys.argv[0]).name, more, __name__, helper_of_the_script.NUMBER)
ani = FuncAnimation(figure, lambda index: figure.set_facecolor((index / 9, 0, 0)), 3)
ani.save(f"{folder}/out.gif", writer="pillow")
ani.save(f"{folder}/out.html", writer="html")
if "--fail" in more:
    open(f"{folder}/none/at/all")
"""


class TestRun:
    @pytest.fixture
    def script(self, tmp_path: Path) -> Path:
        (tmp_path / "helper_of_the_script.py").write_text("NUMBER = 7")
        path = tmp_path / "script.py"
        path.write_text(SCRIPT)
        return path

    def test_a_script_runs_as_it_is(self, script: Path) -> None:
        argv, path = sys.argv, sys.path
        result = figreel("run", str(script), str(script.parent), "--depth", "-3")
        assert result.stdout == "script.py ['--depth', '-3'] __main__ 7\n"
        first, second = result.stderr.splitlines()
        assert re.fullmatch(r".*/out.gif: 100x100, 3 frames, 0.6 s, [\d.]+ kB, drawn in [\d.]+ s", first)
        assert re.fullmatch(r".*/out.html: [\d.]+ s, by matplotlib: the writer is none of matplotlib's .*", second)
        assert (result.exit_code, sys.argv, sys.path) == (0, argv, path)
        with Image.open(script.with_name("out.gif")) as image:
            assert image.n_frames == 3  # type: ignore[attr-defined]

    def test_the_traceback_of_an_error_begins_with_the_script(self, script: Path) -> None:
        result = figreel("run", str(script), str(script.parent), "--fail")
        assert result.exit_code == 1
        begin = result.stderr.index("Traceback")
        assert f'"{script}"' in result.stderr[begin:].splitlines()[1]
        assert result.stderr.splitlines()[-1].startswith("FileNotFoundError")

    def test_a_quiet_run_says_nothing(self, script: Path) -> None:
        result = figreel("run", "-q", str(script), str(script.parent))
        assert (result.exit_code, result.stderr) == (0, "")

    def test_a_script_that_is_not_there(self) -> None:
        result = figreel("run", "none.py")
        assert result.exit_code == 2
        assert "'none.py' does not exist" in result.stderr
