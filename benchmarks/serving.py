"""The server beside the answer's, and the time and memory that it adds to a render: ``python -m benchmarks.serving``.

Throughput of cached answers needs wrk, and Linux's /proc tells the processes.
"""

import http.client
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO

from renderer import frames
from server.demo import catalog

ROUNDS = 9
READERS = 200
COLD_TURNS = 3
COLD_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, with one worker."""

    port: int
    pid: int

    def get(self, path: str) -> bytes:
        """Return the body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def inside(self) -> int:
        """Count the renders that run or wait."""
        found = re.search(rb"^figreel_renders_inside (\S+)", self.get("/metrics"), re.M)
        assert found is not None
        return int(float(found[1]))

    def worker(self) -> int:
        """Return the process id of the worker."""
        (fork_server,) = _children(self.pid)
        (keeper,) = _children(fork_server)
        (pid,) = _children(keeper)
        return pid

    def resident(self) -> int:
        """Return the bytes of memory that the server holds, without its workers."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def served(*arguments: str) -> Iterator[Server]:
    """Run the demo, with its log in a file."""
    with _listening("figreel", "serve", "--port", "0", "--workers", "1", *arguments) as server:
        yield server


@contextmanager
def _listening(command: str, *arguments: str) -> Iterator[Server]:
    """Run a command of this environment that serves, and says in its log at which port."""
    program = [str(Path(sys.executable).with_name(command)), *arguments]
    with tempfile.TemporaryFile("w+") as log, subprocess.Popen(program, stderr=log) as process:
        try:
            while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", _text_of(log))):
                time.sleep(0.05)
            yield Server(int(found[1]), process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def cold() -> str:
    """Compare the rates of the question's request: a new figure of seven frames and new values each time."""
    rates: dict[str, list[float]] = {"figreel": [], "flask": []}
    numbers = count()
    with (
        _listening("figreel", "serve", "--port", "0", "--workers", "2") as ours,
        _listening("gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", "benchmarks.answer:app") as theirs,
    ):
        ways = {"figreel": (ours, "/animations/bars.gif"), "flask": (theirs, "/bars.gif")}
        for turn in range(COLD_TURNS + 1):
            for name, (server, path) in ways.items():
                rate = _rate(server, path, numbers)
                if turn:  # in the first, workers import what they need
                    rates[name].append(rate)
    figreel, flask = (statistics.median(rates[name]) for name in ("figreel", "flask"))
    ratios = [a / b for a, b in zip(*rates.values(), strict=True)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return f"{figreel:.1f} a second, the answer's Flask application {flask:.1f}, ratio {figreel / flask:.2f} ({spread})"


def _rate(server: Server, path: str, numbers: Iterator[int]) -> float:
    """Return how many requests with new values a server answers a second, for four clients."""
    started = time.perf_counter()

    def ask_again_and_again() -> int:
        answers = 0
        while time.perf_counter() - started < COLD_SECONDS:
            chance = random.Random(next(numbers))
            query = "&".join(f"values={chance.uniform(8, 58):.1f}" for _ in range(7))
            assert server.get(f"{path}?{query}").startswith(b"GIF89a")
            answers += 1
        return answers

    with ThreadPoolExecutor(4) as clients:
        answers = sum(future.result() for future in [clients.submit(ask_again_and_again) for _ in range(4)])
    return answers / (time.perf_counter() - started)


def first_byte(server: Server) -> str:
    """Compare the first byte of a cold answer with the time of one frame in the library, in turn."""
    ours, theirs = [], []
    for number in range(ROUNDS):
        damping = 1 + number / 100
        ours.append(_seconds(partial(_first_frame, damping)))
        theirs.append(_seconds(partial(_first_byte, server, f"/animations/line.gif?damping={damping}")))
    one, first = statistics.median(ours[1:]), statistics.median(theirs[1:])
    return f"first byte {1000 * first:.1f} ms, one frame {1000 * one:.1f} ms, ratio {first / one:.2f}"


def cached(server: Server) -> str:
    """Count cached answers a second."""
    size = len(server.get("/animations/bars.gif"))
    return f"{size} bytes: " + _wrk(server)


def unchanged(server: Server) -> str:
    """Count 304s a second."""
    return _wrk(server, "-H", "If-None-Match: *")


def plain(server: Server) -> str:
    """Count the same answers of an aiohttp application that does nothing else, as the limit of the machine."""
    size = len(server.get("/animations/bars.gif"))
    with subprocess.Popen([sys.executable, "-c", _PLAIN, str(size)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            return _wrk(Server(port, process.pid))
        finally:
            process.terminate()


_PLAIN = """
import asyncio, sys
from aiohttp import web

async def answer(request):
    return web.Response(body=bytes(int(sys.argv[1])))

async def main():
    app = web.Application()
    app.router.add_get("/animations/bars.gif", answer)
    await (runner := web.AppRunner(app, access_log=None)).setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def slot_back(server: Server) -> str:
    """Time from the kill of the only worker to the end of a small render, and the render alone."""
    killed, alone = [], []
    for number in range(ROUNDS):
        alone.append(_seconds(partial(server.get, f"/animations/bars.png?reference={number}")))
        os.kill(server.worker(), signal.SIGKILL)
        killed.append(_seconds(partial(server.get, f"/animations/bars.png?reference={number + 0.5}")))
        time.sleep(0.5)
    return f"{statistics.median(killed):.3f} s after a kill, {statistics.median(alone):.3f} s otherwise"


def stopped(server: Server) -> str:
    """Time from the leaving of the last client to the end of its render."""
    times = []
    for number in range(ROUNDS):
        connection = _ask(server, f"/animations/surface.gif?frames=200&elevation={number}")
        connection.recv(1)
        connection.close()
        times.append(_seconds(lambda: _until(lambda: server.inside() == 0)))
    return f"median {statistics.median(times):.3f} s, longest {max(times):.3f} s"


def slow_readers(server: Server) -> str:
    """Measure the memory that the server holds for clients that do not read."""
    path = "/animations/image.gif?width=1000&height=800"
    size = len(server.get(path))
    before = server.resident()
    readers = [_ask(server, path, receive=4096) for _ in range(READERS)]
    time.sleep(2)
    held = (server.resident() - before) / READERS
    for reader in readers:
        reader.close()
    return f"{held / 1024:.0f} KiB each, {READERS} readers of {size / 2**20:.1f} MiB"


def health(server: Server) -> str:
    """Time health checks while ten times as many clients ask as there is room for."""
    clients = [_ask(server, f"/animations/scatter.gif?seed={seed}") for seed in range(10 * 33)]
    times: list[float] = []
    while server.inside() and len(times) < 200:
        times.append(_seconds(partial(server.get, "/healthz")))
        time.sleep(0.01)
    for client in clients:
        client.close()
    return f"median {1000 * statistics.median(times):.1f} ms, longest {1000 * max(times):.1f} ms"


def _children(pid: int) -> list[int]:
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


def _text_of(log: IO[str]) -> str:
    log.seek(0)
    return log.read()


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _first_frame(damping: float) -> None:
    entry = catalog.get("line")
    assert entry is not None
    source, options = entry.call(entry.values({"damping": damping}))
    options.pop("loop")
    next(iter(frames(source, **options)))


def _first_byte(server: Server, path: str) -> None:
    connection = _ask(server, path)
    received = b""
    while b"\r\n\r\n" not in received or received.endswith(b"\r\n\r\n"):
        received += connection.recv(65536)
    connection.close()


def _ask(server: Server, path: str, receive: int | None = None) -> socket.socket:
    connection = socket.socket()
    if receive is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.005)


def _wrk(server: Server, *arguments: str) -> str:
    wrk = shutil.which("wrk")
    if wrk is None:
        return "wrk is not installed"
    url = f"http://127.0.0.1:{server.port}/animations/bars.gif"
    printed = subprocess.run(
        [wrk, "-t1", "-c16", "-d5s", "--latency", *arguments, url], capture_output=True, text=True, check=True
    ).stdout
    rate, p99 = re.search(r"Requests/sec:\s+(\S+)", printed), re.search(r"99%\s+(\S+)", printed)
    assert rate is not None
    assert p99 is not None
    wrong = ", WITH ERRORS" if re.search("Socket errors" if arguments else "Socket errors|Non-2xx", printed) else ""
    return f"{float(rate[1]):.0f} a second, p99 {p99[1]}{wrong}"


if __name__ == "__main__":
    print(f"the question's request, cold (4 clients, two workers): {cold()}", flush=True)
    with served("--set", "max_connections_per_client=500") as server:
        for measure in (first_byte, cached, unchanged, plain, slot_back, stopped, health, slow_readers):
            print(f"{measure.__name__.replace('_', ' ')}: {measure(server)}", flush=True)
