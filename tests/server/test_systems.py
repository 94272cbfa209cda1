"""On a system that is not Linux: what works, and what is said of the rest."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.support import SCENES

AWAY = """
import asyncio, ctypes, multiprocessing.spawn, os, signal, socket, subprocess, sys
import aiohttp.web, click, jinja2, limits, matplotlib.figure, prometheus_client, pydantic_settings, structlog
import numpy, PIL.Image, renderer

renderer.formats()
for name in ("resource", "fcntl", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("SIGHUP", "SIGCHLD", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGPIPE"):
    delattr(signal, name)
for name in ("fork", "pidfd_open", "register_at_fork", "setsid", "sysconf", "waitpid", "WNOHANG"):
    delattr(os, name)
for name in ("AF_UNIX", "send_fds", "recv_fds"):
    delattr(socket, name)
sys.platform = {system!r}
"""


def away(system: str, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", AWAY.format(system=system) + code, *arguments],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture(params=["win32", "darwin"])
def system(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_a_catalog_can_be_made_and_drawn(system: str, tmp_path: Path) -> None:
    out = tmp_path / "x.gif"
    code = "import sys; from renderer.cli.commands import main; main()"
    done = away(system, code, "render", f"{SCENES}:quick", "-q", "-o", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(b"GIF89a")


def test_an_application_is_refused_in_a_line(system: str) -> None:
    done = away(system, "from server import Catalog, create_app\ncreate_app(Catalog())")
    assert done.stderr.splitlines()[-1] == (
        f"server.errors.UnsupportedSystemError: figreel's server runs on Linux only, and this is {system}; "
        "`figreel render` draws the animations of a catalog on every system"
    )


def test_the_command_refuses_to_serve_in_a_line_and_does_the_rest(system: str) -> None:
    code = "import sys; from renderer.cli.commands import main; main()"
    serve = away(system, code, "serve", f"{SCENES}:catalog")
    (line,) = serve.stderr.splitlines()
    assert line.startswith(f"Error: figreel's server runs on Linux only, and this is {system}; ")
    assert serve.returncode == 1
    config = away(system, code, "config")
    assert (config.returncode, config.stderr) == (0, "")
    assert "workers = 2" in config.stdout
    assert "Serve a catalog" in away(system, code, "--help").stdout
