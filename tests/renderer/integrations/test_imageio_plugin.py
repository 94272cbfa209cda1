"""imageio's own functions, with figreel as their plugin."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import numpy as np
import pytest

from renderer import ImageioPlugin, OptionError, RenderError, render

PLUGIN: Any = ImageioPlugin  # imageio takes a class, and has types for a name alone


def pictures(count: int = 4) -> np.ndarray:
    return np.stack([np.full((6, 8, 3), 60 * index, np.uint8) for index in range(count)])


def written(frames: Any, extension: str = ".gif", **options: Any) -> bytes:
    data: bytes = iio.imwrite("<bytes>", frames, extension=extension, plugin=PLUGIN, **options)
    return data


def read(data: bytes) -> np.ndarray:
    """Read all frames, by Pillow, which tells some with alpha and some without."""
    return np.stack([frame[..., :3] for frame in iio.imiter(data, plugin="pillow")])


@pytest.mark.parametrize("extension", [".gif", ".apng", ".webp", ".mp4", ".webm", ".html", ".PNG"])
def test_bytes_are_those_of_render(extension: str) -> None:
    name: Any = extension[1:].lower()
    assert written(pictures(), extension) == render(list(pictures()), name).data


def test_what_it_writes_imageio_reads() -> None:
    np.testing.assert_array_equal(read(written(pictures(), fps=10)), pictures())
    shown = iio.immeta(written(pictures(), fps=10), plugin="pillow")
    assert shown["duration"] == 100


@pytest.mark.parametrize(
    ("frames", "count"),
    [
        (list(pictures()), 4),
        ((picture for picture in pictures()), 4),
        (pictures()[..., 0], 4),
        (pictures()[0], 1),
        (pictures()[0, ..., 0], 1),
    ],
    ids=["list", "generator", "gray stack", "one", "one gray"],
)
def test_frames_in_any_form(frames: Any, count: int) -> None:
    assert len(read(written(frames))) == count


def test_an_array_that_could_be_either() -> None:
    narrow = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    assert read(written(narrow)).shape == (1, 4, 6, 3)
    assert read(written(narrow, is_batch=True)).shape == (4, 6, 3, 3)


def test_files_and_file_likes(tmp_path: Path) -> None:
    assert iio.imwrite(tmp_path / "out.gif", pictures(), plugin=PLUGIN) is None
    buffer = BytesIO()
    iio.imwrite(buffer, pictures(), extension=".gif", plugin=PLUGIN)
    assert buffer.getvalue() == (tmp_path / "out.gif").read_bytes() == written(pictures())


@pytest.mark.parametrize(
    ("frames", "options", "error"),
    [
        (pictures(), {"fpss": 3}, OptionError),
        (pictures(), {"quality": 3}, OptionError),
        ([np.zeros(3)], {}, RenderError),
        ([], {}, RenderError),
    ],
)
def test_after_an_error_there_is_no_file(tmp_path: Path, frames: Any, options: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        iio.imwrite(tmp_path / "out.gif", frames, plugin=PLUGIN, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extension", [".gif", ".webp", ".mp4"])
def test_several_writes_are_one_file(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"out{extension}"
    canvas = np.zeros((6, 8, 3), np.uint8)
    with iio.imopen(path, "w", plugin=PLUGIN) as file:
        file.write(list(pictures(2)), fps=10)
        for picture in pictures()[2:]:
            canvas[:] = picture
            file.write(canvas)
    assert path.read_bytes() == written(pictures(), extension, fps=10)


def test_bytes_are_written_once() -> None:
    with iio.imopen("<bytes>", "w", extension=".gif", plugin=PLUGIN) as file:
        assert file.write(pictures()) == written(pictures())
        with pytest.raises(RenderError, match="give all frames to one write"):
            file.write(pictures())


def test_an_error_between_two_writes_leaves_no_file(tmp_path: Path) -> None:
    def write(picture: Any, **options: Any) -> None:
        with iio.imopen(tmp_path / "out.gif", "w", plugin=PLUGIN) as file:
            file.write(pictures())
            file.write(picture, **options)
            raise LookupError

    with pytest.raises(LookupError):
        write(pictures())
    with pytest.raises(OptionError, match="did you mean fps"):
        write(pictures(), fpss=3)
    assert list(tmp_path.iterdir()) == []


def test_a_file_to_which_nothing_is_written_is_not_made(tmp_path: Path) -> None:
    iio.imopen(tmp_path / "out.gif", "w", plugin=PLUGIN).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("uri", "message"), [("out.tiff", "'tiff'"), ("<bytes>", "extension=")])
def test_a_suffix_of_no_format(uri: str, message: str) -> None:
    with pytest.raises(OSError, match="can not handle") as error:
        iio.imwrite(uri, pictures(), plugin=PLUGIN)
    assert message in str(error.value.__cause__)


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(OSError, match="can not handle") as error:
        written(pictures(), extension=".mp4")
    assert "pip install 'figreel[video]'" in str(error.value.__cause__)


def test_it_does_not_read() -> None:
    with pytest.raises(OSError, match="can not handle") as error:
        iio.imread(written(pictures()), plugin=PLUGIN)
    assert "reads none" in str(error.value.__cause__)


def test_frames_of_a_file_are_written_anew() -> None:
    source = written(pictures(), fps=10)
    clip = render(iio.imiter(source, plugin="pillow"), "webp", fps=10)
    np.testing.assert_array_equal(read(clip.data), pictures())


def test_imageio_is_imported_when_it_is_asked_for() -> None:
    look = "print('imageio' in sys.modules)"
    program = f"import renderer, sys; {look}; renderer.ImageioPlugin; {look}"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.split() == ["False", "True"]
