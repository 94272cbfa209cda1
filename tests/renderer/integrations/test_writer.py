"""``Animation.save`` with figreel's writer: the same files as `render`, and matplotlib's own behavior around them."""

import io
import re
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.animation import FuncAnimation, writers
from matplotlib.figure import Figure
from PIL import Image, ImageSequence

from renderer import (
    FormatError,
    FormatName,
    LimitError,
    Limits,
    OptionError,
    OptionWarning,
    RenderError,
    SourceError,
    Writer,
    drop_in,
    formats,
    frames,
    render,
)
from tests.support import assert_same_frames, saved_frames


def animation(frame_count: int = 5, **figure: Any) -> FuncAnimation:
    figure_ = Figure(**{"figsize": (2, 1.5), **figure})
    axes = figure_.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 5), title="line")
    (line,) = axes.plot([0, 1], [0, 0])
    return FuncAnimation(figure_, lambda index: line.set_ydata([0, index]), frame_count, interval=100)


def saved(ani: FuncAnimation, writer: Writer | str, **save: Any) -> bytes:
    buffer = io.BytesIO()
    ani.save(buffer, writer=writer, **save)  # type: ignore[arg-type]
    return buffer.getvalue()


def decoded(data: bytes) -> list[np.ndarray]:
    return [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(Image.open(io.BytesIO(data)))]


@pytest.mark.parametrize("name", sorted(formats()))
def test_the_file_is_that_of_render(name: FormatName) -> None:
    timed: dict[str, Any] = {} if name == "png" else {"fps": 4}
    assert saved(animation(), Writer(fps=4, format=name)) == render(animation(), name, **timed).data


def test_the_writer_is_registered_by_name() -> None:
    assert "figreel" in writers.list()
    assert saved(animation(), "figreel") == render(animation()).data
    with mpl.rc_context({"animation.writer": "figreel"}):
        buffer = io.BytesIO()
        animation().save(buffer)  # type: ignore[arg-type]
    assert buffer.getvalue() == render(animation()).data


@pytest.mark.parametrize("suffix", ["gif", "webp", "apng", "png", "GIF", "m4v"])
@pytest.mark.parametrize("kind", [str, Path])
def test_the_format_is_that_of_the_suffix(tmp_path: Path, suffix: Any, kind: type) -> None:
    path = tmp_path / f"out.{suffix}"
    animation().save(kind(path), writer="figreel")
    assert path.read_bytes() == render(animation(), {"m4v": "mp4"}.get(suffix, suffix)).data


def test_an_open_file_has_the_format_of_its_name(tmp_path: Path) -> None:
    with (tmp_path / "out.webp").open("wb") as file:
        animation().save(file, writer="figreel")  # type: ignore[arg-type]
    assert (tmp_path / "out.webp").read_bytes() == render(animation(), "webp").data


def test_anything_with_a_write_is_written_to() -> None:
    class Pipe:
        data = b""

        def write(self, data: bytes) -> None:
            self.data += data

    pipe = Pipe()
    animation().save(pipe, writer=Writer(fps=10))  # type: ignore[arg-type]
    assert pipe.data == render(animation()).data


@pytest.mark.parametrize(
    "look",
    [
        {"transparent": True},
        {"facecolor": "tab:blue"},
        {"facecolor": (1, 0, 0, 0.5)},
        {"edgecolor": "red", "facecolor": None},
        {"transparent": True, "facecolor": "yellow"},
    ],
    ids=str,
)
@pytest.mark.parametrize("dpi", [None, 73, 150.5])
def test_savefig_kwargs_count(look: dict[str, Any], dpi: float | None) -> None:
    expected = saved_frames(animation(), savefig_kwargs=look, dpi=dpi)
    assert_same_frames(decoded(saved(animation(), Writer(format="apng"), savefig_kwargs=look, dpi=dpi)), expected)


