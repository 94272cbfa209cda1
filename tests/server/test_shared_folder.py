"""Servers of several users share a folder of answers, and a server imports no encoder."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.cache.disk import DiskStore

ROOT = Path(__file__).parents[2]
KEY = "ab" + "0" * 62
NOBODY = 65534


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("mask", "folder", "file"), [(0o022, 0o755, 0o644), (0o002, 0o775, 0o664), (0o077, 0o700, 0o600)]
)
def test_files_have_the_rights_that_the_umask_leaves(tmp_path: Path, mask: int, folder: int, file: int) -> None:
    with umask(mask):
        DiskStore(tmp_path / "cache", 10_000).put(KEY, b"GIF89a")
    assert (tmp_path / "cache").stat().st_mode & 0o777 == folder
    assert (tmp_path / "cache" / "ab").stat().st_mode & 0o777 == folder
    assert (tmp_path / "cache" / "ab" / KEY).stat().st_mode & 0o777 == file


@contextmanager
def nobody() -> Iterator[None]:
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_a_server_of_another_user_reads_what_was_stored() -> None:
    with tempfile.TemporaryDirectory() as folder, umask(0o022):
        Path(folder).chmod(0o755)
        store = DiskStore(Path(folder), 10_000)
        store.put(KEY, b"GIF89a")
        path = Path(folder, "ab", KEY)
        with nobody():
            stored = DiskStore(Path(folder), 1).get(KEY)
            assert stored is not None
            assert stored[:] == b"GIF89a"
            DiskStore(Path(folder), 1).trim()
            assert path.exists()
        path.write_bytes(b"spoiled, and longer than a digest is")
        with nobody():
            assert DiskStore(Path(folder), 1).get(KEY) is None


def test_the_process_of_a_server_imports_no_encoder() -> None:
    code = "import sys; from server import create_app; from server.demo import catalog; create_app(catalog)"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}; print(*sys.modules)"], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    assert "server.rendering.workers.pool" in loaded
    assert not {"av", "isal", "renderer.encoding.video", "renderer.encoding.gif.encoder"} & set(loaded)
