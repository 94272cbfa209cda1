"""The files of ``deploy/``: what their own tools say of them, and that the server knows what they name."""

import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from server import Catalog, Settings, create_app
from server.environment import PREFIX
from tests.media import need_tool, run

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
FILES = [ROOT / "Dockerfile", *sorted(path for path in DEPLOY.iterdir() if path.is_file())]
ELSEWHERE = {"FIGREEL_CONFIG"}


def test_the_unit_is_one_that_systemd_accepts(tmp_path: Path) -> None:
    unit = (DEPLOY / "figreel.service").read_text()
    program = "/opt/figreel/bin/figreel"
    assert program in unit
    (tmp_path / "figreel.service").write_text(unit.replace(program, str(BIN / "figreel")))
    assert run(need_tool("systemd-analyze"), "verify", str(tmp_path / "figreel.service")) == ""


def test_the_compose_file_is_one() -> None:
    run(str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml"))


def test_the_kubernetes_manifest_is_one() -> None:
    run(str(BIN / "kubernetes-validate"), "--strict", str(DEPLOY / "kubernetes.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_settings_that_are_named_exist(path: Path) -> None:
    named = set(re.findall(r"\bFIGREEL_[A-Z_]+", path.read_text())) - ELSEWHERE
    unknown = {name for name in named if setting_of(name) not in Settings.model_fields}
    assert not unknown


def setting_of(variable: str) -> str:
    return variable.removeprefix("FIGREEL_").removesuffix("_FILE").lower()


def test_processes_are_given_the_time_that_they_need_to_end() -> None:
    needed = Settings().drain_timeout + Settings().drain_delay
    unit = re.search(r"^TimeoutStopSec=(\d+)$", (DEPLOY / "figreel.service").read_text(), re.M)
    assert unit is not None
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["figreel"]["stop_grace_period"]
    pod = pod_spec()
    delay = next(float(item["value"]) for item in variables(pod) if item["name"] == "FIGREEL_DRAIN_DELAY")
    assert int(unit[1]) > needed
    assert int(compose.removesuffix("s")) > needed
    assert pod["terminationGracePeriodSeconds"] > Settings().drain_timeout + delay


def test_the_probes_ask_for_paths_that_need_no_key() -> None:
    (container,) = pod_spec()["containers"]
    probes = {container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    app = create_app(Catalog(), Settings())
    paths = {resource.canonical for resource in app.router.resources()}
    assert probes == {"/readyz", "/healthz"} <= paths


def test_no_service_of_a_cluster_sets_variables_that_are_read_as_settings() -> None:
    _, service = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
    made = service["metadata"]["name"].upper() + "_SERVICE_HOST"
    assert not made.startswith(PREFIX) or pod_spec()["enableServiceLinks"] is False


class Readiness(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:  # the name that the class asks for
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize("status", [200, 503])
def test_the_image_asks_its_own_server_whether_it_is_ready(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setattr(Readiness, "status", status)
    (command,) = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", FILES[0].read_text().replace("\\\n", ""), re.M)
    _, *arguments = json.loads(command)
    with HTTPServer(("127.0.0.1", 0), Readiness) as server:
        Thread(target=server.handle_request).start()
        elsewhere = {"http_proxy": "http://127.0.0.1:9", "FIGREEL_PORT": str(server.server_port)}
        done = subprocess.run([sys.executable, *arguments], env=os.environ | elsewhere, timeout=60)
    assert done.returncode == (status != 200)


def pod_spec() -> dict[str, Any]:
    deployment, _ = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return spec


def variables(pod: dict[str, Any]) -> list[dict[str, str]]:
    (container,) = pod["containers"]
    found: list[dict[str, str]] = container["env"]
    return found


def test_the_command_of_the_unit_is_one_of_figreel() -> None:
    line = re.search(r"^ExecStart=\S+ (.*)$", (DEPLOY / "figreel.service").read_text(), re.M)
    assert line is not None
    command, *_ = line[1].split()
    done = subprocess.run([BIN / "figreel", command, "--help"], capture_output=True, text=True, check=True)
    for option in re.findall(r"--[a-z-]+", line[1]):
        assert option in done.stdout
