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


def test_secrets_are_not_printed() -> None:
    keys = json.dumps({"k": "secret"})
    result = CliRunner().invoke(main, ["config", "--set", f"signing_keys={keys}", "--set", 'bearer_keys=["secret"]'])
    assert "signing_keys" in result.stdout
    assert "secret" not in result.stdout
    assert "secret" not in repr(load_settings(bearer_keys=["secret"]))


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
        case None:
            return "not set"
        case tuple() | dict() if not default:
            return "none"
        case bool():
            return str(default).lower()
        case ByteSize():
            return default.human_readable()
    return str(default)


def test_a_signed_address_comes_from_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGREEL_SIGNING_KEYS", '{"a": "one", "b": "two"}')
    result = CliRunner().invoke(main, ["sign", "https://x.example/animations/bars.gif?values=1&values=2", "--key", "b"])
    assert result.exit_code == 0
    assert result.stdout.startswith("https://x.example/animations/bars.gif?values=1&values=2&expires=")
    assert "key=b&signature=" in result.stdout
    assert CliRunner().invoke(main, ["sign", "https://x.example/a", "--key", "c"]).exit_code == 1
