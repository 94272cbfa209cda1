"""What users see of the library before they read a line of it: names, signatures, types, completion."""

import inspect
import pickle
import subprocess
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args

import jedi
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

import renderer
from renderer import FormatName, Frame, Job, RenderError, RenderOptions, errors, formats, frames, render, rendered
from renderer.encoding.formats import FORMATS
from tests.stub import PATH as STUB
from tests.stub import stub

SNIPPET = Path(__file__).with_name("data") / "wrong_calls.py"
TAKES_OPTIONS = ["Job", "astream", "astream_to", "frames", "render", "render_many", "rendered", "stream", "stream_to"]


def animation() -> FuncAnimation:
    figure = Figure(figsize=(1, 1))
    return FuncAnimation(figure, lambda index: figure.set_facecolor((index / 3, 0, 0)), 3)


def test_the_stub_is_that_of_the_code() -> None:
    assert STUB.read_text(encoding="utf-8") == stub(), "make it anew with: python -m tests.stub"


def test_completion_of_the_package_offers_the_face_and_no_modules() -> None:
    assert sorted(dir(renderer)) == sorted(renderer.__all__)
    for name in renderer.__all__:
        assert hasattr(renderer, name), name


def test_every_error_and_warning_can_be_imported() -> None:
    assert set(errors.__all__) <= set(renderer.__all__)


def test_the_version_is_that_of_the_distribution() -> None:
    assert renderer.__version__ == version("figreel")


@pytest.mark.parametrize("name", TAKES_OPTIONS)
def test_signatures_show_every_option(name: str) -> None:
    parameters = inspect.signature(getattr(renderer, name)).parameters
    keywords = {key for key, item in parameters.items() if item.kind is item.KEYWORD_ONLY}
    assert keywords == set(inspect.signature(RenderOptions).parameters)


def test_no_other_function_takes_options() -> None:
    members = {name: getattr(renderer, name) for name in renderer.__all__}
    taking = [name for name, item in members.items() if callable(item) and "fps" in _parameters(item)]
    assert sorted(taking) == sorted([*TAKES_OPTIONS, "RenderOptions", "Writer"])


def _parameters(item: Any) -> Any:
    try:
        return inspect.signature(item).parameters
    except (TypeError, ValueError):
        return {}


def test_the_names_of_formats_are_those_of_the_registry() -> None:
    assert get_args(FormatName) == tuple(FORMATS)
    assert {name: entry.media_type for name, entry in formats().items()}.items() >= {
        "gif": "image/gif",
        "apng": "image/apng",
        "webp": "image/webp",
        "avif": "image/avif",
        "mp4": "video/mp4",
        "webm": "video/webm",
        "html": "text/html",
        "png": "image/png",
    }.items()


def test_formats_are_told_without_importing_an_encoder() -> None:
    program = "import renderer, sys; renderer.formats(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "renderer.encoding.formats" in loaded
    assert not {"av", "renderer.encoding.video", "renderer.encoding.gif.encoder"} & set(loaded)


@pytest.mark.parametrize("text", ["render(ani, f", "renderer.Job(ani, f", "stream(ani, f"])
def test_completion_offers_the_options(text: str) -> None:
    code = f"import renderer\nfrom renderer import render, stream\nani = None\n{text}"
    assert {"fps=", "frame=", "facecolor=", "final_pause="} <= {item.name for item in jedi.Script(code).complete()}


def wrong_lines() -> set[int]:
    lines = SNIPPET.read_text().splitlines()
    return {number for number, line in enumerate(lines, start=1) if line.endswith("# wrong")}


def reported_lines(command: list[str], folder: Path) -> set[int]:
    """Return the lines of the snippet in which a type checker finds an error."""
    file = folder / SNIPPET.name
    file.write_text(SNIPPET.read_text())
    found = subprocess.run([*command, file], capture_output=True, text=True, cwd=folder, check=False).stdout
    places = [line.partition(f"{SNIPPET.name}:")[2] for line in found.splitlines() if "error" in line]
    return {int(place.partition(":")[0]) for place in places if place}


