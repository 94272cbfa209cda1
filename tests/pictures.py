"""The documents as programs, and the pictures that they show of what they make: ``python -m tests.pictures``."""

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


def main() -> None:
    """Make the pictures anew."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for document in ROOT.glob("docs/*.md"):
            for path, clip in run(document)[1].items():
                clip.save(path)


if __name__ == "__main__":
    main()
