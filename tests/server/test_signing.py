"""What `figreel sign` prints is accepted by the server, and what would not be is not printed."""

import json
import time

import pytest
from click.testing import CliRunner, Result

from renderer.cli.commands import main
from tests.server.support import SCENES, Start

KEYS = {"a": "one" * 8, "b": "two" * 8}
CATALOG = f"{SCENES}:catalog"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGREEL_SIGNING_KEYS", json.dumps(KEYS))


def sign(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["sign", *arguments])


def test_the_address_stays_as_it_is_and_gets_fields() -> None:
    result = sign("https://x.example/animations/bars.gif?values=1&values=2", "--key", "b")
    assert result.exit_code == 0
    assert result.stdout.startswith("https://x.example/animations/bars.gif?values=1&values=2&expires=")
    assert "key=b&signature=" in result.stdout


@pytest.mark.parametrize("begin", ["https://x.example", "https://bücher.example", ""])
def test_an_address_is_printed_in_the_letters_that_http_knows(begin: str) -> None:
    result = sign(f"{begin}/animations/größe%20'a'.gif?höhe=ü")
    path = "/animations/gr%C3%B6%C3%9Fe%20'a'.gif?h%C3%B6he=%C3%BC&expires="
    assert result.stdout.startswith(begin + path)


@pytest.mark.parametrize("root_path", ["", "/pics", "/a/b"])
@pytest.mark.parametrize(
    "target",
    [
        "/animations/typed.png",
        "/animations/typed.png?values=20&values=9&values=1",
        "/animations/typed.png?label=&count=1",
        "/animations/typed.png?label=a+b%20c%26d%3De%2Bf%C3%A9%24",
        "/animations/typed.png?label=%E2%82%AC;x",
        "/animations/typed.png?label=é",
        "/animations/typ%65d.png",
        "/animations/typed.png?#fragment",
    ],
)
async def test_what_is_printed_is_accepted_inside_and_outside(start: Start, root_path: str, target: str) -> None:
    server = await start(signing_keys=KEYS, root_path=root_path)
    printed = sign(f"https://pics.example{root_path}{target}", CATALOG)
    assert printed.exit_code == 0, printed.stderr
    outside = printed.stdout.strip().removeprefix("https://pics.example")
    for path in (outside, outside.removeprefix(root_path)):
        assert (await server.get(path)).status == 200
    assert (await server.get(outside.replace("expires=", "expires=1"))).status == 403


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["notaurl"], "neither an absolute address"),
        (["ftp://x.example/animations/quick.gif"], "neither an absolute address"),
        (["//x.example/animations/quick.gif"], "neither an absolute address"),
        (["https:///animations/quick.gif"], ""),
        (["https://x.example:abc/animations/quick.gif"], ""),
        (["https://x.example/animations/quick"], "is not the path of a picture"),
        (["https://x.example/"], "is not the path of a picture"),
        (["https://x.example/animations/a/b.gif"], "is not the path of a picture"),
        (["/animations/quick.exe"], "there is no format 'exe'; choose from gif"),
        (["https://x.example /animations/quick.gif"], "has a space in it"),
        (["https://x.example/my pics/animations/quick.gif"], "has a space in it"),
        (["/animations/quick.gif\n"], "has a space in it"),
        (["/animations/typed.gif?" + "&".join(["values=1"] * 1000), CATALOG], "longer than 8000 characters"),
        (["/animations/quick.gif?key=a"], "signed already: it has key"),
        (["/animations/quick.gif?expires=1&signature=2"], "signed already"),
        (["/animations/quick.gif", "--key", "c"], "there is no signing key 'c'"),
        (["/animations/nope.gif", CATALOG], "there is no animation 'nope'; choose from quick"),
        (["/animations/quick.gif?nope=1", CATALOG], "nope: "),
        (["/animations/quick.gif?frames=0", CATALOG], "frames: "),
        (["/animations/quick.png?fps=2", CATALOG], "fps: "),
        (["/animations/quick.gif", f"{SCENES}:Shape"], "is not a Catalog"),
    ],
)
def test_what_no_server_accepts_is_a_line(arguments: list[str], said: str) -> None:
    result = sign(*arguments)
    assert (result.exit_code, result.stdout, type(result.exception)) == (1, "", SystemExit)
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_no_address_holds_longer_than_a_server_can_read() -> None:
    assert sign("/animations/quick.gif", "--seconds", "3000000000").exit_code == 0
    assert "--seconds" in sign("/animations/quick.gif", "--seconds", "10000000000").stderr


def test_another_prefix_than_that_of_the_settings_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGREEL_PUBLIC_URL", "https://pics.example/pics")
    assert "is not where the server is" in sign("https://pics.example/other/animations/quick.gif").stderr
    assert sign("https://pics.example/pics/animations/quick.gif").exit_code == 0


def test_there_is_nothing_to_sign_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIGREEL_SIGNING_KEYS")
    assert "no signing_keys" in sign("/animations/quick.gif").stderr


async def test_an_answer_is_not_stored_longer_than_its_address_holds(start: Start) -> None:
    server = await start(signing_keys=KEYS, bearer_keys=["three" * 5])
    short = sign("/animations/quick.gif", "--seconds", "30").stdout.strip()
    long = sign("/animations/quick.gif?frames=2", "--seconds", "100000").stdout.strip()
    end = time.time() + 30
    tag = (await server.get(short, "HEAD")).headers["ETag"]
    asked = [("GET", {}), ("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-3"}), ("GET", {"If-None-Match": tag})]
    statuses = []
    for method, headers in asked:
        before = time.time()
        answer = await server.get(short, method, headers=headers)
        statuses.append(answer.status)
        private, _, seconds = answer.headers["Cache-Control"].partition(", max-age=")
        assert private == "private"
        assert int(seconds) > 0
        assert before + int(seconds) <= end, "a later answer does not begin the time anew"
        assert "Expires" not in answer.headers
    assert statuses == [200, 200, 200, 206, 304]
    assert (await server.get(long)).headers["Cache-Control"] == "private, max-age=3600"
    shown = {"Authorization": "Bearer " + "three" * 5}
    for path in ("/", "/docs", "/openapi.json", "/animations/quick", "/assets/form.js", "/animations/quick.gif"):
        for method in ("GET", "HEAD"):
            assert "public" not in (await server.get(path, method, headers=shown)).headers["Cache-Control"]
