"""The documents as programs, the pictures of what they make, the files they show: ``python -m tests.pictures``."""

import contextlib
import re
import tempfile
from pathlib import Path
from typing import Any

from renderer import Clip

ROOT = Path(__file__).parents[1]


def run(document: Path) -> tuple[dict[str, Any], dict[Path, Clip]]:
    """Run the blocks of a document as one program.

    Returns
    -------
    namespace : dict
        The names that the program has at its end.
    shown : dict of Path to Clip
        What ``clip`` was where a picture of docs/pictures follows.
    """
    namespace: dict[str, Any] = {"__name__": "document"}
    shown: dict[Path, Clip] = {}
    parts = re.findall(r"^```python\n(.*?)^```$|^!\[.*?\]\((pictures/.*?)\)$", document.read_text(), re.M | re.S)
    for code, picture in parts:
        if picture:
            shown[document.parent / picture] = namespace["clip"]
        else:
            exec(compile(code, document.name, "exec"), namespace)
    return namespace, shown


def with_sources(text: str) -> str:
    """Return the text of a document, each block below the name of a file replaced by that file."""
    block = r"(<summary>(\S+\.py)</summary>\n\n```python\n).*?(?=^```$)"
    return re.sub(block, lambda found: found[1] + (ROOT / found[2]).read_text(), text, flags=re.M | re.S)


def main() -> None:
    """Make the pictures anew, and copy the files that documents show."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for document in ROOT.glob("docs/*.md"):
            document.write_text(with_sources(document.read_text()))
            for path, clip in run(document)[1].items():
                clip.save(path)


if __name__ == "__main__":
    main()
