"""The version of a catalog's code: which files count."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from server.catalog.code import code_files, code_roots, code_version

FILES = {
    "scenes_of_code.py": "import json\nimport theme_of_code\nfrom pack_of_code.inner import shapes\nimport numpy\n",
    "theme_of_code.py": "def color():\n    import late_of_code\n    return late_of_code.COLOR\n",
    "late_of_code.py": "COLOR = 'red'\n",
    "unused_of_code.py": "",
    "pack_of_code/__init__.py": "",
    "pack_of_code/inner/__init__.py": "from . import sizes\n",
    "pack_of_code/inner/shapes.py": "from .. import top\nfrom ..other import *\nfrom .sizes import WIDTH\n",
    "pack_of_code/inner/sizes.py": "WIDTH = 3\n",
    "pack_of_code/top.py": "",
    "pack_of_code/other.py": "",
    "pack_of_code/unused.py": "",
    "venv/lib/site-packages/installed_of_code.py": "",
}
USED = {"pack_of_code", "pack_of_code.inner", "pack_of_code.inner.shapes", "pack_of_code.inner.sizes"}
USED |= {"pack_of_code.other", "pack_of_code.top", "late_of_code", "scenes_of_code", "theme_of_code"}

Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write files of a catalog; the first ones stand there already."""
    monkeypatch.syspath_prepend(str(tmp_path / "venv/lib/site-packages"))
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    for name, text in FILES.items():
        write(name, text)
    yield write
    assert not [name for name in sys.modules if name.endswith("_of_code")], "nothing may be imported"


def test_all_files_that_are_imported_from_the_same_folder_count(write: Write, tmp_path: Path) -> None:
    found = code_files(code_roots(["scenes_of_code:x"]))
    assert set(found) == USED
    assert found["pack_of_code.inner"] == (tmp_path / "pack_of_code/inner/__init__.py").resolve()


def version() -> str:
    return code_version(code_files(code_roots(["scenes_of_code:x"])))


@pytest.mark.parametrize("name", FILES)
def test_an_edit_of_a_file_that_counts_is_another_version(write: Write, name: str) -> None:
    before = version()
    assert version() == before
    write(name, FILES[name] + "# edited\n")
    used = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in USED
    assert (version() != before) == used


def test_a_new_import_counts(write: Write) -> None:
    before = version()
    write("theme_of_code.py", "import unused_of_code\n")
    middle = version()
    write("unused_of_code.py", "x = 1\n")
    assert len({before, middle, version()}) == 3


def test_a_scene_inside_a_package_counts_with_its_neighbors(write: Write) -> None:
    write("pack_of_code/scenes.py", "from . import top\nimport theme_of_code\n")
    assert set(code_files(code_roots(["pack_of_code.scenes:x"]))) == {
        "pack_of_code.scenes", "pack_of_code", "pack_of_code.top", "theme_of_code", "late_of_code",
    }  # fmt: skip


def test_of_an_installed_catalog_its_own_package_counts(write: Write) -> None:
    write(
        "venv/lib/site-packages/installed_pack_of_code/__init__.py", "from . import inner\nimport installed_of_code\n"
    )
    write("venv/lib/site-packages/installed_pack_of_code/inner.py", "")
    found = code_files(code_roots(["installed_pack_of_code:x"]))
    assert set(found) == {"installed_pack_of_code", "installed_pack_of_code.inner"}


def test_a_package_counts_with_its_neighbors_though_no_folder_of_the_path_has_it(write: Write, tmp_path: Path) -> None:
    """A package that is installed in the editable way is found by a finder of its own."""
    write("elsewhere/editable_of_code/__init__.py", "")
    write("elsewhere/editable_of_code/scenes.py", "from editable_of_code import theme\n")
    write("elsewhere/editable_of_code/theme.py", "")
    found = code_files({"editable_of_code.scenes": tmp_path / "elsewhere/editable_of_code/scenes.py"})
    assert set(found) == {"editable_of_code", "editable_of_code.scenes", "editable_of_code.theme"}


def test_the_file_of_a_module_that_is_loaded_is_that_from_which_it_was_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = ModuleType("loaded_of_code")
    loaded.__file__ = str(tmp_path / "loaded_of_code.py")
    monkeypatch.setitem(sys.modules, "loaded_of_code", loaded)
    assert code_roots(["loaded_of_code:x"]) == {"loaded_of_code": (tmp_path / "loaded_of_code.py").resolve()}


def test_python_s_own_modules_do_not_count_though_they_stand_below_the_folder(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.catalog.code._PYTHON", tmp_path.resolve() / "pack_of_code")
    assert set(code_files(code_roots(["scenes_of_code:x"]))) == {"scenes_of_code", "theme_of_code", "late_of_code"}


def test_of_figreel_only_the_files_of_the_functions_count() -> None:
    assert set(code_files(code_roots(["server.demo.bars:bars"]))) == {"server.demo.bars"}


def test_packages_without_a_file_count_though_nothing_is_imported(write: Write) -> None:
    write("bare_of_code/inner/scenes.py", "from . import more\nimport bare_of_code.other\n")
    write("bare_of_code/inner/more.py", "")
    write("bare_of_code/other.py", "")
    found = code_files(code_roots(["bare_of_code.inner.scenes:x"]))
    assert set(found) == {"bare_of_code.inner.scenes", "bare_of_code.inner.more", "bare_of_code.other"}


def test_the_main_program_counts_with_its_neighbors(write: Write, tmp_path: Path) -> None:
    lines = (
        "import theme_of_code",
        "from server.catalog.code import *",
        "print(*code_files(code_roots(['__main__:x'])))",
    )
    write("main.py", "\n".join(lines))
    done = subprocess.run([sys.executable, tmp_path / "main.py"], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"__main__", "theme_of_code", "late_of_code"}
