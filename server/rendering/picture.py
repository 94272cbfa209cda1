"""The picture that a request names, and the key of its bytes."""

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version

import matplotlib as mpl
import PIL
from pydantic import BaseModel

from renderer import Format
from server.catalog.entries import Entry

__all__ = ["Picture"]

_RELEASES = (version("figreel"), mpl.__version__, PIL.__version__)


@dataclass(frozen=True, slots=True)
class Picture:
    """An animation or a still picture: what to draw, and in which format.

    Attributes
    ----------
    entry : Entry
        The animation.
    format : Format
        The format.
    values : BaseModel
        Validated parameters.
    key : str
        Names the bytes: equal keys mean equal bytes.
    """

    entry: Entry
    format: Format
    values: BaseModel
    key: str

    @classmethod
    def of(cls, entry: Entry, format: Format, values: BaseModel, catalog_version: str) -> "Picture":  # noqa: A002 -- as in renderer.render
        """Make a picture and its key, a SHA-256 digest of all that decides over the bytes.

        Parameters
        ----------
        entry, format, values
            As above; parameters that were left out count with their defaults.
        catalog_version : str
            The version of the catalog.
        """
        parts = (*_RELEASES, catalog_version, entry.code_version, entry.name, format.name)
        canonical = json.dumps([*parts, values.model_dump(mode="json", by_alias=True)], sort_keys=True)
        return cls(entry, format, values, hashlib.sha256(canonical.encode()).hexdigest())
