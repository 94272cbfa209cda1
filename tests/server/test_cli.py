"""The command, in a process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from renderer.cli.commands import main
from tests.server.support import PATIENCE, SCENES

FIGREEL = Path(sys.executable).with_name("figreel")


def figreel(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [FIGREEL, *arguments], capture_output=True, timeout=60, env={**os.environ, **environment}, check=False
    )


def test_render_writes_a_file_with_a_progress_bar(tmp_path: Path) -> None:
    out = tmp_path / "out.gif"
    params = ("-p", "values=1", "-p", "values=2", "-p", "color=red", "-p", "fps=4", "-p", "width=200")
    result = figreel("render", "server.demo:bars", *params, "-o", str(out))
    assert result.returncode == 0, result.stderr
    assert b"2/2" in result.stderr
    with Image.open(out) as image:
        assert (getattr(image, "n_frames", 1), image.size, image.info["duration"]) == (2, (200, 150), 250)


def test_render_writes_to_standard_output() -> None:
    result = figreel("render", f"{SCENES}:quick", "-o", "-", "--format", "gif", "-q")
    assert result.returncode == 0
    assert result.stdout.startswith(b"GIF89a")
    assert result.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("render", "server.demo:bars", "-o", "x.xyz"), "unknown format"),
        (("render", "server.demo:bars", "-o", "x"), "--format"),
        (("render", "server.demo:bars", "-o", "no/such/x.gif"), "folder does not exist"),
        (("render", "server.demo:nothing", "-o", "x.gif"), "no 'nothing'"),
        (("render", "server.demo:bars", "-p", "color=zz", "-o", "x.gif"), "color: must be a color"),
        (("render", "server.demo:bars", "-p", "color", "-o", "x.gif"), "NAME=VALUE"),
        (("render", "server.demo:catalog", "-o", "x.gif"), "has several animations; name one: bars, "),
        (("serve", "--port", "99999"), "port"),
        (("serve", "--workers", "0"), "workers"),
    ],
)
def test_mistakes_end_with_a_line_and_no_traceback(arguments: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("catalog", "said"), [("server.demo:bars", "not a Catalog"), ("nothing.py:catalog", "no file")]
)
def test_a_catalog_that_is_none_ends_the_start_with_a_line(catalog: str, said: str) -> None:
    ended = figreel("serve", catalog, "--port", "0")
    (line,) = ended.stderr.decode().splitlines()
    assert (ended.returncode != 0, said in line) == (True, True)


def test_a_place_where_nobody_can_listen_ends_the_start_with_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for options in (("--port", str(port)), ("--host", "no.such.host.invalid"), ("--unix", "/no/such/socket")):
            result = figreel("serve", f"{SCENES}:catalog", "--workers", "1", *options)
            assert result.returncode == 1
            assert b"Traceback" not in result.stderr
            lines = result.stderr.decode().splitlines()
            assert lines[-1].startswith("Error: "), lines
            assert options[1] in lines[-1]


def test_the_parameters_of_an_animation_are_listed() -> None:
    result = figreel("render", f"{SCENES}:typed", "--params")
    assert result.returncode == 0, result.stderr
    text = " ".join(result.stdout.decode().split())
    assert text.startswith("values list of number, default [1.0, 2.0] gaps list of number, default []")
    assert "level 1 or 2 or 3, default 2 shape round or square, default round color color, default red" in text
    assert 'label text, default ""' in text
    assert "loop whole number from 0 to 65535, default 0. How many times it plays; 0 is for ever." in text
    wrong = figreel("render", f"{SCENES}:typed", "-p", "cycle=3", "-o", "x.gif")
    assert wrong.returncode == 2
    assert b"cycle: is not a parameter of this animation; its parameters are dpi, width, height" in wrong.stderr


def test_serve_needs_no_standard_streams(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    command = f'exec "$0" serve {SCENES}:catalog --workers 1 --unix {path} <&- >&- 2>&-'
    with subprocess.Popen(["sh", "-c", command, FIGREEL]) as process, socket.socket(socket.AF_UNIX) as client:
        deadline = time.monotonic() + PATIENCE
        while client.connect_ex(str(path)):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        client.sendall(b"GET /animations/quick.gif HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        with client.makefile("rb") as answer:
            assert b"GIF89a" in answer.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_serve_says_where_and_ends_when_told() -> None:
    with subprocess.Popen(
        [FIGREEL, "serve", f"{SCENES}:catalog", "--port", "0", "--workers", "1"], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        try:
            with urllib.request.urlopen(f"{url}/animations/quick.gif", timeout=60) as answer:
                assert answer.read(6) == b"GIF89a"
            with pytest.raises(urllib.request.HTTPError) as caught:
                urllib.request.urlopen(f"{url}/animations/nope.gif", timeout=60)
            assert json.load(caught.value)["status"] == 404
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()
