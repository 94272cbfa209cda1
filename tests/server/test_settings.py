"""Where settings come from, and that the guide names all of them."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ByteSize, ValidationError

from renderer.cli.commands import main
from server.settings import Settings, load_settings

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"


def test_arguments_come_before_the_environment_and_that_before_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "figreel.toml"
    file.write_text("workers = 3\nport = 1\nqueue = 9\n")
    monkeypatch.setenv("FIGREEL_PORT", "2")
    monkeypatch.setenv("FIGREEL_WORKERS", "4")
    settings = load_settings(file, workers=5, host=None)
    assert (settings.workers, settings.port, settings.queue, settings.timeout) == (5, 2, 9, 30)
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize("text", ["nonsense = 1", "workers = 0", "port = 99999", 'rate_limit = "often"'])
def test_what_is_unknown_or_wrong_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "figreel.toml"
    file.write_text(text)
    with pytest.raises(ValidationError, match=text.split()[0]):
        load_settings(file)
    result = CliRunner().invoke(main, ["config", "--config", str(file)])
    assert result.exit_code == 1
    assert text.split()[0] in result.stderr


def test_the_printed_settings_are_a_file_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGREEL_CORS_ORIGINS", '["https://a.example"]')
    printed = CliRunner().invoke(main, ["config", "--set", "workers=7", "--set", "worker_memory=2GiB"]).stdout
    assert set(tomllib.loads(printed)) <= set(Settings.model_fields)
    (tmp_path / "printed.toml").write_text(printed)
    settings = load_settings(tmp_path / "printed.toml")
    assert (settings.workers, settings.worker_memory, settings.cors_origins) == (7, 2 << 30, ("https://a.example",))


def test_the_printed_settings_of_a_unix_socket_are_a_file_of_them(tmp_path: Path) -> None:
    printed = CliRunner().invoke(main, ["config", "--set", f"unix_socket={tmp_path}/socket"]).stdout
    (tmp_path / "printed.toml").write_text(printed)
    assert load_settings(tmp_path / "printed.toml").unix_socket == tmp_path / "socket"


def test_origins_are_what_browsers_send() -> None:
    written = ["https://Site.Example:443", "http://bücher.example:80", "http://[::1]:8080", "capacitor://local", "*"]
    sent = ("https://site.example", "http://xn--bcher-kva.example", "http://[::1]:8080", "capacitor://local", "*")
    assert load_settings(cors_origins=written).cors_origins == sent


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/of/somebody")
    assert load_settings(cache_folder="~/cache").cache_folder == Path("/home/of/somebody/cache")


def test_secrets_are_not_printed() -> None:
    keys = json.dumps({"k": "secret-secret-secret"})
    result = CliRunner().invoke(
        main, ["config", "--set", f"signing_keys={keys}", "--set", 'bearer_keys=["secret-secret-secret"]']
    )
    assert "# signing_keys" in result.stdout
    assert "# bearer_keys" in result.stdout
    assert "secret-" not in result.stdout
    assert "secret-" not in repr(load_settings(bearer_keys=["secret-secret-secret"]))
    assert not {"signing_keys", "bearer_keys"} & set(tomllib.loads(result.stdout))


@pytest.mark.parametrize(
    "secret",
    [
        "*" * 10,
        "*" * 40,
        "x" * 20,
        "**** " * 5 + "****",
        "short",
        "fifteen bytes!!",
        " leads-with-a-space",
        "a-tab-\t-in-the-middle",
    ],
)
def test_what_is_no_secret_is_refused_as_a_key_and_not_repeated(secret: str) -> None:
    for values in ({"bearer_keys": [secret]}, {"signing_keys": {"k": secret}}):
        with pytest.raises(ValidationError, match=r"must") as caught:
            load_settings(**values)
        assert secret not in str(caught.value)


def test_a_catalog_that_changes_the_working_directory_moves_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(cache_folder="cache")
    monkeypatch.chdir("/")
    assert settings.cache_folder is not None
    assert settings.cache_folder.absolute() == tmp_path / "cache"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_the_guide_names_every_setting_and_its_default() -> None:
    section = GUIDE.read_text().partition("\n## Settings\n")[2].partition("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| `")] == [
        f"| `{name}` | {in_words(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def in_words(default: object) -> str:
    """Return a default as the guide writes it."""
    match default:
        case None | "":
            return "not set"
        case tuple() | dict() if not default:
            return "none"
        case bool():
            return str(default).lower()
        case ByteSize():
            return default.human_readable()
    return str(default)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FIGREEL_TIMOUT", "5", "FIGREEL_TIMOUT is not a setting; did you mean FIGREEL_TIMEOUT?"),
        ("figreel_wrkers", "5", "did you mean FIGREEL_WORKERS?"),
        ("FIGREEL_PORT_8080_TCP", "tcp://10.0.0.1", "FIGREEL_PORT_8080_TCP is not a setting"),
        ("FIGREEL_WORKERS_FILE", "x", "FIGREEL_WORKERS_FILE is not a setting"),
        ("FIGREEL_BEARER_KEYS", "a bare key", "FIGREEL_BEARER_KEYS must be JSON"),
        ("FIGREEL_SIGNING_KEYS", "a bare key", "FIGREEL_SIGNING_KEYS must be JSON"),
        ("FIGREEL_BEARER_KEYS_FILE", "/no/such/file", "FIGREEL_BEARER_KEYS_FILE: /no/such/file cannot be read"),
        ("FIGREEL_WORKERS", "many", "workers: "),
        ("FIGREEL_TIMEOUT", "inf", "timeout: "),
        ("FIGREEL_ROOT_PATH", "pictures", "root_path: "),
        ("FIGREEL_ROOT_PATH", "//evil.example", "root_path: "),
        ("FIGREEL_PUBLIC_URL", "pics.example", "public_url: "),
        ("FIGREEL_PUBLIC_URL", "https://pics.example/?x=1", "public_url: "),
        ("FIGREEL_CORS_ORIGINS", '["https://a.example/"]', "cors_origins.0: "),
        ("FIGREEL_CORS_ORIGINS", '["https://*.example"]', "cors_origins.0: "),
        ("FIGREEL_PUBLIC_URL", "https://pics.example:99999", "public_url: Port out of range"),
        ("FIGREEL_PUBLIC_URL", "https://pics.example/a/../b", "public_url: must not have . or .."),
        ("FIGREEL_ROOT_PATH", "/a/./b", "root_path: must not have . or .."),
        ("FIGREEL_HOST", "", "host: must not be empty"),
        ("FIGREEL_CACHE_FOLDER", "", "cache_folder: must not be empty"),
        ("FIGREEL_UNIX_SOCKET", "", "unix_socket: must not be empty"),
        ("FIGREEL_UNIX_SOCKET", "~nosuchuser/socket", "unix_socket: Could not determine home directory"),
        ("FIGREEL_RATE_LIMIT", "600/minute;5/second", "rate_limit: must be one rate"),
        ("FIGREEL_RATE_LIMIT", "0/minute", "rate_limit: must be one rate of at least one request"),
        ("FIGREEL_UNIX_SOCKET_MODE", "999", "unix_socket_mode: "),
    ],
)
def test_a_variable_that_means_nothing_ends_the_start_with_a_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    for command in ("serve", "config"):
        result = CliRunner().invoke(main, [command])
        assert (result.exit_code, type(result.exception)) == (1, SystemExit)
        assert said in result.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["unix_socket=/tmp/x", "port=8080"], "unix_socket and port exclude each other"),
        (["root_path=/a", "public_url=https://x.example/b"], "root_path and the path of public_url differ"),
        (["cache_folder=cache", "cache_disk=0"], "cache_disk is 0"),
        (["workers=100000000"], "workers = 100000000: this machine has cores for at most"),
        (["memory_reserve=900TB"], "memory_reserve = 900000000000000: this machine has"),
        (["cache_memory=900TB"], "cache_memory = 900000000000000: this machine has"),
        (["worker_memory=16EiB"], "worker_memory = 18446744073709551616: a process has"),
        (["cache_disk=900PB", "cache_folder=/tmp"], "cache_disk = 900000000000000000: the file system of /tmp"),
        (["max_connections=100000000"], "max_connections = 100000000: this process may have"),
        (["cache_folder=/etc/passwd"], "cache_folder = /etc/passwd: cannot be written"),
        (["cache_folder=/proc/cache"], "cache_folder = /proc/cache: cannot be written"),
        (["port=8155", "timeout=-1"], "timeout: "),
        (["nonsense=1"], "nonsense is not a setting; `figreel config` prints all"),
    ],
)
def test_settings_that_cannot_work_end_the_start_with_a_line(more: list[str], said: str) -> None:
    options = [part for setting in more for part in ("--set", setting)]
    result = CliRunner().invoke(main, ["serve", *options])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert said in result.stderr


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "figreel.toml"
    file.write_text("workers: 3")
    result = CliRunner().invoke(main, ["serve", "--config", str(file)])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert f"{file} is not TOML" in result.stderr


def test_what_serve_is_told_by_set_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def supervise(settings: Settings, *, reload: bool) -> None:
        seen.update(settings.model_dump())

    monkeypatch.setattr("server.cli.supervise", supervise)
    options = ["--set", "port=8155", "--set", "timeout=7", "--set", "host=::1", "--workers", "3"]
    assert CliRunner().invoke(main, ["serve", *options]).exit_code == 0
    assert [seen[name] for name in ("port", "timeout", "host", "workers")] == [8155, 7, "::1", 3]
    twice = CliRunner().invoke(main, ["serve", "--port", "1", "--set", "port=2"])
    assert twice.exit_code == 2
    assert "port is set by its own option as well" in twice.stderr
    twice = CliRunner().invoke(main, ["serve", "--set", "port=1", "--set", "port=2"])
    assert twice.exit_code == 2
    assert "port is set twice" in twice.stderr


def test_the_printed_settings_say_where_each_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "figreel.toml"
    file.write_text("queue = 9\nworkers = 3\ntimeout = 4.0\n")
    monkeypatch.setenv("FIGREEL_WORKERS", "4")
    monkeypatch.setenv("FIGREEL_TIMEOUT", "4")
    printed = CliRunner().invoke(main, ["config", "--config", str(file), "--set", "timeout=5"]).stdout.splitlines()
    lines = [line.removeprefix("# ") for line in printed]
    above = {line.partition(" = ")[0]: printed[at - 1] for at, line in enumerate(lines) if " = " in line}
    assert above["queue"] == f"# From {file}."
    assert above["workers"] == "# From the environment, FIGREEL_WORKERS."
    assert above["timeout"] == "# From the command line."
    assert above["port"] == "# From the default."


def test_a_file_has_one_bearer_key_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bearer").write_bytes(b"a key of its own line\r\nthe one before that key\r\n")
    monkeypatch.setenv("FIGREEL_BEARER_KEYS_FILE", str(tmp_path / "bearer"))
    keys = [key.get_secret_value() for key in load_settings().bearer_keys]
    assert keys == ["a key of its own line", "the one before that key"]


@pytest.mark.parametrize(
    "text", ["a key of its own line\n", '["a key of its own line"]', '[\n  "a key of its own line"\n]\n']
)
def test_secrets_come_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "bearer").write_text(text)
    (tmp_path / "signing").write_text(json.dumps({"k": "ok" * 10}) + "\n")
    monkeypatch.setenv("FIGREEL_BEARER_KEYS_FILE", str(tmp_path / "bearer"))
    monkeypatch.setenv("FIGREEL_SIGNING_KEYS_FILE", str(tmp_path / "signing"))
    settings = load_settings()
    assert [key.get_secret_value() for key in settings.bearer_keys] == ["a key of its own line"]
    assert settings.signing_keys["k"].get_secret_value() == "ok" * 10
    assert "# From the environment, FIGREEL_BEARER_KEYS_FILE." in CliRunner().invoke(main, ["config"]).stdout
    monkeypatch.setenv("FIGREEL_BEARER_KEYS", json.dumps(["xy" * 10]))
    assert "are both set" in CliRunner().invoke(main, ["config"]).stderr
