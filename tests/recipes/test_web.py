"""The recipes for web frameworks, each under the servers that its users run."""

import importlib.util
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from PIL import Image

from renderer import render, stream

if TYPE_CHECKING:
    from playwright.sync_api import Page

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"
TIMEOUT = 50  # a guard against hangs, below the 60 s that a render of a recipe may take
LONG = 1_000_000
"""The length of an animation whose last frame is never drawn, because clients and limits end it before."""

Serve = Callable[..., str]


@cache
def recipe(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, RECIPES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class App:
    command: tuple[str, ...]
    whole: str
    streamed: str
    make: Callable[[int], Any]
    """Makes the animation of both paths, at the length that *streamed* is formatted with."""
    short: int = 1
    """The length of *whole*."""


GUNICORN = ("-m", "gunicorn", "--threads", "2", "--log-level", "warning", "--bind", "127.0.0.1:PORT")
UVICORN = ("-m", "uvicorn", "--log-level", "warning", "--port", "PORT")
FLASK = App(
    (*GUNICORN, "flask_app:app"),
    "bars.gif?values=20&values=35&values=9",
    "stream.gif?values=20&values=35&values=9&years={}",
    lambda years: recipe("flask_app").make_bars([20, 35, 9], years),
    short=3,
)
FASTAPI = App(
    (*UVICORN, "fastapi_app:app"),
    "wave.gif?nodes=5",
    "stream.gif?nodes=5&periods={}",
    lambda periods: recipe("fastapi_app").make_wave(5, periods),
)


def django(*command: str) -> App:
    return App(command, "planets.gif", "stream/{}.gif", lambda turns: recipe("django_app").make_planets(turns))


DJANGO_ASGI = django(*UVICORN, "django_app:asgi")
DJANGO_WSGI = django(*GUNICORN, "django_app:wsgi")
AIOHTTP = App(
    ("aiohttp_app.py", "PORT"),
    "figreel/animations/pendulum.gif",
    "pendulum/{}.gif",
    lambda swings: recipe("aiohttp_app").pendulum(swings),
)
ALL = {
    "flask": FLASK,
    "fastapi": FASTAPI,
    "django-asgi": DJANGO_ASGI,
    "django-wsgi": DJANGO_WSGI,
    "django-runserver": django("django_app.py", "runserver", "--noreload", "PORT"),
    "aiohttp": AIOHTTP,
}
every_app = pytest.mark.parametrize("app", ALL.values(), ids=ALL.keys())


def get(url: str) -> HTTPResponse:
    answer: HTTPResponse = urlopen(url, timeout=TIMEOUT)
    return answer


def beginning(app: App, size: int) -> bytes:
    """Return the first bytes of the long animation."""
    data = b""
    with closing(stream(app.make(LONG))) as pieces:
        while len(data) < size:
            data += next(pieces)
    return data[:size]


def threads(url: str) -> int:
    """Return how many threads the server has that was started with the port of this URL."""
    port = url.rpartition(":")[2].encode()
    (process,) = (file.parent for file in Path("/proc").glob("[0-9]*/cmdline") if port in read(file).split(b"\0"))
    return len(list((process / "task").iterdir()))


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # the process has ended meanwhile
        return b""


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def pictures(page: "Page") -> list[list[int]]:
    """Wait until the pictures of a page are decoded, and return their sizes; a broken one is an error."""
    sizes: list[list[int]] = page.evaluate(
        """() => Promise.all(
            [...document.images].map(image => image.decode().then(() => [image.naturalWidth, image.naturalHeight]))
        )"""
    )
    return sizes


@every_app
def test_a_whole_answer_is_the_rendered_file(serve: Serve, app: App) -> None:
    with get(f"{serve(*app.command)}/{app.whole}") as answer:
        data = answer.read()
    clip = render(app.make(app.short))
    assert data == clip.data
    assert answer.headers["Content-Type"] == clip.media_type
    if app is not AIOHTTP:  # figreel's server streams what it has not stored yet
        assert answer.headers["Content-Length"] == str(len(data))
    with Image.open(BytesIO(data)) as picture:
        assert picture.size == clip.size
        assert getattr(picture, "n_frames") == clip.frame_count  # noqa: B009 -- Pillow has no annotation of it


@every_app
def test_a_streamed_answer_is_the_rendered_file(serve: Serve, app: App) -> None:
    with get(f"{serve(*app.command)}/{app.streamed.format(app.short)}") as answer:
        data = answer.read()
    assert data == render(app.make(app.short)).data
    assert answer.headers["Content-Type"] == "image/gif"
    assert "Content-Length" not in answer.headers


@every_app
def test_the_first_bytes_come_long_before_the_last_frame_is_drawn(serve: Serve, app: App) -> None:
    with get(f"{serve(*app.command)}/{app.streamed.format(LONG)}") as answer:
        data = answer.read(10_000)
    assert data == beginning(app, 10_000)


@every_app
def test_clients_that_leave_in_the_middle_do_not_keep_the_server(serve: Serve, app: App) -> None:
    """As many leave as a server of two threads cannot serve at once, unless it notices."""
    url = serve(*app.command)
    for _ in range(3):
        with get(f"{url}/{app.streamed.format(LONG)}") as answer:
            assert answer.read(6) == b"GIF89a"
    with get(f"{url}/{app.streamed.format(LONG)}") as answer:
        assert answer.read(1000) == beginning(app, 1000)
    with get(f"{url}/{app.whole}") as answer:
        assert answer.read() == render(app.make(app.short)).data


@pytest.mark.parametrize("app", [FASTAPI, DJANGO_ASGI, AIOHTTP], ids=["fastapi", "django-asgi", "aiohttp"])
def test_no_drawing_goes_on_when_its_client_has_left(serve: Serve, app: App) -> None:
    url = serve(*app.command)
    get(f"{url}/{app.whole}").close()
    with ExitStack() as clients:
        for _ in range(3):
            answer = clients.enter_context(get(f"{url}/{app.streamed.format(LONG)}"))
            assert answer.read(6) == b"GIF89a"
        busy = threads(url)  # among them is one for each drawing
    wait_until(lambda: threads(url) <= busy - 3)


def test_flask_draws_the_values_of_the_query(serve: Serve) -> None:
    url = serve(*FLASK.command)
    make_bars = recipe("flask_app").make_bars
    for query, values in {"": [20, 15, 14, 13, 12, 11, 10], "values=7&values=no&values=50": [7, 50]}.items():
        with get(f"{url}/bars.gif?{query}") as answer:
            assert answer.read() == render(make_bars(values, len(values))).data


@pytest.mark.parametrize("path", ["wave.gif?nodes=0", "stream.gif?periods=0", "stream.gif?nodes=many"])
def test_fastapi_refuses_wrong_parameters(serve: Serve, path: str) -> None:
    with pytest.raises(HTTPError) as refusal:
        get(f"{serve(*FASTAPI.command)}/{path}")
    with refusal.value as answer:
        assert answer.code == 422


async def test_django_reads_a_sync_iterator_to_its_end_first_under_asgi() -> None:
    recipe("django_app")
    from django.http import StreamingHttpResponse  # type: ignore[import-not-found, unused-ignore]

    drawn = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            drawn.append(number)
            yield b"piece"

    with pytest.warns(Warning, match="must consume synchronous iterators"):
        assert await anext(aiter(StreamingHttpResponse(pieces()))) == b"piece"
    assert drawn == [0, 1, 2]


@pytest.mark.parametrize("path", [FLASK.whole, FLASK.streamed.format(7)], ids=["whole", "streamed"])
def test_chromium_shows_the_gif_of_flask(serve: Serve, page: "Page", path: str) -> None:
    page.goto(f"{serve(*FLASK.command)}/{path}")
    assert pictures(page) == [[500, 250]]


@pytest.mark.parametrize("app", [DJANGO_ASGI, DJANGO_WSGI], ids=["asgi", "wsgi"])
def test_chromium_shows_the_clip_in_the_page_of_django(serve: Serve, page: "Page", app: App) -> None:
    page.goto(serve(*app.command))
    assert pictures(page) == [[300, 300], [300, 300]]
    assert page.locator("img").first.get_attribute("src") == render(app.make(1)).data_uri()


def test_chromium_shows_the_page_of_aiohttp_and_of_the_mounted_server(serve: Serve, page: "Page") -> None:
    page.goto(serve(*AIOHTTP.command))
    assert pictures(page) == [[300, 300], [300, 300]]
    page.get_by_role("link", name="more").click()
    page.wait_for_url("**/figreel/")
    assert pictures(page) == [[300, 300]]
    page.get_by_role("link", name="pendulum").click()
    page.wait_for_url("**/figreel/animations/pendulum")
    page.locator("#preview img").wait_for()
    assert pictures(page) == [[300, 300]]