def test_mypy_finds_the_wrong_calls_and_no_other(tmp_path: Path) -> None:
    assert reported_lines([sys.executable, "-m", "mypy", "--strict"], tmp_path) == wrong_lines()


def test_pyright_finds_the_wrong_calls_and_no_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    assert reported_lines(command, tmp_path) == wrong_lines()


def test_frames_compare_by_identity() -> None:
    first, second = next(frames(animation())), next(frames(animation()))
    assert first == first
    assert first != second
    assert first in [second, first]
    assert len({first, second}) == 2


def test_options_compare_by_identity() -> None:
    options = RenderOptions(metadata={"Title": "x"}, durations=np.array([1.0, 2.0]))  # type: ignore[arg-type]
    assert options == options
    assert hash(options)
    assert options != RenderOptions()


def test_a_clip_says_what_it_is() -> None:
    clip = render(animation())
    assert repr(clip) == f"<Clip gif, 100 x 100 pixels, 3 frames, 0.6 s, {len(clip.data):,} bytes>"
    assert clip.size == (100, 100)


def test_rendered_works_bare_and_with_arguments() -> None:
    @rendered
    def bare(count: int = 3) -> FuncAnimation:
        """Something red."""
        return animation()

    @rendered()
    def called() -> FuncAnimation:
        return animation()

    @rendered("apng", fps=10)
    def chosen() -> FuncAnimation:
        return animation()

    assert (bare.__name__, bare.__doc__, bare(count=3).format) == ("bare", "Something red.", "gif")
    assert called() == bare()
    assert (chosen().format, round(chosen().duration, 6)) == ("apng", 0.3)


def test_a_job_is_the_stream_with_its_figure_and_its_times() -> None:
    ani = animation()
    job = Job(ani, "gif", fps=5)
    assert job.figure is ani._fig  # type: ignore[attr-defined]
    assert (job.drawing, job.encoding) == (0, 0)
    assert b"".join(job) == render(animation(), "gif", fps=5).data
    assert job.drawing > 0
    assert job.encoding > 0
    assert Job([np.zeros((2, 2))]).figure is None


def test_rendered_refuses_a_coroutine_where_it_decorates() -> None:
    async def coroutine() -> FuncAnimation:
        return animation()

    decorators: list[Any] = [rendered, rendered("webp")]
    for decorator in decorators:
        with pytest.raises(RenderError, match="the function of @rendered is asynchronous"):
            decorator(coroutine)


def test_a_job_is_rendered_once() -> None:
    job = Job(animation(), "gif", fps=5)
    first, second = iter(job), iter(job)
    pieces = [next(first)]
    with pytest.raises(RenderError, match="a job is rendered once"):
        next(second)
    assert b"".join([*pieces, *first]) == render(animation(), "gif", fps=5).data
    with pytest.raises(RenderError, match="make another Job"):
        list(job)
    with pytest.raises(RenderError, match="make another Job"):
        next(job.steps())


def test_a_job_that_is_left_gives_the_figure_back() -> None:
    ani = animation()
    figure = ani._fig  # type: ignore[attr-defined]
    before = figure.canvas
    pieces = iter(Job(ani))
    next(pieces)
    assert figure.canvas is not before
    pieces.close()
    assert figure.canvas is before


def test_time_that_a_reader_takes_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        now = 0.0

        def perf_counter(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr("renderer.job.time", clock)
    limits = renderer.Limits(max_seconds=1)
    drawn = frames(animation(), limits=limits)
    clock.now += 100
    for _ in drawn:
        clock.now += 100


def test_warnings_can_be_filtered_by_their_public_names() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", renderer.TimingWarning)
        with pytest.raises(renderer.TimingWarning):
            render([np.zeros((2, 2)), np.ones((2, 2))], "apng", fps=200)


def test_a_frame_is_public() -> None:
    assert isinstance(next(frames([np.zeros((2, 2))])), Frame)


@pytest.mark.parametrize("name", formats())
def test_what_is_known_of_a_format_goes_to_another_process(name: str) -> None:
    entry = formats()[name]
    sent = pickle.loads(pickle.dumps(entry))
    assert (sent.name, sent.options_used) == (entry.name, entry.options_used)
