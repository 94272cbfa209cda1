import importlib.util
import os
import pickle
import re
import shutil
import socketserver
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from renderer import render
from tests.recipes.conftest import RECIPES, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = (
    "Promise.all([...document.images].map("
    "async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }))"
)


def recipe(name: str) -> Any:
    """Import a recipe, without running what it does as a script."""
    spec: Any = importlib.util.spec_from_file_location(f"recipe_{Path(name).stem}", RECIPES / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a recipe as a user does, and return what it prints."""
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=os.environ | environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def frame_count(data: bytes) -> int:
    with Image.open(BytesIO(data)) as image:
        return int(getattr(image, "n_frames", 1))


class SmtpServer(socketserver.TCPServer):
    """Takes mails as a mail server does, and keeps them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.received: list[tuple[list[str], bytes]] = []


class SmtpSession(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        recipients: list[str] = []
        self.answer("220 ready")
        while line := self.rfile.readline():
            command, _, argument = line.decode("ascii").strip().partition(" ")
            if command.upper() == "RCPT":
                recipients.append(argument)
            if command.upper() == "DATA":
                self.answer("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                data = b"".join(part.removeprefix(b".") for part in lines)
                assert isinstance(self.server, SmtpServer)
                self.server.received.append((recipients, data))
            self.answer("221 bye" if command.upper() == "QUIT" else "250 ok")

    def answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode("ascii"))


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[str]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            host, port = server.server_address[:2]
            yield f"{host!s}:{port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def mail() -> bytes:
    """The mail that the recipe sends, as a mail server receives it."""
    server = SmtpServer()
    with serving(server) as address:
        run("mail.py", "you@example.org", cwd=RECIPES, SMTP=address)
    ((recipients, data),) = server.received
    assert recipients == ["TO:<you@example.org>"]
    return data


def parts_of(mail: bytes) -> tuple[EmailMessage, EmailMessage]:
    """Return the HTML of a mail and its only picture."""
    message = BytesParser(policy=policy.default).parsebytes(mail)
    html = message.get_body(("html",))
    (picture,) = (part for part in message.walk() if part.get_content_maintype() == "image")
    assert isinstance(html, EmailMessage)
    assert isinstance(picture, EmailMessage)
    return html, picture


def test_the_mail_that_arrives_has_the_animation_in_its_text(mail: bytes) -> None:
    html, picture = parts_of(mail)
    module = recipe("mail.py")
    data = picture.get_content()
    assert data == render(module.make_animation(), "gif", max_bytes=400_000).data
    assert frame_count(data) == 16
    assert picture.get_content_type() == "image/gif"
    assert picture.get_content_disposition() == "inline"
    (name,) = re.findall('src="cid:([^"]+)"', html.get_content())
    assert picture["Content-ID"] == f"<{name}>"
    assert max(map(len, mail.split(b"\r\n"))) <= 998  # the longest line that mail servers have to take


def test_the_animation_of_the_mail_is_fitted_into_the_size(mail: bytes) -> None:
    _, picture = parts_of(mail)
    assert len(picture.get_content()) <= 400_000 < len(render(recipe("mail.py").make_animation(), "gif").data)


def test_a_program_that_shows_html_shows_the_mail_with_the_picture(mail: bytes, page: "Page", tmp_path: Path) -> None:
    message = BytesParser(policy=policy.SMTP).parsebytes(mail)
    shown = next(part for part in message.walk() if part.get_content_type() == "multipart/related")
    file = tmp_path / "mail.mhtml"  # such a part is a page to Chromium
    file.write_bytes(shown.as_bytes())
    page.goto(file.as_uri())
    assert page.evaluate(SIZES) == [[480, 320]]


def test_a_program_that_shows_no_html_shows_the_text(mail: bytes) -> None:
    message = BytesParser(policy=policy.default).parsebytes(mail)
    text = message.get_body(("plain",))
    assert text is not None
    assert "This mail shows an animation" in text.get_content()


@pytest.fixture(scope="module")
def s3_link() -> Iterator[str]:
    """What the recipe prints, while the bucket can be reached."""
    import boto3  # type: ignore[import-not-found, unused-ignore]
    from moto.server import ThreadedMotoServer  # type: ignore[import-not-found, unused-ignore]

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        client = boto3.client(
            "s3",
            endpoint_url=settings["AWS_ENDPOINT_URL"],
            aws_access_key_id="key",
            aws_secret_access_key="secret",
            region_name="us-east-1",
        )
        client.create_bucket(Bucket="pictures")
        client.close()
        yield run("s3.py", "pictures", "waves.gif", cwd=RECIPES, **settings).strip()
    finally:
        server.stop()


def test_the_link_to_the_bucket_leads_to_the_bytes_of_the_clip(s3_link: str) -> None:
    with urllib.request.urlopen(s3_link) as answer:
        data = answer.read()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/gif")
    assert data == render(recipe("s3.py").make_animation(), "gif").data
    assert frame_count(data) == 20


def test_a_browser_shows_the_animation_at_the_link_to_the_bucket(s3_link: str, page: "Page") -> None:
    answer = page.goto(s3_link)
    assert answer is not None
    assert answer.ok
    assert page.evaluate(SIZES) == [[500, 250]]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_clips_of_a_process_pool_are_those_that_one_process_renders(method: str, tmp_path: Path) -> None:
    # the method by which Python starts processes differs between systems and versions
    (tmp_path / "sitecustomize.py").write_text(
        f"import multiprocessing\n\nmultiprocessing.set_start_method({method!r}, force=True)\n"
    )
    run(RECIPES / "process_pool.py", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    module = recipe("process_pool.py")
    files = {path.name: path.read_bytes() for path in tmp_path.glob("*.webp")}
    assert files == {f"waves-{count}.webp": render(module.make_animation(count), "webp").data for count in (1, 2, 3, 4)}
    assert {frame_count(data) for data in files.values()} == {20}


def test_an_animation_itself_cannot_be_sent_to_another_process() -> None:
    animation = recipe("process_pool.py").make_animation(1)
    with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
        pickle.dumps(animation)
    render(animation)


def test_the_gallery_shows_the_animation_on_the_page_of_its_example(page: "Page", tmp_path: Path) -> None:
    project = tmp_path / "gallery"
    shutil.copytree(RECIPES / "gallery", project, ignore=shutil.ignore_patterns("_build", "auto_examples"))
    run("-m", "sphinx", "-W", "-q", "-b", "html", ".", "_build", cwd=project)
    page.goto((project / "_build" / "auto_examples" / "plot_wave.html").as_uri())
    (source,) = page.eval_on_selector_all("img", "images => images.map(image => image.src)")
    assert page.evaluate(SIZES) == [[500, 250]]
    with urllib.request.urlopen(source) as answer:
        assert frame_count(answer.read()) == 20
