"""What is published: the wheel and the source distribution, built from the checkout."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


REPOSITORY = "https://example.org/figreel"


def run(*command: str, folder: Path = ROOT, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=os.environ | variables, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both; the wheel is built from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--outdir", str(folder), FIGREEL_REPOSITORY=REPOSITORY, FIGREEL_REF="v1")
    return folder


@pytest.fixture(scope="module")
def sources(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution."""
    folder = tmp_path_factory.mktemp("sources")
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    return root


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(built.glob("*.whl")))


def test_an_index_takes_them(built: Path) -> None:
    assert "PASSED" in run("-m", "twine", "check", "--strict", *map(str, built.iterdir()))


def test_the_wheel_has_the_modules_types_and_assets(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "renderer", "server"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(tracked.stdout.split()) <= names
    assert {"renderer/py.typed", "server/py.typed", "renderer/encoding/html/player.js"} <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"renderer", "server", "figreel"}


def metadata_of(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return BytesParser().parsebytes(wheel.read(name))


def test_an_index_is_told_what_it_is(wheel: zipfile.ZipFile) -> None:
    metadata = metadata_of(wheel)
    classifiers = "\n".join(metadata.get_all("Classifier") or [])
    for wanted in (
        "Python :: 3.11",
        "Operating System :: POSIX :: Linux",
        "Framework :: Matplotlib",
        "Typing :: Typed",
    ):
        assert wanted in classifiers
    assert f"Source, {REPOSITORY}" in (metadata.get_all("Project-URL") or [])
    assert metadata["License-Expression"] == "MIT"


def test_links_and_pictures_of_its_page_are_whole_addresses(wheel: zipfile.ZipFile) -> None:
    text = str(metadata_of(wheel).get_payload())
    targets = re.findall(r"(!?)\[[^\]]*\]\(([^)]+)\)", text)
    assert ("!", f"{REPOSITORY}/raw/v1/docs/side_by_side.gif") in targets
    assert ("", f"{REPOSITORY}/blob/v1/docs/performance.md") in targets
    assert all(target.startswith(("https://", "#")) for _, target in targets)


def test_the_sources_have_what_contributors_are_told_of(sources: Path) -> None:
    words = re.findall(r"[\w./-]+\w", (ROOT / "CONTRIBUTING.md").read_text())
    named = {word for word in words if (ROOT / word).is_file() and not word.startswith(".venv/")}
    assert {".ci/run", "ARCHITECTURE.md", "tests/test_docs.py"} <= named
    assert [name for name in named if not (sources / name).exists()] == []


def test_their_tests_pass(sources: Path) -> None:
    parts = ["tests/renderer/encoding", "tests/test_docs.py", "tests/test_imports.py"]
    said = run("-m", "pytest", "-q", "-p", "no:cacheprovider", *parts, folder=sources, PYTHONPATH=str(sources))
    assert re.search(r"\d{3} passed", said)
