"""A Flask app under gunicorn whose threads share one animation: each answer is right, and no client keeps it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest

from renderer import render, stream
from tests.integration.shared import ani

TIMEOUT = 300  # a guard against hangs


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gunicorn = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "tests.integration.shared:app", "--threads", "8"),
                *("--bind", f"fd://{listener.fileno()}", "--timeout", str(TIMEOUT), "--log-level", "warning"),
            ],
            pass_fds=[listener.fileno()],
            cwd=Path(__file__).parents[2],
        )
        try:
            yield listener.getsockname()[1]
        finally:
            gunicorn.terminate()
            gunicorn.wait()


def get(port: int, name: str) -> bytes:
    with urlopen(f"http://127.0.0.1:{port}/{name}.gif", timeout=TIMEOUT) as answer:
        data: bytes = answer.read()
    return data


def leave_in_the_middle(port: int) -> None:
    """Ask for a file without end, and go after its first bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
        client.sendall(b"GET /endless.gif HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while b"GIF89a" not in received:
            received += client.recv(1000)


def test_all_answers_are_right(port: int) -> None:
    names = ["whole", "pieces"] * 8
    good = {"whole": render(ani).data, "pieces": b"".join(stream(ani))}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: get(port, name), names))
    assert [answer == good[name] for name, answer in zip(names, answers, strict=True)] == [True] * 16


def test_clients_that_leave_in_the_middle_do_not_keep_the_animation(port: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        left = [pool.submit(leave_in_the_middle, port) for _ in range(4)]
        stayed = [pool.submit(get, port, "whole") for _ in range(4)]
        for client in left:
            client.result()
        assert {client.result() for client in stayed} == {render(ani).data}
