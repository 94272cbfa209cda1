"""The picture that a request names, and the key of its bytes."""

import hashlib
import json

from renderer import Format
from server.catalog.entries import Entry
from server.catalog.reading import Values


class Picture:
    """An animation or a still picture: what to draw, and in which format.

    Parameters
    ----------
    entry : Entry
        The animation.
    format : Format
        The format.
    values : Values
        Validated parameters; those that were left out count with their defaults.
    code : str
        The version of the code that draws, and of the libraries, fonts and settings that it draws with.
    version : str
        The catalog's own version.

    Attributes
    ----------
    key : str
        A SHA-256 digest of all that decides over the bytes: equal keys mean equal bytes.
    """

    def __init__(self, entry: Entry, format: Format, values: Values, code: str, version: str) -> None:  # noqa: A002 -- as in renderer.render
        parts = (code, version, entry.name, format.name)
        canonical = json.dumps([*parts, values.canonical])
        self.entry = entry
        self.format = format
        self.values = values
        self.code = code
        self.key = hashlib.sha256(canonical.encode()).hexdigest()
