"""nginx in front of a server, with the configuration of the guide."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "deployment.md"

_MAIN = """
daemon off;
user {user};
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def tool(name: str) -> str:
    """Return the path of a program; skip the test without it, but where all tools are needed."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if path is None:
        assert not os.environ.get("FIGREEL_REQUIRE_TOOLS"), f"{name} is missing"
        pytest.skip(f"needs {name}")
    return path


def configuration() -> str:
    """Return the site that the guide shows."""
    return GUIDE.read_text().partition("```nginx\n")[2].partition("```")[0]


def replaced(text: str, old: str, new: str) -> str:
    """Replace what must be there."""
    assert old in text, old
    return text.replace(old, new)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def nginx(folder: Path, upstream: str, *, strips: bool = True) -> Iterator[int]:
    """Run nginx; yield the port on which it speaks TLS.

    Parameters
    ----------
    folder : Path
        For its files.
    upstream : str
        Where the server listens, as nginx writes it.
    strips : bool
        Whether the prefix is stripped.
    """
    program, openssl = tool("nginx"), tool("openssl")
    key, certificate, port = folder / "key.pem", folder / "certificate.pem", free_port()
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=site.example", "-keyout", key,
         "-out", certificate], check=True, capture_output=True,
    )  # fmt: skip
    site = replaced(configuration(), "unix:/run/figreel/figreel.sock", upstream)
    site = replaced(site, "listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    site = replaced(site, "/etc/ssl/site.example.pem", str(certificate))
    site = replaced(site, "/etc/ssl/private/site.example.key", str(key))
    if not strips:
        site = replaced(site, "proxy_pass http://figreel/;", "proxy_pass http://figreel;")
    (folder / "site.conf").write_text(site)
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, user="root" if os.getuid() == 0 else "nobody"))
    with subprocess.Popen([program, "-p", folder, "-c", main], stderr=subprocess.PIPE) as process:
        try:
            while process.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
            assert process.poll() is None, process.stderr and process.stderr.read()
            yield port
        finally:
            process.terminate()
