"""The picture that a request names, and the key of its bytes."""

import hashlib
import json
from importlib.metadata import version

import matplotlib as mpl
import PIL

from renderer import Format
from server.catalog.entries import Entry
from server.catalog.reading import Values

_RELEASES = (version("figreel"), mpl.__version__, PIL.__version__)


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
    catalog_version : str
        The version of the catalog.

    Attributes
    ----------
    key : str
        A SHA-256 digest of all that decides over the bytes: equal keys mean equal bytes.
    """

    def __init__(self, entry: Entry, format: Format, values: Values, catalog_version: str) -> None:  # noqa: A002 -- as in renderer.render
        parts = (*_RELEASES, catalog_version, entry.code_version, entry.name, format.name)
        canonical = json.dumps([*parts, values.canonical])
        self.entry = entry
        self.format = format
        self.values = values
        self.key = hashlib.sha256(canonical.encode()).hexdigest()
