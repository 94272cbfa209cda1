"""What the documents say: blocks of code run, links lead somewhere, commands are there."""

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from PIL import Image

from renderer import Clip, render
from renderer.cli.commands import main
from server.demo import catalog
from server.environment import SECRETS
from server.settings import Settings, load_settings
from tests.pictures import CHART, MEASURED, run, times_faster, with_sources

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks" / "README.md"]
ABOUT_WHAT_CHANGED = {"CHANGELOG.md"}
GALLERY, DEPLOYMENT = ROOT / "docs" / "gallery.md", ROOT / "docs" / "deployment.md"


def names(documents: list[Path]) -> list[str]:
    return [str(document.relative_to(ROOT)) for document in documents]


def blocks(document: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", document.read_text(), re.M | re.S)


def anchors(document: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", document.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}


def durations_of(picture: Any) -> list[int]:
    durations = []
    for index in range(picture.n_frames):
        picture.seek(index)
        picture.load()  # Pillow knows the durations of a WebP after it has read the pixels
        durations.append(picture.info["duration"])
    return durations


@pytest.mark.parametrize("document", names([path for path in DOCUMENTS if blocks(path, "python")]))
def test_the_blocks_of_a_document_run_and_make_its_pictures(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace, shown = run(ROOT / document)
    assert namespace
    assert bool(shown) == ("](pictures/" in (ROOT / document).read_text())
    for path, clip in shown.items():
        with Image.open(path) as picture:
            assert picture.size == clip.size
            assert sum(durations_of(picture)) == pytest.approx(1000 * clip.duration)


def test_the_readme_gives_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said, _ = run(ROOT / "README.md")
    assert isinstance(said["clip"], Clip)
    assert said["clip"].html() in said["html"]
    answer = said["app"].test_client().get("/bars.gif?values=3&values=1&values=2")
    assert answer.mimetype == "image/gif"
    assert answer.data.startswith(b"GIF89a")
    with Image.open(said["buffer"]) as saved:
        assert (saved.format, saved.n_frames) == ("GIF", 63)  # type: ignore[attr-defined]
    assert render(said["bars"]()).frame_count == 3


@pytest.mark.parametrize("document", names(DOCUMENTS))
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if link.startswith(("http://", "https://")):
            continue
        target, _, anchor = link.partition("#")
        assert (path.parent / target).exists(), link
        if anchor:
            assert anchor in anchors(path.parent / target if target else path), link


@pytest.mark.parametrize("document", names([path for path in DOCUMENTS if path.name not in ABOUT_WHAT_CHANGED]))
def test_commands_are_there(document: str) -> None:
    text = (ROOT / document).read_text()
    code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *blocks(ROOT / document, "(?:console|sh)")])
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"^\W*make ([a-z][\w-]*)", code, re.M)) <= targets
    known = set(main.list_commands(None))  # type: ignore[arg-type]
    assert set(re.findall(r"\bfigreel ([a-z]+)\b", code)) <= known


def test_the_number_of_the_readme_is_the_one_measured() -> None:
    (said,) = re.findall(r"\*\*(\d+) times faster\*\*", (ROOT / "README.md").read_text())
    (measured,) = re.findall(r"Geometric mean: \*\*([\d.]+)\*\*", (ROOT / "docs" / "performance.md").read_text())
    assert int(said) == round(float(measured))


def test_the_chart_is_that_of_the_table() -> None:
    ratios = times_faster(MEASURED.read_text())
    assert len(ratios) == 8
    with Image.open(CHART) as chart:
        assert chart.text["Description"] == repr(ratios), "python -m tests.pictures draws it anew"  # type: ignore[attr-defined]


def test_every_recipe_is_listed() -> None:
    folder = ROOT / "docs" / "recipes"
    listed = set(re.findall(r"\]\(([^)\s]+)\)", (folder / "README.md").read_text()))
    assert {path.name for path in folder.iterdir()} - {"README.md", "__pycache__"} == {
        link.partition("/")[0] for link in listed if not link.startswith("..")
    }


def test_the_gallery_shows_each_animation_of_the_demo() -> None:
    intro, *parts = re.split(r"^## ", GALLERY.read_text(), flags=re.M)
    assert "figreel serve" in intro
    assert [part.partition("\n")[0] for part in parts] == [entry.name for entry in catalog]
    for part, entry in zip(parts, catalog, strict=True):
        assert f"\n\n{entry.summary}\n\n" in part
        assert re.search(rf"!\[.+\]\(pictures/gallery/{entry.name}\.\w+\)", part)
        assert f"<summary>server/demo/{entry.name}.py</summary>" in part


def test_the_files_in_the_gallery_are_those_of_the_demo() -> None:
    assert GALLERY.read_text() == with_sources(GALLERY.read_text()), "python -m tests.pictures copies them"


def test_the_pictures_of_the_gallery_are_small() -> None:
    pictures = list((ROOT / "docs" / "pictures" / "gallery").iterdir())
    sizes = {path.stem: path.stat().st_size for path in pictures}
    assert set(sizes) == {entry.name for entry in catalog}
    assert len(pictures) == len(sizes)
    assert max(sizes.values()) < 150_000
    assert sum(sizes.values()) < 1_200_000


@pytest.mark.parametrize("command", re.findall(r"^\$ (figreel render .* -p .*)$", GALLERY.read_text(), re.M))
def test_a_command_of_the_gallery_makes_its_file(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, *words = shlex.split(command)
    result = CliRunner().invoke(main, [*words, "--dpi", "20"])
    assert result.exit_code == 0, result.output
    assert Path(words[words.index("-o") + 1]).read_bytes().startswith(b"GIF89a")


def file_of(document: Path, language: str, first: str) -> str:
    """Return the block of a document that begins with this line."""
    (block,) = (block for block in blocks(document, language) if block.startswith(first))
    return block


def test_gunicorn_serves_the_app_of_deployment_with_its_settings(tmp_path: Path) -> None:
    for name in ("app.py", "gunicorn.conf.py"):
        (tmp_path / name).write_text(file_of(DEPLOYMENT, "python", f"# {name}\n"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gunicorn = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "app:app", "--bind", f"fd://{listener.fileno()}"],
            pass_fds=[listener.fileno()], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            with urlopen(f"http://127.0.0.1:{listener.getsockname()[1]}/wave.gif?frames=4", timeout=300) as answer:
                assert answer.read().startswith(b"GIF89a")
        finally:
            gunicorn.terminate()
            _, log = gunicorn.communicate()
    assert log.count("Booting worker") == 2


def test_the_settings_of_deployment_are_there(tmp_path: Path) -> None:
    (tmp_path / "figreel.toml").write_text(blocks(DEPLOYMENT, "toml")[0])
    settings = load_settings(tmp_path / "figreel.toml")
    assert settings.trusted_proxies == 1
    assert settings.prefix == "/pictures"
    variables = re.findall(r"FIGREEL_([A-Z_]+)=", DEPLOYMENT.read_text())
    assert variables
    secrets = {f"{name}_file" for name in SECRETS}
    assert {name.lower() for name in variables} <= {*Settings.model_fields, *secrets}


def test_the_documents_are_found() -> None:
    assert {"README.md", "docs/operating.md", "docs/recipes/README.md"} <= set(names(DOCUMENTS))