@pytest.mark.parametrize(
    ("look", "error", "message"),
    [
        ({"faceclor": "red"}, TypeError, "'faceclor'; did you mean 'facecolor'"),
        ({"foo": 1}, TypeError, "unexpected keyword argument 'foo'"),
        ({"pil_kwargs": {}}, TypeError, "'pil_kwargs'"),
        ({"filename": "x"}, TypeError, "'filename'"),
        ({"metadata": {"title": "x"}}, ValueError, "metadata"),
        ({"backend": "pdf"}, ValueError, "backend"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("make", "block"),
    [(lambda: Writer(verify="never"), nullcontext), (lambda: "pillow", drop_in)],
    ids=["own", "drop_in"],
)
def test_savefig_kwargs_that_savefig_cannot_keep_are_errors(
    make: Any, block: Any, look: dict[str, Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    ani = animation()
    with pytest.raises(error, match=message), block():
        ani.save(str(tmp_path / "out.gif"), writer=make(), savefig_kwargs=look)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "look", [{"orientation": "landscape"}, {"pad_inches": 1}, {"backend": "agg"}, {"metadata": None}], ids=str
)
def test_savefig_kwargs_without_effect_on_pixels_are_taken_as_by_savefig(look: dict[str, Any]) -> None:
    expected = saved_frames(animation(), savefig_kwargs=look)
    assert_same_frames(decoded(saved(animation(), Writer(format="apng"), savefig_kwargs=look)), expected)


def test_an_opaque_format_is_drawn_on_white() -> None:
    look = {"facecolor": (1, 0, 0, 0.5), "transparent": True}
    ours = saved(animation(), Writer(fps=10, format="mp4", lossless=True), savefig_kwargs=look)
    assert ours == render(animation(), "mp4", facecolor=(1, 0, 0, 0.5), lossless=True).data


def test_options_count() -> None:
    options: dict[str, Any] = {"loop": 3, "final_pause": 2.0, "colors": 16, "metadata": {"comment": "made"}}
    assert saved(animation(), Writer(fps=20, **options)) == render(animation(), fps=20, **options).data
    durations = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert saved(animation(), Writer(durations=durations)) == render(animation(), durations=durations).data
    assert saved(animation(), "figreel", metadata={"comment": "made"}) == (
        render(animation(), metadata={"comment": "made"}).data
    )


def test_an_interval_and_fps_may_be_numbers_of_numpys() -> None:
    ani = animation()
    ani._interval = np.float32(100)  # type: ignore[attr-defined]
    assert saved(ani, "figreel") == render(animation()).data
    fps: Any = np.float32(10)
    assert saved(animation(), "figreel", fps=fps) == render(animation()).data
    assert saved(animation(), Writer(fps=fps)) == render(animation()).data


def test_the_clip_is_what_was_written() -> None:
    writer = Writer(fps=20)
    data = saved(animation(), writer)
    assert writer.clip is not None
    assert (writer.clip.data, writer.clip.frame_count, writer.clip.format) == (data, 5, "gif")
    assert saved(animation(3), writer) == render(animation(3), fps=20).data


def test_other_animations_and_progress_take_part() -> None:
    def pair() -> tuple[FuncAnimation, FuncAnimation]:
        first = animation()
        figure = first._fig  # type: ignore[attr-defined]
        return first, FuncAnimation(figure, lambda index: figure.set_facecolor((index / 5, 0, 0)), 4)

    calls: list[tuple[int, int | None]] = []
    first, second = pair()
    data = saved(
        first, "figreel", extra_anim=[second], progress_callback=lambda done, total: calls.append((done, total))
    )
    first, second = pair()
    assert data == render(first, extra_anim=[second]).data
    assert len(calls) == 8


def test_a_loop_of_the_programs_own_grabs_frames() -> None:
    def figure() -> tuple[Figure, Any]:
        figure = Figure(figsize=(2, 1.5))
        return figure, figure.subplots().plot([0, 1])[0]

    def states() -> Any:
        same, line = figure()
        for index in range(4):
            line.set_ydata([0, 1 + index])
            yield same

    same, line = figure()
    own, writer = same.canvas, Writer(fps=5, format="apng")
    with writer.saving(same, buffer := io.BytesIO(), dpi=80):
        for index in range(4):
            line.set_ydata([0, 1 + index])
            writer.grab_frame()
    assert buffer.getvalue() == render(states(), "apng", dpi=80).data
    assert same.canvas is own


@pytest.mark.parametrize("settings", [{}, {"animation.codec": "vp9"}, {"animation.bitrate": 500}], ids=str)
def test_what_nobody_asked_for_is_not_warned_of(settings: dict[str, Any]) -> None:
    given: Any = {"animation.writer": "figreel", **settings}
    with mpl.rc_context(given), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "<video" in animation().to_html5_video()
        Writer(codec=mpl.rcParams["animation.codec"], bitrate=mpl.rcParams["animation.bitrate"], extra_args=[])


@pytest.mark.parametrize("name", ["codec", "bitrate", "extra_args"])
def test_options_of_other_writers_are_named_in_a_warning(name: str) -> None:
    with pytest.warns(OptionWarning, match=f"{name}=.* has no effect; .*="):
        data = saved(animation(), "figreel", **{name: ["-x"] if name == "extra_args" else 1})
    assert data == render(animation()).data


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dpi": 100}, r"use ani.save\(..., dpi=\)"),
        ({"progress": True}, "progress_callback"),
        ({"transparent": True}, "savefig_kwargs"),
        ({"bbox_inches": "tight"}, "render"),
        ({"fpss": 3}, "did you mean fps"),
        ({"quality": 300}, "from 0 to 100"),
        ({"fps": 0}, "fps"),
        ({"format": "mp4", "loop": 3}, "loop"),
        ({"loop": "animation"}, "'loop': a writer .* give the number of plays"),
    ],
    ids=str,
)
def test_wrong_options_are_refused_when_the_writer_is_made(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Writer(**options)


@pytest.mark.parametrize(
    ("name", "error"),
    [("out", FormatError), ("out.mkv", FormatError), ("none/out.gif", FileNotFoundError)],
)
def test_a_wrong_name_is_refused_before_the_first_frame(tmp_path: Path, name: str, error: type[Exception]) -> None:
    calls: list[int] = []
    ani = FuncAnimation(Figure(figsize=(1, 1)), calls.append, 3)
    with pytest.raises(error):
        ani.save(str(tmp_path / name), writer="figreel")
    assert not calls


class TestErrors:
    def test_no_half_file_is_left(self, tmp_path: Path) -> None:
        path = tmp_path / "out.gif"
        path.write_bytes(b"old")
        figure = Figure(figsize=(1, 1))
        own = figure.canvas

        def update(index: int) -> None:
            if index == 2:
                raise ValueError("no")

        with pytest.raises(ValueError, match="no") as caught:
            FuncAnimation(figure, update, 4).save(str(path), writer="figreel")
        assert caught.value.__notes__ == ["figreel: in frame 2"]
        assert path.read_bytes() == b"old"
        assert [item.name for item in tmp_path.iterdir()] == ["out.gif"]
        assert figure.canvas is own

    def test_no_frames(self) -> None:
        with pytest.raises(SourceError, match="no frames"):
            saved(FuncAnimation(Figure(), lambda index: None, frames=[], init_func=lambda: None), "figreel")

    def test_limits_hold(self) -> None:
        with pytest.raises(LimitError, match="max_frames"):
            saved(animation(), Writer(limits=Limits(max_frames=3)))

    @pytest.mark.parametrize(
        ("name", "message"),
        [("dpi", "'dpi'; use ani.save(..., dpi=)"), ("bbox_inches", "; Animation.save draws"), ("format", "'format'")],
    )
    def test_what_is_fixed_cannot_be_given_with_a_frame(self, name: str, message: str) -> None:
        writer, figure = Writer(), Figure(figsize=(1, 1))
        with pytest.raises(TypeError, match=re.escape(message)), writer.saving(figure, io.BytesIO(), 100):
            writer.grab_frame(**{name: 1})

    def test_the_class_is_no_writer(self, tmp_path: Path) -> None:
        writer: Any = Writer
        with pytest.raises(TypeError, match=re.escape("make one: ani.save(..., writer=Writer(fps=20))")):
            animation().save(str(tmp_path / "out.gif"), writer)

    @pytest.mark.parametrize("name", ["grab_frame", "finish"])
    def test_setup_comes_first(self, name: str) -> None:
        with pytest.raises(RenderError, match=r"nothing is being written; call setup\(figure, file\) first"):
            getattr(Writer(), name)()

    def test_what_is_finished_stays_as_it_is(self, tmp_path: Path) -> None:
        writer, figure, path = Writer(), Figure(figsize=(1, 1)), tmp_path / "out.gif"
        with writer.saving(figure, path, 100):
            writer.grab_frame()
            writer.finish()
            expected = path.read_bytes()
        assert path.read_bytes() == expected == render([figure], fps=5).data
        with pytest.raises(RenderError, match="nothing is being written"):
            writer.grab_frame()

    def test_a_save_inside_a_save_of_the_same_figure_is_refused(self) -> None:
        ani = animation()
        figure = ani._fig  # type: ignore[attr-defined]

        def update(index: int) -> None:
            render(ani)

        inner = FuncAnimation(figure, update, 2)
        with pytest.raises(SourceError, match="in the middle of a render"):
            saved(inner, "figreel")


class TestSurroundings:
    def test_a_writer_that_is_dropped_gives_the_figure_back(self) -> None:
        figure = Figure(figsize=(1, 1))
        own, writer = figure.canvas, Writer()
        writer.setup(figure, io.BytesIO())
        writer.grab_frame()
        del writer
        assert figure.canvas is own
        assert render([figure], limits=Limits(max_seconds=1)).frame_count == 1

    def test_pyplot_keeps_its_figure(self) -> None:
        figure, axes = plt.subplots(1, 2, figsize=(3, 2))
        own, manager = figure.canvas, figure.canvas.manager

        def update(index: int) -> None:
            plt.sca(axes[index % 2])
            plt.cla()
            plt.plot([0, index])

        saved(FuncAnimation(figure, update, 6), "figreel")
        assert figure.canvas is own
        assert figure.canvas.manager is manager
        assert plt.get_fignums() == [figure.number]
        plt.close(figure)

    def test_settings_of_the_run_end_with_it(self) -> None:
        figure = Figure(figsize=(1, 1))
        seen: list[float] = []

        def update(index: int) -> None:
            seen.append(mpl.rcParams["lines.linewidth"])
            mpl.rcParams["lines.linewidth"] = 10 + index

        before = mpl.rcParams["lines.linewidth"]
        saved(FuncAnimation(figure, update, 3, init_func=lambda: None), "figreel")
        assert seen == [before, 10, 11]
        assert mpl.rcParams["lines.linewidth"] == before

    def test_a_tight_box_is_switched_off(self) -> None:
        with mpl.rc_context({"savefig.bbox": "tight"}):
            pictures = decoded(saved(animation(), Writer(format="apng")))
            expected = saved_frames(animation())
        assert_same_frames(pictures, expected)

    def test_one_animation_saved_in_several_threads(self) -> None:
        ani, good = animation(12), render(animation(12)).data
        own = ani._fig.canvas  # type: ignore[attr-defined]
        barrier = threading.Barrier(4)

        def save(_: int) -> bytes:
            barrier.wait()
            return saved(ani, "figreel")

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(save, range(4))) == [good] * 4
        assert ani._fig.canvas is own  # type: ignore[attr-defined]

    def test_a_render_that_is_halfway_is_waited_for(self) -> None:
        ani = animation()
        halfway = frames(ani)
        next(halfway)
        with pytest.raises(SourceError, match="halfway"):
            saved(ani, Writer(limits=Limits(max_seconds=0.2)))
        halfway.close()
        assert saved(ani, "figreel") == render(animation()).data
