"""Files are written whole, as they would be by ``open``, and not under the name of another format."""

import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from PIL import Image

from renderer import FormatError, FormatName, Writer, formats, render
from renderer.clips.saving import check_name, write_whole

FORMATS = get_args(FormatName)
HELD = {**{name: {name} for name in FORMATS}, "htm": {"html"}, "m4v": {"mp4"}, "png": {"png", "apng"}}
NOBODY = 65534


@pytest.fixture
def umask() -> Iterator[Callable[[int], object]]:
    former = os.umask(0)
    os.umask(former)
    yield os.umask
    os.umask(former)


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_of_any_kind(tmp_path: Path, kind: Callable[[Path], Any]) -> None:
    write_whole(kind(tmp_path / "clip"), b"bytes")
    assert (tmp_path / "clip").read_bytes() == b"bytes"


@pytest.mark.parametrize(
    "name", ["new/", "new.gif/", "folder", "folder.gif", "folder/", "new/.", "folder/..", "none/new/", ""]
)
def test_the_name_of_a_folder_is_an_error_as_for_open(tmp_path: Path, name: str) -> None:
    for folder in ("folder", "folder.gif"):
        (tmp_path / folder).mkdir()
    path, before = f"{tmp_path}/{name}" if name else "", sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError) as expected:  # noqa: PT011
        open(path, "wb").close()  # noqa: PTH123 -- a Path leaves the last slash out
    drawn: list[int] = []
    ani = FuncAnimation(Figure(figsize=(1, 1)), drawn.append, 2)
    saves: list[Callable[[], object]] = [
        lambda: write_whole(path, b"bytes"),
        lambda: render([np.zeros((2, 2))]).save(path),
        lambda: ani.save(path, writer=Writer(format="gif")),
    ]
    for save in saves:
        with pytest.raises(type(expected.value)) as caught:
            save()
        assert (caught.value.errno, caught.value.filename) == (expected.value.errno, path)
    assert not drawn
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_usual_mode(tmp_path: Path, umask: Callable[[int], object], mask: int) -> None:
    umask(mask)
    write_whole(tmp_path / "clip", b"bytes")
    (tmp_path / "usual").write_bytes(b"")
    assert (tmp_path / "clip").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_private_file_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.touch(mode=0o600)
    write_whole(path, b"bytes")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b"bytes"


@pytest.mark.parametrize("target", ["clip", "folder/clip", "none"])
def test_a_link_stays_a_link(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    if target != "none":
        (tmp_path / target).write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / target).read_bytes() == b"new"


def test_all_names_of_a_file_have_the_new_bytes(tmp_path: Path) -> None:
    path, other = tmp_path / "clip", tmp_path / "other"
    path.write_bytes(b"old, and longer")
    other.hardlink_to(path)
    write_whole(path, b"new")
    assert path.read_bytes() == other.read_bytes() == b"new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    write_whole(path, b"bytes")
    reader.join()
    assert read == [b"bytes"]
    assert path.is_fifo()


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="descriptors have names")
def test_a_descriptor_is_written_to_by_its_name() -> None:
    reader, writer = os.pipe()  # as of `>(command)` in a shell, or of /dev/stdout
    with os.fdopen(reader, "rb") as file:
        write_whole(f"/dev/fd/{writer}", b"bytes")
        os.close(writer)
        assert file.read() == b"bytes"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device")
def test_a_full_disk_is_named() -> None:
    with pytest.raises(OSError, match=r"No space left on device: '/dev/full'"):
        write_whole("/dev/full", b"bytes")


def test_no_reader_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    contents = {b"a" * 100_000, b"b" * 200_000}
    path.write_bytes(b"a" * 100_000)
    done = threading.Event()
    seen: set[bytes] = set()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(50):
        for content in contents:
            write_whole(path, content)
    done.set()
    reader.join()
    assert seen <= contents


def is_refused(path: Path) -> bool:
    """Whether a process that is not root's may not write to a path."""
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        try:
            write_whole(path, b"new")
        except PermissionError as error:
            os._exit(13 if error.filename == str(path) else 1)
        except BaseException:
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 13)
    return code == 13


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that takes no files, with one that can be written to and one that cannot."""
    folder = tmp_path / "closed"
    folder.mkdir()
    for name, mode in (("open", 0o666), ("closed", 0o444)):
        (folder / name).write_bytes(b"old")
        (folder / name).chmod(mode)
    folder.chmod(0o555)
    opened = [parent for parent in folder.parents if not parent.stat().st_mode & stat.S_IXOTH]
    for parent in opened:  # those that pytest makes are the user's alone
        parent.chmod(parent.stat().st_mode | 0o011)
    yield folder
    folder.chmod(0o755)
    for parent in opened:
        parent.chmod(parent.stat().st_mode & ~0o011)


def test_a_file_in_a_closed_folder_is_written_where_it_is(closed_folder: Path) -> None:
    assert not is_refused(closed_folder / "open")
    assert (closed_folder / "open").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["closed", "none"])
def test_what_cannot_be_written_stays(closed_folder: Path, name: str) -> None:
    assert is_refused(closed_folder / name)
    assert {path.name: path.read_bytes() for path in closed_folder.iterdir()} == {"open": b"old", "closed": b"old"}


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["clip"]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["none/clip.gif", "file/clip.gif", "folder", "x" * 300])
def test_errors_are_those_of_open(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    with pytest.raises(OSError, match=re.escape(name)) as expected:
        path.open("wb")
    with pytest.raises(OSError, match=re.escape(name)) as caught:
        write_whole(path, b"bytes")
    assert (type(caught.value), str(caught.value)) == (type(expected.value), str(expected.value))


@pytest.mark.parametrize("suffix", [*HELD, "GIF", "dat", ""])
@pytest.mark.parametrize("name", FORMATS)
def test_suffixes(suffix: str, name: str) -> None:
    path = f"folder/clip.{suffix}" if suffix else "folder/clip"
    if name in HELD.get(suffix.lower(), {name}):
        check_name(path, name)
    else:
        with pytest.raises(FormatError, match=rf"'clip.{suffix}' is the name of .*, and this is {name}; save it as"):
            check_name(path, name)


def test_a_format_has_its_suffixes() -> None:
    for suffix, names in HELD.items():
        assert {name for name, entry in formats().items() if suffix in entry.suffixes} == names
    assert all(entry.suffixes[0] == name for name, entry in formats().items())


def test_a_clip_is_not_saved_under_the_name_of_another_format(tmp_path: Path) -> None:
    clip = render([np.zeros((4, 6, 4), np.uint8)] * 2, "gif")
    with pytest.raises(FormatError) as caught:
        clip.save(tmp_path / "a.mp4")
    message = "'a.mp4' is the name of mp4, and this is gif; save it as 'a.gif', or render(..., 'mp4')"
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


WITHOUT_POSIX = """
import os, signal, sys
for name in ("fork", "register_at_fork", "geteuid", "getegid", "sched_getaffinity"):
    delattr(os, name)
sys.modules.update(dict.fromkeys(("fcntl", "grp", "pwd", "resource", "termios")))
from renderer import render
import numpy as np
render([np.zeros((8, 8, 3), np.uint8)] * 2, "gif").save(sys.argv[1])
"""


def test_a_system_that_is_not_posix(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    subprocess.run([sys.executable, "-c", WITHOUT_POSIX, path], check=True)
    with Image.open(path) as picture:
        assert picture.size == (8, 8)
