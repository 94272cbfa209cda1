"""Every request gets an answer, and none of them is an internal error."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renderer import formats, resolve
from server.catalog.bounds import Bounds
from server.catalog.entries import Entry
from server.catalog.reading import Values, written_in_body
from server.errors import InvalidParametersError, MalformedBodyError
from server.rendering.picture import Picture
from tests.server.support import SCENES, Running

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def entry() -> Entry:
    entry: Entry = resolve(f"{SCENES}:catalog").get("typed")
    return entry


def check_valid(entry: Entry, values: Values) -> None:
    """Check that a worker reads what was validated, and that it has the same key."""
    again = entry.values(json.loads(values.json()))
    keys = {Picture(entry, formats()["gif"], same, "", "").key for same in (values, again)}
    assert again == values
    assert len(keys) == 1


def check_problems(error: InvalidParametersError) -> None:
    assert error.problems
    assert all(problem["message"] for problem in error.problems)
    json.dumps(error.problems).encode()


names = st.sampled_from(["values", "gaps", "pair", "count", "level", "color", "label", "bold", "maybe", "fps", "dpi"])
texts = st.one_of(
    st.text(max_size=30), st.integers().map(str), st.floats().map(str), st.sampled_from(["", "red", "true"])
)


@pytest.mark.timeout(0)
@settings(max_examples=400, deadline=None)
@given(pairs=st.lists(st.tuples(st.one_of(names, st.text(max_size=8)), texts), max_size=8))
@example(pairs=[("label", "\ud800")])
@example(pairs=[("values", "1_0"), ("values", "٣")])
def test_a_query_is_valid_or_its_problems_have_fields(entry: Entry, pairs: list[tuple[str, str]]) -> None:
    try:
        values = entry.read(pairs, Bounds(), still=False)
    except InvalidParametersError as error:
        check_problems(error)
    else:
        check_valid(entry, values)


def is_object(body: bytes) -> bool:
    """Whether a body is a JSON object, without NaN and infinities, which are not JSON."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        return isinstance(json.loads(body.decode(), parse_constant=refuse), dict)
    except ValueError:
        return False


@pytest.mark.timeout(0)
@settings(max_examples=200, deadline=None)
@given(body=st.one_of(st.binary(max_size=60), st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(names, st.text(max_size=5)), inner)),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode())))  # fmt: skip
def test_a_body_is_valid_or_refused(entry: Entry, body: bytes) -> None:
    if not is_object(body):
        with pytest.raises(MalformedBodyError, match="JSON object"):
            entry.values(written_in_body(body), Bounds(), still=False)
        return
    try:
        values = entry.values(written_in_body(body), Bounds(), still=False)
    except InvalidParametersError as error:
        check_problems(error)
    else:
        check_valid(entry, values)


BOMBS = [
    "bars.gif?first_year=99999",
    "bars.gif?values=1e6&values=-1e6&values=1e-300",
    "bars.gif?" + "&".join(["values=1"] * 61),
    "bars.gif?width=8192&height=8192",
    "bars.gif?dpi=600",
    "line.gif?frames=3&title=" + "%24" + "%5Cfrac%7B" * 6,
    "line.gif?frames=3&title=%24%5Cinvalid%24",
    "line.gif?frames=3&title=%24x%5E2%24",
    "line.gif?frames=3&title=" + "%0A" * 60,
    "line.gif?frames=3&title=" + "%F0%9F%91%A9%E2%80%8D" * 20,
    "line.gif?frames=201",
    "scatter.gif?points=5001",
    "scatter.gif?colors=http://127.0.0.1/style",
    "scatter.gif?colors=/etc/passwd",
    "line.gif?title=/etc/passwd&frames=2",
    "surface.gif?frames=2&elevation=90&ripples=6",
    "gauge.gif?frames=3&title=%24%5Cfrac%7B%24&unit=%24%5Cx%24",
    "text.gif?words=" + "%24x" * 60,
    "bars.png?frame=1000000",
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served by the command with small limits."""
    limits = ("--timeout", "10", "--set", "max_frames=12", "--set", "max_pixels=400000", "--set", "memory_reserve=0")
    path = tmp_path_factory.mktemp("served") / "log"
    with (
        path.open("wb") as log,
        subprocess.Popen([BIN / "figreel", "serve", "--port", "0", *limits], stderr=log) as process,
    ):
        while not (lines := path.read_text().splitlines()):
            assert process.poll() is None
            time.sleep(0.1)
        yield lines[0].split()[-1]
        process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("path", BOMBS)
def test_bombs(served: str, path: str) -> None:
    try:
        with urllib.request.urlopen(f"{served}/animations/{path}", timeout=30) as answer:
            status, body = answer.status, answer.read()
    except urllib.request.HTTPError as error:
        status, body = error.code, error.read()
    assert status in (200, 422), body
    assert body.startswith(b"GIF" if status == 200 else b"{")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_description_holds(served: str, tmp_path: Path) -> None:
    """Generate requests from the OpenAPI document, and compare the answers with it."""
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    paths = r"/animations/(bars|line|image)\.gif|/animations/bars\.png|/healthz"
    result = subprocess.run(
        [
            BIN / "st", "run", f"{served}/openapi.json", "--url", served, "--checks", checks, "--no-color",
            "--include-path-regex", paths, "--max-examples", "25", "--seed", "7", "--generation-database", "none",
            "--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all", "--request-timeout", "30",
        ],
        capture_output=True, text=True, timeout=1700, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-6000:]
    with urllib.request.urlopen(f"{served}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    statuses = {dict(parse_qsl(line.split("{")[1].split("}")[0].replace('"', "").replace(",", "&")))["status"]
                for line in lines if line.startswith("figreel_requests_total{")}  # fmt: skip
    assert {"200", "422"} <= statuses
    assert not {status for status in statuses if status >= "500"} - {"503", "504"}


async def test_a_clients_text_is_drawn_as_it_is(server: Running) -> None:
    plain = await server.get("/animations/typed.gif?label=%24x%24")
    other = await server.get("/animations/typed.gif?label=%24%5Cnonsense%7B%24")
    assert (plain.status, other.status) == (200, 200)
    shown = await server.get("/animations/typed.gif?label=x")
    assert plain.body != shown.body
