"""Scripts that stay as they are: `drop_in` writes with figreel where it can, and leaves the rest to matplotlib."""

import gc
import inspect
import io
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import animation as mpl_animation
from matplotlib.animation import Animation, FFMpegWriter, FuncAnimation, PillowWriter
from matplotlib.figure import Figure

from renderer import Saved, Writer, drop_in, render

ROOT = Path(__file__).parents[3]
OWN_SAVE = Animation.save


def animation() -> FuncAnimation:
    figure = Figure(figsize=(2, 1.5))
    (line,) = figure.subplots().plot([0, 1])
    return FuncAnimation(figure, lambda index: line.set_ydata([0, index]), 4, interval=100)


def saved(file: Any, *args: Any, **options: Any) -> Saved:
    reports: list[Saved] = []
    with drop_in(reports.append):
        animation().save(file, *args, **options)
    (report,) = reports
    return report


class TestWrittenByFigreel:
    @pytest.mark.parametrize(
        ("name", "writer", "format_"),
        [
            ("out.gif", None, "gif"),
            ("out.gif", "pillow", "gif"),
            ("out.gif", "imagemagick", "gif"),
            ("out.png", "pillow", "apng"),
            ("out.webp", "pillow", "webp"),
            ("out.mp4", None, "mp4"),
            ("out.mp4", "ffmpeg", "mp4"),
            ("out.m4v", "ffmpeg_file", "mp4"),
            ("out.webm", "ffmpeg", "webm"),
        ],
    )
    def test_by_name(self, tmp_path: Path, name: str, writer: str | None, format_: Any) -> None:
        report = saved(str(tmp_path / name), writer)
        assert (report.file, report.reason) == (str(tmp_path / name), "")
        assert report.seconds > 0
        assert (tmp_path / name).read_bytes() == render(animation(), format_).data
        assert report.clip is not None
        assert report.clip.data == (tmp_path / name).read_bytes()

    @pytest.mark.parametrize("writer", [PillowWriter(fps=20), FFMpegWriter(fps=20, metadata={"title": "t"})])
    def test_by_a_writer_of_matplotlibs(self, tmp_path: Path, writer: Any) -> None:
        saved(tmp_path / "out.gif", writer=writer)
        expected = render(animation(), fps=20, metadata=dict(writer.metadata)).data
        assert (tmp_path / "out.gif").read_bytes() == expected

    def test_to_a_file_like(self) -> None:
        saved(buffer := io.BytesIO(), writer="pillow", fps=20)
        assert buffer.getvalue() == render(animation(), fps=20).data

    def test_all_arguments_go_on(self, tmp_path: Path) -> None:
        calls: list[int] = []
        saved(
            tmp_path / "out.gif", "pillow", 10, 50, None, None, None, {"comment": "c"}, [], {"facecolor": "red"},
            progress_callback=lambda done, total: calls.append(done),
        )  # fmt: skip
        expected = render(animation(), fps=10, dpi=50, metadata={"comment": "c"}, facecolor="red").data
        assert (tmp_path / "out.gif").read_bytes() == expected
        assert calls == [0, 1, 2, 3]

    def test_more_animations_of_an_iterator(self) -> None:
        figure = Figure(figsize=(1, 1))
        dots = [figure.text(0, place, "o") for place in (0.2, 0.6)]
        first, second = (FuncAnimation(figure, lambda i, dot=dot: dot.set_x(i / 4), 3) for dot in dots)
        with drop_in():
            for others in ([second], iter([second])):
                first.save(buffer := io.BytesIO(), "pillow", extra_anim=others)  # type: ignore[arg-type]
                assert buffer.getvalue() == render(first, extra_anim=[second]).data

    @pytest.mark.parametrize("codec", ["vp9", "libvpx-vp9", "h264"])
    def test_webm_of_the_codec_that_it_has(self, tmp_path: Path, codec: str) -> None:
        assert saved(str(tmp_path / "out.webm"), "ffmpeg", codec=codec).reason == ""

    def test_html5_video(self) -> None:
        with drop_in():
            html = animation().to_html5_video()
        assert html.startswith('<video width="200" height="150" controls autoplay loop>')
        assert "data:video/mp4;base64,AAAA" in html

    @pytest.mark.parametrize(("options", "plays"), [({}, 0), ({"default_mode": "once"}, 1), ({"fps": 5}, 0)])
    def test_player(self, options: Any, plays: int) -> None:
        reports: list[Saved] = []
        with drop_in(reports.append):
            html = (shown := animation()).to_jshtml(**options)
        expected = render(animation(), "html", loop=plays, **{name: options[name] for name in options if name == "fps"})
        assert html == expected.html()
        assert [(report.file, report.clip, report.reason) for report in reports] == [("to_jshtml()", expected, "")]
        assert shown.to_jshtml() == html  # matplotlib's own keeps it, too

    def test_an_animation_shows_itself_as_a_player(self) -> None:
        with drop_in(), mpl.rc_context({"animation.html": "jshtml"}):
            assert animation()._repr_html_() == render(animation(), "html").html()

    def test_as_a_decorator(self) -> None:
        @drop_in()
        def script() -> bytes:
            animation().save(buffer := io.BytesIO())  # type: ignore[arg-type]
            return buffer.getvalue()

        assert script() == script() == render(animation()).data

    async def test_as_a_decorator_of_what_is_called_in_parts(self) -> None:
        reports: list[Saved] = []

        @drop_in(reports.append)
        async def coroutine(file: Any) -> int:
            animation().save(file)
            return 1

        @drop_in(reports.append)
        def generator(file: Any) -> Iterator[int]:
            animation().save(file)
            yield 2

        assert await coroutine(io.BytesIO()) == 1
        assert list(generator(io.BytesIO())) == [2]
        assert [report.reason for report in reports] == ["", ""]
        assert Animation.save is OWN_SAVE

    def test_a_decorator_without_parentheses_is_told_to_have_some(self) -> None:
        @drop_in  # type: ignore[arg-type]
        def script() -> None: ...

        with pytest.raises(TypeError, match=r"write @drop_in\(\)"):
            script()

    @pytest.mark.parametrize(("writer", "seconds"), [("figreel", 0.4), (Writer(fps=20), 0.2)], ids=["name", "writer"])
    def test_a_writer_of_figreels_own(self, tmp_path: Path, writer: Any, seconds: float) -> None:
        report = saved(str(tmp_path / "out.webp"), writer)
        assert report.reason == ""
        assert report.clip is not None
        assert report.clip.data == (tmp_path / "out.webp").read_bytes()
        assert report.clip.duration == pytest.approx(seconds)

    def test_a_video_that_is_a_text_has_no_file(self) -> None:
        reports: list[Saved] = []
        with drop_in(reports.append):
            animation().to_html5_video()
        (report,) = reports
        assert (report.file, report.reason) == ("to_html5_video()", "")


