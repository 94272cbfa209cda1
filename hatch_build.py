"""The page of an index: the README with whole addresses, and the addresses of the project.

The release says where the repository is: ``FIGREEL_REPOSITORY``, and ``FIGREEL_REF`` for the tag. Without them links
stay as they are, and there are no addresses.
"""

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PAGES = {"Documentation": "docs/index.md", "Changelog": "CHANGELOG.md", "Security": "SECURITY.md"}


class IndexPage(MetadataHookInterface):
    """Sets the fields ``readme`` and ``urls``."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the fields to the metadata of the project."""
        text = (Path(self.root) / "README.md").read_text("utf-8")
        repository, ref = os.environ.get("FIGREEL_REPOSITORY", "").rstrip("/"), os.environ.get("FIGREEL_REF", "main")
        if repository:
            pages, files = f"{repository}/blob/{ref}/", f"{repository}/raw/{ref}/"
            metadata["urls"] = {"Source": repository, **{name: pages + path for name, path in _PAGES.items()}}
            text = re.sub(r"(!\[[^\]]*\]\()(?!https?:)", rf"\g<1>{files}", text)
            text = re.sub(r"(?<!!)(\[[^\]]*\]\()(?!https?:|#)", rf"\g<1>{pages}", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
