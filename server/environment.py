"""Settings from the environment: each variable is a setting, the name of a file with a secret, or a mistake."""

import json
import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource

from server.errors import SettingsError

PREFIX = "FIGREEL_"

SECRETS = ("bearer_keys", "signing_keys")
"""Settings whose value may stand in a file that a variable names."""

_OTHERS = {f"{PREFIX}CONFIG"} | {
    f"{PREFIX}{name}"
    for name in ("REPOSITORY", "REF", "REQUIRE_TOOLS", "SEARCH", "DIFFERENTIAL", "DIFFERENTIAL_KIND", "WRITE_DIGESTS")
}
"""Variables that are no settings: the command reads the first, the project's build and tests the others."""


class Environment(EnvSettingsSource):
    """Reads settings from variables of the environment.

    Raises
    ------
    SettingsError
        A variable has the prefix and no meaning, names a file that cannot be read, or its value cannot be read.
    """

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        _check_names(settings_cls.model_fields)
        self.env_vars = {**self.env_vars, **_values_in_files()}

    def prepare_field_value(self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool) -> Any:
        """Return the value of a variable, read as JSON where it is a list or a table."""
        try:
            return super().prepare_field_value(field_name, field, value, value_is_complex)
        except ValueError as error:
            example = '{"name": "..."}' if isinstance(field.default, dict) else '["..."]'
            raise SettingsError(f"{PREFIX}{field_name.upper()} must be JSON, such as {example}") from error


def _check_names(fields: Iterable[str]) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in fields}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known | _OTHERS:
            near = get_close_matches(name.upper(), known, 1)
            raise SettingsError(
                f"the variable {name} is not a setting; "
                + (f"did you mean {near[0]}?" if near else "`figreel config` prints all of them")
            )


def _values_in_files() -> dict[str, str]:
    """Return the secrets that stand in files, under the names of their variables, as JSON.

    A file of bearer keys may have one in each line instead.
    """
    values = {}
    variables = {name.upper(): value for name, value in os.environ.items()}
    for secret in SECRETS:
        name = f"{PREFIX}{secret.upper()}"
        path = variables.get(f"{name}_FILE")
        if path is None:
            continue
        if name in variables:
            raise SettingsError(f"{name} and {name}_FILE are both set; leave one of them out")
        try:
            text = Path(path).read_text(encoding="utf-8").removesuffix("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE: {path} cannot be read: {error}") from error
        bare = secret == "bearer_keys" and not text.lstrip().startswith("[")  # noqa: S105 -- the name of a setting
        values[name.lower()] = json.dumps(text.split("\n")) if bare else text
    return values