class TestLeftToMatplotlib:
    @pytest.mark.parametrize(
        ("name", "options", "reason"),
        [
            ("out.html", {"writer": "html"}, "the writer is none"),
            ("out.tiff", {"writer": "pillow"}, "suffix"),
            ("out.gif", {"writer": PillowWriter(), "codec": None}, ""),
        ],
    )
    def test_what_figreel_does_not_write(self, tmp_path: Path, name: str, options: Any, reason: str) -> None:
        report = saved(str(tmp_path / name), **options)
        assert report.reason.startswith(reason) if not reason else reason in report.reason
        assert (tmp_path / name).stat().st_size > 0

    @pytest.mark.parametrize(
        ("options", "limit"), [({"default_mode": "reflect"}, 20), ({}, 0.001)], ids=["backwards", "too large"]
    )
    def test_players(self, options: Any, limit: float) -> None:
        with mpl.rc_context({"animation.embed_limit": limit}):
            expected = animation().to_jshtml(**options)
            with drop_in():
                html = animation().to_jshtml(**options)

        def without_names(text: str) -> str:
            return re.sub(r"[0-9a-f]{32}", "", text)

        assert without_names(html) == without_names(expected)
        assert "new Animation(" in html

    @pytest.mark.parametrize(
        ("name", "options", "settings"),
        [
            ("out.mp4", {"extra_args": ["-crf", "1"]}, {}),
            ("out.mp4", {"codec": "mpeg4"}, {}),
            ("out.mp4", {"bitrate": 500}, {}),
            ("out.mp4", {}, {"animation.codec": "mpeg4"}),
            ("out.mp4", {}, {"animation.bitrate": 500}),
            ("out.mp4", {}, {"animation.ffmpeg_args": ["-an"]}),
            ("out.webm", {"codec": "libaom-av1"}, {}),
            ("out.webm", {"codec": "libvpx"}, {}),
        ],
        ids=str,
    )
    def test_films_that_are_tuned_for_ffmpeg(
        self, tmp_path: Path, name: str, options: Any, settings: Any, monkeypatch: Any
    ) -> None:
        class StoppedError(Exception):
            pass

        def stop(*_: Any, **__: Any) -> None:
            raise StoppedError

        monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda cls: True))
        monkeypatch.setattr(FFMpegWriter, "setup", stop)
        with mpl.rc_context(settings), drop_in(), pytest.raises(StoppedError) as caught:
            animation().save(str(tmp_path / name), writer="ffmpeg", **options)
        (note,) = caught.value.__notes__
        assert note.startswith("figreel: left to matplotlib, because ")

    @pytest.mark.parametrize(
        ("settings", "missing", "reason"),
        [
            ({"animation.bitrate": 9}, "", "a bitrate is asked for"),
            ({}, "av", "mp4 needs pip install 'figreel[video]'"),
        ],
    )
    def test_a_video_that_nobody_can_write_says_why_figreel_does_not(
        self, settings: Any, missing: str, reason: str, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda cls: False))
        monkeypatch.setitem(sys.modules, missing, None)
        with mpl.rc_context(settings), drop_in(), pytest.raises(RuntimeError, match="ffmpeg") as caught:
            animation().to_html5_video()
        assert caught.value.__notes__ == [f"figreel: left to matplotlib, because {reason}"]

    def test_a_call_that_is_wrong_is_followed_by_no_warning(self) -> None:
        calls: dict[str, Any] = {"to_jshtml": {"mode": "no"}, "save": {}}
        with drop_in():
            for name, arguments in calls.items():
                with pytest.raises(TypeError):
                    getattr(animation(), name)(**arguments)
        gc.collect()

    def test_a_writer_that_the_program_registered(self, tmp_path: Path) -> None:
        class Mine(PillowWriter):
            pass

        former = mpl_animation.writers["pillow"]
        mpl_animation.writers.register("pillow")(Mine)
        try:
            assert "none of matplotlib's" in saved(str(tmp_path / "out.gif"), "pillow").reason
        finally:
            mpl_animation.writers.register("pillow")(former)

    @pytest.mark.parametrize(
        ("call", "error"),
        [
            (lambda ani: ani.to_jshtml(default_mode="no"), ValueError),
            (lambda ani: ani.to_jshtml(mode="no"), TypeError),
            (lambda ani: ani.save("x.gif", writer=PillowWriter(), fps=3), RuntimeError),
            (lambda ani: ani.save(), TypeError),
            (lambda ani: ani.save("x.gif", fpss=3), TypeError),
            (lambda ani: ani.save("/none/x.gif"), FileNotFoundError),
        ],
    )
    def test_errors_are_those_of_matplotlib(self, call: Any, error: Any) -> None:
        def raised() -> tuple[type, str]:
            ani = animation()
            ani._draw_was_started = True  # type: ignore[attr-defined]  # keeps matplotlib from warning of its deletion
            with pytest.raises(error) as caught:
                call(ani)
            return caught.type, str(caught.value)

        without = raised()
        with drop_in():
            assert raised() == without


def test_the_class_comes_back() -> None:
    assert Animation.save is OWN_SAVE
    with drop_in():
        with drop_in():
            assert Animation.save is not OWN_SAVE
            assert inspect.signature(Animation.save) == inspect.signature(OWN_SAVE)
            assert Animation.save.__doc__ == OWN_SAVE.__doc__
        assert Animation.save is not OWN_SAVE
    assert Animation.save is OWN_SAVE
    with pytest.raises(ValueError, match="no"), drop_in():
        raise ValueError("no")
    assert Animation.save is OWN_SAVE


def test_a_generator_may_be_collected_while_another_block_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    class Collecting(list[Any]):
        def append(self, item: Any) -> None:
            gc.collect()
            super().append(item)

    @drop_in()
    def generator() -> Iterator[None]:
        yield

    def begin() -> None:
        cycle: list[Any] = [generator()]
        cycle.append(cycle)
        next(cycle[0])
        del cycle
        with drop_in():
            assert Animation.save is not OWN_SAVE

    monkeypatch.setattr("renderer.integrations.drop_in._reports", Collecting())
    thread = threading.Thread(target=begin, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert Animation.save is OWN_SAVE


def test_blocks_in_threads_overlap() -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with drop_in():
            inside.set()
            leave.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(60)
    with drop_in():
        pass
    assert Animation.save is not OWN_SAVE
    leave.set()
    thread.join()
    assert Animation.save is OWN_SAVE


def test_matplotlibs_own_tests_pass(tmp_path: Path) -> None:
    shutil.copy(Path(mpl.__file__).parent / "tests" / "test_animation.py", tmp_path)
    (tmp_path / "dropped_in.py").write_text("from renderer import drop_in\nblock = drop_in()\nblock.__enter__()\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "dropped_in", "-p", "matplotlib.testing.conftest"),
        *("-W", "ignore:Passing a non-Collection iterable", "test_animation.py"),
    ]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "MPLBACKEND": "agg"}
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"\b[2-9]\d passed", run.stdout), run.stdout
